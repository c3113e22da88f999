//! `py -0` and `py -0p`; row 12, sub-commands, help and dry runs.

use super::{
    decide, five, in_venv, installed, none, notes, outcome, pinned, program, script, venv,
};
use crate::launcher::Action;

#[test]
fn the_newest_comes_first_and_one_star_marks_the_default() {
    let world = pinned(five(), "3.9");
    assert_eq!(
        outcome(&world, "py -0"),
        " -V:3.12.1        Python 3.12.1\n -V:3.10.13       Python 3.10.13\n \
         -V:3.9.18 *      Python 3.9.18\n -V:3.8.18        Python 3.8.18\n \
         -V:2.7.18        Python 2.7.18\n"
    );
    assert_eq!(outcome(&world, "py --list"), outcome(&world, "py -0"));
    assert_eq!(
        outcome(&pinned(installed(none(), "3.9.18", "3.9.18"), "3.9"), "py -0p"),
        " -V:3.9.18 *      /r/versions/3.9.18/bin/python\n"
    );
}

#[test]
fn an_active_environment_is_first_and_the_default() {
    let world = in_venv(installed(none(), "3.9.18", "3.9.18"));
    assert_eq!(
        outcome(&world, "py --list-paths"),
        "  *               /venv/bin/python\n -V:3.9.18        /r/versions/3.9.18/bin/python\n"
    );
}

#[test]
fn what_is_warned_of_is_warned_of_once() {
    let world = five().variable("VIRTUAL_ENV", "/gone");
    assert_eq!(notes(&world, "py -0"), ["no Python in VIRTUAL_ENV=/gone, passed over"]);
    let bare = none().program("/usr/bin/python3", "");
    assert_eq!(outcome(&bare, "py -0"), " -V: *            Python (on PATH)\n");
}

#[test]
fn other_builds_links_and_paths_are_listed_and_environments_are_not() {
    let world = installed(installed(none(), "3.13.0t", "3.13.0t"), "3.13.0", "3.13.0");
    let world = installed(world, "pypy3.10-7.3.17", "3.10");
    let world = installed(world, "brew", "3.11").link("/r/versions/3.13", "3.13.0");
    let world = venv(world, "/r/versions/web", "3.9.18").directory("/r/versions/torn");
    assert_eq!(
        outcome(&world, "py -0"),
        " -V:3.13.0t       Python 3.13.0t (free-threaded)\n -V:3.13.0 *      Python 3.13.0\n \
         -V:3.13          Python 3.13\n -V:pypy/3.10-7.3.17 pypy3.10-7.3.17 (Python 3.10)\n \
         -V:brew          brew (Python 3.11)\n"
    );
    let graalpy = pinned(installed(none(), "graalpy-24.1.1", "3.11"), "graalpy");
    assert_eq!(outcome(&graalpy, "py -0"), " -V:graalpy/24.1.1 * graalpy-24.1.1 (Python 3.11)\n");
    let on_path = none().program("/usr/bin/python3.11", "");
    assert_eq!(outcome(&on_path, "py -0"), " -V:3.11 *        Python 3.11 (on PATH)\n");
}

#[test]
fn a_default_that_cannot_be_found_is_a_warning() {
    let world = pinned(installed(none(), "3.9.18", "3.9.18"), "3.99");
    assert_eq!(outcome(&world, "py -0"), " -V:3.9.18        Python 3.9.18\n");
    assert_eq!(
        notes(&world, "py -0"),
        ["version `3.99' is not installed (set by /w/.python-version:1)"]
    );
}

#[test]
fn only_what_was_typed_or_stands_in_the_shebang_is_installed() {
    let allowed = || five().variable("PYLAUNCHER_ALLOW_INSTALL", "1");
    let installs = |version: &str, rest: &str| {
        std::format!("/r/bin/pyman _py --root /r --install {version} -- {rest}")
    };
    assert_eq!(outcome(&allowed(), "py -3.13 s.py -u"), installs("3.13", "-3.13 s.py -u"));
    assert_eq!(outcome(&allowed(), "py -V:3.13t-64"), installs("3.13t", "-V:3.13t-64"));
    let shebang = || script(allowed(), "#!python3.13\n");
    assert_eq!(outcome(&shebang(), "py s.py"), installs("3.13", "s.py"));
    assert_eq!(outcome(&five(), "py exec -3.13 x"), installs("3.13", "exec -3.13 x"));
    assert_eq!(outcome(&none(), "py exec -V:PyPy/3.10"), installs("pypy3.10", "exec -V:PyPy/3.10"));

    let never = [
        (pinned(allowed(), "3.13"), "py"),
        (allowed().variable("PY_PYTHON", "3.13"), "py"),
        (allowed().variable("PY_PYTHON3", "3.13"), "py -3"),
        (allowed(), "py -3banana"),
        (five(), "py -3.13"),
        (script(five(), "#!python3.13\n"), "py exec s.py"),
        (
            script(allowed(), "#!python3\n# /// script\n# requires-python='>=3.13'\n# ///"),
            "py s.py",
        ),
    ];
    for (world, line) in never {
        assert!(outcome(&world, line).starts_with("103 "), "{line}");
    }
    assert!(outcome(&none().variable("PYLAUNCHER_ALLOW_INSTALL", "1"), "py").starts_with("112 "));
}

#[test]
fn sub_commands_are_the_managers_and_never_by_path() {
    let rows = [
        ("py install 3.13", "/r/bin/pyman install 3.13"),
        ("py uninstall -f 3.9", "/r/bin/pyman uninstall -f 3.9"),
        ("py list -f json", "/r/bin/pyman list -f json"),
        ("py --list -f json 3", "/r/bin/pyman list -f json 3"),
        ("py help", "/r/bin/pyman help"),
    ];
    for (line, expected) in rows {
        let world = none().program("/usr/bin/pyman", "").file("/w/list", "#!python3.8");
        assert_eq!(outcome(&world, line), expected);
    }
    let beside = none().program("/r/shims/pyman", "");
    assert_eq!(outcome(&beside, "py list"), "/r/shims/pyman list");
    let gone =
        crate::memory::Memory::new().variable("PATH", "/usr/bin").program("/usr/bin/pyman", "");
    assert_eq!(outcome(&gone, "py list"), "101 pyman is not at /r/bin/pyman");
}

#[test]
fn help_is_ours_then_pythons_and_never_an_error() {
    let Action::Print { text, then: Some(run) } = decide(&pinned(five(), "3.9"), "py -h x").0
    else {
        panic!("not printed");
    };
    assert!(text.starts_with(b"py: run the Python that is meant\n"));
    assert_eq!(super::text(&run, "py -h x"), "3.9.18 -h x");
    let (action, notes) = decide(&none(), "py --help");
    assert!(matches!(action, Action::Print { then: None, .. }));
    assert_eq!(notes, ["no Python is installed"]);
}

#[test]
fn a_dry_run_prints_the_command_and_runs_nothing() {
    let dry = script(five(), "#!python3.9 -u\n").variable("PYLAUNCHER_DRYRUN", "1");
    assert_eq!(
        outcome(&dry, "py s.py it's $x"),
        "/r/versions/3.9.18/bin/python -u s.py 'it'\\''s' '$x'\n"
    );
    assert_eq!(outcome(&dry, "py install 3.13"), "/r/bin/pyman install 3.13\n");
    assert_eq!(
        program(&dry, "py -3.99"),
        "103 version `3.99' is not installed (set by the command line)"
    );
}

#[test]
fn a_dry_run_shows_what_could_not_be_started_and_runs_no_help() {
    let dry = |shebang: &str| {
        script(five(), std::format!("#!{shebang}\n"))
            .variable("PYLAUNCHER_DRYRUN", "1")
            .file("/etc/py.ini", "[commands]\nours = theirs -q\n")
    };
    assert_eq!(outcome(&dry("/opt/x -a"), "py s.py"), "/opt/x -a s.py\n");
    assert_eq!(outcome(&dry("ours -a"), "py s.py"), "theirs -q -a s.py\n");
    assert_eq!(outcome(&dry("/usr/bin/env x"), "py s.py"), "101 cannot run `x' (set by s.py:1)");
    let Action::Print { text, then: None } = decide(&dry("python"), "py -h").0 else {
        panic!("not only printed");
    };
    assert!(text.ends_with(b"\n/r/versions/3.12.1/bin/python -h\n"));
}

#[test]
fn messages_say_what_would_help() {
    let hint = |world: &super::Memory, line: &str| match decide(world, line).0 {
        Action::Fail(error) => error.report(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        hint(&five(), "py -3.13"),
        "py: version `3.13' is not installed (set by the command line)\n\
         hint: run `pyman install 3.13`, or pick one of the installed: 2.7.18, 3.8.18, 3.9.18, 3.10.13, 3.12.1\n"
    );
    assert_eq!(hint(&none(), "py"), "py: no Python is installed\nhint: run `pyman install 3`\n");
    assert_eq!(
        hint(&script(five(), "#!/opt/x\n"), "py s.py"),
        "py: cannot run `/opt/x' (set by s.py:1)\nhint: run `py -3 s.py' to pass over that line\n"
    );
}
