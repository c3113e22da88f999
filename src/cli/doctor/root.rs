//! The root: there, ours to write, nobody else's; what a crash left in it; the settings and the catalogue.

use std::io;
use std::path::Path;

use crate::cli::context::Context;
use crate::cli::doctor::Findings;
use crate::error::Error;
use crate::inventory::Places;
use crate::{catalogue, quote, world};

/// The directories of a root.
const PLACES: [&str; 9] =
    ["versions", "shims", "bin", "stage", "locks", "cache", "minor", "catalogue", "init"];

pub(super) fn check(context: &Context) -> Result<Findings, Error> {
    let mut findings = Findings::of("root");
    let root = context.root();
    let shown = root.display();
    match fs_err::metadata(root) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => {
            findings.problem(format!("{shown} is no directory"), None);
            return Ok(findings);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            findings.problem(format!("{shown} does not exist yet"), "pyman setup".to_owned());
            return Ok(findings);
        }
        Err(error) => return Err(error.into()),
    }
    let word = quote::shown(root);
    let own = || format!("sudo chown -R \"$(id -un)\" {word}");
    if !world::writable(root) {
        findings.problem(format!("{shown} is not writable: nothing can be installed"), own());
    }
    let trusting = format!("{shown} can be written by others, who can make you run anything");
    if world::stranger(root).is_some() {
        findings.problem(trusting, own());
    } else if world::open_to_all(root) {
        findings.problem(trusting, format!("chmod go-w {word}"));
    }
    if let Err(error) = context.settings() {
        findings.problem(error.to_string(), None);
    }
    contents(root, &mut findings)?;
    Ok(findings)
}

/// What is in the root and should not be so.
fn contents(root: &Path, findings: &mut Findings) -> Result<(), Error> {
    for name in PLACES {
        let place = root.join(name);
        if fs_err::metadata(&place).is_ok_and(|found| !found.is_dir()) {
            let word = quote::shown(&place);
            let mend = format!("mv {word} {word}.damaged && pyman rehash");
            findings.problem(format!("{} is no directory", place.display()), mend);
        }
    }
    for (file, said) in catalogue::damaged(&root.join("catalogue"))? {
        let word = quote::shown(&file);
        findings.problem(said, format!("mv {word} {word}.damaged && pyman update"));
    }
    let stage = Places::new(root).stage();
    match fs_err::read_dir(&stage) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                findings.advice(
                    format!("{} holds what an interrupted installation left", stage.display()),
                    "pyman cache clean".to_owned(),
                );
            }
        }
        Err(error) if world::absent(&error) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
