//! Row 4: the virtual environment that is active, or the `.venv` around us when those count.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Launcher;
use crate::architecture::Architecture;
use crate::command::VIRTUAL_ENV;
use crate::constraint::Constraint;
use crate::environment::{CONFIG, configured};
use crate::layout::Layout;
use crate::note::Note;
use crate::path;
use crate::series::Series;
use crate::shown::Shown;
use crate::version::Variant;

/// A virtual environment with an interpreter that is not a shim of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Environment {
    /// Where it stands.
    pub(super) directory: Vec<u8>,
    /// Its interpreter.
    pub(super) program: Vec<u8>,
}

impl Launcher<'_, '_> {
    /// The environment in force that satisfies C.
    pub(super) fn environment(&self, constraint: &Constraint) -> Option<Environment> {
        let active = self.active();
        let candidates =
            active.into_iter().chain(core::iter::once_with(|| self.around()).flatten());
        candidates.into_iter().find(|environment| {
            let agrees = self.environment_agrees(environment, constraint);
            if !agrees {
                let directory = Shown(&environment.directory);
                self.step(|| format!("{directory} is not a Python {constraint}, passed over"));
            }
            agrees
        })
    }

    /// What `VIRTUAL_ENV` names. Without an interpreter it is passed over, which is worth a warning.
    fn active(&self) -> Option<Environment> {
        let directory = self.world().variable(VIRTUAL_ENV.as_bytes())?;
        let directory = path::trimmed(&directory);
        let program = self.interpreter_of(directory);
        if program.is_none() {
            let text = format!("no Python in VIRTUAL_ENV={}, passed over", Shown(directory));
            self.resolver.note(Note::Warning(text));
        }
        Some(Environment { directory: directory.to_vec(), program: program? })
    }

    /// The nearest `.venv` in the working directory or above it, when asked for and owned by the user.
    fn around(&self) -> Option<Environment> {
        if !self.settings.auto_venv() {
            return None;
        }
        let here = self.resolver.working_directory()?;
        let mut next = Some(here.as_slice());
        while let Some(above) = next {
            let directory = path::join(above, b".venv");
            if self.world().is_directory(&directory) {
                if self.world().owned(&directory) {
                    if let Some(program) = self.interpreter_of(&directory) {
                        return Some(Environment { directory, program });
                    }
                } else {
                    self.step(|| format!("{} is another user's, passed over", Shown(&directory)));
                }
            }
            next = path::parent(above);
        }
        None
    }

    /// Its interpreter. A relative directory is none, to shims as to `py`: it means another one wherever one stands.
    fn interpreter_of(&self, directory: &[u8]) -> Option<Vec<u8>> {
        if !path::is_absolute(directory) {
            return None;
        }
        let scripts = Layout::HERE.scripts_of(directory);
        [b"python".as_slice(), b"python3"]
            .into_iter()
            .map(|name| path::program(&scripts, name))
            .find(|program| self.resolver.runnable(program))
    }

    fn environment_agrees(&self, environment: &Environment, constraint: &Constraint) -> bool {
        if constraint.is_none() {
            return true;
        }
        let scripts = Layout::HERE.scripts_of(&environment.directory);
        let Some(series) = self.environment_series(&environment.directory) else {
            return false;
        };
        let variant = constraint.variant.filter(|variant| {
            let minor = series.minor().unwrap_or_default();
            let name = format!("python{}.{minor}{variant}", series.major());
            self.world().is_executable(&path::program(&scripts, name.as_bytes()))
        });
        constraint.agrees(series, variant.unwrap_or(Variant::Default))
            && self.is_for(&environment.program, constraint.architecture)
    }

    /// As much of its version as the environment says; nothing when it says none.
    pub(super) fn environment_version(&self, directory: &[u8]) -> String {
        let series = self.environment_series(directory);
        series.map(|series| format!("{series}")).unwrap_or_default()
    }

    fn environment_series(&self, directory: &[u8]) -> Option<Series> {
        self.configured(directory).or_else(|| {
            let (series, _) = self.highest(&Layout::HERE.scripts_of(directory))?;
            Some(series)
        })
    }

    /// `version` (venv) or `version_info` (virtualenv, uv) of pyvenv.cfg.
    fn configured(&self, directory: &[u8]) -> Option<Series> {
        match configured(self.world(), directory, &[b"version", b"version_info"]) {
            Ok(version) => Some(Series::head(&version?)?.0),
            Err(fault) => {
                let path = path::join(directory, CONFIG);
                self.resolver.note(Note::Unreadable { path, fault });
                None
            }
        }
    }

    /// Whether the program was made for this processor, by its header.
    pub(super) fn is_for(&self, program: &[u8], wanted: Option<Architecture>) -> bool {
        const HEADER: usize = 1024;
        let Some(wanted) = wanted else { return true };
        match self.world().read(program, HEADER) {
            Ok(header) => {
                wanted.is_met_by(header.and_then(|header| Architecture::of_executable(&header)))
            }
            Err(fault) => {
                self.resolver.note(Note::Unreadable { path: program.to_vec(), fault });
                false
            }
        }
    }
}
