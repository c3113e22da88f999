//! What is small or live: read whole with a bound, or line by line and left when enough was seen.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use crate::disk;
use crate::fetch::answer::{Body, Head};
use crate::fetch::client::{Ask, Client};
use crate::fetch::error::{Attempt, Error};
use crate::fetch::reason::Reason;
use crate::fetch::url::Url;
use crate::progress::Progress;

/// What became of asking for a document whose earlier copy is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document<T> {
    /// It is still the copy that was named.
    Unchanged,
    /// It is another, or none was named.
    Changed {
        /// What was asked for.
        body: T,
        /// The name of this copy (`ETag`), to ask with the next time.
        validator: Option<String>,
    },
}

/// How much of a document was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// As much as was asked for.
    Head,
}

/// One reading of a document.
struct Reading<'a> {
    client: &'a Client,
    url: &'a Url,
    known: Option<&'a str>,
    limit: u64,
    progress: &'a dyn Progress,
}

/// Each piece as it comes, or a break when enough was seen.
type Taker<'a> = &'a mut dyn FnMut(&[u8]) -> ControlFlow<()>;

/// Reads a document of at most `limit` bytes. `known` names the copy the caller already has.
///
/// Plain http is refused beyond this machine: no digest is known for what is live.
pub fn document(
    client: &Client,
    url: &Url,
    known: Option<&str>,
    limit: u64,
    progress: &dyn Progress,
) -> Result<Document<Vec<u8>>, Error> {
    let reading = Reading { client, url, known, limit, progress };
    let mut tried = 0;
    loop {
        let mut text = Vec::new();
        let read = reading.read(&mut |piece| {
            text.extend_from_slice(piece);
            ControlFlow::Continue(())
        })?;
        match read {
            Ok(answer) => return Ok(answer.map(|_| text)),
            Err(reason) => reading.pause(&mut tried, reason)?,
        }
    }
}

/// Reads a document line by line, without their ends, until `each` breaks.
///
/// Once a line was handed on the document is not asked for again: a drop is then an error.
pub fn lines(
    client: &Client,
    url: &Url,
    known: Option<&str>,
    limit: u64,
    progress: &dyn Progress,
    each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<Document<Extent>, Error> {
    let reading = Reading { client, url, known, limit, progress };
    let mut tried = 0;
    loop {
        let (mut rest, mut handed) = (Vec::new(), false);
        let read = reading.read(&mut |piece| {
            rest.extend_from_slice(piece);
            let taken = split(&rest, each);
            handed |= taken.is_break() || taken.continue_value().is_some_and(|taken| taken > 0);
            rest.drain(..taken.continue_value().unwrap_or_default());
            if taken.is_break() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        match read {
            Ok(Document::Changed { body: Extent::Whole, validator }) => {
                let broke = !rest.is_empty() && each(&rest).is_break();
                let body = if broke { Extent::Head } else { Extent::Whole };
                return Ok(Document::Changed { body, validator });
            }
            Ok(answer) => return Ok(answer),
            Err(reason) if handed => return Err(reading.unserved(reason)),
            Err(reason) => reading.pause(&mut tried, reason)?,
        }
    }
}

/// Whether something is there, asked without fetching it.
pub fn present(client: &Client, url: &Url, progress: &dyn Progress) -> Result<bool, Error> {
    if let Some(path) = url.local() {
        return Ok(disk::is_file(path));
    }
    let reading = Reading { client, url, known: None, limit: 0, progress };
    let mut tried = 0;
    loop {
        // What is there harms nobody, so plain http is well.
        let ask = Ask { head_only: true, pinned: true, ..Ask::default() };
        match client.wait(progress, None, client.ask(url, &ask))? {
            Some(Ok((Head { status: 200, .. }, _))) => return Ok(true),
            // S3 and its like answer 403 for what is not there to whoever may not list.
            Some(Ok((Head { status: 403 | 404 | 410, .. }, _))) => return Ok(false),
            Some(Ok((head, _))) => {
                let refused = head.judge(0).err();
                let again = Reason::Status { code: head.status, again: None };
                reading.pause(&mut tried, refused.unwrap_or(again))?;
            }
            Some(Err(reason)) => reading.pause(&mut tried, reason)?,
            None => {}
        }
    }
}

impl<T> Document<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Document<U> {
        match self {
            Self::Unchanged => Document::Unchanged,
            Self::Changed { body, validator } => {
                Document::Changed { body: change(body), validator }
            }
        }
    }
}

impl Reading<'_> {
    /// One try. The inner error may pass.
    fn read(&self, take: Taker<'_>) -> Result<Result<Document<Extent>, Reason>, Error> {
        if let Some(path) = self.url.local() {
            return Ok(self.read_file(path, take));
        }
        if let Some(reason) = self.client.known_dead(self.url) {
            return Ok(Err(reason));
        }
        let ask = Ask { unless: self.known.map(str::to_owned), ..Ask::default() };
        let asked = self.client.wait(self.progress, None, self.client.ask(self.url, &ask))?;
        let (head, body) = match asked {
            Some(Ok((Head { status: 304, .. }, _))) if self.known.is_some() => {
                return Ok(Ok(Document::Unchanged));
            }
            Some(Ok((head, body))) => (head, body),
            Some(Err(reason)) => return Ok(Err(reason)),
            None => return Ok(Err(Reason::Silent(self.client.options().patience.idle))),
        };
        match head.judge(0) {
            Ok((_, Some(total))) if total > self.limit => Ok(Err(Reason::TooLong(self.limit))),
            Ok(_) => {
                let read = self.read_body(body, take)?;
                Ok(read.map(|body| Document::Changed { body, validator: head.validator }))
            }
            Err(reason) => Ok(Err(reason)),
        }
    }

    fn read_body(&self, mut body: Body, take: Taker<'_>) -> Result<Result<Extent, Reason>, Error> {
        let idle = self.client.options().patience.idle;
        let mut seen: u64 = 0;
        loop {
            let until = std::time::Instant::now() + idle;
            let piece = match self.client.wait(self.progress, Some(until), body.next())? {
                Some(Ok(Some(piece))) => piece,
                Some(Ok(None)) => return Ok(Ok(Extent::Whole)),
                Some(Err(reason)) => return Ok(Err(reason)),
                None => return Ok(Err(Reason::Silent(idle))),
            };
            seen = seen.saturating_add(piece.len() as u64);
            if seen > self.limit {
                return Ok(Err(Reason::TooLong(self.limit)));
            }
            if take(&piece).is_break() {
                return Ok(Ok(Extent::Head));
            }
        }
    }

    fn read_file(&self, path: &Path, take: Taker<'_>) -> Result<Document<Extent>, Reason> {
        let text = match disk::read_head(path, self.limit.saturating_add(1)) {
            Ok(Some(text)) => text,
            Ok(None) => return Err(Reason::Local(io::ErrorKind::NotFound.to_string())),
            Err(error) => return Err(Reason::Local(error.kind().to_string())),
        };
        if text.len() as u64 > self.limit {
            return Err(Reason::TooLong(self.limit));
        }
        let body = if take(&text).is_break() { Extent::Head } else { Extent::Whole };
        Ok(Document::Changed { body, validator: None })
    }

    /// Waits before the next try, or ends with the reason when there is none.
    fn pause(&self, tried: &mut u32, reason: Reason) -> Result<(), Error> {
        *tried = tried.saturating_add(1);
        let Some(pause) = self.client.options().patience.pause_after(*tried, &reason) else {
            self.client.remember(self.url, &reason);
            return Err(self.unserved(reason));
        };
        let until = std::time::Instant::now() + pause;
        self.client.wait(self.progress, Some(until), std::future::pending::<()>()).map(drop)
    }

    fn unserved(&self, reason: Reason) -> Error {
        let attempts = vec![Attempt { url: self.url.clone(), reason }];
        Error::Unserved { file: "a document".to_owned(), attempts }
    }
}

/// Hands on the whole lines in `text`; how many bytes they were.
fn split(text: &[u8], each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> ControlFlow<(), usize> {
    let mut taken = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let Some(bare) = line.strip_suffix(b"\n") else { break };
        taken += line.len();
        each(bare.strip_suffix(b"\r").unwrap_or(bare))?;
    }
    ControlFlow::Continue(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_handed_on_whole_and_without_their_ends() {
        let mut seen = Vec::new();
        let taken = split(b"one\r\n\ntwo\nrest", &mut |line| {
            seen.push(String::from_utf8(line.to_vec()).unwrap());
            ControlFlow::Continue(())
        });
        assert_eq!(taken, ControlFlow::Continue(10));
        assert_eq!(seen, ["one", "", "two"]);
    }

    #[test]
    fn nothing_is_handed_on_after_a_break() {
        let mut count = 0;
        let taken = split(b"one\ntwo\n", &mut |_| {
            count += 1;
            ControlFlow::Break(())
        });
        assert_eq!((taken, count), (ControlFlow::Break(()), 1));
    }
}
