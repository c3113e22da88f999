//! Why nothing can run, in pyenv's words, with the exit status and a command that helps.
//!
//! [`Error::report`] is the one place that puts them together: the shim and `pyman which` print the same bytes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};

use crate::constraint::Constraint;
use crate::origin::Origin;
use crate::request::{Request, Wanted};
use crate::shown::Shown;

/// Why the resolver has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Neither `PYMAN_ROOT` nor a home directory says where pyman keeps its things.
    NoRoot,
    /// `PYMAN_DIR` names no directory.
    NoDirectory(Vec<u8>),
    /// The command is in no version in force, and not on PATH where that was searched.
    NotFound(NotFound),
    /// Two managers' shims call each other.
    Chain {
        /// The shim that was called.
        shim: Vec<u8>,
        /// What it found on PATH, again and again.
        found: Vec<u8>,
    },
}

/// What can be said when a command is not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// The command asked for.
    pub command: Vec<u8>,
    /// What was selected and is not installed.
    pub missing: Vec<NotInstalled>,
    /// Whether nothing that was selected is installed: PATH was not tried then.
    pub pinned: bool,
    /// The versions that have the command.
    pub having: Vec<Vec<u8>>,
    /// The releases that are installed.
    pub installed: Vec<Vec<u8>>,
    /// Whether more than the first lines is wanted.
    pub advice: bool,
}

/// A request that nothing installed answers, and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotInstalled {
    /// What was asked for, as written.
    pub request: Vec<u8>,
    /// Where.
    pub origin: Origin,
}

impl Error {
    /// The status to end with: 127 for a command that is not found, 1 otherwise.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NoRoot | Self::NoDirectory(_) => 1,
            Self::NotFound(_) | Self::Chain { .. } => 127,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoRoot => Some("set PYMAN_ROOT to an absolute path, or HOME".to_string()),
            Self::NoDirectory(_) => Some("run `unset PYMAN_DIR`".to_string()),
            Self::NotFound(found) => found.hint(),
            Self::Chain { found, .. } => Some(format!(
                "take the directory of {} out of PATH, or put it behind the Python that is to run",
                Shown(found)
            )),
        }
    }

    /// Everything for standard error, the newline at the end included.
    pub fn report(&self) -> String {
        let mut report = format!("pyman: {self}\n");
        if let Some(hint) = self.hint() {
            report.push_str("hint: ");
            report.push_str(&hint);
            report.push('\n');
        }
        report
    }

    /// The same error reduced to its first lines (`--skip-advice`).
    #[must_use]
    pub fn without_advice(mut self) -> Self {
        if let Self::NotFound(found) = &mut self {
            found.advice = false;
        }
        self
    }
}

impl NotFound {
    fn hint(&self) -> Option<String> {
        if !self.advice {
            return None;
        }
        if self.pinned {
            return install_or_pick(&self.missing, &self.installed);
        }
        if let Some(newest) = self.having.last() {
            let (version, command) = (Shown(newest), Shown(&self.command));
            return Some(format!("run `PYMAN_VERSION={version} {command}`"));
        }
        let wanted = match Constraint::of_command(&self.command) {
            Constraint { series: Some(series), .. } => series.to_string(),
            _ if self.installed.is_empty() => "3".to_string(),
            _ => return None,
        };
        Some(format!("run `pyman install {wanted}`"))
    }
}

impl NotInstalled {
    /// What to do about it, given what is installed.
    pub fn hint(&self, installed: &[Vec<u8>]) -> Option<String> {
        install_or_pick(core::slice::from_ref(self), installed)
    }
}

/// ``run `pyman install 3.13`, or pick one of the installed: 3.11.9, 3.12.7``.
fn install_or_pick(missing: &[NotInstalled], installed: &[Vec<u8>]) -> Option<String> {
    let mut command = String::new();
    for NotInstalled { request, .. } in missing {
        match Request::parse(request).wanted() {
            Wanted::Series { .. } | Wanted::Stem(_) => {
                command.push(' ');
                command.push_str(&Shown(request).to_string());
            }
            Wanted::Specifier { .. } => {
                command.push_str(" '");
                command.push_str(&Shown(request).to_string());
                command.push('\'');
            }
            Wanted::System | Wanted::Exact => {}
        }
    }
    let installed =
        installed.iter().map(|name| Shown(name).to_string()).collect::<Vec<_>>().join(", ");
    match (command.is_empty(), installed.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("pick one of the installed: {installed}")),
        (false, true) => Some(format!("run `pyman install{command}`")),
        (false, false) => {
            Some(format!("run `pyman install{command}`, or pick one of the installed: {installed}"))
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoot => {
                formatter.write_str("cannot tell where the versions are: HOME is not set")
            }
            Self::NoDirectory(directory) => {
                write!(formatter, "cannot change working directory to `{}'", Shown(directory))
            }
            Self::NotFound(found) => found.fmt(formatter),
            Self::Chain { shim, found } => {
                write!(formatter, "{} and {} call each other", Shown(shim), Shown(found))
            }
        }
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for missing in &self.missing {
            write!(formatter, "{missing}\npyman: ")?;
        }
        write!(formatter, "{}: command not found", Shown(&self.command))?;
        if !self.advice || self.having.is_empty() {
            return Ok(());
        }
        let command = Shown(&self.command);
        writeln!(formatter, "\n\nThe `{command}' command exists in these Python versions:")?;
        for name in &self.having {
            writeln!(formatter, "  {}", Shown(name))?;
        }
        formatter.write_char('\n')?;
        formatter.write_str("Note: See 'pyman help global' for tips on allowing multiple\n")?;
        formatter.write_str("      Python versions to be found at the same time.")
    }
}

impl fmt::Display for NotInstalled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = Shown(&self.request);
        write!(formatter, "version `{request}' is not installed (set by {})", self.origin)
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(request: &str) -> NotInstalled {
        NotInstalled {
            request: request.as_bytes().to_vec(),
            origin: Origin::File(b"/home/ada/engine/.python-version".to_vec()),
        }
    }

    #[test]
    fn hints_are_commands_that_work_when_pasted() {
        let installed = [b"3.11.9".to_vec(), b"3.12.7".to_vec()];
        let cases = [
            ("3.13", "run `pyman install 3.13`, or pick one of the installed: 3.11.9, 3.12.7"),
            (
                ">=3.13",
                "run `pyman install '>=3.13'`, or pick one of the installed: 3.11.9, 3.12.7",
            ),
            (
                "pypy3.9",
                "run `pyman install pypy3.9`, or pick one of the installed: 3.11.9, 3.12.7",
            ),
            ("web", "pick one of the installed: 3.11.9, 3.12.7"),
        ];
        for (request, expected) in cases {
            assert_eq!(missing(request).hint(&installed).as_deref(), Some(expected));
        }
        assert_eq!(missing("3.13").hint(&[]).as_deref(), Some("run `pyman install 3.13`"));
        assert_eq!(missing("web").hint(&[]), None);
    }

    #[test]
    fn a_command_that_nobody_has_is_hinted_at_by_its_number() {
        let not_found = |command: &str, installed: &[&str]| {
            Error::NotFound(NotFound {
                command: command.as_bytes().to_vec(),
                missing: Vec::new(),
                pinned: false,
                having: Vec::new(),
                installed: installed.iter().map(|name| name.as_bytes().to_vec()).collect(),
                advice: true,
            })
        };
        let cases = [
            (not_found("python3.13", &["3.12.7"]), "hint: run `pyman install 3.13`\n"),
            (not_found("python", &[]), "hint: run `pyman install 3`\n"),
            (not_found("black", &["3.12.7"]), ""),
        ];
        for (error, expected) in cases {
            let report = error.report();
            let hint = report.split_once('\n').map(|(_, hint)| hint);
            assert_eq!(hint, Some(expected));
            assert_eq!(error.without_advice().hint(), None);
        }
    }

    #[test]
    fn without_advice_only_the_first_lines_are_left() {
        let error = Error::NotFound(NotFound {
            command: b"to\x1bol".to_vec(),
            missing: [missing("3.13")].to_vec(),
            pinned: true,
            having: [b"3.12.7".to_vec()].to_vec(),
            installed: [b"3.12.7".to_vec()].to_vec(),
            advice: true,
        });
        assert_eq!(
            error.without_advice().report(),
            "pyman: version `3.13' is not installed (set by /home/ada/engine/.python-version)\n\
             pyman: to\\u{1b}ol: command not found\n"
        );
    }

    #[test]
    fn faults_of_the_surroundings_are_status_one() {
        let directory = Error::NoDirectory(b"/gone".to_vec());
        assert_eq!((Error::NoRoot.exit_code(), directory.exit_code()), (1, 1));
        assert!(
            directory.report().starts_with("pyman: cannot change working directory to `/gone'\n")
        );
    }
}
