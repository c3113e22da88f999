//! The first line of a Python script, for any path an environment may have. Pure.

use std::path::Path;

use crate::world;

/// What a kernel passes on of a `#!` line: 127 bytes with its end before Linux 5.1, and others still.
const LONGEST: usize = 127;

/// The head that makes `interpreter`, with these arguments (empty, or a blank first), run the rest of the script;
/// its newline included.
///
/// A path that a `#!` line cannot carry takes three lines that the shell reads as `exec` and Python as a string.
pub(super) fn head(interpreter: &Path, arguments: &[u8]) -> Vec<u8> {
    let path = world::bytes(interpreter);
    let plain = path.iter().all(u8::is_ascii_graphic);
    if plain && path.len() + arguments.len() + b"#!".len() < LONGEST {
        return [b"#!", path, arguments, b"\n"].concat();
    }
    let word = if let Ok(text) = std::str::from_utf8(path) {
        quoted(text)
    } else {
        // Python reads no script with such bytes in it, so the script looks beside itself.
        "\"$(dirname -- \"$(realpath -- \"$0\")\")/python\"".to_owned()
    };
    [b"#!/bin/sh\n'''exec' ", word.as_bytes(), arguments, b" \"$0\" \"$@\"\n' '''\n"].concat()
}

/// In double quotes, which may hold everything an environment's path may; never three single quotes in a row,
/// which would end Python's string.
fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace("''", "''\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headed(path: &str) -> String {
        String::from_utf8(head(Path::new(path), b"")).unwrap()
    }

    #[test]
    fn a_plain_short_path_is_a_plain_line() {
        assert_eq!(headed("/w/it's;a!b/bin/python"), "#!/w/it's;a!b/bin/python\n");
        let longest = format!("/{}", "d".repeat(123));
        assert_eq!(headed(&longest), format!("#!{longest}\n"));
    }

    #[test]
    fn what_a_line_cannot_carry_takes_the_shell() {
        for path in [&format!("/{}", "d".repeat(124)), "/a b/bin/python", "/é/bin/python"] {
            let expected = format!("#!/bin/sh\n'''exec' \"{path}\" \"$0\" \"$@\"\n' '''\n");
            assert_eq!(headed(path), expected);
        }
        let quotes = headed("/a'''' b/bin/python");
        assert!(quotes.contains("\"/a''\"\"''\"\" b/bin/python\""), "{quotes}");
    }
}
