//! Taken off again: the disk is as before, but for what is somebody's, which is named.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{chown, symlink};
use std::path::Path;

use super::Owner;
use crate::support::needs::{NOBODY, as_ordinary_user, as_root, began_as_root, mounts, needs};
use crate::support::sandbox::Sandbox;
use crate::support::terminal::at_terminal;
use crate::support::tiny::Stall;

const STAYS: &str = "what names a version in your projects (.python-version) is left as it is\n";

/// Everything below a directory: files with their bytes, links with their targets.
fn seen(place: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut seen = BTreeMap::new();
    let mut left = vec![place.to_owned()];
    while let Some(directory) = left.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(place).unwrap().display().to_string();
            let what = if path.is_symlink() {
                fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()
            } else if path.is_dir() {
                left.push(path);
                Vec::new()
            } else {
                fs::read(&path).unwrap()
            };
            seen.insert(name, what);
        }
    }
    seen
}

#[test]
fn after_install_setup_and_use_the_disk_is_as_before() {
    let stall = Stall::open();
    let sandbox = &stall.sandbox;
    sandbox.write("home/.bashrc", "alias ll='ls -l'\n");
    sandbox.write("work/.python-version", "3.12.1\n");
    let before = (seen(&sandbox.home()), seen(&sandbox.work()));
    stall.prepare(&["setup", "bash"]);
    stall.prepare(&["setup", "zsh"]);
    stall.prepare(&["install", "3.12.1", "3.11.5"]);
    stall.prepare(&["global", "3.11.5"]);
    stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "api"]);
    assert_ne!(before.0, seen(&sandbox.home()));
    let ran = stall.run(&["self", "uninstall", "--versions", "--yes"]);
    assert_eq!((&*ran.stdout, ran.status), ("", Some(0)), "{ran:?}");
    assert!(ran.stderr.contains("taken out of [SANDBOX]/home/.bashrc\n"), "{ran:?}");
    assert!(ran.stderr.contains("[SANDBOX]/pyman is gone\n"), "{ran:?}");
    assert!(ran.stderr.contains(STAYS), "{ran:?}");
    assert!(!sandbox.root().exists());
    assert_eq!(before, (seen(&sandbox.home()), seen(&sandbox.work())));
    // Another time there is nothing left to do.
    let again = stall.run(&["self", "uninstall", "--versions", "--yes"]);
    assert!(
        again.status == Some(0) && again.stderr.starts_with("[SANDBOX]/pyman is gone\n"),
        "{again:?}"
    );
}

#[test]
fn versions_and_what_stands_on_them_stay_unless_they_are_named() {
    let stall = Stall::open();
    stall.prepare(&["install", "3.12.1"]);
    stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12", "web"]);
    let root = stall.sandbox.root();
    let ran = stall.run(&["self", "uninstall", "--yes"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    for gone in ["shims", "bin", "cache", "locks", ".rehashed"] {
        assert!(!root.join(gone).exists(), "{gone}");
    }
    let mut python =
        stall.sandbox.command(stall.sandbox.home().join(".virtualenvs/web/bin/python"));
    stall.sandbox.ran(python.args(["-c", "pass"])).succeeds("");
    // They are found again by whoever sets it up again; and go when they are named, with a word of what breaks.
    stall.prepare(&["rehash"]);
    assert_eq!(stall.run(&["versions", "--bare"]).stdout, "3.12.1\nweb\n");
    let asked = stall.run(&["self", "uninstall", "--versions"]);
    asked.fails(
        "shims, downloads and pyman itself go from [SANDBOX]/pyman\n\
         with all that is in them: 3.12.1\n\
         These environments stand on what goes:\n  [SANDBOX]/home/.virtualenvs/web\n\
         hint: run `pyman self uninstall --yes'\n",
        1,
    );
    assert!(root.join("versions/3.12.1/bin/python").exists());
    let ran = stall.run(&["self", "uninstall", "--versions", "-y"]);
    assert!(!root.exists(), "{ran:?}");
    assert!(
        ran.stderr
            .contains("Environments elsewhere are left:\n  [SANDBOX]/home/.virtualenvs/web\n"),
        "{ran:?}"
    );
    assert!(stall.sandbox.home().join(".virtualenvs/web/pyvenv.cfg").exists());
}

#[test]
fn the_program_of_a_root_of_its_own_goes_with_it() {
    let owner = Owner::new();
    let ran = owner.run(&["setup", "bash"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let ran = owner.run(&["self", "uninstall", "-y"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    assert!(!ran.stderr.contains("the program itself"), "{ran:?}");
    assert!(!owner.sandbox.root().exists());
    assert_eq!(fs::read_dir(owner.sandbox.home()).unwrap().count(), 0);
}

#[test]
fn what_a_person_keeps_in_the_root_stays_and_is_named() {
    let owner = Owner::new();
    owner.sandbox.write("pyman/plugins/mine/bin/pyman-mine", "#!/bin/sh\n");
    owner.run(&["rehash"]).succeeds("");
    let ran = owner.run(&["self", "uninstall", "-y"]);
    ran.fails(&format!("Left there:\n  [SANDBOX]/pyman/plugins\n{STAYS}"), 0);
    assert!(owner.sandbox.root().join("plugins/mine/bin/pyman-mine").exists());
}

#[test]
fn what_a_person_keeps_in_folders_of_ours_stays_and_ours_goes() {
    let stall = Stall::open();
    let sandbox = &stall.sandbox;
    stall.prepare(&["install", "3.12.1"]);
    stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12", "web"]);
    stall.prepare(&["mirror", "set", "--pip", "tuna"]);
    let kept = [
        "shims/notes/thesis",
        "sources/patches/one.patch",
        "logs/diary.txt",
        "cache/photos/a.jpg",
        "init/mine.sh",
        "locks/keys/k",
        "minor/notes/n",
        "environments/e/x",
        "stage/proj/bin/run",
        "versions/mytree/work/thesis",
        "versions/copied/bin/python",
    ];
    for file in kept {
        sandbox.write(&format!("pyman/{file}"), "precious");
    }
    sandbox.write("pyman/logs/3.12.1.log", "failed");
    let precious = || -> Vec<String> {
        let found = seen(&sandbox.root()).into_iter();
        found.filter_map(|(name, bytes)| (bytes == b"precious").then_some(name)).collect()
    };
    let before = precious();
    assert_eq!(before.len(), kept.len());
    for versions in [&[][..], &["--versions"]] {
        let ran = stall.run(&[&["self", "uninstall", "--yes"], versions].concat());
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert_eq!(precious(), before, "{versions:?}");
        for gone in ["pip", "logs/3.12.1.log", "bin", "shims/python"] {
            assert!(!sandbox.root().join(gone).exists(), "{gone} {versions:?}");
        }
    }
    assert!(!sandbox.root().join("versions/3.12.1").exists());
}

#[test]
fn where_other_things_stand_too_folders_of_anybodys_name_stay() {
    let owner = Owner::new();
    owner.run(&["rehash"]).succeeds("");
    for file in ["pyman/thesis.txt", "pyman/cache/photo", "pyman/sources/mine.c", "pyman/bin/mine"]
    {
        owner.sandbox.write(file, "somebody's\n");
    }
    let ran = owner.run(&["self", "uninstall", "-y"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    for file in ["thesis.txt", "cache/photo", "sources/mine.c", "bin/mine"] {
        assert!(owner.sandbox.root().join(file).exists(), "{file}: {ran:?}");
    }
    for gone in ["shims", "bin/pyman", "bin/pyman-shim", ".rehashed"] {
        assert!(!owner.sandbox.root().join(gone).exists(), "{gone}");
    }
}

#[test]
fn a_directory_that_is_no_root_is_left_as_it_is() {
    let sandbox = Sandbox::new();
    for file in ["pyman/cache/photo", "pyman/bin/pyman", "pyman/letter"] {
        sandbox.write(file, "somebody's\n");
    }
    let before = seen(&sandbox.root());
    sandbox.run(&["self", "uninstall", "--versions", "-y"]).fails(
        "pyman: [SANDBOX]/pyman is no root of pyman's\n\
         hint: name the root: PYMAN_ROOT=/its/place pyman self uninstall\n",
        2,
    );
    assert_eq!(before, seen(&sandbox.root()));
}

#[test]
fn nothing_is_removed_through_a_link() {
    as_ordinary_user(|| {
        let stall = Stall::open();
        let sandbox = &stall.sandbox;
        stall.prepare(&["install", "3.12.1"]);
        sandbox.write("home/canary/bin/python", "alive\n");
        let (root, canary) = (sandbox.root(), sandbox.home().join("canary"));
        for planted in ["cache", "logs", "init", "versions/3.9.1", "versions/3.12.1/envs"] {
            let place = root.join(planted);
            if place.is_dir() {
                fs::remove_dir_all(&place).unwrap();
            }
            symlink(&canary, place).unwrap();
        }
        let ran = stall.run(&["self", "uninstall", "--versions", "-y"]);
        assert_eq!(fs::read(canary.join("bin/python")).unwrap(), b"alive\n", "{ran:?}");
        assert_eq!(seen(&canary).len(), 2, "{ran:?}");
    });
}

#[test]
fn what_is_mounted_in_the_root_stops_it_before_anything_goes() {
    needs!(mounts(), "mounts in a namespace");
    as_ordinary_user(|| {
        let owner = Owner::new();
        owner.run(&["rehash"]).succeeds("");
        fs::create_dir_all(owner.sandbox.root().join("cache/disk")).unwrap();
        let script = "mount -t tmpfs tmpfs \"$PYMAN_ROOT/cache/disk\" && echo photo >\"$PYMAN_ROOT/cache/disk/p\" && \
                      \"$PYMAN_ROOT/bin/pyman\" self uninstall -y; echo $?; cat \"$PYMAN_ROOT/cache/disk/p\"";
        let mut shell = owner.sandbox.command("unshare");
        shell.args(["--mount", "--map-root-user", "/bin/sh", "-c", script]);
        owner.sandbox.ran(&mut shell).is(
            "5\nphoto\n",
            "pyman: something is mounted at [SANDBOX]/pyman/cache/disk\nhint: unmount it first\n",
            0,
        );
        assert!(owner.program().exists());
    });
}

#[test]
fn another_accounts_files_stop_it_before_anything_goes() {
    needs!(began_as_root(), "root, to be two accounts");
    let owner = Owner::new();
    let theirs = owner.sandbox.write("pyman/cache/kept/file", "theirs\n");
    let kept = theirs.parent().unwrap();
    let give = |to| as_root(|| chown(kept, Some(to), None).unwrap());
    give(12_345);
    let ran = owner.run(&["self", "uninstall", "-y"]);
    assert_eq!(ran.status, Some(5), "{ran:?}");
    assert!(
        ran.stderr.contains("[SANDBOX]/pyman/cache/kept is another account's, and in the way\n"),
        "{ran:?}"
    );
    assert!(owner.program().exists() && theirs.exists());
    give(NOBODY);
}

#[test]
fn somebody_at_a_terminal_is_asked() {
    let owner = Owner::new();
    owner.run(&["rehash"]).succeeds("");
    for (answer, gone) in [("n\n", false), ("y\n", true)] {
        let command = owner.command(&["self", "uninstall"]);
        let ran = owner.sandbox.ran(&mut at_terminal(&owner.sandbox, &command, answer));
        assert!(ran.stdout.contains("pyman: take pyman off? (y/N)"), "{ran:?}");
        assert_eq!(ran.status, Some(i32::from(!gone)), "{ran:?}");
        assert_eq!(owner.sandbox.root().exists(), !gone, "{ran:?}");
    }
}
