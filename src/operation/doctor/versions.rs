//! What is installed: links that lead nowhere, trees torn by a power cut, pins of what is not there.

use std::io::ErrorKind;
use std::path::Path;

use pyman_shim::{Name, Request, Wanted};

use crate::error::Error;
use crate::inventory::{self, Form, Installation, Inventory, Origin};
use crate::operation::doctor::findings::{Findings, opening};
use crate::operation::selection::Resolved;
use crate::operation::{Ground, environments};
use crate::world::layout;
use crate::{disk, quote, relocate, world};

/// How many pins that are not installed are named, of a file that may have any number.
const NAMED: usize = 3;

/// How many stale files are named.
const STALE: usize = 6;

pub(super) fn check(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of("versions");
    let places = ground.places();
    for installation in Inventory::read(&places)?.iter() {
        let name = installation.name.to_string_lossy();
        match &installation.form {
            Form::Dangling(target) => {
                let was_one = environments::was_one(ground, target);
                let command = if environments::moved(ground, &installation.path)?.is_some() {
                    "venv repair"
                } else if was_one {
                    "virtualenv-delete -f"
                } else {
                    "uninstall -f"
                };
                let leads_to = format!("{name} is a link to {}", target.display());
                match disk::follow(&installation.path) {
                    // What is behind it may run for others: nobody is told to remove it.
                    Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                        findings.problem(format!("{leads_to}, which you may not read"), None);
                    }
                    Ok(_) | Err(_) => findings.problem(
                        format!("{leads_to}, which is not there"),
                        format!("pyman {command} {}", quote::shown(&installation.name)),
                    ),
                }
            }
            Form::Shut => {
                let mend = opening(&installation.path);
                findings.problem(format!("{name} is there, and you may not read it"), mend);
            }
            Form::Link(_) => {}
            Form::Tree => tree(&mut findings, installation, &name),
        }
    }
    pins(ground, &mut findings);
    Ok(findings)
}

fn tree(findings: &mut Findings, installation: &Installation, name: &str) {
    let word = quote::shown(&installation.name);
    let again = || Some(format!("pyman install --reinstall {word}"));
    let receipt = match installation.receipt() {
        Ok(receipt) => receipt,
        Err(inventory::Error::Newer { .. }) => {
            return findings.advice(format!("{name} was installed by a newer pyman"), None);
        }
        Err(error) => {
            return findings
                .problem(format!("the receipt of {name} cannot be read: {error}"), again());
        }
    };
    let Some(receipt) = receipt else { return without_receipt(findings, installation, name) };
    moved(findings, installation, &receipt.prefix, name);
    if !disk::executable(&layout::python(&installation.path)) {
        return findings.problem(format!("{name} has no bin/python that runs"), again());
    }
    match receipt.origin {
        Origin::Prebuilt { .. } | Origin::Source { .. } => {}
        // Conda updates its own tree.
        Origin::Installer { .. } => return,
    }
    match inventory::count_tree(&installation.path) {
        Ok(tree) if tree == receipt.tree => {}
        Ok(tree) => findings.problem(
            format!(
                "{name} is not as it was installed: {} files of {} bytes, where its receipt says {} of {}",
                tree.files, tree.bytes, receipt.tree.files, receipt.tree.bytes
            ),
            again(),
        ),
        Err(error) => findings.problem(format!("{name} cannot be read: {error}"), again()),
    }
}

/// Another tool made it, or somebody's hand: it is a Python, or some other folder that is listed among those.
fn without_receipt(findings: &mut Findings, installation: &Installation, name: &str) {
    let called = world::bytes(Path::new(&installation.name));
    let release = Name::parse(called).is_release();
    // Which takes the place of a tree without an interpreter; a folder of another name is somebody's.
    let mend = release.then(|| remedy(called)).flatten();
    if !disk::is_directory(&layout::interpreters(&installation.path)) {
        let place = installation.path.display();
        findings.advice(format!("{place} has no bin directory: it is no Python"), mend);
    } else if release && !runs(&installation.path) {
        findings.problem(format!("{name} has no bin/python that runs"), mend);
    }
}

/// Whether there is an interpreter, under whatever name: a linked or copied tree may have its full one only.
fn runs(tree: &Path) -> bool {
    let entries = disk::entries(&layout::interpreters(tree)).unwrap_or_default();
    entries.iter().any(|entry| {
        let name = entry.name.to_string_lossy();
        ["python", "pypy", "graalpy", "conda"].iter().any(|start| name.starts_with(start))
            && disk::executable(&layout::interpreters(tree).join(&entry.name))
    })
}

/// A root that was moved or copied has the trees of another place: they run, but what names that place does not.
fn moved(findings: &mut Findings, installation: &Installation, prefix: &Path, name: &str) {
    let same = match (disk::canonical(prefix), disk::canonical(&installation.path)) {
        (Ok(Some(made_for)), Ok(Some(here))) => made_for == here,
        (_, _) => false,
    };
    if same {
        return;
    }
    let stale = match relocate::naming(&installation.path, prefix) {
        Ok(stale) => stale,
        Err(error) => return findings.problem(format!("{name} cannot be read: {error}"), None),
    };
    let names: Vec<_> = stale.iter().filter_map(|path| path.file_name()).collect();
    let shown = names.iter().take(STALE).map(|name| name.display().to_string());
    let shown: Vec<String> = shown.collect();
    let more = if names.len() > STALE { ", …" } else { "" };
    if !names.is_empty() {
        findings.problem(
            format!(
                "{name} was made for {} and stands elsewhere: {}{more} name the old place",
                prefix.display(),
                shown.join(", ")
            ),
            format!("pyman install --reinstall {}", quote::shown(&installation.name)),
        );
    }
}

fn pins(ground: &Ground, findings: &mut Findings) {
    let resolver = ground.resolver();
    let global = resolver.global();
    let selections = [resolver.local().unwrap_or_default(), Some(global)];
    for selection in selections.into_iter().flatten() {
        let missing = Resolved::of(&resolver, &selection).missing;
        for missing in missing.iter().take(NAMED) {
            findings.problem(missing.to_string(), remedy(&missing.request));
        }
        if let Some(more) = missing.len().checked_sub(NAMED).filter(|more| *more > 0) {
            findings.problem(format!("{more} more pins are not installed"), None);
        }
    }
    for note in resolver.take_notes().iter().filter(|note| !note.is_debug()) {
        findings.problem(note.to_string(), None);
    }
}

/// What installs a version that is pinned; none for what is no version's name.
fn remedy(request: &[u8]) -> Option<String> {
    let install =
        || Some(format!("pyman install {}", quote::shown(world::path(request).as_os_str())));
    match Request::parse(request).wanted() {
        Wanted::Series { .. } | Wanted::Specifier { .. } | Wanted::Stem(_) => install(),
        Wanted::System | Wanted::Exact => None,
    }
}
