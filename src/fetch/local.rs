//! A source that is a file of this machine: read in place, not copied into the cache.

use std::path::Path;

use crate::disk;
use crate::fetch::digest::Sha256;
use crate::fetch::error::Error;
use crate::fetch::reason::Reason;
use crate::fetch::wanted::{Downloaded, Outlet};

/// Hands on the file's bytes. Bytes of another copy must not be in the outlet.
pub(super) fn read(
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
