//! Which Python an environment is to stand on: what was typed, else what is selected.

use std::ffi::OsStr;
use std::path::Path;

use memchr::memmem;
use pyman_shim::{Ask, Installation, Origin, Request, Resolution, Resolver, Series, Wanted};

use crate::environment::{self, Asking, Base, Environment, Followed, Requirement};
use crate::error::Error;
use crate::inventory::Places;
use crate::operation::{Ground, network, selection, typed};
use crate::progress::Progress;
use crate::{disk, world};

/// The base that was asked for; without a request, that of the active environment, else the selected version.
pub(crate) fn choose(
    ground: &Ground,
    request: Option<&OsStr>,
    progress: &dyn Progress,
) -> Result<Base, Error> {
    chosen(ground, request, None, progress)
}

/// The base for an environment of the project in the working directory: without a request and without a pin, what the
/// project requires chooses, and a global version gives way. What contradicts it is said.
pub(crate) fn for_project(
    ground: &Ground,
    request: Option<&OsStr>,
    progress: &dyn Progress,
) -> Result<Base, Error> {
    let required = match ground.machine.current_directory() {
        Ok(here) => Requirement::of(&here)?,
        // Where there is no working directory, no project is in it.
        Err(_) => None,
    };
    let base = chosen(ground, request, required.as_ref(), progress)?;
    if let Some(required) = required.filter(|required| !required.allows(base.version)) {
        let (version, file) = (base.version, required.file.display());
        let text = required.text.escape_debug();
        ground.say(&format!("warning: {file} requires Python {text}, and this is {version}"));
    }
    Ok(base)
}

fn chosen(
    ground: &Ground,
    request: Option<&OsStr>,
    required: Option<&Requirement>,
    progress: &dyn Progress,
) -> Result<Base, Error> {
    let resolver = ground.resolver();
    let chooser = Chooser { ground, resolver: &resolver, places: ground.places(), progress };
    let base = match (request, required) {
        (Some(request), _) => chooser.asked_for(request),
        (None, Some(required)) => chooser.required(required),
        (None, None) => chooser.selected(),
    };
    // Also where there is no base: what was odd about a version file may be why.
    selection::say_notes(ground, &resolver);
    base
}

struct Chooser<'a> {
    ground: &'a Ground,
    resolver: &'a Resolver<'a>,
    places: Places,
    /// Looked at while an interpreter is asked, which may take its time.
    progress: &'a dyn Progress,
}

impl Chooser<'_> {
    fn asked_for(&self, request: &OsStr) -> Result<Base, Error> {
        let request = &*typed::meant(self.ground, request);
        let typed = request.as_encoded_bytes();
        if pyman_shim::path::has_directory(typed) {
            // `miniforge3-24.11.0-0/envs/web` is a name, too.
            let named = Request::parse(typed);
            if let Some(found) = self.inside(&named) {
                return self.installed(&named, &found);
            }
            let here = self.ground.machine.current_directory()?;
            return self.path(&environment::normal(&here, Path::new(request)));
        }
        let request = Request::parse(typed);
        // The name of no version, but of the command that runs what is selected.
        if typed == b"python" && self.resolver.exactly(typed).is_none() {
            return self.selected();
        }
        match self.resolver.resolve(&request) {
            Resolution::System => self.system(),
            Resolution::Installed(found) if self.resolver.is_whole(&found) => {
                self.installed(&request, &found)
            }
            // A directory without an interpreter is no version; what may not be read is said to be that.
            Resolution::Installed(_) => Err(self.missing(&request)),
            Resolution::Missing => match self.on_path(typed) {
                Some(program) => self.path(&world::path(&program)),
                None => Err(self.missing(&request)),
            },
        }
    }

    fn selected(&self) -> Result<Base, Error> {
        if let Some(base) = self.of_active()? {
            return Ok(base);
        }
        let pins = self.resolver.pins()?;
        if pins.stands_for_system() {
            return self.system();
        }
        for entry in &pins.entries {
            match self.resolver.resolve(entry) {
                Resolution::System => return self.system(),
                Resolution::Installed(found) => return self.installed(entry, &found),
                Resolution::Missing => {}
            }
        }
        match pins.entries.first() {
            Some(entry) => Err(self.missing(entry)),
            None => self.system(),
        }
    }

    /// What a project requires, where nobody chose for it: an installed version, else the system's where that will do.
    fn required(&self, required: &Requirement) -> Result<Base, Error> {
        let is_chosen = match self.resolver.pins()?.origin {
            Origin::Argument | Origin::Shebang(_) | Origin::Variable(_) | Origin::File(_) => true,
            Origin::Global(_) | Origin::System => false,
        };
        if is_chosen {
            return self.selected();
        }
        if let Some(base) = self.of_active()? {
            return Ok(base);
        }
        let request = Request::parse(required.text.as_bytes());
        if let Resolution::Installed(found) = self.resolver.resolve(&request) {
            return self.installed(&request, &found);
        }
        match self.system() {
            Ok(base) if required.allows(base.version) => Ok(base),
            Ok(_) | Err(Error::NoSystemPython) => Err(self.missing(&request)),
            Err(error) => Err(error),
        }
    }

    /// The base of the active environment; one that is broken or gone is passed over.
    fn of_active(&self) -> Result<Option<Base>, Error> {
        let Some(active) = self.ground.machine.variable("VIRTUAL_ENV") else {
            return Ok(None);
        };
        let active = Path::new(&active);
        if !active.is_absolute() || Environment::at(active)?.is_none() {
            return Ok(None);
        }
        match Base::at(&self.places, active, self.progress) {
            Ok(base) => Ok(Some(base)),
            Err(environment::Error::NoPython(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// An environment inside a version, by its name.
    fn inside(&self, request: &Request) -> Option<Installation> {
        let within = |name: &[u8]| memmem::find(name, b"/envs/").is_some();
        match self.resolver.resolve(request) {
            Resolution::Installed(found) => Some(found).filter(|found| within(&found.name)),
            Resolution::System | Resolution::Missing => None,
        }
    }

    /// A path; a shim stands for what it selects.
    fn path(&self, path: &Path) -> Result<Base, Error> {
        let bytes = world::bytes(path);
        if disk::executable(path) && !self.resolver.is_system(bytes) && !self.is_installed(path) {
            let name = pyman_shim::path::name(bytes);
            let found = self.resolver.which(Ask::shim(name))?;
            return Ok(Base::at(&self.places, &world::path(&found.program), self.progress)?);
        }
        Ok(Base::at(&self.places, path, self.progress)?)
    }

    /// What stands below `versions/` is no shim, even in an installation called `shims`.
    fn is_installed(&self, path: &Path) -> bool {
        path.starts_with(self.places.versions()) && self.resolver.runnable(world::bytes(path))
    }

    fn installed(&self, request: &Request, found: &Installation) -> Result<Base, Error> {
        let followed = match request.wanted() {
            Wanted::Series { series: Series::Minor(..), .. } => Followed::Minor,
            Wanted::Series { .. }
            | Wanted::System
            | Wanted::Specifier { .. }
            | Wanted::Stem(_)
            | Wanted::Exact => Followed::Patch,
        };
        let identity = self.resolver.identity(found);
        let asking = Asking { places: &self.places, progress: self.progress };
        Ok(Base::of_installation(&asking, found, identity.as_ref(), followed)?)
    }

    /// The first `python`, else `python3`, on PATH that is no shim.
    fn system(&self) -> Result<Base, Error> {
        let names: [&[u8]; 2] = [b"python", b"python3"];
        let program = names.iter().find_map(|name| self.resolver.on_path(name));
        let program = program.ok_or(Error::NoSystemPython)?;
        self.path(&world::path(&program))
    }

    /// `python3.9` is also the name of a program.
    fn on_path(&self, typed: &[u8]) -> Option<Vec<u8>> {
        let is_program = typed.starts_with(b"python") || typed.starts_with(b"pypy");
        is_program.then(|| self.resolver.on_path(typed)).flatten()
    }

    fn missing(&self, request: &Request) -> Error {
        if let Some(error) = selection::unusable(self.resolver, request) {
            return error;
        }
        let mut installed = self.resolver.installations();
        installed.retain(|found| self.resolver.is_whole(found));
        installed.retain(|found| {
            !matches!(Environment::at(&world::path(&found.directory)), Ok(Some(_)))
        });
        let names: Vec<_> =
            installed.iter().map(|found| String::from_utf8_lossy(&found.name)).collect();
        let there = match names.join(", ") {
            none if none.is_empty() => "nothing is installed".to_owned(),
            some => format!("installed: {some}"),
        };
        let text = String::from_utf8_lossy(request.text()).into_owned();
        let install = match request.wanted() {
            _ if !network::offers(self.ground, request) => None,
            Wanted::Series { .. } | Wanted::Stem(_) => Some(text.clone()),
            Wanted::Specifier { .. } => Some(format!("\"{text}\"")),
            Wanted::System | Wanted::Exact => None,
        };
        environment::Error::NotInstalled { request: text, instead: there, install }.into()
    }
}
