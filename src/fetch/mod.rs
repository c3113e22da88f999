//! Bytes from addresses, checked by digest. What the bytes are for is known elsewhere.
//!
//! [`download`] brings one file into the cache: sources in order, resumed after a drop, hashed on
//! the way, published by a rename once the digest matched. [`document`] and [`lines`] read what is
//! small or live. [`mirror`] writes out where a file may stand, [`timings`] times those places.

pub mod digest;
pub mod mirror;

mod address;
mod answer;
mod client;
mod document;
mod download;
mod entry;
mod error;
mod identity;
mod netrc;

mod reason;
mod redirect;
mod sources;
mod timing;
mod transfer;
mod url;
mod wanted;

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

pub use address::{Address, holds_secrets, shown, word};
pub use client::{Client, ClientOptions};
pub use digest::{Forged, Sha256, is_signed};
pub use document::{Document, Extent, document, lines, present};
pub use download::download;
pub use error::{Attempt, Error};
pub use identity::Identity;
pub use reason::Reason;
pub use redirect::Refusal;
pub use timing::{Timing, timings};
pub use url::{Malformed, Url};
pub use wanted::{Discard, Downloaded, Sink, Wanted};

/// The limits of waiting. There is none on the whole of a transfer: a slow one that moves is well.
#[derive(Debug, Clone)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Without one byte, before what is under way counts as dead.
    pub idle: Duration,
    /// Of silence, before the next source is started beside the silent one.
    pub silence: Duration,
    /// How often one source is tried when it fails in a way that may pass.
    pub tries: u32,
    /// Before the second try; doubled for each one after it, and shortened by chance.
    pub pause: Duration,
    /// The longest `Retry-After` that is waited for.
    pub retry_after: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            silence: Duration::from_secs(3),
            tries: 3,
            pause: Duration::from_millis(500),
            retry_after: Duration::from_mins(1),
        }
    }
}

impl Patience {
    /// How long to wait before the try after the `tried`-th, which failed so; none where no other is worth it.
    fn pause_after(&self, tried: u32, reason: &Reason) -> Option<Duration> {
        let pause = match reason {
            Reason::Status { again: Some(again), .. } => *again,
            // The hasher's seeds are random: processes that fail together do not come back together.
            _ => self.backoff(tried, RandomState::new().hash_one(())),
        };
        (reason.may_pass() && tried < self.tries && pause <= self.retry_after).then_some(pause)
    }

    /// The pause after the `tried`-th try, by a number of chance: between half and the whole of the doubled pause.
    fn backoff(&self, tried: u32, chance: u64) -> Duration {
        let longest = self.pause.saturating_mul(1 << tried.saturating_sub(1).min(6));
        let share = u32::try_from(chance % 512).unwrap_or_default() + 512;
        longest.saturating_mul(share) / 1024
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_and_varies_within_its_half() {
        let patience = Patience { pause: Duration::from_millis(1024), ..Patience::default() };
        for (tried, chance, expected) in
            [(1, 0, 512), (1, 511, 1023), (2, 0, 1024), (3, 0, 2048), (40, 0, 32_768)]
        {
            assert_eq!(patience.backoff(tried, chance), Duration::from_millis(expected));
        }
    }
}
