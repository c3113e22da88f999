//! The plugins that this pyman does not use.

use std::ffi::OsString;

use crate::error::Error;
use crate::operation::Ground;
use crate::operation::doctor::Findings;
use crate::operation::doctor::findings::free;
use crate::{plugin, quote};

pub(super) fn check(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of("plugins");
    for misfit in plugin::misfits(ground.root())? {
        // What is hidden is no plugin, and is still there for the pyman that it fits.
        let mut hidden = OsString::from(".");
        hidden.push(misfit.folder.file_name().unwrap_or_default());
        let hidden = quote::shown(free(&misfit.folder.with_file_name(hidden), ""));
        // `mkdir` takes nothing that was put there since.
        let hide = format!("mkdir {hidden} && mv {} {hidden}/", quote::shown(&misfit.folder));
        findings.problem(misfit.to_string(), hide);
    }
    Ok(findings)
}
