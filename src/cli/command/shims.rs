//! `pyman shims`: the shims there are. The launcher, `py`, is none.

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
        let mut lines = Vec::new();
        for name in shims::names(context)? {
            let line = if self.short { name } else { directory.join(name).into_os_string() };
            lines.extend_from_slice(line.as_encoded_bytes());
            lines.push(b'\n');
        }
        context.printer.out(lines)?;
        Ok(Status::SUCCESS)
    }
}
