//! The root: there, ours to write, nobody else's; what a crash left in it; the settings and the catalogue.

use std::path::Path;

use crate::cli::context::Context;
use crate::cli::doctor::Findings;
use crate::error::Error;
use crate::inventory::Places;
use crate::{catalogue, disk, quote};

/// The directories of a root.
const PLACES: [&str; 9] =
    ["versions", "shims", "bin", "stage", "locks", "cache", "minor", "catalogue", "init"];

pub(super) fn check(context: &Context) -> Result<Findings, Error> {
    let mut findings = Findings::of("root");
    let root = context.root();
    let shown = root.display();
    let Some(found) = disk::follow(root)? else {
        findings.problem(format!("{shown} does not exist yet"), "pyman setup".to_owned());
        return Ok(findings);
    };
    if !found.is_directory() {
        findings.problem(format!("{shown} is no directory"), None);
        return Ok(findings);
    }
    let word = quote::shown(root);
    let own = || format!("sudo chown -R \"$(id -un)\" {word}");
    if !disk::writable(root) {
        findings.problem(format!("{shown} is not writable: nothing can be installed"), own());
    }
    let trusting = format!("{shown} can be written by others, who can make you run anything");
    if found.stranger().is_some() {
        findings.problem(trusting, own());
    } else if found.is_open_to_all() {
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
        if disk::follow(&place)?.is_some_and(|found| !found.is_directory()) {
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
    if !disk::entries(&stage)?.is_empty() {
        findings.advice(
            format!("{} holds what an interrupted installation left", stage.display()),
            "pyman cache clean".to_owned(),
        );
    }
    Ok(())
}
