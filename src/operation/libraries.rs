//! Saying which shared libraries an environment lacks, and which package brings each.

use std::path::{Path, PathBuf};

use crate::environment::{self, Environment};
use crate::error::Error;
use crate::operation::Ground;
use crate::platform::distribution::Distribution;
use crate::platform::libraries;

/// A library that no directory of the loader has.
pub(crate) struct Missing {
    /// What is missing, who needs it, and which package brings it.
    pub(crate) said: String,
    /// The command that installs that package.
    pub(crate) mend: Option<String>,
}

/// A line for each library that the environment at `directory` lacks.
pub(crate) fn say_missing(ground: &Ground, directory: &Path) -> Result<(), Error> {
    for library in missing(ground, &Environment::open(directory)?)? {
        ground.say(&format!("warning: {}", library.said));
        if let Some(mend) = library.mend {
            ground.say(&format!("hint: run `{mend}`"));
        }
    }
    Ok(())
}

/// What an environment lacks.
pub(crate) fn missing(ground: &Ground, environment: &Environment) -> Result<Vec<Missing>, Error> {
    let search = ground.machine.text("LD_LIBRARY_PATH").unwrap_or_default();
    let search: Vec<PathBuf> =
        search.split(':').filter(|path| path.starts_with('/')).map(PathBuf::from).collect();
    let packager = Distribution::read(Path::new("/"))?.and_then(|found| found.packager());
    let found = environment::missing_libraries(environment, &search)?.into_iter().map(|library| {
        let (name, needed_by) = (&library.name, library.needed_by.display());
        Missing {
            said: format!("{name} is nowhere on this machine, and {needed_by} needs it"),
            mend: packager.and_then(|packager| libraries::command(&library.name, packager)),
        }
    });
    Ok(found.collect())
}
