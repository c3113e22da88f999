//! What is installed, as `py -0` and `py list` show it: newest first, and a `*` at what plain `py` runs.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::arguments::Shown as Shows;
use super::sources::Question;
use super::tag::Tag;
use super::{Chosen, Launcher};
use crate::command::Place;
use crate::installed::Installation;
use crate::name::{Form, Name};
use crate::note::Note;
use crate::path;
use crate::request::Wanted;
use crate::series::Series;
use crate::shown::Shown;
use crate::version::Variant;

/// One Python that `py` can run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What `-V:` takes for it, without the company; empty for an environment.
    pub tag: Vec<u8>,
    /// `PythonCore`, or the implementation's name.
    pub company: Vec<u8>,
    /// What it is called in a list.
    pub label: String,
    /// Its version as far as it is known, for sorting.
    pub version: String,
    /// Its interpreter.
    pub executable: Vec<u8>,
    /// The directory it stands in.
    pub prefix: Vec<u8>,
    /// Whether plain `py` runs it.
    pub default: bool,
    /// What it is here by.
    pub kind: Kind,
}

/// What a Python is here by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Under `versions/`.
    Installed,
    /// The active virtual environment.
    Environment,
    /// On PATH.
    Path,
}

impl Row {
    /// What `-V:` takes for it.
    pub fn full_tag(&self) -> Vec<u8> {
        if self.company == CORE {
            return self.tag.clone();
        }
        [self.company.as_slice(), b"/", &self.tag].concat()
    }

    /// The line that `py -0` and `py -0p` print for it.
    pub fn line(&self, shows: Shows) -> Vec<u8> {
        let mut line = match self.kind {
            Kind::Environment => b" ".to_vec(),
            Kind::Installed | Kind::Path => [b" -V:", &*Shown(&self.full_tag()).bytes()].concat(),
        };
        if self.default {
            line.extend_from_slice(b" *");
        }
        line.resize(line.len().max(COLUMN), b' ');
        line.push(b' ');
        let text = match shows {
            Shows::Names => self.label.as_bytes(),
            Shows::Paths => &self.executable,
        };
        line.extend(Shown(text).bytes());
        line.push(b'\n');
        line
    }
}

const CORE: &[u8] = b"PythonCore";

/// How wide the tags are, as other launchers have them.
const COLUMN: usize = 17;

impl Launcher<'_, '_> {
    /// Every Python that `py` knows, at most one of them the default: an active environment is, and comes first. A
    /// default that cannot be found is a warning.
    pub fn rows(&self) -> Vec<Row> {
        let default = match self.choose(&Question::plain()) {
            Ok(chosen) => Some(chosen),
            Err(error) => {
                self.resolver.note(Note::Warning(error.to_string()));
                None
            }
        };
        let mut rows = self.installed_rows();
        for shut in self.resolver.installations() {
            if let Some(fault) = self.resolver.denied(&shut.directory) {
                let text =
                    format!("cannot read `{}': {fault}, passed over", Shown(&shut.directory));
                self.resolver.note(Note::Warning(text));
            }
        }
        if let Some(chosen) = default {
            self.mark(&mut rows, chosen);
        }
        rows
    }

    /// The lines of `py -0`.
    pub(super) fn lines(&self, shows: Shows) -> Vec<u8> {
        let rows = self.rows();
        if rows.is_empty() {
            self.resolver.note(Note::Warning("no Python is installed".to_string()));
        }
        rows.iter().flat_map(|row| row.line(shows)).collect()
    }

    /// Whether a row is what the tag asks for, as after `-V:`; `default` is the one with the star.
    pub fn answers(&self, row: &Row, asked: &[u8]) -> bool {
        if asked.eq_ignore_ascii_case(b"default") {
            return row.default;
        }
        let tag = Tag::parse(asked);
        let series = Series::parse(row.version.as_bytes());
        let agrees = match (row.kind, tag.request.wanted()) {
            (Kind::Installed | Kind::Path, Wanted::Exact) => row.tag == asked,
            (Kind::Installed, _) => {
                let name = Name::parse(path::name(&row.prefix));
                tag.requests().any(|request| request.matches(&name))
            }
            (Kind::Environment | Kind::Path, Wanted::Series { .. } | Wanted::Specifier { .. }) => {
                series.is_some_and(|series| tag.constraint.agrees(series, Variant::Default))
            }
            (Kind::Environment | Kind::Path, _) => false,
        };
        agrees && self.is_for(&row.executable, tag.constraint.architecture)
    }

    /// Whether `py -V:TAG` runs this row.
    pub fn runs(&self, row: &Row, tag: &[u8]) -> bool {
        self.choose(&Self::typed(tag)).is_ok_and(|chosen| chosen.program == row.executable)
    }

    fn installed_rows(&self) -> Vec<Row> {
        let mut installations = self.resolver.installations();
        installations.reverse();
        // CPython first, then the other implementations, then trees that were linked under a name of their own.
        installations.sort_by_key(|installation| match Name::parse(&installation.name).form() {
            Form::CPython { .. } => 0,
            Form::Family { .. } => 1,
            Form::Plain => 2,
        });
        installations.into_iter().filter_map(|installation| self.row(&installation)).collect()
    }

    /// None for what has no interpreter, and for environments, which no tag selects.
    fn row(&self, installation: &Installation) -> Option<Row> {
        let executable = self.resolver.interpreter(installation)?;
        let name = Name::parse(&installation.name);
        let configuration = path::join(&installation.directory, b"pyvenv.cfg");
        if name.form() == Form::Plain && matches!(self.world().read(&configuration, 1), Ok(Some(_)))
        {
            return None;
        }
        let (company, tag) = match name.form() {
            Form::CPython { .. } | Form::Plain => (CORE, name.text()),
            Form::Family { .. } => {
                let company = name.implementation()?;
                let rest = name.text().strip_prefix(company)?;
                (company, rest.strip_prefix(b"-").unwrap_or(rest))
            }
        };
        let version = match name.form() {
            Form::CPython { .. } => String::new(),
            Form::Family { .. } | Form::Plain => self
                .resolver
                .identity(installation)
                .map(|identity| identity.series.to_string())
                .unwrap_or_default(),
        };
        let label = match name.form() {
            Form::CPython { variant: Variant::FreeThreaded, .. } => {
                format!("Python {} (free-threaded)", Shown(tag))
            }
            Form::CPython { variant: Variant::Debug, .. } => {
                format!("Python {} (debug)", Shown(tag))
            }
            Form::CPython { variant: Variant::Default, .. } => format!("Python {}", Shown(tag)),
            Form::Family { .. } | Form::Plain if version.is_empty() => {
                Shown(name.text()).to_string()
            }
            Form::Family { .. } | Form::Plain => {
                format!("{} (Python {version})", Shown(name.text()))
            }
        };
        Some(Row {
            tag: tag.to_vec(),
            company: company.to_vec(),
            label,
            version: if version.is_empty() { Shown(tag).to_string() } else { version },
            executable,
            prefix: installation.directory.clone(),
            default: false,
            kind: Kind::Installed,
        })
    }

    fn environment_row(&self, directory: Vec<u8>, executable: Vec<u8>) -> Row {
        Row {
            tag: Vec::new(),
            company: Vec::new(),
            label: "Active venv".to_string(),
            version: self.environment_version(&directory),
            executable,
            prefix: directory,
            default: false,
            kind: Kind::Environment,
        }
    }

    /// Marks the row of what plain `py` runs; what has no row yet gets the first.
    fn mark(&self, rows: &mut Vec<Row>, chosen: Chosen) {
        if let Some(row) = rows.iter_mut().find(|row| row.executable == chosen.program) {
            row.default = true;
            return;
        }
        let mut row = match chosen.place {
            Place::Environment(directory) => self.environment_row(directory, chosen.program),
            Place::Installed(installation) => Row {
                tag: installation.name.clone(),
                company: CORE.to_vec(),
                label: Shown(&installation.name).to_string(),
                version: self.environment_version(&installation.directory),
                executable: chosen.program,
                prefix: installation.directory,
                default: true,
                kind: Kind::Installed,
            },
            Place::Path => {
                let version = self.program_version(&chosen.program);
                Row {
                    tag: version.clone().into_bytes(),
                    company: CORE.to_vec(),
                    label: if version.is_empty() {
                        "Python (on PATH)".to_string()
                    } else {
                        format!("Python {version} (on PATH)")
                    },
                    version,
                    prefix: path::parent(&chosen.program)
                        .and_then(path::parent)
                        .unwrap_or_default()
                        .to_vec(),
                    executable: chosen.program,
                    default: true,
                    kind: Kind::Path,
                }
            }
        };
        row.default = true;
        rows.insert(0, row);
    }
}
