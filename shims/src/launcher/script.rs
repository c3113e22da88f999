//! Rows 2 and 3: what the script on the command line asks for.

use alloc::format;
use alloc::vec::Vec;

use super::sources::{Question, Scope};
use super::tag::{Asked, Tag};
use super::{Chosen, Error, Launcher, Run, arguments};
use crate::command::Place;
use crate::constraint::Constraint;
use crate::launch::Launch;
use crate::metadata::requires_python;
use crate::note::Note;
use crate::path;
use crate::request::Wanted;
use crate::shebang::{Command, HEAD, Shebang, words};
use crate::shown::Shown;
use crate::specifier::Specifiers;

/// What a shebang comes to.
enum Meaning {
    /// Some Python, with these arguments before the script.
    Python(Tag, Vec<Vec<u8>>),
    /// A program that is none of ours to choose.
    Program(Run),
    /// Nothing.
    Nothing,
}

impl Launcher<'_, '_> {
    /// What runs these arguments, none of which is the launcher's: the script among them says, or nobody does.
    pub(super) fn by_script(&self, arguments: &[&[u8]]) -> Result<Run, Error> {
        let Some(path) = arguments::script(arguments) else {
            return self.run(&Question::plain(), Vec::new());
        };
        let Some(head) = self.head(path) else {
            return self.run(&Question::plain(), Vec::new());
        };
        let (mut question, mut before) = (Question::plain(), Vec::new());
        if let Some(shebang) = Shebang::parse(&head) {
            let asked = Asked::Script { path: path.to_vec(), line: shebang.line };
            self.step(|| format!("{asked} asks for {}", Shown(&shebang.written)));
            match self.meaning(shebang, &asked)? {
                Meaning::Program(run) => return Ok(run),
                Meaning::Python(tag, words) => {
                    before = words;
                    question = self.by_tag(tag, asked)?;
                }
                Meaning::Nothing => {}
            }
        }
        self.narrow(&mut question, &head, path);
        self.run(&question, before)
    }

    /// The start of a script. What is no regular file is never opened, and what cannot be opened is left to Python.
    fn head(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.world().read(path, HEAD).unwrap_or_default()
    }

    /// What a shebang's tag asks; one that is no version is not found, whatever is installed under that name.
    fn by_tag(&self, tag: Tag, asked: Asked) -> Result<Question, Error> {
        match tag.request.wanted() {
            Wanted::Series { .. } | Wanted::Specifier { .. } => {
                let asked = if tag.text().is_empty() { Asked::Nowhere } else { asked };
                Ok(Question::of(tag, asked, Scope::Open))
            }
            Wanted::Stem(_) => Ok(Question::of(tag, asked, Scope::Final)),
            Wanted::Exact | Wanted::System => {
                Err(self.no_match(&tag, &Constraint::default(), asked))
            }
        }
    }

    /// `requires-python` narrows what is open, or open but for the major; a shebang it contradicts wins.
    fn narrow(&self, question: &mut Question, head: &[u8], path: &[u8]) {
        let is_open = question.scope == Scope::Open
            && (question.constraint.is_none() || question.tag.major().is_some());
        let Some(text) = requires_python(head).filter(|_| is_open) else {
            return;
        };
        let Some(bounds) = Specifiers::parse(text) else {
            let asked = Asked::Metadata(path.to_vec());
            let text = format!("{asked} is no specifier: `{}', passed over", Shown(text));
            self.resolver.note(Note::Warning(text));
            return;
        };
        if question.constraint.series.is_some_and(|series| !bounds.allow_some(series)) {
            self.step(|| format!("{bounds} contradicts the first line, passed over"));
            return;
        }
        question.constraint.specifiers = Some(bounds);
        if question.asked == Asked::Nowhere {
            question.asked = Asked::Metadata(path.to_vec());
        }
    }

    fn meaning(&self, shebang: Shebang, asked: &Asked) -> Result<Meaning, Error> {
        if let Some(meaning) = self.command(&shebang)? {
            return Ok(meaning);
        }
        let Shebang { command, arguments, .. } = shebang;
        match command {
            Command::Python { tag, .. } => Ok(Meaning::Python(Tag::parse(&tag), arguments)),
            Command::Named(name) => self.named(&name, arguments, asked),
            Command::Path(program) => self.as_written(program, arguments, asked),
            Command::Relative => Ok(Meaning::Nothing),
        }
    }

    /// What py.ini's `[commands]` says of it: a path that may have blanks in it, or a command with arguments.
    fn command(&self, shebang: &Shebang) -> Result<Option<Meaning>, Error> {
        let Some((value, asked)) = shebang.names().find_map(|name| self.settings.command(name))
        else {
            return Ok(None);
        };
        let whole = path::is_absolute(value) && self.world().is_executable(value);
        let mut arguments = if whole { alloc::vec![value.to_vec()] } else { words(value) };
        if arguments.is_empty() {
            return Ok(None);
        }
        let program = arguments.remove(0);
        arguments.extend_from_slice(&shebang.arguments);
        let shown_only = self.is_dry_run() && self.resolver.on_path(&program).is_none();
        let meaning = if path::is_absolute(&program) || shown_only {
            self.as_written(program, arguments, &asked)
        } else {
            self.named(&program, arguments, &asked)
        };
        meaning.map(Some)
    }

    /// A program by its name, from PATH but for our shims.
    fn named(&self, name: &[u8], arguments: Vec<Vec<u8>>, asked: &Asked) -> Result<Meaning, Error> {
        if !self.searches_path() {
            return Ok(Meaning::Nothing);
        }
        let program = self.resolver.on_path(name).filter(|program| path::is_absolute(program));
        let Some(program) = program else {
            return Err(Error::CannotStart { program: name.to_vec(), asked: asked.clone() });
        };
        self.start(Chosen { program, place: Place::Path }, arguments).map(Meaning::Program)
    }

    /// A program by its path. Where that is ourselves, what we would do is meant, not to be started over again. A dry
    /// run starts nothing, so it shows what could not be started too.
    fn as_written(
        &self,
        program: Vec<u8>,
        mut arguments: Vec<Vec<u8>>,
        asked: &Asked,
    ) -> Result<Meaning, Error> {
        let is_there = self.world().is_executable(&program);
        if !is_there && !self.is_dry_run() {
            return Err(Error::CannotStart { program, asked: asked.clone() });
        }
        if is_there
            && !self.runnable(&program)
            && let Command::Python { tag, .. } =
                Command::named(path::name(&program), &mut arguments)
        {
            return Ok(Meaning::Python(Tag::parse(&tag), arguments));
        }
        let launch = Launch { program, search_path: None, chain: None };
        Ok(Meaning::Program(Run { launch, leading: arguments, skipped: 0, root: None }))
    }
}
