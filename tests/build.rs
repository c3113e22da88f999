//! Builds from source, of sources that configure and make in an instant; the real ones are in `live.rs`.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use pyman::fetch::Sha256;

use crate::support::archives::{Entry, gz, tar};
use crate::support::sandbox::{Ran, Sandbox};
use crate::support::server::Server;

/// The distribution's own Python stands in for what a build makes.
const PYTHON: &str = "/usr/bin/python3";

/// Writes the makefile; says what it was told.
const CONFIGURE: &str = r#"#!/bin/sh
echo "configure $*"
echo "variables CFLAGS=$CFLAGS CPPFLAGS=$CPPFLAGS LDFLAGS=$LDFLAGS PYTHONHOME=$PYTHONHOME"
echo "checking whether the whole thing works... yes"
for option; do
    case $option in --prefix=*) prefix=${option#--prefix=} ;; esac
done
cat > Makefile <<END
all:
	@echo making with \$(MAKEFLAGS)
	@cat message
	@sh ./step
install:
	mkdir -p \$(DESTDIR)$prefix/bin \$(DESTDIR)$prefix/lib/pythonMINOR
	printf '#!/bin/sh\nexec PYTHON "\$\$@"\n' > \$(DESTDIR)$prefix/bin/pythonMINOR
	chmod 755 \$(DESTDIR)$prefix/bin/pythonMINOR
	echo made > \$(DESTDIR)$prefix/lib/pythonMINOR/os.py
END
"#;

/// A sandbox with sources on offer.
struct Yard {
    sandbox: Sandbox,
    server: Server,
    version: String,
}

/// What is said when the network is off limits: of what was wanted first.
const OFFLINE: &str = "pyman: cannot fetch prebuilt.tar.gz: no copy is kept here, and the network is off limits\n\
     hint: run it without `--offline' (PYMAN_OFFLINE)\n";

impl Yard {
    /// Sources whose `make` runs this shell script.
    fn with(step: &str) -> Self {
        let output = Command::new(PYTHON).arg("-V").output().unwrap();
        let version = String::from_utf8(output.stdout).unwrap();
        let version = version.trim().strip_prefix("Python ").unwrap().to_owned();
        let minor = version.rsplit_once('.').unwrap().0;
        let configure =
            CONFIGURE.replace("MINOR", minor).replace("PYTHON \"", "/usr/bin/python3 \"");
        let top = format!("Python-{version}");
        let header = format!("#define PY_VERSION \"{version}\"\n");
        let body = gz(&tar(&[
            Entry::file(format!("{top}/configure"), configure).mode(0o755),
            Entry::file(format!("{top}/Include/patchlevel.h"), header),
            Entry::file(format!("{top}/message"), "as published\n"),
            Entry::file(format!("{top}/step"), step),
        ]));
        let sandbox = Sandbox::new();
        let digest = Sha256::of(&body).to_string();
        fs::write(sandbox.work().join("sources.tgz"), &body).unwrap();
        let server = Server::serving(&[("/sources.tgz", &body)]);
        let row = serde_json::json!({
            "implementation": "cpython", "version": version, "variant": "default",
            "kind": "source", "file": format!("{top}.tgz"), "url": server.url("/sources.tgz"),
            "sha256": digest,
        });
        sandbox.write("catalogue.jsonl", format!("{row}\n"));
        Self { sandbox, server, version }
    }

    fn pyman(&self, arguments: &[&str]) -> Command {
        let mut command = self.sandbox.pyman(arguments);
        command.env_remove("PYMAN_OFFLINE").env("PYMAN_MIRROR_ONLY", "0");
        command.env("PYMAN_CATALOGUE", self.sandbox.path().join("catalogue.jsonl"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.sandbox.ran(&mut self.pyman(arguments))
    }

    fn receipt(&self, name: &str) -> serde_json::Value {
        let file = self.sandbox.root().join("versions").join(name).join(".pyman/receipt.json");
        serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
    }

    /// Nothing in the stage, nothing under `versions/`.
    #[track_caller]
    fn left_nothing(&self) {
        for place in ["stage", "versions"] {
            let entries = fs::read_dir(self.sandbox.root().join(place));
            assert_eq!(entries.map_or(0, Iterator::count), 0, "{place}");
        }
    }
}

#[test]
fn sources_are_built_installed_and_kept_for_the_next_time() {
    let yard = Yard::with("exit 0");
    let version = yard.version.clone();
    let ran = yard.run(&["install", "--build", &version]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with(&format!("{version}: building from source (log: ")),
        "{}",
        ran.stderr
    );
    let receipt = yard.receipt(&version);
    assert_eq!(receipt["origin"]["kind"], "source");
    assert_eq!(receipt["origin"]["source"], yard.server.url("/sources.tgz"));
    let prefix = yard.sandbox.root().join("versions").join(&version);
    let options = receipt["origin"]["configure"].to_string();
    assert!(options.contains(&format!("--prefix={}", prefix.display())), "{options}");
    assert!(options.contains("--enable-shared"), "{options}");
    assert!(options.contains(&format!("--libdir={}/lib\"", prefix.display())), "{options}");
    let python = yard.sandbox.command(prefix.join("bin/python")).arg("-V").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&python.stdout), format!("Python {version}\n"));
    for place in ["stage", "logs", "sources"] {
        let entries = fs::read_dir(yard.sandbox.root().join(place));
        assert_eq!(entries.map_or(0, Iterator::count), 0, "{place}");
    }

    let again = yard.run(&["install", "-f", "--build", &version]);
    let taken = format!("{version}: built before, taken from the cache\n");
    assert!(again.stderr.starts_with(&taken), "{}", again.stderr);
    let mut other = yard.pyman(&["install", "-f", "--build", &version]);
    let other = yard.sandbox.ran(other.env("PYTHON_CONFIGURE_OPTS", "--with-x"));
    assert!(other.stderr.contains("building from source"), "{}", other.stderr);
}

#[test]
fn a_damaged_kept_build_is_made_again() {
    let yard = Yard::with("exit 0");
    yard.run(&["install", "--build", &yard.version]);
    let builds = yard.sandbox.root().join("cache/builds");
    let kept = fs::read_dir(&builds).unwrap().next().unwrap().unwrap().path();
    fs::write(&kept, "rubbish").unwrap();
    let again = yard.run(&["install", "-f", "--build", &yard.version]);
    assert_eq!(again.status, Some(0), "{}", again.stderr);
    assert!(again.stderr.contains("building from source"), "{}", again.stderr);
}

#[test]
fn a_failed_step_shows_the_logs_last_lines_and_where_it_is() {
    let yard = Yard::with("seq 1 30; echo 'it broke here' >&2; exit 3");
    let ran = yard.run(&["install", "--build", &yard.version]);
    assert_eq!(ran.status, Some(7), "{}", ran.stderr);
    let log = format!("[SANDBOX]/pyman/logs/{}.log", yard.version);
    assert!(ran.stderr.contains("pyman: BUILD FAILED ("), "{}", ran.stderr);
    assert!(ran.stderr.contains("): make ended with status 2\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("Results logged to {log}\n")), "{}", ran.stderr);
    assert!(ran.stderr.contains("\n\nLast 10 log lines:\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("\nit broke here\n"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("\n12\n"), "{}", ran.stderr);
    let log = yard.sandbox.root().join("logs").join(format!("{}.log", yard.version));
    let text = fs::read_to_string(log).unwrap();
    assert!(text.contains("configure --prefix=") && text.contains("\n12\n"), "{text}");
    yard.left_nothing();
}

#[test]
fn an_interrupted_build_ends_all_it_started_and_leaves_nothing() {
    let yard = Yard::with("echo $$ > \"$MARK\"; sleep 1000");
    let mark = yard.sandbox.path().join("mark");
    // Reading a pipe blocks until the build has come so far as to write it.
    assert!(Command::new("mkfifo").arg(&mark).status().unwrap().success());
    let mut command = yard.pyman(&["install", "--build", &yard.version]);
    let mut child = command.env("MARK", &mark).stderr(Stdio::null()).spawn().unwrap();
    let step = fs::read_to_string(&mark).unwrap().trim().to_owned();
    let pid = child.id().to_string();
    assert!(Command::new("/bin/kill").args(["-s", "INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let stat = fs::read_to_string(format!("/proc/{step}/stat")).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z "), "still running: {stat}");
    yard.left_nothing();
}

#[test]
fn a_killed_build_is_swept_by_the_next() {
    let yard = Yard::with("exit 0");
    let temporary = yard.sandbox.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let build = || {
        let mut command = yard.pyman(&["install", "--build", &yard.version]);
        command.env("TMPDIR", &temporary).stderr(Stdio::null());
        command
    };
    let status = build().env("_PYMAN_KILL_AT", "building").status().unwrap();
    assert_eq!(status.code(), None);
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 1, "what it was working on");
    assert!(build().status().unwrap().success());
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
    assert_eq!(fs::read_dir(yard.sandbox.root().join("stage")).unwrap().count(), 0);
}

#[test]
fn options_and_variables_reach_configure_and_make() {
    let yard = Yard::with("exit 0");
    let mut command = yard.pyman(&["install", "-v", "-g", "-j3", &yard.version]);
    command
        .env("CONFIGURE_OPTS", "--one")
        .env("PYTHON_CONFIGURE_OPTS", "--two='a b'")
        .env("CFLAGS", "-DA")
        .env("PYTHON_CFLAGS", "-DB")
        .env("CPPFLAGS", "-I/a")
        .env("PYTHON_CPPFLAGS", "-I/b")
        .env("LDFLAGS", "-L/x")
        .env("PYTHON_LDFLAGS", "-L/y")
        .env("PYTHONHOME", "/nowhere");
    let ran = yard.sandbox.ran(&mut command);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let said = |text: &str| assert!(ran.stderr.contains(text), "{text}\n{}", ran.stderr);
    said(" --with-pydebug --one --two=a b\n");
    said("variables CFLAGS=-DA -DB CPPFLAGS=-I/a -I/b ");
    said(" LDFLAGS=-Wl,-rpath,\\$$ORIGIN/../lib -L/x -L/y PYTHONHOME=\n");
    said("making with");
    assert!(yard.receipt(&format!("{}-debug", yard.version))["version"] == yard.version);
}

#[test]
fn a_patch_on_stdin_is_applied_and_the_sources_are_kept() {
    let yard = Yard::with("exit 0");
    let patch = "--- message\n+++ message\n@@ -1 +1 @@\n-as published\n+as patched\n";
    let mut command = yard.pyman(&["install", "-k", "-p", "-v", &yard.version]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(patch.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("\nas patched\n"), "{said}");
    let kept = yard.sandbox.root().join("sources").join(&yard.version);
    let kept = kept.join(format!("Python-{}/message", yard.version));
    assert_eq!(fs::read_to_string(kept).unwrap(), "as patched\n");
}

#[test]
fn what_is_missing_is_named_before_anything_is_fetched() {
    let yard = Yard::with("exit 0");
    let mut command = yard.pyman(&["install", "--build", &yard.version]);
    command.env("PATH", yard.sandbox.work());
    let ran = yard.sandbox.ran(&mut command);
    assert_eq!(ran.status, Some(7), "{}", ran.stderr);
    let expected =
        format!("pyman: cannot build {} here: a C compiler, make are missing\n", yard.version);
    assert!(ran.stderr.starts_with(&expected), "{}", ran.stderr);
    assert_eq!(yard.server.requests().len(), 0);
}

#[test]
fn a_root_with_a_blank_is_refused_in_one_line() {
    let yard = Yard::with("exit 0");
    let root = yard.sandbox.path().join("my root");
    let mut command = yard.pyman(&["install", "--build", &yard.version]);
    let ran = yard.sandbox.ran(command.env("PYMAN_ROOT", root));
    let expected = format!(
        "pyman: cannot build from source under [SANDBOX]/my root/versions/{}: the path has a blank in it\n",
        yard.version
    );
    ran.fails(&expected, 7);
}

#[test]
fn sources_are_built_where_tmpdir_says_and_nothing_stays_there() {
    let yard = Yard::with("pwd -P");
    let temporary = yard.sandbox.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let mut command = yard.pyman(&["install", "--build", "-v", &yard.version]);
    let ran = yard.sandbox.ran(command.env("TMPDIR", &temporary));
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let place = format!("\n[SANDBOX]/tmp/python-build.{}.", yard.version);
    assert!(ran.stderr.contains(&place), "{}", ran.stderr);
    assert_eq!(fs::read_dir(temporary).unwrap().count(), 0);
}

#[test]
fn source_archives_and_directories_are_built_by_their_paths() {
    let yard = Yard::with("exit 0");
    let ran = yard.run(&["install", "./sources.tgz"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(yard.receipt(&yard.version)["origin"]["kind"], "source");

    let mut unpack = Command::new("tar");
    unpack.args(["xf", "sources.tgz"]).current_dir(yard.sandbox.work());
    assert!(unpack.status().unwrap().success());
    let directory = format!("./Python-{}", yard.version);
    let ran = yard.run(&["install", "-f", &directory]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(!yard.sandbox.work().join(&directory).join("Makefile").exists(), "built in a copy");
}

#[test]
fn without_a_prebuilt_host_the_sources_are_built_and_that_is_said() {
    let yard = Yard::with("exit 0");
    let row = serde_json::json!({
        "implementation": "cpython", "version": yard.version, "variant": "default",
        "kind": "prebuilt", "build": "20240107", "file": "prebuilt.tar.gz",
        "platform": crate::support::prebuilt::Prebuilt::platform(),
        "url": "http://127.0.0.1:9/prebuilt.tar.gz", "sha256": "0".repeat(64),
    });
    let catalogue = yard.sandbox.path().join("catalogue.jsonl");
    let sources = fs::read_to_string(&catalogue).unwrap();
    fs::write(&catalogue, format!("{row}\n{sources}")).unwrap();
    let version = &yard.version;
    let ran = yard.run(&["install", version]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let expected = format!("no host serves prebuilt.tar.gz: building {version} from source\n");
    assert!(ran.stderr.contains(&expected), "{}", ran.stderr);
    let ran = yard.run(&["install", "-f", "--prebuilt", version]);
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);

    let cache = yard.sandbox.root().join("cache");
    fs::remove_dir_all(cache).unwrap();
    let ran = yard.run(&["install", "-f", "--offline", version]);
    ran.fails(OFFLINE, 3);
}

#[test]
fn a_request_that_leaves_the_patch_open_falls_back_to_the_newest_sources() {
    let yard = Yard::with("exit 0");
    let minor = yard.version.rsplit_once('.').unwrap().0.to_owned();
    let newest = format!("{minor}.999");
    let row = serde_json::json!({
        "implementation": "cpython", "version": newest, "variant": "default",
        "kind": "prebuilt", "build": "20240107", "file": "prebuilt.tar.gz",
        "platform": crate::support::prebuilt::Prebuilt::platform(),
        "url": "http://127.0.0.1:9/prebuilt.tar.gz", "sha256": "0".repeat(64),
    });
    let catalogue = yard.sandbox.path().join("catalogue.jsonl");
    let sources = fs::read_to_string(&catalogue).unwrap();
    fs::write(&catalogue, format!("{row}\n{sources}")).unwrap();
    let ran = yard.run(&["install", &minor]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let said = format!("no host serves {newest}: building {} from source\n", yard.version);
    assert!(ran.stderr.contains(&said), "{}", ran.stderr);

    for place in ["versions", "cache"] {
        fs::remove_dir_all(yard.sandbox.root().join(place)).unwrap();
    }
    let ran = yard.run(&["install", "--offline", &minor]);
    ran.fails(OFFLINE, 3);
}
