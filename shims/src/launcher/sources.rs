//! Rows 4 to 11: the sources in their order, each asked whether it has something to say that agrees with C.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;
use core::fmt;

use super::error::{Error, NoMatch};
use super::settings::{Level, Major};
use super::tag::{Asked, Tag};
use super::{Chosen, Launcher};
use crate::command::Place;
use crate::constraint::Constraint;
use crate::installed::Installation;
use crate::request::Origin;
use crate::request::{Request, Wanted};
use crate::selection::Selection;

/// What is to be found, and who may refine it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// What was asked for.
    pub(super) tag: Tag,
    /// Where.
    pub(super) asked: Asked,
    /// C: the tag's own constraint, perhaps narrowed by a script's metadata.
    pub(super) constraint: Constraint,
    /// Which sources have a say.
    pub(super) scope: Scope,
}

/// Which sources have a say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// None: what was typed is final.
    Final,
    /// The defaults of the major that was typed.
    Defaults,
    /// All of them.
    Open,
}

impl Question {
    /// What plain `py` asks.
    pub(super) fn plain() -> Self {
        Self::of(Tag::any(), Asked::Nowhere, Scope::Open)
    }

    pub(super) fn of(tag: Tag, asked: Asked, scope: Scope) -> Self {
        let constraint = tag.constraint.clone();
        Self { tag, asked, constraint, scope }
    }

    /// Under which names defaults are looked up; none where C is more than a major.
    fn defaults(&self) -> Option<Major> {
        if self.tag.constraint.is_none()
            && matches!(self.tag.request.wanted(), Wanted::Specifier { .. })
        {
            return Some(None);
        }
        self.tag.major().map(Some)
    }
}

type Answer = Result<Option<Chosen>, Error>;

impl Launcher<'_, '_> {
    /// The interpreter that answers.
    pub(super) fn choose(&self, question: &Question) -> Result<Chosen, Error> {
        let default = |level| move || self.by_default(level, question);
        let sources: &[&dyn Fn() -> Answer] = match question.scope {
            Scope::Final => &[],
            Scope::Defaults => {
                &[&default(Level::Variable), &default(Level::User), &default(Level::System)]
            }
            Scope::Open => &[
                &|| Ok(self.by_environment(question)),
                &|| self.resolver.variable().map_or(Ok(None), |pin| self.by_pin(&pin, question)),
                &default(Level::Variable),
                &|| self.resolver.local()?.map_or(Ok(None), |pin| self.by_pin(&pin, question)),
                &default(Level::User),
                &|| self.by_pin(&self.resolver.global(), question),
                &default(Level::System),
            ],
        };
        for source in sources {
            if let Some(chosen) = source()? {
                return Ok(chosen);
            }
        }
        self.newest(&question.tag, &question.constraint).ok_or_else(|| {
            self.no_match(&question.tag, &question.constraint, question.asked.clone())
        })
    }

    fn by_environment(&self, question: &Question) -> Option<Chosen> {
        let environment = self.environment(&question.constraint)?;
        self.step(|| "the active environment decides".to_string());
        Some(Chosen {
            program: environment.program,
            place: Place::Environment(environment.directory),
        })
    }

    /// What `PY_PYTHON` and the like prefer, by which a whole tag is meant.
    fn by_default(&self, level: Level, question: &Question) -> Answer {
        let Some((tag, asked)) =
            question.defaults().and_then(|major| self.settings.default(level, major))
        else {
            return Ok(None);
        };
        let agreeable = question.constraint.could_agree(&tag.request);
        if let Some(chosen) =
            agreeable.then(|| self.preferred(&tag, &question.constraint)).flatten()
        {
            return Ok(Some(self.decided(&asked, chosen)));
        }
        if agreeable && self.preferred(&tag, &Constraint::default()).is_none() {
            return Err(self.no_match(&tag, &tag.constraint, asked));
        }
        self.passed_over(&asked, &question.constraint);
        Ok(None)
    }

    /// What is installed of a preference. PATH is no answer to one that names a version, as it is none to a pin; a
    /// bare major is what `-3` would be.
    fn preferred(&self, tag: &Tag, constraint: &Constraint) -> Option<Chosen> {
        if tag.major().is_some() {
            return self.newest(tag, constraint);
        }
        self.installed_by(tag, &tag.constraint.and(constraint)?)
    }

    /// What a version file or `PYMAN_VERSION` pins: the first of its entries that agrees with C and is installed.
    fn by_pin(&self, pin: &Selection, question: &Question) -> Answer {
        let constraint = &question.constraint;
        if let Some(unclear) = pin.entries.iter().find(|entry| entry.is_unclear()) {
            return Err(self.not_there(pin, unclear));
        }
        let mut missing = None;
        for entry in &pin.entries {
            if *entry.wanted() == Wanted::System {
                if let Some(program) = self.system(constraint) {
                    return Ok(Some(
                        self.decided(&pin.origin, Chosen { program, place: Place::Path }),
                    ));
                }
                // Some Python would do, and there is none; a certain one may be elsewhere.
                if constraint.is_none() {
                    missing = missing.or(Some(entry));
                }
                continue;
            }
            if let Some(chosen) = self.installed(entry, constraint) {
                return Ok(Some(self.decided(&pin.origin, chosen)));
            }
            let found = self.resolver.find(entry);
            let elsewhere = found.is_some_and(|found| self.resolver.interpreter(&found).is_some());
            if !elsewhere && constraint.could_agree(entry) {
                missing = missing.or(Some(entry));
            }
        }
        if let Some(entry) = missing {
            return Err(self.not_there(pin, entry));
        }
        let empty_file = pin.stands_for_system() && matches!(pin.origin, Origin::File(_));
        if empty_file
            && constraint.is_none()
            && let Some(program) = self.system(constraint)
        {
            return Ok(Some(self.decided(&pin.origin, Chosen { program, place: Place::Path })));
        }
        if !pin.entries.is_empty() {
            self.step(|| format!("{} does not agree with {constraint}, passed over", pin.origin));
        }
        Ok(None)
    }

    /// The answer of a source that had one.
    fn decided(&self, source: &dyn fmt::Display, chosen: Chosen) -> Chosen {
        self.step(|| format!("{source} decides"));
        chosen
    }

    /// Row 11: the newest that is installed or linked, then PATH's.
    pub(super) fn newest(&self, tag: &Tag, constraint: &Constraint) -> Option<Chosen> {
        let both = tag.constraint.and(constraint)?;
        self.installed_by(tag, &both).or_else(|| {
            let numbered =
                matches!(tag.request.wanted(), Wanted::Series { .. } | Wanted::Specifier { .. });
            let searched = numbered && self.searches_path();
            let program = searched.then(|| self.newest_on_path(&both)).flatten()?;
            Some(Chosen { program, place: Place::Path })
        })
    }

    fn installed_by(&self, tag: &Tag, constraint: &Constraint) -> Option<Chosen> {
        tag.requests().find_map(|request| self.installed(request, constraint))
    }

    fn installed(&self, entry: &Request, constraint: &Constraint) -> Option<Chosen> {
        self.resolver
            .candidates(entry)
            .find_map(|installation| self.agreeable(installation, constraint))
    }

    fn agreeable(&self, installation: Installation, constraint: &Constraint) -> Option<Chosen> {
        if !self.resolver.agrees(&installation, constraint, None) {
            return None;
        }
        let program = self.resolver.interpreter(&installation)?;
        Some(Chosen { program, place: Place::Installed(installation) })
    }

    /// The error of a pin's entry that is not there.
    fn not_there(&self, pin: &Selection, entry: &Request) -> Error {
        let asked = match &pin.origin {
            Origin::File(path) | Origin::Global(path) | Origin::Shebang(path) => {
                let line = self.resolver.line_of(entry, &pin.origin).unwrap_or_default();
                Asked::File { path: path.clone(), line }
            }
            Origin::Variable(name) => Asked::Variable(name.as_bytes().to_vec()),
            Origin::Argument | Origin::System => Asked::Nowhere,
        };
        self.no_match(&Tag::parse(entry.text()), &Constraint::default(), asked)
    }

    pub(super) fn no_match(&self, tag: &Tag, constraint: &Constraint, asked: Asked) -> Error {
        let mut installed = self.resolver.installations();
        let mut wanted = tag.text().to_vec();
        let narrowed = constraint.specifiers.is_some() && tag.constraint.specifiers.is_none();
        if let (Some(bounds), true) = (&constraint.specifiers, narrowed) {
            wanted.extend_from_slice(bounds.to_string().as_bytes());
        }
        installed.retain(|installation| self.resolver.interpreter(installation).is_some());
        let any = !installed.is_empty()
            || (self.searches_path() && self.newest_on_path(&Constraint::default()).is_some());
        let installed = installed.into_iter().map(|installation| installation.name).collect();
        let request = tag.request.clone();
        let why = self.resolver.why(&request, &Origin::Argument);
        Error::NoMatch(Box::new(NoMatch { request, wanted, why, narrowed, asked, installed, any }))
    }

    fn passed_over(&self, asked: &Asked, constraint: &Constraint) {
        self.step(|| format!("{asked} does not agree with {constraint}, passed over"));
    }
}
