//! How fast each of several places serves: the time to the first byte, and the rate of a small part.

use std::time::{Duration, Instant};

use crate::fetch::client::{Ask, Client};
use crate::fetch::error::{Attempt, Error};
use crate::fetch::reason::Reason;
use crate::fetch::url::Url;
use crate::progress::Progress;

/// How much is asked for.
const SAMPLE: u64 = 1 << 20;

/// How long one place is listened to.
const TIME: Duration = Duration::from_secs(5);

/// How one place served.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// Which of the places.
    pub url: Url,
    /// From asking to the first byte, redirects included.
    pub first_byte: Duration,
    /// Bytes per second after it; none when all came at once.
    pub rate: Option<f64>,
}

/// Times each place, one after the other so that they do not disturb each other.
pub fn timings(
    client: &Client,
    urls: &[Url],
    progress: &dyn Progress,
) -> Result<Vec<Result<Timing, Attempt>>, Error> {
    let mut timings = Vec::new();
    for url in urls {
        let timing = time(client, url, progress)?;
        timings.push(timing.map_err(|reason| Attempt { url: url.clone(), reason }));
    }
    Ok(timings)
}

fn time(
    client: &Client,
    url: &Url,
    progress: &dyn Progress,
) -> Result<Result<Timing, Reason>, Error> {
    if let Some(reason) = client.known_dead(url) {
        return Ok(Err(reason));
    }
    let started = Instant::now();
    let until = Some(started + client.options().patience.connect + TIME);
    let silent = || Reason::Silent(started.elapsed());
    // Nothing is kept, so there is nothing to forge.
    let ask = Ask { pinned: true, range: Some((0, Some(SAMPLE - 1))), ..Ask::default() };
    let (head, mut body) = match client.wait(progress, until, client.ask(url, &ask))? {
        Some(Ok(answer)) => answer,
        Some(Err(reason)) => {
            client.remember(url, &reason);
            return Ok(Err(reason));
        }
        None => return Ok(Err(silent())),
    };
    if !head.has_body() {
        return Ok(Err(Reason::Status { code: head.status, again: None }));
    }
    let first_byte = started.elapsed();
    let (begun, mut count) = (Instant::now(), 0);
    let until = Some(begun + TIME);
    while count < SAMPLE {
        match client.wait(progress, until, body.next())? {
            Some(Ok(Some(piece))) => count += piece.len() as u64,
            Some(Err(reason)) => return Ok(Err(reason)),
            None if count == 0 => return Ok(Err(silent())),
            Some(Ok(None)) | None => break,
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = (seconds > 0.0).then(|| count as f64 / seconds);
    Ok(Ok(Timing { url: url.clone(), first_byte, rate }))
}
