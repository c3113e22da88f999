//! `pyman version-file-read FILE`: the entries of a version file, joined with `:`.

use std::ffi::OsString;

use pyman_shim::{FILE_READ, Origin, Request, Selection, World as _};

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::selection;

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
