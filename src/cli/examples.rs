//! What stands below `Examples:` at the end of each command's help, man page and page of the manual.

/// A line that can be typed, and what it does.
type Example = (&'static str, &'static str);

/// The examples of the command that is called by these words, in so many columns; none: it has none.
pub(crate) fn of(command: &str, columns: usize) -> Option<String> {
    let examples = list(command)?;
    let widest = examples.iter().map(|(line, _)| line.chars().count()).max().unwrap_or_default();
    let does = examples.iter().map(|(_, does)| does.chars().count()).max().unwrap_or_default();
    let narrow = columns < widest + does + 4;
    let shown = examples.iter().map(|(line, does)| {
        if narrow {
            let does = if does.is_empty() { String::new() } else { format!("\n      {does}") };
            return format!("\n  {line}{does}");
        }
        let row = format!("\n  {line:<widest$}  {does}");
        row.trim_end_matches(' ').to_owned()
    });
    Some(["Examples:".to_owned()].into_iter().chain(shown).collect())
}

/// The same, one by one.
pub(crate) fn list(command: &str) -> Option<&'static [Example]> {
    EXAMPLES.iter().find(|(name, _)| *name == command).map(|(_, examples)| *examples)
}

const EXAMPLES: &[(&str, &[Example])] = &[
    ("activate", &[("pyman activate web", "pip and python are those of web")]),
    (
        "available",
        &[
            ("pyman available", "the newest of each line"),
            ("pyman available 3.12 --all", "every 3.12"),
            ("pyman available pypy", "another implementation"),
        ],
    ),
    ("cache", &[("pyman cache list", "what is kept, with sizes")]),
    ("cache clean", &[("pyman cache clean", "the next install downloads again")]),
    ("cache list", &[("pyman cache list", "downloads and finished builds")]),
    ("commands", &[("pyman commands --sh", "those that act on the calling shell")]),
    (
        "completions",
        &[
            ("pyman completions install", "what may follow `pyman install'"),
            ("pyman completions --print zsh", "the completion code itself"),
        ],
    ),
    ("deactivate", &[("pyman deactivate", "leave the environment")]),
    ("discover", &[("pyman discover --link", "use what other tools installed")]),
    (
        "doctor",
        &[
            ("pyman doctor", "what is wrong, and what to run"),
            ("pyman doctor .venv", "the same of one environment"),
            ("pyman doctor --report", "what to put into a report of a bug"),
        ],
    ),
    (
        "exec",
        &[
            ("pyman exec python -V", "under the selected version"),
            ("pyman exec --each 3.11,3.12 pytest", "under each of these"),
        ],
    ),
    (
        "global",
        &[
            ("pyman global 3.12", "the newest installed 3.12, everywhere"),
            ("pyman global 3.12 2.7", "and 2.7 for what 3.12 has not"),
            ("pyman global system", "what PATH has besides"),
        ],
    ),
    ("help", &[("pyman help install", "one command"), ("pyman help words", "other tools' words")]),
    ("hooks", &[("pyman hooks rehash", "what is run after a rehash")]),
    (
        "import",
        &[
            ("pyman import pyenv --dry-run", "say what would be taken over"),
            ("pyman import uv", ""),
        ],
    ),
    ("index", &[("pyman index ./wheels", "then: pip install -i ADDRESS NAME")]),
    ("init", &[("eval \"$(pyman init - bash)\"", "in ~/.bashrc; `pyman setup' does it")]),
    (
        "install",
        &[
            ("pyman install 3.12", "the newest 3.12"),
            ("pyman install 3.11.9 pypy3.10", "several at once"),
            ("pyman install", "what .python-version names"),
            ("pyman install --build 3.13t", "from source, without the GIL"),
            ("pyman install ./cpython.tar.gz", "an archive; no network"),
        ],
    ),
    (
        "latest",
        &[("pyman latest 3.12", "of the installed"), ("pyman latest -k 3", "of all there are")],
    ),
    (
        "link",
        &[
            ("pyman link /usr/bin/python3", ""),
            ("pyman link ~/src/cpython/python main", "as `main'"),
        ],
    ),
    ("list", &[("pyman list", "as `py --list'"), ("pyman list --format exe 3", "paths alone")]),
    (
        "local",
        &[
            ("pyman local 3.12", "writes .python-version here"),
            ("pyman local", "what it says"),
            ("pyman local --unset", "removes it"),
        ],
    ),
    (
        "mirror",
        &[("pyman mirror test", "which is near"), ("pyman mirror set npmmirror", "ask it first")],
    ),
    ("mirror list", &[("pyman mirror list", "the names, and what is in use")]),
    (
        "mirror set",
        &[
            ("pyman mirror set npmmirror", "for Pythons"),
            ("pyman mirror set --pip tuna", "for pip's packages"),
            ("pyman mirror set /srv/pythons", "a directory"),
        ],
    ),
    ("mirror sync", &[("pyman mirror sync /srv/pythons 3.12", "the newest 3.12")]),
    ("mirror test", &[("pyman mirror test npmmirror", "this one alone")]),
    ("mirror unset", &[("pyman mirror unset", "ask those who publish")]),
    ("outdated", &[("pyman outdated", "then: pyman upgrade")]),
    ("pack", &[("pyman pack 3.12 -o py312.tar.gz", "there: pyman install ./py312.tar.gz")]),
    ("prefix", &[("pyman prefix 3.12", "where it stands")]),
    ("prune", &[("pyman prune --dry-run", "what would go, and what that frees")]),
    ("rehash", &[("pyman rehash", "after commands were put there by hand")]),
    ("root", &[("pyman root", "where pyman keeps everything")]),
    (
        "self",
        &[
            ("pyman self update", "the newest pyman"),
            ("pyman self uninstall", "take pyman off again"),
        ],
    ),
    (
        "self uninstall",
        &[
            ("pyman self uninstall", "installed versions stay"),
            ("pyman self uninstall --versions", "they go too"),
        ],
    ),
    (
        "self update",
        &[
            ("pyman self update", "the newest pyman"),
            ("pyman self update --check", "is there a newer one?"),
            ("pyman self update --rollback", "the one before"),
        ],
    ),
    (
        "setup",
        &[
            ("pyman setup", "this shell, and that of SHELL"),
            ("pyman setup fish", "this one"),
            ("pyman setup --undo", "take it out again"),
        ],
    ),
    (
        "shell",
        &[
            ("pyman shell 3.12", "in this shell alone"),
            ("pyman shell -", "what it was before"),
            ("pyman shell --unset", "no choice of this shell"),
        ],
    ),
    ("shims", &[("pyman shims --short", "names alone")]),
    ("uninstall", &[("pyman uninstall 3.11.4", "asks first"), ("pyman uninstall -f 3.11.4", "")]),
    ("unlink", &[("pyman unlink main", "what it leads to stays")]),
    ("update", &[("pyman update", "then: pyman outdated")]),
    (
        "upgrade",
        &[("pyman upgrade", "every minor"), ("pyman upgrade 3.12 --keep", "leave the old")],
    ),
    ("venv", &[("pyman venv create", "in .venv"), ("pyman venv list", "all that are known")]),
    ("venv bundle", &[("pyman venv bundle web -o web.tar.gz", "packages and all")]),
    ("venv clone", &[("pyman venv clone web web2", "")]),
    (
        "venv create",
        &[
            ("pyman venv create", ".venv, of the selected version"),
            ("pyman venv create -p 3.11 web", "a named one"),
            ("pyman venv create -r requirements.txt", "with packages"),
        ],
    ),
    ("venv export", &[("pyman venv export web", "as requirements.txt has it")]),
    ("venv list", &[("pyman venv list", "")]),
    ("venv move", &[("pyman venv move web ./.venv", "its scripts follow")]),
    ("venv path", &[("pyman venv path web --python", "its interpreter")]),
    ("venv remove", &[("pyman venv remove web", "")]),
    ("venv repair", &[("pyman venv repair web -p 3.12", "on another Python")]),
    ("venv unbundle", &[("pyman venv unbundle web.tar.gz web", "no network")]),
    ("version", &[("pyman version", "and why"), ("pyman version --bare", "the name alone")]),
    ("version-file", &[("pyman version-file", "the nearest .python-version")]),
    ("version-file-read", &[("pyman version-file-read .python-version", "")]),
    ("version-file-write", &[("pyman version-file-write .python-version 3.12", "")]),
    ("version-name", &[("pyman version-name", "joined by colons")]),
    ("version-origin", &[("pyman version-origin", "a file, or a variable")]),
    ("versions", &[("pyman versions", ""), ("pyman versions --bare --skip-envs", "for a script")]),
    (
        "virtualenv",
        &[("pyman virtualenv 3.12 web", "of 3.12"), ("pyman local web", "selects it here")],
    ),
    ("virtualenv-delete", &[("pyman virtualenv-delete web", "asks first")]),
    ("virtualenv-init", &[("eval \"$(pyman virtualenv-init - bash)\"", "activate by directory")]),
    ("virtualenv-prefix", &[("pyman virtualenv-prefix web", "what it was made from")]),
    ("virtualenvs", &[("pyman virtualenvs --bare", "names alone")]),
    ("whence", &[("pyman whence black", "the versions that have it")]),
    ("which", &[("pyman which python", "what the shim would run")]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::description::{Audience, Description};
    use crate::cli::descriptions;

    /// The words of every command that people call, and what is known of it.
    fn pages() -> Vec<(String, clap::Command)> {
        let mut pages = Vec::new();
        let people = |one: &Description| one.audience == Audience::People;
        for description in descriptions().into_iter().filter(people) {
            let command = description.clap();
            for below in command.get_subcommands() {
                pages.push((format!("{} {}", description.name, below.get_name()), below.clone()));
            }
            pages.push((description.name.to_owned(), command));
        }
        pages
    }

    #[test]
    fn every_command_has_examples_and_says_what_it_takes() {
        let pages = pages();
        for (words, command) in &pages {
            assert!(list(words).is_some(), "{words} has no example");
            assert!(command.get_about().is_some(), "{words} says nothing of itself");
            for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
                assert!(argument.get_help().is_some(), "{words} {}", argument.get_id());
            }
        }
        for (words, _) in EXAMPLES {
            assert!(pages.iter().any(|(known, _)| known == words), "{words} is no command");
        }
    }

    #[test]
    fn every_example_is_understood() {
        for (_, examples) in EXAMPLES {
            for (line, _) in *examples {
                let Some(typed) = line.strip_prefix("pyman ") else { continue };
                let mut typed = typed.split(' ');
                let name = typed.next().unwrap();
                let known = descriptions().into_iter().find(|one| one.name == name).unwrap();
                let parsed = known.clap().no_binary_name(true).try_get_matches_from(typed);
                parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
            }
        }
    }

    #[test]
    fn no_page_has_a_line_over_80_columns() {
        for (words, command) in pages() {
            let page = command.term_width(80).render_long_help().to_string();
            for line in page.lines() {
                assert!(line.chars().count() <= 80, "{words}: {line}");
            }
        }
    }
}
