//! PATH: our shims on it, before every other Python, and no other manager's before them; and the variables that change what
//! every Python does, or what pyman does, without a word.

use std::path::{Path, PathBuf};

use pyman_shim::{Cut, PYENV_VERSION};

use crate::error::Error;
use crate::operation::doctor::findings::Findings;
use crate::operation::{Ground, shells as calling};
use crate::shell::{self, Outcome};
use crate::world::Machine;
use crate::{disk, quote, rehash};

/// Directories of other managers' shims, by what their paths end in.
const OTHERS: [(&str, &str); 4] = [
    (".pyenv/shims", "pyenv"),
    ("mise/shims", "mise"),
    (".asdf/shims", "asdf"),
    (".rye/shims", "rye"),
];

pub(super) fn check_path(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of("path");
    let shims = ground.root().join("shims");
    let search = ground.machine.search_path();
    let Some(place) = search.iter().position(|entry| *entry == shims) else {
        let what = format!("{} is not on PATH: shims are never run", shims.display());
        findings.problem(what, remedy(ground)?);
        return Ok(findings);
    };
    for entry in search.iter().take(place) {
        before(&mut findings, entry, &shims);
    }
    for entry in search.iter().skip(place + 1) {
        if let Some(manager) = manager(entry) {
            findings.advice(
                format!(
                    "the shims of {manager} ({}) are on PATH too; ours come first",
                    entry.display()
                ),
                takeover(manager),
            );
        }
    }
    if is_set_up(ground)? == Some(false) {
        findings.advice(
            "this shell has the shims, but its start-up file does not load pyman",
            "pyman setup".to_owned(),
        );
    }
    Ok(findings)
}

/// What stands in PATH before our shims and has a Python.
fn before(findings: &mut Findings, entry: &Path, shims: &Path) {
    let pythons = ["python", "python3", "pip", "pip3"];
    let Some(shadow) =
        pythons.iter().map(|name| entry.join(name)).find(|file| disk::executable(file))
    else {
        return;
    };
    let is_environment = |parent| Machine.is_environment(parent).is_ok_and(|is| is);
    if entry.parent().is_some_and(is_environment) {
        return;
    }
    let mend = format!("export PATH={}:\"$PATH\"", quote::shown(shims));
    match manager(entry) {
        Some(manager) => findings.problem(
            format!("the shims of {manager} ({}) come before ours on PATH", entry.display()),
            takeover(manager).or(Some(mend)),
        ),
        None => {
            findings.problem(format!("{} comes before our shims on PATH", shadow.display()), mend);
        }
    }
}

fn manager(entry: &Path) -> Option<&'static str> {
    OTHERS.iter().find_map(|(end, manager)| entry.ends_with(end).then_some(*manager))
}

/// What takes over from another manager, where we can.
fn takeover(manager: &str) -> Option<String> {
    matches!(manager, "pyenv" | "mise").then(|| format!("pyman import {manager}"))
}

/// What puts the shims on PATH: the set-up, or a new shell when that was done.
fn remedy(ground: &Ground) -> Result<String, Error> {
    let mend = match is_set_up(ground)? {
        Some(true) => "exec \"$SHELL\"",
        Some(false) | None => "pyman setup",
    };
    Ok(mend.to_owned())
}

/// Whether the start-up files of the user's shell have all that `pyman setup` would write; none when the shell is
/// none of ours.
fn is_set_up(ground: &Ground) -> Result<Option<bool>, Error> {
    let Some(speaks) = ground.machine.text("SHELL").and_then(|name| shell::Shell::named(&name))
    else {
        return Ok(None);
    };
    let account = match calling::account(ground, calling::link(ground.root())) {
        Err(Error::Shell(shell::Error::Homeless)) => return Ok(None),
        account => account?,
    };
    let stamp: PathBuf = rehash::stamp(ground.root());
    let init = calling::kept(ground, ground.root(), &stamp)?;
    for step in (shell::Setup { shell: speaks, account: &account, init: &init }).steps()? {
        if step.outcome()? == Outcome::Changed {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

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
    if let Some(value) = set(PYENV_VERSION)
        && ground.resolver().pyenvs_variable().is_some()
    {
        findings.advice(
            format!("PYENV_VERSION={value} overrides every .python-version"),
            "unset PYENV_VERSION".to_owned(),
        );
    }
    if let Some(value) = set("PIP_TARGET").or_else(|| set("PIP_PREFIX")) {
        findings.advice(
            format!("pip installs into {value}, whatever Python it belongs to"),
            "unset PIP_TARGET PIP_PREFIX".to_owned(),
        );
    }
    if let Some(value) = machine.text("VIRTUAL_ENV")
        && !machine.has_commands(&value)
    {
        findings.problem(
            format!("VIRTUAL_ENV={value} is no environment any more"),
            "deactivate 2>/dev/null || unset VIRTUAL_ENV".to_owned(),
        );
    }
    findings
}
