//! Which start-up files get which line: decided here, done by `rc`; and of which shell: the parent process, by the name it was
//! started under, else by its executable. And pyenv's name, for editors and tools that look for pyenv and know nothing of us:
//! a `pyenv` beside `pyman` in the root's `bin`, and `PYENV_ROOT` in what `init` prints as long as that stands.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Directory};
use crate::shell::dialect::{Account, Part};
use crate::shell::init::{self, Kept};
use crate::shell::{Edit, Error, Init, Outcome, Shell, base, rc, system};

/// What `setup` is asked for.
#[derive(Debug)]
pub(crate) struct Setup<'a> {
    /// The shell to be set up.
    pub shell: Shell,
    /// Whose files.
    pub account: &'a Account,
    /// What the code is about.
    pub init: &'a Init<'a>,
}

/// Takes out of every file of this account what a set-up of `shell` ever put in; the files changed.
pub(crate) fn undo(shell: Shell, account: &Account) -> Result<Vec<PathBuf>, Error> {
    let mut changed = Vec::new();
    for file in shell.dialect().candidates(account) {
        if rc::remove(&file)? == Outcome::Changed {
            changed.push(file);
        }
    }
    init::remove_kept(&account.root, shell)?;
    Ok(changed)
}

/// One file's part of a set-up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What is to be in the file.
    edit: Edit,
    /// What to show of it.
    pub line: Vec<u8>,
    /// The code that the line reads.
    kept: Option<Kept>,
}

impl Step {
    /// The file it is about.
    pub(crate) fn file(&self) -> &Path {
        self.edit.file()
    }

    /// Does it: the code first, then the line that reads it.
    pub(crate) fn add(&self) -> Result<Outcome, Error> {
        let outcome = self.outcome()?;
        if outcome == Outcome::Changed {
            self.kept.as_ref().map(Kept::write).transpose()?;
            self.edit.add()?;
        }
        Ok(outcome)
    }

    /// What would come of it.
    pub(crate) fn outcome(&self) -> Result<Outcome, Error> {
        match (self.edit.outcome()?, &self.kept) {
            (Outcome::Unchanged, Some(kept)) => kept.outcome(),
            (outcome, _) => Ok(outcome),
        }
    }
}

impl Setup<'_> {
    /// The files and what goes into each, most telling first.
    pub(crate) fn steps(&self) -> Result<Vec<Step>, Error> {
        if self.account.root.as_os_str().as_encoded_bytes().contains(&b'\n') {
            return Err(Error::Broken(self.account.root.clone()));
        }
        let dialect = self.shell.dialect();
        let steps = dialect.files(self.account).into_iter().map(|(file, part)| {
            if let Some((line, code)) = init::kept_part(self.shell, part, self.account, self.init)?
            {
                let edit = match part {
                    Part::Early => Edit::early(file, &line)?,
                    Part::Everything | Part::Whoever | Part::Path | Part::Remote | Part::Code => {
                        Some(Edit::line(file, &line))
                    }
                };
                return Ok(edit.map(|edit| Step { edit, line, kept: Some(code) }));
            }
            let line = dialect.statements(self.account, part).join(b"; ".as_slice());
            let line = dialect.guarded(self.account, line);
            let edit = match part {
                Part::Everything | Part::Whoever | Part::Path | Part::Early | Part::Remote => {
                    Edit::line(file, &line)
                }
                Part::Code => Edit::whole(file, &self.init.code(self.shell, self.shell.name())?),
            };
            Ok(Some(Step { edit, line, kept: None }))
        });
        steps.filter_map(Result::transpose).collect()
    }
}

impl Account {
    /// The lines a person would put into a start-up file, for `init` to show.
    pub(crate) fn lines(&self, shell: Shell) -> Vec<u8> {
        shell.dialect().statements(self, Part::Everything).join(&b'\n')
    }

    /// The files those lines belong into.
    pub(crate) fn files(&self, shell: Shell) -> Vec<PathBuf> {
        let files = shell.dialect().files(self).into_iter();
        let all = files.filter(|(_, part)| !matches!(part, Part::Early | Part::Remote));
        all.map(|(file, _)| file).collect()
    }
}

/// Where it stands in a root.
pub(crate) fn pyenv(root: &Path) -> PathBuf {
    root.join("bin").join(system::PYENV)
}

/// Whether this root answers to pyenv's name.
pub(crate) fn is_pyenv(root: &Path) -> io::Result<bool> {
    system::stands_in(&pyenv(root))
}

/// Makes it answer to that.
pub(crate) fn become_pyenv(root: &Path) -> io::Result<()> {
    system::stand_in(&Directory::make(root)?.make_below("bin")?)
}

/// Takes the name away again; whether it was there.
pub(crate) fn leave_pyenv(root: &Path) -> io::Result<bool> {
    let stood = disk::is_directory(root) && is_pyenv(root)?;
    if stood && let Some(bin) = Directory::open(root)?.below("bin")? {
        bin.unlink(system::PYENV)?;
    }
    Ok(stood)
}

/// The shell that asked: the parent process if it is one of ours, else what `SHELL` says; with the name it
/// goes by.
pub(crate) fn detect(variable: Option<&str>) -> Option<(Shell, String)> {
    let names = system::parent_names();
    names.iter().map(String::as_str).chain(variable).find_map(named)
}

/// The shells that a set-up without a name is for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Those of ours: what `SHELL` says, which is what a terminal starts, and the one that called.
    pub(crate) shells: Vec<Shell>,
    /// What `SHELL` names and we do not know.
    pub(crate) unknown: Option<String>,
}

/// Whose set-up is asked for: that of the shell that calls and of the one that `SHELL` names.
pub(crate) fn asked(variable: Option<&str>) -> Asked {
    let calling = system::parent_names();
    among(variable, calling.iter().find_map(|name| Shell::named(name)))
}

fn among(variable: Option<&str>, calling: Option<Shell>) -> Asked {
    let usual = variable.and_then(Shell::named);
    let unknown = variable.filter(|_| usual.is_none()).map(|name| base(name).to_owned());
    let calling = calling.filter(|calling| usual != Some(*calling));
    Asked { shells: usual.into_iter().chain(calling).collect(), unknown }
}

fn named(name: &str) -> Option<(Shell, String)> {
    Some((Shell::named(name)?, base(name).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_the_usual_shell_and_the_calling_one_are_asked_for() {
        let cases = [
            (Some("/bin/bash"), Some(Shell::Dash), vec![Shell::Bash, Shell::Dash], None),
            (Some("/bin/bash"), Some(Shell::Bash), vec![Shell::Bash], None),
            (Some("-zsh"), None, vec![Shell::Zsh], None),
            (None, Some(Shell::Fish), vec![Shell::Fish], None),
            (Some("/bin/tcsh"), Some(Shell::Dash), vec![Shell::Dash], Some("tcsh")),
            (Some("/bin/tcsh"), None, vec![], Some("tcsh")),
            (None, None, vec![], None),
        ];
        for (variable, calling, shells, unknown) in cases {
            let expected = Asked { shells, unknown: unknown.map(str::to_owned) };
            assert_eq!(among(variable, calling), expected);
        }
    }
}
