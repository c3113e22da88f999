//! Which shell asked: the parent process, by the name it was started under, else by its executable.

use super::{Shell, system};

/// The shell that asked: the parent process if it is one of ours, else what `SHELL` says; with the name it
/// goes by.
pub(crate) fn detect(variable: Option<&str>) -> Option<(Shell, String)> {
    let names = system::parent_names();
    names.iter().map(String::as_str).chain(variable).find_map(named)
}

/// A shell's name without the directories before it and the `-` of a login shell.
pub(crate) fn base(name: &str) -> &str {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let base = base.strip_prefix('-').unwrap_or(base);
    base.strip_suffix(".exe").unwrap_or(base)
}

fn named(name: &str) -> Option<(Shell, String)> {
    Some((Shell::named(name)?, base(name).to_owned()))
}
