//! The one place where an error meets its hint, and where an error becomes a status.

use crate::cli::context::Context;
use crate::cli::printer::Printer;
use crate::cli::progress::Watch;
use crate::cli::run::Status;
use crate::cli::schema;
use crate::error::Error;
use crate::operation::site::Outcome;

/// The status of a command that ran, its error reported. What goes wrong because a signal asked to stop is no news to who
/// sent it.
pub(crate) fn finish(context: &Context, result: Result<Status, Error>) -> Status {
    result.unwrap_or_else(|error| {
        if let Some(status) = context.interruption() {
            return status;
        }
        context.printer.fail(|| schema::failure(&error));
        report(&context.printer, &error)
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

/// So many failures of one command are said, the others counted: a version file may have any number of lines.
const NAMED: usize = 3;

/// Says what failed of several things, each with its hint; the worst status.
pub(crate) fn several(printer: &Printer, errors: &[Error]) -> Status {
    let statuses = errors.iter().map(|error| Status::new(error.exit_code()));
    let worst = statuses.fold(Status::SUCCESS, Status::worst);
    for error in errors.iter().take(NAMED) {
        report(printer, error);
    }
    if let Some(more) = errors.len().checked_sub(NAMED).filter(|more| *more > 0) {
        printer.say(&format!("pyman: {more} more failed"));
    }
    worst
}

/// The same of installations; the status of an interruption is that alone.
pub(crate) fn conclude(printer: &Printer, watch: &Watch, results: Vec<Outcome>) -> Status {
    if let Some(interrupted) = watch.interruption() {
        return interrupted;
    }
    let errors: Vec<Error> = results.into_iter().filter_map(Result::err).map(Error::from).collect();
    several(printer, &errors)
}
