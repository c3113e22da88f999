//! What an executable says of itself when asked, and which interpreters this machine has.
//!
//! Nothing here trusts a name: a file is an interpreter when it has answered. What it answered is
//! for the caller to remember.

mod answer;
mod discover;
pub(crate) mod link;
mod probe;
mod tool;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) use answer::Interpreter;
pub(crate) use discover::{Found, discover};
pub(crate) use probe::{Error, probe, start};
pub(crate) use tool::{Grounds, Tool};

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;
