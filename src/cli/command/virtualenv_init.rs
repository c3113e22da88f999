//! `pyman virtualenv-init`: the code that makes a shell follow version files that name environments.

use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::operation::shells;
use crate::rehash;
use crate::shell::{Push, Shell, detect};

/// Activate environments by version files, at each prompt
///
/// Print the code a shell evaluates at its start, after that of `init`: `eval "$(pyman virtualenv-init -)"`.
#[derive(clap::Parser)]
pub(crate) struct VirtualenvInit {
    /// `-` to print the code, and the shell
    #[arg(value_name = "SHELL")]
    words: Vec<String>,
}

impl Run for VirtualenvInit {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let name = self.words.iter().rfind(|word| *word != "-").cloned();
        let (speaks, name) = match name.or_else(|| context.machine.text("PYMAN_SHELL")) {
            Some(name) => shells::named(&name)?,
            None => detect(context.machine.text("SHELL").as_deref())
                .unwrap_or((Shell::Dash, "sh".to_owned())),
        };
        if !self.words.iter().any(|word| word == "-") {
            let line = match speaks {
                Shell::Fish => "pyman virtualenv-init - fish | source".to_owned(),
                _ => format!("eval \"$(pyman virtualenv-init - {name})\""),
            };
            context.printer.say(&format!(
                "# To activate environments by version files, add this after the line of `pyman init':\n\n{line}\n"
            ));
            return Ok(Status::FAILURE);
        }
        let stamp = rehash::stamp(context.root());
        let code = shells::init(&context.ground, &stamp, Push::Keep)?.virtualenv(speaks, &name)?;
        context.printer.out(code)?;
        Ok(Status::SUCCESS)
    }
}
