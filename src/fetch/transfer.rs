//! One file over the network: sources race, drops are resumed, the digest decides.
//!
//! # Its states
//!
//! * *Asking*: one source was asked, or several; whoever is silent too long gets company.
//! * *Reading*: the first that answers well is read; the others are called off, and are asked first should this one fail.
//! * *Broken off*: the same source is asked for the rest, after a pause and as often as patience has it, then the next one.
//!   What is here stays, also when the process dies, and is gone on with, whoever serves the rest.
//! * *Mixed*: the part here and the rest came in more than one answer. Where the digest then is another, nobody knows whose
//!   bytes are wrong, and all is asked for anew, once.
//! * *Whole*: the digest is the one wanted, and a rename publishes the copy.
//!
//! Without a digest a part is gone on with only at the address, and with the validator, that it came with.

use std::time::{Duration, Instant};

use crate::fetch::answer::{Body, Head};
use crate::fetch::client::{Ask, Client};
use crate::fetch::entry::{Earlier, Entry, Partial};
use crate::fetch::error::Error;
use crate::fetch::reason::Reason;
use crate::fetch::sources::{self, Event, Opened, Queue, Race, Source, Verdict};
use crate::fetch::url::Url;
use crate::fetch::wanted::{Downloaded, Outlet, Wanted};

/// Fewer bytes than this in the time of silence are silence.
const PULSE: u64 = 4 * 1024;

/// A try that came as much as this further than any before it is not held against its source.
const HEADWAY: u64 = 64 * 1024;

/// A transfer under way.
pub(super) struct Transfer<'a> {
    client: &'a Client,
    wanted: &'a Wanted,
    entry: &'a Entry,
    outlet: Outlet<'a>,
    queue: Queue<'a>,
    race: Race<'a>,
    partial: Partial<'a>,
    current: Option<Current>,
    /// Whose bytes these are, and what that copy is called there.
    origin: Option<(Url, Option<String>)>,
    /// Whether the bytes are of more than one answer.
    mixed: bool,
    total: Option<u64>,
    /// How far the transfer was when a try last made headway. One that begins anew each time makes none.
    furthest: u64,
    /// Since when next to nothing came.
    quiet: Instant,
    pulse: u64,
}

/// The source being read.
struct Current {
    source: Source,
    body: Body,
    page: bool,
    /// When its last byte came.
    last: Instant,
}

impl<'a> Transfer<'a> {
    pub(super) fn new(
        client: &'a Client,
        wanted: &'a Wanted,
        entry: &'a Entry,
        mut outlet: Outlet<'a>,
        queue: Queue<'a>,
    ) -> Result<Self, Error> {
        let resumed = wanted.sha256.is_some() && !entry.apart;
        let earlier = if resumed { Earlier::Continue } else { Earlier::Discard };
        let partial = Partial::open(entry.make()?, earlier, &mut outlet)?;
        // What an earlier run left came in another answer than the rest will.
        let mixed = outlet.position() > 0;
        let (race, quiet) = (Race::new(client), Instant::now());
        let (current, origin, total, furthest, pulse) = (None, None, None, 0, 0);
        Ok(Self {
            client,
            wanted,
            entry,
            outlet,
            queue,
            race,
            partial,
            current,
            origin,
            mixed,
            total,
            furthest,
            quiet,
            pulse,
        })
    }

    pub(super) fn run(mut self) -> Result<Downloaded, Error> {
        let result = self.drive();
        let resumable =
            self.wanted.sha256.is_some() && !self.entry.apart && self.outlet.position() > 0;
        match &result {
            Ok(_) => self.queue.served(),
            Err(_) if resumable => {}
            Err(_) => self.partial.remove()?,
        }
        result
    }

    fn drive(&mut self) -> Result<Downloaded, Error> {
        // An earlier run may have died between the last byte and the rename.
        if self.outlet.position() > 0 && self.wanted.sha256 == Some(self.outlet.digest()) {
            return self.publish(None);
        }
        loop {
            if self.current.is_none() && self.race.is_empty() {
                match self.start_next()? {
                    Started::Asked => {}
                    Started::Done(found) => return Ok(found),
                    Started::Nothing => return Err(self.queue.unserved(&self.wanted.file_name)),
                }
            }
            let until = self.deadline();
            let next = self.race.next(self.current.as_mut().map(|current| &mut current.body));
            let done = match self.client.wait(self.outlet.progress(), until, next)? {
                None => self.silent()?,
                Some(Event::Opened(opened)) => self.opened(*opened)?,
                Some(Event::Piece(Ok(Some(bytes)))) => self.take(&bytes)?,
                Some(Event::Piece(Ok(None))) => self.ended()?,
                Some(Event::Piece(Err(reason))) => match (self.total, reason) {
                    (Some(total), Reason::Broken(_)) => {
                        self.broken(cut(self.outlet.position(), total))?
                    }
                    (_, reason) => self.broken(reason)?,
                },
            };
            if let Some(done) = done {
                return Ok(done);
            }
        }
    }

    /// When to stop waiting for what is under way.
    fn deadline(&self) -> Option<Instant> {
        let patience = &self.client.options().patience;
        let dead = self.current.as_ref().map(|current| current.last + patience.idle);
        // Where nobody is left to be asked beside it, a silent source is waited for until it counts as dead.
        let silent = (!self.queue.is_empty()).then(|| self.quiet + patience.silence);
        dead.into_iter().chain(silent).min()
    }

    /// Nothing came in time: what is dead is given up, what is silent gets company.
    fn silent(&mut self) -> Result<Option<Downloaded>, Error> {
        let patience = &self.client.options().patience;
        let heard = self.current.as_ref().map(|current| current.last.elapsed());
        if heard.is_some_and(|heard| heard >= patience.idle) {
            return self.broken(Reason::Silent(patience.idle));
        }
        if self.quiet.elapsed() < patience.silence {
            return Ok(None);
        }
        self.start_beside()
    }

    fn start_beside(&mut self) -> Result<Option<Downloaded>, Error> {
        match self.start_next()? {
            Started::Done(found) => Ok(Some(found)),
            Started::Asked | Started::Nothing => Ok(None),
        }
    }

    fn start_next(&mut self) -> Result<Started, Error> {
        (self.quiet, self.pulse) = (Instant::now(), 0);
        while let Some(source) = self.queue.next() {
            let Some(path) = source.url.local() else {
                self.start(source, Duration::ZERO);
                return Ok(Started::Asked);
            };
            self.partial.discard(&mut self.outlet)?;
            match sources::read_local(path, self.wanted.sha256, &mut self.outlet)? {
                Ok(found) => {
                    self.partial.remove()?;
                    return Ok(Started::Done(found));
                }
                Err(reason) => self.queue.give_up(source, reason),
            }
        }
        Ok(Started::Nothing)
    }

    /// Asks for what is missing; for everything, where the rest might be of another copy.
    fn start(&mut self, source: Source, pause: Duration) {
        let pinned = self.wanted.sha256.is_some();
        let same = match &self.origin {
            Some((url, validator)) if *url == source.url => validator.clone(),
            Some(_) | None => None,
        };
        let position = self.outlet.position();
        let resume = position > 0 && !source.whole && (pinned || same.is_some());
        let range = resume.then_some((position, None));
        let ask = Ask { pinned, range, same: same.filter(|_| resume), ..Ask::default() };
        self.race.start(source, pause, ask);
    }

    fn opened(&mut self, opened: Opened) -> Result<Option<Downloaded>, Error> {
        let Opened { source, from, answer } = opened;
        let (head, body) = match answer {
            Ok(answer) => answer,
            Err(reason) => return self.failed(source, reason),
        };
        match head.judge(from) {
            Ok((start, total)) if self.contradicts(start, total) => self.again_whole(source),
            Ok((start, total)) => match self.unacceptable(&head, total) {
                Some(reason) => self.failed(source, reason),
                None if start > 0 && start != self.outlet.position() => {
                    // Lost the race: others went on meanwhile.
                    self.queue.put_first(source);
                    Ok(None)
                }
                None => self.adopt(source, &head, body, (start, total)),
            },
            // It has no such part, or sends another: its file may be one of another size.
            Err(_) if from > 0 && matches!(head.status, 206 | 416) => self.again_whole(source),
            Err(reason) => self.failed(source, reason),
        }
    }

    /// Whether the rest would be of a file of another size than the part here.
    fn contradicts(&self, start: u64, total: Option<u64>) -> bool {
        let known = self.total.or(self.wanted.size);
        start > 0 && total.is_some() && known.is_some() && total != known
    }

    fn unacceptable(&self, head: &Head, total: Option<u64>) -> Option<Reason> {
        let limit = self.limit();
        if total.is_some_and(|total| total > limit) {
            Some(Reason::TooLong(limit))
        } else if head.page && self.wanted.sha256.is_none() {
            Some(Reason::Unusable("sends a web page instead of the file".to_owned()))
        } else {
            None
        }
    }

    fn limit(&self) -> u64 {
        self.wanted.size.unwrap_or(self.client.options().limit)
    }

    /// Reads from this source from now on; the others are called off.
    fn adopt(
        &mut self,
        source: Source,
        head: &Head,
        body: Body,
        (start, total): (u64, Option<u64>),
    ) -> Result<Option<Downloaded>, Error> {
        // Backwards, as each is put before the last: so they keep their order.
        for other in self.race.call_off().into_iter().rev() {
            self.queue.put_first(other);
        }
        if let Some(silent) = self.current.take() {
            self.queue.put_last(silent.source);
        }
        if start == 0 {
            self.partial.discard(&mut self.outlet)?;
        }
        (self.mixed, self.total) = (start > 0, total);
        if let Some(total) = total.or(self.wanted.size) {
            self.outlet.expect(total);
        }
        self.outlet.served_by(&source.url);
        self.origin = Some((source.url.clone(), head.validator.clone()));
        let last = Instant::now();
        self.current = Some(Current { source, body, page: head.page, last });
        Ok(None)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Option<Downloaded>, Error> {
        let count = bytes.len() as u64;
        let limit = self.total.unwrap_or(u64::MAX).min(self.limit());
        // Who sends more than was promised sends something else: none of it is worth keeping.
        if self.outlet.position().saturating_add(count) > limit {
            self.partial.discard(&mut self.outlet)?;
            return self.broken(Reason::TooLong(limit));
        }
        self.partial.take(bytes, &mut self.outlet)?;
        let now = Instant::now();
        self.pulse = self.pulse.saturating_add(count);
        if self.pulse >= PULSE {
            (self.quiet, self.pulse) = (now, 0);
        }
        if let Some(current) = &mut self.current {
            current.last = now;
            if self.outlet.position() >= self.furthest.saturating_add(HEADWAY) {
                (self.furthest, current.source.tried) = (self.outlet.position(), 0);
            }
        }
        Ok(None)
    }

    /// The body is over: the file is whole, or the source did not serve it.
    fn ended(&mut self) -> Result<Option<Downloaded>, Error> {
        let position = self.outlet.position();
        if let Some(total) = self.total.filter(|total| position < *total) {
            return self.broken(cut(position, total));
        }
        let Some(Current { source, page, .. }) = self.current.take() else { return Ok(None) };
        let actual = self.outlet.digest();
        match self.wanted.sha256 {
            Some(expected) if expected != actual => {
                self.partial.discard(&mut self.outlet)?;
                if self.mixed {
                    return self.again_whole(source);
                }
                let open_ended = self.total.is_none() && position > 0;
                self.failed(source, Reason::Mismatch { expected, actual, page, open_ended })
            }
            None if position == 0 => {
                self.failed(source, Reason::Broken("sends nothing".to_owned()))
            }
            Some(_) | None => self.publish(Some(source.url)).map(Some),
        }
    }

    /// What is being read ends too soon.
    fn broken(&mut self, reason: Reason) -> Result<Option<Downloaded>, Error> {
        match self.current.take() {
            Some(current) => self.failed(current.source, reason),
            None => Ok(None),
        }
    }

    /// Begins anew with this source, which has no part to offer that fits; once.
    fn again_whole(&mut self, mut source: Source) -> Result<Option<Downloaded>, Error> {
        if source.whole {
            return self.failed(source, Reason::Unusable("sends parts that do not fit".to_owned()));
        }
        source.whole = true;
        self.start(source, Duration::ZERO);
        Ok(None)
    }

    fn failed(&mut self, source: Source, reason: Reason) -> Result<Option<Downloaded>, Error> {
        match self.queue.judge(source, reason) {
            Verdict::Again(source, pause) => {
                self.start(source, pause);
                Ok(None)
            }
            Verdict::Over => self.start_beside(),
        }
    }

    fn publish(&mut self, from: Option<Url>) -> Result<Downloaded, Error> {
        self.partial.publish()?;
        let (sha256, size) = (self.outlet.digest(), self.outlet.position());
        Ok(Downloaded { path: self.entry.whole(), sha256, size, from })
    }
}

/// What became of the next source.
enum Started {
    Asked,
    Done(Downloaded),
    Nothing,
}

fn cut(position: u64, total: u64) -> Reason {
    Reason::Broken(format!("the connection ended after {position} of {total} bytes"))
}
