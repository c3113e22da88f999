//! What is wrong with a set-up: every finding with the command that mends it. Nothing is changed here.

mod environments;
mod path;
mod plugins;
mod root;
mod shims;
mod tools;
mod variables;
mod versions;

use std::ffi::OsStr;

use crate::cli::context::Context;
use crate::error::Error;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Something does not work, or not as its owner thinks.
    Problem,
    /// Something works and could be better.
    Advice,
}

impl Level {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Advice => "advice",
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) level: Level,
    /// Which part of the set-up it is about: `path`, `shims`, …
    pub(crate) part: &'static str,
    /// What is so.
    pub(crate) what: String,
    /// A command that mends it.
    pub(crate) mend: Option<String>,
}

/// What a part's check gathers.
struct Findings {
    part: &'static str,
    found: Vec<Finding>,
}

impl Findings {
    const fn of(part: &'static str) -> Self {
        Self { part, found: Vec::new() }
    }

    fn problem(&mut self, what: impl Into<String>, mend: impl Into<Option<String>>) {
        self.add(Level::Problem, what.into(), mend.into());
    }

    fn advice(&mut self, what: impl Into<String>, mend: impl Into<Option<String>>) {
        self.add(Level::Advice, what.into(), mend.into());
    }

    fn add(&mut self, level: Level, what: String, mend: Option<String>) {
        self.found.push(Finding { level, part: self.part, what, mend });
    }
}

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
