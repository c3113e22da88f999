//! The activation scripts in the shells themselves. One session of each shell prints what a person would see.

mod faults;
mod prompts;
mod python;
mod restored;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pyman::environment::activate;

use crate::support::sandbox::{Ran, Sandbox};

/// A shell on this machine, and which of the scripts is for it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Real {
    program: &'static str,
    /// What keeps it from reading start-up files.
    options: &'static [&'static str],
    script: &'static str,
    language: Language,
}

/// How the tests speak to a shell.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Language {
    Posix,
    Fish,
    Csh,
}

const fn posix(program: &'static str, options: &'static [&'static str]) -> Real {
    Real { program, options, script: "activate", language: Language::Posix }
}

const POSIX: [Real; 5] = [
    posix("bash", &["--norc", "--noprofile"]),
    posix("zsh", &["-f"]),
    posix("ksh", &[]),
    posix("mksh", &[]),
    posix("dash", &[]),
];
const FISH: Real =
    Real { program: "fish", options: &["-N"], script: "activate.fish", language: Language::Fish };
const TCSH: Real =
    Real { program: "tcsh", options: &["-f"], script: "activate.csh", language: Language::Csh };

/// A directory name with what means something to some shell, but what no environment may have in its path.
const HOSTILE_NAME: &str = "it's; a !b% @name@ #é* ~ & | > x";

/// The same for a prompt, which may hold anything but a line break.
const HOSTILE_PROMPT: &str =
    "a'b\";c!d%e$(touch hijacked)`touch hijacked`\\x\\$^1%n!!{RED}${HOME}\\w[é]~%1v@path@";

impl Real {
    fn all() -> impl Iterator<Item = Self> {
        POSIX.into_iter().chain([FISH, TCSH])
    }

    /// Runs a script in this shell, with the environment as `$E` and its script as `$A`.
    fn run(self, sandbox: &Sandbox, environment: &Path, script: &str) -> Ran {
        sandbox.ran(&mut self.command(sandbox, environment, script))
    }

    fn command(self, sandbox: &Sandbox, environment: &Path, script: &str) -> Command {
        let mut command = sandbox.command(self.program);
        command
            .args(self.options)
            .args(["-c", script])
            .env("TERM", "dumb")
            .env("E", environment)
            .env("A", environment.join("bin").join(self.script));
        command
    }

    /// The command that activates `$A`.
    fn source(self) -> &'static str {
        match self.language {
            Language::Posix => ". \"$A\"",
            Language::Fish => "source $A",
            Language::Csh => "source \"$A:q\"",
        }
    }

    /// The command that prints the variables of the contract, one a line, `unset` for those that are not set.
    fn show(self) -> String {
        let names = ["VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PATH", "PYTHONHOME"];
        let prompt = match self.language {
            Language::Posix => Some("PS1"),
            Language::Fish => None,
            Language::Csh => Some("prompt"),
        };
        let shown = names.into_iter().chain(prompt).map(|name| match self.language {
            Language::Posix => format!("/usr/bin/printf '%s\\n' \"{name}=${{{name}-unset}}\""),
            Language::Fish => {
                format!(
                    "set -q {name}; and printf '%s\\n' \"{name}=${name}\"; or echo {name}=unset"
                )
            }
            Language::Csh => format!(
                "if ($?{name}) eval '/usr/bin/printf \"%s\\n\" \"{name}=${name}:q\"'; \
                 if (! $?{name}) echo {name}=unset"
            ),
        });
        shown.collect::<Vec<_>>().join("; ")
    }
}

/// An environment as far as activating goes: the scripts, and what it is known by.
fn environment(directory: &Path, prompt: Option<&str>) -> PathBuf {
    let name = directory.file_name().and_then(OsStr::to_str).unwrap();
    fs::create_dir_all(directory.join("bin")).unwrap();
    fs::write(directory.join("pyvenv.cfg"), "home = /usr/bin\n").unwrap();
    for (file, text) in activate::scripts(directory, prompt, name) {
        fs::write(directory.join("bin").join(file), text).unwrap();
    }
    directory.to_owned()
}

fn each(check: impl Fn(Real, &Sandbox)) {
    for shell in Real::all() {
        check(shell, &Sandbox::new());
    }
}
