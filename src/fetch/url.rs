//! Where bytes may be had: an http(s) address, or a file of this machine.

use std::fmt::{self, Debug, Display, Formatter};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// An address: `http://…`, `https://…`, `file://…` or an absolute path.
///
/// Shown without the user, the password and the query it may carry: any of them may be a secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Url(Location);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Location {
    Remote(reqwest::Url),
    Local(PathBuf),
}

/// What was given as an address is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}' is not an address: {reason}", without_secrets(text).escape_debug())]
pub struct Malformed {
    pub(super) text: String,
    pub(super) reason: String,
}

impl Url {
    /// The file this names, when it is one of this machine.
    pub fn local(&self) -> Option<&Path> {
        match &self.0 {
            Location::Local(path) => Some(path),
            Location::Remote(_) => None,
        }
    }

    /// The last part of the address.
    pub fn file_name(&self) -> String {
        self.to_string().rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// All of it, the secret parts too: to tell two addresses apart, never to be shown or kept.
    pub fn exact(&self) -> String {
        match &self.0 {
            Location::Local(path) => path.display().to_string(),
            Location::Remote(url) => url.as_str().to_owned(),
        }
    }

    /// What `relative` means when it stands in the document at this address.
    pub fn join(&self, relative: &str) -> Result<Self, Malformed> {
        match &self.0 {
            _ if relative.contains("://") => relative.parse(),
            Location::Local(path) => {
                Ok(Self(Location::Local(path.parent().unwrap_or(path).join(relative))))
            }
            Location::Remote(url) => match url.join(relative) {
                Ok(url) => Ok(Self(Location::Remote(url))),
                Err(error) => Err(malformed(relative, &error.to_string())),
            },
        }
    }

    /// Whether a listener on the way could change the bytes: plain http beyond this machine.
    pub fn is_exposed(&self) -> bool {
        self.remote().is_some_and(is_exposed)
    }

    pub(super) fn remote(&self) -> Option<&reqwest::Url> {
        match &self.0 {
            Location::Remote(url) => Some(url),
            Location::Local(_) => None,
        }
    }

    /// `host:port`, the unit of being reachable.
    pub(super) fn host(&self) -> Option<String> {
        let url = self.remote()?;
        Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
    }
}

/// An address as it may be shown, also one with `{…}` in it or one that is none: without user, password and query.
pub fn without_secrets(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        // A path is a path; what has an `@` may be an address whose scheme was forgotten.
        let bare = if text.starts_with('/') { text } else { after_user(text) };
        return bare.to_owned();
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    // A password with a slash in it makes an address that is none, and that is shown in its error.
    let known = reqwest::Url::parse(text).is_ok() || scheme == "file";
    let bare = if known { format!("{}{path}", after_user(host)) } else { after_user(rest).into() };
    format!("{scheme}://{bare}")
}

/// Whether one of the addresses in a text has what is not to be shown.
pub fn holds_secrets(text: &str) -> bool {
    let words = text.split(|letter: char| letter.is_whitespace() || "\"'".contains(letter));
    words.filter(|word| word.contains("://")).any(|word| without_secrets(word) != word)
}

fn after_user(text: &str) -> &str {
    text.rsplit_once('@').map_or(text, |(_, host)| host)
}

/// Whether this is plain http to another machine.
pub(super) fn is_exposed(url: &reqwest::Url) -> bool {
    url.scheme() == "http" && !url.host_str().is_some_and(is_loopback)
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn malformed(text: &str, reason: &str) -> Malformed {
    Malformed { text: text.chars().take(200).collect(), reason: reason.to_owned() }
}

impl From<PathBuf> for Url {
    fn from(path: PathBuf) -> Self {
        Self(Location::Local(path))
    }
}

impl FromStr for Url {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if Path::new(text).is_absolute() {
            return Ok(Self(Location::Local(PathBuf::from(text))));
        }
        let url = reqwest::Url::parse(text).map_err(|error| malformed(text, &error.to_string()))?;
        match url.scheme() {
            "http" | "https" => Ok(Self(Location::Remote(url))),
            "file" => match url.to_file_path() {
                Ok(path) => Ok(Self(Location::Local(path))),
                Err(()) => Err(malformed(text, "a file of another machine")),
            },
            _ => Err(malformed(text, "only http, https and file are understood")),
        }
    }
}

impl Display for Url {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::Local(path) => write!(f, "{}", path.display().to_string().escape_debug()),
            Location::Remote(url) => f.write_str(&without_secrets(url.as_str())),
        }
    }
}

impl Debug for Url {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn files_are_named_by_path_or_by_scheme() {
        assert_eq!(url("/srv/a b").local(), Some(Path::new("/srv/a b")));
        assert_eq!(url("file:///srv/a%20b").local(), Some(Path::new("/srv/a b")));
        assert_eq!(url("https://a.example/x").local(), None);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "mirror", "ftp://a/b", "file://other/b", "http://", "-c", "https://a:b/"] {
            assert!(text.parse::<Url>().is_err(), "{text}");
        }
    }

    #[test]
    fn credentials_are_never_shown() {
        let url = url("https://ada:secret@a.example/x");
        assert_eq!(format!("{url} {url:?}"), "https://a.example/x https://a.example/x");
    }

    #[test]
    fn secrets_are_never_shown_even_of_what_is_no_address() {
        let table = [
            ("https://a.example/x.tgz?sig=secret#secret", "https://a.example/x.tgz"),
            ("https://a.example?sig=secret", "https://a.example"),
            ("https://ada:secret@a.example/{file}?t={sha256}", "https://a.example/{file}"),
            ("https://ada:sec/ret@a.example/x", "https://a.example/x"),
            ("https://a.example/@scope/x", "https://a.example/@scope/x"),
            ("ada:secret@a.example/x", "a.example/x"),
            ("file:///srv/a@b", "file:///srv/a@b"),
            ("/srv/a@b", "/srv/a@b"),
            ("npmmirror", "npmmirror"),
        ];
        for (text, expected) in table {
            assert_eq!(without_secrets(text), expected, "{text}");
        }
        let error = "https://ada:secret@a.example:port/".parse::<Url>().unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
        assert_eq!(url("https://a.example/d/x.tgz?sig=a/b").file_name(), "x.tgz");
    }

    #[test]
    fn only_plain_http_to_others_is_exposed() {
        let exposed = ["http://a.example/", "http://192.0.2.1/", "http://localhost.example/"];
        let safe = ["https://a.example/", "http://localhost:1/", "http://127.1/", "http://[::1]/"];
        assert!(exposed.iter().all(|text| url(text).is_exposed()));
        assert!(safe.iter().all(|text| !url(text).is_exposed()));
    }

    #[test]
    fn relative_addresses_count_from_the_document() {
        assert_eq!(
            url("https://a.example/x/list").join("y").unwrap(),
            url("https://a.example/x/y")
        );
        assert_eq!(url("/srv/list").join("x/y").unwrap(), url("/srv/x/y"));
        assert_eq!(url("/srv/list").join("https://b/").unwrap(), url("https://b/"));
    }

    #[test]
    fn secrets_in_settings_are_noticed() {
        let table = [
            ("mirrors = [\"https://a.example/x\", \"nju\"] # why? mine", false),
            ("mirrors = ['https://ada:x@a.example/x']", true),
            ("catalogue = \"https://a.example/c.jsonl?sig=x\"", true),
            ("[global]\nindex-url = https://ada:x@a.example/simple\n", true),
        ];
        for (text, expected) in table {
            assert_eq!(holds_secrets(text), expected, "{text}");
        }
    }
}
