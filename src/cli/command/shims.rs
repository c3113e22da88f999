//! `pyman shims`: the shims there are. The launcher, `py`, is none.

use std::ffi::OsStr;
use std::io;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;

/// List the existing shims
#[derive(clap::Parser)]
pub(crate) struct Shims {
    /// Names only
    #[arg(long)]
    short: bool,
}

impl Run for Shims {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let directory = context.root().join("shims");
        let entries = match fs_err::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Status::SUCCESS),
            Err(error) => return Err(error.into()),
        };
        let mut names =
            entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        names.retain(|name| !name.as_encoded_bytes().starts_with(b".") && name != OsStr::new("py"));
        names.sort_unstable();
        let mut lines = Vec::new();
        for name in names {
            let line = if self.short { name } else { directory.join(name).into_os_string() };
            lines.extend_from_slice(line.as_encoded_bytes());
            lines.push(b'\n');
        }
        context.printer.out(lines)?;
        Ok(Status::SUCCESS)
    }
}
