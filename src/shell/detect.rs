//! Which shell asked: the parent process, by the name it was started under, else by its executable.

use super::{Shell, base, system};

/// The shell that asked: the parent process if it is one of ours, else what `SHELL` says; with the name it
/// goes by.
pub(crate) fn detect(variable: Option<&str>) -> Option<(Shell, String)> {
    let names = system::parent_names();
    names.iter().map(String::as_str).chain(variable).find_map(named)
}

/// The shells that a set-up without a name is for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Those of ours: what `SHELL` says, which is what a terminal starts, and the one that called.
    pub(crate) shells: Vec<Shell>,
    /// What `SHELL` names and we do not know.
    pub(crate) unknown: Option<String>,
}

/// Whose set-up is asked for: that of the shell that calls and of the one that `SHELL` names.
pub(crate) fn asked(variable: Option<&str>) -> Asked {
    let calling = system::parent_names();
    among(variable, calling.iter().find_map(|name| Shell::named(name)))
}

fn among(variable: Option<&str>, calling: Option<Shell>) -> Asked {
    let usual = variable.and_then(Shell::named);
    let unknown = variable.filter(|_| usual.is_none()).map(|name| base(name).to_owned());
    let calling = calling.filter(|calling| usual != Some(*calling));
    Asked { shells: usual.into_iter().chain(calling).collect(), unknown }
}

fn named(name: &str) -> Option<(Shell, String)> {
    Some((Shell::named(name)?, base(name).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_the_usual_shell_and_the_calling_one_are_asked_for() {
        let cases = [
            (Some("/bin/bash"), Some(Shell::Dash), vec![Shell::Bash, Shell::Dash], None),
            (Some("/bin/bash"), Some(Shell::Bash), vec![Shell::Bash], None),
            (Some("-zsh"), None, vec![Shell::Zsh], None),
            (None, Some(Shell::Fish), vec![Shell::Fish], None),
            (Some("/bin/tcsh"), Some(Shell::Dash), vec![Shell::Dash], Some("tcsh")),
            (Some("/bin/tcsh"), None, vec![], Some("tcsh")),
            (None, None, vec![], None),
        ];
        for (variable, calling, shells, unknown) in cases {
            let expected = Asked { shells, unknown: unknown.map(str::to_owned) };
            assert_eq!(among(variable, calling), expected);
        }
    }
}
