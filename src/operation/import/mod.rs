//! Taking over what pyenv, uv, mise and asdf, conda, virtualenvwrapper have: decided as a list of steps, then carried out or
//! only shown.
//!
//! Nothing large is copied and nothing of the other tool's is changed: its trees become links.

mod step;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::Error;
use crate::interpreter::link::interpreter_in;
use crate::interpreter::probe;
use crate::operation::Ground;
use crate::operation::import::step::{
    absent, entries, environment_step, global_step, link_step, place, text, trees, words,
};
use crate::progress::Progress;

pub(crate) use step::Step;

/// A tool that can be taken over from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Pyenv,
    Uv,
    Mise,
    Conda,
    Virtualenvwrapper,
}

impl Tool {
    /// Every tool.
    pub(crate) const ALL: [Self; 5] =
        [Self::Pyenv, Self::Uv, Self::Mise, Self::Conda, Self::Virtualenvwrapper];

    /// What it is called.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pyenv => "pyenv",
            Self::Uv => "uv",
            Self::Mise => "mise",
            Self::Conda => "conda",
            Self::Virtualenvwrapper => "virtualenvwrapper",
        }
    }
}

/// What taking over from `tool` comes to on this machine.
pub(crate) fn steps(
    ground: &Ground,
    tool: Tool,
    progress: &dyn Progress,
) -> Result<Vec<Step>, Error> {
    match tool {
        Tool::Pyenv => pyenv(ground),
        Tool::Uv => uv(ground, progress),
        Tool::Mise => mise(ground),
        Tool::Conda => conda(ground),
        Tool::Virtualenvwrapper => virtualenvwrapper(ground),
    }
}

pub(super) fn pyenv(ground: &Ground) -> Result<Vec<Step>, Error> {
    let mut root = place(ground, "PYENV_ROOT", ".pyenv")?;
    // After `setup --as-pyenv` the variable names us.
    if root == ground.root() {
        root = ground.machine.home().ok_or(Error::NoHome)?.join(".pyenv");
    }
    let versions = root.join("versions");
    if !disk::is_directory(&versions) {
        return Err(absent("pyenv", &versions));
    }
    let mut steps = Vec::new();
    for path in entries(&versions)? {
        let (Some(name), Some(target)) = (path.file_name(), tree(&path)) else { continue };
        steps.push(link_step(ground, name, target)?);
    }
    steps.extend(global_step(ground, words(&root.join("version"))?)?);
    Ok(steps)
}

/// The directory an entry is: of a link what it says, so that an alias stays one; nothing for a file or a link
/// that leads nowhere.
fn tree(path: &Path) -> Option<PathBuf> {
    if !disk::is_directory(path) {
        return None;
    }
    let Ok(Some(target)) = disk::link_target(path) else { return Some(path.to_path_buf()) };
    Some(path.parent()?.join(target))
}

pub(super) fn uv(ground: &Ground, progress: &dyn Progress) -> Result<Vec<Step>, Error> {
    let data = place(ground, "XDG_DATA_HOME", ".local/share")?.join("uv/python");
    let named = ground.machine.variable("UV_PYTHON_INSTALL_DIR").map(Into::into);
    let directory = named.unwrap_or(data);
    if !disk::is_directory(&directory) {
        return Err(absent("uv", &directory));
    }
    let mut steps = Vec::new();
    for tree in trees(&directory)? {
        steps.push(match name(&tree, progress) {
            Ok(name) => link_step(ground, &name, tree)?,
            Err(error) if progress.interrupted() => return Err(error),
            Err(_) => {
                Step::Leave { what: tree.display().to_string(), why: "it has no Python that runs" }
            }
        });
    }
    let pin = place(ground, "XDG_CONFIG_HOME", ".config")?.join("uv/.python-version");
    steps.extend(global_step(ground, words(&pin)?)?);
    Ok(steps)
}

/// What the interpreter in a tree says of itself: uv's names hold a platform, ours do not.
fn name(tree: &Path, progress: &dyn Progress) -> Result<OsString, Error> {
    Ok(probe(&interpreter_in(tree)?, progress)?.name().into())
}

pub(super) fn mise(ground: &Ground) -> Result<Vec<Step>, Error> {
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

/// Where its installers put it when nobody says otherwise.
const USUAL: [&str; 5] = ["miniforge3", "miniconda3", "anaconda3", "mambaforge", "micromamba"];

pub(super) fn conda(ground: &Ground) -> Result<Vec<Step>, Error> {
    let home = ground.machine.home().ok_or(Error::NoHome)?;
    let usual = USUAL.iter().flat_map(|name| [home.join(name), Path::new("/opt").join(name)]);
    let is_condas = |tree: &PathBuf| ground.machine.is_condas(tree).is_ok_and(|is| is);
    let mut found: Vec<PathBuf> = usual.chain(["/opt/conda".into()]).filter(is_condas).collect();
    let bases = found.clone();
    let listed = text(&home.join(".conda/environments.txt"))?;
    for tree in listed.lines().map(str::trim).filter(|line| !line.is_empty()).map(PathBuf::from) {
        // What stands inside a base is listed with it: `miniforge3/envs/web`.
        let within = bases.iter().any(|base| tree.starts_with(base));
        if !within && is_condas(&tree) && !found.contains(&tree) {
            found.push(tree);
        }
    }
    if found.is_empty() {
        return Err(absent("conda", &home.join("miniforge3")));
    }
    let name = |tree: &Path| tree.file_name().unwrap_or(OsStr::new("conda")).to_owned();
    found.into_iter().map(|tree| environment_step(ground, &name(&tree), tree)).collect()
}

pub(super) fn virtualenvwrapper(ground: &Ground) -> Result<Vec<Step>, Error> {
    let directory = place(ground, "WORKON_HOME", ".virtualenvs")?;
    let mut environments = trees(&directory)?;
    environments.retain(|tree| disk::is_file(&tree.join("bin/activate")));
    if environments.is_empty() {
        return Err(absent("virtualenvwrapper", &directory));
    }
    let step = |tree: std::path::PathBuf| {
        let name = tree.file_name().unwrap_or_default().to_owned();
        environment_step(ground, &name, tree)
    };
    environments.into_iter().map(step).collect()
}
