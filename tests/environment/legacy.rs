//! Python 2.7, which knows nothing of PEP 405. Where this machine has none, these say so.

use std::fs;

use super::{Python, create, output, sandbox};
use crate::support::needs::needs;

/// None where this machine has no 2.7.
fn legacy() -> Option<Python> {
    Python::all().into_iter().find(|python| python.minor() == "2.7")
}

#[test]
fn an_environment_of_2_7_is_one_if_this_machine_has_it() {
    needs!(let Some(python) = legacy(), "Python 2.7");
    let sandbox = sandbox(std::slice::from_ref(&python));
    assert_eq!(create(&sandbox, &["--no-pip", "-p", "2.7", "./e"]).status, Some(0));
    let environment = sandbox.work().join("e");
    let script = "import sys, os, distutils.sysconfig as d, json, ssl\n\
                  print(sys.prefix); print(sys.real_prefix)\n\
                  print(os.path.exists(d.get_python_inc() + '/Python.h'))\n\
                  print(d.get_python_lib())";
    let expected = format!(
        "{0}\n{1}/minor/2.7\nTrue\n{0}/lib/python2.7/site-packages\n",
        environment.display(),
        sandbox.root().display()
    );
    for name in ["python", "python2", "python2.7"] {
        let said = output(&sandbox, environment.join("bin").join(name), &["-c", script]);
        assert_eq!(said, expected);
    }
    let config = fs::read_to_string(environment.join("pyvenv.cfg")).unwrap();
    assert!(config.contains("version = 2.7."), "{config}");
    // It answers the probe too, which reads what this environment stands on.
    sandbox.run(&["link", "./e"]).fails(
        &format!(
            "pyman: [SANDBOX]/work/e is a virtual environment\n\
             hint: link what it stands on: run `pyman link {}'\n",
            "[SANDBOX]/pyman/minor/2.7"
        ),
        1,
    );
}

#[test]
fn the_user_site_is_out_and_the_bases_packages_are_in_when_asked_for() {
    needs!(let Some(python) = legacy(), "Python 2.7");
    let sandbox = sandbox(std::slice::from_ref(&python));
    sandbox.write("home/.local/lib/python2.7/site-packages/users.py", "");
    let seen = |goal: &str, options: &[&str]| {
        let arguments = [&["--no-pip", "-p", "2.7"], options, &[goal]].concat();
        assert_eq!(create(&sandbox, &arguments).status, Some(0));
        let script = "import sys; print([p for p in sys.path if '.local' in p or '/minor/' in p and 'site-packages' in p])";
        output(&sandbox, sandbox.work().join(goal).join("bin/python"), &["-c", script])
    };
    assert_eq!(seen("./own", &[]), "[]\n");
    let base = sandbox.root().join("minor/2.7/lib/python2.7/site-packages");
    let expected = format!("['{}']\n", base.display());
    assert_eq!(seen("./both", &["--system-site-packages"]), expected);
    // As for Python 3, the configuration decides at every start.
    let file = sandbox.work().join("both/pyvenv.cfg");
    let text = fs::read_to_string(&file).unwrap().replace("packages = true", "packages = false");
    fs::write(&file, text).unwrap();
    let script =
        "import sys; print([p for p in sys.path if '/minor/' in p and 'site-packages' in p])";
    assert_eq!(output(&sandbox, sandbox.work().join("both/bin/python"), &["-c", script]), "[]\n");
}

#[test]
fn a_sitecustomize_of_a_package_still_runs() {
    needs!(let Some(python) = legacy(), "Python 2.7");
    let sandbox = sandbox(std::slice::from_ref(&python));
    assert_eq!(create(&sandbox, &["--no-pip", "-p", "2.7", "./e"]).status, Some(0));
    sandbox
        .write("work/e/lib/python2.7/site-packages/sitecustomize.py", "import sys; sys.mark = 7\n");
    let script = "import sys; print(sys.mark, hasattr(sys, 'real_prefix'))";
    assert_eq!(
        output(&sandbox, sandbox.work().join("e/bin/python"), &["-c", script]),
        "(7, True)\n"
    );
}

#[test]
fn a_path_that_is_not_ascii_is_refused_with_pip_only() {
    needs!(let Some(python) = legacy(), "Python 2.7");
    let sandbox = sandbox(std::slice::from_ref(&python));
    let ran = create(&sandbox, &["-p", "2.7", "./é"]);
    assert_eq!((ran.status, ran.stderr.lines().count()), (Some(2), 1), "{}", ran.stderr);
    assert_eq!(create(&sandbox, &["--no-pip", "-p", "2.7", "./é"]).status, Some(0));
    output(&sandbox, sandbox.work().join("é/bin/python"), &["-c", "pass"]);
}
