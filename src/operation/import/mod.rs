//! Taking over what another tool has: decided as a list of steps, then carried out or only shown.
//!
//! Nothing large is copied and nothing of the other tool's is changed: its trees become links.

mod step;
mod tools;

use crate::error::Error;
use crate::operation::Ground;
use crate::progress::Progress;

pub(crate) use step::Step;

/// A tool that can be taken over from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Pyenv,
    Uv,
    Mise,
    Conda,
    Virtualenvwrapper,
}

impl Tool {
    /// Every tool.
    pub(crate) const ALL: [Self; 5] =
        [Self::Pyenv, Self::Uv, Self::Mise, Self::Conda, Self::Virtualenvwrapper];

    /// What it is called.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pyenv => "pyenv",
            Self::Uv => "uv",
            Self::Mise => "mise",
            Self::Conda => "conda",
            Self::Virtualenvwrapper => "virtualenvwrapper",
        }
    }
}

/// What taking over from `tool` comes to on this machine.
pub(crate) fn steps(
    ground: &Ground,
    tool: Tool,
    progress: &dyn Progress,
) -> Result<Vec<Step>, Error> {
    match tool {
        Tool::Pyenv => tools::pyenv(ground),
        Tool::Uv => tools::uv(ground, progress),
        Tool::Mise => tools::mise(ground),
        Tool::Conda => tools::conda(ground),
        Tool::Virtualenvwrapper => tools::virtualenvwrapper(ground),
    }
}
