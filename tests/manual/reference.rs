//! The pages of reference hold what the sources have: keys of the settings, variables, exit codes, events of hooks.

use std::collections::BTreeSet;
use std::fs;

use crate::support::pages::{Page, is_variable, repository, sources, spans};

const SETTINGS: &str = "docs/settings.md";

/// The spans in the first cells of a table.
fn first_cells(page: &str, heading: &str) -> BTreeSet<String> {
    let table = Page::named(page).table(heading);
    table.into_iter().flat_map(|row| spans(&row[0])).collect()
}

/// The one file of the sources that has this in it.
fn source(mark: &str) -> String {
    let found: Vec<String> =
        sources().into_iter().map(|(_, text)| text).filter(|text| text.contains(mark)).collect();
    let [text] = found.try_into().unwrap_or_else(|found: Vec<_>| {
        panic!("{} files of the sources have {mark:?}", found.len())
    });
    text
}

#[test]
fn every_key_of_the_settings_stands_in_its_table_and_no_other() {
    let text = source("unselected: Option<Unselected>,\n    versions: Option<");
    let (_, document) = text.split_once("struct Document {").unwrap();
    let (document, _) = document.split_once("\n}").unwrap();
    let fields = document.lines().filter_map(|line| line.trim().split_once(": "));
    let fields = fields.map(|(name, _)| name.trim_start_matches("pub ").to_owned());
    let is_name = |name: &String| name.bytes().all(|one| one.is_ascii_lowercase() || one == b'_');
    let keys: BTreeSet<String> =
        fields.filter(is_name).map(|name| name.replace('_', "-")).collect();
    assert!(keys.contains("mirror-only") && keys.contains("versions"), "{keys:?}");
    assert_eq!(first_cells(SETTINGS, "Keys"), keys);
}

#[test]
fn every_variable_that_is_read_stands_in_its_table_and_no_other() {
    let sources = sources();
    let literals = sources.iter().flat_map(|(_, text)| text.split('"'));
    let read: BTreeSet<&str> = literals.filter(|one| is_variable(one)).collect();
    assert!(read.contains("PYMAN_ROOT") && read.contains("PYTHON_BUILD_CACHE_PATH"), "{read:?}");
    let told = first_cells(SETTINGS, "Variables");
    let missing: Vec<_> = read.into_iter().filter(|one| !told.contains(*one)).collect();
    assert_eq!(missing, [""; 0], "not in {SETTINGS}");
    for name in told {
        let literal = format!("\"{name}\"");
        assert!(sources.iter().any(|(_, text)| text.contains(&literal)), "nothing reads {name}");
    }
}

#[test]
fn every_exit_code_stands_in_its_table() {
    let rows = Page::named(SETTINGS).table("Exit codes");
    let codes = rows.iter().flat_map(|row| row[0].split(", "));
    let told: BTreeSet<u8> = codes.map(|code| code.trim().parse().unwrap()).collect();
    let mut given = BTreeSet::from([0]);
    for (_, text) in sources() {
        for body in text.split("fn exit_code(").skip(1) {
            let body = body.split("\n    }\n").next().unwrap();
            let words = body.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
            given.extend(words.filter_map(|word| word.parse::<u8>().ok()));
        }
    }
    assert!(given.is_superset(&BTreeSet::from([1, 2, 3, 4, 5, 7, 103, 127, 130])), "{given:?}");
    assert_eq!(given.difference(&told).collect::<Vec<_>>(), [&0; 0], "not in {SETTINGS}");
}

#[test]
fn every_event_that_hooks_are_told_of_stands_in_its_table() {
    let text = source("=> \"version-name\"");
    let names = text.split("Self::").filter_map(|part| part.split_once(" => \""));
    let names = names.filter_map(|(_, rest)| rest.split_once('"')).map(|(name, _)| name.to_owned());
    let events: BTreeSet<String> = names.collect();
    assert!(events.contains("version-name"), "{events:?}");
    assert_eq!(first_cells("docs/plugins.md", "Hooks"), events);
}

#[test]
fn every_name_of_a_mirror_stands_in_its_table() {
    let text = fs::read_to_string(repository().join("plugins/cpython/plugin.toml")).unwrap();
    let names = text.lines().filter_map(|line| line.strip_prefix("name = \""));
    let names: BTreeSet<String> =
        names.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()).collect();
    assert!(names.contains("npmmirror"), "{names:?}");
    assert_eq!(first_cells("docs/mirrors.md", "Mirrors that have names"), names);
}
