//! The worked cases of section 4.

use std::format;
use std::vec;
use std::vec::Vec;

use super::{Memory, five, in_venv, pinned, program, script};

#[test]
fn every_worked_case_comes_out() {
    let set = |world: Memory, pairs: &[(&str, &str)]| {
        pairs.iter().fold(world, |world, (name, value)| world.variable(name, value))
    };
    let env = |world: Memory, name: &str| script(world, format!("#!/usr/bin/env {name}\n"));
    let global = || five().file("/r/version", "3.9\n");
    let ini = |world: Memory| world.file("/home/ada/.config/py.ini", "[defaults]\npython=3.8\n");
    let both = &[("PY_PYTHON", "3"), ("PY_PYTHON3", "3.8")];
    let all = &[("PYMAN_VERSION", "3.8"), ("PY_PYTHON", "3.10")];
    let requires = "#!/usr/bin/env python3\n# /// script\n# requires-python = \"<3.10\"\n# ///\n";
    let half = || five().directory("/r/versions/3.8.99");
    let rows: Vec<(u32, Memory, &str, &str)> = vec![
        (1, five(), "py", "3.12.1"),
        (1, five(), "py -3", "3.12.1"),
        (2, in_venv(five()), "py -3.9", "3.9.18"),
        (3, in_venv(five()), "py", "/venv"),
        (3, script(in_venv(five()), "print()\n"), "py s.py", "/venv"),
        (3, env(in_venv(five()), "python3"), "py s.py", "/venv"),
        (4, env(in_venv(five()), "python3.8"), "py s.py", "3.8.18"),
        (5, env(in_venv(five()), "python3.9"), "py s.py", "/venv"),
        (6, env(in_venv(five()), "python2"), "py s.py", "2.7.18"),
        (7, set(five(), &[("PY_PYTHON", "3.9")]), "py", "3.9.18"),
        (7, set(five(), &[("PY_PYTHON", "3.9")]), "py -3", "3.12.1"),
        (7, env(set(five(), &[("PY_PYTHON", "3.9")]), "python3"), "py s.py", "3.12.1"),
        (8, set(in_venv(five()), &[("PY_PYTHON", "3.10")]), "py", "/venv"),
        (9, set(five(), &[("PY_PYTHON3", "3.8")]), "py -3", "3.8.18"),
        (9, set(in_venv(five()), &[("PY_PYTHON3", "3.8")]), "py -3", "3.8.18"),
        (10, set(five(), both), "py", "3.8.18"),
        (11, pinned(five(), "3.9"), "py", "3.9.18"),
        (11, pinned(five(), "3.9"), "py -3", "3.12.1"),
        (11, pinned(five(), "3.9"), "py -3.8", "3.8.18"),
        (12, env(pinned(five(), "3.9"), "python3"), "py s.py", "3.9.18"),
        (12, env(pinned(five(), "3.9"), "python3.8"), "py s.py", "3.8.18"),
        (13, set(pinned(five(), "3.9"), &[("PY_PYTHON", "3.10")]), "py", "3.10.13"),
        (
            14,
            env(set(pinned(five(), "3.9"), &[("PY_PYTHON3", "3.8")]), "python3"),
            "py s.py",
            "3.8.18",
        ),
        (15, in_venv(pinned(five(), "3.8")), "py", "/venv"),
        (16, env(pinned(five(), "3.9\n2.7"), "python2"), "py s.py", "2.7.18"),
        (
            17,
            pinned(five(), "3.99.1"),
            "py",
            "103 version `3.99.1' is not installed (set by /w/.python-version:1)",
        ),
        (18, set(pinned(five(), "3.9"), all), "py", "3.8.18"),
        (19, global(), "py", "3.9.18"),
        (20, ini(global()), "py", "3.8.18"),
        (
            21,
            script(five(), "# -*- coding: utf-8 -*-\n#! /usr/bin/python2.7\n"),
            "py s.py",
            "2.7.18",
        ),
        (24, script(five(), requires), "py s.py", "3.9.18"),
        (25, pinned(five(), ">=3.9, <3.12"), "py", "3.10.13"),
        (26, pinned(five(), "python 3.9.18"), "py", "3.9.18"),
        (28, half(), "py -3.8", "3.8.18"),
        (28, pinned(half(), "3.8"), "py", "3.8.18"),
        (
            28,
            pinned(half(), "3.8.99"),
            "py",
            "103 version `3.8.99' has no interpreter (set by /w/.python-version:1)",
        ),
        (
            28,
            half(),
            "py -3.8.99",
            "103 version `3.8.99' has no interpreter (set by the command line)",
        ),
    ];
    for (number, world, line, expected) in rows {
        assert_eq!(program(&world, line), expected, "case {number}: {line}");
    }
}
