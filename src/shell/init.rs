//! The code `pyman init -` prints: static text with a few quoted values; evaluating it starts no process. And the same code
//! kept in the root for start-up files to read: a shell that begins so starts no process at all.

use std::path::{Path, PathBuf};

use crate::disk::{self, Directory, Privacy};
use crate::shell::dialect::{Account, Call, Part};
use crate::shell::{Error, Outcome, Shell, rc, system, template};

/// What the printed code is about.
#[derive(Debug)]
pub(crate) struct Init<'a> {
    /// The root, absolute.
    pub root: &'a Path,
    /// Newer directories than this file ask for a rehash.
    pub stamp: &'a Path,
    /// How the code calls the manager.
    pub manager: Call,
    /// Whether `PYMAN_ROOT` was set, so that the shell is to keep it.
    pub rooted: bool,
    /// What happens to a `shims/` that PATH has already.
    pub push: Push,
    /// Whether virtualenvwrapper's functions are wanted.
    pub wrapped: bool,
    /// Whether what asks for pyenv is to find this root.
    pub(crate) pyenv: bool,
    /// A directory that goes last in PATH, because `pyman` would not be found otherwise.
    pub last: Option<PathBuf>,
}

/// What happens to a `shims/` that PATH has already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Push {
    /// It moves to the front.
    #[default]
    First,
    /// It stays where it is.
    Keep,
}

impl Init<'_> {
    /// All of the integration, for the shell that goes by `name`.
    pub(crate) fn code(&self, shell: Shell, name: &str) -> Result<Vec<u8>, Error> {
        let mut sections = vec!["guard", self.path_section()];
        sections.extend(self.last.is_some().then_some("last"));
        sections.extend(self.rooted.then_some("root"));
        sections.extend(self.pyenv.then_some("pyenv"));
        let mut code = self.render(shell, name, &sections)?;
        let mut sections = vec!["completion", "completing", "shell", "prompt"];
        sections.extend(self.pyenv.then_some("pyenv-function"));
        code.extend(shell.dialect().later(self.render(shell, name, &sections)?));
        if self.wrapped {
            let scripts = shell.dialect().wrapper();
            if scripts.is_empty() {
                return Err(Error::Unwrapped);
            }
            let scripts = scripts.iter().flat_map(|script| template::whole(script)).collect();
            code.extend(shell.dialect().later_with_hooks(scripts));
        }
        code.extend(self.render(shell, name, &["unguard"])?);
        Ok(code)
    }

    /// What completes the manager's command line and nothing else, as a package puts it where the shell looks; none: the
    /// shell has no such thing.
    pub(crate) fn completion(shell: Shell) -> Option<Vec<u8>> {
        let mut code = Vec::new();
        let values = [("pyman", b"pyman".to_vec())];
        template::write(shell.dialect().templates(), "completion", &values, &mut code);
        if code.is_empty() {
            return None;
        }
        // A function that zsh loads when it is first called.
        let (head, tail) = match shell {
            Shell::Zsh => ("#compdef pyman\n", "_pyman \"$@\"\n"),
            Shell::Nushell => ("", "extern pyman [...words: string@\"nu-complete pyman\"]\n"),
            Shell::Bash | Shell::Fish | Shell::Ksh | Shell::Dash | Shell::PowerShell => ("", ""),
        };
        Some([head.as_bytes(), &code, tail.as_bytes()].concat())
    }

    /// What makes a shell follow version files that name environments.
    pub(crate) fn virtualenv(&self, shell: Shell, name: &str) -> Result<Vec<u8>, Error> {
        let mut code = self.render(shell, name, &["guard"])?;
        let sections = ["virtualenv", "virtualenv-prompt"];
        code.extend(shell.dialect().later(self.render(shell, name, &sections)?));
        code.extend(self.render(shell, name, &["unguard"])?);
        Ok(code)
    }

    /// What is found by PATH alone, and where pyenv's root is said to be.
    pub(crate) fn path(&self, shell: Shell, name: &str) -> Result<Vec<u8>, Error> {
        let mut sections = vec![self.path_section()];
        sections.extend(self.last.is_some().then_some("last"));
        sections.extend(self.pyenv.then_some("pyenv"));
        self.render(shell, name, &sections)
    }

    fn path_section(&self) -> &'static str {
        match self.push {
            Push::First => "push",
            Push::Keep => "keep",
        }
    }

    fn render(&self, shell: Shell, name: &str, sections: &[&str]) -> Result<Vec<u8>, Error> {
        let shims = self.root.join("shims");
        if shims.as_os_str().as_encoded_bytes().contains(&system::DIVIDER) {
            return Err(Error::Divided(shims));
        }
        let quoted = |path: &Path| shell.quote(path.as_os_str().as_encoded_bytes());
        let values = [
            ("root", quoted(self.root)),
            ("shims", quoted(&shims)),
            ("versions", quoted(&self.root.join("versions"))),
            ("plugins", quoted(&self.root.join("plugins"))),
            ("stamp", quoted(self.stamp)),
            ("last", self.last.as_deref().map(quoted).unwrap_or_default()),
            ("shell", name.as_bytes().to_vec()),
            ("read", template::one_line(shell.dialect().templates(), "read").into()),
            ("pyman", shell.dialect().call(&self.manager)),
        ];
        let mut code = Vec::new();
        for section in sections {
            template::write(shell.dialect().templates(), section, &values, &mut code);
        }
        Ok(code)
    }
}

/// The parts that are kept: the code is the same whoever asks, and when.
const PARTS: [Part; 2] = [Part::Everything, Part::Path];

/// Where they are kept, counted from the root.
const FOLDER: &str = "init";

/// A file of the root, and what is to be in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kept {
    root: PathBuf,
    name: String,
    text: Vec<u8>,
}

impl Kept {
    /// What would come of keeping it.
    pub(super) fn outcome(&self) -> Result<Outcome, Error> {
        let there = folder(&self.root)?.map(|folder| folder.read(&self.name)).transpose()?;
        let unchanged = there.flatten().as_ref() == Some(&self.text);
        Ok(if unchanged { Outcome::Unchanged } else { Outcome::Changed })
    }

    /// Keeps it.
    pub(super) fn write(&self) -> Result<(), Error> {
        let folder = Directory::make(&self.root)?.make_below(FOLDER)?;
        folder.sweep_temporaries()?;
        Ok(folder.replace(&self.name, &self.text, Privacy::Shared)?)
    }
}

/// A part's line, and its code in the root; none where the shell asks the manager at each start.
pub(super) fn kept_part(
    shell: Shell,
    part: Part,
    account: &Account,
    init: &Init<'_>,
) -> Result<Option<(Vec<u8>, Kept)>, Error> {
    let Some(name) = name(shell, part) else { return Ok(None) };
    let file = init.root.join(FOLDER).join(&name);
    let Some(line) = shell.dialect().reading(account, part, &file) else { return Ok(None) };
    Ok(Some((line, kept(name, shell, part, init)?)))
}

/// Makes the code that the root keeps what this manager prints. What is no file there is for `doctor` to name.
pub(crate) fn renew(init: &Init<'_>) -> Result<(), Error> {
    let Some(folder) = folder(init.root)? else { return Ok(()) };
    for (shell, part, name) in names() {
        if folder.look(&name)?.is_some_and(|found| found.is_file()) {
            let kept = kept(name, shell, part, init)?;
            if kept.outcome()? == Outcome::Changed {
                kept.write()?;
            }
        }
    }
    Ok(())
}

/// Removes what the root keeps for a shell.
pub(super) fn remove_kept(root: &Path, shell: Shell) -> Result<(), Error> {
    let Some(folder) = folder(root)? else { return Ok(()) };
    for (_, _, name) in names().filter(|(its, _, _)| *its == shell) {
        if folder.read(&name)?.is_some_and(|text| rc::is_whole(&text)) {
            folder.unlink(&name)?;
        }
    }
    folder.sweep_temporaries()?;
    Directory::open(root)?.remove_empty(FOLDER)?;
    Ok(())
}

fn kept(name: String, shell: Shell, part: Part, init: &Init<'_>) -> Result<Kept, Error> {
    let code = match part {
        Part::Path | Part::Early | Part::Remote => init.path(shell, shell.name())?,
        Part::Everything | Part::Whoever | Part::Code => init.code(shell, shell.name())?,
    };
    Ok(Kept { root: init.root.to_owned(), name, text: rc::whole(&code) })
}

fn names() -> impl Iterator<Item = (Shell, Part, String)> {
    Shell::ALL.into_iter().flat_map(move |shell| {
        PARTS.into_iter().filter_map(move |part| Some((shell, part, name(shell, part)?)))
    })
}

fn name(shell: Shell, part: Part) -> Option<String> {
    match part {
        Part::Everything => Some(shell.name().to_owned()),
        Part::Path | Part::Early | Part::Remote => Some(format!("{}-path", shell.name())),
        Part::Whoever | Part::Code => None,
    }
}

/// The directory of what is kept; none where nothing is. What is none is for `doctor` to name.
fn folder(root: &Path) -> Result<Option<Directory>, Error> {
    if !disk::is_directory(root) {
        return Ok(None);
    }
    let root = Directory::open(root)?;
    match root.look(FOLDER)? {
        Some(found) if found.is_directory() || found.is_link() => Ok(root.below(FOLDER)?),
        Some(_) | None => Ok(None),
    }
}
