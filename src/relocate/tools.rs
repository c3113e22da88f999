//! Compilers that were there where a tree was built, and are not here: `cc`, `c++` and `ar` instead, without the
//! options that only those of the publisher know. Pure but for looking.

use std::path::{Path, PathBuf};

use super::text::Notation;
use crate::disk;
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

/// Options of clang's that gcc ends at, and that say nothing of how a module is to be made. An older clang does not
/// know all of them either, so they go whatever is here.
const FOREIGN_FLAGS: [&[u8]; 7] = [
    b"-fdebug-default-version=",
    b"-fprofile-instr-use=",
    b"-fprofile-instr-generate",
    b"-flto=thin",
    b"-Qunused-arguments",
    b"-fcolor-diagnostics",
    b"-Wno-unused-command-line-argument",
];

/// `text` with each tool that is in none of `search` replaced by its everyday name, and without foreign options.
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
    without_foreign_flags(&out)
}

/// `text` without options that only the publisher's compiler knows.
pub(super) fn without_foreign_flags(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte == b'-') {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        // `'CFLAGS=-f… -g'` is how configure's own arguments are kept.
        let begins =
            out.last().is_none_or(|last| last.is_ascii_whitespace() || b"'\"=".contains(last));
        let end = from.iter().position(|byte| byte.is_ascii_whitespace() || b"'\"".contains(byte));
        let (word, after) = from.split_at(end.unwrap_or(from.len()));
        if begins && FOREIGN_FLAGS.iter().any(|flag| is_flag(word, flag)) {
            rest = after.strip_prefix(b" ").unwrap_or(after);
            // The last of a value takes the blank before it along.
            let last = !after.starts_with(b" ") && out.last() == Some(&b' ');
            out.truncate(out.len() - usize::from(last));
        } else {
            out.extend_from_slice(word);
            rest = after;
        }
    }
    out.extend_from_slice(rest);
    out
}

fn is_flag(word: &[u8], flag: &[u8]) -> bool {
    if flag.ends_with(b"=") { word.starts_with(flag) } else { word == flag }
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
            Notation::Json => {
                let rest = line.trim_ascii_start().strip_prefix(b"\"")?;
                let rest = rest.strip_prefix(*key)?.strip_prefix(b"\":")?;
                rest.trim_ascii_start().strip_prefix(b"\"")?
            }
            Notation::PkgConfig | Notation::Shell => return None,
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
    search.iter().any(|directory| disk::is_file(&directory.join(tool)))
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

        let json = "{\n  \"AR\": \"/tools/llvm-ar\",\n  \"CC\": \"clang -pthread\"\n}";
        let expected = "{\n  \"AR\": \"ar\",\n  \"CC\": \"cc -pthread\"\n}";
        let got = replaced(json.as_bytes(), Notation::Json, &search);
        assert_eq!(String::from_utf8(got).unwrap(), expected);
    }

    #[test]
    fn options_of_the_publishers_compiler_go_and_nothing_else_does() {
        let table = [
            ("'-g -fdebug-default-version=4 -O3'", "'-g -O3'"),
            ("'-g -fdebug-default-version=4'", "'-g'"),
            ("'-fdebug-default-version=4'", "''"),
            ("\"'CFLAGS=-fdebug-default-version=4 -fPIC' 'CC=cc'\"", "\"'CFLAGS=-fPIC' 'CC=cc'\""),
            ("CFLAGS=\t-fdebug-default-version=4 -O3\n", "CFLAGS=\t-O3\n"),
            ("'LDFLAGS': '-flto=thin -L/x/lib',", "'LDFLAGS': '-L/x/lib',"),
            ("'-g '\n    '-fdebug-default-version=4 '\n    '-O3'", "'-g '\n    ''\n    '-O3'"),
            (
                "-Wl,-flto=thin x-flto=thin -flto=thinner -flto",
                "-Wl,-flto=thin x-flto=thin -flto=thinner -flto",
            ),
            ("- -- -", "- -- -"),
        ];
        for (before, after) in table {
            let got = without_foreign_flags(before.as_bytes());
            assert_eq!(String::from_utf8(got).unwrap(), after, "{before}");
        }
    }
}
