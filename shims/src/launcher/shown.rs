//! A command as a person could type it.

use alloc::vec::Vec;

use super::Run;

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
