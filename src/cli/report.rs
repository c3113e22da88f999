//! The one place where an error meets its hint, and where an error becomes a status.

use crate::cli::context::Context;
use crate::cli::printer::Printer;
use crate::cli::progress::Watch;
use crate::cli::run::Status;
use crate::error::Error;
use crate::operation::site::Outcome;

/// The status of a command that ran, its error reported. What goes wrong because a signal asked to stop is no news to who
/// sent it.
pub(crate) fn finish(context: &Context, result: Result<Status, Error>) -> Status {
    result.unwrap_or_else(|error| match context.interruption() {
        Some(status) => status,
        None => report(&context.printer, &error),
    })
}

/// The status when not even a context could be made.
pub(crate) fn fatal(error: &Error) -> Status {
    report(&Printer::default(), error)
}

/// Says what happened, then what to do about it.
pub(crate) fn report(printer: &Printer, error: &Error) -> Status {
    printer.say(&error.line());
    for hint in error.hints() {
        printer.say(&format!("hint: {hint}"));
    }
    Status::new(error.exit_code())
}

/// Says what failed of several installations, each with its hint; the worst status, or the interruption's own.
pub(crate) fn conclude(printer: &Printer, watch: &Watch, results: Vec<Outcome>) -> Status {
    let interrupted = watch.interruption();
    results
        .into_iter()
        .filter_map(Result::err)
        .filter(|_| interrupted.is_none())
        .map(|error| report(printer, &error.into()))
        .fold(interrupted.unwrap_or(Status::SUCCESS), Status::worst)
}
