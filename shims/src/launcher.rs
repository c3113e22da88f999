//! `py`, the launcher: which Python a command line runs, by the rules of the Windows launcher and of the version files.
//!
//! [`Launcher::decide`] makes an [`Action`] of the arguments. Whoever performs it (the shim program, the manager) also
//! takes the variables in [`CLEARED`] away, prints the resolver's notes, and runs nothing else.

mod arguments;
mod environment;
mod error;
mod listing;
mod run;
mod script;
mod search;
mod settings;
mod shown;
mod sources;
mod tag;

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;

use alloc::format;
use alloc::vec::Vec;

pub use arguments::Shown as ListShows;
pub use error::{Error, NoMatch};
pub use listing::{Kind, Row};
pub use run::{Launcher, Run};
pub use tag::{Asked, Tag};

use crate::command::Place;
use crate::launch::Launch;
use crate::note::Note;
use crate::path;
use crate::shown::Shown;
use arguments::Invocation;
use run::Chosen;
use sources::{Question, Scope};

/// The variables that never reach what `py` runs.
pub const CLEARED: [&[u8]; 1] = [b"__PYVENV_LAUNCHER__"];

/// What a command line comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Replace this process.
    Run(Run),
    /// Write to standard output; then replace this process, or end well.
    Print {
        /// What to write.
        text: Vec<u8>,
        /// What to run then.
        then: Option<Run>,
    },
    /// End with the error's status.
    Fail(Error),
}

impl Launcher<'_, '_> {
    /// What these words after `py` come to.
    pub fn decide(&self, arguments: &[&[u8]]) -> Action {
        let skipped = |rest: &[&[u8]]| arguments.len() - rest.len();
        match Invocation::parse(arguments) {
            Invocation::Run { tag, arguments: rest, may_install } => {
                let run = match tag {
                    Some(tag) => self.run(&Self::typed(tag), Vec::new()),
                    None => self.by_script(rest),
                };
                let run = match run {
                    Ok(run) => Ok(Run { skipped: skipped(rest), ..run }),
                    Err(error) => self.after_install(error, may_install),
                };
                self.finish(run, arguments)
            }
            Invocation::List(shows) => Action::Print { text: self.lines(shows), then: None },
            Invocation::Help(rest) => {
                let then = self.by_script(rest).map_err(|error| {
                    self.resolver.note(Note::Warning(format!("{error}")));
                });
                let mut text = shown::TEXT.as_bytes().to_vec();
                let mut then = then.ok().map(|run| Run { skipped: skipped(rest), ..run });
                if let Some(run) = then.take_if(|_| self.is_dry_run()) {
                    text.extend(shown::command(&run, arguments));
                }
                Action::Print { text, then }
            }
            Invocation::Manager { leading, arguments: rest } => {
                let run = self.manager(leading);
                self.finish(run.map(|run| Run { skipped: skipped(rest), ..run }), arguments)
            }
        }
    }

    /// What a tag on the command line asks; no script is read for it.
    fn typed(tag: &[u8]) -> Question {
        if tag.eq_ignore_ascii_case(b"default") {
            return Question::plain();
        }
        let tag = Tag::parse(tag);
        let scope = if tag.major().is_some() { Scope::Defaults } else { Scope::Final };
        Question::of(tag, Asked::CommandLine, scope)
    }

    /// The interpreter that answers, with these arguments before the others.
    fn run(&self, question: &Question, leading: Vec<Vec<u8>>) -> Result<Run, Error> {
        self.start(self.choose(question)?, leading)
    }

    fn start(&self, chosen: Chosen, leading: Vec<Vec<u8>>) -> Result<Run, Error> {
        self.step(|| format!("runs {}", Shown(&chosen.program)));
        let chain = match chosen.place {
            Place::Installed(_) | Place::Environment(_) => None,
            Place::Path => {
                let Some(chain) = self.resolver.next_in_chain() else {
                    let (shim, found) = (self.program.clone(), chosen.program);
                    return Err(crate::Error::Chain { shim, found }.into());
                };
                Some(chain)
            }
        };
        let launch = Launch { program: chosen.program, search_path: None, chain };
        Ok(Run { launch, leading, skipped: 0, root: None })
    }

    /// Row 12: the manager, which installs the version and then decides again.
    fn after_install(&self, error: Error, may_install: bool) -> Result<Run, Error> {
        let Some((version, asked)) = error.installable().filter(|_| self.may_install) else {
            return Err(error);
        };
        let allowed = self.world().variable(b"PYLAUNCHER_ALLOW_INSTALL").is_some();
        let typed = *asked == Asked::CommandLine;
        if !(allowed || (may_install && typed)) {
            return Err(error);
        }
        let root = self.resolver.home().root();
        let run = self.manager(&[b"_py", b"--root", root, b"--install", version, b"--"])?;
        // What it runs in the end gets the variable as it is.
        Ok(Run { root: None, ..run })
    }

    /// The manager of our root: the `pyman` beside us, else the root's own; never by PATH.
    fn manager(&self, leading: &[&[u8]]) -> Result<Run, Error> {
        let beside = path::parent(&self.program).map(|directory| path::join(directory, b"pyman"));
        let expected = self.resolver.home().manager();
        let found =
            beside.into_iter().chain([expected.clone()]).find(|program| self.runnable(program));
        let Some(program) = found else {
            return Err(Error::NoManager { expected });
        };
        let launch = Launch { program, search_path: None, chain: None };
        let leading = leading.iter().map(|word| word.to_vec()).collect();
        let root =
            self.world().variable(b"PYMAN_ROOT").map(|_| self.resolver.home().root().to_vec());
        Ok(Run { launch, leading, skipped: 0, root })
    }

    fn finish(&self, run: Result<Run, Error>, arguments: &[&[u8]]) -> Action {
        match run {
            Err(error) => Action::Fail(error),
            Ok(run) if self.is_dry_run() => {
                Action::Print { text: shown::command(&run, arguments), then: None }
            }
            Ok(run) => Action::Run(run),
        }
    }

    /// Whether the command is to be shown and not run.
    fn is_dry_run(&self) -> bool {
        self.world().variable(b"PYLAUNCHER_DRYRUN").is_some()
    }
}
