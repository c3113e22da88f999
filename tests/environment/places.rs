//! Where environments go, what is refused, and what names mean.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};

use super::{Python, create, names, sandbox};
use crate::support::needs::needs;

#[test]
fn a_bare_word_is_a_named_environment_with_a_link_in_versions() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let ran = create(&sandbox, &["--no-pip", "-p", &python.version, "web"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let directory = sandbox.home().join(".virtualenvs/web");
    assert!(directory.join("pyvenv.cfg").is_file());
    let link = sandbox.root().join("versions/web");
    assert_eq!(fs::read_link(&link).unwrap(), directory);

    // One that leads nowhere is replaced, and those of other names are swept.
    fs::remove_dir_all(&directory).unwrap();
    symlink(sandbox.home().join(".virtualenvs/gone"), sandbox.root().join("versions/gone"))
        .unwrap();
    assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, "web"]).status, Some(0));
    assert_eq!(names(&sandbox.root().join("versions")), [python.version.as_str(), "web"]);
}

#[test]
fn a_name_that_something_living_has_is_left_to_it() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    sandbox.fake_version("web", &["tool"]);
    let ran = create(&sandbox, &["--no-pip", "-p", &python.version, "web"]);
    assert_eq!(ran.status, Some(0));
    assert_eq!(
        ran.stderr,
        "hint: `web' stands for something else in `pyman versions`; use `pyman venv path web`\n"
    );
    assert!(sandbox.root().join("versions/web/bin/tool").is_file());
    assert!(sandbox.home().join(".virtualenvs/web/pyvenv.cfg").is_file());
}

#[test]
fn workon_home_is_where_names_go() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    for (workon_home, expected) in [("~/a", "home/a"), ("b", "home/b")] {
        let mut command = sandbox.pyman(["venv", "create", "--no-pip", "-p", &python.version, "x"]);
        command.env("WORKON_HOME", workon_home);
        assert_eq!(sandbox.ran(&mut command).status, Some(0));
        assert!(sandbox.path().join(expected).join("x/pyvenv.cfg").is_file(), "{workon_home}");
    }
}

#[test]
fn what_cannot_be_is_refused_at_once_in_one_line() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    sandbox.write("work/full/file", "x");
    sandbox.write("work/file", "x");
    symlink("nowhere", sandbox.work().join("dangling")).unwrap();
    let cases = [
        ("./a:b", "scripts cannot carry a path with `:' in it", 2),
        ("./a\"b", "scripts cannot carry a path with `\"' in it", 2),
        ("./a$(touch x)b", "scripts cannot carry a path with `$' in it", 2),
        ("./a`b", "scripts cannot carry a path with ``' in it", 2),
        ("./a\\b", "scripts cannot carry a path with `\\' in it", 2),
        ("./a\nb", "it has a control character in it", 2),
        ("3.12", "`3.12' is no name for an environment: it reads as a version", 2),
        ("system", "it reads as a version", 2),
        ("", "it is empty", 2),
        ("./full", "exists and is no environment", 1),
        ("./file", "exists and is no environment", 1),
        ("./file/a/b", "`[SANDBOX]/work/file' exists and is no environment", 1),
        ("./dangling", "exists and is no environment", 1),
    ];
    for (goal, said, status) in cases {
        let before = names(&sandbox.work());
        let ran = create(&sandbox, &["--no-pip", "-p", &python.version, "--", goal]);
        let first = ran.stderr.split("\nhint: ").next().unwrap_or_default();
        assert!(first.trim_end().ends_with(said), "{goal:?}: {}", ran.stderr);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(status), ""), "{goal:?}");
        assert_eq!(names(&sandbox.work()), before, "{goal:?}");
    }
    assert_eq!(names(&sandbox.work().join("full")), ["file"]);
}

#[test]
fn an_environment_that_is_there_is_kept_or_refused_or_cleared() {
    needs!(let Some([one, other]) = Python::two(), "two minors of Python");
    let sandbox = sandbox(&[one.clone(), other.clone()]);
    assert_eq!(create(&sandbox, &["--no-pip", "-p", &one.version, "./e"]).status, Some(0));
    let mine = sandbox.write("work/e/mine", "x");
    let again = create(&sandbox, &["--no-pip", "-p", &one.version, "./e"]);
    again.is(
        "",
        &format!("pyman: `[SANDBOX]/work/e' is an environment of {} already\n", one.version),
        0,
    );
    create(&sandbox, &["--no-pip", "-p", &other.version, "./e"]).fails(
        &format!(
            "pyman: `[SANDBOX]/work/e' exists and is an environment of Python {}, not {}\n\
             hint: `--clear` makes it anew\n",
            one.minor(),
            other.minor()
        ),
        1,
    );
    assert!(mine.exists());
    assert_eq!(
        create(&sandbox, &["--no-pip", "--clear", "-p", &other.version, "./e"]).status,
        Some(0)
    );
    assert!(!mine.exists());
    assert_eq!(names(&sandbox.work()), ["e"]);
}

#[test]
fn an_empty_directory_and_a_link_to_one_are_filled() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    fs::create_dir_all(sandbox.work().join("empty")).unwrap();
    fs::create_dir_all(sandbox.work().join("real")).unwrap();
    symlink("real", sandbox.work().join("link")).unwrap();
    for goal in ["./empty", "./link"] {
        assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, goal]).status, Some(0));
    }
    assert!(fs::symlink_metadata(sandbox.work().join("link")).unwrap().is_symlink());
    assert!(sandbox.work().join("real/pyvenv.cfg").is_file());
    assert!(sandbox.work().join("empty/pyvenv.cfg").is_file());
}

#[test]
fn the_working_directory_is_filled_and_stays_itself() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let before = fs::metadata(sandbox.work()).unwrap().ino();
    assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, "."]).status, Some(0));
    assert_eq!(fs::metadata(sandbox.work()).unwrap().ino(), before);
    let expected = [".gitignore", "bin", "include", "lib", "lib64", "pyvenv.cfg"];
    assert_eq!(names(&sandbox.work()), expected);
}

#[test]
fn the_name_python_stands_for_what_is_selected() {
    needs!(let Some([one, other]) = Python::two(), "two minors of Python");
    let sandbox = sandbox(&[one.clone(), other.clone()]);
    for (number, selected) in [one, other].iter().enumerate() {
        sandbox.write("pyman/version", &selected.version);
        let ran = create(&sandbox, &["--no-pip", "-p", "python", &format!("./{number}")]);
        let said = format!("created [SANDBOX]/work/{number} ({})", selected.version);
        assert_eq!(ran.stdout.lines().next(), Some(&*said), "{}", ran.stderr);
    }
}

#[test]
fn a_shim_stands_for_what_it_selects() {
    needs!(let Some([one, other]) = Python::two(), "two minors of Python");
    let sandbox = sandbox(&[one.clone(), other.clone()]);
    sandbox.run(&["rehash"]).succeeds("");
    sandbox.write("pyman/version", &other.version);
    let cases = [("python".to_owned(), &other), (format!("python{}", one.minor()), &one)];
    for (number, (shim, expected)) in cases.iter().enumerate() {
        let shim = sandbox.root().join("shims").join(shim);
        let goal = format!("./{number}");
        let ran = create(&sandbox, &["--no-pip", "-p", shim.to_str().unwrap(), &goal]);
        let said = format!("created [SANDBOX]/work/{number} ({})", expected.version);
        assert_eq!(ran.stdout.lines().next(), Some(&*said), "{}", ran.stderr);
    }
}
