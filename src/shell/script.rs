//! What the `sh-` commands print: changes of the calling shell, for its function to evaluate.

use super::{Call, Shell, template};

/// One change of the calling shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script<'a> {
    /// Prints the version this shell has chosen.
    ShowVersion,
    /// Chooses these versions (joined with `:`) and remembers the earlier choice.
    SetVersion(&'a [u8]),
    /// Takes the choice back and remembers it.
    UnsetVersion,
    /// Swaps the choice with the remembered one.
    SwapVersion,
    /// Rehashes, and makes the shell forget where commands were.
    Rehash,
    /// Does nothing, with status 1: what was asked could not be done.
    Fail,
}

/// What the calling shell has chosen, for shells that evaluate no code and so cannot be told to remember.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice<'a> {
    /// `PYMAN_VERSION`.
    pub present: Option<&'a [u8]>,
    /// `PYMAN_VERSION_OLD`.
    pub earlier: Option<&'a [u8]>,
}

impl Script<'_> {
    /// The code, in `shell`'s language.
    pub fn code(self, shell: Shell, call: &Call, choice: Choice<'_>) -> Vec<u8> {
        let (section, value): (_, Option<&[u8]>) = match self {
            Self::ShowVersion => ("show-version", None),
            Self::SetVersion(version) => ("set-version", Some(version)),
            Self::UnsetVersion => ("unset-version", None),
            Self::SwapVersion => ("swap-version", None),
            Self::Rehash => ("rehash", None),
            Self::Fail => ("fail", None),
        };
        let word = |value| shell.dialect().word(value);
        let values = [
            ("value", word(value)),
            ("present", word(choice.present)),
            ("earlier", word(choice.earlier)),
            ("pyman", shell.dialect().call(call)),
        ];
        let mut code = Vec::new();
        template::write(shell.dialect().templates(), section, &values, &mut code);
        code
    }
}
