//! Links where directories and files of ours belong: nothing is written or removed through one.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{COMMANDS, Canary, DAYS, bounded, everything, lived_in, restored, run, starts};
use crate::support::needs::as_ordinary_user;
use crate::support::share::todays;
use crate::support::tiny::Stall;

/// Every directory below the root that is written or cleared.
pub(super) const PLACES: [&str; 12] = [
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
            let more: [&[&str]; 5] = [
                &["virtualenv", "--no-pip", "3.12.1", "x"],
                &["venv", "move", "web", "../pyman/versions/3.12.1/envs/x"],
                &["uninstall", "-f", "3.12.1"],
                &["uninstall", "-f", "api"],
                &["virtualenv-delete", "-f", "3.12.1/envs/api"],
            ];
            for command in COMMANDS.into_iter().chain(more) {
                // Each on its own: one of them replaces the tree.
                restored(&stall);
                plant(&stall.sandbox.root().join("versions/3.12.1").join(inside), &canary.place);
                run(&stall, command);
                canary.lives(&format!("{command:?} with versions/3.12.1/{inside} planted"));
            }
        }
    });
}

/// Somebody's environment, which says of itself that it is to go.
fn marked(place: &Path) {
    fs::create_dir_all(place.join("bin")).unwrap();
    for (file, text) in [
        ("pyvenv.cfg", "home = /usr/bin\n"),
        ("precious", "mine\n"),
        ("bin/python", "#!/bin/sh\n"),
        (".pyman-unfinished", "removing"),
    ] {
        fs::write(place.join(file), text).unwrap();
    }
}

#[test]
fn no_mark_makes_anything_go_that_is_not_ours() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let other = stall.sandbox.path().join("other");
        let root = stall.sandbox.root();
        let commands: [&[&str]; 4] = [
            &["virtualenv-delete", "-f", "victim"],
            &["uninstall", "-f", "victim"],
            &["virtualenv-delete", "-f", "3.12.1/envs/victim"],
            &["uninstall", "-f", "lnk/envs/victim"],
        ];
        for (link, target, victim) in [
            ("3.12.1/envs", "other", "other/victim"),
            ("lnk", "other", "other/envs/victim"),
            ("3.12.1/envs/victim", "other", "other"),
            ("3.11.5", "other", "home/.virtualenvs/victim"),
        ] {
            for command in commands {
                restored(&stall);
                fs::remove_dir_all(&other).unwrap_or_default();
                let victim = stall.sandbox.path().join(victim);
                marked(&victim);
                fs::create_dir_all(&other).unwrap();
                plant(&root.join("versions").join(link), &stall.sandbox.path().join(target));
                run(&stall, command);
                for file in ["precious", "pyvenv.cfg", ".pyman-unfinished", "bin/python"] {
                    let there = victim.join(file).is_file();
                    assert!(there, "{command:?} with {link} planted: {file} is gone");
                }
            }
        }
    });
}

#[test]
fn a_link_for_the_environments_of_a_version_is_refused_and_doctors_command_mends_it() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        let envs = stall.sandbox.root().join("versions/3.12.1/envs");
        let before = run(&stall, &["doctor"]).stdout;
        fs::remove_dir_all(&envs).unwrap();
        symlink(&canary.place, &envs).unwrap();
        let ran = run(&stall, &["virtualenv", "--no-pip", "3.12.1", "zed"]);
        assert_ne!(ran.status, Some(0), "{ran:?}");
        assert!(ran.stderr.contains("versions/3.12.1/envs is a link"), "{ran:?}");
        assert!(ran.stderr.contains("pyman doctor"), "{ran:?}");
        mended_by_doctor(&stall, "versions/3.12.1/envs is a link", &before);
        canary.lives("doctor's command");
        let ran = run(&stall, &["virtualenv", "--no-pip", "3.12.1", "zed"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    });
}

#[test]
fn a_link_that_lost_its_environment_is_named_and_goes() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let root = stall.sandbox.root();
        let before = run(&stall, &["doctor"]).stdout;
        for way in [&["doctor"][..], &["rehash"], &["virtualenv-delete", "-f", "api"]] {
            restored(&stall);
            fs::remove_dir_all(root.join("versions/3.12.1/envs")).unwrap();
            if way[0] == "doctor" {
                mended_by_doctor(&stall, "api is a link to", &before);
            } else {
                assert_eq!(run(&stall, way).status, Some(0), "{way:?}");
            }
            assert!(fs::symlink_metadata(root.join("versions/api")).is_err(), "{way:?}");
            assert!(root.join("versions/web/bin/python").exists(), "{way:?}");
        }
    });
}

#[test]
fn an_environment_with_a_link_in_it_is_explained_and_doctors_command_mends_it() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let before = run(&stall, &["doctor"]).stdout;
        let env = stall.sandbox.work().join("env");
        let elsewhere = stall.sandbox.path().join("elsewhere");
        for (inside, broken) in [("bin", false), ("bin", true), ("lib", false)] {
            restored(&stall);
            fs::remove_dir_all(&elsewhere).unwrap_or_default();
            fs::rename(env.join(inside), &elsewhere).unwrap();
            symlink(&elsewhere, env.join(inside)).unwrap();
            if broken {
                fs::remove_file(elsewhere.join("python")).unwrap();
            }
            let canary = everything(&elsewhere);
            let ran = run(&stall, &["venv", "repair", "./env"]);
            assert_ne!(ran.status, Some(0), "{ran:?}");
            assert!(ran.stderr.contains("pyman doctor [SANDBOX]/work/env"), "{ran:?}");
            let moved = run(&stall, &["venv", "move", "./env", "./moved"]);
            assert_eq!(moved.stderr, ran.stderr);
            mended_by_doctor(&stall, &format!("work/env/{inside} is a link"), &before);
            assert!(starts(&stall, &env.join("bin/python")), "{inside}, {broken}");
            assert_eq!(run(&stall, &["venv", "repair", "./env"]).status, Some(0));
            assert_eq!(everything(&elsewhere), canary, "{inside}, {broken}");
        }
    });
}

/// Doctor names it; the command that it gives mends it, and then it says what it said before.
#[track_caller]
fn mended_by_doctor(stall: &Stall, named: &str, before: &str) {
    let doctor = run(stall, &["doctor"]);
    let mut lines = doctor.stdout.lines();
    assert!(lines.any(|line| line.contains(named)), "{doctor:?}");
    let mend = lines.find_map(|line| line.trim_start().strip_prefix("run: "));
    let mend = mend.unwrap_or_else(|| panic!("no command: {doctor:?}"));
    let mend = mend.replace("[SANDBOX]", &stall.sandbox.path().to_string_lossy());
    let mut shell = stall.sandbox.command("/bin/sh");
    let pyman = Path::new(crate::support::program()).parent().unwrap();
    shell.args(["-c", &mend]).env("PATH", format!("{}:/usr/bin:/bin", pyman.display()));
    let ran = bounded(stall, &mut shell);
    assert_eq!(ran.status, Some(0), "{mend}: {ran:?}");
    assert_eq!(run(stall, &["doctor"]).stdout, before, "after {mend}");
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
