//! Scripts: shebangs, `[commands]`, metadata, and what is never opened; `PY_PYTHON` and `py.ini`.

use std::format;

use super::{Memory, five, in_venv, installed, none, notes, outcome, pinned, program, script};

#[test]
fn the_rest_of_the_line_goes_before_the_script() {
    let world = script(five(), "#!/usr/bin/python3.9 -E \"a b\"\n");
    assert_eq!(outcome(&world, "py -u s.py -3 x"), "3.9.18 -E a b -u s.py -3 x");
    assert_eq!(outcome(&world, "py -3.8 s.py"), "3.8.18 s.py");
    assert_eq!(outcome(&world, "py -c s.py"), "3.12.1 -c s.py");
    assert_eq!(outcome(&world, "py -m s.py"), "3.12.1 -m s.py");
    assert_eq!(outcome(&world, "py - s.py"), "3.12.1 - s.py");
    assert_eq!(outcome(&world, "py -V"), "3.12.1 -V");
}

#[test]
fn what_is_no_regular_file_is_never_opened() {
    let rows = [
        five().special("/w/s.py"),
        five().directory("/w/s.py").file("/w/s.py/__main__.py", "#!python3.8"),
        five().secret("/w/s.py"),
        five(),
    ];
    for world in rows {
        assert_eq!(outcome(&world, "py s.py"), "3.12.1 s.py");
        assert!(notes(&world, "py s.py").is_empty());
    }
    let zip = script(five(), b"#!/usr/bin/env python3.8\nPK\x03\x04\xff\0".as_slice());
    assert_eq!(outcome(&zip, "py s.py"), "3.8.18 s.py");
}

#[test]
fn a_tag_that_is_no_version_here_is_not_found() {
    for tag in ["3.99", "-foo", "ic", "3.9.99", "3.9-32"] {
        let world =
            script(installed(five(), "ic", "3.9"), format!("# x\n#!/usr/bin/python{tag}\n"));
        assert_eq!(
            outcome(&world, "py s.py"),
            format!("103 version `{tag}' is not installed (set by s.py:2)")
        );
    }
    let world = script(in_venv(pinned(five(), "3.9")), "#!python3.99\n");
    assert!(
        program(&world, "py s.py")
            .starts_with("103 version `3.99' is not installed (set by s.py:1)")
    );
}

#[test]
fn other_names_are_looked_for_on_path_without_our_shims() {
    let perl = || script(five(), "#!/usr/bin/env perl -w\n");
    assert_eq!(
        outcome(&perl().program("/usr/bin/perl", ""), "py s.py a"),
        "/usr/bin/perl -w s.py a"
    );
    assert_eq!(outcome(&perl(), "py s.py"), "101 cannot run `perl' (set by s.py:1)");
    let shim = perl().hard_link("/r/shims/perl", "/r/bin/pyman-shim");
    assert_eq!(outcome(&shim, "py s.py"), "101 cannot run `perl' (set by s.py:1)");
    let unsearched = perl().variable("PYLAUNCHER_NO_SEARCH_PATH", "1");
    assert_eq!(outcome(&unsearched, "py s.py"), "3.12.1 s.py");
}

#[test]
fn a_path_runs_as_written_or_not_at_all() {
    let path = || script(in_venv(five()), "#!/opt/a/python3 -u\n");
    assert_eq!(outcome(&path().program("/opt/a/python3", ""), "py s.py"), "/opt/a/python3 -u s.py");
    assert_eq!(outcome(&path(), "py s.py"), "101 cannot run `/opt/a/python3' (set by s.py:1)");
    assert_eq!(
        outcome(&path().file("/opt/a/python3", ""), "py s.py"),
        "101 cannot run `/opt/a/python3' (set by s.py:1)"
    );
    let relative = script(five(), "#!bin/python3\n").program("/w/bin/python3", "");
    assert_eq!(outcome(&relative, "py s.py"), "3.12.1 s.py");
}

#[test]
fn a_path_to_ourselves_is_what_we_would_do_and_no_loop() {
    let rows = [
        ("/r/shims/py", "3.12.1 s.py"),
        ("/r/shims/python3.8", "3.8.18 s.py"),
        ("/r/shims/ipython", "/r/shims/ipython s.py"),
    ];
    for (path, expected) in rows {
        let world = script(five(), format!("#!{path}\n"))
            .hard_link("/r/shims/python3.8", "/r/bin/pyman-shim")
            .hard_link("/r/shims/ipython", "/r/bin/pyman-shim");
        assert_eq!(outcome(&world, "py s.py"), expected, "{path}");
    }
    let tagged = script(five(), "#!/r/shims/py -3.9 -u\n");
    assert_eq!(outcome(&tagged, "py s.py"), "3.9.18 -u s.py");
}

#[test]
fn commands_of_the_settings_come_first() {
    let ini = "[commands]\nxpython = /opt/x/python -q \"a b\"\n/bin/xp=/opt/my python/python\n\
        Python3.9=/opt/nine\nplain=perl -w\n";
    let world = |shebang: &str| {
        script(five(), format!("#!{shebang}\n"))
            .file("/home/ada/.config/py.ini", ini)
            .program("/opt/x/python", "")
            .program("/opt/my python/python", "")
            .program("/opt/nine", "")
            .program("/usr/bin/perl", "")
    };
    let rows = [
        ("xpython -u", "/opt/x/python -q a b -u s.py"),
        ("/usr/bin/env xpython", "/opt/x/python -q a b s.py"),
        ("/bin/xp", "/opt/my python/python s.py"),
        ("/usr/bin/python3.9", "/opt/nine s.py"),
        ("/usr/bin/env python3.9 -u", "/opt/nine -u s.py"),
        ("plain", "/usr/bin/perl -w s.py"),
        ("python3.8", "3.8.18 s.py"),
        ("unknown", "3.12.1 s.py"),
    ];
    for (shebang, expected) in rows {
        assert_eq!(outcome(&world(shebang), "py s.py"), expected, "{shebang}");
    }
    let gone = script(five(), "#!xpython\n").file("/etc/py.ini", ini);
    assert_eq!(outcome(&gone, "py s.py"), "101 cannot run `/opt/x/python' (set by /etc/py.ini:2)");
}

fn requires(world: Memory, shebang: &str, bounds: &str) -> Memory {
    let text = format!("#!{shebang}\n# /// script\n# requires-python = \"{bounds}\"\n# ///\n");
    script(world, text)
}

#[test]
fn metadata_narrows_what_is_open() {
    let rows = [
        ("", "<3.10", "3.9.18"),
        ("/usr/bin/env python", ">=3.8,<3.10", "3.9.18"),
        ("/usr/bin/env python3", "~=3.10.1", "3.10.13"),
        ("/usr/bin/env python2", ">=3.8", "2.7.18"),
        ("/usr/bin/env python3.12", "<3.10", "3.12.1"),
        ("/usr/bin/env python3", "3.9", "3.12.1"),
    ];
    for (shebang, bounds, expected) in rows {
        assert_eq!(
            program(&requires(five(), shebang, bounds), "py s.py"),
            expected,
            "{shebang} {bounds}"
        );
    }
    let warned = requires(five(), "python3", "3.9");
    assert_eq!(
        notes(&warned, "py s.py"),
        ["requires-python of s.py is no specifier: `3.9', passed over"]
    );
    assert_eq!(
        outcome(&requires(five(), "python3", ">=3.13"), "py s.py"),
        "103 version `3>=3.13' is not installed (set by s.py:1)"
    );
    assert_eq!(
        outcome(&requires(five(), "", ">=3.13"), "py s.py"),
        "103 version `>=3.13' is not installed (set by requires-python of s.py)"
    );
    assert_eq!(program(&requires(five(), "", "<3.10"), "py -3.12 s.py"), "3.12.1");
}

#[test]
fn metadata_passes_over_what_does_not_agree() {
    assert_eq!(program(&requires(in_venv(five()), "", ">=3.10"), "py s.py"), "3.12.1");
    assert_eq!(program(&requires(in_venv(five()), "", "<3.10"), "py s.py"), "/venv");
    assert_eq!(program(&requires(pinned(five(), "3.12"), "", "<3.10"), "py s.py"), "3.9.18");
    assert_eq!(program(&requires(pinned(five(), "3.8"), "", "<3.10"), "py s.py"), "3.8.18");
    let variable = || five().variable("PY_PYTHON", "3.8").variable("PY_PYTHON3", "3.9");
    assert_eq!(program(&requires(variable(), "", "<3.10"), "py s.py"), "3.8.18");
    assert_eq!(program(&requires(variable(), "python3", "<3.10"), "py s.py"), "3.9.18");
    assert_eq!(program(&requires(variable(), "", ">=3.10"), "py s.py"), "3.12.1");
}

#[test]
fn a_script_that_nobody_can_run_leaves_python_to_say_so() {
    assert_eq!(outcome(&none(), "py s.py"), "112 no Python is installed");
}

fn user(world: Memory, text: impl AsRef<[u8]>) -> Memory {
    world.file("/home/ada/.config/py.ini", text)
}

fn machine(world: Memory, text: &str) -> Memory {
    world.file("/etc/py.ini", text)
}

#[test]
fn a_bare_major_chains_once_to_the_variable_then_to_the_files() {
    let three = || five().variable("PY_PYTHON", "3");
    let ini = "[defaults]\npython3 = 3.9\n";
    assert_eq!(program(&three(), "py"), "3.12.1");
    assert_eq!(program(&three().variable("PY_PYTHON3", "3.8"), "py"), "3.8.18");
    assert_eq!(program(&user(three(), ini), "py"), "3.9.18");
    assert_eq!(program(&machine(three(), ini), "py"), "3.9.18");
    assert_eq!(program(&user(three().variable("PY_PYTHON3", "3.8"), ini), "py"), "3.8.18");
    assert_eq!(program(&three().variable("PY_PYTHON3", "3"), "py"), "3.12.1");
    assert_eq!(program(&three().variable("PY_PYTHON3", "2.7"), "py"), "3.12.1");
    assert_eq!(program(&user(five(), "[defaults]\npython=2\npython2=2.7"), "py"), "2.7.18");
}

#[test]
fn values_are_whole_tags() {
    let rows = [("3.9-64", "3.9.18"), ("PythonCore/3.8", "3.8.18"), ("<3.10", "3.9.18")];
    for (value, expected) in rows {
        assert_eq!(program(&five().variable("PY_PYTHON", value), "py"), expected, "{value}");
    }
    assert_eq!(
        outcome(&five().variable("PY_PYTHON", "3.9-32"), "py"),
        "103 version `3.9-32' is not installed (set by PY_PYTHON environment variable)"
    );
}

#[test]
fn only_a_bare_major_is_refined_and_by_nothing_else() {
    let world = || {
        let world = five().variable("PY_PYTHON3", "3.8").variable("PY_PYTHON2", "3.9");
        pinned(world, "3.9").variable("PYMAN_VERSION", "3.10")
    };
    let rows =
        [("py -3", "3.8.18"), ("py -3.10", "3.10.13"), ("py -3-64", "3.12.1"), ("py -2", "2.7.18")];
    for (line, expected) in rows {
        assert_eq!(program(&world(), line), expected, "{line}");
    }
    let files = machine(user(five(), "[defaults]\npython3=3.9"), "[defaults]\npython3=3.8");
    assert_eq!(program(&files, "py -3"), "3.9.18");
    assert_eq!(program(&machine(five(), "[defaults]\npython3=3.8"), "py -3"), "3.8.18");
}

#[test]
fn a_default_of_any_does_not_count_for_a_shebang_with_a_version() {
    let world = |shebang: &str| script(five().variable("PY_PYTHON", "3.8"), shebang);
    assert_eq!(program(&world("#!python"), "py s.py"), "3.8.18");
    assert_eq!(program(&world("#!python3"), "py s.py"), "3.12.1");
    assert_eq!(program(&world("#!python3.9"), "py s.py"), "3.9.18");
    assert_eq!(program(&world("print()"), "py s.py"), "3.8.18");
}

#[test]
fn files_stand_where_the_system_has_them_in_their_order() {
    let xdg =
        five().variable("XDG_CONFIG_HOME", "/xdg").file("/xdg/py.ini", "[defaults]\npython=3.8");
    assert_eq!(program(&user(xdg, "[defaults]\npython=3.9"), "py"), "3.8.18");
    let relative =
        five().variable("XDG_CONFIG_HOME", "xdg").file("/w/xdg/py.ini", "[defaults]\npython=3.8");
    assert_eq!(program(&user(relative, "[defaults]\npython=3.9"), "py"), "3.9.18");
    let global = five().file("/r/version", "3.9");
    assert_eq!(program(&machine(global, "[defaults]\npython=3.8"), "py"), "3.9.18");
    let local = pinned(five(), "3.9");
    assert_eq!(program(&user(local, "[defaults]\npython=3.8"), "py"), "3.9.18");
}

#[test]
fn a_broken_file_is_a_warning_and_no_more() {
    let strange = user(five(), "\u{feff}nonsense\r\n[Defaults]\r\nPYTHON = 3.8 ; old\r\n");
    assert_eq!(program(&strange, "py"), "3.8.18");
    assert_eq!(notes(&strange, "py"), ["/home/ada/.config/py.ini:1 is no INI, passed over"]);
    let secret = five().secret("/etc/py.ini");
    assert_eq!(program(&secret, "py"), "3.12.1");
    assert_eq!(notes(&secret, "py"), ["cannot read `/etc/py.ini': Permission denied, passed over"]);
    let fifo = five().special("/etc/py.ini");
    assert_eq!(program(&fifo, "py"), "3.12.1");
    assert!(notes(&fifo, "py").is_empty());
}
