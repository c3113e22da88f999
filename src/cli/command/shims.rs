//! `pyman shims`: the shims there are. The launcher, `py`, is none.

use std::ffi::OsString;

use crate::cli::context::Context;
use crate::cli::overlooked::Overlooked;
use crate::cli::run::{Run, Status};
use crate::cli::shims;
use crate::error::Error;

/// List the existing shims
#[derive(clap::Parser)]
pub(crate) struct Shims {
    /// Names only
    #[arg(long)]
    short: bool,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Shims {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let directory = context.root().join("shims");
        let names = shims::names(context)?.into_iter();
        let lines = names
            .map(|name| if self.short { name } else { directory.join(name).into_os_string() })
            .map(OsString::into_encoded_bytes);
        context.printer.list(lines)?;
        Ok(Status::SUCCESS)
    }
}
