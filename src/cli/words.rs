//! Words of neighbours (asdf, mise, uv, conda, rustup) for what pyman calls otherwise, and misspelt ones of our own: what
//! is told to who types one.

use std::ffi::OsString;

use crate::quote;

/// What a neighbour's words mean here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    /// As the neighbours say it.
    theirs: &'static [&'static str],
    /// As we do; what is typed after theirs comes after it.
    ours: &'static str,
    /// What else one should know.
    note: &'static str,
}

const fn word(theirs: &'static [&'static str], ours: &'static str) -> Word {
    Word { theirs, ours, note: "" }
}

/// The longer ones first.
const WORDS: &[Word] = &[
    word(&["venv", "ls"], "venv list"),
    word(&["venv", "rm"], "venv remove"),
    word(&["venv", "delete"], "venv remove"),
    word(&["venv", "new"], "venv create"),
    word(&["venv", "add"], "venv create"),
    word(&["env", "create"], "venv create"),
    word(&["env", "new"], "venv create"),
    word(&["env", "list"], "venv list"),
    word(&["env", "ls"], "venv list"),
    word(&["env", "remove"], "venv remove"),
    word(&["env", "rm"], "venv remove"),
    word(&["env"], "venv create"),
    word(&["create"], "venv create"),
    word(&["new"], "venv create"),
    Word { theirs: &["use"], ours: "local", note: "`pyman global' is for every directory" },
    word(&["pin"], "local"),
    word(&["default"], "global"),
    word(&["add"], "install"),
    word(&["remove"], "uninstall"),
    word(&["rm"], "uninstall"),
    word(&["delete"], "uninstall"),
    word(&["ls"], "versions"),
    word(&["ls-remote"], "available"),
    word(&["list-remote"], "available"),
    word(&["list-all"], "available --all"),
    word(&["search"], "available"),
    word(&["current"], "version"),
    word(&["run"], "exec"),
    word(&["reshim"], "rehash"),
    word(&["where"], "which"),
];

/// What pyman leaves to others, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    ("tool", "tools of their own are not pyman's: pipx and uv install them"),
    ("sync", "what a project needs is not pyman's: pip and uv install it"),
    ("lock", "what a project needs is not pyman's: pip and uv lock it"),
];

/// What options of the Python install manager's commands mean here.
const OPTIONS: &[(&str, &str, &str)] = &[
    ("list", "--online", "run `pyman available`, with `--json` for scripts"),
    ("install", "--update", "run `pyman upgrade`"),
    ("install", "--upgrade", "run `pyman upgrade`"),
    ("install", "--refresh", "run `pyman rehash`"),
];

/// What to do instead of giving a command an option that it lacks.
pub(crate) fn option_hint(command: &str, typed: &[OsString]) -> Option<&'static str> {
    let meant = |(of, option, _): &&(&str, &str, &str)| {
        *of == command && typed.iter().any(|word| word == option)
    };
    OPTIONS.iter().find(meant).map(|(_, _, hint)| *hint)
}

/// So many mistakes a word may have, of so many letters, and still be taken for another.
const fn forgiven(letters: usize) -> usize {
    match letters {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// What to do instead, for words that are no command; of ours the `commands` are known.
pub(crate) fn hints<'a>(
    typed: &[OsString],
    commands: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let Some(first) = typed.first().and_then(|word| word.to_str()) else { return Vec::new() };
    let commands: Vec<&str> = commands.collect();
    if let Some((meant, note)) = translated(typed, &commands) {
        let said = format!("pyman says this as `pyman {meant}'");
        return [said].into_iter().chain((!note.is_empty()).then(|| note.to_owned())).collect();
    }
    if let Some((_, why)) = ELSEWHERE.iter().find(|(word, _)| first == *word) {
        return vec![(*why).to_owned()];
    }
    let near =
        commands.into_iter().map(|name| (strsim::damerau_levenshtein(first, name), name)).min();
    let near = near.filter(|(mistakes, _)| *mistakes <= forgiven(first.chars().count()));
    let rest = typed.iter().skip(1).map(quote::shown);
    let rest: String = rest.flat_map(|word| [" ".to_owned(), word]).collect();
    near.map(|(_, name)| format!("run `pyman {name}{rest}'")).into_iter().collect()
}

/// The table, a line for each of our commands, for people.
pub(crate) fn table() -> Vec<String> {
    let width = WORDS.iter().map(|word| word.theirs.join(" ").len()).max().unwrap_or_default();
    let ours = WORDS.iter().map(|word| {
        let (theirs, note) = (word.theirs.join(" "), word.note);
        let indent = width + 4;
        let note = if note.is_empty() { String::new() } else { format!("\n{:indent$}{note}", "") };
        format!("  {theirs:width$}  pyman {}{note}", word.ours)
    });
    let others = ELSEWHERE.iter().map(|(theirs, why)| format!("  {theirs:width$}  {why}"));
    ours.chain(others).collect()
}

/// What words of a neighbour's are here, with what was typed after them, and a note.
fn translated(typed: &[OsString], commands: &[&str]) -> Option<(String, &'static str)> {
    // `uv python install 3.12`, `asdf install python 3.12`.
    let (python, typed) = match typed {
        [first, rest @ ..] if first == "python" && !rest.is_empty() => (true, rest),
        typed => (false, typed),
    };
    let known = WORDS.iter().find(|word| {
        let begins = typed.get(..word.theirs.len());
        begins.is_some_and(|begins| begins.iter().eq(word.theirs.iter()))
    });
    let (ours, rest, note) = match known {
        Some(word) => (word.ours, typed.get(word.theirs.len()..)?, word.note),
        None if python
            && typed.first().is_some_and(|word| commands.iter().any(|name| word == name)) =>
        {
            ("", typed, "")
        }
        None => return None,
    };
    // `exec python -V` runs that; of a version the word says nothing.
    let rest = rest.iter().skip_while(|next| ours != "exec" && *next == "python" && rest.len() > 1);
    let words = rest.map(quote::shown);
    let ours = (!ours.is_empty()).then(|| ours.to_owned());
    Some((ours.into_iter().chain(words).collect::<Vec<_>>().join(" "), note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_become_ours_with_what_was_typed() {
        let cases = [
            (
                "use 3.12",
                vec![
                    "pyman says this as `pyman local 3.12'",
                    "`pyman global' is for every directory",
                ],
            ),
            ("rm -f 3.9", vec!["pyman says this as `pyman uninstall -f 3.9'"]),
            ("ls", vec!["pyman says this as `pyman versions'"]),
            ("ls-remote 3.12", vec!["pyman says this as `pyman available 3.12'"]),
            ("reshim", vec!["pyman says this as `pyman rehash'"]),
            ("run python -V", vec!["pyman says this as `pyman exec python -V'"]),
            ("python install 3.12", vec!["pyman says this as `pyman install 3.12'"]),
            ("python pin 3.12", vec!["pyman says this as `pyman local 3.12'"]),
            ("add python 3.12", vec!["pyman says this as `pyman install 3.12'"]),
            ("env create web", vec!["pyman says this as `pyman venv create web'"]),
            ("venv rm web", vec!["pyman says this as `pyman venv remove web'"]),
            ("where python", vec!["pyman says this as `pyman which python'"]),
            ("run it's", vec![r"pyman says this as `pyman exec 'it'\''s''"]),
            ("instal 3.12", vec!["run `pyman install 3.12'"]),
            ("versoin", vec!["run `pyman version'"]),
            ("shel", vec!["run `pyman shell'"]),
            ("x", vec![]),
            ("frobnicate", vec![]),
            ("python", vec![]),
            ("python 3.12", vec![]),
        ];
        let ours = ["install", "rehash", "shell", "shims", "version", "versions"];
        for (typed, expected) in cases {
            let words: Vec<OsString> = typed.split(' ').map(OsString::from).collect();
            assert_eq!(hints(&words, ours.into_iter()), expected, "{typed}");
        }
    }
}
