//! The live lists: asks those who publish for what is newer than the tables, and keeps it as added rows.
//!
//! A list can only add. What is known keeps its digest; a list that says otherwise is refused whole.

mod list;
mod prebuilt;
mod pypy;
mod sources;

use std::time::{SystemTime, UNIX_EPOCH};

use crate::catalogue::Catalogue;
use crate::catalogue::error::Error;
use crate::catalogue::release::Build;
use crate::catalogue::store::Ledger;
use crate::fetch;
use list::{Known, News};

pub use list::Refresh;

/// What became of one list.
#[derive(Debug)]
pub struct Refreshed {
    /// What it lists, for people.
    pub list: &'static str,
    /// The builds it added, or why it could not be used.
    pub added: Result<Vec<Build>, Error>,
}

/// Reads one list: what it has beyond what is known; nothing when it is still the copy of this name.
type Reader = fn(&Refresh<'_>, &Known, Option<&str>) -> Result<Option<News>, Error>;

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

/// Seconds since 1970; a clock before that counts as 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
