//! What `py` shows of itself: its help, and a command as a person could type it.

use alloc::vec::Vec;

use crate::launcher::Run;

/// The launcher's help.
pub(super) const TEXT: &str = "\
py: run the Python that is meant

usage: py [VERSION] [PYTHON OPTIONS] [SCRIPT | -c CODE | -m MODULE | -] [ARGUMENTS]

VERSION, if it comes first:
  -3, -3.12, -3.12.7, -3.13t   the newest installed that begins so (t: free-threaded)
  -3.12-64, -32, -arm64        and by what processor it is for
  -V:TAG, -V:COMPANY/TAG       the same, a specifier (-V:\">=3.11\"), or another Python: -V:PyPy/3.10

Without a VERSION, the first of these that says something:
  the script's first line (#!/usr/bin/env python3.12) and its `requires-python'
  VIRTUAL_ENV, PYMAN_VERSION, PY_PYTHON, .python-version, py.ini, the global version, the newest

py -0, --list            what is installed; * marks what plain `py' runs
py -0p, --list-paths     the same with paths
py list [-f FORMAT] [-1] [FILTER]
                         the same as table, json, jsonl, csv, exe or prefix
py install VERSION       install one;  py uninstall VERSION
py exec [VERSION] ...    run, installing VERSION if need be
py help [COMMAND]        pyman's help

PYLAUNCHER_DEBUG=1 says why; PYLAUNCHER_DRYRUN=1 says what would run.

";

/// The program and its arguments on one line, quoted for a shell where need be.
pub(super) fn command(run: &Run, arguments: &[&[u8]]) -> Vec<u8> {
    let mut line = Vec::new();
    let before = core::iter::once(&run.launch.program).chain(&run.leading).map(Vec::as_slice);
    for word in before.chain(arguments.iter().skip(run.skipped).copied()) {
        if !line.is_empty() {
            line.push(b' ');
        }
        quote(word, &mut line);
    }
    line.push(b'\n');
    line
}

fn quote(word: &[u8], line: &mut Vec<u8>) {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-\\".contains(byte);
    if !word.is_empty() && word.iter().all(plain) {
        line.extend_from_slice(word);
        return;
    }
    line.push(b'\'');
    for &byte in word {
        if byte == b'\'' {
            line.extend_from_slice(b"'\\''");
        } else {
            line.push(byte);
        }
    }
    line.push(b'\'');
}
