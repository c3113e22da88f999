//! Start-up files: our line goes in once and comes out exactly. A line of ours ends with a mark; a file that
//! had no line break at its end gets none from us, so taking the line out gives back every byte.

use std::path::{Path, PathBuf};

use memchr::memmem;

use super::Error;
use crate::disk::{self, Privacy};

/// How a line of ours ends.
const MARK: &[u8] = b" # pyman setup";

/// How the one ends that stands above where shells that are not interactive are sent away.
const EARLY: &[u8] = b" # pyman setup, for `ssh HOST python'";

/// How a file begins that is ours altogether.
const HEAD: &[u8] = b"# pyman setup\n";

/// What is to be in a start-up file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    file: PathBuf,
    text: Vec<u8>,
    place: Place,
}

/// Where in the file it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// At its end.
    End,
    /// Above where it sends away shells that are not interactive.
    Early,
    /// It is all of it.
    Whole,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
        Self { file, text: [line, MARK].concat(), place: Place::End }
    }

    /// A line for shells that are not interactive, too; none where such a shell reads the file to its end, or a person
    /// wrote what does the same.
    pub(super) fn early(file: PathBuf, line: &[u8]) -> Result<Option<Self>, Error> {
        let there = read(&file)?.unwrap_or_default();
        let lines: Vec<&[u8]> = there.split(|&byte| byte == b'\n').collect();
        let by_hand = lines.iter().any(|line| !is_ours(line) && asks_for_init(line));
        let wanted = !by_hand && leaves_early(&lines).is_some();
        Ok(wanted.then(|| Self { file, text: [line, EARLY].concat(), place: Place::Early }))
    }

    pub(super) fn whole(file: PathBuf, code: &[u8]) -> Self {
        Self { file, text: whole(code), place: Place::Whole }
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
        let after = match (&before, self.place) {
            (Some(text), Place::End | Place::Early) => {
                match with_line(text, &self.text, self.place) {
                    Some(after) => after,
                    None => return Ok((Outcome::ByHand, Vec::new())),
                }
            }
            (None, Place::End | Place::Early) => [self.text.as_slice(), b"\n"].concat(),
            (_, Place::Whole) => self.text.clone(),
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
        disk::remove_personal(file)?;
    } else {
        disk::replace_personal(file, &after, Privacy::Shared)?;
    }
    Ok(Outcome::Changed)
}

/// The text with our line in its place, or in that of the one it has; none when a person wrote it already.
fn with_line(text: &[u8], line: &[u8], place: Place) -> Option<Vec<u8>> {
    let mut lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
    let mark = if place == Place::Early { EARLY } else { MARK };
    if let Some(ours) = lines.iter_mut().find(|line| line.ends_with(mark)) {
        *ours = line;
        return Some(lines.join(&b'\n'));
    }
    if lines.iter().any(|line| !is_ours(line) && asks_for_init(line)) {
        return None;
    }
    if let (Place::Early, Some(at)) = (place, leaves_early(&lines)) {
        lines.insert(at, line);
        return Some(lines.join(&b'\n'));
    }
    Some(match text.strip_suffix(b"\n") {
        Some(text) => [text, line, b""].join(&b'\n'),
        None if text.is_empty() => line.to_vec(),
        None => [text, line].join(&b'\n'),
    })
}

fn without_line(text: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> =
        text.split(|&byte| byte == b'\n').filter(|line| !is_ours(line)).collect();
    lines.join(&b'\n')
}

fn is_ours(line: &[u8]) -> bool {
    line.ends_with(MARK) || line.ends_with(EARLY)
}

/// The line above which a shell that is not interactive has read everything it will: the statement that asks whether it is
/// one and returns, as `.bashrc` has it in Debian, Arch and Gentoo, with what is said of it right above.
fn leaves_early(lines: &[&[u8]]) -> Option<usize> {
    let statement = |at: usize| {
        let lines = lines.get(at..).unwrap_or_default();
        let first = lines.first().copied().unwrap_or_default();
        let end = match word(first) {
            b"case" => Some(b"esac".as_slice()),
            b"if" => Some(b"fi".as_slice()),
            _ => None,
        };
        let ends = |line: &&[u8]| end.is_none_or(|end| words(line).any(|word| word == end));
        let length = lines.iter().position(ends).map_or(lines.len(), |last| last + 1);
        lines.get(..length).unwrap_or_default()
    };
    let found = (0..lines.len()).find(|&at| {
        let asks = lines.get(at).is_some_and(|line| asks_whether_interactive(line));
        let leaves =
            |line: &&[u8]| words(line).any(|word| [b"return".as_slice(), b"exit"].contains(&word));
        asks && statement(at).iter().any(leaves)
    })?;
    let above = lines.get(..found).unwrap_or_default().iter().rev();
    let said = above.take_while(|line| line.starts_with(b"#") && !line.starts_with(b"#!")).count();
    Some(found - said)
}

/// Whether a statement begins in this line, outside of every other, that asks for `$-`, for the prompt or for a terminal.
fn asks_whether_interactive(line: &[u8]) -> bool {
    let asked = [b"$-".as_slice(), b"${-", b"$PS1", b"${PS1", b"-t 0", b"-t 1"];
    let asks = |what: &&[u8]| memmem::find(line, what).is_some();
    [b"case".as_slice(), b"if", b"[", b"[[", b"test"].contains(&word(line))
        && asked.iter().any(asks)
}

/// What a line begins with, up to a blank.
fn word(line: &[u8]) -> &[u8] {
    line.split(u8::is_ascii_whitespace).next().unwrap_or_default()
}

/// The words of a line of shell code, up to a comment.
fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let parts = line.split(|byte| byte.is_ascii_whitespace() || b";&|(){}".contains(byte));
    parts.take_while(|part| !part.starts_with(b"#")).filter(|part| !part.is_empty())
}

/// Whether a line is somebody's own `… pyman init …`.
fn asks_for_init(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    !line.starts_with(b"#") && memmem::find(line, b"pyman init -").is_some()
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
        assert_eq!(
            with_line(text, b"new # pyman setup", Place::End).unwrap(),
            b"a\nnew # pyman setup\nb\n"
        );
    }

    #[test]
    fn a_line_for_every_shell_stands_above_the_return_of_those_that_are_not_interactive() {
        let leaving = [
            // Debian, Arch, Gentoo, older Debians, and what people write.
            "case $- in\n    *i*) ;;\n      *) return;;\nesac\n",
            "[[ $- != *i* ]] && return\n",
            "if [[ $- != *i* ]] ; then\n\t# Shell is non-interactive.\n\treturn\nfi\n",
            "[ -z \"$PS1\" ] && return\n",
            "if [ -z \"${PS1-}\" ]; then return; fi\n",
            "[ -t 1 ] || exit 0\n",
        ];
        for statement in leaving {
            let text = format!("#!/bin/bash\n# mine\n\n# not interactive?\n{statement}x=1\n");
            let expected = format!(
                "#!/bin/bash\n# mine\n\nearly{}\n# not interactive?\n{statement}x=1\n",
                String::from_utf8_lossy(EARLY)
            );
            let line = [b"early".as_slice(), EARLY].concat();
            let after = with_line(text.as_bytes(), &line, Place::Early).unwrap();
            assert_eq!(String::from_utf8(after.clone()).unwrap(), expected);
            assert_eq!(without_line(&after), text.as_bytes());
        }
        let reading_on = [
            "if [ -n \"$PS1\" ]; then\n  PS1='> '\nfi\nf() { return 1; }\n",
            "case $- in\n*i*) bind x ;; # or return\nesac\nreturn_of=1\n",
            "f() {\n  [ -z \"$PS1\" ] && return\n}\n",
            "# [ -z \"$PS1\" ] && return\n",
            "[ -z \"$PS1\" ] || PS1=x\n[ -d x ] && return\n",
        ];
        for text in reading_on {
            let lines: Vec<&[u8]> = text.as_bytes().split(|&byte| byte == b'\n').collect();
            assert_eq!(leaves_early(&lines), None, "{text}");
        }
    }

    #[test]
    fn a_line_written_by_hand_is_left_alone() {
        let by_hand = b"eval \"$(pyman init - bash)\"\n";
        assert_eq!(with_line(by_hand, b"x", Place::End), None);
        assert_eq!(with_line(by_hand, b"x", Place::Early), None);
        assert!(with_line(&[b"# ", by_hand.as_slice()].concat(), b"x", Place::End).is_some());
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
