//! Killed at a system call, every command about environments ends as if nothing had happened when it is given again.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::needs::{as_ordinary_user, has, needs};
use crate::support::sandbox::Sandbox;

/// The calls by which something comes, goes or is seen.
const CALLS: [&str; 12] = [
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "symlink",
    "symlinkat",
    "link",
    "linkat",
    "flock",
];

/// A command, what has to be there before it, and what must be true in the end.
struct Story {
    before: &'static [&'static [&'static str]],
    command: &'static [&'static str],
    reached: fn(&Sandbox) -> bool,
}

/// Two versions whose interpreters are fake: making an environment without pip starts none.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python", "python3.12", "tool"]);
    sandbox.fake_version("3.11.7", &["python", "python3.11"]);
    sandbox
}

fn is_environment(directory: &Path) -> bool {
    let has = |name: &str| directory.join(name).is_file();
    has("pyvenv.cfg") && has("bin/activate") && directory.join("bin/python").is_file()
}

fn named(sandbox: &Sandbox, name: &str) -> PathBuf {
    sandbox.home().join(".virtualenvs").join(name)
}

fn named_home(sandbox: &Sandbox) -> PathBuf {
    sandbox.home().join(".virtualenvs")
}

fn leads(sandbox: &Sandbox, name: &str, to: &Path) -> bool {
    fs::read_link(sandbox.root().join("versions").join(name)).is_ok_and(|target| target == to)
}

fn is_gone(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err()
}

/// Everything below a directory that is unfinished, or a link that leads nowhere.
fn left(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let (entry, path) = entry.map(|entry| (entry.file_name(), entry.path())).unwrap();
        let metadata = fs::symlink_metadata(&path).unwrap();
        if entry.to_string_lossy().starts_with(".pyman-") || metadata.is_symlink() && !path.exists()
        {
            found.push(path);
        } else if metadata.is_dir() {
            left(&path, found);
        }
    }
}

/// Kills the command at each call of this kind, and gives it again.
fn killed_at(story: &Story, call: &str) {
    for nth in 1.. {
        let sandbox = sandbox();
        for command in story.before {
            let ran = sandbox.run(command);
            assert_eq!(ran.status, Some(0), "{command:?}: {}", ran.stderr);
        }
        let mut command = sandbox.command("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
        command.arg(format!("inject={call}:signal=KILL:when={nth}"));
        command.arg(crate::support::program()).args(story.command);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let killed = command.status().unwrap().code().is_none_or(|code| code == 137);
        if !killed {
            return;
        }
        let shown = format!("{:?} killed at {call} {nth}", story.command);
        let again = sandbox.run(story.command);
        assert!((story.reached)(&sandbox), "{shown}: not reached: {}", again.stderr);
        // What had been reached wholly may say so.
        assert!(again.status == Some(0) || again.status == Some(1), "{shown}: {}", again.stderr);
        let mut found = Vec::new();
        left(&sandbox.path(), &mut found);
        assert!(found.is_empty(), "{shown}: {found:?} {}", again.stderr);
    }
}

fn told(story: &Story) {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        for call in CALLS {
            killed_at(story, call);
        }
    });
}

#[test]
fn a_creation_that_was_killed_is_made_by_the_same_command() {
    told(&Story {
        before: &[],
        command: &["venv", "create", "--no-pip", "-p", "3.12", "web"],
        reached: |sandbox| {
            let web = named(sandbox, "web");
            is_environment(&web) && leads(sandbox, "web", &web)
        },
    });
}

#[test]
fn a_replacement_that_was_killed_is_made_by_the_same_command() {
    told(&Story {
        before: &[&["venv", "create", "--no-pip", "-p", "3.11", "web"]],
        command: &["venv", "create", "--no-pip", "--clear", "-p", "3.12", "web"],
        reached: |sandbox| named(sandbox, "web").join("lib/python3.12").is_dir(),
    });
}

#[test]
fn a_working_directory_that_is_filled_is_filled_after_a_kill() {
    told(&Story {
        before: &[],
        command: &["venv", "create", "--no-pip", "-p", "3.12", "."],
        reached: |sandbox| {
            let names = super::names(&sandbox.work());
            let all = [".gitignore", "bin", "include", "lib", "lib64", "pyvenv.cfg"];
            is_environment(&sandbox.work()) && names == all
        },
    });
}

#[test]
fn a_working_directory_that_could_not_be_filled_is_filled_by_the_same_command() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        for fault in ["renameat:error=ENOSPC", "renameat:error=EIO", "write:error=ENOSPC"] {
            let (call, _) = fault.split_once(':').unwrap();
            for nth in 1..40 {
                let sandbox = sandbox();
                let create = ["venv", "create", "--no-pip", "-p", "3.12", "."];
                let mut command = sandbox.command("strace");
                command.args([
                    "-f",
                    "-qq",
                    "-o",
                    "/dev/null",
                    "-e",
                    &format!("trace={call}"),
                    "-e",
                ]);
                command.arg(format!("inject={fault}:when={nth}"));
                let output = command.arg(crate::support::program()).args(create).output().unwrap();
                let shown = format!("{fault} {nth}: {}", String::from_utf8_lossy(&output.stderr));
                let again = sandbox.run(&create);
                assert!(matches!(again.status, Some(0 | 1)), "{shown}: {}", again.stderr);
                assert!(is_environment(&sandbox.work()), "{shown}: {}", again.stderr);
                let mut found = Vec::new();
                left(&sandbox.work(), &mut found);
                assert!(found.is_empty(), "{shown}: {found:?}");
            }
        }
    });
}

#[test]
fn a_move_that_was_killed_is_gone_on_with() {
    told(&Story {
        before: &[&["venv", "create", "--no-pip", "-p", "3.12", "web"]],
        command: &["venv", "move", "web", "api"],
        reached: |sandbox| {
            let api = named(sandbox, "api");
            let gone =
                is_gone(&named(sandbox, "web")) && is_gone(&sandbox.root().join("versions/web"));
            is_environment(&api) && leads(sandbox, "api", &api) && gone
        },
    });
}

#[test]
fn what_a_move_or_a_removal_could_not_clear_is_named() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let mut named = 0;
        for words in [&["venv", "move", "web", "api"][..], &["venv", "remove", "web"]] {
            for nth in 1..30 {
                let sandbox = sandbox();
                let create = sandbox.run(&["venv", "create", "--no-pip", "-p", "3.12", "web"]);
                assert_eq!(create.status, Some(0), "{create:?}");
                let mut command = sandbox.command("strace");
                command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=unlinkat", "-e"]);
                command.arg(format!("inject=unlinkat:error=EIO:when={nth}"));
                let output = command.arg(crate::support::program()).args(words).output().unwrap();
                let said = String::from_utf8_lossy(&output.stderr);
                let mut found = Vec::new();
                left(&named_home(&sandbox), &mut found);
                if output.status.success() && !found.is_empty() {
                    assert!(said.contains(".pyman-stage-"), "{words:?} {nth}: {said} {found:?}");
                    named += 1;
                }
            }
        }
        assert!(named > 1, "it came to that");
    });
}

#[test]
fn a_clone_that_was_killed_is_made_by_the_same_command() {
    told(&Story {
        before: &[&["venv", "create", "--no-pip", "-p", "3.12", "web"]],
        command: &["venv", "clone", "web", "api"],
        reached: |sandbox| {
            let api = named(sandbox, "api");
            is_environment(&api)
                && leads(sandbox, "api", &api)
                && is_environment(&named(sandbox, "web"))
        },
    });
}

#[test]
fn a_removal_that_was_killed_is_gone_on_with() {
    told(&Story {
        before: &[&["venv", "create", "--no-pip", "-p", "3.12", "web"]],
        command: &["venv", "remove", "web"],
        reached: |sandbox| {
            is_gone(&named(sandbox, "web")) && is_gone(&sandbox.root().join("versions/web"))
        },
    });
}

#[test]
fn an_environment_of_a_version_that_was_killed_is_made_by_the_same_command() {
    told(&Story {
        before: &[],
        command: &["virtualenv", "-q", "--without-pip", "3.12.1", "web"],
        reached: |sandbox| {
            let web = sandbox.root().join("versions/3.12.1/envs/web");
            let shim = sandbox.root().join("shims/pydoc").is_file();
            is_environment(&web) && leads(sandbox, "web", &web) && shim
        },
    });
}

#[test]
fn a_deletion_that_was_killed_is_gone_on_with() {
    told(&Story {
        before: &[&["virtualenv", "-q", "--without-pip", "3.12.1", "web"]],
        command: &["virtualenv-delete", "-f", "web"],
        reached: |sandbox| {
            let versions = sandbox.root().join("versions");
            is_gone(&versions.join("3.12.1/envs/web")) && is_gone(&versions.join("web"))
        },
    });
}

#[test]
fn a_stage_beside_a_goal_tells_nobody_what_to_remove() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let sandbox = sandbox();
        let precious = sandbox.write("precious/file", "x");
        let create = ["venv", "create", "--no-pip", "-p", "3.12", "web"];
        assert_eq!(sandbox.run(&create).status, Some(0));
        // What a dead process of ours may have left, with links planted in it.
        let homes = sandbox.home().join(".virtualenvs");
        assert_eq!(sandbox.run(&["venv", "remove", "web"]).status, Some(0));
        let mut command = sandbox.command("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat", "-e"]);
        command.arg("inject=renameat:signal=KILL:when=3");
        command.arg(crate::support::program()).args(create);
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert_ne!(super::names(&homes), [""; 0], "a stage is left");
        for stage in super::names(&homes) {
            for name in ["removed", "old", "elsewhere.0", "bin"] {
                let link = homes.join(&stage).join(name);
                if is_gone(&link) {
                    symlink(precious.parent().unwrap(), link).unwrap();
                }
            }
        }
        assert_eq!(sandbox.run(&create).status, Some(0));
        assert_eq!(super::names(&homes), ["web"]);
        assert_eq!(fs::read_to_string(&precious).unwrap(), "x");
    });
}
