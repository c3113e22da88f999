//! What is said when nothing runs, and what to who asks.

use super::{Launcher, VERSION, interpreters, newest};

/// The names of what is installed and near to a version that is newer than all: the newest five.
fn nearest() -> String {
    let names: Vec<String> = interpreters().iter().map(super::Interpreter::name).collect();
    names.get(names.len().saturating_sub(5)..).unwrap().join(", ")
}

#[test]
fn what_is_missing_is_named_with_where_it_was_asked_for() {
    let launcher = Launcher::new();
    let expected = |place: &str| {
        format!(
            "py: version `3.99' is not installed (set by {place})\n\
             hint: pick one of the installed: {}\n",
            nearest()
        )
    };
    launcher.ran(&["-3.99"]).fails(&expected("the command line"), 103);
    launcher.script("s.py", "# x\n#!/usr/bin/python3.99\n");
    launcher.ran(&["s.py"]).fails(&expected("s.py:2"), 103);
    let mut by_variable = launcher.py(&[]);
    by_variable.env("PY_PYTHON", "3.99");
    let ran = launcher.sandbox.ran(&mut by_variable);
    ran.fails(&expected("PY_PYTHON environment variable"), 103);
    launcher.sandbox.write("home/.config/py.ini", "[defaults]\npython=3.99\n");
    launcher.ran(&[]).fails(&expected("[SANDBOX]/home/.config/py.ini:2"), 103);
    launcher.script(".python-version", "# here\n3.99\n");
    launcher.ran(&[]).fails(&expected("[SANDBOX]/work/.python-version:2"), 103);
}

#[test]
fn without_any_python_the_status_says_so() {
    let launcher = Launcher::without();
    let hint = "hint: run `pyman install 3`\n";
    launcher.ran(&[]).fails(&format!("py: no Python is installed\n{hint}"), 112);
}

#[test]
fn pythons_on_path_are_the_last_resort() {
    let launcher = Launcher::without();
    let mut py = launcher.py(&["-c", VERSION]);
    py.env("PATH", newest().executable.parent().unwrap());
    let ran = launcher.sandbox.ran(&mut py);
    assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)));
    py.env("PYLAUNCHER_NO_SEARCH_PATH", "1");
    assert_eq!(launcher.sandbox.ran(&mut py).status, Some(112));
}

#[test]
fn a_dry_run_prints_what_would_run() {
    let launcher = Launcher::new();
    let mut py = launcher.py(&["-u", "x y.py"]);
    py.env("PYLAUNCHER_DRYRUN", "1");
    let name = newest().name();
    launcher
        .sandbox
        .ran(&mut py)
        .succeeds(&format!("[SANDBOX]/pyman/versions/{name}/bin/python -u 'x y.py'\n"));
}

#[test]
fn who_asks_sees_what_was_passed_over() {
    let launcher = Launcher::new();
    launcher.script("s.py", format!("#!python{}\n", newest().minor()));
    for variable in ["PYLAUNCHER_DEBUG", "PYMAN_DEBUG"] {
        let mut py = launcher.py(&["s.py"]);
        py.env(variable, "1").env("PYMAN_VERSION", "3.99");
        let (minor, name) = (newest().minor(), newest().name());
        let steps = format!(
            "pyman: s.py:1 asks for python{minor}\n\
             pyman: PYMAN_VERSION environment variable does not agree with {minor}, passed over\n\
             pyman: runs [SANDBOX]/pyman/versions/{name}/bin/python\n"
        );
        launcher.sandbox.ran(&mut py).is("", &steps, 0);
    }
}
