//! Links where directories and files of ours belong: nothing is written or removed through one.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{COMMANDS, Canary, DAYS, lived_in, restored, run};
use crate::support::needs::as_ordinary_user;
use crate::support::share::todays;
use crate::support::tiny::Stall;

/// Every directory below the root that is written or cleared.
const PLACES: [&str; 12] = [
    "stage",
    "versions",
    "minor",
    "shims",
    "bin",
    "cache",
    "locks",
    "catalogue",
    "environments",
    "init",
    "logs",
    "sources",
];

fn aside(path: &Path) -> PathBuf {
    path.with_extension("aside")
}

/// Puts a link in the place of what stands there.
fn plant(path: &Path, target: &Path) {
    if fs::symlink_metadata(path).is_ok() {
        fs::rename(path, aside(path)).unwrap();
    }
    symlink(target, path).unwrap();
}

#[test]
fn nothing_is_written_or_removed_through_a_link_in_a_place_of_ours() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        for place in PLACES {
            restored(&stall);
            let path = stall.sandbox.root().join(place);
            plant(&path, &canary.place);
            for command in COMMANDS {
                run(&stall, command);
                canary.lives(&format!("{command:?} with {place} planted"));
            }
            let target = fs::read_link(&path).unwrap_or_default();
            assert!(target == canary.place || path.is_dir(), "{place} is gone");
        }
    });
}

#[test]
fn nothing_is_made_where_a_planted_link_leads_nowhere() {
    as_ordinary_user(|| {
        let stall = lived_in();
        for place in PLACES {
            restored(&stall);
            let nowhere = stall.sandbox.path().join("nowhere");
            plant(&stall.sandbox.root().join(place), &nowhere);
            for command in COMMANDS {
                run(&stall, command);
                let made = fs::symlink_metadata(&nowhere).is_ok();
                assert!(!made, "{command:?} made what {place} leads to");
            }
        }
    });
}

#[test]
fn a_link_in_a_place_of_ours_is_named_by_what_is_refused_and_by_doctor() {
    as_ordinary_user(|| {
        let needed = [
            ("stage", ["install", "3.12.2"]),
            ("versions", ["install", "3.12.2"]),
            ("locks", ["install", "3.12.2"]),
            ("cache", ["install", "3.12.2"]),
            ("minor", ["install", "3.12.2"]),
            ("shims", ["rehash", ""]),
            ("bin", ["rehash", ""]),
        ];
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        for (place, command) in needed {
            restored(&stall);
            // So that there is something to rehash.
            fs::write(stall.sandbox.root().join("versions/3.12.1/bin/new"), "").unwrap();
            fs::remove_file(stall.sandbox.root().join(".rehashed")).unwrap_or_default();
            plant(&stall.sandbox.root().join(place), &canary.place);
            let command: Vec<&str> = command.into_iter().filter(|word| !word.is_empty()).collect();
            let ran = run(&stall, &command);
            let named = format!("[SANDBOX]/pyman/{place}");
            assert_ne!(ran.status, Some(0), "{place}: {ran:?}");
            assert!(ran.stderr.contains(&named) && ran.stderr.contains("link"), "{place}: {ran:?}");
            let doctor = run(&stall, &["doctor"]);
            let said = format!("{}{}", doctor.stdout, doctor.stderr);
            let explains = |line: &str| line.contains(&named) && line.contains("link");
            assert!(said.lines().any(explains), "{place}: {said}");
            canary.lives(place);
        }
    });
}

/// Files and links of ours outside the trees: all that a lived-in root has.
fn files(stall: &Stall) -> Vec<PathBuf> {
    let root = stall.sandbox.root();
    let mut found = Vec::new();
    let mut pending = vec![root.clone()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let metadata = fs::symlink_metadata(&path).unwrap();
            let inside = path.strip_prefix(&root).unwrap();
            let unpacked = inside.components().count() > 3;
            if inside.starts_with("versions") || unpacked {
                continue;
            }
            if metadata.is_dir() {
                pending.push(path);
            } else {
                found.push(inside.to_owned());
            }
        }
    }
    found.sort();
    // Of the many shims one stands for all.
    let mut shims = 0;
    found.retain(|path| {
        shims += usize::from(path.starts_with("shims"));
        !path.starts_with("shims") || shims < 3
    });
    found
}

#[test]
fn nothing_is_written_through_a_link_or_a_second_name_of_a_file_of_ours() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        for hard in [false, true] {
            restored(&stall);
            for file in todays(&format!("ours::linked, {hard}"), files(&stall), DAYS) {
                restored(&stall);
                let path = stall.sandbox.root().join(&file);
                fs::remove_file(&path).unwrap_or_default();
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                let precious = canary.place.join("precious");
                if hard {
                    fs::hard_link(&precious, &path).unwrap();
                } else {
                    symlink(&precious, &path).unwrap();
                }
                for command in COMMANDS {
                    // The global version is a person's own file, and its link is followed.
                    if file == Path::new("version") && command[0] == "global" {
                        continue;
                    }
                    run(&stall, command);
                    canary.lives(&format!("{command:?} with {} linked, {hard}", file.display()));
                }
            }
        }
    });
}

#[test]
fn a_link_within_a_version_leads_no_command_out_of_it() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        for inside in ["envs", ".pyman", "bin", "lib"] {
            restored(&stall);
            plant(&stall.sandbox.root().join("versions/3.12.1").join(inside), &canary.place);
            let more: [&[&str]; 2] =
                [&["virtualenv", "--no-pip", "3.12.1", "x"], &["uninstall", "-f", "3.12.1"]];
            for command in COMMANDS.into_iter().chain(more) {
                run(&stall, command);
                canary.lives(&format!("{command:?} with versions/3.12.1/{inside} planted"));
            }
        }
    });
}

#[test]
fn a_link_within_an_environment_leads_no_command_out_of_it() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        for inside in ["bin", "lib", "lib/python3.12/site-packages", "include"] {
            for command in [
                &["venv", "create", "--no-pip", "--clear", "-p", "3.12", "web"][..],
                &["venv", "repair", "web", "-p", "3.12"],
                &["venv", "move", "web", "moved"],
                &["venv", "clone", "web", "second"],
                &["mirror", "set", "tuna", "--pip", "--env", "web"],
                &["venv", "remove", "web"],
                &["upgrade"],
            ] {
                restored(&stall);
                let web = stall.sandbox.home().join(".virtualenvs/web");
                fs::create_dir_all(web.join(inside)).unwrap();
                plant(&web.join(inside), &canary.place);
                run(&stall, command);
                canary.lives(&format!("{command:?} with {inside} planted"));
            }
        }
    });
}

#[test]
fn a_root_that_is_reached_by_a_link_is_a_root() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let root = stall.sandbox.root();
        fs::rename(&root, stall.sandbox.path().join("elsewhere")).unwrap();
        symlink("elsewhere", &root).unwrap();
        let ran = run(&stall, &["install", "3.12.2"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        let ran = run(&stall, &["uninstall", "-f", "3.12.2"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert_eq!(run(&stall, &["rehash"]).status, Some(0));
    });
}
