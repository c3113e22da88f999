//! mise and asdf: installed Pythons, `.tool-versions`, mise's own settings.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::Error;
use crate::operation::Ground;
use crate::operation::importing::step::{Step, absent, global_step, link_step, place, text, trees};

pub(super) fn steps(ground: &Ground) -> Result<Vec<Step>, Error> {
    let data = place(ground, "XDG_DATA_HOME", ".local/share")?;
    let mise =
        ground.machine.variable("MISE_DATA_DIR").map_or_else(|| data.join("mise"), PathBuf::from);
    let asdf = place(ground, "ASDF_DATA_DIR", ".asdf")?;
    let installs = [mise, asdf].map(|place| place.join("installs/python"));
    let [first, _] = &installs;
    if !installs.iter().any(|place| disk::is_directory(place)) {
        return Err(absent("mise", first));
    }
    let mut steps = Vec::new();
    for place in &installs {
        for tree in trees(place)? {
            let Some(name) = tree.file_name() else { continue };
            steps.push(link_step(ground, name, tree.clone())?);
        }
    }
    steps.extend(global_step(ground, global(ground)?)?);
    steps.extend(local(ground)?);
    Ok(steps)
}

fn global(ground: &Ground) -> Result<Vec<OsString>, Error> {
    let configuration = place(ground, "XDG_CONFIG_HOME", ".config")?;
    let settings = settings(&configuration.join("mise/config.toml"))?;
    if !settings.is_empty() {
        return Ok(settings);
    }
    let home = ground.machine.home().ok_or(Error::NoHome)?;
    tool_versions(&home.join(".tool-versions"))
}

/// This directory's versions, when they are pinned in the other tool's way only.
fn local(ground: &Ground) -> Result<Option<Step>, Error> {
    let here = ground.machine.current_directory()?;
    let file = here.join(".python-version");
    if disk::follow(&file)?.is_some() || ground.machine.home().is_some_and(|home| home == here) {
        return Ok(None);
    }
    let mut versions = tool_versions(&here.join(".tool-versions"))?;
    for name in ["mise.toml", ".mise.toml"] {
        if versions.is_empty() {
            versions = settings(&here.join(name))?;
        }
    }
    Ok((!versions.is_empty()).then_some(Step::Local { file, versions }))
}

/// The line `python 3.12.7 3.11.9` of a `.tool-versions`.
fn tool_versions(file: &Path) -> Result<Vec<OsString>, Error> {
    let text = text(file)?;
    let line = text.lines().find_map(|line| {
        let line = line.split('#').next().unwrap_or_default();
        let mut words = line.split_whitespace();
        matches!(words.next(), Some("python")).then(|| words.map(OsString::from).collect())
    });
    Ok(line.unwrap_or_default())
}

/// `[tools] python = "3.12"` (or a list, or a table with a version) of mise's settings.
fn settings(file: &Path) -> Result<Vec<OsString>, Error> {
    let text = text(file)?;
    let table: toml::Table = text
        .parse()
        .map_err(|error| Error::NotUnderstood(format!("{}: {error}", file.display())))?;
    let python = table.get("tools").and_then(|tools| tools.get("python"));
    let versions = match python {
        Some(toml::Value::Array(several)) => several.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let version = |value: &toml::Value| {
        let text = value.as_str().or_else(|| value.get("version")?.as_str())?;
        Some(OsString::from(text))
    };
    Ok(versions.into_iter().filter_map(version).collect())
}
