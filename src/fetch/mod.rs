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
mod local;
mod netrc;
mod patience;
mod queue;
mod race;
mod reason;
mod redirect;
mod timing;
mod transfer;
mod url;
mod wanted;

pub use address::{Address, holds_secrets, shown, word};
pub use client::{Client, ClientOptions};
pub use digest::{Forged, Sha256, is_signed};
pub use document::{Document, Extent, document, lines, present};
pub use download::download;
pub use error::{Attempt, Error};
pub use identity::Identity;
pub use patience::Patience;
pub use reason::Reason;
pub use redirect::Refusal;
pub use timing::{Timing, timings};
pub use url::{Malformed, Url};
pub use wanted::{Discard, Downloaded, Sink, Wanted};
