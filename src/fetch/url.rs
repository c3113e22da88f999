//! Where bytes may be had: an http(s) address, or a file of this machine.

use std::fmt::{self, Debug, Display, Formatter};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::fetch::address::shown;

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
#[error("`{shown}' is not an address: {reason}")]
pub struct Malformed {
    /// As it may be shown.
    shown: String,
    reason: String,
}

impl Malformed {
    /// This text is none.
    pub(super) fn new(text: &str, reason: String) -> Self {
        let shown = shown(text).escape_debug().take(LONGEST).collect();
        Self { shown, reason }
    }
}

/// So many characters of what is no address are shown.
const LONGEST: usize = 200;

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
        match &self.0 {
            Location::Local(path) => {
                path.file_name().unwrap_or_default().to_string_lossy().escape_debug().to_string()
            }
            Location::Remote(_) => {
                self.to_string().rsplit('/').next().unwrap_or_default().to_owned()
            }
        }
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
                Err(error) => Err(Malformed::new(relative, error.to_string())),
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

/// Whether this is plain http to another machine.
pub(super) fn is_exposed(url: &reqwest::Url) -> bool {
    url.scheme() == "http" && !url.host_str().is_some_and(is_loopback)
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl From<PathBuf> for Url {
    fn from(path: PathBuf) -> Self {
        Self(Location::Local(path))
    }
}

impl FromStr for Url {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        // RFC 3986 §4.2: a host whose scheme is that of the document around it, and here is none.
        if text.starts_with("//") {
            return Err(Malformed::new(text, "its scheme is missing".into()));
        }
        if Path::new(text).is_absolute() {
            return Ok(Self(Location::Local(PathBuf::from(text))));
        }
        let url =
            reqwest::Url::parse(text).map_err(|error| Malformed::new(text, error.to_string()))?;
        match url.scheme() {
            "http" | "https" => Ok(Self(Location::Remote(url))),
            "file" => match url.to_file_path() {
                Ok(path) => Ok(Self(Location::Local(path))),
                Err(()) => Err(Malformed::new(text, "a file of another machine".into())),
            },
            _ => Err(Malformed::new(text, "only http, https and file are understood".into())),
        }
    }
}

impl Display for Url {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::Local(path) => write!(f, "{}", path.display().to_string().escape_debug()),
            Location::Remote(url) => f.write_str(&shown(url.as_str())),
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
        for text in
            ["", "mirror", "ftp://a/b", "file://other/b", "http://", "-c", "https://a:b/", "//a/b"]
        {
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
        let long = "s3cret".repeat(100);
        for text in
            ["https://ada:s3cret@a.example:port/", &format!("https://ada:{long}/@a.example/")]
        {
            let error = text.parse::<Url>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
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
    fn hosts_in_any_script_are_asked_for_by_their_ascii_name() {
        let table = [
            ("https://Zürich.Example/x", "https://xn--zrich-kva.example/x"),
            ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
            ("https://fa\u{df}.example/", "https://xn--fa-hia.example/"),
            ("https://ＡＢＣ。example/", "https://abc.example/"),
        ];
        for (text, expected) in table {
            assert_eq!(url(text).exact(), expected, "{text}");
        }
        assert!("https://a\u{202e}b.example/".parse::<Url>().is_err());
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
}
