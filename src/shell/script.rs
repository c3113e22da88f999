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

impl Script<'_> {
    /// The code, in `shell`'s language.
    pub fn code(self, shell: Shell, manager: &Call) -> Vec<u8> {
        let (section, value): (_, &[u8]) = match self {
            Self::ShowVersion => ("show-version", b""),
            Self::SetVersion(version) => ("set-version", version),
            Self::UnsetVersion => ("unset-version", b""),
            Self::SwapVersion => ("swap-version", b""),
            Self::Rehash => ("rehash", b""),
            Self::Fail => ("fail", b""),
        };
        let values = [("value", word(shell, value)), ("pyman", shell.dialect().call(manager))];
        let mut code = Vec::new();
        template::write(shell.dialect().templates(), section, &values, &mut code);
        code
    }
}

/// Between double quotes when nothing in the value could mean anything there, as pyenv prints it.
fn word(shell: Shell, value: &[u8]) -> Vec<u8> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-+:/@".contains(byte);
    if value.iter().all(plain) { [b"\"", value, b"\""].concat() } else { shell.quote(value) }
}
