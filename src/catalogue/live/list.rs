//! One list of those who publish, as it is asked for and as it came.

use std::path::Path;

use crate::catalogue::build::Build;
use crate::catalogue::error::Error;
use crate::catalogue::store::LONGEST;
use crate::fetch::{self, Client, Url};
use crate::progress::Progress;

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

/// What a list brought.
pub(super) struct Brought {
    pub(super) from: Url,
    pub(super) validator: Option<String>,
    pub(super) builds: Vec<Build>,
}

/// A list that was read whole.
pub(super) struct Whole {
    pub(super) from: Url,
    pub(super) validator: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Reads a whole list from the first of its addresses that serves it.
pub(super) fn whole(
    refresh: &Refresh<'_>,
    urls: &[Url],
    known: Option<&str>,
) -> Result<Option<Whole>, Error> {
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
pub(super) fn malformed(place: &Url, error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text).to_owned();
    Error::Malformed { place: place.to_string(), line: error.line(), reason }
}
