//! What is wrong with a set-up: every finding with the command that mends it. And what a report of a bug tells of it, without
//! secrets. Nothing is changed here.

mod environments;
mod findings;
mod machine;
mod root;
mod variables;
mod versions;

use std::ffi::OsStr;
use std::path::Path;

use crate::catalogue::Catalogue;
use crate::error::Error;
use crate::inventory::{Form, Inventory};
use crate::operation::doctor::findings::Findings;
use crate::operation::{Ground, network, selection};
use crate::platform::distribution::Distribution;
use crate::{compatibility, disk, fetch};

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
        ("network", Ok(machine::check_network(ground))),
        ("clock", Ok(machine::check_clock())),
        ("build", machine::check(ground)),
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

/// A part of a report: what it is about, and its lines.
pub(crate) type Section = (&'static str, Vec<String>);

/// What a report of a bug needs to tell of this set-up; secrets, and where the home is, are left out.
pub(crate) fn report(ground: &Ground) -> Vec<Section> {
    let home = ground.machine.home().map(|home| home.to_string_lossy().into_owned());
    let told = |lines: Vec<String>| {
        let told = lines.into_iter().map(|line| {
            let line = without_secrets(&line);
            home.as_ref()
                .filter(|home| home.len() > 1)
                .map_or_else(|| line.clone(), |home| line.replace(home.as_str(), "~"))
        });
        told.collect()
    };
    let findings = examine(ground).into_iter().flat_map(|Finding { level, part, what, mend }| {
        let mend = mend.map(|mend| format!("    run: {mend}"));
        [format!("{}: {part}: {what}", level.word())].into_iter().chain(mend)
    });
    let search = ground.machine.search_path();
    [
        ("program", program(ground)),
        ("system", system()),
        ("settings", settings(ground)),
        ("variables", variables(ground)),
        ("PATH", search.iter().map(|entry| entry.display().to_string()).collect()),
        ("versions", versions(ground)),
        ("selected", selected(ground)),
        ("findings", findings.collect()),
    ]
    .map(|(about, lines)| (about, told(lines)))
    .into()
}

fn program(ground: &Ground) -> Vec<String> {
    let executable = ground.machine.executable();
    let program =
        executable.map_or_else(|error| error.to_string(), |path| path.display().to_string());
    let known = Catalogue::embedded_only().as_of().unwrap_or_default();
    vec![
        compatibility::build_line(),
        format!("started from {program}"),
        format!("its root is {}", ground.root().display()),
        format!("its catalogue is of {known}"),
    ]
}

fn system() -> Vec<String> {
    let distribution = Distribution::read(Path::new("/")).ok().flatten().map(|one| one.name);
    let kernel = disk::read(Path::new("/proc/version")).ok().flatten();
    let kernel = kernel.map(|text| String::from_utf8_lossy(&text).trim().to_owned());
    let platform = network::platform().map(|platform| platform.to_string());
    platform.into_iter().chain(distribution).chain(kernel).collect()
}

/// The settings files as they are, and what cannot be read of them.
fn settings(ground: &Ground) -> Vec<String> {
    let files = match ground.settings() {
        Ok(settings) => settings.files(),
        Err(error) => return vec![error.to_string()],
    };
    let lines = files.into_iter().flat_map(|file| {
        let text = disk::permitted(disk::read(&file)).ok().flatten().flatten();
        let text = text.map(|text| String::from_utf8_lossy(&text).into_owned());
        let lines: Vec<String> =
            text.iter().flat_map(|text| text.lines()).map(|line| format!("    {line}")).collect();
        text.is_some().then(|| file.display().to_string()).into_iter().chain(lines)
    });
    lines.collect()
}

/// The variables that change what a Python, a package manager or pyman does.
fn variables(ground: &Ground) -> Vec<String> {
    const NAMES: [&str; 22] = [
        "PYMAN",
        "PYTHON",
        "PYENV",
        "PY_",
        "PYLAUNCHER",
        "PIP_",
        "PIPX_",
        "VIRTUALENV",
        "VIRTUAL_ENV",
        "CONDA",
        "UV_",
        "MISE_",
        "ASDF_",
        "WORKON_HOME",
        "XDG_",
        "SSL_CERT",
        "TMPDIR",
        "SHELL",
        "TERM",
        "LANG",
        "LC_",
        "LD_LIBRARY_PATH",
    ];
    const ALONE: [&str; 9] =
        ["CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "MAKE", "MAKEOPTS", "ENV", "ZDOTDIR", "CI"];
    const HIDDEN: [&str; 6] = ["KEY", "TOKEN", "PASS", "SECRET", "AUTH", "CREDENTIAL"];
    let counts = |name: &str| {
        NAMES.iter().any(|start| name.starts_with(start))
            || ALONE.contains(&name)
            || name.to_ascii_lowercase().ends_with("_proxy")
    };
    let all = ground.machine.variables().into_iter().filter(|(name, _)| counts(name));
    let shown = all.map(|(name, value)| {
        let hidden = HIDDEN.iter().any(|word| name.to_ascii_uppercase().contains(word));
        if hidden { format!("{name} is set") } else { format!("{name}={value}") }
    });
    shown.collect()
}

fn versions(ground: &Ground) -> Vec<String> {
    let inventory = match Inventory::read(&ground.places()) {
        Ok(inventory) => inventory,
        Err(error) => return vec![error.to_string()],
    };
    let shown = inventory.iter().map(|one| {
        let name = one.name.to_string_lossy();
        match &one.form {
            Form::Link(target) | Form::Dangling(target) => {
                format!("{name} -> {}", target.display())
            }
            Form::Tree => name.into_owned(),
            Form::Shut => format!("{name} (shut)"),
        }
    });
    shown.collect()
}

fn selected(ground: &Ground) -> Vec<String> {
    let resolver = ground.resolver();
    let pins = match selection::pins(ground, &resolver) {
        Ok(pins) => pins,
        Err(error) => return vec![error.to_string()],
    };
    let entries =
        pins.entries.iter().map(|entry| String::from_utf8_lossy(entry.text()).into_owned());
    let entries: Vec<String> = entries.collect();
    let names = if entries.is_empty() { "system".to_owned() } else { entries.join(", ") };
    vec![format!("{names} (set by {})", pins.origin)]
}

/// A text with its addresses as they may be shown: without users, passwords, queries.
fn without_secrets(text: &str) -> String {
    let mut told = String::new();
    let mut word = String::new();
    for letter in text.chars().map(Some).chain([None]) {
        match letter {
            Some(letter) if !letter.is_whitespace() && !"\"'`,;()".contains(letter) => {
                word.push(letter);
            }
            end => {
                match word.split_once('=').filter(|(name, _)| !name.contains("://")) {
                    Some((name, value)) => told.extend([name, "=", &fetch::word(value)]),
                    None => told.push_str(&fetch::word(&word)),
                }
                word.clear();
                told.extend(end);
            }
        }
    }
    told
}

/// Examines one environment.
pub(crate) fn examine_one(ground: &Ground, name: &OsStr) -> Result<Vec<Finding>, Error> {
    Ok(environments::check_one(ground, name)?.found)
}
