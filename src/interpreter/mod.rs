//! What an executable says of itself when asked, and which interpreters this machine has.
//!
//! Nothing here trusts a name: a file is an interpreter when it has answered. What it answered is
//! for the caller to remember.

mod answer;
mod discover;
mod error;
mod keeper;
pub mod link;
mod probe;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use answer::Interpreter;
pub use discover::{Discovery, Found, discover};
pub use error::Error;
pub use keeper::{Grounds, Keeper};
pub use probe::probe;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;
