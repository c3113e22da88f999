//! Environments: whether their bases stand, and whether their compiled modules find their libraries.

use std::ffi::OsStr;

use super::Findings;
use crate::environment::{self, Environment, Health};
use crate::error::Error;
use crate::operation::Ground;
use crate::operation::environments;
use crate::operation::libraries;
use crate::quote;

const PART: &str = "environments";

/// Every environment pyman knows of.
pub(super) fn check(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of(PART);
    let workon_home = match environments::workon_home(ground) {
        Ok(workon_home) => Some(workon_home),
        Err(Error::NoHome) => None,
        Err(error) => return Err(error),
    };
    let places = ground.places();
    for environment in environment::survey(&places, workon_home.as_deref())? {
        base(&environment, &mut findings);
    }
    Ok(findings)
}

/// One environment, its libraries included.
pub(super) fn check_one(ground: &Ground, name: &OsStr) -> Result<Findings, Error> {
    let mut findings = Findings::of(PART);
    let environment = environments::open(ground, name)?;
    base(&environment, &mut findings);
    if environment::names_another_place(&environment)? {
        let place = environment.directory.display();
        findings.problem(
            format!("{place} was made elsewhere and moved since"),
            format!("pyman venv repair {}", quote::shown(&environment.directory)),
        );
    }
    for library in libraries::missing(ground, &environment)? {
        findings.problem(library.said, library.mend);
    }
    Ok(findings)
}

fn base(environment: &Environment, findings: &mut Findings) {
    if environment.health() == Health::Broken {
        let place = environment.directory.display();
        findings.problem(
            format!("{place} has lost the Python it stood on"),
            format!("pyman venv repair {}", quote::shown(&environment.directory)),
        );
    }
}
