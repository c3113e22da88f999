//! What a command comes to: the file that a shim runs and `which` prints, decided from every source in its order.

use alloc::string::ToString;
use alloc::vec::Vec;

use crate::constraint::Constraint;
use crate::error::{Error, NotFound, NotInstalled};
use crate::installed::{Installation, Resolution};
use crate::note::Note;
use crate::origin::Origin;
use crate::path;
use crate::request::{Request, Wanted};
use crate::resolver::Resolver;
use crate::selection::Selection;
use crate::series::Series;
use crate::variant::Variant;

/// A question: what does this command come to?
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The name of the command, without a directory.
    pub command: &'a [u8],
    /// Whether an active environment answers first: for shims and `which`, not for `exec`.
    pub environment: Environment,
    /// Whether PATH is searched for what no selected version has (`--nosystem`).
    pub fallback: Fallback,
}

/// Whether `VIRTUAL_ENV` is a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// First of all.
    Counts,
    /// Pins alone.
    Ignored,
}

/// Where a command is looked for that the selected versions do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// On PATH, without shims.
    Path,
    /// Nowhere.
    Nowhere,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file to run.
    pub program: Vec<u8>,
    /// Where it stands.
    pub place: Place,
    /// Which source led there.
    pub origin: Origin,
}

/// Where a command was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the active virtual environment, of this path.
    Environment(Vec<u8>),
    /// In an installation.
    Installed(Installation),
    /// On PATH.
    Path,
}

/// The variable of an activated environment.
pub const VIRTUAL_ENV: &str = "VIRTUAL_ENV";

impl<'a> Ask<'a> {
    /// What a shim of this name asks.
    pub const fn shim(command: &'a [u8]) -> Self {
        Self { command, environment: Environment::Counts, fallback: Fallback::Path }
    }

    /// What `pyman exec` asks: pins alone.
    pub const fn exec(command: &'a [u8]) -> Self {
        Self { environment: Environment::Ignored, ..Self::shim(command) }
    }
}

impl Resolver<'_> {
    /// The file that runs for a command.
    pub fn which(&self, ask: Ask<'_>) -> Result<Found, Error> {
        let constraint = Constraint::of_command(ask.command);
        if ask.environment == Environment::Counts
            && let Some(found) = self.in_environment(ask.command)
        {
            return Ok(found);
        }
        let mut system_named = false;
        let sources: [&dyn Fn() -> Result<Option<Selection>, Error>; 3] =
            [&|| Ok(self.variable()), &|| self.local(), &|| Ok(Some(self.global()))];
        for source in sources {
            let Some(selection) = source()? else {
                continue;
            };
            system_named |= selection.entries.iter().any(|entry| *entry.wanted() == Wanted::System);
            if let Some(answer) = self.by_selection(ask, &constraint, &selection) {
                return answer;
            }
            self.note(Note::PassedOver {
                origin: selection.origin,
                wanted: constraint.to_string(),
            });
        }
        self.unselected(ask, &constraint, system_named)
    }

    /// The active environment's own command.
    fn in_environment(&self, command: &[u8]) -> Option<Found> {
        let directory = &*self.world().variable(VIRTUAL_ENV.as_bytes())?;
        if !path::is_absolute(directory) {
            return None;
        }
        let program = path::join(&path::join(directory, path::SCRIPTS), command);
        self.runnable(&program).then(|| Found {
            program,
            place: Place::Environment(path::trimmed(directory).to_vec()),
            origin: Origin::Variable(VIRTUAL_ENV),
        })
    }

    /// What a selection decides; none when no entry of it agrees with C.
    fn by_selection(
        &self,
        ask: Ask<'_>,
        constraint: &Constraint,
        selection: &Selection,
    ) -> Option<Result<Found, Error>> {
        let mut missing = Vec::new();
        let mut present = false;
        for entry in &selection.entries {
            match self.resolve(entry) {
                Resolution::Installed(installation) => {
                    if !self.agrees(&installation, constraint, Some(ask.command)) {
                        continue;
                    }
                    present = true;
                    if let Some(program) = self.has(&installation, ask.command) {
                        return Some(Ok(Found {
                            program,
                            place: Place::Installed(installation),
                            origin: selection.origin.clone(),
                        }));
                    }
                }
                Resolution::System => match self.on_path(ask.command) {
                    Some(program) => {
                        return Some(Ok(Found {
                            program,
                            place: Place::Path,
                            origin: selection.origin.clone(),
                        }));
                    }
                    None => present |= constraint.is_none(),
                },
                Resolution::Missing if constraint.could_agree(entry) => {
                    missing.push(NotInstalled {
                        request: entry.clone(),
                        origin: selection.origin.clone(),
                    });
                }
                Resolution::Missing => {}
            }
        }
        match (present, missing.is_empty()) {
            // A file without entries stands for `system`, as in pyenv.
            (false, true) if selection.stands_for_system() && constraint.is_none() => {
                Some(self.on_path_only(ask, missing))
            }
            (false, true) => None,
            (true, _) => Some(self.on_path_only(ask, missing)),
            (false, false) => Some(Err(self.not_found(ask, missing, true))),
        }
    }

    /// What runs when no source decides: for `pythonX.Y` the newest installed X.Y, unless a source says `system`
    /// (tox and nox rely on it), and then whatever is on PATH.
    fn unselected(
        &self,
        ask: Ask<'_>,
        constraint: &Constraint,
        system_named: bool,
    ) -> Result<Found, Error> {
        let interpreter = || {
            let tag = ask.command.strip_prefix(b"python")?;
            if tag.ends_with(b"-config") {
                return None;
            }
            let series = constraint.series.filter(|series| matches!(series, Series::Minor(..)))?;
            let variant = constraint.variant.unwrap_or(Variant::Default);
            let installation = self.newest(&Request::of_series(series, variant))?;
            let program = self.has(&installation, ask.command)?;
            Some(Found { program, place: Place::Installed(installation), origin: Origin::System })
        };
        if !system_named && let Some(found) = interpreter() {
            return Ok(found);
        }
        self.on_path_only(ask, Vec::new())
    }

    fn on_path_only(&self, ask: Ask<'_>, missing: Vec<NotInstalled>) -> Result<Found, Error> {
        let program = match ask.fallback {
            Fallback::Path => self.on_path(ask.command),
            Fallback::Nowhere => None,
        };
        program
            .map(|program| Found { program, place: Place::Path, origin: Origin::System })
            .ok_or_else(|| self.not_found(ask, missing, false))
    }

    fn not_found(&self, ask: Ask<'_>, missing: Vec<NotInstalled>, pinned: bool) -> Error {
        let names = |installations: Vec<Installation>| {
            installations.into_iter().map(|installation| installation.name).collect()
        };
        Error::NotFound(NotFound {
            command: ask.command.to_vec(),
            missing,
            pinned,
            having: names(self.having(ask.command)),
            installed: names(self.installations()),
            advice: true,
        })
    }
}
