//! The prefix a tree believes in: what its own `_sysconfigdata` states.

use std::io;
use std::path::PathBuf;

use super::prefix::Notation;
use super::{Document, starts};
use crate::disk;
use crate::world;

/// The prefixes stated by the tree's records, none for a tree without them.
pub(super) fn prefix(documents: &[Document]) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for document in documents {
        match document.notation {
            Notation::Python if starts(&document.path, "_sysconfigdata") => {
                let text = disk::read(&document.path)?.unwrap_or_default();
                found.extend(stated(&text).map(|path| world::path(path).into_owned()));
            }
            Notation::Python
            | Notation::Json
            | Notation::Makefile
            | Notation::PkgConfig
            | Notation::Shell => {}
        }
    }
    Ok(found)
}

/// The value of `'prefix': '…'`, when it is a plain absolute path.
fn stated(text: &[u8]) -> Option<&[u8]> {
    let line = text
        .split(|&byte| byte == b'\n')
        .find_map(|line| line.trim_ascii().strip_prefix(b"'prefix':"))?
        .trim_ascii_start();
    let (&quote, rest) = line.split_first()?;
    let value = rest.split(|&byte| byte == quote).next()?;
    let plain = b"'\"".contains(&quote) && !value.contains(&b'\\');
    (plain && value.starts_with(b"/") && value.len() > 1).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::stated;

    #[test]
    fn the_stated_prefix_is_read_from_the_literal() {
        let text = b"build_time_vars = {'A': 1,\n 'exec_prefix': '/no',\n 'prefix': '/install',\n}";
        assert_eq!(stated(text), Some(&b"/install"[..]));
        assert_eq!(stated(b" 'prefix': \"/it's\"}"), Some(&b"/it's"[..]));
        assert_eq!(stated(b" 'prefix': 'relative',"), None);
        assert_eq!(stated(b"nothing here"), None);
    }
}
