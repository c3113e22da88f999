//! `pyman pack V`: an installation becomes an archive that other machines install.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::install;
use crate::operation::selection;
use crate::operation::supply;
use crate::world;

/// Pack a version into an archive for other machines
#[derive(clap::Parser)]
pub(crate) struct Pack {
    /// The version
    version: OsString,
    /// The archive to write: .tar.gz or .tar.zst
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Run for Pack {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let found =
            selection::require(&context.ground, &resolver, self.version.as_encoded_bytes())?;
        let Some(installation) = found else {
            return Err(Error::NotUnderstood("the system's Python is not ours to pack".to_owned()));
        };
        let name = String::from_utf8_lossy(&installation.name).replace('/', "-");
        let file = match &self.output {
            Some(file) => context.machine.absolute(file)?,
            None => context.machine.absolute(&PathBuf::from(usual_name(&name)))?,
        };
        let watch = context.watch()?;
        let prefix = world::path(&installation.directory);
        match install::pack(&prefix, &file, &watch) {
            Ok(pack) => {
                // As sha256sum writes it, so that a script can check it, or hand it to `install --sha256`.
                context.printer.line(format!("{}  {}", pack.sha256, pack.file.display()))?;
                Ok(Status::SUCCESS)
            }
            Err(error) => watch.interruption().map_or_else(|| Err(error.into()), Ok),
        }
    }
}

/// `python-3.12.7-x86_64-unknown-linux-gnu.tar.gz`
fn usual_name(version: &str) -> String {
    let platform = supply::platform().map(|platform| format!("-{platform}")).unwrap_or_default();
    format!("python-{version}{platform}.tar.gz")
}
