//! This process and the system: the signals that ask long work to stop, becoming another program, and
//! waiting for one.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix::signal;
#[cfg(unix)]
pub(crate) use unix::wait;
#[cfg(unix)]
pub(crate) use unix::{columns, leave_questions, listen, outlive_size_limit, raise, replace};
#[cfg(windows)]
use windows::signal;
#[cfg(windows)]
pub(crate) use windows::{
    columns, leave_questions, listen, outlive_size_limit, raise, replace, wait,
};

use std::process::ExitStatus;

use crate::cli::status::Status;

/// How a program ended; one that a signal ended counts as 128 + its number.
pub(crate) fn status(ended: ExitStatus) -> Status {
    let code = ended.code().or_else(|| signal(ended).map(|signal| 128 + signal));
    Status::new(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
