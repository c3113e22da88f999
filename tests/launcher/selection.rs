//! Which version runs.

use std::fs;

use super::{Launcher, VERSION, interpreters, newest};

#[test]
fn every_version_runs_when_it_is_typed() {
    let launcher = Launcher::new();
    for interpreter in interpreters() {
        let tags = [
            format!("-{}", interpreter.name()),
            format!("-V:{}", interpreter.name()),
            format!("-V:PythonCore/{}-64", interpreter.name()),
        ];
        for tag in tags {
            let ran = launcher.ran(&[&tag, "-c", VERSION]);
            ran.succeeds(&format!("{}\n", interpreter.name()));
        }
    }
    launcher.ran(&["-c", VERSION]).succeeds(&format!("{}\n", newest().name()));
}

#[test]
fn what_runs_never_takes_the_launcher_for_itself() {
    let launcher = Launcher::new();
    let code = "import sys; print(sys.executable)";
    let newest = newest().name();
    launcher
        .ran(&["-c", code])
        .succeeds(&format!("[SANDBOX]/pyman/versions/{newest}/bin/python\n"));
}

#[test]
fn no_variable_changes_but_the_one_that_is_cleared() {
    let launcher = Launcher::new();
    let code =
        "import os; print('\\n'.join(sorted('%s=%s' % pair for pair in os.environ.items())))";
    let mut direct = launcher.sandbox.command(&newest().executable);
    direct.env_remove("PYMAN_ROOT").env("PATH", "/nowhere").args(["-c", code]);
    let expected = launcher.sandbox.ran(&mut direct).stdout;
    let mut py = launcher.py(&["-c", code]);
    py.env("__PYVENV_LAUNCHER__", "/x").env("_PYMAN_CHAIN", "1:1");
    launcher.sandbox.ran(&mut py).succeeds(&expected);
}

#[test]
fn a_real_environment_answers_where_its_version_agrees() {
    let launcher = Launcher::new();
    let directory = launcher.sandbox.path().join("venv");
    let newest = newest();
    let mut create = launcher.py(&["-m", "venv", "--without-pip"]);
    let created = launcher.sandbox.ran(create.arg(&directory));
    assert_eq!(created.status, Some(0), "{created:?}");

    let code = "import sys; print(sys.prefix)";
    let prefix = |arguments: &[&str]| {
        let mut py = launcher.py(arguments);
        let ran = launcher.sandbox.ran(py.env("VIRTUAL_ENV", &directory));
        assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)));
        ran.stdout == "[SANDBOX]/venv\n"
    };
    launcher.script("any.py", code);
    launcher.script("same.py", format!("#!/usr/bin/env python{}\n{code}", newest.minor()));
    assert!(prefix(&["-c", code]));
    assert!(prefix(&["any.py"]));
    assert!(prefix(&["same.py"]));
    assert!(!prefix(&[&format!("-{}", newest.minor()), "-c", code]));
    for other in interpreters().iter().filter(|other| other.minor() != newest.minor()) {
        launcher.script("other.py", format!("#!/usr/bin/python{}\n{code}", other.minor()));
        assert!(!prefix(&["other.py"]), "{}", other.name());
    }
}

#[test]
fn files_and_variables_choose_in_their_order() {
    let launcher = Launcher::new();
    let versions: Vec<String> = interpreters().iter().map(super::Interpreter::name).collect();
    let [oldest, newest] = [versions.first().unwrap(), versions.last().unwrap()];
    let runs = |variables: &[(&str, &str)]| {
        let mut py = launcher.py(&["-c", VERSION]);
        launcher.sandbox.ran(py.envs(variables.iter().copied()))
    };
    fs::write(launcher.sandbox.root().join("version"), oldest).unwrap();
    runs(&[]).succeeds(&format!("{oldest}\n"));
    launcher.script(".python-version", newest);
    runs(&[]).succeeds(&format!("{newest}\n"));
    runs(&[("PY_PYTHON", oldest)]).succeeds(&format!("{oldest}\n"));
    runs(&[("PY_PYTHON", oldest), ("PYMAN_VERSION", newest)]).succeeds(&format!("{newest}\n"));
    runs(&[("PY_PYTHON", "")]).succeeds(&format!("{newest}\n"));
}
