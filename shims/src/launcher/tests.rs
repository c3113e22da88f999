//! SELECTION.md's section 3, row by row, and its worked cases, over a world in memory.

mod listing;
mod scripts;
mod sources;

use alloc::string::String;
use alloc::vec::Vec;
use std::format;
use std::string::ToString;
use std::vec;

use super::{Action, Launcher, Run};
use crate::home::Home;
use crate::memory::Memory;
use crate::resolver::Resolver;

/// 2.7.18, 3.8.18, 3.9.18, 3.10.13 and 3.12.1 under `/r`; we stand in `/w`; nothing on PATH but our shims.
fn five() -> Memory {
    ["2.7.18", "3.8.18", "3.9.18", "3.10.13", "3.12.1"]
        .into_iter()
        .fold(none(), |world, version| installed(world, version, version))
}

/// The same without any Python.
fn none() -> Memory {
    Memory::new()
        .at("/w")
        .variable("HOME", "/home/ada")
        .variable("PATH", "/r/shims:/usr/bin")
        .program("/r/bin/pyman-shim", SHIM)
        .program("/r/bin/pyman", "manager")
        .hard_link("/r/shims/py", "/r/bin/pyman-shim")
        .hard_link("/r/shims/python", "/r/bin/pyman-shim")
        .hard_link("/r/shims/python3", "/r/bin/pyman-shim")
        .directory("/usr/bin")
}

const SHIM: &[u8] = b"\x7fELF\x02...\0pyman-shim\0not-a-python...";

/// The first bytes of a 64-bit executable for x86-64.
const X64: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0";
/// The same for a 32-bit one.
const X86: &[u8] = b"\x7fELF\x01\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x03\0";
/// The same for 64-bit ARM.
const ARM: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xb7\0";

/// With a version of this number, in a directory of this name.
fn installed(world: Memory, name: &str, version: &str) -> Memory {
    built(world, name, version, X64)
}

fn built(world: Memory, name: &str, version: &str, header: &[u8]) -> Memory {
    let mut parts = version.split('.');
    let (major, minor) = (parts.next().unwrap(), parts.next().unwrap());
    let bin = format!("/r/versions/{name}/bin");
    let letter = version.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let letter = if matches!(letter, "t" | "d") { letter } else { "" };
    world
        .program(&format!("{bin}/python"), header)
        .program(&format!("{bin}/python{major}"), header)
        .program(&format!("{bin}/python{major}.{minor}{letter}"), header)
}

/// With an activated environment of 3.9.
fn in_venv(world: Memory) -> Memory {
    venv(world, "/venv", "3.9.18").variable("VIRTUAL_ENV", "/venv")
}

fn venv(world: Memory, directory: &str, version: &str) -> Memory {
    world
        .file(&format!("{directory}/pyvenv.cfg"), format!("home = /x\nversion = {version}\n"))
        .program(&format!("{directory}/bin/python"), X64)
}

fn pinned(world: Memory, text: &str) -> Memory {
    world.file("/w/.python-version", text)
}

fn script(world: Memory, text: impl AsRef<[u8]>) -> Memory {
    world.file("/w/s.py", text)
}

fn decide(world: &Memory, line: &str) -> (Action, Vec<String>) {
    let words = words(line);
    let resolver = Resolver::new(world, Home::new(b"/r"));
    let action = Launcher::new(&resolver, b"/r/shims/py").decide(&words);
    (action, resolver.take_notes().iter().map(ToString::to_string).collect())
}

fn words(line: &str) -> Vec<&[u8]> {
    line.split(' ').skip(1).map(str::as_bytes).collect()
}

/// The command that a line of words comes to.
fn text(run: &Run, line: &str) -> String {
    let lossy = |word: &[u8]| String::from_utf8_lossy(word).into_owned();
    let mut all = vec![short(&run.launch.program)];
    all.extend(run.leading.iter().map(|word| lossy(word)));
    all.extend(words(line).into_iter().skip(run.skipped).map(lossy));
    all.join(" ")
}

/// The name of the installation for its `python`, the path for anything else.
fn short(program: &[u8]) -> String {
    let path = String::from_utf8_lossy(program).into_owned();
    let name = path.strip_prefix("/r/versions/").and_then(|rest| rest.strip_suffix("/bin/python"));
    name.or_else(|| path.strip_suffix("/bin/python")).map(ToString::to_string).unwrap_or(path)
}

/// What a command line comes to: the program and its arguments, or the status and the message.
fn outcome(world: &Memory, line: &str) -> String {
    match decide(world, line).0 {
        Action::Run(run) => text(&run, line),
        Action::Print { text: printed, then } => {
            let printed = String::from_utf8(printed).unwrap();
            then.map_or_else(|| printed.clone(), |run| format!("{printed}{}", text(&run, line)))
        }
        Action::Fail(error) => format!("{} {error}", error.exit_code()),
    }
}

/// What a command line comes to, without its arguments.
fn program(world: &Memory, line: &str) -> String {
    match decide(world, line).0 {
        Action::Run(run) => short(&run.launch.program),
        Action::Print { .. } => "prints".to_string(),
        Action::Fail(error) => format!("{} {error}", error.exit_code()),
    }
}

fn notes(world: &Memory, line: &str) -> Vec<String> {
    decide(world, line).1
}

/// The worked cases of section 4.
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
