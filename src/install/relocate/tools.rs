//! Compilers that were there where a tree was built, and are not here: `cc`, `c++` and `ar` instead. Pure but for looking.

use std::path::{Path, PathBuf};

use super::prefix::Notation;
use crate::world;

/// Build variables whose first word is a tool, and the tool every machine with a compiler has.
const TOOLS: [(&[u8], &[u8]); 7] = [
    (b"CC", b"cc"),
    (b"CXX", b"c++"),
    (b"AR", b"ar"),
    (b"LDSHARED", b"cc"),
    (b"LDCXXSHARED", b"c++"),
    (b"BLDSHARED", b"cc"),
    (b"LINKCC", b"cc"),
];

/// `text` with each tool that is in none of `search` replaced by its everyday name.
pub(super) fn replaced(text: &[u8], notation: Notation, search: &[PathBuf]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        match missing(line, notation, search) {
            Some((before, plain, after)) => {
                out.extend_from_slice(before);
                out.extend_from_slice(plain);
                out.extend_from_slice(after);
            }
            None => out.extend_from_slice(line),
        }
    }
    out
}

/// What stands before the missing tool of this line, what takes its place, and what stands after it.
fn missing<'a>(
    line: &'a [u8],
    notation: Notation,
    search: &[PathBuf],
) -> Option<(&'a [u8], &'static [u8], &'a [u8])> {
    let (value, plain) = TOOLS.iter().find_map(|(key, plain)| {
        let rest = match notation {
            Notation::Python => {
                let rest = line.trim_ascii_start();
                let rest = rest.strip_prefix(b"build_time_vars = {").unwrap_or(rest);
                let rest = rest.strip_prefix(b"'")?.strip_prefix(*key)?.strip_prefix(b"':")?;
                let rest = rest.trim_ascii_start();
                rest.strip_prefix(b"'").or_else(|| rest.strip_prefix(b"\""))?
            }
            Notation::Makefile => {
                let rest = line.strip_prefix(*key)?.trim_ascii_start();
                rest.strip_prefix(b"=")?.trim_ascii_start()
            }
            Notation::Json | Notation::PkgConfig | Notation::Shell => return None,
        };
        Some((rest, *plain))
    })?;
    let end = value.iter().position(|byte| byte.is_ascii_whitespace() || b"'\",".contains(byte))?;
    let (tool, after) = value.split_at_checked(end)?;
    let named = !tool.is_empty() && !tool.contains(&b'$') && tool != plain;
    if !named || is_here(&world::path(tool), search) {
        return None;
    }
    let before = line.get(..line.len().checked_sub(value.len())?)?;
    Some((before, plain, after))
}

fn is_here(tool: &Path, search: &[PathBuf]) -> bool {
    // Joining an absolute path gives that path.
    search.iter().any(|directory| directory.join(tool).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_that_are_not_here_get_their_everyday_names() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join("gcc"), "").unwrap();
        let search = [folder.path().to_owned()];
        let python = " 'AR': '/tools/bin/llvm-ar',\n 'ARFLAGS': 'rcs',\n 'CC': 'clang -pthread',\n \
                      'CXX': 'gcc -x',\n 'LDSHARED': '/t/clang -shared '\n             'x',\n";
        let expected = " 'AR': 'ar',\n 'ARFLAGS': 'rcs',\n 'CC': 'cc -pthread',\n \
                        'CXX': 'gcc -x',\n 'LDSHARED': 'cc -shared '\n             'x',\n";
        let got = replaced(python.as_bytes(), Notation::Python, &search);
        assert_eq!(String::from_utf8(got).unwrap(), expected);

        let makefile = "CC=\t\tclang -pthread\nCXX=g++\nLINKCC=\t$(PURIFY) $(CC)\nCCX=clang\n";
        let expected = "CC=\t\tcc -pthread\nCXX=c++\nLINKCC=\t$(PURIFY) $(CC)\nCCX=clang\n";
        let got = replaced(makefile.as_bytes(), Notation::Makefile, &search);
        assert_eq!(String::from_utf8(got).unwrap(), expected);
    }
}
