//! Killed, crowded, unwritable, misled: nothing half-made, and the same command works afterwards.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Stdio;

use super::{Python, create, names, output, sandbox};
use crate::support::needs::{as_ordinary_user, needs};
use crate::support::tiny::Stall;

#[test]
fn ten_creations_at_once_make_one_environment() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let mut children: Vec<_> = (0..10)
        .map(|_| {
            let mut command = sandbox.pyman(["venv", "create", "-p", &python.version, "web"]);
            if !python.brings_pip() {
                command.arg("--no-pip");
            }
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(names(&sandbox.home().join(".virtualenvs")), ["web"]);
    output(&sandbox, sandbox.home().join(".virtualenvs/web/bin/python"), &["-c", "import site"]);
}

#[test]
fn a_killed_creation_leaves_nothing_that_counts_and_can_be_retried() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let goal = sandbox.work().join("e");
    for _ in 0..8 {
        let mut command = sandbox.pyman(["venv", "create", "-p", &python.version, "./e"]);
        if !python.brings_pip() {
            command.arg("--no-pip");
        }
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // As soon as something of it is to be seen.
        while names(&sandbox.work()).is_empty() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!goal.exists() || goal.join("pyvenv.cfg").is_file());
    }
    assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, "./e"]).status, Some(0));
    assert_eq!(names(&sandbox.work()), ["e"]);
    output(&sandbox, goal.join("bin/python"), &["-c", "import site"]);
}

#[test]
fn a_read_only_parent_is_named() {
    as_ordinary_user(|| {
        let stall = Stall::open();
        stall.prepare(&["install", "3.12.1"]);
        let parent = stall.sandbox.work().join("locked");
        fs::create_dir(&parent).unwrap();
        fs::set_permissions(&parent, fs::Permissions::from_mode(0o555)).unwrap();
        let ran = stall.run(&["venv", "create", "--no-pip", "-p", "3.12.1", "./locked/e"]);
        assert_eq!(ran.status, Some(5), "{ran:?}");
        assert!(ran.stderr.contains("[SANDBOX]/work/locked"), "{}", ran.stderr);
    });
}

#[test]
fn a_configuration_that_is_no_file_makes_nobody_wait() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let place = sandbox.work().join("e");
    fs::create_dir(&place).unwrap();
    assert!(sandbox.ran(sandbox.command("mkfifo").arg(place.join("pyvenv.cfg"))).status == Some(0));
    for options in [&[][..], &["--clear"]] {
        let ran =
            create(&sandbox, &[&["--no-pip", "-p", &python.version, "./e"], options].concat());
        let said = "pyman: `[SANDBOX]/work/e' exists and is no environment\n";
        assert!(ran.stderr.starts_with(said), "{}", ran.stderr);
        assert_eq!(ran.status, Some(1));
    }
}

#[test]
fn variables_that_mislead_python_do_not_mislead_the_making() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let mut command = sandbox.pyman(["venv", "create", "--no-pip", "-p", &python.version, "./e"]);
    command
        .env("PYTHONHOME", "/nowhere")
        .env("PYTHONPATH", "/nowhere")
        .env("PIP_TARGET", "/nowhere");
    assert_eq!(sandbox.ran(&mut command).status, Some(0));
    output(&sandbox, sandbox.work().join("e/bin/python"), &["-c", "import site"]);
}

#[test]
fn a_file_written_through_a_link_does_not_reach_the_next_environment() {
    let python = Python::newest();
    needs!(python.brings_pip(), "a Python that brings pip");
    let sandbox = sandbox(std::slice::from_ref(&python));
    assert_eq!(create(&sandbox, &["-p", &python.version, "./one"]).status, Some(0));
    let file = format!("lib/python{}/site-packages/pip/__init__.py", python.minor());
    fs::write(sandbox.work().join("one").join(&file), "raise SystemExit('mine')\n").unwrap();
    let ran = create(&sandbox, &["-p", &python.version, "./two"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    output(&sandbox, sandbox.work().join("two/bin/pip"), &["--version"]);
}

#[test]
fn a_root_that_cannot_be_written_is_no_obstacle() {
    as_ordinary_user(|| {
        let stall = Stall::open();
        stall.prepare(&["install", "3.12.1"]);
        let root = stall.sandbox.root();
        let permit = |mode| fs::set_permissions(&root, fs::Permissions::from_mode(mode)).unwrap();
        permit(0o555);
        let ran = stall.run(&["venv", "create", "-p", "3.12.1", "./e"]);
        permit(0o755);
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
        output(&stall.sandbox, stall.sandbox.work().join("e/bin/pip"), &["--version"]);
    });
}

#[test]
fn an_interrupted_creation_ends_as_signals_do_and_leaves_nothing() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    for (signal, status) in [("-INT", 130), ("-TERM", 143)] {
        let goal = sandbox.work().join("e");
        let mut command = sandbox.pyman(["venv", "create", "-p", &python.version, "./e"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        while names(&sandbox.work()).is_empty() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let id = child.id().to_string();
        std::process::Command::new("kill").args([signal, &id]).status().unwrap();
        // It may have been quicker than the signal.
        let ended = child.wait().unwrap();
        assert!(ended.code() == Some(status) || ended.success(), "{ended:?}");
        assert_eq!(goal.exists(), ended.success());
        let expected: &[&str] = if ended.success() { &["e"] } else { &[] };
        assert_eq!(names(&sandbox.work()), expected);
        fs::remove_dir_all(&goal).unwrap_or_default();
    }
}

#[test]
fn names_mean_something_where_the_working_directory_is_gone() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let gone = sandbox.work().join("gone");
    fs::create_dir(&gone).unwrap();
    let script =
        "rmdir ../gone && \"$0\" venv create --no-pip -p \"$1\" web && \"$0\" venv remove web";
    let mut shell = sandbox.command("/bin/sh");
    shell.args(["-c", script, crate::support::program(), &python.version]).current_dir(&gone);
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_base_without_wheels_is_said_and_nothing_is_made() {
    let python = Python::newest();
    let sandbox = sandbox(&[]);
    let minor = python.minor();
    let base = sandbox.root().join("versions").join(&python.version);
    let library = format!("lib/python{minor}");
    fs::create_dir_all(base.join(&library)).unwrap();
    fs::create_dir(base.join("bin")).unwrap();
    let interpreter = format!("bin/python{minor}");
    symlink(python.prefix.join(&interpreter), base.join(&interpreter)).unwrap();
    for name in names(&python.prefix.join(&library)) {
        let from = python.prefix.join(&library).join(&name);
        if name != "ensurepip" && !name.starts_with("_sysconfigdata") {
            symlink(from, base.join(&library).join(name)).unwrap();
        }
    }
    create(&sandbox, &["-p", &python.version, "./e"]).fails(
        &format!(
            "pyman: there is no pip for Python {minor}: the base brings none, and none could be downloaded\n\
             hint: make the environment with `--without-pip`\n"
        ),
        3,
    );
    assert_eq!(names(&sandbox.work()), [""; 0]);
    assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, "./e"]).status, Some(0));
}
