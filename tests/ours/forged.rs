//! What has the names of ours and was not made by us: nothing takes another's place for it, or goes because of it. And what
//! we made and cannot remove hinders nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::{Canary, everything, lived_in, restored, run, starts};
use crate::support::needs::{as_ordinary_user, as_root, began_as_root, needs};

/// Writes a file below a directory.
fn put(directory: &Path, name: &str, text: &str) {
    let file = directory.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

#[test]
fn a_directory_that_is_named_as_a_successor_replaces_nothing() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        let root = stall.sandbox.root();
        for name in [".", "..", "", "3.12.1", "3.11.5", "api"] {
            for holds in [None, Some("bin/python"), Some(".pyman-stage")] {
                restored(&stall);
                let planted = root.join("versions").join(format!(".pyman-next-{name}"));
                fs::create_dir(&planted).unwrap();
                if let Some(file) = holds {
                    put(&planted, file, "");
                }
                for command in [
                    &["rehash"][..],
                    &["install", "3.12.2"],
                    &["uninstall", "-f", "3.12.2"],
                    &["cache", "clean"],
                ] {
                    let ran = run(&stall, command);
                    assert_eq!(ran.status, Some(0), "{name} {command:?}: {ran:?}");
                    for python in ["3.12.1", "3.11.5", "api"] {
                        let python = root.join(format!("versions/{python}/bin/python"));
                        assert!(starts(&stall, &python), "{name} {command:?}");
                    }
                    canary.lives(name);
                }
            }
        }
    });
}

#[test]
fn what_a_repository_brings_beside_an_environment_or_in_it_is_none_of_ours() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let work = stall.sandbox.work();
        stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12.1"]);
        stall.sandbox.keep("lived in");
        let stages = [".pyman-next-.venv", ".pyman-stage-7058edf6366825c0"];
        let commands: [&[&str]; 5] = [
            &["venv", "create", "--no-pip", "-p", "3.12.1"],
            &["venv", "repair", "./.venv"],
            &["venv", "create", "--no-pip", "--clear", "-p", "3.12.1"],
            &["venv", "clone", "./.venv", "./second"],
            &["venv", "move", "./.venv", "./moved"],
        ];
        for command in commands {
            for stage in stages {
                restored(&stall);
                let planted = work.join(stage);
                for file in ["pyvenv.cfg", "bin/python", ".pyman-stage"] {
                    put(&planted, file, "theirs");
                }
                put(&work.join(".venv"), "mine", "mine");
                let before = everything(&planted);
                let ran = run(&stall, command);
                assert_eq!(everything(&planted), before, "{command:?}: {ran:?}");
                if command.last() == Some(&"./moved") {
                    assert!(starts(&stall, &work.join("moved/bin/python")), "{ran:?}");
                } else {
                    assert!(starts(&stall, &work.join(".venv/bin/python")), "{command:?}: {ran:?}");
                }
            }
        }
        // A directory that is to become an environment itself.
        restored(&stall);
        fs::remove_dir_all(work.join(".venv")).unwrap();
        fs::remove_dir_all(work.join("env")).unwrap();
        for file in
            [".pyman-stage-7058edf6366825c0/.pyman-stage", "bin/.pyman-stage", "lib/.pyman-stage"]
        {
            put(&work, file, "");
        }
        put(&work, "lib/mine.py", "mine");
        let ran = run(&stall, &["venv", "create", "--no-pip", "-p", "3.12.1", "."]);
        assert_ne!(ran.status, Some(0), "{ran:?}");
        assert_eq!(fs::read_to_string(work.join("lib/mine.py")).unwrap(), "mine");
    });
}

#[test]
fn what_was_moved_where_stages_stand_is_no_stage() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let root = stall.sandbox.root();
        fs::remove_dir_all(root.join("stage")).unwrap_or_default();
        fs::rename(root.join("versions"), root.join("stage")).unwrap();
        let before = everything(&root.join("stage/3.12.1"));
        run(&stall, &["rehash"]);
        run(&stall, &["install", "3.12.2"]);
        assert_eq!(everything(&root.join("stage/3.12.1")), before);
    });
}

#[test]
fn what_nobody_but_root_can_remove_is_named_and_hinders_nothing() {
    needs!(began_as_root(), "root");
    let stall = as_ordinary_user(lived_in);
    let root = stall.sandbox.root();
    // As one `sudo python' leaves it.
    as_root(|| put(&root.join("versions/3.11.5/lib/python3.11/roots"), "os.pyc", ""));
    as_ordinary_user(|| {
        let ran = run(&stall, &["uninstall", "-f", "3.11.5"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(ran.stderr.contains("cannot be removed: `sudo rm -rf "), "{ran:?}");
        assert!(!root.join("versions/3.11.5").exists());
        for command in [&["install", "3.12.2"][..], &["rehash"], &["cache", "clean"]] {
            let ran = run(&stall, command);
            assert_eq!(ran.status, Some(0), "{command:?}: {ran:?}");
        }
        let said = run(&stall, &["doctor"]).stdout;
        let mend =
            said.lines().find_map(|line| line.trim_start().strip_prefix("run: sudo rm -rf "));
        assert!(mend.is_some_and(|path| path.contains("/pyman/stage/3.11.5.")), "{said}");
    });
    // Root removes what it made, in the sandbox alone.
    as_root(|| {
        for entry in fs::read_dir(root.join("stage")).unwrap() {
            fs::remove_dir_all(entry.unwrap().path()).unwrap();
        }
    });
    as_ordinary_user(|| {
        let said = run(&stall, &["doctor"]).stdout;
        assert!(!said.contains("rm -rf"), "{said}");
        drop(stall);
    });
}

#[test]
fn a_folder_that_others_can_write_is_warned_of_and_mended_by_doctors_advice() {
    as_ordinary_user(|| {
        let stall = lived_in();
        for folder in ["versions", "stage", "shims"] {
            restored(&stall);
            let place = stall.sandbox.root().join(folder);
            fs::create_dir_all(&place).unwrap();
            fs::set_permissions(&place, fs::Permissions::from_mode(0o777)).unwrap();
            let ran = run(&stall, &["rehash"]);
            let warning = format!("warning: [SANDBOX]/pyman/{folder} can be written by others");
            assert_eq!(ran.stderr.matches(&warning).count(), 1, "{ran:?}");
            let said = run(&stall, &["doctor"]).stdout;
            assert!(
                said.contains(&format!("run: chmod go-w [SANDBOX]/pyman/{folder}\n")),
                "{said}"
            );
            assert!(Command::new("chmod").arg("go-w").arg(&place).status().unwrap().success());
            let said = run(&stall, &["doctor"]).stdout;
            assert!(!said.contains("can be written by others"), "{said}");
        }
    });
}
