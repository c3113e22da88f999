//! Addresses as people write them, and the one way in which any is shown: without what may be a secret in it.
//!
//! What was written may be a password's whole address, or one that is none for want of a scheme, with a slash in the
//! password, with a port that is no number. So nothing here relies on the text being well-formed, and in doubt less is
//! shown: the scheme alone.

use std::convert::Infallible;
use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

/// An address as it was written: a URL, a template, a directory, a preset's name.
///
/// Shown without user, password, query and fragment; its whole is asked for by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// All of it, the secret parts too: for who asks there, or writes it to the settings; never to be shown.
    pub fn exact(&self) -> &str {
        &self.0
    }

    /// Whether something in it is not to be shown.
    pub fn is_secret(&self) -> bool {
        shown(&self.0) != self.0
    }

    /// Whether it has a scheme.
    pub fn has_scheme(&self) -> bool {
        self.0.contains("://")
    }

    /// Whether it looks like a URL whose scheme was forgotten, and so like no path.
    pub fn lacks_scheme(&self) -> bool {
        !self.has_scheme() && !is_path(&self.0) && is_suspect(&self.0)
    }
}

impl From<String> for Address {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl FromStr for Address {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl Display for Address {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.0))
    }
}

impl Debug for Address {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// What is shown in place of what may all be secret.
const HIDDEN: &str = "\u{2026}";

/// An address as it may be shown, also one with `{…}` in it or one that is none: without user, password, query and
/// fragment. A path of this machine is shown whole.
pub fn shown(text: &str) -> String {
    if is_path(text) {
        return text.to_owned();
    }
    match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => {
            format!("{scheme}://{}", located(scheme, rest))
        }
        Some(_) | None => unlocated(text),
    }
}

/// A word that should be no address, as it may be shown if it is one.
pub fn word(text: &str) -> String {
    if text.contains("://") || is_suspect(text) { shown(text) } else { text.to_owned() }
}

/// Whether one of the addresses in a text has what is not to be shown.
pub fn holds_secrets(text: &str) -> bool {
    let mut words = text.split(|letter: char| letter.is_whitespace() || "\"'`".contains(letter));
    words.any(|word| (word.contains("://") || is_suspect(word)) && shown(word) != word)
}

/// What may be shown of what follows a scheme.
fn located(scheme: &str, rest: &str) -> String {
    let (head, tail) = at_query(rest);
    let end = head.find(['/', '\\']).unwrap_or(head.len());
    let (authority, path) = head.split_at_checked(end).unwrap_or((head, ""));
    if let Some((_, host)) = authority.rsplit_once('@') {
        // A password with `@` and `/` in it ends behind what looks like the host.
        return if path.contains('@') { HIDDEN.to_owned() } else { format!("{host}{path}") };
    }
    let known = scheme == "file" || reqwest::Url::parse(&format!("{scheme}://{rest}")).is_ok();
    let (in_path, in_tail) = (path.contains('@'), tail.contains('@'));
    // What looks like a port may be the password's beginning, what looks like a host the user.
    let may_be_user = authority.contains(':') || !is_host(authority);
    match (known, in_path || in_tail) {
        (true, later) if !(later && may_be_user) => head.to_owned(),
        (false, true) if !in_tail => after_user(head).to_owned(),
        (_, true) => HIDDEN.to_owned(),
        (_, false) => authority.split(':').next().unwrap_or_default().to_owned(),
    }
}

/// What may be shown of what has no scheme: it may be a path, or lack one.
fn unlocated(text: &str) -> String {
    let (head, tail) = at_query(text);
    if tail.contains('@') { HIDDEN.to_owned() } else { after_user(head).to_owned() }
}

/// Before the query or the fragment, and from there.
fn at_query(text: &str) -> (&str, &str) {
    let at = text.find(['?', '#']).unwrap_or(text.len());
    text.split_at_checked(at).unwrap_or((text, ""))
}

fn after_user(text: &str) -> &str {
    text.rsplit_once('@').map_or(text, |(_, host)| host)
}

/// Whether this is a scheme (RFC 3986 §3.1).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Whether it is a host rather than a user's name; `file:` needs none.
fn is_host(authority: &str) -> bool {
    authority.is_empty() || authority == "localhost" || authority.contains('.')
}

/// Whether it can only be a path of this machine.
fn is_path(text: &str) -> bool {
    let rooted = text.starts_with('/') && !text.starts_with("//");
    rooted || ["./", "../", "~/"].iter().any(|start| text.starts_with(start))
}

/// Whether a text without a scheme looks like an address all the same: it has a user, or a query behind a path.
fn is_suspect(text: &str) -> bool {
    let user = text
        .rsplit_once('@')
        .is_some_and(|(user, host)| user.contains(':') || host.contains('/') || user.contains('/'));
    user || text.starts_with("//") || (text.contains('/') && text.contains(['?', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_never_shown() {
        let table = [
            ("https://a.example/x.tgz?sig=s3cret#s3cret", "https://a.example/x.tgz"),
            ("https://a.example?sig=s3cret", "https://a.example"),
            ("https://ada:s3cret@a.example/{file}?t={sha256}", "https://a.example/{file}"),
            ("https://s3cret@a.example:81/x", "https://a.example:81/x"),
            ("https://ada:s3cret@a.example:port/x", "https://a.example:port/x"),
            // A slash, a question mark, a hash, an at sign in the password.
            ("https://ada:s3/cret@a.example/x", "https://a.example/x"),
            ("https://ada:12/s3cret@a.example/x", "https://…"),
            ("https://ada:12?s3cret@a.example/x", "https://…"),
            ("https://ada:s3?cret@a.example/x", "https://…"),
            ("https://ada:s3#cret@a.example/x", "https://…"),
            ("https://s3cret/x@a.example/x", "https://…"),
            ("https://ada:s3@cret/x@a.example/x", "https://…"),
            ("https://ada:s3cret", "https://ada"),
            ("https://ada:s3cret/x", "https://ada"),
            ("file://ada:s3cret@a.example/x", "file://a.example/x"),
            ("ftp://ada:s3cret@a.example/x?s3cret", "ftp://a.example/x"),
            ("socks5h://ada:s3cret@a.example:1080", "socks5h://a.example:1080"),
            // No scheme, or none that is one.
            ("a.example/x?sig=s3cret", "a.example/x"),
            ("a.example/x?next=https://s3cret.example/s3cret", "a.example/x"),
            ("a.example/x?mail=a@b&sig=s3cret", "…"),
            ("ada:s3cret@a.example/x?sig=s3cret", "a.example/x"),
            ("ada:s3cret@a.example:99/x#s3cret", "a.example:99/x"),
            ("ada:s3cret/a@a.example/x", "a.example/x"),
            ("ada:s3?cret@a.example/x", "…"),
            ("//ada:s3cret@a.example/?sig=s3cret", "a.example/"),
            ("//a.example/x?sig=s3cret", "//a.example/x"),
            ("https:/ada:s3cret@a.example/x", "a.example/x"),
            ("https:ada:s3cret@a.example/x?s3cret", "a.example/x"),
            ("https:\\\\ada:s3cret@a.example\\x", "a.example\\x"),
            (" https://ada:s3cret@a.example/x", "a.example/x"),
            ("ada:s3cret@https://a.example/x?s3cret", "https://a.example/x"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text}");
            let address = Address::from(text);
            assert_eq!(format!("{address} {address:?}"), format!("{expected} {expected}"));
            assert!(!expected.contains("s3cret") && address.exact() == text);
        }
    }

    #[test]
    fn what_is_no_secret_is_shown_whole() {
        for text in [
            "https://a.example/@scope/x",
            "https://a.example:8443/x/{file}",
            "http://[::1]:80/x",
            "http://localhost:1/x",
            "file:///srv/a@b",
            "/srv/a@b?c#d",
            "./a@b",
            "../mirror#1",
            "mirror/x",
            "npmmirror",
            "",
        ] {
            assert_eq!(shown(text), text);
            assert!(!Address::from(text).is_secret() && !holds_secrets(text), "{text}");
        }
    }

    #[test]
    fn a_forgotten_scheme_is_noticed() {
        for text in ["u:p@h", "u:p@h/x", "u@h/x", "u:p/a@h", "//h/x", "h/x?sig=y", "h/x#y"] {
            assert!(Address::from(text).lacks_scheme(), "{text}");
        }
        for text in ["nju", "mirror/x", "/srv/a?b", "./h/x?y", "https://u:p@h", "cpython@3.12"] {
            assert!(!Address::from(text).lacks_scheme(), "{text}");
        }
    }

    #[test]
    fn a_word_is_shown_whole_unless_it_looks_like_an_address() {
        for text in ["cpython@3.12", ">=3.8,<3.9", "3.12+20241016", "what?", "c#", "a/b"] {
            assert_eq!(word(text), text);
        }
        assert_eq!(word("ada:s3cret@a.example"), "a.example");
        assert_eq!(word("https://a.example?s3cret"), "https://a.example");
    }

    #[test]
    fn secrets_in_settings_are_noticed() {
        let table = [
            ("mirrors = [\"https://a.example/x\", \"nju\"] # why? mine", false),
            ("mirrors = ['https://ada:x@a.example/x']", true),
            ("mirrors = ['a.example/x?sig=x']", true),
            ("mirrors = ['//ada:x@a.example']", true),
            ("catalogue = \"https://a.example/c.jsonl?sig=x\"", true),
            ("[global]\nindex-url = https://ada:x@a.example/simple\n", true),
        ];
        for (text, expected) in table {
            assert_eq!(holds_secrets(text), expected, "{text}");
        }
    }
}
