//! What a system may refuse: threads, links, closing a file. An error or another way, never a panic, never half of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::{bounded, everything, lived_in, restored, run, starts};
use crate::support::needs::{as_ordinary_user, has, needs};
use crate::support::tiny::Stall;

/// The commands that do most.
const WORK: [&[&str]; 8] = [
    &["install", "3.12.2"],
    &["install", "-f", "3.12.1"],
    &["venv", "create", "-p", "3.12", "site"],
    &["virtualenv", "3.12.1", "shop"],
    &["uninstall", "-f", "3.11.5"],
    &["upgrade"],
    &["rehash"],
    &["doctor"],
];

#[test]
fn where_no_thread_can_be_had_it_is_said() {
    needs!(has("prlimit"), "prlimit");
    as_ordinary_user(|| {
        let stall = lived_in();
        let more: [&[&str]; 3] = [
            &["exec", "--each", "3.12.1,3.11.5", "python", "-c", "pass"],
            &["install", "3.12.2", "3.12.3"],
            &["discover"],
        ];
        for command in WORK.into_iter().chain(more) {
            restored(&stall);
            // `bounded` asserts that nothing panics.
            let ran =
                bounded(&stall, &mut stall.started_by(&["prlimit", "--nproc=1:1", "--"], command));
            assert!(ran.status.is_some(), "{command:?}: {ran:?}");
            assert!(
                ran.status == Some(0) || !ran.stderr.is_empty() || command == ["doctor"],
                "{command:?}: {ran:?}"
            );
            let again = run(&stall, command);
            assert!(is_done(command, &again), "{command:?} afterwards: {again:?}");
            let staged = fs::read_dir(stall.sandbox.root().join("stage"));
            assert_eq!(staged.map_or(0, Iterator::count), 0, "{command:?}");
        }
    });
}

/// Whether a command did what it was to do, now or the time before; doctor has something to say of the sandbox.
fn is_done(command: &[&str], ran: &super::Ran) -> bool {
    ran.status == Some(0) || ran.stderr.contains("exists") || command == ["doctor"]
}

/// The command with a system call that goes wrong, or with several, a blank between them.
fn injected(stall: &Stall, faults: &str, command: &[&str]) -> super::Ran {
    let calls: Vec<&str> =
        faults.split(' ').map(|fault| fault.split(':').next().unwrap()).collect();
    let call = format!("trace={}", calls.join(","));
    let injects: Vec<String> = faults.split(' ').map(|fault| format!("inject={fault}")).collect();
    let mut strace = vec!["strace", "-f", "-qq", "-o", "/dev/null", "-e", &call];
    strace.extend(injects.iter().flat_map(|inject| ["-e", inject]));
    bounded(stall, &mut stall.started_by(&strace, command))
}

#[test]
fn what_died_in_a_version_does_not_come_along_when_that_is_replaced() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let stall = lived_in();
        let root = stall.sandbox.root();
        let make = &["virtualenv", "--no-pip", "3.12.1", "shop"][..];
        let again = &["virtualenv", "--clear", "--no-pip", "3.12.1", "api"][..];
        let without_exchange =
            |nth: u32| format!("renameat2:error=EINVAL renameat,rename:signal=KILL:when={nth}");
        let mut deaths = vec![
            (make, "symlink,symlinkat:signal=KILL:when=1".to_owned()),
            (make, "symlink,symlinkat:signal=KILL:when=3".to_owned()),
        ];
        deaths.extend((1..10).map(|nth| (again, without_exchange(nth))));
        for (command, death) in &deaths {
            for replacing in [&["install", "-f", "3.12.1"][..], &["upgrade"]] {
                restored(&stall);
                injected(&stall, death, command);
                let shown = format!("{command:?}, {death}, {replacing:?}");
                let ran = run(&stall, replacing);
                assert_eq!(ran.status, Some(0), "{shown}: {ran:?}");
                if replacing[0] == "install" {
                    let ran = run(&stall, command);
                    assert_eq!(ran.status, Some(0), "{shown}: {ran:?}");
                }
                for place in fs::read_dir(root.join("versions")).unwrap() {
                    let place = place.unwrap().path();
                    assert!(place.exists(), "{shown}: {} leads nowhere", place.display());
                    let Ok(environments) = fs::read_dir(place.join("envs")) else { continue };
                    for environment in environments {
                        let environment = environment.unwrap().path();
                        let python = environment.join("bin/python");
                        assert!(python.exists(), "{shown}: {}", environment.display());
                    }
                }
            }
        }
    });
}

#[test]
fn an_error_of_close_or_of_fsync_is_no_panic() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let stall = lived_in();
        // An injected `close` does not close: a probe's pipe then never ends, which is what `doctor` would wait for.
        for command in WORK.into_iter().filter(|command| *command != ["doctor"]) {
            for fault in [
                "close:error=EIO:when=8+5",
                "close:error=EIO:when=11+7",
                "close:error=EIO:when=40+",
                "fsync,fdatasync,syncfs:error=EIO",
            ] {
                restored(&stall);
                let ran = injected(&stall, fault, command);
                // Not ended by a signal of its own.
                assert!(
                    ran.status.is_some_and(|status| status < 128),
                    "{fault} {command:?}: {ran:?}"
                );
                let versions = run(&stall, &["versions", "--bare"]).stdout;
                for version in versions.lines().filter(|line| line.starts_with("3.")) {
                    let python =
                        stall.sandbox.root().join("versions").join(version).join("bin/python");
                    let ran = bounded(&stall, stall.sandbox.command(&python).args(["-c", "pass"]));
                    assert_eq!(ran.status, Some(0), "{fault} {command:?}: {version}");
                }
            }
        }
    });
}

#[test]
fn without_locks_a_living_stage_stays_and_a_dead_one_goes() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let stall = lived_in();
        let unlocked = "flock:error=ENOLCK";
        for (command, place) in [
            (&["install", "3.12.2"][..], "pyman/stage"),
            (&["venv", "create", "--no-pip", "-p", "3.12", "./site"], "work"),
        ] {
            let place = stall.sandbox.path().join(place);
            let staged = || -> Vec<PathBuf> {
                let entries = fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path());
                entries.filter(|path| path.join(".pyman-stage").exists()).collect()
            };
            let renames = "rename,renameat,renameat2";
            let trace = stall.sandbox.path().join("trace");
            fs::write(&trace, "").unwrap();
            let traced = format!("trace=flock,{renames}");
            let stop = format!("inject={renames}:signal=STOP:when=1");
            let unlock = format!("inject={unlocked}");
            let strace = [
                "strace",
                "-o",
                trace.to_str().unwrap(),
                "-e",
                &traced,
                "-e",
                &unlock,
                "-e",
                &stop,
            ];
            let mut maker = stall.started_by(&strace, command);
            let mut maker = maker.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let stopped = stopped_child(maker.id(), &trace);
            let before: Vec<_> = staged().iter().map(|stage| everything(stage)).collect();
            assert_eq!(before.len(), 1, "{command:?}");

            for other in [&["rehash"][..], &["cache", "clean"], &["install", "3.12.3"]] {
                let ran = injected(&stall, unlocked, other);
                assert_eq!(ran.status, Some(0), "{other:?}: {ran:?}");
            }
            let after: Vec<_> = staged().iter().map(|stage| everything(stage)).collect();
            assert!(after == before, "{command:?}: a living stage");

            kill_process(stopped, Signal::KILL).unwrap();
            maker.wait().unwrap();
            let ran = injected(&stall, unlocked, command);
            assert_eq!(ran.status, Some(0), "{command:?}: {ran:?}");
            assert_eq!(staged(), [] as [PathBuf; 0], "{command:?}: a dead one");
        }
    });
}

/// The process that a tracer started, once a signal has stopped it.
fn stopped_child(tracer: u32, trace: &Path) -> Pid {
    // In a tracer's hands it is stopped at every call: the tracer alone says when it is for good.
    while !fs::read_to_string(trace).is_ok_and(|said| said.contains("stopped by SIGSTOP")) {
        thread::sleep(Duration::from_millis(5));
    }
    let children = fs::read_to_string(format!("/proc/{tracer}/task/{tracer}/children")).unwrap();
    let child = children.split_whitespace().next().unwrap().parse().unwrap();
    Pid::from_raw(child).unwrap()
}

#[test]
fn a_file_system_without_links_has_environments_of_copies() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let stall = lived_in();
        for fault in ["symlink,symlinkat:error=EPERM", "symlink,symlinkat,link,linkat:error=EPERM"]
        {
            restored(&stall);
            let goal = stall.sandbox.work().join("copied");
            let command = ["venv", "create", "--copies", "-p", "3.12.1", "./copied"];
            let ran = injected(&stall, fault, &command);
            assert_eq!(ran.status, Some(0), "{fault}: {ran:?}");
            let mut pending = vec![goal.clone()];
            while let Some(next) = pending.pop() {
                let metadata = fs::symlink_metadata(&next).unwrap();
                assert!(!metadata.is_symlink(), "{} is a link", next.display());
                if metadata.is_dir() {
                    pending.extend(fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()));
                }
            }
            let ran = bounded(
                &stall,
                stall.sandbox.command(goal.join("bin/python")).args(["-c", "pass"]),
            );
            assert_eq!(ran.status, Some(0), "{fault}: {ran:?}");
        }
    });
}

#[test]
fn where_links_are_refused_nothing_is_left_half() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let stall = lived_in();
        for error in ["EPERM", "EOPNOTSUPP"] {
            for command in WORK {
                restored(&stall);
                let ran = injected(&stall, &format!("symlink,symlinkat:error={error}"), command);
                let why = format!("{error} {command:?}: {ran:?}");
                assert!(
                    ran.status == Some(0) || !ran.stderr.is_empty() || command == ["doctor"],
                    "{why}"
                );
                let again = run(&stall, command);
                assert!(is_done(command, &again), "{again:?} after {why}");
                let upgraded = command == ["upgrade"];
                let runs = |place: &str| starts(&stall, &stall.sandbox.path().join(place));
                assert!(upgraded || runs("pyman/versions/3.12.1/bin/python"), "{why}");
                assert!(runs("home/.virtualenvs/web/bin/python"), "{why}");
                let staged = fs::read_dir(stall.sandbox.root().join("stage"));
                assert_eq!(staged.map_or(0, Iterator::count), 0, "{why}");
            }
        }
    });
}

#[test]
fn a_rename_that_finds_a_directory_busy_is_another_way_or_one_line() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let stall = lived_in();
        for fault in [
            "rename,renameat,renameat2:error=EBUSY:when=1",
            "rename,renameat,renameat2:error=EXDEV:when=1",
            "rename,renameat,renameat2:error=EBUSY:when=2",
            "unlinkat:error=EBUSY:when=3",
            "rmdir:error=ENOTEMPTY:when=1",
        ] {
            for command in WORK {
                restored(&stall);
                let ran = injected(&stall, fault, command);
                let why = format!("{fault} {command:?}: {ran:?}");
                assert!(
                    ran.status == Some(0) || !ran.stderr.is_empty() || command == ["doctor"],
                    "{why}"
                );
                let again = run(&stall, command);
                assert!(is_done(command, &again), "{again:?} after {why}");
                let api = stall.sandbox.root().join("versions/api/bin/python");
                assert!(starts(&stall, &api), "{why}");
            }
        }
    });
}

/// A file that no disk could hold is never packed to its end: the stop is asked for within it.
#[test]
fn a_large_file_is_no_obstacle_to_stopping() {
    as_ordinary_user(|| {
        let stall = lived_in();
        for place in [
            stall.sandbox.root().join("versions/3.12.1/lib/large"),
            stall.sandbox.home().join(".virtualenvs/web/lib/large"),
        ] {
            fs::File::create(place).unwrap().set_len(1 << 40).unwrap();
        }
        let work = stall.sandbox.work();
        let names = || -> Vec<_> {
            fs::read_dir(&work).unwrap().map(|entry| entry.unwrap().file_name()).collect()
        };
        for command in [
            &["pack", "3.12.1", "-o", "p.tar.gz"][..],
            &["pack", "3.12.1", "-o", "p.tar.zst"],
            &["venv", "bundle", "web", "-o", "b"],
        ] {
            let mut child = stall.pyman(command).stdin(Stdio::null()).spawn().unwrap();
            let begun = std::time::Instant::now();
            // What is written beside says that it is at work, and so that it listens.
            while !names().iter().any(|name| name.to_string_lossy().starts_with(".pyman-")) {
                assert!(child.try_wait().unwrap().is_none() && begun.elapsed() < super::PATIENCE);
                thread::yield_now();
            }
            kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
            let status = loop {
                if let Some(status) = child.try_wait().unwrap() {
                    break status;
                }
                if begun.elapsed() > super::PATIENCE {
                    child.kill().unwrap();
                    panic!("{command:?} does not end");
                }
                thread::yield_now();
            };
            assert_eq!(status.code(), Some(143), "{command:?}");
            assert_eq!(names(), ["env"], "{command:?}");
        }
    });
}
