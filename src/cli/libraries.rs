//! Saying which shared libraries an environment lacks, and which package brings each.

use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::environment::{self, Environment};
use crate::error::Error;
use crate::platform::distribution::Distribution;
use crate::platform::libraries;

/// A line for each library that no directory of the loader has.
pub(crate) fn say_missing(context: &Context, directory: &Path) -> Result<(), Error> {
    for line in missing(context, directory)? {
        context.printer.say(&line);
    }
    Ok(())
}

/// The same as text.
pub(crate) fn missing(context: &Context, directory: &Path) -> Result<Vec<String>, Error> {
    let environment = Environment::open(directory)?;
    let search = context.machine.text("LD_LIBRARY_PATH").unwrap_or_default();
    let search: Vec<PathBuf> =
        search.split(':').filter(|path| path.starts_with('/')).map(PathBuf::from).collect();
    let packager = Distribution::read(Path::new("/"))?.and_then(|found| found.packager());
    let lines = environment::missing_libraries(&environment, &search)?.into_iter().map(|library| {
        let package = packager.and_then(|packager| libraries::package(&library.name, packager));
        let brought = package.map(|package| format!("; the package {package} brings it"));
        let needed_by = library.needed_by.display();
        format!(
            "warning: {} is nowhere on this machine, and {needed_by} needs it{}",
            library.name,
            brought.unwrap_or_default()
        )
    });
    Ok(lines.collect())
}
