//! Which names and targets an archive may use, decided over their text; and how each system has such names.

use crate::archive::error::{Refusal, shown};

/// Longest path of an entry, in bytes.
const LONGEST: usize = 1024;

/// Longest single name, in bytes, as on every usual file system.
const LONGEST_NAME: usize = 255;

/// Most names in a path.
const DEEPEST: usize = 64;

/// The names in a path. A slash doubled or at the end and a `.` change nothing and are dropped.
pub(super) fn components(path: &[u8]) -> Result<Vec<&[u8]>, Refusal> {
    if path.is_empty() {
        return Err(Refusal::Name("is empty"));
    }
    if path.starts_with(b"/") {
        return Err(Refusal::Name("is absolute"));
    }
    if path.len() > LONGEST {
        return Err(Refusal::Path("long"));
    }
    if path.iter().any(u8::is_ascii_control) {
        return Err(Refusal::Name("has control characters"));
    }
    // On Windows it separates names: one archive is to be one tree everywhere.
    if path.contains(&b'\\') {
        return Err(Refusal::Name("has a backslash"));
    }
    let mut names = Vec::new();
    for name in path.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => continue,
            b".." => return Err(Refusal::Name("has `..'")),
            _ if name.len() > LONGEST_NAME => return Err(Refusal::Path("long")),
            _ => {}
        }
        if let Some(reason) = system::unusable(name) {
            return Err(Refusal::Name(reason));
        }
        names.push(name);
    }
    if names.len() > DEEPEST {
        return Err(Refusal::Path("deep"));
    }
    Ok(names)
}

/// A symbolic link may climb no higher than the tree and must then only descend: after a name,
/// `..` means the parent of wherever that name leads, which no reading of the text can tell.
pub(super) fn inward(target: &[u8], depth: usize) -> Result<(), Refusal> {
    let leads_out = || Refusal::Target(shown(target));
    let control = target.iter().any(u8::is_ascii_control);
    if control || target.is_empty() || target.len() > LONGEST {
        return Err(leads_out());
    }
    if target.starts_with(b"/") || target.contains(&b'\\') {
        return Err(leads_out());
    }
    let (mut climbed, mut descending) = (0, false);
    for name in target.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." if descending || climbed == depth => return Err(leads_out()),
            b".." => climbed += 1,
            _ if system::unusable(name).is_some() => return Err(leads_out()),
            _ => descending = true,
        }
    }
    Ok(())
}

pub(super) fn folded(path: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(path).to_lowercase().into_bytes()
}

/// The names in an archive as Unix has them: any bytes.
#[cfg(unix)]
pub(crate) mod system {
    use std::ffi::OsStr;
    use std::io;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::{Path, PathBuf};

    /// A path from an archive: any bytes.
    #[expect(clippy::unnecessary_wraps, reason = "not every name is one on Windows")]
    pub(crate) fn path(bytes: &[u8]) -> io::Result<PathBuf> {
        Ok(PathBuf::from(OsStr::from_bytes(bytes)))
    }

    /// The bytes of a path, for an archive.
    #[expect(clippy::unnecessary_wraps, reason = "not every path is UTF-8 on Windows")]
    pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
        Ok(path.as_os_str().as_bytes().to_vec())
    }

    /// What the system would not take for one plain name; any other rule is the policy's.
    pub(crate) fn unusable(_component: &[u8]) -> Option<&'static str> {
        None
    }
}

/// The names in an archive as Windows has them, and those that mean something else there.
#[cfg(windows)]
pub(crate) mod system {
    use std::io;
    use std::path::{Path, PathBuf};

    /// A path from an archive: UTF-8, with slashes.
    pub(crate) fn path(bytes: &[u8]) -> io::Result<PathBuf> {
        match str::from_utf8(bytes) {
            Ok(text) => Ok(text.split('/').collect()),
            Err(error) => Err(io::Error::new(io::ErrorKind::InvalidFilename, error)),
        }
    }

    /// The bytes of a path, for an archive: UTF-8, with slashes.
    pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
        match path.to_str() {
            Some(text) => Ok(text.replace('\\', "/").into_bytes()),
            None => Err(io::Error::new(
                io::ErrorKind::InvalidFilename,
                format!("{} is not Unicode", path.display()),
            )),
        }
    }

    /// Streams (`a:b`), devices (`NUL`, `com1.txt`), and endings that Windows drops.
    pub(crate) fn unusable(component: &[u8]) -> Option<&'static str> {
        const DEVICES: [&[u8]; 4] = [b"con", b"prn", b"aux", b"nul"];
        if component.iter().any(|byte| b":*?\"<>|".contains(byte)) {
            return Some("has a character that Windows keeps for itself");
        }
        if component.ends_with(b".") || component.ends_with(b" ") {
            return Some("ends with a dot or a blank");
        }
        let stem = component.split(|byte| *byte == b'.').next().unwrap_or_default();
        let stem = stem.trim_ascii_end().to_ascii_lowercase();
        let port = stem.strip_prefix(b"com").or_else(|| stem.strip_prefix(b"lpt"));
        if DEVICES.contains(&stem.as_slice())
            || port.is_some_and(|number| matches!(number, [b'0'..=b'9']))
        {
            return Some("is a device's");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_tree_or_lie_are_refused() {
        let deep = format!("top/{}", "d/".repeat(3000));
        let long = format!("top/{}", "n/".repeat(600));
        let long_name = format!("top/{}", "n".repeat(256));
        let sixty_five = format!("{}x", "d/".repeat(64));
        let cases = [
            ("", Refusal::Name("is empty")),
            ("/etc/passwd", Refusal::Name("is absolute")),
            ("top/../../x", Refusal::Name("has `..'")),
            ("..", Refusal::Name("has `..'")),
            ("top/a\0b", Refusal::Name("has control characters")),
            ("top/a\x1b[31m", Refusal::Name("has control characters")),
            ("top/a\nb", Refusal::Name("has control characters")),
            ("top\\..\\x", Refusal::Name("has a backslash")),
            (&deep, Refusal::Path("long")),
            (&long, Refusal::Path("long")),
            (&long_name, Refusal::Path("long")),
            (&sixty_five, Refusal::Path("deep")),
        ];
        for (name, expected) in cases {
            assert_eq!(components(name.as_bytes()), Err(expected), "{name:?}");
        }
    }

    #[test]
    fn what_changes_nothing_in_a_name_is_dropped() {
        let cases: [(&[u8], &[&[u8]]); 5] = [
            (b"./", &[]),
            (b"./top/", &[b"top"]),
            (b"./top//bin/./x", &[b"top", b"bin", b"x"]),
            (b"top/ a name ", &[b"top", b" a name "]),
            (b"top/\xff", &[b"top", b"\xff"]),
        ];
        for (name, expected) in cases {
            assert_eq!(components(name).unwrap(), expected, "{name:?}");
        }
    }

    #[test]
    fn symbolic_links_lead_inward() {
        let cases = [
            ("bin/x", 0, true),
            ("../lib/x", 1, true),
            ("./x", 1, true),
            ("..", 1, true),
            ("..", 0, false),
            ("../../top/lib", 1, false),
            ("/etc/passwd", 0, false),
            ("a/../../../x", 1, false),
            ("a/..", 1, false),
            ("", 0, false),
            ("a\nb", 0, false),
            ("a\\b", 0, false),
        ];
        for (target, depth, inside) in cases {
            let verdict = inward(target.as_bytes(), depth);
            assert_eq!(verdict.is_ok(), inside, "{depth} -> {target:?}: {verdict:?}");
        }
    }
}
