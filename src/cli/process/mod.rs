//! This process and the system: the signals that ask long work to stop, becoming another program, and
//! waiting for one.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
mod wait;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{leave_questions, listen, outlive_size_limit, raise, replace, signal};
#[cfg(unix)]
pub(crate) use wait::wait;
#[cfg(windows)]
pub(crate) use windows::{
    leave_questions, listen, outlive_size_limit, raise, replace, signal, wait,
};
