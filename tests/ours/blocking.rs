//! Nothing blocks: a FIFO, a socket or a directory where a file of ours belongs is replaced or refused at once.

use std::fs;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use super::stages::fifo;
use super::{COMMANDS, DAYS, lived_in, restored, run};
use crate::support::needs::as_ordinary_user;
use crate::support::share::todays;
use crate::support::tiny::Stall;

/// Where commands look for files: what the root has, and what they would find if it were there.
fn files(stall: &Stall) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = [
        "version",
        ".rehashed",
        "locks/3.12.1.lock",
        "locks/3.12.2.lock",
        "bin/pyman-shim",
        "bin/pyman",
        "shims/python",
        "shims/py",
        "minor/3.12",
        "versions/3.12.1/.pyman/receipt.json",
        "versions/3.12.1/.pyman/identity",
        "versions/3.12.2",
        "catalogue/live-prebuilt.jsonl",
        "settings.toml",
    ]
    .map(|name| stall.sandbox.root().join(name))
    .to_vec();
    for directory in ["cache", "environments", "init", "locks"] {
        let entries = fs::read_dir(stall.sandbox.root().join(directory)).into_iter().flatten();
        found.extend(entries.map(|entry| entry.unwrap().path()));
    }
    let platform = crate::support::prebuilt::Prebuilt::platform();
    for suffix in ["", ".partial", ".lock"] {
        let name = format!("cache/cpython-3.12.2-{platform}.tar.gz{suffix}");
        found.push(stall.sandbox.root().join(name));
    }
    let (home, work) = (stall.sandbox.home(), stall.sandbox.work());
    for name in [".bashrc", ".profile", ".config/pyman/settings.toml", ".netrc"] {
        found.push(home.join(name));
    }
    for name in [
        ".python-version",
        "env/pyvenv.cfg",
        "env/bin/python",
        "env/bin/activate",
        "pyproject.toml",
    ] {
        found.push(work.join(name));
    }
    found.sort();
    found.dedup();
    found.iter().map(|path| path.strip_prefix(stall.sandbox.path()).unwrap().to_owned()).collect()
}

fn clear(path: &Path) {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path).unwrap(),
        Ok(_) => fs::remove_file(path).unwrap(),
        Err(_) => fs::create_dir_all(path.parent().unwrap()).unwrap(),
    }
}

/// Puts something there that is no file, and runs everything.
fn nothing_waits(kind: &str, put: fn(&Path)) {
    as_ordinary_user(|| {
        let stall = lived_in();
        for file in todays(&format!("ours::blocking, {kind}"), files(&stall), DAYS) {
            restored(&stall);
            let path = stall.sandbox.path().join(&file);
            clear(&path);
            put(&path);
            for command in COMMANDS {
                // Ends, and says why if it ends ill.
                let ran = run(&stall, command);
                let why = format!("{command:?} with {kind} at {}: {ran:?}", file.display());
                assert!(ran.status.is_some(), "{why}");
                assert!(
                    ran.status == Some(0) || !ran.stderr.is_empty() || command[0] == "doctor",
                    "{why}"
                );
            }
        }
    });
}

#[test]
fn a_fifo_makes_nobody_wait() {
    nothing_waits("a FIFO", fifo);
}

#[test]
fn a_socket_makes_nobody_wait() {
    nothing_waits("a socket", |path| {
        // A socket's path is short; its directory's need not be.
        let short = tempfile::tempdir().unwrap();
        drop(UnixListener::bind(short.path().join("s")).unwrap());
        fs::rename(short.path().join("s"), path).unwrap();
    });
}

#[test]
fn a_directory_makes_nobody_wait_and_what_is_in_it_stays() {
    as_ordinary_user(|| {
        let stall = lived_in();
        for file in todays("ours::blocking, a directory", files(&stall), DAYS) {
            restored(&stall);
            let path = stall.sandbox.path().join(&file);
            // A version of that name is one that may be uninstalled, and shims are ours to clear.
            let is_ours = ["pyman/versions", "pyman/shims", "pyman/cache"];
            if is_ours.iter().any(|part| file.starts_with(part)) {
                continue;
            }
            clear(&path);
            fs::create_dir(&path).unwrap();
            fs::write(path.join("precious"), "mine").unwrap();
            for command in COMMANDS {
                let ran = run(&stall, command);
                let kept = fs::read_to_string(path.join("precious"));
                let why = format!("{command:?} with a directory at {}: {ran:?}", file.display());
                assert_eq!(kept.ok().as_deref(), Some("mine"), "{why}");
                assert!(ran.status.is_some(), "{why}");
            }
        }
    });
}
