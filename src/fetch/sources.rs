//! The sources of a file: those not yet asked, in order; those that are being asked at the same time, of which the first to
//! bring bytes wins; those that are files of this machine; and what became of each.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;

use crate::disk;
use crate::fetch::answer::{Body, Head};
use crate::fetch::client::{Ask, Client};
use crate::fetch::digest::Sha256;
use crate::fetch::error::{Attempt, Error};
use crate::fetch::reason::Reason;
use crate::fetch::url::Url;
use crate::fetch::wanted::{Downloaded, Outlet, Wanted};
use crate::progress::Progress;

/// A place that may serve, and how often it was tried.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) url: Url,
    /// Tries that brought next to nothing.
    pub(super) tried: u32,
    /// Cannot send a part: ask for the whole.
    pub(super) whole: bool,
}

/// What a failure means for its source.
pub(super) enum Verdict {
    /// Ask again after this pause.
    Again(Source, Duration),
    /// It will not serve.
    Over,
}

/// The sources of one file.
pub(super) struct Queue<'c> {
    client: &'c Client,
    progress: &'c dyn Progress,
    pinned: bool,
    waiting: VecDeque<Source>,
    attempts: Vec<Attempt>,
}

impl<'c> Queue<'c> {
    pub(super) fn new(client: &'c Client, wanted: &Wanted, progress: &'c dyn Progress) -> Self {
        let mut waiting: VecDeque<Source> = VecDeque::new();
        for url in &wanted.candidates {
            if waiting.iter().all(|source| source.url != *url) {
                waiting.push_back(Source { url: url.clone(), tried: 0, whole: false });
            }
        }
        let pinned = wanted.sha256.is_some();
        Self { client, progress, pinned, waiting, attempts: Vec::new() }
    }

    /// The next source worth asking.
    pub(super) fn next(&mut self) -> Option<Source> {
        while let Some(source) = self.waiting.pop_front() {
            match self.pointless(&source.url) {
                Some(reason) => self.attempts.push(Attempt { url: source.url, reason }),
                None => return Some(source),
            }
        }
        None
    }

    /// The next source, when it is a file of this machine.
    pub(super) fn next_local(&mut self) -> Option<Source> {
        self.waiting.front()?.url.local()?;
        self.waiting.pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Was started and then not needed: it is asked before the others, when it comes to that.
    pub(super) fn put_first(&mut self, source: Source) {
        self.waiting.push_front(source);
    }

    /// Fell silent: it is asked again when all others have failed.
    pub(super) fn put_last(&mut self, source: Source) {
        self.waiting.push_back(source);
    }

    /// Decides what a failure means, and remembers it when it is final.
    pub(super) fn judge(&mut self, mut source: Source, reason: Reason) -> Verdict {
        source.tried = source.tried.saturating_add(1);
        if let Some(pause) = self.client.options().patience.pause_after(source.tried, &reason) {
            return Verdict::Again(source, pause);
        }
        self.give_up(source, reason);
        Verdict::Over
    }

    /// Remembers why this source will not serve.
    pub(super) fn give_up(&mut self, Source { url, .. }: Source, reason: Reason) {
        self.client.remember(&url, &reason);
        self.attempts.push(Attempt { url, reason });
    }

    /// Somebody served. That others offered a wrong file is said all the same.
    pub(super) fn served(&self) {
        for Attempt { url, reason } in &self.attempts {
            if matches!(reason, Reason::Mismatch { .. }) {
                self.progress.note(&format!("{url}: {reason}"));
            }
        }
    }

    /// Nobody served.
    pub(super) fn unserved(&mut self, file: &str) -> Error {
        Error::Unserved { file: file.to_owned(), attempts: std::mem::take(&mut self.attempts) }
    }

    fn pointless(&self, url: &Url) -> Option<Reason> {
        let options = self.client.options();
        if url.local().is_some() {
            None
        } else if options.offline {
            Some(Reason::Offline)
        } else if url.is_exposed() && !self.pinned && !options.insecure {
            Some(Reason::Exposed)
        } else {
            self.client.known_dead(url)
        }
    }
}

/// An answer to one of the questions.
pub(super) struct Opened {
    pub(super) source: Source,
    /// The first byte asked for.
    pub(super) from: u64,
    pub(super) answer: Result<(Head, Body), Reason>,
}

/// What happened first.
pub(super) enum Event {
    /// A source answers, or says why not.
    Opened(Box<Opened>),
    /// The next piece of the body being read, its end, or why it ends too soon.
    Piece(Result<Option<Bytes>, Reason>),
}

/// The questions not yet answered.
pub(super) struct Race<'c> {
    client: &'c Client,
    lanes: Vec<Lane<'c>>,
}

struct Lane<'c> {
    source: Source,
    opening: Pin<Box<dyn Future<Output = Opened> + 'c>>,
}

impl<'c> Race<'c> {
    pub(super) fn new(client: &'c Client) -> Self {
        Self { client, lanes: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Asks the source after the pause.
    pub(super) fn start(&mut self, source: Source, pause: Duration, ask: Ask) {
        let (client, asked) = (self.client, source.clone());
        let opening = async move {
            tokio::time::sleep(pause).await;
            let answer = client.ask(&asked.url, &ask).await;
            Opened { source: asked, from: ask.range.map_or(0, |(from, _)| from), answer }
        };
        self.lanes.push(Lane { source, opening: Box::pin(opening) });
    }

    /// Ends all questions; their sources, in the order they were asked.
    pub(super) fn call_off(&mut self) -> Vec<Source> {
        self.lanes.drain(..).map(|lane| lane.source).collect()
    }

    /// Waits for a piece of the body or for an answer. May be dropped and called again without loss.
    pub(super) async fn next(&mut self, body: Option<&mut Body>) -> Event {
        let mut piece = pin!(async {
            match body {
                Some(body) => body.next().await,
                None => std::future::pending().await,
            }
        });
        poll_fn(|context| {
            if let Poll::Ready(piece) = piece.as_mut().poll(context) {
                return Poll::Ready(Event::Piece(piece));
            }
            for (at, lane) in self.lanes.iter_mut().enumerate() {
                if let Poll::Ready(opened) = lane.opening.as_mut().poll(context) {
                    self.lanes.remove(at);
                    return Poll::Ready(Event::Opened(Box::new(opened)));
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// Hands on the bytes of a source that is a file of this machine: read in place, not copied into the cache. Bytes of another copy must not be in the outlet.
pub(super) fn read_local(
    path: &Path,
    expected: Option<Sha256>,
    outlet: &mut Outlet<'_>,
) -> Result<Result<Downloaded, Reason>, Error> {
    let unreadable = |error: std::io::Error| Reason::Local(cause(&error));
    let mut file = match disk::open(path) {
        Ok(Some(file)) => file,
        Ok(None) => {
            let there = disk::follow(path).is_ok_and(|found| found.is_some());
            let why = if there { "is no regular file" } else { "not there" };
            return Ok(Err(Reason::Local(why.to_owned())));
        }
        Err(error) => return Ok(Err(unreadable(error))),
    };
    match file.metadata() {
        Ok(found) => outlet.expect(found.len()),
        Err(error) => return Ok(Err(unreadable(error))),
    }
    if let Err(error) = outlet.pour(&mut file)? {
        outlet.restart()?;
        return Ok(Err(unreadable(error)));
    }
    let (sha256, size) = (outlet.digest(), outlet.position());
    if let Some(expected) = expected.filter(|expected| *expected != sha256) {
        outlet.restart()?;
        let (page, open_ended) = (false, false);
        return Ok(Err(Reason::Mismatch { expected, actual: sha256, page, open_ended }));
    }
    let from = Some(path.to_path_buf().into());
    Ok(Ok(Downloaded { path: path.to_path_buf(), sha256, size, from }))
}

fn cause(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "not there".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read".to_owned(),
        kind => kind.to_string(),
    }
}
