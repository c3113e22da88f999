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
}

impl Request {
    /// Reads one; none at the end of the connection, and for what is no request.
    pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = reader.take(LONGEST);
        let mut first = Vec::new();
        head.read_until(b'\n', &mut first)?;
        let mut line = Vec::new();
        loop {
            line.clear();
            if head.read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            if line.trim_ascii().is_empty() {
                break;
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
        Ok(Some(Self { path: allowed.then(|| unescaped(path)), head_only: method == "HEAD" }))
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
        assert_eq!(get, Request { path: Some("/simple/a+b/".into()), head_only: false });
        assert!(read("HEAD / HTTP/1.0\n\n").unwrap().head_only);
        assert_eq!(read("POST / HTTP/1.1\r\n\r\n").unwrap().path, None);
        for text in ["", "GET /", "\x16\x03\x01", "GET / HTTP/2\r\n\r\n", "GET / HTTP/1.1\r\nhalf"]
        {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
