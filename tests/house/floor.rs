//! Who touches files, and who starts programs: read from the trees of `use`, the paths in the code, and the questions that
//! the standard library lets one ask of a path.

use super::imports::imports;
use super::{Source, none, sources};

/// What the floor for files is made of.
const FLOOR: [&str; 6] =
    ["std::fs", "std::os::unix::fs", "std::os::windows::fs", "fs_err", "rustix::fs", "tempfile"];

/// Types that need no path to be known.
const TYPES: [&str; 2] = ["OpenOptions", "DirBuilder"];

/// What a path is asked, and the disk answers.
const QUESTIONS: [&str; 10] = [
    "exists",
    "try_exists",
    "canonicalize",
    "read_dir",
    "read_link",
    "metadata",
    "symlink_metadata",
    "is_dir",
    "is_file",
    "is_symlink",
];

/// What has questions of the same names and is no path: what the floor found, an open file, an archive's entry.
const OTHERS: [&str; 4] = ["found", "file", "beside", "entry"];

/// Programs that do the floor's work.
const TOOLS: [&str; 24] = [
    "rm", "mv", "cp", "ln", "mkdir", "rmdir", "touch", "dd", "install", "tar", "unzip", "chmod",
    "chown", "truncate", "tee", "shred", "find", "rsync", "unlink", "rename", "mktemp", "mkfifo",
    "cat", "sed",
];

/// Who may start programs at all.
const STARTERS: [&str; 14] = [
    "src/environment/packages",
    "src/environment/seed/",
    "src/operation/manager/",
    "src/install/unix",
    "src/install/windows",
    "src/install/compile/",
    "src/shell/system",
    "src/plugin/hook",
    "src/cli/command/",
    "src/cli/external",
    "src/cli/foreground",
    "src/cli/process/",
    "src/interpreter/",
    "src/disk/",
];

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether `path` is `whole`, leads below it, or is a name of something above it, by which it is reached unseen; `*` is
/// whatever stands there.
fn reaches(path: &[String], whole: &str) -> bool {
    let mut steps = path.iter().zip(whole.split("::"));
    !path.is_empty() && steps.all(|(one, other)| one == other || one == "*")
}

/// The code without blanks around what joins names.
fn joined(code: &str) -> String {
    let mut joined: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for mark in ["::", ".", "("] {
        joined = joined.replace(&format!(" {mark}"), mark).replace(&format!("{mark} "), mark);
    }
    joined
}

/// Where `word` stands in the code as a whole word: what is before and after it.
fn occurrences<'a>(code: &'a str, word: &str) -> Vec<(&'a str, &'a str)> {
    code.match_indices(word)
        .map(|(at, found)| (&code[..at], &code[at + found.len()..]))
        .filter(|(before, after)| !before.ends_with(is_word) && !after.starts_with(is_word))
        .collect()
}

/// What in a source goes past the floor.
fn past_the_floor(source: &Source) -> Vec<String> {
    let code: Vec<&str> = source.code().collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for import in imports(&code) {
        let path: Vec<String> = import.path.into_iter().filter(|word| !word.is_empty()).collect();
        if FLOOR.iter().any(|whole| reaches(&path, whole)) {
            found.push(format!("use {}", path.join("::")));
        }
    }
    let code = joined(&code);
    for path in FLOOR {
        let inline = |(before, after): &(&str, &str)| {
            let before = before.strip_suffix("::").unwrap_or(before);
            after.starts_with("::") && !before.ends_with(is_word)
        };
        found
            .extend(occurrences(&code, path).iter().filter(|one| inline(one)).map(|_| path.into()));
    }
    for name in TYPES {
        found.extend(occurrences(&code, name).iter().map(|_| name.to_owned()));
    }
    for question in QUESTIONS {
        for (before, after) in occurrences(&code, question) {
            let of = before.strip_suffix('.').map(|before| {
                let start = before.rfind(|c| !is_word(c)).map_or(0, |at| at + 1);
                before[start..].to_owned()
            });
            let asked = match of {
                Some(of) => after.starts_with("()") && !OTHERS.contains(&&*of),
                None => ["Path::", "PathBuf::"].iter().any(|path| before.ends_with(path)),
            };
            if asked {
                found.push(question.to_owned());
            }
        }
    }
    let starts = occurrences(&code, "Command").into_iter().filter(|(before, after)| {
        !before.ends_with("clap::") && (after.starts_with("::new") || before.ends_with("process::"))
    });
    for (_, after) in starts {
        let named = after.strip_prefix("::new(\"").and_then(|rest| rest.split('"').next());
        let tool = named.is_some_and(|name| TOOLS.contains(&name.rsplit('/').next().unwrap()));
        if tool || !source.is_in(&STARTERS) {
            found.push(format!("Command {}", named.unwrap_or_default()));
        }
    }
    found
}

#[test]
fn only_the_floor_touches_files() {
    none(&sources(), "files are looked at, written and removed in src/disk/ only", |source| {
        source.name.starts_with("src/")
            // What packs the catalogue is built into build.rs, which has no floor.
            && !source.is_in(&["src/disk/", "src/catalogue/pack.rs"])
            && !source.name.ends_with("/tests.rs")
            && !past_the_floor(source).is_empty()
    });
}

#[test]
fn no_way_past_the_floor_is_overlooked() {
    let found = |text: &str| {
        past_the_floor(&Source { name: "src/progress.rs".to_owned(), text: text.to_owned() })
    };
    for past in [
        "use std::fs;\n",
        "use std::{fs, io};\nfn f(p: &Path) { fs::remove_dir_all(p); }\n",
        "use std::{io, fs as files};\n",
        "use std::{\n    io::{self, Read},\n    fs::{self, File},\n};\n",
        "pub(crate) use std::fs::File;\n",
        "use std::*;\n",
        "use std as s;\n",
        "use std::os::unix;\n",
        "use std::os::unix::fs::symlink;\n",
        "use std::os::{unix::{fs::{symlink as link}}};\n",
        "use rustix::{fs as files, process};\n",
        "use rustix::fs::unlinkat;\n",
        "use fs_err as fs;\n",
        "use tempfile::tempdir;\n",
        "fn f() { std::fs::remove_file(p); }\n",
        "fn f() { ::std::fs::remove_file(p); }\n",
        "fn f() { std :: fs :: remove_file(p); }\n",
        "fn f() { std::\n    fs::remove_file(p); }\n",
        "fn f() { std::os::unix::fs::symlink(a, b); }\n",
        "fn f() { if p.exists() { g() } }\n",
        "fn f() { path\n    .canonicalize()?; }\n",
        "fn f() { for one in p.read_dir()? {} }\n",
        "fn f() { p.metadata()?.len() }\n",
        "fn f() { p.join(\"x\").is_dir() }\n",
        "fn f() { self.path().is_file() }\n",
        "fn f() { paths.filter(|p| p.is_file()) }\n",
        "fn f() { paths.map(Path::is_file) }\n",
        "fn f() { PathBuf::exists(&p) }\n",
        "fn f() { OpenOptions::new() }\n",
        "use std::process::Command;\nfn f() { Command::new(program) }\n",
        "fn f() { std::process::Command::new(\"/bin/rm\") }\n",
    ] {
        assert!(!found(past).is_empty(), "{past}");
    }
    for harmless in [
        "use std::io;\nuse std::{ffi::OsStr, path::Path};\n",
        "use std::os::unix::ffi::OsStrExt as _;\nuse rustix::process::geteuid;\n",
        "use crate::disk::{self, Directory};\nfn f() { disk::remove(p)?; found.is_file() }\n",
        "fn f() { let existing = exists; folder.metadata }\n",
        "use std::process::ExitCode;\nfn f() { clap::Command::new(\"rm\") }\n",
    ] {
        assert_eq!(found(harmless), [""; 0], "{harmless}");
    }
    let starter = |text: &str| {
        past_the_floor(&Source { name: "src/cli/external.rs".to_owned(), text: text.to_owned() })
    };
    assert_eq!(starter("fn f() { Command::new(file) }\n"), [""; 0]);
    assert!(!starter("fn f() { Command::new(\"mv\") }\n").is_empty());
}
