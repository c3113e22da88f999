//! Python 2.7, which knows nothing of PEP 405. Where this machine has none, these say so.

use std::fs;
use std::os::unix::fs::symlink;

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

/// virtualenv 20 gives its 2.7 a library of one module: the rest comes through a `site` of its own.
#[test]
fn an_environment_that_virtualenv_made_is_known_as_one() {
    needs!(let Some(python) = legacy(), "Python 2.7");
    let sandbox = sandbox(std::slice::from_ref(&python));
    let base = sandbox.root().join("versions").join(&python.version);
    let theirs = sandbox.work().join("theirs");
    fs::create_dir_all(theirs.join("bin")).unwrap();
    fs::create_dir_all(theirs.join("lib/python2.7/site-packages")).unwrap();
    fs::copy(base.join("bin/python2.7"), theirs.join("bin/python")).unwrap();
    symlink(base.join("lib/python2.7/os.py"), theirs.join("lib/python2.7/os.py")).unwrap();
    // One that was built with a shared library looks for that beside itself.
    let shared = "libpython2.7.so.1.0";
    symlink(base.join("lib").join(shared), theirs.join("lib").join(shared)).unwrap();
    let (prefix, executable) = (base.display(), base.join("bin/python2.7"));
    let config = format!(
        "home = {prefix}\nversion_info = 2.7.18.final.0\nvirtualenv = 20.15.1\nbase-prefix = {prefix}\n\
         base-executable = {}\n",
        executable.display()
    );
    fs::write(theirs.join("pyvenv.cfg"), config).unwrap();
    sandbox.run(&["link", "./theirs"]).fails(
        &format!(
            "pyman: [SANDBOX]/work/theirs is a virtual environment\n\
             hint: link what it stands on: run `pyman link [SANDBOX]/pyman/versions/{}'\n",
            python.version
        ),
        1,
    );
    let mut discover = sandbox.pyman(["discover"]);
    discover.env("PATH", format!("{}:/usr/bin:/bin", theirs.join("bin").display()));
    let ran = sandbox.ran(&mut discover);
    assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)));
    assert!(!ran.stdout.contains("theirs"), "{}", ran.stdout);
    let ran = create(&sandbox, &["--no-pip", "-p", "./theirs/bin/python", "./ours"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let real_prefix = "import sys; print(sys.real_prefix)";
    let said = output(&sandbox, sandbox.work().join("ours/bin/python"), &["-c", real_prefix]);
    assert!(said.trim_end().starts_with(&*sandbox.root().to_string_lossy()), "{said}");
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
