//! The root: there, ours to write, nobody else's; what a crash left in it; the settings and the catalogue; its shims, those
//! of this program and of what is installed; the plugins that this pyman does not use.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Directory, Kind, Obstacle};
use crate::error::Error;
use crate::inventory::{self, Folder, Places};
use crate::operation::doctor::findings::{Findings, aside, free, opening, put_in};
use crate::operation::{Ground, shells};
use crate::shell::Call;
use crate::{catalogue, plugin, quote, rehash, settings};

pub(super) fn check(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of("root");
    let root = ground.root();
    let shown = root.display();
    let Some(found) = disk::follow(root)? else {
        findings.problem(format!("{shown} does not exist yet"), "pyman setup".to_owned());
        return Ok(findings);
    };
    if !found.is_directory() {
        findings.problem(format!("{shown} is no directory"), None);
        return Ok(findings);
    }
    let word = quote::shown(root);
    // Another account's root may be shared on purpose: whose it is is said, and not taken from them.
    let stranger = found.stranger();
    if !disk::writable(root) {
        let mend = match stranger {
            Some(_) => "export PYMAN_ROOT=\"$HOME/.pyman\"".to_owned(),
            None => opening(root).unwrap_or_else(|| format!("sudo chown -R \"$(id -un)\" {word}")),
        };
        findings.problem(format!("{shown} is not writable: nothing can be installed"), mend);
    }
    if let Some(owner) = stranger {
        let said = format!("{shown} belongs to user {owner}, who can make you run anything");
        findings.advice(said, "export PYMAN_ROOT=\"$HOME/.pyman\"".to_owned());
    } else if found.is_open_to_all() {
        let said = format!("{shown} can be written by others, who can make you run anything");
        findings.problem(said, format!("chmod go-w {word}"));
    }
    match ground.settings() {
        Ok(settings) => {
            if let Some((file, keys)) = settings.of_everybody().filter(|(_, keys)| !keys.is_empty())
            {
                let said = format!("{} is as {} says", keys.join(", "), file.display());
                findings.advice(said, None);
            }
        }
        Err(error) => findings.problem(error.to_string(), settings_aside(&error)),
    }
    let shut = shut(ground)?;
    for place in &shut {
        opened(ground, place, &mut findings)?;
    }
    folders(ground, &mut findings)?;
    global(ground, &mut findings)?;
    // What is in a folder is examined once that can be.
    if shut.is_empty() {
        contents(&ground.places(), &mut findings)?;
    }
    Ok(findings)
}

/// The command that puts a person's own settings out of the way that are none. For another pyman they are right, and
/// everybody's are not theirs to move.
fn settings_aside(error: &Error) -> Option<String> {
    let Error::Settings(settings::Error::Malformed { file, .. }) = error else { return None };
    disk::look(file).ok().flatten().filter(disk::Found::is_own)?;
    Some(aside(file))
}

/// The folders of the root that are directories and that we may not use as who writes there does.
pub(super) fn shut(ground: &Ground) -> Result<Vec<PathBuf>, Error> {
    let places = ground.places();
    let mut shut = Vec::new();
    let stands = |place: &Path| -> Result<bool, Error> {
        Ok(disk::look(place)?.is_some_and(|found| found.is_directory()))
    };
    for place in Folder::ALL.map(|folder| places.folder(folder)) {
        if stands(&place)? && !disk::usable(&place) {
            shut.push(place);
        }
    }
    // What is only read.
    let plugins = ground.root().join("plugins");
    if stands(&plugins)? && disk::permitted(disk::entries(&plugins))?.is_none() {
        shut.push(plugins);
    }
    Ok(shut)
}

/// Says of a folder that may not be used what opens it.
fn opened(ground: &Ground, place: &Path, findings: &mut Findings) -> Result<(), Error> {
    let shown = place.display();
    let owner = disk::look(place)?.and_then(|found| found.stranger());
    let ours = disk::follow(ground.root())?.is_some_and(|root| root.stranger().is_none());
    match (opening(place), owner) {
        (Some(mend), _) => {
            findings.problem(format!("{shown} is shut to you, whose it is"), mend);
        }
        (None, Some(owner)) if ours => {
            let mend = format!("{} && pyman rehash", aside(place));
            findings.problem(format!("{shown} belongs to user {owner}, and is shut to you"), mend);
        }
        // In another account's root nothing is ours to open.
        (None, Some(_)) => {}
        (None, None) => {
            let mend = format!("sudo chown -R \"$(id -un)\" {}", quote::shown(place));
            findings.problem(format!("{shown} is shut to you"), mend);
        }
    }
    Ok(())
}

/// The root's folders: each a directory, not a link to one; but for `versions/`, where the settings say so.
fn folders(ground: &Ground, findings: &mut Findings) -> Result<(), Error> {
    let places = ground.places();
    for folder in Folder::ALL {
        let place = places.folder(folder);
        let word = quote::shown(&place);
        match disk::look(&place)?.map(|found| found.kind) {
            Some(Kind::Directory) if is_open(&place)? => {
                let said = format!(
                    "{} can be written by others, who can make you run anything",
                    place.display()
                );
                findings.problem(said, format!("chmod go-w {word}"));
            }
            Some(Kind::Directory) if folder == Folder::Versions => {
                // Says why nothing can be installed, where the settings name another place than this.
                if let Err(error) = places.check_versions() {
                    findings.problem(error.to_string(), None);
                }
            }
            None | Some(Kind::Directory) => {}
            Some(Kind::Link) if places.open(folder).is_ok() => {}
            Some(Kind::Link) => {
                let target = disk::canonical(&place)?.filter(|target| disk::is_directory(target));
                let said =
                    format!("{} is a link, through which pyman writes nothing", place.display());
                let mend = match target {
                    Some(target) if folder == Folder::Versions => {
                        admission(ground, &place, &target)?
                    }
                    Some(_) | None => format!("rm {word} && pyman rehash"),
                };
                findings.problem(said, mend);
            }
            Some(Kind::File | Kind::Other) => {
                let mend = format!("{} && pyman rehash", aside(&place));
                findings.problem(format!("{} is no directory", place.display()), mend);
            }
        }
    }
    Ok(())
}

/// The file of the global version: a file.
fn global(ground: &Ground, findings: &mut Findings) -> Result<(), Error> {
    let file = ground.root().join("version");
    if disk::follow(&file)?.is_some_and(|found| !found.is_file()) {
        findings.problem(format!("{} is no file", file.display()), aside(&file));
    }
    Ok(())
}

/// Whether it is ours, and anybody may write to it.
fn is_open(place: &Path) -> Result<bool, Error> {
    Ok(disk::look(place)?.is_some_and(|found| found.is_own() && found.is_open_to_all()))
}

/// The command after which versions are kept there: the settings say so, or the link leads where they say.
fn admission(ground: &Ground, place: &Path, target: &Path) -> Result<String, Error> {
    let settings = ground.settings()?;
    if let Some(elsewhere) = &settings.versions.value {
        return Ok(format!("ln -sfn {} {}", quote::shown(elsewhere), quote::shown(place)));
    }
    let file = &settings.file;
    let line = toml_line("versions", target);
    let (line, word) = (quote::shown(Path::new(&line)), quote::shown(file));
    if disk::read(file)?.is_none_or(|text| text.is_empty()) {
        let folder = quote::shown(file.parent().unwrap_or(file));
        return Ok(format!("mkdir -p {folder} && echo {line} >> {word}"));
    }
    // Before what is there: at the end it would belong to the last table, or to a line that does not end.
    let before = free(file, ".before");
    let copy = quote::shown(before.join(file.file_name().unwrap_or_default()));
    let before = quote::shown(before);
    Ok(format!("mkdir {before} && cp {word} {before}/ && echo {line} | cat - {copy} > {word}"))
}

/// A line of a TOML file; as a literal string where the other kind would need escapes, which the `echo` of some shells
/// takes for its own.
fn toml_line(key: &str, path: &Path) -> String {
    let text = path.to_string_lossy();
    let quote = if text.contains(['\\', '"']) { '\'' } else { '"' };
    format!("{key} = {quote}{text}{quote}")
}

/// What is in the folders and should not be so.
fn contents(places: &Places, findings: &mut Findings) -> Result<(), Error> {
    if places.open(Folder::Minor).is_ok() && places.open(Folder::Versions).is_ok() {
        for (place, hindrance) in inventory::hindered(places)? {
            findings.hindered(&place, hindrance);
        }
    }
    if let Ok(Some(locks)) = places.open(Folder::Locks) {
        for entry in locks.entries()? {
            let is_lock = Path::new(&entry.name).extension().is_some_and(|end| end == "lock");
            if is_lock && let Some(hindrance) = disk::hindrance(&locks, &entry.name)? {
                findings.hindered(&locks.join(&entry.name), hindrance);
            }
        }
    }
    // What is a link was named above.
    if places.open(Folder::Catalogue).is_ok() {
        for (file, said) in catalogue::damaged(&places.folder(Folder::Catalogue))? {
            findings.problem(said, format!("{} && pyman update", aside(&file)));
        }
    }
    for stage in places.stages().unwrap_or_default() {
        staged(places.root(), &stage, findings)?;
    }
    Ok(())
}

/// What stands in a stage: what a sweep takes away, and what it cannot.
fn staged(root: &Path, stage: &Directory, findings: &mut Findings) -> Result<(), Error> {
    let mut left = false;
    let swept = disk::abandoned(stage)?;
    for entry in stage.entries()? {
        let place = stage.join(&entry.name);
        // What is another account's is theirs to sweep.
        if !stage.look(&entry.name)?.is_some_and(|found| found.is_own()) {
            continue;
        }
        let directory = entry.kind == Kind::Directory;
        let obstacle = if directory { disk::obstacle(stage, &entry.name) } else { Ok(None) };
        match disk::permitted(obstacle)? {
            None => findings.problem(
                format!("{} is shut to you, whose it is", place.display()),
                opening(&place),
            ),
            Some(Some(Obstacle::Mount(point))) => findings.mounted(&point),
            Some(Some(Obstacle::Anothers(inside))) => {
                findings.problem(
                    format!("{} is another account's, and in the way", inside.display()),
                    format!("sudo rm -rf {}", quote::shown(place)),
                );
            }
            Some(None) if swept.contains(&entry.name) => left = true,
            // Nothing says that it was made there, and it may be somebody's. One that has a seal is being filled just now.
            Some(None) if directory && !disk::is_condemned(stage, &entry.name)? => findings.advice(
                format!("{} is no stage of ours, and stays", place.display()),
                put_in(&place, &free(&root.join("left"), "")),
            ),
            Some(None) => {}
        }
    }
    if left {
        let stage = stage.path().display();
        findings.advice(
            format!("{stage} holds what an interrupted installation left"),
            "pyman cache clean".to_owned(),
        );
    }
    Ok(())
}

pub(super) fn check_shims(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of("shims");
    let rehash = || Some("pyman rehash".to_owned());
    let root = ground.root();
    let hindered = rehash::hindered(root)?;
    if !hindered.is_empty() {
        // The command that clears the way rehashes, too.
        for (place, hindrance) in hindered {
            findings.hindered(&place, hindrance);
        }
        return Ok(findings);
    }
    if !disk::is_directory(&root.join("shims")) {
        findings.problem(format!("{} does not exist", root.join("shims").display()), rehash());
        return Ok(findings);
    }
    match rehash::is_current(root) {
        Ok(true) => {}
        Ok(false) => findings.problem("the shims are another release's", rehash()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            findings.problem("there is no shim program", rehash());
        }
        Err(error) => return Err(error.into()),
    }
    if !rehash::is_complete(root)? {
        findings
            .problem("commands were installed or removed since the shims were written", rehash());
    }
    let link = shells::link(root);
    if !disk::executable(&link) {
        let name = shells::manager(ground)?;
        let mend = match name {
            Call::ByName => "pyman rehash".to_owned(),
            // Nobody else answers to the name.
            Call::ByPath(program) => format!("{} rehash", quote::shown(program)),
        };
        findings.problem(format!("{} leads to no program", link.display()), mend);
    }
    Ok(findings)
}

pub(super) fn check_plugins(ground: &Ground) -> Result<Findings, Error> {
    let mut findings = Findings::of("plugins");
    for misfit in plugin::misfits(ground.root())? {
        // What is hidden is no plugin, and is still there for the pyman that it fits.
        let mut hidden = OsString::from(".");
        hidden.push(misfit.folder.file_name().unwrap_or_default());
        let hidden = free(&misfit.folder.with_file_name(hidden), "");
        let hide = put_in(&misfit.folder, &hidden);
        findings.problem(misfit.to_string(), hide);
    }
    Ok(findings)
}
