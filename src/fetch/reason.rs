//! Why one source did not serve, and what the network library's errors mean, in words for people.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use crate::fetch::digest::Sha256;
use crate::fetch::redirect::Refusal;

/// Why one source did not serve; printed after its address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The network is off limits (`--offline`).
    #[error("not asked: offline")]
    Offline,
    /// Plain http, and nothing to tell a forged file by.
    #[error("plain http, and no digest is known to check the bytes by")]
    Exposed,
    /// No connection, or none to its host earlier in this run.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// Its certificate is not trusted, or there is nothing to judge it by.
    #[error("cannot be trusted: {0}")]
    Untrusted(String),
    /// A variable names a file that cannot be what it is to be.
    #[error("not asked: {0}")]
    Variable(String),
    /// A status that says no.
    #[error("answers {}", status(*code))]
    Status {
        /// The three digits.
        code: u16,
        /// When it asks to be asked again.
        again: Option<Duration>,
    },
    /// A redirect not to be followed.
    #[error("{0}")]
    Redirect(#[from] Refusal),
    /// Nothing came for this long.
    #[error("silent for {} s", .0.as_secs_f32().ceil())]
    Silent(Duration),
    /// The connection broke, or what came over it is not http.
    #[error("{0}")]
    Broken(String),
    /// The bytes would not be those of the file as published: encoded, or another range than asked.
    #[error("{0}")]
    Unusable(String),
    /// More bytes than the file has, or than any file may have.
    #[error("more than {0} bytes")]
    TooLong(u64),
    /// Everything came, and it is something else.
    #[error("{}", mismatch(*expected, *actual, *page))]
    Mismatch {
        /// The digest of the file wanted.
        expected: Sha256,
        /// The digest of what came.
        actual: Sha256,
        /// Whether it called itself a web page.
        page: bool,
        /// Whether nobody said how long it is, so that it may just have been cut.
        open_ended: bool,
    },
    /// A file of this machine that cannot be read.
    #[error("{0}")]
    Local(String),
}

impl Reason {
    /// Whether the same source may do better when asked again.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Status { code, .. } => matches!(code, 408 | 429 | 500..=599),
            Self::Silent(_) | Self::Broken(_) => true,
            Self::Mismatch { open_ended, .. } => *open_ended,
            Self::Offline
            | Self::Exposed
            | Self::Unreachable(_)
            | Self::Untrusted(_)
            | Self::Variable(_)
            | Self::Redirect(_)
            | Self::Unusable(_)
            | Self::TooLong(_)
            | Self::Local(_) => false,
        }
    }

    /// Whether it is the host's, so that its other addresses need not be asked in this run.
    pub(super) fn is_of_the_host(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Untrusted(_) | Self::Variable(_))
    }
}

fn status(code: u16) -> String {
    match code {
        401 | 407 => format!("{code} (wants a password)"),
        403 => "403 (forbidden)".to_owned(),
        404 => "404 (not there)".to_owned(),
        410 => "410 (gone)".to_owned(),
        429 => "429 (too many requests)".to_owned(),
        500..=599 => format!("{code} (its own trouble)"),
        _ => code.to_string(),
    }
}

fn mismatch(expected: Sha256, actual: Sha256, page: bool) -> String {
    if actual == Sha256::of(b"") {
        "sent nothing".to_owned()
    } else if page {
        format!("sent a web page instead of the file (digest {actual}, expected {expected})")
    } else {
        format!("wrong digest {actual}, expected {expected}")
    }
}

/// What the library's error means here.
pub(super) fn reason(error: &reqwest::Error) -> Reason {
    match causes(error).find_map(tls) {
        Some(rustls::Error::InvalidCertificate(why)) => Reason::Untrusted(certificate(why)),
        // TLS 1.2 has no word for it: there a server just breaks off.
        Some(rustls::Error::AlertReceived(rustls::AlertDescription::CertificateRequired)) => {
            Reason::Unusable(
                "asks who we are: name a certificate with its key in SSL_CLIENT_CERT".into(),
            )
        }
        Some(error) => Reason::Untrusted(error.to_string()),
        None if error.is_connect() && error.is_timeout() => {
            Reason::Unreachable("no connection in time".to_owned())
        }
        None if error.is_connect() => Reason::Unreachable(deepest(error)),
        None => Reason::Broken(deepest(error)),
    }
}

/// The TLS error at the heart of this one. An `io::Error` hides the error in it from the chain.
fn tls(error: &Cause) -> Option<&rustls::Error> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return tls(error.get_ref()?);
    }
    error.downcast_ref::<rustls::Error>()
}

fn certificate(why: &rustls::CertificateError) -> String {
    use rustls::CertificateError as Why;
    let why = match why {
        Why::Expired | Why::ExpiredContext { .. } => "has expired",
        Why::NotValidYet | Why::NotValidYetContext { .. } => "is not valid yet",
        Why::NotValidForName | Why::NotValidForNameContext { .. } => "is for another host",
        Why::UnknownIssuer => "is of an unknown issuer",
        Why::Revoked => "is revoked",
        other => return format!("its certificate proves nothing: {other:?}"),
    };
    format!("its certificate {why}")
}

type Cause = dyn std::error::Error + 'static;

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &Cause> {
    fn next<'e>(error: &&'e Cause) -> Option<&'e Cause> {
        (**error).source()
    }
    std::iter::successors(error.source(), next)
}

/// The innermost cause, which says most in fewest words.
pub(super) fn deepest(error: &reqwest::Error) -> String {
    let text = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    // The library's own words end in the whole address.
    let text = text.split(" for url (").next().unwrap_or_default();
    let text = text.split(" (os error").next().unwrap_or_default();
    text.escape_debug().to_string().to_lowercase().replacen("failed to lookup", "cannot look up", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let status = |code| Reason::Status { code, again: None };
        assert!([408, 429, 500, 503, 599].iter().all(|code| status(*code).may_pass()));
        assert!(
            [204, 304, 400, 401, 403, 404, 410, 416].iter().all(|code| !status(*code).may_pass())
        );
        assert!(!Reason::Unreachable(String::new()).may_pass());
        assert!(Reason::Silent(Duration::ZERO).may_pass());
    }

    #[test]
    fn mismatches_say_what_came() {
        let expected = Sha256::of(b"file");
        let said = |actual: &[u8], page| {
            let actual = Sha256::of(actual);
            Reason::Mismatch { expected, actual, page, open_ended: false }.to_string()
        };
        assert_eq!(said(b"", true), "sent nothing");
        assert!(said(b"<html>", true).starts_with("sent a web page instead of the file (digest "));
        assert!(said(b"x", false).ends_with(&format!(", expected {expected}")));
    }
}
