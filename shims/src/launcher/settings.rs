//! What people set for `py`: the `PY_PYTHON` variables, and the user's and the system's `py.ini`, each read once.

use alloc::format;
use alloc::vec::Vec;
use core::cell::OnceCell;

use super::tag::{Asked, Tag};
use crate::ini::Ini;
use crate::note::Note;
use crate::path;
use crate::platform::{MACHINE_SETTINGS, USER_SETTINGS};
use crate::resolver::Resolver;
use crate::world::{World, is_yes};

/// Where a setting may stand, most binding first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// `PY_PYTHON`, `PY_PYTHON2`, `PY_PYTHON3`.
    Variable,
    /// The user's `py.ini`.
    User,
    /// The machine's `py.ini`.
    System,
}

/// Which default: the one of this major, or the one for who asks for none.
pub(super) type Major = Option<u32>;

/// The settings, as far as they have been asked for.
pub(super) struct Settings<'r, 'w> {
    resolver: &'r Resolver<'w>,
    /// The launcher's own program, links followed.
    program: Vec<u8>,
    user: OnceCell<Option<File>>,
    machine: OnceCell<Option<File>>,
}

struct File {
    path: Vec<u8>,
    ini: Ini,
}

/// How much of a `py.ini` is read, in bytes.
const LIMIT: usize = 64 * 1024;

impl<'r, 'w> Settings<'r, 'w> {
    pub(super) const fn new(resolver: &'r Resolver<'w>, program: Vec<u8>) -> Self {
        Self { resolver, program, user: OnceCell::new(), machine: OnceCell::new() }
    }

    /// What one level prefers. A value that is only a major is looked up once more, under that major.
    pub(super) fn default(&self, level: Level, major: Major) -> Option<(Tag, Asked)> {
        let (tag, asked) = self.value(level, major)?;
        let refined = match (major, tag.major()) {
            (None, Some(found)) => self.refined(found),
            (Some(_), _) | (None, None) => None,
        };
        Some(refined.unwrap_or((tag, asked)))
    }

    /// What refines a major: the variable, then the files; what is of another major is none.
    fn refined(&self, major: u32) -> Option<(Tag, Asked)> {
        let bound = Tag::parse(format!("{major}").as_bytes()).constraint;
        [Level::Variable, Level::User, Level::System]
            .into_iter()
            .filter_map(|level| self.value(level, Some(major)))
            .find(|(tag, _)| bound.could_agree(&tag.request))
    }

    /// What the program named so in `[commands]` is, and where that stands.
    pub(super) fn command(&self, name: &[u8]) -> Option<(&[u8], Asked)> {
        [Level::User, Level::System].into_iter().find_map(|level| {
            let file = self.file(level)?;
            let entry = file.ini.command(name)?;
            let asked = Asked::File { path: file.path.clone(), line: entry.line };
            Some((entry.value.as_slice(), asked))
        })
    }

    /// Whether `.venv` directories count: `PYMAN_AUTO_VENV`, else `auto_venv` in the files.
    pub(super) fn auto_venv(&self) -> bool {
        if let Some(value) = self.resolver.world().variable(b"PYMAN_AUTO_VENV") {
            return is_yes(&value);
        }
        [Level::User, Level::System]
            .into_iter()
            .find_map(|level| Some(self.file(level)?.ini.setting(b"auto_venv")?.0))
            .is_some_and(is_yes)
    }

    fn value(&self, level: Level, major: Major) -> Option<(Tag, Asked)> {
        let digits = major.map(|major| format!("{major}")).unwrap_or_default();
        if level == Level::Variable {
            let name = format!("PY_PYTHON{digits}").into_bytes();
            let value = self.resolver.world().variable(&name)?;
            return Some((Tag::parse(&value), Asked::Variable(name)));
        }
        let file = self.file(level)?;
        let (value, line) = file.ini.setting(format!("python{digits}").as_bytes())?;
        Some((Tag::parse(value), Asked::File { path: file.path.clone(), line }))
    }

    fn file(&self, level: Level) -> Option<&File> {
        let world = self.resolver.world();
        match level {
            Level::Variable => None,
            Level::User => self.user.get_or_init(|| self.open(user(world)?)).as_ref(),
            Level::System => {
                self.machine.get_or_init(|| self.open(machine(&self.program)?)).as_ref()
            }
        }
    }

    /// A file that cannot be read, and a line that is no INI, are worth a warning and no more.
    fn open(&self, path: Vec<u8>) -> Option<File> {
        let text = match self.resolver.world().read(&path, LIMIT) {
            Ok(text) => text?,
            Err(fault) => {
                self.resolver.note(Note::Unreadable { path, fault });
                return None;
            }
        };
        let ini = Ini::parse(&text);
        for line in &ini.strange {
            let place = Asked::File { path: path.clone(), line: *line };
            self.resolver.note(Note::Warning(format!("{place} is no INI, passed over")));
        }
        Some(File { path, ini })
    }
}

/// The user's settings, below the first of the variables' directories; a relative one is none, as XDG has it.
fn user(world: &dyn World) -> Option<Vec<u8>> {
    USER_SETTINGS.iter().find_map(|(variable, name)| {
        let directory = world.variable(variable).filter(|path| path::is_absolute(path))?;
        Some(path::join(&directory, name))
    })
}

/// The machine's settings, by their own path or beside the launcher's program.
fn machine(program: &[u8]) -> Option<Vec<u8>> {
    match MACHINE_SETTINGS {
        Some(path) => Some(path.to_vec()),
        None => Some(path::join(path::parent(program)?, b"py.ini")),
    }
}
