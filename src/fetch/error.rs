//! Why no bytes came: what was tried, the status to end with, and what to do about it.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use crate::disk;
use crate::fetch::reason::Reason;
use crate::fetch::url::{Malformed, Url};

/// One source asked, and why it did not serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Where.
    pub url: Url,
    /// Why not.
    pub reason: Reason,
}

/// Why bytes could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No source served the file; each is named with its reason.
    #[error("cannot fetch {}{}", file.escape_debug(), attempts_text(attempts))]
    Unserved {
        /// The file's name, or the document's address.
        file: String,
        /// In the order in which they failed.
        attempts: Vec<Attempt>,
    },
    /// An address that is none.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A file name that names another directory, or nothing.
    #[error("`{}' is no file name", .0.escape_debug())]
    FileName(String),
    /// The cache cannot be read or written.
    #[error("cannot keep {}: {source}", path.display())]
    Cache {
        /// The file or directory in question.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Whoever takes the bytes could not.
    #[error("cannot use what is fetched: {0}")]
    Sink(io::Error),
    /// The machinery for networking cannot be set up.
    #[error("cannot start networking: {0}")]
    Start(io::Error),
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// 2 not understood, 3 network, 4 digest, 5 disk, 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unserved { attempts, .. } if attempts.iter().any(is_mismatch) => 4,
            Self::Unserved { .. } | Self::Start(_) => 3,
            Self::Malformed(_) | Self::FileName(_) => 2,
            Self::Cache { .. } | Self::Sink(_) => 5,
            Self::Interrupted => 130,
        }
    }

    /// Whether nobody was asked, because the network is off limits.
    pub fn is_offline(&self) -> bool {
        matches!(self, Self::Unserved { attempts, .. } if are_offline(attempts))
    }

    /// Whether there is nothing at the one address that was asked.
    pub fn is_missing(&self) -> bool {
        let Self::Unserved { attempts, .. } = self else { return false };
        let [Attempt { reason, .. }] = attempts.as_slice() else { return false };
        match reason {
            Reason::Status { code, .. } => matches!(code, 404 | 410),
            Reason::Local(said) => *said == io::ErrorKind::NotFound.to_string(),
            _ => false,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unserved { attempts, .. } => return unserved_hint(attempts).map(str::to_owned),
            Self::Cache { source, .. } if disk::is_linked(source) => "run `pyman doctor'",
            Self::Cache { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "free some space, or keep the cache on another disk"
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "make the directory writable, or keep the cache elsewhere"
                }
                _ => return None,
            },
            Self::Malformed(_) => "write https://…, file://… or an absolute path",
            Self::FileName(_) | Self::Sink(_) | Self::Start(_) | Self::Interrupted => return None,
        };
        Some(hint.to_owned())
    }
}

fn is_mismatch(attempt: &Attempt) -> bool {
    matches!(attempt.reason, Reason::Mismatch { .. })
}

fn are_offline(attempts: &[Attempt]) -> bool {
    !attempts.is_empty() && attempts.iter().all(|attempt| attempt.reason == Reason::Offline)
}

/// One attempt follows on the same line, several have a line each; nobody asked is nobody named.
fn attempts_text(attempts: &[Attempt]) -> String {
    let mut text = String::new();
    match attempts {
        [] => text.push_str(": no source is known for it"),
        all if are_offline(all) => {
            text.push_str(": no copy is kept here, and the network is off limits");
        }
        [Attempt { url, reason }] => {
            text = format!(" from {url}: {reason}");
        }
        several => {
            for Attempt { url, reason } in several {
                // Writing to a string cannot fail.
                if write!(text, "\n  {url}: {reason}").is_err() {
                    break;
                }
            }
        }
    }
    text
}

fn unserved_hint(attempts: &[Attempt]) -> Option<&'static str> {
    let any = |test: fn(&Reason) -> bool| attempts.iter().any(|attempt| test(&attempt.reason));
    let all = |test: fn(&Reason) -> bool| attempts.iter().all(|attempt| test(&attempt.reason));
    // The more special before the more general: what a sign-in page sent has a wrong digest, too.
    if attempts.is_empty() {
        None
    } else if any(|reason| matches!(reason, Reason::Mismatch { page: true, .. })) {
        Some(
            "a sign-in page of this network may be in the way: open any page in a browser, then try again",
        )
    } else if any(|reason| matches!(reason, Reason::Mismatch { .. })) {
        Some(
            "the file there is not the one that was published: try another mirror (`--mirror URL')",
        )
    } else if any(|reason| matches!(reason, Reason::Untrusted(_))) {
        Some(
            "install the system's CA certificates, or set SSL_CERT_FILE to a file that holds the right ones",
        )
    } else if any(|reason| matches!(reason, Reason::Variable(_))) {
        Some("set the variable to what holds the right certificates, or unset it")
    } else if any(|reason| matches!(reason, Reason::Status { code: 401 | 407, .. })) {
        Some("give ~/.netrc (NETRC) an entry for that host: machine HOST login USER password …")
    } else if any(|reason| matches!(reason, Reason::Exposed)) {
        Some("give the digest (`--sha256 …'), an https address, or `--insecure'")
    } else if are_offline(attempts) {
        Some("run it without `--offline' (PYMAN_OFFLINE)")
    } else if all(|reason| {
        matches!(reason, Reason::Unreachable(_) | Reason::Offline | Reason::Silent(_))
    }) {
        Some(
            "check the network and the proxy (https_proxy, no_proxy), or name a mirror this machine reaches (`--mirror URL')",
        )
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::digest::Sha256;

    fn unserved(reasons: &[Reason]) -> Error {
        let attempts = reasons.iter().enumerate().map(|(at, reason)| Attempt {
            url: format!("https://mirror{at}.example/x").parse().unwrap(),
            reason: reason.clone(),
        });
        Error::Unserved { file: "x.tar.gz".to_owned(), attempts: attempts.collect() }
    }

    #[test]
    fn each_attempt_is_named_with_its_reason() {
        let gone = Reason::Status { code: 404, again: None };
        let dead = Reason::Unreachable("connection refused".to_owned());
        assert_eq!(
            unserved(std::slice::from_ref(&gone)).to_string(),
            "cannot fetch x.tar.gz from https://mirror0.example/x: answers 404 (not there)"
        );
        assert_eq!(
            unserved(&[gone, dead]).to_string(),
            "cannot fetch x.tar.gz\n  https://mirror0.example/x: answers 404 (not there)\n  \
             https://mirror1.example/x: cannot be reached: connection refused"
        );
        let nobody = unserved(&[Reason::Offline, Reason::Offline]);
        assert_eq!(
            nobody.to_string(),
            "cannot fetch x.tar.gz: no copy is kept here, and the network is off limits"
        );
        assert!(nobody.is_offline());
        assert_eq!(unserved(&[]).to_string(), "cannot fetch x.tar.gz: no source is known for it");
    }

    #[test]
    fn a_wrong_digest_anywhere_decides_the_status() {
        let digest = Sha256::of(b"");
        let wrong = Reason::Mismatch {
            expected: digest,
            actual: Sha256::of(b"x"),
            page: false,
            open_ended: false,
        };
        assert_eq!(unserved(&[Reason::Offline, wrong]).exit_code(), 4);
        assert_eq!(unserved(&[Reason::Offline]).exit_code(), 3);
        assert_eq!(Error::Interrupted.exit_code(), 130);
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let full = Error::Cache { path: PathBuf::from("/c"), source: full };
        assert_eq!(full.exit_code(), 5);
        assert!(full.hint().unwrap().starts_with("free some space"));
    }
}
