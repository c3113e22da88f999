//! `pyman venv unbundle FILE PATH`: a bundle becomes an environment again, without a network.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::cli::context::Context;
use crate::cli::progress::Watch;
use crate::cli::run::Status;
use crate::environment::{self, Environment, Goal, Unbundled, Work};
use crate::error::Error;
use crate::operation::base;
use crate::operation::environments;
use crate::operation::libraries;
use crate::operation::supply;

/// Make an environment of a bundle
#[derive(clap::Args)]
pub(crate) struct Unbundle {
    /// The bundle
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The environment's name or path
    #[arg(value_name = "NAME|PATH")]
    place: OsString,
    /// The Python it is to stand on; none: the one installed of the same X.Y
    #[arg(short, long, value_name = "VERSION|PATH")]
    python: Option<OsString>,
}

impl Unbundle {
    pub(super) fn run(self, context: &Context, watch: &Watch) -> Result<Status, Error> {
        let (goal, directory) = environments::goal(&context.ground, Some(&self.place))?;
        let file = context.machine.absolute(&self.file)?;
        if environment::is_unfinished(&directory, &Work::Unbundling)? {
            return conclude(context, &goal, &directory);
        }
        let unbundled = Unbundled::open(&file, &directory, watch)?;
        let same = OsStr::new(&unbundled.manifest.minor).to_owned();
        let base =
            base::choose(&context.ground, Some(self.python.as_ref().unwrap_or(&same)), watch)?;
        let platform = supply::platform().map(|platform| platform.to_string());
        unbundled.judge(&base, platform.as_deref())?;
        unbundled.finish(&base, &context.places(), watch)?;
        conclude(context, &goal, &directory)
    }
}

/// The environment stands there: what leads to it follows.
fn conclude(context: &Context, goal: &Goal, directory: &Path) -> Result<Status, Error> {
    environments::enrol(&context.ground, goal, directory)?;
    let version = Environment::open(directory)?.version().unwrap_or_default();
    environment::finish(directory)?;
    context.printer.line(format!("unbundled {} ({version})", directory.display()))?;
    libraries::say_missing(&context.ground, directory)?;
    Ok(Status::SUCCESS)
}
