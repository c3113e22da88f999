//! What a server answers: the head, judged; the body, piece by piece.

use std::mem;
use std::time::Duration;

use bytes::Bytes;
use httpdate::parse_http_date;
use reqwest::header::{self, HeaderMap, HeaderName};

use crate::fetch::reason;
use crate::fetch::reason::Reason;

/// The head of an answer, in so far as it matters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Bytes in this body.
    pub(super) length: Option<u64>,
    /// Where the body starts in the file, and the file's size, as a 206 says.
    pub(super) range: Option<(u64, Option<u64>)>,
    /// Names this copy among those at the same address.
    pub(super) validator: Option<String>,
    /// Whether it calls itself a web page.
    pub(super) page: bool,
    encoding: Option<String>,
    again: Option<Duration>,
}

/// The pieces of a body, in order.
pub(super) struct Body {
    response: reqwest::Response,
    ahead: Ahead,
}

/// What was read before anyone asked.
enum Ahead {
    Nothing,
    Piece(Bytes),
    End,
}

impl Head {
    pub(super) fn read(status: u16, headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let number = |name: HeaderName| text(name).and_then(|text| text.trim().parse().ok());
        let kind = text(header::CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
        let encoding = text(header::CONTENT_ENCODING).map(|text| text.trim().to_ascii_lowercase());
        Self {
            status,
            length: number(header::CONTENT_LENGTH),
            range: text(header::CONTENT_RANGE).and_then(content_range),
            // RFC 9110 §13.1.5: a weak one (`W/"…"') may not stand in If-Range.
            validator: text(header::ETAG).filter(|tag| tag.starts_with('"')).map(str::to_owned),
            page: kind.starts_with("text/html"),
            encoding: encoding.filter(|encoding| !matches!(encoding.as_str(), "" | "identity")),
            again: text(header::RETRY_AFTER)
                .and_then(|after| again(after.trim(), text(header::DATE))),
        }
    }

    /// Whether the body is the file, or a part of it.
    pub(super) fn has_body(&self) -> bool {
        matches!(self.status, 200 | 206)
    }

    /// Where in the file the body starts and how long the whole file is; or why not to read it.
    pub(super) fn judge(&self, asked: u64) -> Result<(u64, Option<u64>), Reason> {
        // `identity' was asked for: decoded on the way, the bytes would not be those of the digest.
        if let Some(encoding) = &self.encoding {
            let encoding = encoding.escape_debug();
            return Err(Reason::Unusable(format!("encoded as {encoding}, unasked")));
        }
        match (self.status, self.range) {
            (200, _) => Ok((0, self.length)),
            (206, Some((start, total))) if start == asked => Ok((start, total)),
            (206, _) => Err(Reason::Unusable("sends another part than asked for".to_owned())),
            (code, _) => Err(Reason::Status { code, again: self.again }),
        }
    }
}

impl Body {
    pub(super) fn new(response: reqwest::Response) -> Self {
        Self { response, ahead: Ahead::Nothing }
    }

    /// Waits for the first piece, and keeps it.
    pub(super) async fn look_ahead(&mut self) -> Result<(), Reason> {
        self.ahead = self.next().await?.map_or(Ahead::End, Ahead::Piece);
        Ok(())
    }

    /// The next piece; none at the end. May be dropped and asked again without loss.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Reason> {
        match mem::replace(&mut self.ahead, Ahead::Nothing) {
            Ahead::Piece(piece) => Ok(Some(piece)),
            Ahead::End => Ok(None),
            Ahead::Nothing => self.response.chunk().await.map_err(|error| reason::reason(&error)),
        }
    }
}

/// How long a `Retry-After` asks to wait: seconds, or until a date, counted from the server's own (RFC 9110 §10.2.3).
fn again(after: &str, now: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let (until, now) = (parse_http_date(after).ok()?, parse_http_date(now?.trim()).ok()?);
    Some(until.duration_since(now).unwrap_or_default())
}

/// `bytes 200-999/1000`, or `bytes 200-999/*`.
fn content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.split_once('-')?;
    let (start, end): (u64, u64) = (start.trim().parse().ok()?, end.trim().parse().ok()?);
    let total = match total.trim() {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    (start <= end && total.is_none_or(|total| end < total)).then_some((start, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(status: u16, headers: &[(&'static str, &str)]) -> Head {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), value.parse::<header::HeaderValue>().unwrap())
        });
        Head::read(status, &headers.collect())
    }

    #[test]
    fn content_ranges_are_read_or_refused() {
        let table = [
            ("bytes 0-9/10", Some((0, Some(10)))),
            ("bytes 5-9/*", Some((5, None))),
            ("bytes 5-10/10", None),
            ("bytes 9-5/10", None),
            ("bytes */10", None),
            ("items 0-9/10", None),
            ("bytes -1-9/10", None),
            ("bytes 0-99999999999999999999/*", None),
        ];
        for (text, expected) in table {
            assert_eq!(content_range(text), expected, "{text}");
        }
    }

    #[test]
    fn a_part_must_be_the_part_asked_for() {
        let part = |range| head(206, &[("content-range", range), ("content-length", "5")]);
        assert_eq!(part("bytes 5-9/10").judge(5), Ok((5, Some(10))));
        assert!(part("bytes 4-8/10").judge(5).is_err());
        assert!(part("bytes 5-9").judge(5).is_err());
        assert!(head(206, &[]).judge(0).is_err());
        assert_eq!(head(200, &[("content-length", "10")]).judge(5), Ok((0, Some(10))));
    }

    #[test]
    fn encodings_nobody_asked_for_are_refused() {
        assert!(head(200, &[("content-encoding", "gzip")]).judge(0).is_err());
        assert!(head(200, &[("content-encoding", "identity")]).judge(0).is_ok());
    }

    #[test]
    fn statuses_carry_when_to_ask_again() {
        let again = Some(Duration::from_secs(7));
        let busy = head(429, &[("retry-after", "7")]).judge(0);
        assert_eq!(busy, Err(Reason::Status { code: 429, again }));
    }

    #[test]
    fn a_date_to_ask_again_counts_from_the_servers_own() {
        let table = [
            ("Fri, 20 Nov 2026 08:00:09 GMT", "Fri, 20 Nov 2026 08:00:00 GMT", Some(9)),
            ("Thu, 01 Mar 2029 00:00:01 GMT", "Wed, 28 Feb 2029 23:59:58 GMT", Some(3)),
            ("Wed, 01 Mar 2028 00:00:00 GMT", "Mon, 28 Feb 2028 00:00:00 GMT", Some(2 * 86_400)),
            ("Fri, 01 Jan 2027 00:00:00 GMT", "Thu, 31 Dec 2026 23:59:59 GMT", Some(1)),
            ("Fri, 20 Nov 2026 07:00:00 GMT", "Fri, 20 Nov 2026 08:00:00 GMT", Some(0)),
            ("Fri, 20 Nov 2026 08:00 GMT", "Fri, 20 Nov 2026 08:00:00 GMT", None),
            ("soon", "Fri, 20 Nov 2026 08:00:00 GMT", None),
            ("Fri, 20 Nov 2026 08:00:09 GMT", "", None),
            ("-1", "Fri, 20 Nov 2026 08:00:00 GMT", None),
        ];
        for (after, date, expected) in table {
            let head = head(503, &[("retry-after", after), ("date", date)]);
            assert_eq!(head.again, expected.map(Duration::from_secs), "{after}");
        }
    }

    #[test]
    fn only_strong_validators_are_kept() {
        assert_eq!(head(200, &[("etag", "\"a\"")]).validator.as_deref(), Some("\"a\""));
        assert_eq!(head(200, &[("etag", "W/\"a\"")]).validator, None);
    }
}
