//! The live lists: asks those who publish for what is newer than the tables, and keeps it as added rows.
//!
//! A list can only add. What is known keeps its digest; a list that says otherwise is refused whole.

mod archive;
mod checksums;
mod day;
mod known;
mod ledger;
mod prebuilt;
mod pypy;
mod sources;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::catalogue::Catalogue;
use crate::catalogue::build::Build;
use crate::catalogue::error::Error;
use crate::catalogue::store::LONGEST;
use crate::fetch::{self, Client, Url};
use crate::progress::Progress;
use known::Known;
use ledger::Ledger;

pub(super) use day::Day;
pub(super) use ledger::checked;

/// What a refresh is given.
#[derive(Clone, Copy)]
pub struct Refresh<'a> {
    /// `$PYMAN_ROOT/catalogue`, where what is learnt is kept.
    pub directory: &'a Path,
    /// A base that serves all the lists in place of those who publish them.
    pub base: Option<&'a str>,
    /// Speaks to them.
    pub client: &'a Client,
    /// Watches, and may interrupt.
    pub progress: &'a dyn Progress,
}

/// What became of one list.
#[derive(Debug)]
pub struct Refreshed {
    /// What it lists, for people.
    pub list: &'static str,
    /// The builds it added, or why it could not be used.
    pub added: Result<Vec<Build>, Error>,
}

/// What a list brought.
struct Brought {
    from: Url,
    validator: Option<String>,
    builds: Vec<Build>,
}

/// A list that was read whole.
struct Whole {
    from: Url,
    validator: Option<String>,
    body: Vec<u8>,
}

/// Reads one list: what it has beyond what is known; nothing when it is still the copy of this name.
type Reader = fn(&Refresh<'_>, &Known, Option<&str>) -> Result<Option<Brought>, Error>;

const LISTS: [(&str, &str, Reader); 3] = [
    ("prebuilt", "prebuilt CPython", prebuilt::read),
    ("sources", "CPython's sources", sources::read),
    ("pypy", "PyPy", pypy::read),
];

impl Catalogue {
    /// Asks every list; what one of them cannot say leaves what is there. An error only when the user
    /// interrupts or nothing can be kept.
    pub fn refresh(&self, refresh: &Refresh<'_>) -> Result<Vec<Refreshed>, Error> {
        let known = Known::of(self);
        let mut outcomes = Vec::new();
        for (name, list, read) in LISTS {
            let ledger = Ledger::open(refresh.directory, name)?;
            let added = match read(refresh, &known, ledger.validator()) {
                Ok(Some(brought)) => {
                    let from = brought.from.to_string();
                    ledger.add(&from, brought.validator, &brought.builds, now())?;
                    Ok(brought.builds)
                }
                Ok(None) => {
                    ledger.touch(now())?;
                    Ok(Vec::new())
                }
                Err(Error::Fetch(fetch::Error::Interrupted)) => {
                    return Err(fetch::Error::Interrupted.into());
                }
                Err(error) => Err(error),
            };
            outcomes.push(Refreshed { list, added });
        }
        Ok(outcomes)
    }
}

/// Reads a whole list from the first of its addresses that serves it.
fn whole(refresh: &Refresh<'_>, urls: &[Url], known: Option<&str>) -> Result<Option<Whole>, Error> {
    let mut failure = None;
    for url in urls {
        match fetch::document(refresh.client, url, known, LONGEST, refresh.progress) {
            Ok(fetch::Document::Unchanged) => return Ok(None),
            Ok(fetch::Document::Changed { body, validator }) => {
                return Ok(Some(Whole { from: url.clone(), validator, body }));
            }
            Err(fetch::Error::Interrupted) => return Err(fetch::Error::Interrupted.into()),
            Err(error) => failure = Some(failure.unwrap_or(error)),
        }
    }
    Err(failure.map_or_else(
        || Error::Malformed {
            place: "plugin.toml".to_owned(),
            line: 0,
            reason: "no list".to_owned(),
        },
        Error::Fetch,
    ))
}

/// A list that is not what it should be.
fn malformed(place: &Url, error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text).to_owned();
    Error::Malformed { place: place.to_string(), line: error.line(), reason }
}

/// Seconds since 1970; a clock before that counts as 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
