//! The program: hand over to the command line, return its status.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "the door: here the arguments come in")]
    let arguments = std::env::args_os();
    pyman::cli::main(arguments)
}
