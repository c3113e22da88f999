//! Scripts by their first lines.

use std::fs;
use std::os::unix::fs::symlink;

use super::{Launcher, VERSION, interpreters, newest};

#[test]
fn every_way_to_write_a_version_is_understood() {
    let launcher = Launcher::new();
    for interpreter in interpreters() {
        let minor = interpreter.minor();
        let forms = [
            format!("#!/usr/bin/env python{minor}\n"),
            format!("#! /usr/bin/python{minor} -E\r\n"),
            format!("#!/usr/local/bin/python{minor}-64\n"),
            format!("\u{feff}#!python{minor}\n"),
            format!("#!/usr/bin/env -S python{minor} -u\n"),
            format!("# coding: utf-8\n#!/usr/bin/env python{minor}\n"),
            format!("# /// script\n# requires-python = \"=={minor}.*\"\n# ///\n"),
        ];
        for form in forms {
            launcher.script("s.py", format!("{form}{VERSION}\n"));
            launcher.ran(&["s.py"]).succeeds(&format!("{}\n", interpreter.name()));
        }
    }
}

#[test]
fn zips_and_directories_are_scripts_too() {
    let launcher = Launcher::new();
    let oldest = interpreters().iter().find(|one| one.version >= [3, 5, 0]).unwrap();
    launcher.script("app/__main__.py", VERSION);
    let shebang = format!("/usr/bin/env python{}", oldest.minor());
    let made = launcher.ran(&["-m", "zipapp", "app", "-p", &shebang]);
    assert_eq!(made.status, Some(0), "{made:?}");
    launcher.ran(&["app.pyz"]).succeeds(&format!("{}\n", oldest.name()));
    launcher.ran(&["app"]).succeeds(&format!("{}\n", newest().name()));
}

#[test]
fn another_program_runs_as_the_line_says() {
    let launcher = Launcher::new();
    launcher.script("s", "#!/bin/echo -n \"a b\"\n");
    launcher.ran(&["s", "c"]).succeeds("a b s c");
    launcher.script("s", "#!/usr/bin/env nothing-of-this-name\n");
    launcher.ran(&["s"]).fails(
        "py: cannot run `nothing-of-this-name' (set by s:1)\nhint: run `py -3 s' to pass over that line\n",
        101,
    );
}

#[test]
fn a_script_for_the_launcher_itself_is_no_loop() {
    let launcher = Launcher::new();
    let py = launcher.sandbox.root().join("shims/py");
    let copy = launcher.sandbox.write("copied/py", "");
    fs::copy(&py, &copy).unwrap();
    let link = launcher.sandbox.path().join("py");
    symlink(&py, &link).unwrap();
    for path in [py, copy, link] {
        launcher.script("s.py", format!("#!{}\n{VERSION}\n", path.display()));
        launcher.ran(&["s.py"]).succeeds(&format!("{}\n", newest().name()));
    }
}

#[test]
fn bytes_that_are_no_text_are_no_error() {
    let launcher = Launcher::new();
    launcher.script("s", b"#!/usr/bin/printf <%s> \xff\xe9 \"\x80 b\"\n\0\xff");
    let output = launcher.py(&["s"]).output().unwrap();
    assert_eq!(output.stdout, b"<\xff\xe9><\x80 b><s>");
    assert_eq!((output.stderr, output.status.code()), (Vec::new(), Some(0)));
}
