//! The shims: there, those of this program, those of what is installed.

use std::io;

use crate::error::Error;
use crate::operation::Ground;
use crate::operation::doctor::findings::Findings;
use crate::operation::shells;
use crate::{disk, rehash};

pub(super) fn check(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of("shims");
    let rehash = || Some("pyman rehash".to_owned());
    let root = ground.root();
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
    let link = shells::link(root);
    if !disk::executable(&link) {
        findings.problem(format!("{} leads to no program", link.display()), rehash());
    }
    Ok(findings)
}
