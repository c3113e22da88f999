//! Where environments go, what is refused, and what names mean.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};

use super::{Python, create, names, output, sandbox};
use crate::support::needs::{has, needs};
use crate::support::sandbox::Sandbox;

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
    let mode = fs::metadata(directory.join("bin/activate")).unwrap().mode();
    assert_eq!(mode & 0o111, 0, "activation scripts are no programs");

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
        ("./dangling", "is a link, through which pyman makes and removes nothing", 1),
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
fn an_empty_directory_is_filled_and_what_a_link_leads_to_is_not() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let named = sandbox.home().join(".virtualenvs");
    for directory in [sandbox.work().join("empty"), sandbox.work().join("real"), named.clone()] {
        fs::create_dir_all(directory).unwrap();
    }
    symlink("real", sandbox.work().join("link")).unwrap();
    symlink(sandbox.work().join("real"), named.join("site")).unwrap();
    let making = ["--no-pip", "-p", &python.version];
    let made = |goal: &str| create(&sandbox, &[&making[..], &[goal]].concat());
    assert_eq!(made("./empty").status, Some(0));
    assert!(sandbox.work().join("empty/pyvenv.cfg").is_file());
    for goal in ["./link", "site"] {
        let ran = made(goal);
        assert_eq!(ran.status, Some(1), "{ran:?}");
        assert!(ran.stderr.contains("is a link, through which"), "{ran:?}");
    }
    assert_eq!(names(&sandbox.work().join("real")), [] as [&str; 0]);
    // An environment is not made anew through one.
    assert_eq!(made("./real").status, Some(0));
    fs::write(sandbox.work().join("real/precious"), "").unwrap();
    for goal in ["./link", "site"] {
        let ran = create(&sandbox, &[&making[..], &["--clear", goal]].concat());
        assert_eq!(ran.status, Some(1), "{ran:?}");
    }
    assert!(sandbox.work().join("real/precious").is_file());
    // What leads there may be a link, and a project may be one.
    assert_eq!(made("link/below").status, Some(0));
    assert!(sandbox.work().join("real/below/pyvenv.cfg").is_file());
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

#[test]
fn what_the_project_requires_chooses_where_nobody_did() {
    let sandbox = Sandbox::new();
    for version in ["3.9.18", "3.12.1", "3.13.0"] {
        let minor = version.rsplit_once('.').unwrap().0;
        sandbox.fake_version(version, &["python", &format!("python{minor}")]);
    }
    sandbox.write("pyman/version", "3.9.18");
    sandbox.write("work/pyproject.toml", "[project]\nrequires-python = \">=3.10,<3.13\"\n");
    let made = |goal: &str, more: &[&str]| {
        let ran = create(&sandbox, &[&["--no-pip"], more, &[goal]].concat());
        let first = ran.stdout.lines().next().unwrap_or_default().to_owned();
        (first, ran.stderr)
    };
    let created = |goal: &str, version: &str| format!("created [SANDBOX]/work/{goal} ({version})");
    assert_eq!(made("./a", &[]), (created("a", "3.12.1"), String::new()));
    let contradicts =
        "warning: [SANDBOX]/work/pyproject.toml requires Python >=3.10,<3.13, and this is 3.13.0\n";
    assert_eq!(made("./b", &["-p", "3.13"]), (created("b", "3.13.0"), contradicts.to_owned()));
    sandbox.write("work/.python-version", "3.13.0\n");
    assert_eq!(made("./c", &[]), (created("c", "3.13.0"), contradicts.to_owned()));
    fs::remove_file(sandbox.work().join(".python-version")).unwrap();
    sandbox.write("work/pyproject.toml", "[project]\nrequires-python = \">=3.99\"\n");
    let ran = create(&sandbox, &["--no-pip", "./d"]);
    assert!(ran.stderr.starts_with("pyman: version `>=3.99' is not installed; "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(1));
}

#[test]
fn requirements_that_are_not_there_are_missed_before_anything_is_made() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python", "python3.12"]);
    create(&sandbox, &["-p", "3.12", "./e", "-r", "gone.txt"])
        .fails("pyman: there is no file of requirements `gone.txt'\n", 1);
    assert_eq!(names(&sandbox.work()), [""; 0]);
}

#[test]
fn an_environment_whose_interpreter_is_gone_is_put_on_the_asked_version() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python", "python3.12"]);
    assert_eq!(create(&sandbox, &["--no-pip", "-p", "3.12.1", "./e"]).status, Some(0));
    let kept = sandbox.write("work/e/lib/python3.12/site-packages/mine.py", "x");
    fs::remove_dir_all(sandbox.root().join("versions/3.12.1")).unwrap();
    sandbox.fake_version("3.12.2", &["python", "python3.12"]);
    create(&sandbox, &["--no-pip", "-p", "3.12.2", "./e"]).is(
        "",
        "pyman: what `[SANDBOX]/work/e' stood on is gone: it stands on 3.12.2 now\n",
        0,
    );
    assert!(kept.is_file());
    let base = fs::read_link(sandbox.work().join("e/bin/python")).unwrap();
    assert!(base.starts_with(sandbox.root().join("versions/3.12.2")), "{base:?}");
}

#[test]
fn copies_need_no_link_at_all() {
    needs!(has("strace"), "strace");
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let mut command = sandbox.command("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=symlink,symlinkat", "-e"]);
    command.arg("inject=symlink,symlinkat:error=EPERM").arg(crate::support::program());
    command.args(["venv", "create", "--no-pip", "--copies", "-p", &python.version, "./e"]);
    let ran = sandbox.ran(&mut command);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let run = ["-c", "import sys; print(sys.prefix)"];
    let place = sandbox.work().join("e");
    for name in ["python", "python3"] {
        let said = output(&sandbox, place.join("bin").join(name), &run);
        assert_eq!(said, format!("{}\n", place.display()), "{name}");
    }
}

#[test]
fn a_link_where_the_registry_belongs_is_refused_and_named() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python", "python3.12"]);
    let theirs = sandbox.path().join("theirs");
    fs::create_dir(&theirs).unwrap();
    symlink("gone", theirs.join("link")).unwrap();
    symlink(&theirs, sandbox.root().join("environments")).unwrap();
    let ran = sandbox.run(&["venv", "list"]);
    ran.fails(
        "pyman: [SANDBOX]/pyman/environments is a link: pyman writes and removes nothing through one\n\
         hint: run `pyman doctor`\n",
        5,
    );
    assert_eq!(names(&theirs), ["link"]);
}
