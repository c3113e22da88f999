//! Start-up files: our line goes in once and comes out exactly. A line of ours ends with a mark; a file that
//! had no line break at its end gets none from us, so taking the line out gives back every byte.

use super::Error;
use crate::disk::{self, Privacy};
use std::path::{Path, PathBuf};

/// How a line of ours ends.
const MARK: &[u8] = b" # pyman setup";

/// How a file begins that is ours altogether.
const HEAD: &[u8] = b"# pyman setup\n";

/// What is to be in a start-up file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    file: PathBuf,
    text: Vec<u8>,
    whole: bool,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The file was changed.
    Changed,
    /// The file was as wished.
    Unchanged,
    /// Somebody wrote a line of their own that does the same.
    ByHand,
}

impl Edit {
    pub(super) fn line(file: PathBuf, line: &[u8]) -> Self {
        Self { file, text: [line, MARK].concat(), whole: false }
    }

    pub(super) fn whole(file: PathBuf, code: &[u8]) -> Self {
        Self { file, text: whole(code), whole: true }
    }

    /// The file it is about.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Puts it in.
    pub(crate) fn add(&self) -> Result<Outcome, Error> {
        let (outcome, after) = self.plan()?;
        if outcome == Outcome::Changed {
            disk::replace_personal(&self.file, &after, Privacy::Shared)?;
        }
        Ok(outcome)
    }

    /// What would become of the file, were it put in.
    pub(crate) fn outcome(&self) -> Result<Outcome, Error> {
        Ok(self.plan()?.0)
    }

    fn plan(&self) -> Result<(Outcome, Vec<u8>), Error> {
        let before = read(&self.file)?;
        let after = match (&before, self.whole) {
            (Some(text), false) => match with_line(text, &self.text) {
                Some(after) => after,
                None => return Ok((Outcome::ByHand, Vec::new())),
            },
            (None, false) => [self.text.as_slice(), b"\n"].concat(),
            (_, true) => self.text.clone(),
        };
        let unchanged = before.as_ref() == Some(&after);
        Ok((if unchanged { Outcome::Unchanged } else { Outcome::Changed }, after))
    }
}

/// The text of a file that is ours altogether.
pub(super) fn whole(code: &[u8]) -> Vec<u8> {
    [HEAD, code].concat()
}

/// Whether a text is that of a file that is ours altogether.
pub(super) fn is_whole(text: &[u8]) -> bool {
    text.starts_with(HEAD)
}

/// Takes out of a start-up file what we put in, whatever it says.
pub(super) fn remove(file: &Path) -> Result<Outcome, Error> {
    let Some(before) = read(file)? else { return Ok(Outcome::Unchanged) };
    let after = if is_whole(&before) { Vec::new() } else { without_line(&before) };
    if after == before {
        return Ok(Outcome::Unchanged);
    }
    // A file of ours alone ends with a line break; one that was there, empty, does not.
    if after.is_empty() && before.ends_with(b"\n") {
        disk::unlink(file)?;
    } else {
        disk::replace_personal(file, &after, Privacy::Shared)?;
    }
    Ok(Outcome::Changed)
}

/// The text with our line at its end, or in the place of the one it has; none when a person wrote it already.
fn with_line(text: &[u8], line: &[u8]) -> Option<Vec<u8>> {
    let mut lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
    if let Some(ours) = lines.iter_mut().find(|line| line.ends_with(MARK)) {
        *ours = line;
        return Some(lines.join(&b'\n'));
    }
    if lines.iter().any(|line| asks_for_init(line)) {
        return None;
    }
    Some(match text.strip_suffix(b"\n") {
        Some(text) => [text, line, b""].join(&b'\n'),
        None if text.is_empty() => line.to_vec(),
        None => [text, line].join(&b'\n'),
    })
}

fn without_line(text: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> =
        text.split(|&byte| byte == b'\n').filter(|line| !line.ends_with(MARK)).collect();
    lines.join(&b'\n')
}

/// Whether a line is somebody's own `… pyman init …`.
fn asks_for_init(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let words = b"pyman init -";
    !line.starts_with(b"#") && line.windows(words.len()).any(|window| window == words)
}

fn read(file: &Path) -> Result<Option<Vec<u8>>, Error> {
    match disk::follow(file)? {
        Some(found) if !found.is_file() => Err(Error::NotAFile(file.to_owned())),
        Some(_) | None => Ok(disk::read(file)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fs_err as fs;

    #[test]
    fn what_was_there_comes_back_byte_for_byte() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".bashrc");
        for before in [&b""[..], b"\n", b"a", b"a\n", b"a\n\n", b"a\r\n\xff b", b"\n\n"] {
            fs::write(&file, before).unwrap();
            let edit = Edit::line(file.clone(), b"eval x");
            assert_eq!(edit.add().unwrap(), Outcome::Changed);
            assert_eq!(edit.add().unwrap(), Outcome::Unchanged);
            assert_eq!(remove(&file).unwrap(), Outcome::Changed);
            assert_eq!(fs::read(&file).unwrap(), before);
            assert_eq!(remove(&file).unwrap(), Outcome::Unchanged);
        }
    }

    #[test]
    fn a_file_of_ours_alone_goes_again() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("conf.d/pyman.fish");
        let edit = Edit::line(file.clone(), b"x");
        edit.add().unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"x # pyman setup\n");
        remove(&file).unwrap();
        assert_eq!(disk::look(&file).unwrap(), None);
    }

    #[test]
    fn an_older_line_is_replaced_where_it_stands() {
        let text = b"a\nold # pyman setup\nb\n";
        assert_eq!(with_line(text, b"new # pyman setup").unwrap(), b"a\nnew # pyman setup\nb\n");
    }

    #[test]
    fn a_line_written_by_hand_is_left_alone() {
        assert_eq!(with_line(b"eval \"$(pyman init - bash)\"\n", b"x"), None);
        assert!(with_line(b"# eval \"$(pyman init - bash)\"\n", b"x").is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_file_stays_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let (kept, link) = (directory.path().join("dotfiles"), directory.path().join(".zshrc"));
        fs::write(&kept, "x\n").unwrap();
        std::os::unix::fs::symlink(&kept, &link).unwrap();
        Edit::line(link.clone(), b"eval").add().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&kept).unwrap(), b"x\neval # pyman setup\n");
    }
}
