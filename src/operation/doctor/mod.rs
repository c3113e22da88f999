//! What is wrong with a set-up: every finding with the command that mends it. Nothing is changed here.

mod environments;
mod findings;
mod root;
mod tools;
mod variables;
mod versions;

use std::ffi::OsStr;
use std::path::Path;

use crate::error::Error;
use crate::operation::Ground;
use crate::operation::doctor::findings::Findings;

pub(crate) use environments::say_missing_libraries;
pub(crate) use findings::{Finding, Level};

/// Examines every part of the set-up. What keeps a part from being examined is a finding of its own.
pub(crate) fn examine(ground: &Ground) -> Vec<Finding> {
    let parts = [
        ("root", root::check(ground)),
        ("path", variables::check_path(ground)),
        ("shims", root::check_shims(ground)),
        ("variables", Ok(variables::check(ground))),
        ("versions", versions::check(ground)),
        ("environments", environments::check(ground)),
        ("plugins", root::check_plugins(ground)),
        ("build", tools::check(ground)),
    ];
    // A folder that is shut is named by the root's part, and keeps more than one from being examined.
    let shut = root::shut(ground).unwrap_or_default();
    let found = parts.into_iter().flat_map(|(part, checked)| {
        let findings = checked.unwrap_or_else(|error| {
            let mut findings = Findings::of(part);
            // A folder of the root that is a link is named by the root's part.
            let folder = error.linked().and_then(Path::parent);
            let said = error.with_causes();
            let named = shut.iter().any(|place| said.contains(&*place.display().to_string()));
            if folder != Some(ground.root()) && !named {
                findings.problem(said, None);
            }
            findings
        });
        findings.found
    });
    found.collect()
}

/// Says what puts the shims first on PATH where they are not; what is wrong besides is for [`examine`].
pub(crate) fn hint_at_path(ground: &Ground) {
    let shims = ground.root().join("shims");
    if ground.machine.search_path().first() == Some(&shims) {
        return;
    }
    let Ok(findings) = variables::check_path(ground) else { return };
    let problem = findings.found.into_iter().find(|finding| finding.level == Level::Problem);
    if let Some(Finding { what, mend: Some(mend), .. }) = problem {
        ground.talk(&format!("hint: run `{mend}': {what}"));
    }
}

/// Examines one environment.
pub(crate) fn examine_one(ground: &Ground, name: &OsStr) -> Result<Vec<Finding>, Error> {
    Ok(environments::check_one(ground, name)?.found)
}
