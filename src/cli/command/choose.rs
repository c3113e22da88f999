//! `pyman global`, `local`, `shell`, `version-file…`: what is selected everywhere, below this directory, in this shell, and
//! the file that selects, read and written as pyenv does. `shell` is evaluated by the shell that asks.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use pyman_shim::{FILE_READ, Origin, Request, Selection, VERSION, World as _};

use crate::cli::context::Context;
use crate::cli::run::{self, Overlooked, Run, Status};
use crate::cli::shell;
use crate::disk::{self, Directory};
use crate::error::Error;
use crate::operation::pins::{self, Check};
use crate::operation::{doctor, selection};
use crate::shell::Script;
use crate::world;

/// Show or set the versions for every directory that has no version file
#[derive(clap::Parser)]
pub(crate) struct Global {
    /// The versions, most preferred first
    versions: Vec<OsString>,
}

impl Run for Global {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let versions = pins::typed(&self.versions);
        if !versions.is_empty() {
            context.warn()?;
            Directory::make(context.root())?;
            let file = context.root().join("version");
            pins::write(&context.ground, &file, versions, Check::Installed)?;
            doctor::hint_at_path(&context.ground);
            return Ok(Status::SUCCESS);
        }
        let resolver = context.ground.resolver();
        let selection = resolver.global();
        selection::say_notes(&context.ground, &resolver);
        if selection.stands_for_system() {
            context.printer.line("system")?;
        } else {
            context.printer.list(selection.entries.iter().map(Request::text))?;
        }
        Ok(Status::SUCCESS)
    }
}

/// Show or set the versions for this directory (`.python-version`)
#[derive(clap::Parser)]
pub(crate) struct Local {
    /// Do not check that the versions are installed
    #[arg(short, long)]
    force: bool,
    /// Remove this directory's file
    #[arg(long, conflicts_with = "versions")]
    unset: bool,
    /// The versions, most preferred first
    versions: Vec<OsString>,
}

impl Run for Local {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.unset {
            return unset(context);
        }
        let versions = pins::typed(&self.versions);
        if versions.is_empty() {
            return show(context);
        }
        let file = context.machine.current_directory()?.join(".python-version");
        pins::write(&context.ground, &file, versions, Check::unless(self.force))?;
        Ok(Status::SUCCESS)
    }
}

fn unset(context: &Context) -> Result<Status, Error> {
    let file = context.machine.current_directory()?.join(".python-version");
    disk::unlink(&file)?;
    Ok(Status::SUCCESS)
}

fn show(context: &Context) -> Result<Status, Error> {
    let resolver = context.ground.resolver();
    let here = resolver.working_directory();
    let found = here.and_then(|directory| resolver.upwards(&directory));
    selection::say_notes(&context.ground, &resolver);
    let Some(selection) = found else {
        context.printer.say("pyman: no local version configured for this directory");
        return Ok(Status::FAILURE);
    };
    if selection.entries.is_empty() {
        return Ok(Status::FAILURE);
    }
    context.printer.list(selection.entries.iter().map(Request::text))?;
    Ok(Status::SUCCESS)
}

/// Set or show the version of this shell
///
/// Sets `PYMAN_VERSION` in the calling shell, which overrides version files and the global version.
#[derive(clap::Parser)]
pub(crate) struct Shell {
    /// The versions; `-` brings the previous choice back, none shows the present one
    #[arg(value_name = "VERSION", allow_hyphen_values = true)]
    versions: Vec<String>,
    /// Take the choice back
    #[arg(long)]
    unset: bool,
}

impl Run for Shell {
    fn run(self, _: &Context) -> Result<Status, Error> {
        Err(Error::NoShellIntegration)
    }
}

/// Print the code that sets or shows the version of the calling shell
#[derive(clap::Parser)]
pub(crate) struct ShShell {
    /// The versions; `-` brings the previous choice back, none shows the present one
    #[arg(value_name = "VERSION", allow_hyphen_values = true)]
    versions: Vec<OsString>,
    /// Take the choice back
    #[arg(long)]
    unset: bool,
}

/// What the variable is to say: an installation's own name whatever is in it, as in pyenv.
fn chosen(context: &Context, typed: &[OsString]) -> Result<Vec<u8>, Error> {
    let resolver = context.ground.resolver();
    let is_name = |word: &OsString| resolver.exactly(word.as_encoded_bytes()).is_some();
    if typed.iter().all(is_name) {
        return Ok(typed.join(OsStr::new(":")).into_encoded_bytes());
    }
    Ok(pins::spelt(&context.ground, typed)?.join(&b':'))
}

impl Run for ShShell {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let present = context.machine.variable(VERSION).is_some();
        let pyenvs = || context.ground.resolver().pyenvs_variable().is_some();
        let typed = pins::typed(&self.versions);
        let script = match typed.first() {
            _ if self.unset && pyenvs() => Script::UnsetPyenv,
            _ if self.unset => Script::UnsetVersion,
            None if !present && pyenvs() => Script::ShowPyenv,
            None if !present => {
                context.printer.say("pyman: no shell-specific version configured");
                return Ok(Status::FAILURE);
            }
            None => Script::ShowVersion,
            Some(first) if first == "-" => Script::SwapVersion,
            Some(_) => return shell::choose(context, &chosen(context, typed)?),
        };
        shell::print(context, script)?;
        Ok(Status::SUCCESS)
    }
}

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
