//! `pyman install`: a real CPython from a loopback server, and what is said when it does not come.

use std::fs;

use pyman::fetch::Sha256;

use crate::support::needs::{has, needs};
use crate::support::server::{AUTHORITY, CLIENT, Reply, Server};
use crate::support::shop::Shop;
use crate::support::terminal::at_terminal;

#[test]
fn a_version_is_installed_and_runs() {
    let shop = Shop::open();
    let version = shop.version();
    shop.run(&["install", version]).is("", &format!("installed {version} in [TIME]\n"), 0);

    let prefix = shop.prefix();
    let program = "import sys, sysconfig, ssl, sqlite3, ctypes, zlib\n\
                   print(sys.version.split()[0], sys.prefix)\n\
                   print(sysconfig.get_config_var('prefix'), sysconfig.get_config_var('CC'))\n";
    let answer = shop.python(program);
    let place = prefix.display();
    assert!(answer.starts_with(&format!("{version} {place}\n{place} ")), "{answer}");
    assert_eq!(shop.staged(), [""; 0]);

    let minor = version.rsplit_once('.').unwrap().0;
    for name in ["python", "python3", &format!("python{minor}")] {
        assert!(prefix.join("bin").join(name).exists(), "{name}");
        assert!(shop.sandbox.root().join("shims").join(name).exists(), "{name}");
    }
    let link = fs::read_link(shop.sandbox.root().join("minor").join(minor)).unwrap();
    assert_eq!(link.to_string_lossy(), format!("../versions/{version}"));
}

#[test]
fn the_password_that_netrc_has_for_a_host_is_given_to_it() {
    let shop = Shop::with(|request, body| {
        let sent = request.headers.get("authorization");
        if sent.is_some_and(|sent| sent == "Basic YWRhOnNlY3JldA==") {
            Reply::file(request, body)
        } else {
            Reply::status(401)
        }
    });
    let version = shop.version();
    assert_eq!(shop.run(&["install", version]).status, Some(3));
    shop.sandbox.write("home/.netrc", "machine 127.0.0.1 login ada password secret\n");
    shop.run(&["install", version]).is("", &format!("installed {version} in [TIME]\n"), 0);
    let receipt = fs::read_to_string(shop.prefix().join(".pyman/receipt.json")).unwrap();
    assert!(!receipt.contains("secret"), "{receipt}");
}

#[test]
fn a_host_that_asks_for_a_certificate_is_shown_the_users() {
    let shop = Shop::open();
    let version = shop.version();
    let body = fs::read(&shop.prebuilt.path).unwrap();
    let server = Server::start_for_clients(move |request| Reply::file(request, &body));
    shop.sandbox.write("catalogue.jsonl", shop.prebuilt.row(&server.url("/archive.tar.gz")));
    let install = |variables: &[(&str, &str)]| {
        let mut command = shop.pyman(&["install", version]);
        shop.ran(command.envs(variables.iter().copied()))
    };
    assert_eq!(install(&[("SSL_CERT_FILE", AUTHORITY)]).status, Some(3));
    let variables = [("SSL_CERT_FILE", AUTHORITY), ("SSL_CLIENT_CERT", CLIENT)];
    install(&variables).is("", &format!("installed {version} in [TIME]\n"), 0);
}

#[test]
fn an_address_without_its_scheme_is_no_path_and_shows_no_secret() {
    let shop = Shop::open();
    for variable in ["PYMAN_MIRROR", "PYMAN_CATALOGUE"] {
        let mut command = shop.pyman(&["install", "3.12.9"]);
        let ran = shop.ran(command.env(variable, "ada:s3cret@mirror.example/x?sig=t0ken"));
        ran.fails(
            "pyman: `mirror.example/x' lacks its scheme: write https://mirror.example/x\n",
            2,
        );
    }
}

#[test]
fn a_version_file_of_any_length_makes_few_lines() {
    let shop = Shop::open();
    let pins: Vec<String> = (0..3000).map(|patch| format!("3.20.{patch}\n")).collect();
    shop.sandbox.write("work/.python-version", pins.concat());
    let ran = shop.run(&["install"]);
    assert_eq!(ran.status, Some(2), "{ran:?}");
    assert!(ran.stderr.lines().count() <= 10, "{}", ran.stderr);
    assert!(ran.stderr.ends_with("pyman: 2997 more failed\n"), "{}", ran.stderr);
    let doctor = shop.run(&["doctor"]);
    assert!(doctor.stdout.lines().count() <= 20, "{}", doctor.stdout);
    assert!(doctor.stdout.contains("2997 more pins are not installed"), "{}", doctor.stdout);
    let mut command = shop.pyman(&["doctor"]);
    let ran = shop.ran(command.env("PYMAN_VERSION", "3".repeat(100_000)));
    assert!(ran.stdout.lines().all(|line| line.len() < 400), "{}", ran.stdout.len());
}

#[test]
fn the_receipt_says_what_came_from_where() {
    let shop = Shop::open();
    let version = shop.version();
    shop.run(&["install", version]);
    let text = fs::read_to_string(shop.prefix().join(".pyman/receipt.json")).unwrap();
    let receipt: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(receipt["version"], version);
    assert_eq!(receipt["origin"]["kind"], "prebuilt");
    assert_eq!(receipt["origin"]["source"], shop.server.url("/archive.tar.gz"));
    assert_eq!(receipt["origin"]["sha256"], shop.prebuilt.sha256);
    assert_eq!(receipt["prefix"], shop.prefix().display().to_string());
    assert!(receipt["tree"]["files"].as_u64().unwrap() > 50, "{text}");
    let identity = fs::read_to_string(shop.prefix().join(".pyman/identity")).unwrap();
    assert_eq!(identity, format!("cpython {version} default\n"));
}

#[test]
fn what_is_installed_is_asked_about_skipped_or_replaced() {
    let shop = Shop::open();
    let version = shop.version();
    shop.run(&["install", version]);
    let mark = shop.prefix().join("mark");
    fs::write(&mark, "").unwrap();

    let said = format!("pyman: [SANDBOX]/pyman/versions/{version} already exists\n");
    shop.run(&["install", version]).is("", &said, 0);
    shop.run(&["install", "-s", version]).is("", "", 0);
    assert!(mark.exists());

    let installed = format!("installed {version} in [TIME]\n");
    shop.run(&["install", "-f", version]).is("", &installed, 0);
    assert!(!mark.exists());
    assert_eq!(shop.downloads(), 1, "-f takes the kept archive");
    assert_eq!(shop.staged(), [""; 0]);
    assert!(shop.python("print(1)") == "1\n");
}

#[test]
fn an_archive_of_an_installed_version_is_asked_about_skipped_or_replaced_too() {
    let shop = Shop::open();
    let version = shop.version();
    shop.run(&["install", version]);
    let mark = shop.prefix().join("mark");
    fs::write(&mark, "").unwrap();
    let archive = shop.prebuilt.path.to_str().unwrap();
    let digest = Sha256::of(&fs::read(archive).unwrap()).to_string();
    let install = |option: &str| shop.run(&["install", option, "--sha256", &digest, archive]);

    let said = format!("pyman: [SANDBOX]/pyman/versions/{version} already exists\n");
    install("--trust").is("", &said, 0);
    install("-s").is("", "", 0);
    assert!(mark.exists());
    install("-f").is("", &format!("installed {version} in [TIME]\n"), 0);
    assert!(!mark.exists());
    assert_eq!(shop.staged(), [""; 0]);
}

#[test]
fn thousands_of_pins_are_planned_at_once_and_said_in_ten_lines() {
    let shop = Shop::open();
    for pin in ["3.99.", "unheard-of-", ">=3.99,!=3.99."] {
        let pins: Vec<String> = (0..3_000).map(|number| format!("{pin}{number}\n")).collect();
        shop.sandbox.write("work/.python-version", pins.concat());
        let mut command = shop.pyman(&["install", "--dry-run"]);
        let ran = shop.ran(command.env_remove("PYMAN_CATALOGUE"));
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(2)), "{ran:?}");
        assert!(ran.stderr.ends_with("\npyman: 2997 more failed\n"), "{ran:?}");
        assert!(ran.stderr.lines().count() <= 10, "{ran:?}");
    }
}

#[test]
fn a_yes_at_a_terminal_replaces() {
    needs!(has("script"), "script");
    let shop = Shop::open();
    let version = shop.version();
    shop.run(&["install", version]);
    fs::write(shop.prefix().join("mark"), "").unwrap();
    let typed = shop.pyman(&["install", version]);
    let ran = shop.ran(&mut at_terminal(&shop.sandbox, &typed, "y\n"));
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert!(!shop.prefix().join("mark").exists());
}

#[test]
fn a_prefix_is_the_newest_there_is() {
    let shop = Shop::open();
    let version = shop.version();
    let minor = version.rsplit_once('.').unwrap().0;
    shop.run(&["install", &format!("{minor}:latest")]).is(
        "",
        &format!("installed {version} in [TIME]\n"),
        0,
    );
    shop.run(&["install", "-s", minor]).is("", "", 0);
}

#[test]
fn without_a_version_the_local_file_says_what() {
    let shop = Shop::open();
    let version = shop.version();
    let usage = shop.run(&["install"]);
    assert_eq!(usage.status, Some(1));
    assert!(usage.stderr.starts_with("Usage: pyman install"), "{}", usage.stderr);

    shop.sandbox.write("work/.python-version", format!("system\n{version}\n"));
    shop.run(&["install"]).is("", &format!("installed {version} in [TIME]\n"), 0);
}

#[test]
fn an_unknown_version_is_said_as_python_build_says_it() {
    let shop = Shop::open();
    let ran = shop.run(&["install", "9.99"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.starts_with("python-build: definition not found: 9.99\n"), "{}", ran.stderr);
}

#[test]
fn one_that_fails_neither_stops_nor_undoes_the_others() {
    let shop = Shop::open();
    let version = shop.version();
    let ran = shop.run(&["install", "9.99", version]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains(&format!("installed {version} in [TIME]\n")), "{}", ran.stderr);
    assert_eq!(shop.python("print(1)"), "1\n");
}

#[test]
fn a_wrong_digest_installs_nothing_and_the_right_one_afterwards_does() {
    let shop = Shop::with(|request, body| {
        let mut body = body.to_vec();
        if request.nth < 3 {
            let middle = body.len() / 2;
            body[middle] ^= 1;
        }
        Reply::file(request, &body)
    });
    let version = shop.version();
    let ran = shop.run(&["install", version]);
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("pyman: cannot fetch"), "{}", ran.stderr);
    assert!(!shop.prefix().exists());
    assert_eq!(shop.staged(), [""; 0]);
    let mut ran = shop.run(&["install", version]);
    for _ in 0..3 {
        if ran.status != Some(0) {
            ran = shop.run(&["install", version]);
        }
    }
    ran.is("", &format!("installed {version} in [TIME]\n"), 0);
}

#[test]
fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let shop = Shop::open();
    let version = shop.version();
    let file = &shop.prebuilt.file;
    let url = shop.server.url("/archive.tar.gz");
    shop.run(&["install", "--dry-run", version]).is(
        &format!("{version}: unpack {file} from\n  {url}\n"),
        "",
        0,
    );
    assert_eq!(shop.downloads(), 0);
    assert!(!shop.prefix().exists());
}

#[test]
fn an_archive_by_its_path_is_named_by_its_interpreter() {
    let shop = Shop::open();
    let version = shop.version();
    let archive = shop.sandbox.work().join("some.tar.gz");
    fs::copy(&shop.prebuilt.path, &archive).unwrap();
    let said = format!(
        "no digest is known of {}: give one with `--sha256'\ninstalled {version} in [TIME]\n",
        archive.display().to_string().replace(&*shop.sandbox.path().to_string_lossy(), "[SANDBOX]")
    );
    shop.run(&["install", "./some.tar.gz"]).is("", &said, 0);
    assert_eq!(shop.python("print(1)"), "1\n");

    let digest = shop.prebuilt.sha256.as_str();
    let arguments = ["install", "-f", "some.tar.gz", "--sha256", digest];
    shop.run(&arguments).is("", &format!("installed {version} in [TIME]\n"), 0);
    let wrong = digest.replace(&digest[..8], "00000000");
    let ran = shop.run(&["install", "-f", "some.tar.gz", "--sha256", &wrong]);
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    assert_eq!(shop.python("print(1)"), "1\n");
}

#[test]
fn a_target_gets_the_tree_and_nothing_is_registered() {
    let shop = Shop::open();
    let version = shop.version();
    let target = shop.sandbox.work().join("tree");
    let arguments = ["install", "--target", "tree", version];
    shop.run(&arguments).is("", &format!("installed {version} in [TIME]\n"), 0);
    assert!(target.join("bin/python").exists());
    assert!(!shop.sandbox.root().join("versions").exists());
    assert!(!shop.sandbox.root().join("shims").exists());
    let ran = shop.run(&arguments);
    let expected =
        "pyman: [SANDBOX]/work/tree already exists\nhint: `-f' replaces it, `-s' leaves it\n";
    ran.is("", expected, 1);
}

#[test]
fn a_target_replaces_what_was_installed_there_and_nothing_else() {
    let shop = Shop::open();
    let version = shop.version();
    shop.sandbox.write("home/photos/one", "precious");
    shop.sandbox.write("work/notes", "precious");
    shop.run(&["rehash"]);
    let (home, root) = (shop.sandbox.home(), shop.sandbox.root());
    for target in ["../home", ".", home.to_str().unwrap(), root.to_str().unwrap(), ".."] {
        let ran = shop.run(&["install", "-f", "--target", target, version]);
        assert_eq!(ran.status, Some(1), "{target}: {ran:?}");
        assert!(ran.stderr.contains("is no installation of pyman's"), "{target}: {ran:?}");
    }
    assert!(home.join("photos/one").exists() && shop.sandbox.work().join("notes").exists());
    let arguments = ["install", "-f", "--target", "tree", version];
    for _ in 0..2 {
        shop.run(&arguments).is("", &format!("installed {version} in [TIME]\n"), 0);
        shop.sandbox.write("work/tree/bin/stray", "");
    }
    // Where the root came to stand in it.
    std::fs::create_dir(shop.sandbox.work().join("tree/pyman")).unwrap();
    let mut command = shop.pyman(&arguments);
    command.env("PYMAN_ROOT", shop.sandbox.work().join("tree/pyman"));
    assert_eq!(command.status().unwrap().code(), Some(1));
    assert!(shop.sandbox.work().join("tree/pyman").exists());
}

#[test]
fn a_bash_definition_is_refused_with_a_hint() {
    let shop = Shop::open();
    shop.sandbox.write("work/3.12-mine", "install_package \"Python-3.12.0\" \"https://x\"\n");
    let ran = shop.run(&["install", "./3.12-mine"]);
    let expected = "pyman: [SANDBOX]/work/3.12-mine is neither an archive nor a file of catalogue rows\n\
                    hint: python-build's definitions are programs for bash, which pyman does not run: \
                    name the version itself\n";
    ran.is("", expected, 2);
}

#[test]
fn a_file_of_rows_installs_the_release_it_describes() {
    let shop = Shop::open();
    let version = shop.version();
    let row = shop.prebuilt.row(&shop.server.url("/archive.tar.gz"));
    shop.sandbox.write("work/mine.jsonl", row);
    let mut command = shop.pyman(&["install", "./mine.jsonl"]);
    command.env_remove("PYMAN_CATALOGUE");
    shop.ran(&mut command).is("", &format!("installed {version} in [TIME]\n"), 0);
}

#[test]
fn an_unusable_temporary_directory_is_named() {
    let shop = Shop::open();
    let file = shop.sandbox.write("work/file", "");
    let header = format!("#define PY_VERSION \"{}\"\n", shop.version());
    let sources = shop.sandbox.write("work/sources/Include/patchlevel.h", header);
    shop.sandbox.write("work/sources/configure", "");
    let sources = sources.ancestors().nth(2).unwrap().display().to_string();
    let mut command = shop.pyman(&["install", &sources]);
    command.env("TMPDIR", &file);
    let ran = shop.ran(&mut command);
    assert_eq!(ran.status, Some(5), "{}", ran.stderr);
    let expected = "pyman: TMPDIR=[SANDBOX]/work/file is set to a non-accessible location\n";
    assert!(ran.stderr.starts_with(expected), "{}", ran.stderr);
}

#[test]
fn a_temporary_directory_where_nothing_runs_is_no_business_of_an_archive() {
    let shop = Shop::open();
    let temporary = shop.sandbox.path().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let mut command = shop.sandbox.command("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
    command.args(["mount -t tmpfs -o noexec none \"$TMPDIR\" && exec \"$@\"", "sh"]);
    command.arg(crate::support::program()).args(["install", shop.version()]);
    command.env("TMPDIR", &temporary).env_remove("PYMAN_OFFLINE");
    command.env("PYMAN_CATALOGUE", shop.sandbox.path().join("catalogue.jsonl"));
    shop.ran(&mut command).is("", &format!("installed {} in [TIME]\n", shop.version()), 0);
}

#[test]
fn a_hostile_root_has_scripts_that_run_and_nothing_else_runs() {
    let shop = Shop::open();
    let archive = crate::support::prebuilt::Prebuilt::whole().path.display().to_string();
    let root = shop.sandbox.path().join("it's $(touch pwned) \"q\"; `touch pwned` \u{e9}");
    let mut command = shop.pyman(&["install", &archive]);
    assert_eq!(shop.ran(command.env("PYMAN_ROOT", &root)).status, Some(0));
    let bin = root.join("versions").join(shop.version()).join("bin");
    let program = "import sys, sysconfig; print(sys.prefix == sysconfig.get_config_var('prefix'))";
    let output = shop.sandbox.command(bin.join("python")).args(["-c", program]).output().unwrap();
    assert_eq!(output.stdout, b"True\n");
    let output = shop.sandbox.command(bin.join("pip")).arg("--version").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("pip "));
    assert!(!shop.sandbox.work().join("pwned").exists());
}

#[test]
fn mirrors_are_asked_first_by_their_layouts() {
    let shop = Shop::open();
    let version = shop.version();
    let prebuilt = shop.prebuilt;
    let row = prebuilt.row("http://127.0.0.1:9/nowhere.tar.gz");
    shop.sandbox.write("catalogue.jsonl", row);
    let place = shop.sandbox.path().join("work/mirror").join(crate::support::prebuilt::BUILD);
    fs::create_dir_all(&place).unwrap();
    fs::copy(&prebuilt.path, place.join(&prebuilt.file)).unwrap();
    let installed = format!("installed {version} in [TIME]\n");
    let arguments = ["install", "--mirror", "./mirror", "--only-mirror", version];
    shop.run(&arguments).is("", &installed, 0);
    assert_eq!(shop.downloads(), 0);

    fs::rename(place.join(&prebuilt.file), place.join(&prebuilt.sha256)).unwrap();
    let mut command = shop.pyman(&["install", "-f", version]);
    let url = format!("file://{}", place.display());
    shop.ran(command.env("PYTHON_BUILD_MIRROR_URL", url)).is("", &installed, 0);

    let ran = shop.run(&["install", "-f", "--mirror", "nonsense", version]);
    assert_eq!(ran.status, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("pyman: `nonsense' is neither a URL"), "{}", ran.stderr);
}

#[test]
fn offline_the_kept_archive_is_enough_and_nothing_else_is_asked() {
    let shop = Shop::open();
    let version = shop.version();
    let ran = shop.run(&["install", "--offline", version]);
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    assert_eq!(shop.downloads(), 0);
    shop.run(&["install", "--sync", version]);
    let installed = format!("installed {version} in [TIME]\n");
    shop.run(&["install", "-f", "--offline", version]).is("", &installed, 0);
    assert_eq!(shop.downloads(), 1);
}

#[test]
fn a_build_for_another_machine_is_not_asked_what_it_is() {
    let shop = Shop::open();
    let version = shop.version();
    let row = shop.prebuilt.row(&shop.server.url("/archive.tar.gz"));
    let row = row.replace("-unknown-linux-gnu\"", "-unknown-linux-musl\"");
    shop.sandbox.write("catalogue.jsonl", row);
    assert_eq!(shop.run(&["install", version]).status, Some(2));
    let ran = shop.run(&["install", "--platform", "musl", version]);
    ran.is("", &format!("installed {version} in [TIME]\n"), 0);
    let text = fs::read_to_string(shop.prefix().join(".pyman/receipt.json")).unwrap();
    assert!(text.contains("-linux-musl"), "{text}");
}

#[test]
fn an_archive_without_an_interpreter_is_refused() {
    use crate::support::archives::{Entry, gz, tar};
    let shop = Shop::open();
    let body = gz(&tar(&[Entry::file("python/lib/python3.12/os.py", "")]));
    shop.sandbox.write("work/empty.tar.gz", body);
    let ran = shop.run(&["install", "./empty.tar.gz"]);
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    assert!(
        ran.stderr.ends_with("pyman: empty.tar.gz holds no Python interpreter\n"),
        "{}",
        ran.stderr
    );
    let body = gz(&tar(&[Entry::file("python/bin/python3.12", "\x7fELF").mode(0o755)]));
    shop.sandbox.write("work/broken.tar.gz", body);
    let ran = shop.run(&["install", "./broken.tar.gz"]);
    assert_eq!(ran.status, Some(1), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the interpreter of broken.tar.gz cannot be used: "),
        "{}",
        ran.stderr
    );
    assert_eq!(shop.staged(), [""; 0]);
}

#[test]
fn two_versions_are_fetched_at_the_same_time() {
    let all = crate::support::prebuilt::Prebuilt::all();
    needs!(let [one, two, ..] = all, "two Pythons to pack");
    let bodies: Vec<Vec<u8>> = [one, two].map(|each| fs::read(&each.path).unwrap()).into();
    // Each archive is only served when the other has been asked for too.
    let both = std::sync::Arc::new(std::sync::Barrier::new(2));
    let server = crate::support::server::Server::start(move |request| {
        let body = if request.path == "/one" { &bodies[0] } else { &bodies[1] };
        if request.nth == 0 {
            both.wait();
        }
        Reply::file(request, body)
    });
    let sandbox = crate::support::sandbox::Sandbox::new();
    let rows = one.row(&server.url("/one")) + &two.row(&server.url("/two"));
    let catalogue = sandbox.write("catalogue.jsonl", rows);
    let mut command = sandbox.pyman(["install", &one.version, &two.version]);
    command.env_remove("PYMAN_OFFLINE").env("PYMAN_CATALOGUE", catalogue);
    let ran = sandbox.ran(&mut command);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    for each in [one, two] {
        let python = sandbox.root().join("versions").join(&each.version).join("bin/python");
        assert!(sandbox.command(python).args(["-c", ""]).status().unwrap().success());
    }
}

#[test]
fn a_file_that_is_not_there_is_named_as_typed() {
    let shop = Shop::open();
    for name in ["./nofile.tar.gz", "nofile.tar.gz", "no/where", "./nofile.sh"] {
        shop.run(&["install", name]).fails(&format!("pyman: there is no file `{name}'\n"), 2);
    }
}
