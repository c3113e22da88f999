//! A stage tells nothing: what a dead one holds is removed, whatever it says, and nothing else is.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use super::{Canary, lived_in, restored, run};
use crate::support::needs::as_ordinary_user;
use crate::support::tiny::Stall;

pub(super) fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Dead stages of every sort, as 0.1.0 left them or as somebody plants them.
fn plant(stall: &Stall, canary: &Canary) {
    let stage = stall.sandbox.root().join("stage");
    let one = stage.join("x.2.0");
    for made in [one.join("displaced"), one.join("carried/evil"), one.join("tree/bin")] {
        fs::create_dir_all(made).unwrap();
    }
    fs::write(one.join("carried/evil/pyvenv.cfg"), "home = /nowhere\n").unwrap();
    fs::create_dir_all(one.join("displaced/3.9.9/bin")).unwrap();
    fs::write(one.join("displaced/3.9.9/bin/python"), "#!/bin/sh\n").unwrap();
    let links = [
        (one.join("elsewhere.0"), canary.place.join("deep")),
        (one.join("elsewhere.1"), canary.place.join("precious")),
        (one.join("carried.to"), canary.place.join("web")),
        (one.join("displaced/3.8.8"), canary.place.join("3.12.2")),
        (one.join("removed"), canary.place.clone()),
        (one.join("tree/lib"), canary.place.clone()),
        (stage.join("linked.3.0"), canary.place.clone()),
        (stage.join("linked.4.0.lock"), canary.place.join("precious")),
        (stage.join("whole.lock"), canary.place.clone()),
        (stage.join(".pyman-stage-0123456789abcdef"), canary.place.clone()),
    ];
    for (link, target) in links {
        symlink(target, link).unwrap();
    }
    fs::write(stage.join("x.2.0.lock"), "").unwrap();
    fs::write(stage.join("loose"), "").unwrap();
    fs::hard_link(canary.place.join("precious"), stage.join("second.lock")).unwrap();
    fs::hard_link(canary.place.join("precious"), one.join("second")).unwrap();
    fifo(&stage.join("pipe.lock"));
    fifo(&stage.join("pipe"));
    fifo(&one.join("pipe"));
    drop(UnixListener::bind(stage.join("socket.lock")).unwrap());
    drop(UnixListener::bind(one.join("socket")).unwrap());
    let closed = stage.join("closed.5.0/within");
    fs::create_dir_all(&closed).unwrap();
    fs::write(closed.join("file"), "").unwrap();
    for directory in [closed.clone(), closed.parent().unwrap().to_owned()] {
        fs::set_permissions(directory, fs::Permissions::from_mode(0o500)).unwrap();
    }
}

/// What is in the stage.
fn staged(stall: &Stall) -> Vec<String> {
    let entries = fs::read_dir(stall.sandbox.root().join("stage")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn what_a_dead_stage_says_is_not_obeyed_and_the_stage_goes() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        for command in [
            &["install", "3.12.2"][..],
            &["install", "-f", "3.12.1"],
            // It finds nothing to do.
            &["install", "-s", "3.12.1"],
            &["uninstall", "-f", "3.11.5"],
            &["upgrade"],
            &["virtualenv-delete", "-f", "api"],
            &["cache", "clean"],
        ] {
            restored(&stall);
            let versions = run(&stall, &["versions", "--bare"]).stdout;
            plant(&stall, &canary);
            let ran = run(&stall, command);
            assert_eq!(ran.status, Some(0), "{command:?}: {ran:?}");
            canary.lives(&format!("{command:?}"));
            assert_eq!(staged(&stall), [""; 0], "{command:?}");
            let now = run(&stall, &["versions", "--bare"]).stdout;
            let new: Vec<&str> =
                now.lines().filter(|line| !versions.lines().any(|one| one == *line)).collect();
            assert!(new.iter().all(|name| name.starts_with("3.12.")), "{command:?}: {new:?}");
            let evil = stall.sandbox.root().join("versions/3.12.1/envs/evil");
            assert!(!evil.exists(), "{command:?}");
        }
    });
}

#[test]
fn doctors_advice_about_a_dead_stage_mends_it() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        let quiet = run(&stall, &["doctor"]).stdout;
        plant(&stall, &canary);
        let said = run(&stall, &["doctor"]).stdout;
        let at = said.lines().position(|line| line.contains("pyman/stage")).unwrap();
        let advice = said.lines().nth(at + 1).unwrap();
        let advice = advice.trim().strip_prefix("run: pyman ").unwrap();
        let words: Vec<&str> = advice.split(' ').collect();
        assert_eq!(run(&stall, &words).status, Some(0), "{advice}");
        assert_eq!(staged(&stall), [""; 0], "{advice}");
        assert_eq!(run(&stall, &["doctor"]).stdout, quiet);
        canary.lives(advice);
    });
}

#[test]
fn a_stage_beside_an_environment_that_is_not_ours_is_left() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        let names = |directory: &Path| -> Vec<String> {
            let entries = fs::read_dir(directory).unwrap();
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
        };
        // The name that a stage for this goal has, learnt from one that was killed.
        let mut command = stall.started_by(
            &[
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "inject=rename,renameat,renameat2:signal=KILL",
            ],
            &["venv", "create", "--no-pip", "-p", "3.12", "./new"],
        );
        super::bounded(&stall, &mut command);
        let work = stall.sandbox.work();
        let name = names(&work).into_iter().find(|name| name.starts_with(".pyman-"));
        let place = work.join(name.expect("a killed creation leaves its stage"));
        fs::remove_dir_all(&place).unwrap();
        // Somebody's directory, and a link.
        fs::create_dir(&place).unwrap();
        fs::write(place.join("precious"), "mine").unwrap();
        let ran = run(&stall, &["venv", "create", "--no-pip", "-p", "3.12", "./new"]);
        assert_eq!(fs::read_to_string(place.join("precious")).unwrap(), "mine", "{ran:?}");
        fs::remove_dir_all(&place).unwrap();
        symlink(&canary.place, &place).unwrap();
        let ran = run(&stall, &["venv", "create", "--no-pip", "--clear", "-p", "3.12", "./new"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        canary.lives("a creation with its stage planted");
        assert!(!place.exists());
    });
}
