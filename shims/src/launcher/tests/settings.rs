//! `PY_PYTHON` and `py.ini`.

use super::{Memory, five, notes, outcome, pinned, program, script};

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
