//! Programs called `pyman-NAME` (or `pyman-sh-NAME`, for the calling shell) in plugins and on PATH, and what they say of
//! themselves in the comments at their head, as pyenv's commands do.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::plugin::{Error, entries, plugins};

/// No command: the shim program stands beside the manager under such a name.
const SHIM: &str = "shim";

/// A command that is a program of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct External {
    /// `foo` of `pyman-foo`.
    pub name: OsString,
    /// The program.
    pub file: PathBuf,
    /// Whether its output is for the calling shell to evaluate (`pyman-sh-foo`).
    pub shell: bool,
}

/// Finds the command `name`: plugins before PATH, `pyman-NAME` before `pyman-sh-NAME`, and before all of them what
/// may be run; what may not can still be asked for its help.
pub(crate) fn find(
    root: &Path,
    search: &[PathBuf],
    name: &OsStr,
) -> Result<Option<External>, Error> {
    if name.is_empty() || name == SHIM || name.as_encoded_bytes().contains(&b'/') {
        return Ok(None);
    }
    let directories = directories(root, search)?;
    let files = [("pyman-", false), ("pyman-sh-", true)].into_iter().flat_map(|(prefix, shell)| {
        let mut program = OsString::from(prefix);
        program.push(name);
        directories.iter().map(move |directory| External {
            name: name.to_owned(),
            file: directory.join(&program),
            shell,
        })
    });
    let files: Vec<External> = files.filter(|external| disk::is_file(&external.file)).collect();
    let runs = files.iter().position(|external| disk::executable(&external.file));
    Ok(files.into_iter().nth(runs.unwrap_or_default()))
}

/// Every such command, by name; where two have one name, the first that [`find`] would take.
pub(crate) fn commands(root: &Path, search: &[PathBuf]) -> Result<Vec<External>, Error> {
    let mut found: BTreeMap<OsString, External> = BTreeMap::new();
    for directory in directories(root, search)? {
        for file in entries(&directory)? {
            let Some(external) = External::at(file) else { continue };
            found.entry(external.name.clone()).or_insert(external);
        }
    }
    Ok(found.into_values().collect())
}

impl External {
    /// The command that this file is, if it is one.
    fn at(file: PathBuf) -> Option<Self> {
        let name = file.file_name()?.to_str()?.strip_prefix("pyman-")?;
        let (name, shell) = name.strip_prefix("sh-").map_or((name, false), |name| (name, true));
        if name.is_empty() || name == SHIM || !disk::executable(&file) {
            return None;
        }
        Some(Self { name: name.into(), shell, file })
    }
}

/// Where the plugins keep their programs; as in pyenv, the last plugin by name comes first.
pub(crate) fn programs(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let directories = plugins(root)?.into_iter().map(|plugin| plugin.join("bin"));
    Ok(directories.rev().filter(|directory| disk::is_directory(directory)).collect())
}

fn directories(root: &Path, search: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut directories = programs(root)?;
    directories.extend_from_slice(search);
    Ok(directories)
}

/// Longer heads are no documentation.
const HEAD_BYTES: u64 = 64 * 1024;

/// The comments at the head of a program, taken apart.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Documentation {
    /// The lines of `# Usage:`, the continued ones included.
    pub usage: String,
    /// The line of `# Summary:`.
    pub summary: String,
    /// Everything else.
    pub help: String,
    /// Whether it says that it answers to `--complete`.
    pub completes: bool,
}

impl Documentation {
    /// Reads the head of `file`.
    pub(crate) fn read(file: &Path) -> io::Result<Self> {
        let head = disk::read_head(file, HEAD_BYTES)?.unwrap_or_default();
        Ok(Self::of(&String::from_utf8_lossy(&head)))
    }

    /// Takes the comments of `text` apart.
    pub(crate) fn of(text: &str) -> Self {
        let mut this = Self::default();
        let mut in_usage = false;
        let comments = text.lines().skip_while(|line| line.starts_with("#!"));
        for line in comments.map_while(|line| line.strip_prefix('#')) {
            let line = line.strip_prefix(' ').unwrap_or(line);
            if let Some(summary) = line.strip_prefix("Summary:") {
                summary.trim().clone_into(&mut this.summary);
            } else if line.starts_with("Usage:") || in_usage && line.starts_with("       ") {
                in_usage = true;
                push_line(&mut this.usage, line);
            } else {
                in_usage = false;
                push_line(&mut this.help, line);
            }
        }
        this.help = this.help.trim_matches('\n').to_owned();
        this.completes = text.lines().any(promises_completions);
        this
    }
}

fn promises_completions(line: &str) -> bool {
    let comment = ["#", "%", "--", "//"].iter().find_map(|mark| line.strip_prefix(mark));
    comment.is_some_and(|comment| {
        comment.trim_start().to_lowercase().starts_with("provide pyman completions")
    })
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line.trim_end());
}

#[cfg(test)]
mod tests {
    use super::Documentation;

    #[test]
    fn usage_summary_and_help_are_told_apart() {
        let text = "#!/bin/sh\n#\n# Summary: Say hello\n#\n# Usage: pyman hello [NAME]\n#        pyman hello --all\n#\n# Says it aloud.\n\n# Provide pyman completions\n";
        let read = Documentation::of(text);
        assert_eq!(read.summary, "Say hello");
        assert_eq!(read.usage, "Usage: pyman hello [NAME]\n       pyman hello --all");
        assert_eq!(read.help, "Says it aloud.");
        assert!(read.completes);
    }

    #[test]
    fn a_program_without_comments_says_nothing() {
        assert_eq!(Documentation::of("\u{7f}ELF\0\0# Usage: no\n"), Documentation::default());
    }
}
