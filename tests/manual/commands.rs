//! The commands and options that the manual names are there.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::pages::{self, Page};
use crate::support::session;
use crate::support::shop::Shop;

/// Commands whose first argument is a command of their own.
const GROUPS: &[&str] = &["venv", "mirror", "cache", "self"];

/// The page that has every command.
const REFERENCE: &str = "docs/commands.md";

/// `pyman venv create --clear x`: the command, and the options.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Call {
    command: Vec<String>,
    option: String,
}

/// What the pages have after `pyman` and is no command of it: the plugin that one of them makes, another tool's word, and
/// the message `pyman is not at …`.
const OTHERS: &[&str] = &["hello", "use", "is"];

/// Whether a command may begin after this word; in a sentence `pyman` is only a name.
fn begins_after(word: &str) -> bool {
    let opens = word.ends_with(['(', ';', '&', '|', '{', ':', '-', '$', '+']);
    opens || word.contains('=') || ["RUN", "then", "do", "env", "sudo"].contains(&word)
}

/// The calls of pyman in a line of shell code; a call without an option has an empty one.
fn calls(line: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let words: Vec<&str> = line.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let bare = word.trim_start_matches(['(', '"', '\'', '$', '`']);
        let begins = at == 0 || bare != *word || begins_after(words[at - 1]);
        if bare != "pyman" || !begins {
            continue;
        }
        let rest = &words[at + 1..];
        let is_name = |word: &str| {
            word.starts_with(|one: char| one.is_ascii_lowercase())
                && word.chars().all(|one| one.is_ascii_lowercase() || one == '-')
        };
        let Some(first) = rest.first().map(|one| one.trim_end_matches([')', ';', ',', '"', '\'']))
        else {
            continue;
        };
        if !is_name(first) || OTHERS.contains(&first) {
            continue;
        }
        let mut command = vec![first.to_owned()];
        let second = rest.get(1).map(|one| one.trim_end_matches([')', ';', ',', '"', '\'']));
        command.extend(
            second.filter(|one| GROUPS.contains(&first) && is_name(one)).map(str::to_owned),
        );
        let mut options = vec![String::new()];
        let ended = rest[0].ends_with(';');
        for word in rest[1..].iter().take_while(|_| !ended) {
            let ends = ["--", "&&", "||", "|", ";", "#", "pyman"].contains(word);
            if ends || (first == "exec" && !word.starts_with('-')) {
                break;
            }
            let bare = word.trim_matches(['[', ']', ')', '(', '"', '\'', ';', ',', '.']);
            if let Some(name) = bare.strip_prefix("--") {
                let name = name.split(['=', '|']).next().unwrap_or_default();
                options.push(format!("--{name}"));
            }
            if word.ends_with(';') {
                break;
            }
        }
        calls.extend(options.into_iter().map(|option| Call { command: command.clone(), option }));
    }
    calls
}

/// What the tables of the page of commands say: a command, and its options in the cell beside it.
fn tabled() -> Vec<String> {
    let rows = Page::named(REFERENCE).rows();
    let lines = rows.iter().flat_map(|row| {
        let commands = pages::spans(&row[0]);
        let options = pages::spans(&row[1]).into_iter().filter(|span| span.starts_with("--"));
        let options: Vec<String> = options.filter(|_| commands.len() == 1).collect();
        let lines = commands.into_iter().map(move |command| {
            let arguments = |one: char| one.is_uppercase() || one == '[';
            let name = command.split(arguments).next().unwrap_or_default();
            format!("pyman {name} {}", options.join(" "))
        });
        lines.collect::<Vec<_>>()
    });
    lines.collect()
}

fn called() -> BTreeMap<Call, String> {
    let mut called = BTreeMap::new();
    for call in tabled().iter().flat_map(|line| calls(line)) {
        called.insert(call, REFERENCE.to_owned());
    }
    for page in Page::manual() {
        let blocks =
            ["sh", "dockerfile", "yaml", "json"].iter().flat_map(|language| page.blocks(language));
        let typed = page.blocks("console").into_iter().flat_map(|block| session::typed(&block));
        let code: Vec<String> = page.spans().into_iter().chain(blocks).chain(typed).collect();
        for line in code.iter().flat_map(|text| text.lines()) {
            for call in calls(line) {
                called.entry(call).or_insert_with(|| page.name.clone());
            }
        }
    }
    called
}

#[test]
fn every_command_and_option_that_is_named_is_there() {
    let shop = Shop::open();
    let mut helps: BTreeMap<Vec<String>, Option<String>> = BTreeMap::new();
    let mut help = |command: &Vec<String>| {
        let ask = |command: &Vec<String>| {
            let mut words: Vec<&str> = command.iter().map(String::as_str).collect();
            words.push("--help");
            let ran = shop.sandbox.run(&words);
            (ran.status == Some(0)).then_some(ran.stdout)
        };
        helps.entry(command.clone()).or_insert_with(|| ask(command)).clone()
    };
    let called = called();
    assert!(called.len() > 100, "{} calls were found", called.len());
    let mut wrong = Vec::new();
    for (Call { command, option }, page) in &called {
        let name = command.join(" ");
        match help(command) {
            None => wrong.push(format!("{page}: there is no command `{name}'")),
            Some(help) => {
                let words: BTreeSet<&str> =
                    help.split([' ', '\n', ',', ']', '=', '<', '[', '|']).collect();
                if !option.is_empty() && !words.contains(option.as_str()) {
                    wrong.push(format!("{page}: `pyman {name}' has no option `{option}'"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_command_stands_in_the_manual() {
    let shop = Shop::open();
    let listed = shop.sandbox.run(&["commands"]).stdout;
    let reference = Page::named(REFERENCE);
    let told: BTreeSet<String> = reference
        .rows()
        .iter()
        .flat_map(|row| pages::spans(&row[0]))
        .filter_map(|span| span.split_whitespace().next().map(str::to_owned))
        .collect();
    let missing: Vec<&str> = listed.lines().filter(|name| !told.contains(*name)).collect();
    assert!(listed.lines().count() > 30, "{listed}");
    assert_eq!(missing, [""; 0], "not in {REFERENCE}");
}
