//! `pyman prune`: what nothing needs goes, and nothing else.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::support::sandbox::Sandbox;

/// A version as `install` leaves it.
fn installed(sandbox: &Sandbox, name: &str) -> PathBuf {
    let tree = sandbox.fake_version(name, &["python"]);
    let receipt = serde_json::json!({
        "version": name, "format": 1, "name": name, "implementation": "cpython", "variant": "",
        "origin": { "kind": "prebuilt", "source": "https://example.org/x", "sha256": "00" },
        "prefix": tree, "installed": 1, "tree": { "files": 1, "bytes": 1 },
    });
    sandbox.write(&format!("pyman/versions/{name}/.pyman/receipt.json"), receipt.to_string());
    sandbox.write(
        &format!("pyman/versions/{name}/.pyman/identity"),
        format!("cpython {name} default\n"),
    );
    tree
}

/// The names that `prune --dry-run` says, without sizes.
fn said(sandbox: &Sandbox) -> Vec<String> {
    let ran = sandbox.run(&["prune", "--dry-run"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let name = |line: &str| line.get(11..).unwrap_or_default().to_owned();
    ran.stdout.lines().map(name).collect()
}

#[test]
fn only_superseded_patches_of_ours_that_nothing_stands_on_go() {
    let sandbox = Sandbox::new();
    for name in ["3.12.1", "3.12.2", "3.12.3", "3.12.4", "3.12.5", "3.12.9", "3.11.1", "3.13.0t"] {
        installed(&sandbox, name);
    }
    installed(&sandbox, "3.13.1");
    sandbox.fake_version("3.12.0", &["python"]);
    symlink("3.12.9", sandbox.root().join("versions/3.12.10")).unwrap();
    sandbox.write("pyman/version", "3.12.2\n");
    sandbox.write("work/.python-version", "3.12.3\n");
    symlink("3.12.4", sandbox.root().join("versions/alias")).unwrap();
    let environment = sandbox.write(
        "home/.virtualenvs/web/pyvenv.cfg",
        format!("home = {}\n", sandbox.root().join("versions/3.12.5/bin").display()),
    );
    symlink(
        sandbox.root().join("versions/3.12.5/bin/python"),
        environment.with_file_name("python"),
    )
    .unwrap();
    fs::create_dir_all(environment.with_file_name("bin")).unwrap();
    assert_eq!(said(&sandbox), ["version 3.12.1: 3.12.10 is newer"]);

    let ran = sandbox.run(&["prune"]);
    assert_eq!((ran.stderr.as_str(), ran.status), ("hint: run `pyman prune --yes'\n", Some(0)));
    assert!(sandbox.root().join("versions/3.12.1").exists());

    let ran = sandbox.run(&["prune", "--yes"]);
    assert!(ran.stderr.starts_with("freed "), "{ran:?}");
    assert_eq!(ran.status, Some(0));
    let mut left: Vec<String> = fs::read_dir(sandbox.root().join("versions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(
        left,
        [
            "3.11.1", "3.12.0", "3.12.10", "3.12.2", "3.12.3", "3.12.4", "3.12.5", "3.12.9",
            "3.13.0t", "3.13.1", "alias"
        ]
    );
    sandbox.run(&["prune", "--yes"]).is("", "there is nothing that nothing needs\n", 0);
}

#[test]
fn what_the_project_of_a_known_environment_names_stays() {
    let sandbox = Sandbox::new();
    installed(&sandbox, "3.12.1");
    installed(&sandbox, "3.12.9");
    sandbox.write("home/project/.python-version", "3.12.1\n");
    let environment = sandbox.write("home/project/.venv/pyvenv.cfg", "home = /usr/bin\n");
    let environment = environment.parent().unwrap().to_owned();
    fs::create_dir_all(environment.join("bin")).unwrap();
    assert_eq!(said(&sandbox), ["version 3.12.1: 3.12.9 is newer"]);
    fs::create_dir_all(sandbox.root().join("environments")).unwrap();
    symlink(&environment, sandbox.root().join("environments/known")).unwrap();
    assert_eq!(said(&sandbox), [""; 0]);
}

#[test]
fn caches_kept_sources_old_logs_and_dead_stages_go_with_their_sizes() {
    let sandbox = Sandbox::new();
    sandbox.write("pyman/cache/a.tar.gz", [0; 2_500]);
    sandbox.write("pyman/cache/builds/b.tar", [0; 30]);
    sandbox.write("pyman/sources/3.9.9/Python-3.9.9/setup.py", [0; 4]);
    sandbox.write("pyman/stage/3.9.9.1.0/python/big", [0; 7]);
    sandbox.write("pyman/logs/new.log", "x");
    let old = sandbox.write("pyman/logs/old.log", "old");
    let age = SystemTime::now() - Duration::from_hours(24 * 30);
    fs::File::options().write(true).open(&old).unwrap().set_modified(age).unwrap();
    let lines = "   2.5 kB  download a.tar.gz\n\
                 \x2030 bytes  build builds/b.tar\n\
                 \x20 4 bytes  sources 3.9.9\n\
                 \x20 3 bytes  log old.log\n\
                 \x20 7 bytes  unfinished 3.9.9.1.0\n";
    sandbox.run(&["prune", "--dry-run"]).is(lines, "would free 2.5 kB\n", 0);
    assert!(sandbox.root().join("cache/a.tar.gz").exists());
    sandbox.run(&["prune", "--yes"]).is(lines, "freed 2.5 kB\n", 0);
    for gone in
        ["cache/a.tar.gz", "cache/builds/b.tar", "sources/3.9.9", "logs/old.log", "stage/3.9.9.1.0"]
    {
        assert!(!sandbox.root().join(gone).exists(), "{gone}");
    }
    assert!(sandbox.root().join("logs/new.log").exists());
}

#[test]
fn what_is_being_fetched_stays() {
    let sandbox = Sandbox::new();
    sandbox.write("pyman/cache/a.tar.gz.partial", "half");
    let lock = sandbox.write("pyman/cache/a.tar.gz.lock", "");
    let held = fs::File::open(&lock).unwrap();
    held.lock().unwrap();
    sandbox.run(&["prune", "--yes"]).is("", "there is nothing that nothing needs\n", 0);
    assert!(sandbox.root().join("cache/a.tar.gz.partial").exists());
}
