//! Questions under way at the same time: the first to bring bytes wins.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;

use crate::fetch::answer::{Body, Head};
use crate::fetch::client::{Ask, Client};
use crate::fetch::queue::Source;
use crate::fetch::reason::Reason;

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
