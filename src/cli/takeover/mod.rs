//! Taking over what another tool has: decided as a list of steps, then carried out or only shown.
//!
//! Nothing large is copied and nothing of the other tool's is changed: its trees become links.

mod conda;
mod mise;
mod pyenv;
mod step;
mod uv;
mod wrapper;

use crate::cli::context::Context;
use crate::error::Error;
use crate::progress::Progress;

pub(crate) use step::Step;

/// A tool that can be taken over from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Tool {
    Pyenv,
    Uv,
    Mise,
    Conda,
    Virtualenvwrapper,
}

/// What taking over from `tool` comes to on this machine.
pub(crate) fn steps(
    context: &Context,
    tool: Tool,
    progress: &dyn Progress,
) -> Result<Vec<Step>, Error> {
    match tool {
        Tool::Pyenv => pyenv::steps(context),
        Tool::Uv => uv::steps(context, progress),
        Tool::Mise => mise::steps(context),
        Tool::Conda => conda::steps(context),
        Tool::Virtualenvwrapper => wrapper::steps(context),
    }
}
