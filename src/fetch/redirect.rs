//! Whether a redirect may be followed, and where it leads.

use reqwest::Url;

/// How many redirects are followed.
const HOPS: usize = 10;

/// Why a redirect is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More than ten of them.
    #[error("redirects more than {HOPS} times")]
    TooMany,
    /// Back to where it came from.
    #[error("redirects in a circle")]
    Circle,
    /// No `Location`, or not an address.
    #[error("redirects without saying where to")]
    Nowhere,
    /// From https to plain http.
    #[error("redirects from https to plain http")]
    Downgrade,
    /// To something that is neither http nor https.
    #[error("redirects out of http")]
    Scheme,
}

/// The next address after those `visited`, the last of which answered with this `Location`.
///
/// User and password stay with the server they were meant for: the next address has them only
/// when scheme, host and port are the same.
pub(super) fn follow(visited: &[Url], location: Option<&str>) -> Result<Url, Refusal> {
    let from = visited.last().ok_or(Refusal::Nowhere)?;
    let location = location.filter(|location| !location.is_empty()).ok_or(Refusal::Nowhere)?;
    let mut next = from.join(location).map_err(|_| Refusal::Nowhere)?;
    match (from.scheme(), next.scheme()) {
        (_, "https") | ("http", "http") => {}
        (_, "http") => return Err(Refusal::Downgrade),
        _ => return Err(Refusal::Scheme),
    }
    if next.host_str().is_none() {
        return Err(Refusal::Nowhere);
    }
    // It is never sent: two addresses that differ in it alone are a circle.
    next.set_fragment(None);
    if next.origin() == from.origin() {
        carry(from, &mut next)?;
    }
    if visited.contains(&next) {
        return Err(Refusal::Circle);
    }
    if visited.len() > HOPS {
        return Err(Refusal::TooMany);
    }
    Ok(next)
}

fn carry(from: &Url, next: &mut Url) -> Result<(), Refusal> {
    let carried = next.set_username(from.username());
    carried.and_then(|()| next.set_password(from.password())).map_err(|()| Refusal::Nowhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(texts: &[&str]) -> Vec<Url> {
        texts.iter().map(|text| Url::parse(text).unwrap()).collect()
    }

    #[test]
    fn redirects_lead_where_they_may() {
        let table = [
            ("https://a/x", "/y", Ok("https://a/y")),
            ("https://a/x", "https://b/y#part", Ok("https://b/y")),
            ("http://a/x", "https://a/x", Ok("https://a/x")),
            ("http://a/x", "//b/y", Ok("http://b/y")),
            ("https://a/x", "http://a/x", Err(Refusal::Downgrade)),
            ("http://a/x", "file:///etc/passwd", Err(Refusal::Scheme)),
            ("http://a/x", "ftp://b/", Err(Refusal::Scheme)),
            ("http://a/x", "http://", Err(Refusal::Nowhere)),
            ("http://a/x", "", Err(Refusal::Nowhere)),
            ("http://a/x", "x", Err(Refusal::Circle)),
        ];
        for (from, location, expected) in table {
            let next = follow(&urls(&[from]), Some(location));
            assert_eq!(next, expected.map(|text| Url::parse(text).unwrap()), "{from} {location}");
        }
        assert_eq!(follow(&urls(&["http://a/"]), None), Err(Refusal::Nowhere));
    }

    #[test]
    fn ping_pong_is_a_circle_and_the_eleventh_hop_too_many() {
        let pair = urls(&["http://a/", "http://b/"]);
        assert_eq!(follow(&pair, Some("http://a/")), Err(Refusal::Circle));

        let ten: Vec<Url> =
            (0..10).map(|hop| Url::parse(&format!("http://a/{hop}")).unwrap()).collect();
        assert!(follow(&ten, Some("/last")).is_ok());
        let eleven = [ten, urls(&["http://a/10"])].concat();
        assert_eq!(follow(&eleven, Some("/last")), Err(Refusal::TooMany));
    }

    #[test]
    fn credentials_stay_with_their_server() {
        let from = urls(&["https://ada:secret@a/x"]);
        assert_eq!(follow(&from, Some("/y")).unwrap().as_str(), "https://ada:secret@a/y");
        for elsewhere in ["https://b/y", "https://a:444/y"] {
            assert_eq!(follow(&from, Some(elsewhere)).unwrap().as_str(), elsewhere);
        }
    }
}
