//! PATH: our shims on it, before every other Python, and no other manager's before them; and the variables that change what
//! every Python does, or what pyman does, without a word.

use std::path::{Path, PathBuf};

use pyman_shim::{Cut, PYENV_VERSION};

use crate::error::Error;
use crate::operation::doctor::findings::{Findings, free, unset};
use crate::operation::import::{self, Step, Tool};
use crate::operation::{Ground, shells as calling};
use crate::progress::Silent;
use crate::shell::{self, Account, Outcome, Shell};
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
        before(ground, &mut findings, entry, &shims)?;
    }
    for entry in search.iter().skip(place + 1) {
        if let Some(manager) = manager(entry)
            && let Some(takeover) = takeover(ground, manager)
        {
            findings.advice(
                format!(
                    "the shims of {manager} ({}) are on PATH too; ours come first",
                    entry.display()
                ),
                takeover,
            );
        }
    }
    if is_set_up(ground)? == Some(false) {
        findings.advice(unready(ground)?, "pyman setup".to_owned());
    }
    for file in start_up_files(ground)? {
        aliases(&mut findings, &file)?;
    }
    Ok(findings)
}

/// What a start-up file lacks that `setup` would write.
fn unready(ground: &Ground) -> Result<String, Error> {
    for file in start_up_files(ground)? {
        if text(&file)?.lines().any(|line| line.ends_with(MARK)) {
            return Ok(format!(
                "the lines of pyman in {} are not as they should be: of this root, and above where it sends `ssh HOST python' away",
                file.display()
            ));
        }
    }
    Ok("this shell has the shims, but its start-up file does not load pyman".to_owned())
}

/// What stands in PATH before our shims and has a Python.
fn before(
    ground: &Ground,
    findings: &mut Findings,
    entry: &Path,
    shims: &Path,
) -> Result<(), Error> {
    let pythons = ["python", "python3", "pip", "pip3"];
    let Some(shadow) =
        pythons.iter().map(|name| entry.join(name)).find(|file| disk::executable(file))
    else {
        return Ok(());
    };
    if is_conda_base(ground, entry) {
        findings.problem(
            format!(
                "conda's base environment is active: {} comes before our shims",
                shadow.display()
            ),
            "conda deactivate && conda config --set auto_activate_base false".to_owned(),
        );
        return Ok(());
    }
    let is_environment = |parent| Machine.is_environment(parent).is_ok_and(|is| is);
    if entry.parent().is_some_and(is_environment) {
        return Ok(());
    }
    let first = format!("export PATH={}:\"$PATH\"", quote::shown(shims));
    let Some(manager) = manager(entry) else {
        findings.problem(format!("{} comes before our shims on PATH", shadow.display()), first);
        return Ok(());
    };
    let again =
        started_after(ground, manager)?.then(|| "pyman setup --undo && pyman setup".to_owned());
    let mend: Vec<String> =
        takeover(ground, manager).into_iter().chain(again).chain([first]).collect();
    findings.problem(
        format!("the shims of {manager} ({}) come before ours on PATH", entry.display()),
        mend.join(" && "),
    );
    Ok(())
}

/// Whether these are the commands of conda's own environment, which it activates by itself.
fn is_conda_base(ground: &Ground, entry: &Path) -> bool {
    let base = ground.machine.text("CONDA_DEFAULT_ENV").is_some_and(|name| name == "base");
    let ours = ground.machine.variable("PYMAN_VIRTUAL_ENV").is_some();
    let prefix = ground.machine.variable("CONDA_PREFIX").map(PathBuf::from);
    base && !ours && prefix.is_some() && entry.parent() == prefix.as_deref()
}

fn manager(entry: &Path) -> Option<&'static str> {
    OTHERS.iter().find_map(|(end, manager)| entry.ends_with(end).then_some(*manager))
}

/// What takes over from another manager, where there is something to be taken over.
fn takeover(ground: &Ground, manager: &str) -> Option<String> {
    let tool = [Tool::Pyenv, Tool::Mise].into_iter().find(|tool| tool.name() == manager)?;
    let steps = import::steps(ground, tool, &Silent).unwrap_or_default();
    let is_due = |step: &Step| !matches!(step, Step::Leave { .. });
    steps.iter().any(is_due).then(|| format!("pyman import {manager}"))
}

/// How a line of ours in a start-up file ends.
const MARK: &str = "# pyman setup";

/// Whether a start-up file starts another manager, and after pyman: its shims come first in every new shell.
fn started_after(ground: &Ground, manager: &str) -> Result<bool, Error> {
    let starts = format!("{manager} ");
    for file in start_up_files(ground)? {
        let text = text(&file)?;
        let theirs = |line: &str| {
            let code = line.trim_start();
            !code.starts_with('#')
                && code.contains(&starts)
                && ["init", "activate"].iter().any(|word| code.contains(word))
        };
        let ours = text.lines().position(|line| line.ends_with(MARK));
        if ours.is_some_and(|ours| text.lines().skip(ours).any(theirs)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An alias takes the name from the shims, whatever is on PATH.
fn aliases(findings: &mut Findings, file: &Path) -> Result<(), Error> {
    for line in text(file)?.lines() {
        let Some((name, leads)) = alias(line) else { continue };
        let copy = free(file, ".before");
        let suffix = copy.as_os_str().as_encoded_bytes();
        let suffix = suffix.strip_prefix(file.as_os_str().as_encoded_bytes()).unwrap_or_default();
        findings.problem(
            format!("{} has an alias `{name}' for {leads}: no shim is asked", file.display()),
            format!(
                "sed -i{} '/^[[:space:]]*alias {name}=/s/^/: # /' {} && unalias {name}",
                String::from_utf8_lossy(suffix),
                quote::shown(file)
            ),
        );
    }
    Ok(())
}

/// `alias python=/usr/bin/python3`: the name, and what it leads to, unless that is a shim, too.
fn alias(line: &str) -> Option<(&str, &str)> {
    const NAMES: [&str; 5] = ["python", "python3", "pip", "pip3", "py"];
    let (name, value) = line.trim_start().strip_prefix("alias ")?.split_once('=')?;
    let value = value.trim_start_matches(['"', '\'']);
    let leads = value.split(['"', '\'', ' ', ';', '#']).next().unwrap_or_default();
    let shims = NAMES.contains(&leads) || leads == "pyman";
    (NAMES.contains(&name) && !leads.is_empty() && !shims).then_some((name, leads))
}

/// What the user's shell reads when it begins, as far as we know.
fn start_up_files(ground: &Ground) -> Result<Vec<PathBuf>, Error> {
    let Some((speaks, account)) = account(ground)? else { return Ok(Vec::new()) };
    let mut files = account.files(speaks);
    files.extend([".bash_aliases", ".aliases"].map(|name| account.home.join(name)));
    Ok(files)
}

/// A file's text; empty where there is none that can be read.
fn text(file: &Path) -> Result<String, Error> {
    let read = disk::permitted(disk::read(file))?.flatten().unwrap_or_default();
    Ok(String::from_utf8_lossy(&read).into_owned())
}

/// What puts the shims on PATH: the set-up, or a new shell when that was done.
fn remedy(ground: &Ground) -> Result<String, Error> {
    let mend = match is_set_up(ground)? {
        Some(true) => "exec \"$SHELL\"",
        Some(false) | None => "pyman setup",
    };
    Ok(mend.to_owned())
}

/// The user's shell and whose files it reads; none when it is none of ours.
fn account(ground: &Ground) -> Result<Option<(Shell, Account)>, Error> {
    let Some(speaks) = ground.machine.text("SHELL").and_then(|name| Shell::named(&name)) else {
        return Ok(None);
    };
    match calling::account(ground, calling::link(ground.root())) {
        Err(Error::Shell(shell::Error::Homeless)) => Ok(None),
        account => Ok(Some((speaks, account?))),
    }
}

/// Whether the start-up files of the user's shell have all that `pyman setup` would write; none when the shell is
/// none of ours.
fn is_set_up(ground: &Ground) -> Result<Option<bool>, Error> {
    let Some((speaks, account)) = account(ground)? else { return Ok(None) };
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
            unset(ground.machine, &["PYTHONHOME"]),
        );
    }
    if let Some(value) = set("PYTHONPATH") {
        findings.advice(
            format!("PYTHONPATH={value}: every Python, of any version, imports from there"),
            unset(ground.machine, &["PYTHONPATH"]),
        );
    }
    if let Some(value) = set("PYMAN_VERSION") {
        findings.advice(
            format!("PYMAN_VERSION={value} overrides every .python-version"),
            unset(ground.machine, &["PYMAN_VERSION"]),
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
            unset(ground.machine, &["PIP_TARGET", "PIP_PREFIX"]),
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
