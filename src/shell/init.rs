//! The code `pyman init -` prints: static text with a few quoted values. Evaluating it starts no process.

use super::dialect::Call;
use super::{Error, Shell, system, template};
use std::path::{Path, PathBuf};

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
        let sections = ["completion", "completing", "shell", "prompt"];
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
