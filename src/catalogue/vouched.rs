//! Digests a person vouched for, of files whose publisher says none: kept, so that the next copy is judged.

use std::io;
use std::path::Path;

use crate::catalogue::build::Build;
use crate::catalogue::row;
use crate::catalogue::store;
use crate::fetch::Sha256;

/// The catalogue they are added by.
const FILE: &str = "vouched.jsonl";

/// Keeps a build's digest in the catalogue's directory, as a row like any other.
pub fn keep_digest(directory: &Path, build: &Build, sha256: Sha256) -> io::Result<()> {
    let file = directory.join(FILE);
    let line = row::write(&Build { sha256: Some(sha256), ..build.clone() });
    let mut text = store::read(&file)?.unwrap_or_default();
    if text.split(|byte| *byte == b'\n').any(|known| known == line.as_bytes()) {
        return Ok(());
    }
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend(line.as_bytes());
    text.push(b'\n');
    store::write(&file, &text)
}
