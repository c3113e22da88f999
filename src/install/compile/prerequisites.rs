//! Installing what a build needs through the system's package manager, when the user asked for that.

use std::io;
use std::process::{Command, Stdio};

use super::Variables;
use crate::install::system;
use crate::platform::distribution::{Need, Packager};
use crate::progress::Progress;

/// Where package managers and what they call stand; a user's PATH need not have all of it.
const SYSTEM_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Installs the packages that bring `needs`, saying so before; without the rights to, it only says what to run.
///
/// A package manager that fails is told of and nothing more: the look at the machine that follows says what is
/// still missing, and what that means.
pub(crate) fn install(
    packager: Packager,
    needs: &[Need],
    variables: &Variables,
    progress: &dyn Progress,
) -> io::Result<()> {
    let wanted = packager.packages(needs);
    let Some(line) = packager.command(needs) else { return Ok(()) };
    if packager.wants_root() && !system::is_root() {
        progress.note(&format!("not root: run `{line}' to install what the build needs"));
        return Ok(());
    }
    progress.note(&format!("installing what the build needs: {}", wanted.join(" ")));
    let task = progress.begin("prerequisites", None);
    let steps = packager.refresh().map(<[_]>::to_vec).into_iter();
    for step in steps.chain([[packager.install(), &wanted].concat()]) {
        let Some((name, arguments)) = step.split_first() else { continue };
        let Some(program) = variables.program(name) else {
            progress.note(&format!("{name} is not here: run `{line}'"));
            return Ok(());
        };
        task.phase(name);
        let output = Command::new(program)
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("PATH", SYSTEM_PATH)
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().next_back().unwrap_or_default();
            progress.note(&format!("{name} ended with {}: {last}", output.status));
        }
    }
    Ok(())
}
