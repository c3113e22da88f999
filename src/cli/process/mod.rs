//! This process and the system: the signals that ask long work to stop, and becoming another program.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{listen, replace};
#[cfg(windows)]
pub(crate) use windows::{listen, replace};
