//! Two processes at one environment: each ends by itself, one of them reaches its goal, and nothing is half there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use super::names;
use crate::support::needs::{as_ordinary_user, has, needs};
use crate::support::sandbox::Sandbox;

/// Modules of the environment's one package: so many that copying them takes a while.
const MODULES: usize = 800;

/// How often the two are started, the second a little later each time.
const ROUNDS: u64 = 8;

/// A named environment `web` with a package, on a version whose interpreter is fake.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python", "python3.12"]);
    let ran = sandbox.run(&["venv", "create", "--no-pip", "-p", "3.12", "web"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let package = package(&named(&sandbox, "web"));
    fs::create_dir(&package).unwrap();
    for number in 0..MODULES {
        fs::write(package.join(format!("m{number}.py")), "").unwrap();
    }
    let place = named(&sandbox, "web");
    for name in ["one", "two", "three"] {
        let text = format!("#!{}/bin/python\n", place.display());
        fs::write(place.join("bin").join(name), text).unwrap();
    }
    sandbox
}

fn named(sandbox: &Sandbox, name: &str) -> PathBuf {
    sandbox.home().join(".virtualenvs").join(name)
}

fn package(environment: &Path) -> PathBuf {
    environment.join("lib/python3.12/site-packages/package")
}

/// The environment is whole, and everything in it says that it stands there.
#[track_caller]
fn whole(environment: &Path) {
    assert_eq!(names(&package(environment)).len(), MODULES, "{}", environment.display());
    let read = |name: &str| fs::read_to_string(environment.join(name)).unwrap();
    let place = environment.to_str().unwrap();
    for name in ["one", "two", "three"] {
        assert_eq!(read(&format!("bin/{name}")), format!("#!{place}/bin/python\n"));
    }
    assert!(read("bin/activate").contains(&format!("'{place}'")), "{}", read("bin/activate"));
    let left: Vec<String> = [names(environment), names(&environment.join("bin"))].concat();
    assert!(!left.iter().any(|name| name.starts_with(".pyman-")), "{left:?}");
}

fn started(sandbox: &Sandbox, arguments: &[&str]) -> Child {
    let mut command = sandbox.pyman(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Runs two commands, the second so much later.
fn both(sandbox: &Sandbox, commands: [&[&str]; 2], later: Duration) -> [Output; 2] {
    let first = started(sandbox, commands[0]);
    thread::sleep(later);
    let second = started(sandbox, commands[1]);
    [first, second].map(|child| child.wait_with_output().unwrap())
}

/// Does the same in a new sandbox with two commands ever further apart.
fn rounds(commands: [&[&str]; 2], before: fn(&Sandbox), judge: fn(&Sandbox, [bool; 2])) {
    as_ordinary_user(|| {
        for round in 0..ROUNDS {
            let sandbox = sandbox();
            before(&sandbox);
            let ended = both(&sandbox, commands, Duration::from_millis(8 * round));
            for one in &ended {
                let said = String::from_utf8_lossy(&one.stderr);
                assert!(matches!(one.status.code(), Some(0 | 1)), "{round}: {one:?}");
                assert!(!said.contains("panicked"), "{round}: {said}");
            }
            assert!(ended.iter().any(|one| one.status.success()), "{round}: {ended:?}");
            judge(&sandbox, [&ended[0], &ended[1]].map(|one| one.status.success()));
            let dead: Vec<PathBuf> = ["versions", "environments"]
                .iter()
                .flat_map(|folder| fs::read_dir(sandbox.root().join(folder)).unwrap())
                .map(|entry| entry.unwrap().path())
                .filter(|path| !path.exists())
                .collect();
            assert!(dead.is_empty(), "{round}: {dead:?} lead nowhere");
        }
    });
}

#[test]
fn two_moves_of_one_environment_to_one_place_move_it_once() {
    let command: &[&str] = &["venv", "move", "web", "site"];
    rounds(
        [command, command],
        |_| {},
        |sandbox, _| {
            assert_eq!(names(&sandbox.home().join(".virtualenvs")), ["site"]);
            whole(&named(sandbox, "site"));
        },
    );
}

#[test]
fn two_moves_of_one_environment_to_two_places_move_it_to_one() {
    let commands: [&[&str]; 2] =
        [&["venv", "move", "web", "here"], &["venv", "move", "web", "there"]];
    rounds(
        commands,
        |_| {},
        |sandbox, [first, second]| {
            assert!(first != second, "both moved it");
            let moved = if first { "here" } else { "there" };
            assert_eq!(names(&sandbox.home().join(".virtualenvs")), [moved]);
            whole(&named(sandbox, moved));
        },
    );
}

#[test]
fn what_is_removed_while_it_is_cloned_is_cloned_whole_or_not_at_all() {
    let commands: [&[&str]; 2] = [&["venv", "clone", "web", "site"], &["venv", "remove", "web"]];
    rounds(
        commands,
        |_| {},
        |sandbox, [cloned, removed]| {
            assert!(removed);
            let expected: &[&str] = if cloned { &["site"] } else { &[] };
            assert_eq!(names(&sandbox.home().join(".virtualenvs")), expected);
            if cloned {
                whole(&named(sandbox, "site"));
            }
        },
    );
}

#[test]
fn two_repairs_of_one_environment_mend_it() {
    let command: &[&str] = &["venv", "repair", "site"];
    let by_hand = |sandbox: &Sandbox| {
        fs::rename(named(sandbox, "web"), named(sandbox, "site")).unwrap();
        let ran = sandbox.run(&["venv", "list"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    };
    rounds([command, command], by_hand, |sandbox, ended| {
        assert_eq!(ended, [true, true]);
        whole(&named(sandbox, "site"));
    });
}

#[test]
fn a_mark_in_a_directory_that_is_no_environment_makes_no_move_of_it() {
    as_ordinary_user(|| {
        let sandbox = sandbox();
        let goal = sandbox.path().join("work/goal");
        fs::create_dir_all(&goal).unwrap();
        let from = named(&sandbox, "web");
        fs::write(goal.join(".pyman-unfinished"), format!("moving {}", from.display())).unwrap();
        let ran = sandbox.run(&["venv", "move", "web", "./goal"]);
        assert_ne!(ran.status, Some(0), "{ran:?}");
        assert_eq!(names(&package(&from)).len(), MODULES, "{ran:?}");
    });
}

#[test]
fn a_mark_that_was_brought_along_says_nothing() {
    as_ordinary_user(|| {
        let sandbox = sandbox();
        let web = named(&sandbox, "web");
        let work = sandbox.path().join("work");
        let bundled = sandbox.run(&["venv", "bundle", "web", "-o", "web.tar.gz"]);
        assert_eq!(bundled.status, Some(0), "{bundled:?}");
        for (mark, command) in [
            (format!("moving {}", web.display()), &["venv", "move", "web", "./goal"][..]),
            (format!("cloning {}", web.display()), &["venv", "clone", "web", "./goal"]),
            ("unbundling".to_owned(), &["venv", "unbundle", "web.tar.gz", "./goal"]),
        ] {
            let mut copy = Command::new("cp");
            copy.args(["-a", "--"]).arg(&web).arg(work.join("goal"));
            assert!(copy.status().unwrap().success());
            let module = package(&work.join("goal")).join("m7.py");
            fs::write(&module, "theirs").unwrap();
            fs::write(work.join("goal/.pyman-unfinished"), mark).unwrap();
            let ran = sandbox.run(command);
            assert_ne!(ran.status, Some(0), "{command:?}: {ran:?}");
            assert_eq!(names(&package(&web)).len(), MODULES, "{command:?}: {ran:?}");
            assert_eq!(fs::read_to_string(&module).unwrap(), "theirs");
            fs::remove_dir_all(work.join("goal")).unwrap();
        }
    });
}

#[test]
fn work_done_after_a_move_stopped_is_not_lost_by_going_on_with_it() {
    needs!(has("strace"), "strace");
    as_ordinary_user(|| {
        let sandbox = sandbox();
        let (from, to) = (named(&sandbox, "web"), sandbox.path().join("work/b"));
        let moving = ["venv", "move", "web", "./b"];
        // Both stand from the rename by which the new one appears to that by which the old one goes.
        for nth in 1.. {
            let inject = format!("inject=rename,renameat,renameat2:signal=KILL:when={nth}");
            let mut killed = sandbox.command("strace");
            killed.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=rename,renameat,renameat2"]);
            killed.args(["-e", &inject]).arg(crate::support::program()).args(moving);
            let status = killed.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
            assert_ne!(status.code(), Some(0), "no rename left the two: {nth}");
            assert!(from.join("pyvenv.cfg").is_file(), "{nth}");
            if to.join("pyvenv.cfg").is_file() {
                break;
            }
        }
        let new = package(&from).join("new.py");
        fs::write(&new, "mine").unwrap();
        let again = sandbox.run(&moving);
        assert_ne!(again.status, Some(0), "{again:?}");
        assert_eq!(fs::read_to_string(&new).unwrap(), "mine");
        fs::remove_file(&new).unwrap();
        let again = sandbox.run(&moving);
        assert_eq!(again.status, Some(0), "{again:?}");
        assert!(!from.exists());
    });
}
