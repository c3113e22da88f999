//! A source that is a file of this machine: read in place, not copied into the cache.

use std::path::Path;

use crate::fetch::digest::Sha256;
use crate::fetch::download::Downloaded;
use crate::fetch::error::Error;
use crate::fetch::outlet::Outlet;
use crate::fetch::reason::Reason;

/// Hands on the file's bytes. Bytes of another copy must not be in the outlet.
pub(super) fn read(
    path: &Path,
    expected: Option<Sha256>,
    outlet: &mut Outlet<'_>,
) -> Result<Result<Downloaded, Reason>, Error> {
    let unreadable = |error: std::io::Error| Reason::Local(cause(&error));
    match fs_err::metadata(path) {
        Ok(found) if found.is_file() => outlet.expect(found.len()),
        Ok(_) => return Ok(Err(Reason::Local("is no regular file".to_owned()))),
        Err(error) => return Ok(Err(unreadable(error))),
    }
    let mut file = match fs_err::File::open(path) {
        Ok(file) => file,
        Err(error) => return Ok(Err(unreadable(error))),
    };
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
