//! Environments of every version here: what is in them, and what runs.

use std::fs;
use std::path::Path;

use super::{Python, create, names, numbers, output, sandbox};
use crate::support::needs::needs;

#[test]
fn an_environment_runs_isolated_and_says_what_it_stands_on() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let version = &python.version;
    create(&sandbox, &["--no-pip", "-p", version]).succeeds(&format!(
        "created [SANDBOX]/work/.venv ({version})\nsource [SANDBOX]/work/.venv/bin/activate\n"
    ));
    let environment = sandbox.work().join(".venv");
    let home = sandbox.root().join("versions").join(version).join("bin");
    let config = fs::read_to_string(environment.join("pyvenv.cfg")).unwrap();
    let expected = format!(
        "home = {}\ninclude-system-site-packages = false\nversion = {version}\n",
        home.display()
    );
    assert!(config.starts_with(&expected), "{config}");
    let script = "import sys, os; print(sys.prefix, sys.base_prefix != sys.prefix, \
                  [p for p in sys.path if p.endswith('site-packages')])";
    let minor = python.minor();
    let site_packages = environment.join(format!("lib/python{minor}/site-packages"));
    let expected = format!("{0} True ['{1}']\n", environment.display(), site_packages.display());
    for name in ["python", "python3", &format!("python{minor}")] {
        assert_eq!(output(&sandbox, environment.join("bin").join(name), &["-c", script]), expected);
    }
    assert_eq!(names(&site_packages), [""; 0]);
}

#[test]
fn pydoc_documents_what_the_environment_has_and_moves_with_it() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let making = ["--no-pip", "-p", &python.version, "--prompt", ".", "./a b"];
    assert_eq!(create(&sandbox, &making).status, Some(0));
    let modules = format!("a b/lib/python{}/site-packages", python.minor());
    sandbox.write(&format!("work/{modules}/mine.py"), "\"\"\"A module of its own.\"\"\"\n");
    assert_eq!(sandbox.run(&["venv", "move", "./a b", "./c d"]).status, Some(0));
    let moved = sandbox.work().join("c d");
    let shown = output(&sandbox, moved.join("bin/pydoc"), &["mine"]);
    assert!(shown.contains("mine - A module of its own."), "{shown}");
    let config = fs::read_to_string(moved.join("pyvenv.cfg")).unwrap();
    assert!(config.lines().any(|line| line == "prompt = work"), "{config}");
}

#[test]
fn a_request_for_a_minor_stands_on_the_minor() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let minor = python.minor();
    let ran = create(&sandbox, &["--no-pip", "-p", &minor, "./e"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let link = sandbox.root().join("minor").join(&minor);
    let config = fs::read_to_string(sandbox.work().join("e/pyvenv.cfg")).unwrap();
    assert!(config.starts_with(&format!("home = {}/bin\n", link.display())), "{config}");
    assert!(link.join("bin").is_dir());
}

#[test]
fn a_base_is_what_an_environment_without_a_home_leads_to() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let tree = sandbox.root().join("versions").join(&python.version);
    // As Bazel makes them.
    let bare = sandbox.work().join("bare");
    sandbox.write("work/bare/pyvenv.cfg", "");
    fs::create_dir(bare.join("bin")).unwrap();
    let program = tree.join(format!("bin/python{}", python.minor()));
    std::os::unix::fs::symlink(program, bare.join("bin/python3")).unwrap();
    std::os::unix::fs::symlink("python3", bare.join("bin/python")).unwrap();
    for (asked, made) in [("./bare", "./one"), ("./bare/bin/python", "./two")] {
        let ran = create(&sandbox, &["--no-pip", "-p", asked, made]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        let config = fs::read_to_string(sandbox.work().join(made).join("pyvenv.cfg")).unwrap();
        let home = tree.join("bin").canonicalize().unwrap();
        assert!(config.starts_with(&format!("home = {}\n", home.display())), "{config}");
    }
    fs::remove_file(bare.join("bin/python3")).unwrap();
    let gone = create(&sandbox, &["--no-pip", "-p", "./bare", "./three"]);
    gone.fails("pyman: there is no Python at `[SANDBOX]/work/bare/bin/python'\n", 1);
}

#[test]
fn a_free_threaded_python_has_the_plain_name_too() {
    let sandbox = crate::support::sandbox::Sandbox::new();
    let commands = ["python", "python3", "python3.13", "python3.13t"];
    let tree = sandbox.fake_version("3.13.0t", &commands);
    fs::create_dir_all(tree.join("lib/python3.13t")).unwrap();
    let ran = create(&sandbox, &["--no-pip", "-p", "3.13t", "./e"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let bin = sandbox.work().join("e/bin");
    for command in commands {
        assert_eq!(bin.join(command).canonicalize().unwrap(), tree.join("bin/python3.13t"));
    }
}

#[test]
fn pip_of_every_version_lists_checks_and_removes_itself() {
    for python in Python::all() {
        if !python.brings_pip() {
            println!("Python {} brings no pip: passed over", python.version);
            continue;
        }
        let sandbox = sandbox(std::slice::from_ref(&python));
        let ran = create(&sandbox, &["-p", &python.version, "./e"]);
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{}", python.version);
        let bin = sandbox.work().join("e/bin");
        let said = output(&sandbox, bin.join("pip"), &["--version"]);
        assert!(said.contains(&sandbox.work().join("e").display().to_string()), "{said}");
        assert!(said.contains(&format!("(python {})", python.minor())), "{said}");
        assert_eq!(
            output(&sandbox, bin.join("pip"), &["check"]),
            "No broken requirements found.\n"
        );
        let minor = python.minor();
        let major = minor.split('.').next().unwrap();
        for name in ["pip".to_owned(), format!("pip{major}"), format!("pip{minor}")] {
            assert!(bin.join(&name).is_file(), "{name}");
        }
        let listed = output(&sandbox, bin.join("pip"), &["list", "--format=freeze"]);
        let mut projects: Vec<&str> =
            listed.lines().filter_map(|line| line.split("==").next()).collect();
        projects.reverse();
        output(
            &sandbox,
            bin.join("python"),
            &[&["-m", "pip", "uninstall", "-y"], &projects[..]].concat(),
        );
        let left = names(&bin);
        assert!(
            left.iter().all(|name| !name.starts_with("pip") && !name.starts_with("easy")),
            "{left:?}"
        );
        let site_packages = sandbox.work().join(format!("e/lib/python{minor}/site-packages"));
        assert_eq!(names(&site_packages), [""; 0], "{}", python.version);
    }
}

#[test]
fn any_path_that_is_allowed_works_with_pips_scripts() {
    let python = Python::newest();
    needs!(python.brings_pip(), "a Python that brings pip");
    let sandbox = sandbox(std::slice::from_ref(&python));
    let long = "d".repeat(200);
    for name in ["a b", "it's", "a;b", "a!b", "é ü", "(x)&|", "a'''b", "#h", "%s", "~", &long] {
        let goal = sandbox.work().join(name).join("e");
        let goal_text = goal.to_str().unwrap();
        let ran = create(&sandbox, &["-p", &python.version, goal_text]);
        assert_eq!(ran.status, Some(0), "{name}: {}", ran.stderr);
        let said = output(&sandbox, goal.join("bin/pip"), &["--version"]);
        assert!(said.contains(goal_text), "{name}: {said}");
    }
}

#[test]
fn the_bases_packages_are_seen_when_asked_for() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let ran =
        create(&sandbox, &["--no-pip", "--system-site-packages", "-p", &python.version, "./e"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let script = "import sys, site; print(len(site.getsitepackages()) > 1)";
    assert_eq!(output(&sandbox, sandbox.work().join("e/bin/python"), &["-c", script]), "True\n");
}

#[test]
fn options_for_what_is_so_anyway_are_accepted() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let accepted = ["--symlinks", "--no-download", "--no-wheel", "--no-setuptools"];
    let making = [&["--no-pip", "-p", &python.version, "./e"], &accepted[..]].concat();
    assert_eq!(create(&sandbox, &making).status, Some(0));
}

#[test]
fn a_copied_interpreter_runs_too() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    let ran = create(&sandbox, &["--no-pip", "--copies", "-p", &python.version, "./e"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let copied = sandbox.work().join("e/bin/python");
    assert!(fs::symlink_metadata(&copied).unwrap().is_file());
    let script = "import sys, ssl; print(sys.prefix)";
    let expected = format!("{}\n", sandbox.work().join("e").display());
    assert_eq!(output(&sandbox, copied, &["-c", script]), expected);
}

#[test]
fn a_path_stands_for_its_base_and_is_asked_once() {
    let python = Python::newest();
    let sandbox = sandbox(&[]);
    let outside = python.prefix.join(format!("bin/python{}", python.minor()));
    let outside = outside.to_str().unwrap();
    for (base, goal) in [(outside, "./one"), (outside, "./two"), ("./one/bin/python", "./three")] {
        let ran = create(&sandbox, &["--no-pip", "-p", base, goal]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let config = fs::read_to_string(sandbox.work().join(goal).join("pyvenv.cfg")).unwrap();
        let expected = format!("home = {}/bin\n", python.prefix.display());
        assert!(config.starts_with(&expected), "{goal}: {config}");
    }
    // As virtualenv 20.15 writes it: `home` is the prefix.
    let (prefix, theirs) = (python.prefix.display(), sandbox.work().join("one/pyvenv.cfg"));
    let config = format!(
        "home = {prefix}\nversion_info = {}.final.0\nvirtualenv = 20.15.1\nbase-prefix = {prefix}\n\
         base-executable = {outside}\n",
        python.version
    );
    fs::write(theirs, config).unwrap();
    for (base, goal) in [("./one/bin/python", "./four"), ("./one", "./five")] {
        let ran = create(&sandbox, &["--no-pip", "-p", base, goal]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let config = fs::read_to_string(sandbox.work().join(goal).join("pyvenv.cfg")).unwrap();
        assert!(config.starts_with(&format!("home = {prefix}/bin\n")), "{goal}: {config}");
    }
    assert_eq!(names(&sandbox.root().join("cache/interpreters")).len(), 1);
    let first = names(&sandbox.root().join("cache/interpreters"));
    let remembered = sandbox.root().join("cache/interpreters").join(&first[0]);
    assert!(fs::read_to_string(remembered).unwrap().contains(&python.version));
}

#[test]
fn without_a_request_the_selected_version_is_the_base() {
    needs!(let Some([one, other]) = Python::two(), "two minors of Python");
    let sandbox = sandbox(&[one.clone(), other.clone()]);
    sandbox.write("work/.python-version", &other.version);
    let ran = create(&sandbox, &["--no-pip"]);
    assert_eq!(
        ran.stdout.lines().next(),
        Some(&*format!("created [SANDBOX]/work/.venv ({})", other.version))
    );
    assert_eq!(create(&sandbox, &["--no-pip", "named"]).status, Some(0));
    sandbox.write("work/.python-version", "3.99\n");
    let mut installed = [&one.version, &other.version];
    installed.sort_by_key(|version| numbers(version));
    // An environment is no Python to stand on, though `versions/` has a link to it.
    create(&sandbox, &["--no-pip", "./x"]).fails(
        &format!(
            "pyman: version `3.99' is not installed; installed: {}, {}\n",
            installed[0], installed[1]
        ),
        1,
    );
    assert!(!Path::new(&sandbox.work().join("x")).exists());
}

#[test]
fn in_an_active_environment_its_base_is_the_base() {
    let python = Python::newest();
    let sandbox = sandbox(std::slice::from_ref(&python));
    assert_eq!(create(&sandbox, &["--no-pip", "-p", &python.version, "./one"]).status, Some(0));
    let mut command = sandbox.pyman(["venv", "create", "--no-pip", "./two"]);
    command.env("VIRTUAL_ENV", sandbox.work().join("one"));
    assert_eq!(sandbox.ran(&mut command).status, Some(0));
    let home = |name: &str| {
        let text = fs::read_to_string(sandbox.work().join(name).join("pyvenv.cfg")).unwrap();
        text.lines().next().unwrap().to_owned()
    };
    assert_eq!(home("one"), home("two"));
}
