//! `pyman version-file`, `version-file-read`, `version-file-write`: the file that selects, read and written as pyenv does.

use std::ffi::OsString;
use std::path::Path;

use pyman_shim::{FILE_READ, Origin, Request, Selection, World as _};

use crate::cli::context::Context;
use crate::cli::run::Overlooked;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;
use crate::operation::pins::{self, Check};
use crate::operation::selection;
use crate::world;

/// Print the path of the version file in force
#[derive(clap::Parser)]
pub(crate) struct VersionFile {
    /// Look in this directory and above it only
    directory: Option<OsString>,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for VersionFile {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let directory = self.directory.filter(|directory| !directory.is_empty());
        let found = match &directory {
            Some(directory) => {
                let directory = context.machine.absolute(Path::new(directory))?;
                resolver.upwards(world::bytes(&directory))
            }
            None => resolver.local()?,
        };
        let file = match (found.map(|selection| selection.origin), &directory) {
            (Some(Origin::File(file)), _) => file,
            (_, Some(_)) => return Ok(Status::FAILURE),
            (_, None) => resolver.home().global(),
        };
        context.printer.list([file])?;
        Ok(Status::SUCCESS)
    }
}

/// Print the entries of a version file, joined with `:`
#[derive(clap::Parser)]
pub(crate) struct VersionFileRead {
    /// The file
    file: Option<OsString>,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for VersionFileRead {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let Some(file) = self.file.as_ref().map(|file| file.as_encoded_bytes()) else {
            return Ok(Status::FAILURE);
        };
        let read = context.machine.read(file, FILE_READ);
        let text = read.map_or(None, |text| text).unwrap_or_default();
        let origin = Origin::File(file.to_vec());
        let selection = Selection::of_file(&text, origin, &mut |note| resolver.note(note));
        selection::say_notes(&context.ground, &resolver);
        if selection.entries.is_empty() {
            return Ok(Status::FAILURE);
        }
        let entries: Vec<&[u8]> = selection.entries.iter().map(Request::text).collect();
        context.printer.list([entries.join(&b':')])?;
        Ok(Status::SUCCESS)
    }
}

/// Write versions into a version file
#[derive(clap::Parser)]
#[command(override_usage = "pyman version-file-write [-f|--force] <file> <version> [...]")]
pub(crate) struct VersionFileWrite {
    /// Do not check that the versions are installed
    #[arg(short, long)]
    force: bool,
    /// The file
    file: OsString,
    /// The versions, written as typed
    #[arg(required = true)]
    versions: Vec<OsString>,
}

impl Run for VersionFileWrite {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.file.is_empty() || pins::typed(&self.versions).is_empty() {
            return run::without_words(context, "version-file-write");
        }
        let file = context.machine.absolute(Path::new(&self.file))?;
        pins::write(&context.ground, &file, &self.versions, Check::unless(self.force))?;
        Ok(Status::SUCCESS)
    }
}
