//! The head of an HTTP request, as much of it as an index needs.

use std::io::{self, BufRead, Read as _};

use crate::quote::unescaped;

/// No client of an index sends more. In bytes.
const LONGEST: u64 = 16 * 1024;

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The path, decoded; none for a method other than GET and HEAD.
    pub(super) path: Option<String>,
    /// Whether only the head of the answer is wanted.
    pub(super) head_only: bool,
    /// What becomes of the connection.
    pub(super) connection: Connection,
}

/// What becomes of a connection when a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    /// Another request may come.
    Stays,
    /// It is closed: HTTP/1.0, who asks for it, and what has a body that nobody reads.
    Ends,
}

impl Request {
    /// Reads one; none at the end of the connection, and for what is no request.
    pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = reader.take(LONGEST);
        let mut first = Vec::new();
        head.read_until(b'\n', &mut first)?;
        let mut line = Vec::new();
        let mut connection = Connection::Stays;
        loop {
            line.clear();
            if head.read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            if line.trim_ascii().is_empty() {
                break;
            }
            if ends(&line) {
                connection = Connection::Ends;
            }
        }
        let first = String::from_utf8_lossy(&first).into_owned();
        let mut words = first.split_whitespace();
        let (Some(method), Some(target), Some(version)) =
            (words.next(), words.next(), words.next())
        else {
            return Ok(None);
        };
        if !version.starts_with("HTTP/1.") {
            return Ok(None);
        }
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let allowed = matches!(method, "GET" | "HEAD");
        if version == "HTTP/1.0" || !allowed {
            connection = Connection::Ends;
        }
        let path = allowed.then(|| unescaped(path));
        Ok(Some(Self { path, head_only: method == "HEAD", connection }))
    }
}

/// Whether a header ends the connection: it says so, or a body follows.
fn ends(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line).to_ascii_lowercase();
    let Some((name, value)) = line.split_once(':') else { return false };
    match name.trim() {
        "connection" => value.split(',').any(|word| word.trim() == "close"),
        "content-length" => value.trim() != "0",
        "transfer-encoding" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Request> {
        Request::read(&mut text.as_bytes()).unwrap()
    }

    #[test]
    fn requests_are_read_and_other_bytes_are_none() {
        let get = read("GET /simple/a%2Bb/?x HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        assert_eq!(
            get,
            Request {
                path: Some("/simple/a+b/".into()),
                head_only: false,
                connection: Connection::Stays,
            }
        );
        assert!(read("HEAD / HTTP/1.0\n\n").unwrap().head_only);
        assert_eq!(read("POST / HTTP/1.1\r\n\r\n").unwrap().path, None);
        for text in [
            "GET / HTTP/1.0\n\n",
            "GET / HTTP/1.1\r\nConnection: keep-alive, Close\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
            "POST / HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(read(text).unwrap().connection, Connection::Ends, "{text:?}");
        }
        for text in ["", "GET /", "\x16\x03\x01", "GET / HTTP/2\r\n\r\n", "GET / HTTP/1.1\r\nhalf"]
        {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
