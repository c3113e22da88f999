//! What a build from source needs: a compiler, make, and the headers that decide which modules there will be.

use pyman_shim::Version;

use crate::disk::{Directory, Stage};
use crate::error::Error;
use crate::install::compile::{self, Variables};
use crate::operation::Ground;
use crate::operation::doctor::findings::Findings;
use crate::platform::distribution::Distribution;

/// For a release of these days: the oldest and the newest want other libraries.
const NEWEST: Version = Version::new(3, 14, 0);

pub(super) fn check(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of("build");
    let packager = Distribution::read("/".as_ref())?.and_then(|found| found.packager());
    let variables = Variables::read(ground.machine, &ground.root().join("shims"));
    let scratch = Directory::open(&ground.machine.temporary_directory())?;
    let scratch = Stage::begin_among_others(scratch, "pyman-doctor.")?;
    match compile::preflight(
        "a build from source",
        NEWEST,
        &variables,
        scratch.directory().path(),
        packager,
    ) {
        Ok(tools) => {
            if let Some((modules, command)) = tools.lacking() {
                findings.advice(format!("a build from source would lack {modules}"), command);
            }
        }
        Err(error) => findings.advice(error.to_string(), error.remedy().map(str::to_owned)),
    }
    Ok(findings)
}
