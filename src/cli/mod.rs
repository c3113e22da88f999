//! The command line: parse, run, report. The only room that prints or asks.

mod activation;
mod ask;
mod candidates;
mod command;
mod context;
mod description;
mod dispatch;
mod each;
mod external;
mod help;
mod packages;
mod printer;
mod process;
mod progress;
mod report;
mod run;
mod schema;
mod shell;
mod shims;
mod status;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::dispatch::{descriptions, dispatch};
use crate::error::Error;
use crate::world::Machine;

/// Runs one command line; `arguments` begins with the program's own name.
///
/// The status is the command's; an error has been reported on stderr when this returns.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments.into_iter();
    let program = arguments.next().unwrap_or_default();
    let ready = process::outlive_size_limit().map_err(Error::Disk);
    let status = ready.and_then(|()| Context::new(Machine, &program, descriptions())).map_or_else(
        |error| report::fatal(&error),
        |context| {
            let result = dispatch(&context, arguments.collect());
            report::finish(&context, result)
        },
    );
    ExitCode::from(status.code())
}
