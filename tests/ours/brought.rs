//! What an archive brings in the places where only pyman writes is not believed: not its records, not its environments.

use std::fs;

use super::run;
use crate::support::needs::as_ordinary_user;
use crate::support::tiny::{Stall, archive_with};

#[test]
fn an_archive_says_nothing_of_what_pyman_did() {
    as_ordinary_user(|| {
        let stall = Stall::open();
        let more = [
            (".pyman/successor", "3.12.3"),
            (".pyman/receipt.json", "{}"),
            (".pyman-stage", ""),
            (".pyman-unfinished", "removing"),
            ("envs/evil/pyvenv.cfg", "home = /nowhere/bin\n"),
            ("envs/evil/bin/python", "#!/bin/sh\n"),
            ("share/kept", ""),
        ];
        let archive = stall.sandbox.write("cpython-3.12.1.tar.gz", archive_with("3.12.1", &more));
        let ran = run(&stall, &["install", archive.to_str().unwrap()]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        for left in [".pyman", ".pyman-stage", ".pyman-unfinished", "envs"] {
            let said = format!("cpython-3.12.1.tar.gz holds `{left}', which is left out");
            assert!(ran.stderr.contains(&said), "{ran:?}");
        }
        let version = stall.sandbox.root().join("versions/3.12.1");
        let names = |place: &str| {
            let entries = fs::read_dir(version.join(place)).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(names(".pyman"), ["identity", "receipt.json"]);
        assert_eq!(names("envs").len(), 0);
        assert!(version.join("share/kept").exists());
        assert!(!version.join(".pyman-stage").exists());
        assert!(!version.join(".pyman-unfinished").exists());
        stall.prepare(&["install", "3.12.3"]);
        stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "api"]);
        for list in [&["virtualenvs", "--bare"][..], &["versions", "--bare"], &["venv", "list"]] {
            let listed = run(&stall, list);
            assert!(!listed.stdout.contains("evil"), "{list:?}: {listed:?}");
        }
        let ran = run(&stall, &["doctor"]);
        assert!(!ran.stdout.contains("evil"), "{ran:?}");
        let ran = run(&stall, &["upgrade"]);
        assert!(version.join("bin/python3.12").exists(), "{ran:?}");
        let ran = run(&stall, &["rehash"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(version.join("bin/python3.12").exists() && version.join("envs/api").exists());
    });
}

#[test]
fn a_succession_that_another_account_noted_is_none() {
    use crate::support::needs::{as_root, began_as_root, needs};
    needs!(began_as_root(), "root");
    let stall = as_ordinary_user(|| {
        let stall = Stall::open();
        stall.prepare(&["install", "3.12.1"]);
        stall.prepare(&["install", "3.12.3"]);
        stall
    });
    let note = stall.sandbox.root().join("versions/3.12.1/.pyman/successor");
    as_root(|| fs::write(&note, "3.12.3").unwrap());
    as_ordinary_user(|| {
        run(&stall, &["upgrade"]);
        assert!(stall.sandbox.root().join("versions/3.12.1/bin/python3.12").exists());
        // Our own is gone on with.
        fs::remove_file(&note).unwrap();
        fs::write(&note, "3.12.3").unwrap();
        let ran = run(&stall, &["upgrade"]);
        assert!(!stall.sandbox.root().join("versions/3.12.1").exists(), "{ran:?}");
        drop(stall);
    });
}
