//! The invariants of the house: who may know whom, and how a file reads.
//!
//! Read as text, line by line, without a file's tests: what a lint can say is left to the lint.

mod floor;
mod imports;

use std::fs;
use std::path::{Path, PathBuf};

/// A source file without its test modules.
struct Source {
    /// Relative to the repository, with `/`.
    name: String,
    text: String,
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut sources: Vec<Source> =
        ["src", "shims/src"].iter().flat_map(|room| read(&repository().join(room))).collect();
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(sources.len() > 20, "the sources were not found");
    sources
}

fn read(directory: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            found.extend(read(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let text = without_tests(&text);
            let name =
                path.strip_prefix(repository()).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { name, text });
        }
    }
    found
}

/// What is left of a file without its test modules: what follows one belongs to the program.
fn without_tests(text: &str) -> String {
    let mut left = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let gated = line == "#[cfg(test)]" || line.starts_with("#[cfg(all(test");
        match lines.next_if(|next| gated && next.starts_with("mod ")) {
            Some(module) if module.ends_with('{') => {
                assert!(lines.any(|line| line == "}"), "a test module that does not end");
            }
            Some(_) => {}
            None => left.extend([line, "\n"]),
        }
    }
    left
}

impl Source {
    fn is_in(&self, rooms: &[&str]) -> bool {
        rooms.iter().any(|room| self.name.starts_with(room))
    }

    /// Lines of code: no comments.
    fn code(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|line| !line.trim_start().starts_with("//"))
    }

    /// Whether a line of code names `path` as a whole word followed by `::` (an import or a call).
    fn names(&self, path: &str) -> bool {
        self.code().any(|line| {
            line.match_indices(path).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                let after = &line[at + path.len()..];
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
                    && (after.starts_with("::") || after.starts_with(';'))
            })
        })
    }
}

/// Complains of every file that `offends`, all at once.
#[track_caller]
fn none(sources: &[Source], rule: &str, offends: impl Fn(&Source) -> bool) {
    let offenders: Vec<&str> = sources
        .iter()
        .filter(|source| offends(source))
        .map(|source| source.name.as_str())
        .collect();
    assert!(offenders.is_empty(), "{rule}: {offenders:#?}");
}

#[test]
fn the_resolver_needs_nothing() {
    let manifest = fs::read_to_string(repository().join("shims/Cargo.toml")).unwrap();
    assert!(!manifest.contains("\n[dependencies]"), "the shim takes no dependency");
    let library = fs::read_to_string(repository().join("shims/src/lib.rs")).unwrap();
    assert!(library.contains("#![no_std]"));
}

#[test]
fn each_crate_has_one_room() {
    let rooms: &[(&str, &[&str])] = &[
        ("reqwest", &["src/fetch/"]),
        ("rustls", &["src/fetch/"]),
        ("sha2", &["src/fetch/digest"]),
        ("tar", &["src/archive/"]),
        ("flate2", &["src/archive/"]),
        ("xz2", &["src/archive/"]),
        ("bzip2", &["src/archive/"]),
        ("zstd", &["src/archive/"]),
        ("zip", &["src/archive/"]),
        ("clap", &["src/cli/"]),
        ("anstream", &["src/cli/printer"]),
        ("anstyle", &["src/cli/text"]),
        ("semver", &["src/compatibility"]),
        ("percent_encoding", &["src/quote"]),
        ("httpdate", &["src/fetch/"]),
        (
            "memchr",
            &[
                "src/relocate/",
                "src/install/",
                "src/environment/repair",
                "src/platform/",
                "src/rehash/",
                "src/shell/",
                "src/operation/base",
            ],
        ),
        ("indicatif", &["src/cli/"]),
        ("signal_hook", &["src/cli/process/"]),
        (
            "toml",
            &[
                "src/settings",
                "src/catalogue/family",
                "src/plugin/",
                "src/operation/import/",
                "src/environment/project",
            ],
        ),
        ("toml_edit", &["src/settings"]),
        ("directories", &["src/settings"]),
        // On Windows a directory is locked by a file in the place for temporary ones: below `world`, who is asked elsewhere.
        ("std::env", &["src/world/", "src/main.rs", "src/disk/windows"]),
    ];
    let sources = sources();
    for (guest, allowed) in rooms {
        none(&sources, &format!("`{guest}` belongs in {allowed:?}"), |source| {
            source.name.starts_with("src/") && !source.is_in(allowed) && source.names(guest)
        });
    }
}

/// The rooms that code reaches into: `crate::fetch::Url`, `use crate::{archive, world};`.
fn reached(code: &str) -> Vec<&str> {
    let word =
        |text: &'_ str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::len);
    let mut rooms = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = code[at + path.len()..].split(';').next().unwrap();
        match rest.strip_prefix('{') {
            Some(list) => rooms.extend(list.split(',').map(|one| {
                let one = one.trim();
                &one[..word(one).unwrap_or_default()]
            })),
            None => rooms.push(&rest[..word(rest).unwrap_or_default()]),
        }
    }
    rooms
}

#[test]
fn rooms_know_only_those_that_the_map_allows() {
    let crate_documentation = fs::read_to_string(repository().join("src/lib.rs")).unwrap();
    let rows = crate_documentation.lines().filter_map(|line| {
        line.strip_prefix("//! | ")
            .map(|row| row.trim_start_matches('['))
            .filter(|row| row.starts_with('`'))
    });
    let map: Vec<(&str, Vec<&str>)> = rows
        .map(|row| {
            let room = row.split('`').nth(1).unwrap();
            let known = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap();
            let known = if row.ends_with("| |") { "" } else { known };
            (room, known.split(", ").collect())
        })
        .collect();
    let modules = crate_documentation.lines().filter_map(|line| {
        line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')
    });
    for room in modules.filter(|room| !["error", "ordinary"].contains(room)) {
        assert!(map.iter().any(|(name, _)| *name == room), "the map has no {room}");
    }
    let rooms: Vec<&str> = map.iter().map(|(room, _)| *room).collect();
    let sources = sources();
    for (room, known) in map.iter().filter(|(_, known)| *known != ["every room"]) {
        let here = [format!("src/{room}/"), format!("src/{room}.rs")];
        none(&sources, &format!("{room} knows only {known:?}"), |source| {
            here.iter().any(|place| source.name.starts_with(place))
                && reached(&source.code().collect::<String>()).into_iter().any(|other| {
                    let common = ["compatibility", "disk", "progress", "quote", "world", room];
                    rooms.contains(&other) && !common.contains(&other) && !known.contains(&other)
                })
        });
    }
}

#[test]
fn fetch_and_archive_know_nothing_of_python() {
    none(&sources(), "fetch and archive know URLs, paths and bytes", |source| {
        let text = source.text.to_lowercase();
        source.is_in(&["src/fetch/", "src/archive/"]) && text.contains("python")
            || source.is_in(&["src/fetch/"])
                && ["version", "release"].iter().any(|word| {
                    text.split(|c: char| !c.is_alphanumeric()).any(|found| found == *word)
                })
    });
}

#[test]
fn commands_never_call_each_other() {
    none(&sources(), "shared work moves down", |source| {
        source.is_in(&["src/cli/command/"])
            && source.code().any(|line| {
                line.contains("cli::command::") && !line.contains("cli::command::COMMANDS")
                    || line.contains("super::super")
            })
    });
}

#[test]
fn every_file_says_what_it_is_for() {
    none(&sources(), "a file begins with `//!`", |source| !source.text.starts_with("//! "));
}

#[test]
fn what_follows_a_test_module_is_read() {
    let text = "a\n#[cfg(test)]\nmod tests {\n    b\n}\nc\n#[cfg(test)]\nmod fuzz;\n#[cfg(test)]\nfn d() {}\n";
    assert_eq!(without_tests(text), "a\nc\n#[cfg(test)]\nfn d() {}\n");
}

/// So many files there were when last somebody joined siblings of one idea: lower it with the next.
const FILES: usize = 349;

#[test]
fn ideas_are_not_scattered() {
    let files = sources().len();
    assert!(files <= FILES, "{files} files, of {FILES}: which of them hold one idea?");
}

#[test]
fn no_file_is_longer_than_400_lines() {
    none(&sources(), "which second thing lives there?", |source| source.text.lines().count() > 400);
}

#[test]
fn systems_differ_in_files_named_for_them() {
    none(&sources(), "`cfg` of a system stands before a `mod` or `use` only", |source| {
        let lines: Vec<&str> = source.code().collect();
        lines.windows(2).any(|pair| {
            let gate = [
                "cfg(unix)",
                "cfg(windows)",
                "cfg(not(unix",
                "cfg(not(windows",
                "target_os",
                "target_arch",
                "cfg!(windows",
                "cfg!(unix",
            ]
            .iter()
            .any(|word| pair[0].contains(word));
            let next =
                pair[1].trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            let placed = source.name.ends_with("linux.rs") || source.name.ends_with("unix.rs");
            let placed = placed || source.is_in(&["src/platform/", "shims/src/main.rs"]);
            let opens = ["mod ", "use "].iter().any(|word| next.starts_with(word));
            gate && !placed && !opens
        })
    });
}

#[test]
fn names_are_words_of_the_house() {
    let banned_types = ["Manager", "Helper", "Util", "Handler", "Info", "Data", "Common"];
    let banned_modules = ["utils", "util", "types", "common", "helpers", "misc"];
    none(&sources(), "a name that says nothing", |source| {
        source.code().any(|line| {
            let line =
                line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            let item = |keyword: &str| {
                line.strip_prefix(keyword).map(|rest| {
                    rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                        .next()
                        .unwrap_or_default()
                })
            };
            let type_name = item("struct ").or_else(|| item("enum ")).or_else(|| item("trait "));
            let function = item("fn ").or_else(|| item("const fn "));
            let module = item("mod ");
            type_name.is_some_and(|name| banned_types.iter().any(|word| name.ends_with(word)))
                || function.is_some_and(|name| name.starts_with("get_"))
                || module.is_some_and(|name| banned_modules.contains(&name))
        })
    });
}

#[test]
fn what_is_unsafe_stands_in_one_room() {
    none(&sources(), "`unsafe` belongs to the shim program", |source| {
        // Where the standard library stands between, it has no words for Windows' jobs and interrupts.
        !source.is_in(&["shims/src/linux/", "shims/src/hosted.rs"])
            && source.code().any(|line| {
                line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe")
            })
    });
}

#[test]
fn results_are_not_thrown_away() {
    none(&sources(), "`let _ =` hides an error", |source| {
        source.code().any(|line| line.trim_start().starts_with("let _ ="))
    });
}

/// What is within the parentheses that are open where the text begins.
fn enclosed(text: &str) -> &str {
    let mut depth = 1_usize;
    let end = text.find(|c| {
        depth = match c {
            '(' => depth + 1,
            ')' => depth - 1,
            _ => depth,
        };
        depth == 0
    });
    &text[..end.unwrap_or(text.len())]
}

#[test]
fn no_test_gives_what_is_tested_the_rights_of_root() {
    let tests = read(&repository().join("tests"));
    let first = tests.iter().find(|source| source.name == "tests/support/ordinary.rs").unwrap();
    assert!(
        first.text.contains("#[unsafe(link_section = \".init_array\")]"),
        "as root all would run"
    );
    none(&tests, "root's way back is for chown and the like", |source| {
        let code: String = source.code().collect::<Vec<_>>().join("\n");
        if source.is_in(&["tests/support/", "tests/house"]) {
            return false;
        }
        let back = ["set_thread_res_uid", "set_thread_uid", "\"setpriv\""];
        let asked = code.match_indices("as_root(").any(|(at, word)| {
            let done = enclosed(&code[at + word.len()..]);
            let tested = ["pyman", "program", "run(", "ran(", "unpack", "command(", "Command"];
            tested.iter().any(|word| done.contains(word))
        });
        asked || back.iter().any(|word| code.contains(word))
    });
}
