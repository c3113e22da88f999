//! What the network library's errors mean, in words for people.

use std::error::Error as _;
use std::io;

use crate::fetch::reason::Reason;

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
