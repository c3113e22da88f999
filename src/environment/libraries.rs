//! Shared libraries that an environment's compiled modules need and no directory of the loader has.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::{Environment, Error};
use crate::disk::{self, Kind};
use crate::platform::elf;

/// A library that is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingLibrary {
    /// `libpq.so.5`
    pub name: String,
    /// A module that needs it, relative to the packages.
    pub needed_by: PathBuf,
}

/// The libraries that are missing, each once. `search` is what `LD_LIBRARY_PATH` adds.
pub fn missing_libraries(
    environment: &Environment,
    search: &[PathBuf],
) -> Result<Vec<MissingLibrary>, Error> {
    let root = environment.layout().site_packages();
    let mut modules = Vec::new();
    collect(&root, &mut modules)?;
    if modules.is_empty() {
        return Ok(Vec::new());
    }
    // A package may load its own libraries before the module that needs them.
    let brought: BTreeSet<OsString> =
        modules.iter().filter_map(|path| path.file_name().map(OsString::from)).collect();
    let mut places: Vec<PathBuf> = search.to_vec();
    places.extend(loader(Path::new("/"))?);
    let base = environment.home().and_then(|home| Some(home.parent()?.join("lib")));
    places.extend(base);
    let mut missing: BTreeMap<String, PathBuf> = BTreeMap::new();
    for module in &modules {
        // What is no ELF file needs nothing.
        let Some(asked) = elf::dynamic(module)? else { continue };
        let own: Vec<PathBuf> = asked.search.iter().map(|path| origin(path, module)).collect();
        for name in &asked.needed {
            let here = |directory: &PathBuf| disk::is_file(&directory.join(name));
            let found = brought.contains(&OsString::from(name))
                || own.iter().any(here)
                || places.iter().any(here);
            if !found && !missing.contains_key(name) {
                let relative = module.strip_prefix(&root).unwrap_or(module);
                missing.insert(name.clone(), relative.to_owned());
            }
        }
    }
    let one = |(name, needed_by)| MissingLibrary { name, needed_by };
    Ok(missing.into_iter().map(one).collect())
}

/// A search path of a module with `$ORIGIN` replaced.
fn origin(path: &str, module: &Path) -> PathBuf {
    let directory = module.parent().unwrap_or(module).to_string_lossy().into_owned();
    PathBuf::from(path.replace("${ORIGIN}", &directory).replace("$ORIGIN", &directory))
}

/// Every `*.so` and `*.so.*` below a directory.
fn collect(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let is_library = |name: &str| name.contains(".so.") || name.rsplit('.').next() == Some("so");
    disk::walk(directory, &mut |path, entry| {
        if entry.kind == Kind::File && is_library(&entry.name.to_string_lossy()) {
            found.push(directory.join(path));
        }
        Ok(disk::Step::Into)
    })
}

/// The directories that the loader searches: its configuration's, then those built into it.
fn loader(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut places = Vec::new();
    configured(&root.join("etc/ld.so.conf"), root, &mut places, 0)?;
    for usual in ["lib", "usr/lib", "lib64", "usr/lib64", "usr/local/lib"] {
        places.push(root.join(usual));
    }
    Ok(places)
}

/// Lines are directories, or `include` and a pattern, of which `DIR/*.conf` is the only usual one.
fn configured(file: &Path, root: &Path, places: &mut Vec<PathBuf>, depth: usize) -> io::Result<()> {
    let Some(text) = disk::read(file)? else { return Ok(()) };
    let text = String::from_utf8_lossy(&text).into_owned();
    for line in
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let Some(pattern) = line.strip_prefix("include ") else {
            places.push(root.join(line.trim_start_matches('/')));
            continue;
        };
        let pattern = root.join("etc").join(pattern.trim().trim_start_matches("/etc/"));
        let Some(folder) = pattern.parent().filter(|_| depth < 4) else { continue };
        let entries = disk::entries(folder)?;
        let mut files: Vec<PathBuf> =
            entries.iter().map(|entry| folder.join(&entry.name)).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "conf"));
        files.sort();
        for file in files {
            configured(&file, root, places, depth + 1)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loaders_configuration_is_followed() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs_err::create_dir_all(at("etc/ld.so.conf.d")).unwrap();
        fs_err::write(at("etc/ld.so.conf"), "# x\n/opt/one\ninclude /etc/ld.so.conf.d/*.conf\n")
            .unwrap();
        fs_err::write(at("etc/ld.so.conf.d/a.conf"), "/opt/two\n").unwrap();
        fs_err::write(at("etc/ld.so.conf.d/b.txt"), "/opt/three\n").unwrap();
        let places = loader(root.path()).unwrap();
        assert_eq!(places[..2], [at("opt/one"), at("opt/two")]);
        assert!(!places.contains(&at("opt/three")));
    }

    #[test]
    fn a_modules_own_directories_count_from_where_it_is() {
        let module = Path::new("/e/site-packages/p/_x.so");
        assert_eq!(origin("$ORIGIN/../p.libs", module), Path::new("/e/site-packages/p/../p.libs"));
        assert_eq!(origin("${ORIGIN}", module), Path::new("/e/site-packages/p"));
    }
}
