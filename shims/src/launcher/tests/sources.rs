//! The rows of section 3's table, but for the script's.

use std::borrow::ToOwned as _;
use std::format;
use std::string::String;
use std::vec::Vec;

use super::{
    ARM, Memory, X86, built, five, in_venv, installed, none, notes, outcome, pinned, program,
    script, venv,
};

#[test]
fn a_tag_on_the_command_line_is_final() {
    let world = in_venv(pinned(five(), "3.8"))
        .variable("PYMAN_VERSION", "3.10")
        .variable("PY_PYTHON", "3.8")
        .variable("PY_PYTHON3", "3.8");
    let rows = [
        ("py -2", "2.7.18"),
        ("py -3.10", "3.10.13"),
        ("py -3.9.18", "3.9.18"),
        ("py -3.9-64", "3.9.18"),
        ("py -V:3.9", "3.9.18"),
        ("py -V:PythonCore/3.9", "3.9.18"),
        ("py -V:pythoncore\\3.9-64", "3.9.18"),
        ("py -V:PythonCore/", "3.12.1"),
        ("py -V:>=3.8,<3.10", "3.9.18"),
        ("py -V:default", "/venv"),
        ("py exec -3.10", "3.10.13"),
    ];
    for (line, expected) in rows {
        assert_eq!(program(&world, line), expected, "{line}");
    }
}

#[test]
fn what_is_typed_and_not_there_is_named() {
    let world = five();
    let tags = ["3.1", "3.13", "3.9.1", "3.9-32", "3.9banana", "3.9t", "PyPy/3.9", "system", "x/3"];
    for tag in tags {
        let expected = format!("103 version `{tag}' is not installed (set by the command line)");
        assert_eq!(outcome(&world, &format!("py -V:{tag}")), expected);
    }
    assert_eq!(
        outcome(&none(), "py -3.13"),
        "112 version `3.13' is not installed (set by the command line)"
    );
    assert_eq!(outcome(&none(), "py"), "112 no Python is installed");
}

#[test]
fn builds_and_pre_releases_are_never_picked_by_accident() {
    let world = ["3.13.0t", "3.13.0d", "3.14.0rc1"]
        .into_iter()
        .fold(five(), |world, name| installed(world, name, name));
    let rows = [
        ("py", "3.12.1"),
        ("py -3.13t", "3.13.0t"),
        ("py -3.13T", "3.13.0t"),
        ("py -3.13d", "3.13.0d"),
        ("py -3t", "3.13.0t"),
        ("py -3.14", "3.14.0rc1"),
        ("py -V:3.14.0rc1", "3.14.0rc1"),
    ];
    for (line, expected) in rows {
        assert_eq!(program(&world, line), expected, "{line}");
    }
    assert!(program(&world, "py -3.13").starts_with("103 "));
}

#[test]
fn processors_are_told_by_the_header() {
    let world = built(built(none(), "3.9.1", "3.9.1", X86), "3.9.0", "3.9.0", ARM);
    let wrapper = built(none(), "3.9.2", "3.9.2", b"#!/bin/sh\n");
    assert_eq!(program(&wrapper, "py -3.9-64"), "3.9.2");
    assert!(program(&wrapper, "py -3.9-32").starts_with("103 "));
    let rows = [
        ("py -3.9", "3.9.1"),
        ("py -3-32", "3.9.1"),
        ("py -3-64", "3.9.0"),
        ("py -V:-arm64", "3.9.0"),
    ];
    for (line, expected) in rows {
        assert_eq!(program(&world, line), expected, "{line}");
    }
    let world = script(world, "#!/usr/bin/python3-arm64\n");
    assert_eq!(program(&world, "py s.py"), "3.9.0");
}

#[test]
fn other_implementations_are_found_by_their_company() {
    let world = installed(installed(five(), "pypy3.10-7.3.17", "3.10"), "pypy3.9-7.3.16", "3.9");
    let rows = [
        ("py -V:PyPy/3.9", "pypy3.9-7.3.16"),
        ("py -V:pypy/", "pypy3.10-7.3.17"),
        ("py -V:PYPY/3.10-7.3.17", "pypy3.10-7.3.17"),
        ("py -3.10", "3.10.13"),
        ("py", "3.12.1"),
    ];
    for (line, expected) in rows {
        assert_eq!(program(&world, line), expected, "{line}");
    }
    let others = ["graalpy-24.1.1", "graalpy-community-24.2.0", "miniforge3-24.11.0-0"]
        .into_iter()
        .fold(world.clone(), |world, name| installed(world, name, "3.11"));
    let rows = [
        ("py -V:GraalPy/24", "graalpy-24.1.1"),
        ("py -V:graalpy/community-24", "graalpy-community-24.2.0"),
        ("py -V:miniforge3/24.11", "miniforge3-24.11.0-0"),
        ("py -V:miniforge/3", "miniforge3-24.11.0-0"),
    ];
    for (line, expected) in rows {
        assert_eq!(program(&others, line), expected, "{line}");
    }
    let pinned = pinned(world, "pypy3.10");
    assert_eq!(program(&pinned, "py"), "pypy3.10-7.3.17");
    assert_eq!(program(&script(pinned, "#!python3.10"), "py s.py"), "pypy3.10-7.3.17");
}

#[test]
fn an_environment_counts_when_its_version_agrees() {
    let asks = |world: Memory, tag: &str| {
        program(&script(world, format!("#!/usr/bin/env python{tag}\n")), "py s.py")
    };
    let info = five()
        .variable("VIRTUAL_ENV", "/venv/")
        .file("/venv/pyvenv.cfg", "Version_Info = 3.8.18.final.0\r\n")
        .program("/venv/bin/python", "");
    assert_eq!(asks(info, "3.8"), "/venv");
    let names = || {
        five()
            .variable("VIRTUAL_ENV", "/venv")
            .program("/venv/bin/python", "")
            .program("/venv/bin/python3.8", "")
    };
    assert_eq!(asks(names(), "3.8"), "/venv");
    assert_eq!(asks(names(), "3.9"), "3.9.18");
    let unknown = || five().variable("VIRTUAL_ENV", "/venv").program("/venv/bin/python", "");
    assert_eq!(asks(unknown(), "3"), "3.12.1");
    assert_eq!(asks(unknown(), ""), "/venv");
    let free = || venv(five(), "/venv", "3.13.1").variable("VIRTUAL_ENV", "/venv");
    assert!(asks(free(), "3.13t").starts_with("103 "));
    assert_eq!(asks(free().program("/venv/bin/python3.13t", ""), "3.13t"), "/venv");
}

#[test]
fn an_environment_without_a_python_is_passed_over_with_a_warning() {
    let world = five().variable("VIRTUAL_ENV", "/gone");
    assert_eq!(program(&world, "py"), "3.12.1");
    assert_eq!(notes(&world, "py"), ["no Python in VIRTUAL_ENV=/gone, passed over"]);
    let looped =
        five().variable("VIRTUAL_ENV", "/venv").link("/venv/bin/python", "/r/shims/python");
    assert_eq!(program(&looped, "py"), "3.12.1");
    let relative = venv(five(), "/w/venv", "3.9.18").variable("VIRTUAL_ENV", "venv");
    assert_eq!(program(&relative, "py"), "3.12.1");
    let empty = five().variable("VIRTUAL_ENV", "");
    assert!(notes(&empty, "py").is_empty());
}

#[test]
fn a_venv_around_us_counts_only_when_asked_for_and_ours() {
    let around = || venv(five(), "/.venv", "3.9.18");
    assert_eq!(program(&around(), "py"), "3.12.1");
    let asked = || around().variable("PYMAN_AUTO_VENV", "1");
    assert_eq!(program(&asked(), "py"), "/.venv");
    assert_eq!(program(&script(asked(), "#!python3.8"), "py s.py"), "3.8.18");
    assert_eq!(program(&asked().foreign("/.venv"), "py"), "3.12.1");
    assert_eq!(program(&in_venv(asked()), "py"), "/venv");
    assert_eq!(program(&venv(asked(), "/w/.venv", "3.8.18"), "py"), "/w/.venv");
    let ini = |world: Memory| world.file("/etc/py.ini", "[defaults]\nauto_venv = TRUE\n");
    assert_eq!(program(&ini(around()), "py"), "/.venv");
    assert_eq!(program(&ini(around().variable("PYMAN_AUTO_VENV", "0")), "py"), "3.12.1");
}

#[test]
fn a_pin_that_agrees_and_is_missing_is_an_error() {
    let rows = [
        (pinned(five(), "# why\n 3.13 x\n3.99.1"), "3.13", "/w/.python-version:2"),
        (
            five().variable("PYMAN_VERSION", "3.13:3.14"),
            "3.13",
            "PYMAN_VERSION environment variable",
        ),
        (five().file("/r/version", "web\n"), "web", "/r/version:1"),
        (five().variable("PY_PYTHON", "3.13"), "3.13", "PY_PYTHON environment variable"),
        (five().variable("PY_PYTHON", "banana"), "banana", "PY_PYTHON environment variable"),
        (five().file("/etc/py.ini", "[defaults]\n\nPython = 3.13\n"), "3.13", "/etc/py.ini:3"),
        (pinned(five(), "system"), "system", "/w/.python-version:1"),
    ];
    for (world, version, place) in rows {
        let expected = format!("103 version `{version}' is not installed (set by {place})");
        assert_eq!(outcome(&world, "py"), expected);
    }
    let refined = five().variable("PY_PYTHON3", "3.77");
    assert_eq!(
        outcome(&refined, "py -3"),
        "103 version `3.77' is not installed (set by PY_PYTHON3 environment variable)"
    );
}

#[test]
fn a_pin_that_does_not_agree_is_passed_over_in_silence() {
    let world = || script(pinned(five(), "3.9"), "#!python3.8\n");
    assert_eq!(program(&world(), "py s.py"), "3.8.18");
    assert!(notes(&world(), "py s.py").is_empty());
    assert_eq!(
        notes(&world().variable("PYMAN_DEBUG", "1"), "py s.py"),
        [
            "s.py:1 asks for python3.8",
            "/w/.python-version does not agree with 3.8, passed over",
            "runs /r/versions/3.8.18/bin/python",
        ]
    );
    assert_eq!(
        notes(&pinned(five(), "3.9").variable("PYMAN_DEBUG", "1"), "py"),
        ["/w/.python-version decides", "runs /r/versions/3.9.18/bin/python"]
    );
    let missing = script(pinned(five(), "3.99.1"), "#!python3.8\n");
    assert_eq!(program(&missing, "py s.py"), "3.8.18");
    let wide = script(pinned(five(), "3"), "#!python3.8\n");
    assert_eq!(program(&wide, "py s.py"), "3.8.18");
    let first_installed = pinned(five(), "3.99\n3.8\n3.9\n");
    assert_eq!(program(&first_installed, "py"), "3.8.18");
}

#[test]
fn entries_that_leave_versions_are_refused_aloud() {
    let world = pinned(five(), "../../x\n3.8\n");
    assert_eq!(program(&world, "py"), "3.8.18");
    assert_eq!(notes(&world, "py"), ["invalid version `../../x' ignored in `/w/.python-version'"]);
}

#[test]
fn pins_name_environments_and_system() {
    let web = pinned(venv(five(), "/r/versions/web", "3.9.18"), "web");
    assert_eq!(program(&web, "py"), "web");
    let system = || {
        pinned(five(), "system")
            .program("/usr/bin/python3", X86)
            .program("/usr/bin/python3.11", X86)
    };
    assert_eq!(program(&system(), "py"), "/usr/bin/python3");
    assert_eq!(program(&script(system(), "#!python3.11"), "py s.py"), "/usr/bin/python3.11");
    assert_eq!(program(&script(system(), "#!python3"), "py s.py"), "/usr/bin/python3");
    assert_eq!(program(&script(system(), "#!python3.9"), "py s.py"), "3.9.18");
    assert_eq!(program(&script(system(), "#!python2"), "py s.py"), "2.7.18");
    assert_eq!(program(&system(), "py -3"), "3.12.1");
    let empty = pinned(five(), "").program("/usr/bin/python", "");
    assert_eq!(program(&empty, "py"), "/usr");
    assert_eq!(program(&pinned(five(), ""), "py"), "3.12.1");
}

#[test]
fn path_is_the_last_source_and_never_a_shim() {
    let path = || {
        none()
            .variable("PATH", "/r/shims:/a:relative::/b:/c/shims")
            .program("/a/python3.9", "")
            .program("/a/python3.13t", "")
            .program("/a/python3.10-config", "")
            .program("/b/python3.11", "")
            .link("/b/python3.12", "/r/shims/python")
            .program("/c/shims/python3.14", "")
            .program("/w/relative/python3.15", "")
    };
    let rows = [
        ("py", "/b/python3.11"),
        ("py -3", "/b/python3.11"),
        ("py -3.9", "/a/python3.9"),
        ("py -3.13t", "/a/python3.13t"),
        ("py -V:<3.10", "/a/python3.9"),
        ("py -3.12", "103 version `3.12' is not installed (set by the command line)"),
        ("py -3.9.1", "103 version `3.9.1' is not installed (set by the command line)"),
        ("py -2", "103 version `2' is not installed (set by the command line)"),
    ];
    for (line, expected) in rows {
        assert_eq!(program(&path(), line), expected, "{line}");
    }
    let closed = path().variable("PYLAUNCHER_NO_SEARCH_PATH", "1");
    assert_eq!(program(&closed, "py"), "112 no Python is installed");
    let preferred = |value: &str| program(&path().variable("PY_PYTHON", value), "py");
    assert_eq!(preferred("3"), "/b/python3.11");
    assert_eq!(
        preferred("3.9"),
        "103 version `3.9' is not installed (set by PY_PYTHON environment variable)"
    );
    let both = installed(path(), "3.8.1", "3.8.1");
    assert_eq!(program(&both, "py"), "3.8.1");
    assert_eq!(program(&both, "py -3.9"), "/a/python3.9");
    let bare = none().program("/usr/bin/python3", "");
    assert_eq!(program(&bare, "py"), "/usr/bin/python3");
    assert_eq!(
        program(&none().link("/usr/bin/python3", "/r/shims/py"), "py"),
        "112 no Python is installed"
    );
}

#[test]
fn no_directory_of_path_is_listed_when_something_installed_fits() {
    let directories: Vec<_> = (0..50).map(|number| format!("/p{number}")).collect();
    let asked = |path: &str| {
        let world = directories.iter().fold(five(), |world, directory| world.directory(directory));
        let world = world.variable("PATH", path);
        assert_eq!(program(&world, "py -3.9"), "3.9.18");
        assert_eq!(program(&world, "py"), "3.12.1");
        world.asked()
    };
    assert_eq!(asked(&directories.join(":")), asked("/r/shims"));
}

#[test]
fn what_was_found_on_path_is_counted_against_loops() {
    let world = || none().program("/usr/bin/python3.11", "");
    let chain = |world: Memory| match super::decide(&world, "py").0 {
        super::Action::Run(run) => run.launch.chain.map(|chain| String::from_utf8(chain).unwrap()),
        other => panic!("{other:?}"),
    };
    assert_eq!(chain(world()), Some("4711:1".to_owned()));
    assert_eq!(chain(world().variable("_PYMAN_CHAIN", "4711:7")), Some("4711:8".to_owned()));
    assert_eq!(chain(five().variable("_PYMAN_CHAIN", "4711:7")), None);
    let endless = world().variable("_PYMAN_CHAIN", "4711:99");
    assert_eq!(program(&endless, "py"), "127 /r/shims/py and /usr/bin/python3.11 call each other");
}

#[test]
fn what_a_pin_says_in_no_clear_words_is_an_error_with_its_line() {
    let unclear = pinned(five(), "# x\n>=3.9 <3.11\n3.12\n");
    let said = "103 `>=3.9 <3.11' is no version (set by /w/.python-version:2)";
    assert_eq!(program(&unclear, "py"), said);
    let variable = five().variable("PYMAN_VERSION", ">=3.9 <3.11");
    let said = "103 `>=3.9 <3.11' is no version (set by PYMAN_VERSION environment variable)";
    assert_eq!(program(&variable, "py"), said);
    assert_eq!(program(&pinned(five(), "python >=3.9, <3.11 # x"), "py"), "3.10.13");
}

#[test]
fn what_may_not_be_read_is_named_with_the_reason() {
    let theirs = five()
        .program("/theirs/3.11.4/bin/python", "")
        .link("/r/versions/3.11.4", "/theirs/3.11.4")
        .denied("/theirs");
    for line in ["py -3.11", "py -3.11.4"] {
        let version = line.trim_start_matches("py -");
        let said = format!(
            "103 version `{version}' cannot be read: Permission denied (set by the command line)"
        );
        assert_eq!(program(&theirs, line), said);
    }
    let pinned = pinned(theirs, "3.11.4");
    let said =
        "103 version `3.11.4' cannot be read: Permission denied (set by /w/.python-version:1)";
    assert_eq!(program(&pinned, "py"), said);
}
