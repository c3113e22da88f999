//! A command as a person could type it.

use alloc::vec::Vec;

use super::Run;

/// The program and its arguments on one line, quoted for a shell where need be.
pub(super) fn command(run: &Run) -> Vec<u8> {
    let mut line = Vec::new();
    for word in core::iter::once(&run.launch.program).chain(&run.arguments) {
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
