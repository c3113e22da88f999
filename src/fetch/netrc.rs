//! Users and passwords by host, as `~/.netrc` has them for curl, git and pip. Pure but for reading.
//!
//! A `default` entry is for any host at all and counts for none here: a password goes to the host it is
//! written for, and nowhere else.

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::path::Path;

use crate::disk;

/// No such file is longer, in bytes.
const LONGEST: u64 = 1 << 20;

/// What the file says, in its order.
#[derive(Default)]
pub(super) struct Netrc {
    entries: Vec<Entry>,
}

#[derive(Default, Clone)]
pub(super) struct Entry {
    host: String,
    pub(super) login: String,
    pub(super) password: String,
}

/// How many there are, and nothing of them.
impl Debug for Netrc {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Netrc({})", self.entries.len())
    }
}

impl Netrc {
    /// The file's entries; none when there is no file.
    pub(super) fn read(file: &Path) -> io::Result<Self> {
        match disk::read_head(file, LONGEST)? {
            Some(text) => Ok(Self::parse(&String::from_utf8_lossy(&text))),
            None if disk::follow(file)?.is_none() => Ok(Self::default()),
            None => Err(disk::failed("read", file, io::ErrorKind::InvalidInput.into())),
        }
    }

    /// The first entry of this host, and of this user when the address names one.
    pub(super) fn entry(&self, host: &str, user: &str) -> Option<&Entry> {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        self.entries.iter().find(|entry| {
            entry.host.eq_ignore_ascii_case(host) && (user.is_empty() || entry.login == user)
        })
    }

    fn parse(text: &str) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut open: Option<Entry> = None;
        let mut rest = text;
        while let Some(word) = next(&mut rest) {
            match word.as_str() {
                "machine" => {
                    entries.extend(open.take());
                    let host = next(&mut rest).unwrap_or_default();
                    open = Some(Entry { host, ..Entry::default() });
                }
                "default" => entries.extend(open.take()),
                "login" | "user" | "password" | "account" => {
                    let value = next(&mut rest).unwrap_or_default();
                    match (&mut open, word.as_str()) {
                        (Some(entry), "password") => entry.password = value,
                        (Some(entry), "login" | "user") => entry.login = value,
                        (Some(_) | None, _) => {}
                    }
                }
                // A macro goes on to the next empty line.
                "macdef" => rest = rest.split_once("\n\n").map_or("", |(_, after)| after),
                comment if comment.starts_with('#') => {
                    rest = rest.split_once('\n').map_or("", |(_, after)| after);
                }
                _ => {}
            }
        }
        entries.extend(open);
        Self { entries }
    }
}

/// The next word, in quotes when it has blanks in it.
fn next(rest: &mut &str) -> Option<String> {
    let text = rest.trim_start();
    let mut letters = text.chars();
    let mut word = String::new();
    if text.starts_with('"') {
        letters.next();
        while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
            let escaped = (letter == '\\').then(|| letters.next()).flatten();
            word.push(escaped.unwrap_or(letter));
        }
        *rest = letters.as_str();
        return Some(word);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (found, after) = text.split_at_checked(end)?;
    *rest = after;
    (!found.is_empty()).then(|| found.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Netrc;

    fn found(text: &str, host: &str, user: &str) -> Option<(String, String)> {
        let netrc = Netrc::parse(text);
        netrc.entry(host, user).map(|entry| (entry.login.clone(), entry.password.clone()))
    }

    #[test]
    fn entries_are_found_by_host_and_user_in_every_layout() {
        let texts = [
            "machine a.example login ada password s3cret",
            "machine a.example\n  login ada\n  password s3cret\nmachine b.example login x password y\n",
            "# machine a.example login no password no\nmachine A.example password s3cret login ada",
            "macdef init\nmachine a.example login no password no\n\nmachine a.example login ada account z password \"s3cret\"\n",
            "default login any password any\nmachine a.example login ada password s3cret",
        ];
        for text in texts {
            let expected = Some(("ada".to_owned(), "s3cret".to_owned()));
            assert_eq!(found(text, "a.example", ""), expected, "{text}");
            assert_eq!(found(text, "a.example", "ada"), expected, "{text}");
            assert_eq!(found(text, "a.example", "bob"), None, "{text}");
            assert_eq!(found(text, "c.example", ""), None, "{text}");
        }
    }

    #[test]
    fn quoted_words_may_hold_anything_and_broken_files_say_nothing() {
        let expected = Some(("ada".to_owned(), "a \"#\\ b".to_owned()));
        let text = "machine ::1 login ada password \"a \\\"#\\\\ b\"";
        assert_eq!(found(text, "[::1]", ""), expected);
        let hash = "machine h login ada password #1\nmachine i login b password c";
        assert_eq!(found(hash, "h", ""), Some(("ada".to_owned(), "#1".to_owned())));
        assert_eq!(found(hash, "i", ""), Some(("b".to_owned(), "c".to_owned())));
        for text in ["", "machine", "machine h login", "login ada password b", "\u{fffd}\" \""] {
            assert!(found(text, "h", "ada").is_none(), "{text}");
        }
    }
}
