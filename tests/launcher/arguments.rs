//! What reaches Python, and what comes back.

use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Stdio;

use super::{Launcher, newest};

#[test]
fn arguments_are_passed_as_bytes() {
    let launcher = Launcher::new();
    let code = "import os, sys; os.write(1, b'|'.join(map(os.fsencode, sys.argv[1:])))";
    let mut py = launcher.py(&["-c", code]);
    let odd: [&[u8]; 5] = [b"\xff\xfe", b"", b" a  b ", b"-3", b"'\"$\n"];
    py.args(odd.map(OsStr::from_bytes));
    let output = py.output().unwrap();
    assert_eq!(output.stdout, odd.join(&b'|'));
    assert_eq!((output.stderr, output.status.code()), (Vec::new(), Some(0)));
}

#[test]
fn exit_statuses_are_pythons_own() {
    let launcher = Launcher::new();
    for status in [0, 1, 2, 101, 103, 112, 126, 127, 255] {
        launcher.ran(&["-c", &format!("import sys; sys.exit({status})")]).is("", "", status);
    }
}

#[test]
fn standard_input_is_a_program_where_python_says_so() {
    let launcher = Launcher::new();
    let run = |arguments: &[&str]| {
        let mut py = launcher.py(arguments);
        let py = py.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = py.spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"import sys; print(sys.argv)").unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.stderr, b"");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run(&["-", "a"]), "['-', 'a']\n");
    assert_eq!(run(&[]), "['']\n");
}

#[test]
fn pythons_own_options_stay_pythons() {
    let launcher = Launcher::new();
    let version = format!("Python {}\n", newest().name());
    for option in ["-V", "--version"] {
        let ran = launcher.ran(&[option]);
        // Python 2 says it on stderr.
        assert_eq!((ran.stdout + &ran.stderr, ran.status), (version.clone(), Some(0)));
    }
    launcher.ran(&["-u", "-X", "utf8", "-c", "print(1)"]).succeeds("1\n");
}

#[test]
fn a_pipe_is_never_read_in_pythons_place() {
    let launcher = Launcher::new();
    let mut bash = launcher.sandbox.command("/bin/bash");
    let py = launcher.sandbox.root().join("shims/py");
    bash.args(["-c", "\"$1\" <(printf '#!/usr/bin/env python3.99\\nprint(42)\\n')", "bash"])
        .arg(py);
    launcher.sandbox.ran(&mut bash).succeeds("42\n");
}

#[test]
fn a_fifo_is_opened_by_python_alone() {
    let launcher = Launcher::new();
    let mut shell = launcher.sandbox.command("/bin/sh");
    let py = launcher.sandbox.root().join("shims/py");
    shell
        .args(["-c", "mkfifo f && { printf 'print(42)' > f & } && \"$1\" f && wait $!", "sh"])
        .arg(py);
    launcher.sandbox.ran(&mut shell).succeeds("42\n");
}

#[test]
fn help_is_ours_and_then_pythons() {
    let launcher = Launcher::new();
    let ran = launcher.ran(&["--help"]);
    assert_eq!((ran.stderr.as_str(), ran.status), ("", Some(0)));
    assert!(ran.stdout.starts_with("py: run the Python that is meant\n"));
    let usage = format!("usage: [SANDBOX]/pyman/versions/{}/bin/python ", newest().name());
    assert!(ran.stdout.contains(&usage), "{}", ran.stdout);
}
