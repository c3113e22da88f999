//! Variables that change what every Python does, or what pyman does, without a word.

use pyman_shim::Cut;

use crate::operation::Ground;
use crate::operation::doctor::findings::Findings;

pub(super) fn check(ground: &Ground) -> Findings {
    let mut findings = Findings::of("variables");
    let machine = &ground.machine;
    // A variable is of any length.
    let set = |name: &str| machine.text(name).map(|value| Cut(value.as_bytes()).to_string());
    if let Some(value) = set("PYTHONHOME") {
        findings.problem(
            format!("PYTHONHOME={value}: every Python looks for its library there"),
            "unset PYTHONHOME".to_owned(),
        );
    }
    if let Some(value) = set("PYTHONPATH") {
        findings.advice(
            format!("PYTHONPATH={value}: every Python, of any version, imports from there"),
            "unset PYTHONPATH".to_owned(),
        );
    }
    if let Some(value) = set("PYMAN_VERSION") {
        findings.advice(
            format!("PYMAN_VERSION={value} overrides every .python-version"),
            "unset PYMAN_VERSION".to_owned(),
        );
    }
    if let Some(value) = set("PIP_TARGET").or_else(|| set("PIP_PREFIX")) {
        findings.advice(
            format!("pip installs into {value}, whatever Python it belongs to"),
            "unset PIP_TARGET PIP_PREFIX".to_owned(),
        );
    }
    if let Some(value) = machine.text("VIRTUAL_ENV")
        && !machine.is_environment(&value)
    {
        findings.problem(
            format!("VIRTUAL_ENV={value} is no environment any more"),
            "deactivate 2>/dev/null || unset VIRTUAL_ENV".to_owned(),
        );
    }
    findings
}
