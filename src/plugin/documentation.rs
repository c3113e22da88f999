//! What a program says of itself in the comments at its head, as pyenv's commands do:
//! `# Usage: …`, `# Summary: …`, and the comments after them.

use std::io;
use std::path::Path;

use crate::disk;

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
