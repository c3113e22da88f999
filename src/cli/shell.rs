//! What is printed for the calling shell to evaluate.

use std::ffi::OsString;

use pyman_shim::{Origin, Request, Resolution, VERSION, Why};

use crate::cli::context::Context;
use crate::cli::status::Status;
use crate::error::Error;
use crate::operation::shells;
use crate::shell::{Choice, Script, Shell};

/// The shell whose function called, as `PYMAN_SHELL` says, else `SHELL`, else any POSIX shell.
pub(crate) fn calling(context: &Context) -> Shell {
    let named = |variable| context.machine.text(variable).and_then(|name| Shell::named(&name));
    named("PYMAN_SHELL").or_else(|| named("SHELL")).unwrap_or(Shell::Dash)
}

/// Prints a change for the calling shell to evaluate.
pub(crate) fn print(context: &Context, script: Script<'_>) -> Result<(), Error> {
    let variable = |name| context.machine.variable(name).map(OsString::into_encoded_bytes);
    let (present, earlier) = (variable(VERSION), variable("PYMAN_VERSION_OLD"));
    let choice = Choice { present: present.as_deref(), earlier: earlier.as_deref() };
    context.printer.out(script.code(calling(context), &shells::manager(&context.ground)?, choice))
}

/// Prints the code that sets the version of the calling shell, separated by `:` where they are several; what is not
/// installed is named instead.
pub(crate) fn choose(context: &Context, versions: &[u8]) -> Result<Status, Error> {
    if !all_installed(context, versions) {
        print(context, Script::Fail)?;
        return Ok(Status::FAILURE);
    }
    let present = context.machine.variable(VERSION).map(OsString::into_encoded_bytes);
    if present.as_deref() != Some(versions) {
        print(context, Script::SetVersion(versions))?;
    }
    Ok(Status::SUCCESS)
}

/// Whether every version is one; the first that is none is named.
fn all_installed(context: &Context, versions: &[u8]) -> bool {
    let resolver = context.ground.resolver();
    let missing = versions.split(|&byte| byte == b':').find(|version| {
        match resolver.resolve(&Request::parse(version)) {
            Resolution::System | Resolution::Installed(_) => false,
            Resolution::Missing => true,
        }
    });
    if let Some(version) = missing {
        let missing = resolver.missing(&Request::parse(version), &Origin::Argument);
        let version = String::from_utf8_lossy(version);
        context.printer.say(&match missing.why {
            Why::Absent | Why::Empty => format!("pyman: version `{version}' not installed"),
            Why::Unreadable(_) | Why::Unclear { .. } => format!("pyman: {missing}"),
        });
    }
    missing.is_none()
}
