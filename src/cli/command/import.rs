//! `pyman import`, `link`, `unlink`, `pack`: what another tool has, all of it or one interpreter, becomes a version without
//! being copied, and is none any more; an installation becomes an archive that other machines install.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValue;

use crate::cli::context::Context;
use crate::cli::report;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::interpreter::link::interpreter_in;
use crate::interpreter::probe;
use crate::operation::import::{self, Tool};
use crate::operation::{link, network, rehash, selection};
use crate::{disk, install, world};

/// Take over the versions, pins and environments of another tool
///
/// Its trees become links: nothing is copied, and nothing of the other tool's is changed.
#[derive(clap::Parser)]
pub(crate) struct Import {
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Whose
    tool: Tool,
}

impl clap::ValueEnum for Tool {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl Run for Import {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        let steps = import::steps(&context.ground, self.tool, &watch)?;
        for step in &steps {
            if !self.dry_run {
                step.carry_out(&context.ground, &watch)?;
            }
            let line = step.line(self.dry_run);
            if self.dry_run {
                context.printer.line(line)?;
            } else {
                context.printer.done(line)?;
            }
        }
        if !self.dry_run {
            // What is linked already may have been by this command, killed before its end.
            rehash::leftovers(&context.ground)?;
            rehash::now(&context.ground)?;
        }
        Ok(Status::SUCCESS)
    }
}

/// Make an interpreter that is already here a version
///
/// It is asked what it is first, and stays where it is. A whole version tree (pyenv's, uv's,
/// conda's) becomes a link; of a shared prefix like /usr only its own commands are linked.
#[derive(clap::Parser)]
pub(crate) struct Link {
    /// An interpreter, or the tree of one
    path: PathBuf,
    /// What to call it; its version otherwise
    name: Option<OsString>,
}

impl Run for Link {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        let path = context.machine.absolute(&self.path)?;
        let path = if disk::is_directory(&path) { interpreter_in(&path)? } else { path };
        let interpreter = probe(&path, &watch)?;
        let name = self.name.unwrap_or_else(|| link::usual_name(&interpreter));
        let adoption = link::adopt(&context.ground, &interpreter, &name, &watch)?;
        rehash::now(&context.ground)?;
        context.printer.talk(&format!(
            "linked {} -> {}",
            name.display(),
            adoption.target().display()
        ));
        Ok(Status::SUCCESS)
    }
}

/// Remove versions made by `pyman link`; what they lead to is not touched
#[derive(clap::Parser)]
pub(crate) struct Unlink {
    /// The versions' names
    #[arg(required = true)]
    names: Vec<OsString>,
}

impl Run for Unlink {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let watch = context.watch()?;
        let mut worst = Status::SUCCESS;
        for name in &self.names {
            match link::release(&context.ground, name, &watch) {
                Ok(()) => context.printer.talk(&format!("unlinked {}", name.display())),
                Err(error) => worst = worst.worst(report::report(&context.printer, &error)),
            }
        }
        rehash::leftovers(&context.ground)?;
        rehash::now(&context.ground)?;
        Ok(worst)
    }
}

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
    let platform = network::platform().map(|platform| format!("-{platform}")).unwrap_or_default();
    format!("python-{version}{platform}.tar.gz")
}
