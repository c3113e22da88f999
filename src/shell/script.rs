//! What the `sh-` commands print: changes of the calling shell, for its function to evaluate.

use super::dialect::Call;
use super::{Shell, template};
use std::path::{Path, PathBuf};

/// One change of the calling shell.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Script<'a> {
    /// Prints the version this shell has chosen.
    ShowVersion,
    /// Prints what pyenv's variable says.
    ShowPyenv,
    /// Chooses these versions (joined with `:`) and remembers the earlier choice.
    SetVersion(&'a [u8]),
    /// Takes the choice back and remembers it.
    UnsetVersion,
    /// The same, and takes pyenv's variable away.
    UnsetPyenv,
    /// Swaps the choice with the remembered one.
    SwapVersion,
    /// Rehashes, and makes the shell forget where commands were.
    Rehash,
    /// Activates an environment.
    Activate(&'a Activation),
    /// Undoes that.
    Deactivate(&'a Deactivation),
    /// Does nothing, with status 0.
    Nothing,
    /// Does nothing, with status 1: what was asked could not be done.
    Fail,
}

/// What the calling shell has chosen, for shells that evaluate no code and so cannot be told to remember.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Choice<'a> {
    /// `PYMAN_VERSION`.
    pub present: Option<&'a [u8]>,
    /// `PYMAN_VERSION_OLD`.
    pub earlier: Option<&'a [u8]>,
}

/// An environment about to be active.
#[derive(Debug)]
pub(crate) struct Activation {
    /// Its directory.
    pub prefix: PathBuf,
    /// What it is called.
    pub name: Vec<u8>,
    /// The versions to choose along with it.
    pub version: Option<Vec<u8>>,
    /// What to put before the prompt.
    pub prompt: Option<String>,
    /// What conda calls it, when it is conda's.
    pub conda: Option<Vec<u8>>,
    /// Scripts of its packages to be sourced.
    pub scripts: Vec<PathBuf>,
}

/// An environment no longer to be active.
#[derive(Debug)]
pub(crate) struct Deactivation {
    /// Whether it is conda's.
    pub conda: bool,
    /// Whether versions were chosen along with it.
    pub chosen: bool,
    /// Scripts of its packages to be sourced.
    pub scripts: Vec<PathBuf>,
}

/// The values of one section, by the names the templates have for them.
type Values<'a> = Vec<(&'static str, Option<&'a [u8]>)>;

impl<'a> Script<'a> {
    /// The code, in `shell`'s language.
    pub(crate) fn code(self, shell: Shell, call: &Call, choice: Choice<'_>) -> Vec<u8> {
        let mut code = Vec::new();
        for (section, values) in self.sections() {
            let remembered = [("present", choice.present), ("earlier", choice.earlier)];
            let words = values.into_iter().chain(remembered);
            let mut words: Vec<_> =
                words.map(|(name, value)| (name, shell.dialect().word(value))).collect();
            // Read when the user's aliases count anyway, so in pyenv's words.
            let call = shell.dialect().call(call);
            words.push(("pyman", call.strip_prefix(b"\\").unwrap_or(&call).to_vec()));
            template::write(shell.dialect().templates(), section, &words, &mut code);
        }
        code
    }

    fn sections(self) -> Vec<(&'static str, Values<'a>)> {
        match self {
            Self::ShowVersion => vec![("show-version", vec![])],
            Self::SetVersion(version) => vec![("set-version", vec![("value", Some(version))])],
            Self::UnsetVersion => vec![("unset-version", vec![])],
            Self::ShowPyenv => vec![("show-pyenv", vec![])],
            Self::UnsetPyenv => vec![("unset-version", vec![]), ("unset-pyenv", vec![])],
            Self::SwapVersion => vec![("swap-version", vec![])],
            Self::Rehash => vec![("rehash", vec![])],
            Self::Activate(activation) => activation.sections(),
            Self::Deactivate(deactivation) => deactivation.sections(),
            Self::Nothing => vec![("nothing", vec![])],
            Self::Fail => vec![("fail", vec![])],
        }
    }
}

impl Activation {
    fn sections(&self) -> Vec<(&'static str, Values<'_>)> {
        let values = || {
            let prefix = self.prefix.as_os_str().as_encoded_bytes();
            vec![
                ("prefix", Some(prefix)),
                ("name", Some(self.name.as_slice())),
                ("conda", self.conda.as_deref()),
                ("version", self.version.as_deref()),
                ("prompt", self.prompt.as_deref().map(str::as_bytes)),
            ]
        };
        let mut sections = Vec::new();
        sections.extend(self.version.is_some().then(|| ("activate-version", values())));
        sections.push(("activate", values()));
        sections.extend(self.prompt.is_some().then(|| ("activate-prompt", values())));
        sections.extend(self.conda.is_some().then(|| ("activate-conda", values())));
        sections.extend(self.scripts.iter().map(|script| sourced(script)));
        sections
    }
}

impl Deactivation {
    fn sections(&self) -> Vec<(&'static str, Values<'_>)> {
        let mut sections: Vec<_> = self.scripts.iter().map(|script| sourced(script)).collect();
        sections.push(("deactivate", vec![]));
        sections.extend(self.chosen.then(|| ("deactivate-version", vec![])));
        sections.extend(self.conda.then(|| ("deactivate-conda", vec![])));
        sections
    }
}

fn sourced(script: &Path) -> (&'static str, Values<'_>) {
    ("source", vec![("script", Some(script.as_os_str().as_encoded_bytes()))])
}
