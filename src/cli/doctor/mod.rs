//! What is wrong with a set-up: every finding with the command that mends it. Nothing is changed here.

mod environments;
mod findings;
mod path;
mod plugins;
mod root;
mod shims;
mod tools;
mod variables;
mod versions;

use std::ffi::OsStr;

use crate::cli::context::Context;
use crate::cli::doctor::findings::Findings;
use crate::error::Error;

pub(crate) use findings::{Finding, Level};

/// Examines every part of the set-up. What keeps a part from being examined is a finding of its own.
pub(crate) fn examine(context: &Context) -> Vec<Finding> {
    let parts = [
        ("root", root::check(context)),
        ("path", path::check(context)),
        ("shims", shims::check(context)),
        ("variables", Ok(variables::check(context))),
        ("versions", versions::check(context)),
        ("environments", environments::check(context)),
        ("plugins", plugins::check(context)),
        ("build", tools::check(context)),
    ];
    let found = parts.into_iter().flat_map(|(part, checked)| {
        let findings = checked.unwrap_or_else(|error| {
            let mut findings = Findings::of(part);
            findings.problem(error.with_causes(), None);
            findings
        });
        findings.found
    });
    found.collect()
}

/// Examines one environment.
pub(crate) fn examine_one(context: &Context, name: &OsStr) -> Result<Vec<Finding>, Error> {
    Ok(environments::check_one(context, name)?.found)
}
