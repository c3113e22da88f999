//! The smallest installation that is one: a `python` that answers what an interpreter is asked and says nothing else,
//! a library of a few files, and a pip for environments.
//!
//! For tests in which the interpreter does not matter, and of which there are thousands.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::archives::{Entry, gz, tar, zip};
use super::sandbox::{Ran, Sandbox};
use super::server::{Reply, Server};

/// What stands where an interpreter would. The question is known by a word that only it has.
pub(crate) const PYTHON: &str = r#"#!/bin/sh
for word; do case $word in *base_prefix*) asked=1;; esac; done
[ "$asked" ] || exit 0
bin=$(cd "${0%/*}" && pwd)
prefix=${bin%/*} base=${bin%/*} environment=false
if [ -f "$prefix/pyvenv.cfg" ]; then
  environment=true base=$(sed -n 's|^home = \(.*\)/bin$|\1|p' "$prefix/pyvenv.cfg")
fi
echo '{"implementation": "cpython", "version": [VERSION, "final", 0], "own_version": [VERSION, "final", 0],
"free_threaded": false, "debug": false, "machine": "MACHINE", "compiler": "tiny", "bits": 64, "executable": "'"$bin/${0##*/}"'",
"prefix": "'"$prefix"'", "base_prefix": "'"$base"'", "environment": '$environment'}'
"#;

/// The versions on offer, the first of each minor the oldest.
pub(crate) const VERSIONS: [&str; 4] = ["3.11.5", "3.12.1", "3.12.2", "3.12.3"];

/// The entries of an archive of this version.
fn entries(version: &str) -> Vec<Entry> {
    let minor = version.rsplit_once('.').unwrap().0;
    let numbers = version.replace('.', ", ");
    let python = PYTHON.replace("VERSION", &numbers).replace("MACHINE", std::env::consts::ARCH);
    let library = format!("python/lib/python{minor}");
    let pip = "#!/bin/sh\necho pip\n";
    vec![
        Entry::file(format!("python/bin/python{minor}"), python).mode(0o755),
        Entry::file(format!("python/bin/pip{minor}"), pip).mode(0o755),
        Entry::file(format!("{library}/os.py"), "# a library\n"),
        Entry::file(format!("{library}/site.py"), "# of two files\n"),
        Entry::file(format!("{library}/ensurepip/__init__.py"), "_PIP_VERSION = \"24.0\"\n"),
        Entry::file(format!("{library}/ensurepip/_bundled/pip-24.0-py3-none-any.whl"), wheel()),
        Entry::file(format!("{library}/site-packages/README.txt"), "packages\n"),
    ]
}

/// A pip of one module and one script.
fn wheel() -> Vec<u8> {
    let info = "pip-24.0.dist-info";
    let within = |name: &str| format!("{info}/{name}");
    let (metadata, wheel, points, record) =
        (within("METADATA"), within("WHEEL"), within("entry_points.txt"), within("RECORD"));
    let names = ["pip/__init__.py", "pip/__main__.py", &metadata, &wheel, &points, &record];
    let listed = names.map(|name| [name, ",,\n"].concat()).concat();
    zip(&[
        (names[0], 0o100_644, b"def main(): pass\n".as_slice()),
        (names[1], 0o100_644, b"".as_slice()),
        (names[2], 0o100_644, b"Metadata-Version: 2.1\nName: pip\nVersion: 24.0\n".as_slice()),
        (
            names[3],
            0o100_644,
            b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n".as_slice(),
        ),
        (names[4], 0o100_644, b"[console_scripts]\npip = pip:main\n".as_slice()),
        (names[5], 0o100_644, listed.as_bytes()),
    ])
}

/// A version's archive: `.tar.gz`.
pub(crate) fn archive(version: &str) -> Vec<u8> {
    gz(&tar(&entries(version)))
}

/// The same with more in it, of which the names begin below the version's own directory.
pub(crate) fn archive_with(version: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut entries = entries(version);
    entries.extend(more.iter().map(|(name, text)| Entry::file(format!("python/{name}"), *text)));
    gz(&tar(&entries))
}

/// A sandbox, and a loopback server that has the tiny versions; a catalogue that offers some of them.
pub(crate) struct Stall {
    pub(crate) sandbox: Sandbox,
    server: Server,
}

impl Stall {
    /// Offers every version.
    pub(crate) fn open() -> Self {
        let server = Server::start(|request| {
            let name = request.path.trim_start_matches('/').trim_end_matches(".tar.gz");
            match VERSIONS.iter().find(|version| **version == name) {
                Some(version) => Reply::file(request, &archive(version)),
                None => Reply::status(404),
            }
        });
        let stall = Self { sandbox: Sandbox::new(), server };
        stall.offer(&VERSIONS);
        stall
    }

    /// Makes a catalogue of these versions alone.
    pub(crate) fn offer(&self, versions: &[&str]) {
        let rows: String = versions.iter().map(|version| self.row(version)).collect();
        fs::write(self.catalogue(), rows).unwrap();
    }

    fn row(&self, version: &str) -> String {
        let bytes = archive(version);
        let sha256 = super::prebuilt::hexadecimal(&Sha256::digest(&bytes));
        let platform = super::prebuilt::Prebuilt::platform();
        let row = serde_json::json!({
            "implementation": "cpython",
            "version": version,
            "variant": "default",
            "kind": "prebuilt",
            "build": super::prebuilt::BUILD,
            "platform": platform,
            "file": format!("cpython-{version}-{platform}.tar.gz"),
            "url": self.server.url(&format!("/{version}.tar.gz")),
            "sha256": sha256,
            "size": bytes.len(),
        });
        format!("{row}\n")
    }

    fn catalogue(&self) -> PathBuf {
        self.sandbox.path().join("catalogue.jsonl")
    }

    /// The binary with this catalogue, and the loopback network.
    pub(crate) fn pyman(&self, arguments: &[&str]) -> Command {
        self.started_by(&[], arguments)
    }

    /// The same, by a program that starts it: `strace` and its options.
    pub(crate) fn started_by(&self, starter: &[&str], arguments: &[&str]) -> Command {
        self.started(starter, crate::support::program(), arguments)
    }

    /// The same of a program that stands elsewhere.
    pub(crate) fn started(&self, starter: &[&str], program: &str, arguments: &[&str]) -> Command {
        let words = [starter, &[program], arguments].concat();
        let mut command = self.sandbox.command(words[0]);
        command.args(&words[1..]).env_remove("PYMAN_OFFLINE");
        command.env("PYMAN_CATALOGUE", self.catalogue()).env("PYMAN_MIRROR_ONLY", "0");
        command
    }

    /// Runs it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.sandbox.ran(&mut self.pyman(arguments))
    }

    /// Runs what a test stands on.
    #[track_caller]
    pub(crate) fn prepare(&self, arguments: &[&str]) {
        let ran = self.run(arguments);
        assert_eq!(ran.status, Some(0), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn a_tiny_version_is_installed_makes_environments_and_runs() {
    let stall = Stall::open();
    stall.prepare(&["install", "3.12.1"]);
    stall.prepare(&["venv", "create", "-p", "3.12", "web"]);
    let root = stall.sandbox.root();
    let link = fs::read_link(root.join("minor/3.12")).unwrap();
    assert_eq!(link, PathBuf::from("../versions/3.12.1"));
    let environment = stall.sandbox.home().join(".virtualenvs/web");
    assert!(environment.join("lib/python3.12/site-packages/pip/__init__.py").is_file());
    let mut python = stall.sandbox.command(environment.join("bin/python"));
    stall.sandbox.ran(python.args(["-c", "pass"])).succeeds("");
}
