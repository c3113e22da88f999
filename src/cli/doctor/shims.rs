//! The shims: there, those of this program, those of what is installed.

use std::io;

use crate::cli::context::Context;
use crate::cli::doctor::findings::Findings;
use crate::cli::shell;
use crate::error::Error;
use crate::{disk, rehash};

pub(super) fn check(context: &Context) -> Result<Findings, Error> {
    let mut findings = Findings::of("shims");
    let rehash = || Some("pyman rehash".to_owned());
    let root = context.root();
    if !disk::is_directory(&root.join("shims")) {
        findings.problem(format!("{} does not exist", root.join("shims").display()), rehash());
        return Ok(findings);
    }
    match rehash::is_current(root) {
        Ok(true) => {}
        Ok(false) => findings.problem("the shims are another release's", rehash()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            findings.problem("there is no shim program", rehash());
        }
        Err(error) => return Err(error.into()),
    }
    if !rehash::is_complete(root)? {
        findings
            .problem("commands were installed or removed since the shims were written", rehash());
    }
    let link = shell::link(root);
    if !disk::executable(&link) {
        findings.problem(format!("{} leads to no program", link.display()), rehash());
    }
    Ok(findings)
}
