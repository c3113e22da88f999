//! Every message that the sources have, and what they advise, stands in the page of troubles.

use std::path::Path;

use crate::support::pages::{Page, repository, sources};
use crate::support::session::in_order;

const PAGE: &str = "docs/troubleshooting.md";

/// Quotes are one kind here: what a message says is looked for, not how it quotes.
fn plain(text: &str) -> String {
    text.replace(['`', '\u{2018}', '\u{2019}'], "'")
}

/// The string literals of some code, as they are when they are printed.
fn literals(code: &str) -> Vec<String> {
    let mut literals = Vec::new();
    let mut letters = code.chars();
    while letters.any(|one| one == '"') {
        let mut literal = String::new();
        while let Some(one) = letters.next() {
            match one {
                '"' => break,
                '\\' => match letters.next() {
                    Some('n') => literal.push('\n'),
                    Some('\n') => literal.extend(letters.clone().next().filter(|one| *one != ' ')),
                    other => literal.extend(other),
                },
                one => literal.push(one),
            }
        }
        literals.push(literal);
    }
    literals
}

/// What of a message is always the same: the pieces between its placeholders.
fn pieces(message: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut depth = 0;
    for one in plain(message).replace("{{", "\u{1}").replace("}}", "\u{2}").chars() {
        match one {
            '{' => {
                depth += 1;
                pieces.push(String::new());
            }
            '}' => depth -= 1,
            one if depth == 0 => pieces.last_mut().unwrap().push(one),
            _ => {}
        }
    }
    pieces
}

/// Whether there is a word in it that a reader could look for.
fn says_something(pieces: &[String]) -> bool {
    pieces.iter().any(|piece| {
        piece
            .split_whitespace()
            .any(|word| word.chars().filter(|one| one.is_alphabetic()).count() > 2)
    })
}

/// The body of a function that begins here: to the brace that closes it.
fn body(code: &str) -> &str {
    let mut depth = 0;
    for (at, one) in code.char_indices() {
        match one {
            '{' => depth += 1,
            '}' if depth == 1 => return &code[..at],
            '}' => depth -= 1,
            _ => {}
        }
    }
    code
}

fn shown(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap().display().to_string()
}

/// The types of the shim's crate whose messages are written by hand.
const BY_HAND: &[&str] = &["Error", "NotInstalled", "NotFound", "Note"];

/// Every message of `#[error("…")]`, and of the shim's crate, which has no `thiserror`.
fn messages() -> Vec<(String, String)> {
    let heads: Vec<String> = BY_HAND
        .iter()
        .map(|name| format!("fmt::Display for {name} {{"))
        .chain(["fn tell(".to_owned()])
        .collect();
    let mut heard = vec![0; heads.len()];
    let mut messages = Vec::new();
    for (path, code) in sources() {
        let name = shown(&path);
        for attribute in code.split("#[error(").skip(1) {
            if attribute.trim_start().starts_with('"') {
                messages
                    .extend(literals(attribute).into_iter().next().map(|one| (name.clone(), one)));
            }
        }
        if !name.starts_with("shims/") {
            continue;
        }
        for (head, heard) in heads.iter().zip(&mut heard) {
            for rest in code.split(head.as_str()).skip(1) {
                *heard += 1;
                let rest = rest.split_once("fn fmt(").map_or(rest, |(_, rest)| rest);
                messages.extend(literals(body(rest)).into_iter().map(|one| (name.clone(), one)));
            }
        }
    }
    assert!(!heard.contains(&0), "{heads:?} were found so often: {heard:?}");
    messages
}

/// Every piece of advice: the sentences of the functions that are called after hints, and what is said as one.
fn hints() -> Vec<(String, String)> {
    const FUNCTIONS: &[&str] = &["fn hint(", "fn hints(", "fn unserved_hint(", "fn remedy("];
    const SAID: &str = "\"hint: ";
    let mut hints = Vec::new();
    for (path, code) in sources() {
        let bodies =
            FUNCTIONS.iter().flat_map(|function| code.split(function).skip(1)).flat_map(|rest| {
                // What is looked for in another message is no advice.
                let code = body(rest).split(".contains(\"").enumerate();
                let code = code.map(|(at, code)| match code.split_once('"') {
                    Some((_, code)) if at > 0 => code,
                    _ => code,
                });
                literals(&code.collect::<String>())
            });
        let said = code
            .split(SAID)
            .skip(1)
            .flat_map(|rest| literals(&format!("\"{rest}")).into_iter().take(1));
        let sentences = bodies.chain(said).filter(|text| text.contains(' '));
        let sentences =
            sentences.map(|text| text.strip_prefix("hint: ").map(str::to_owned).unwrap_or(text));
        hints.extend(sentences.map(|text| (shown(&path), text)));
    }
    hints
}

/// The texts that are not in one of these places, whole.
fn absent(texts: Vec<(String, String)>, places: &[String]) -> Vec<String> {
    let mut absent = Vec::new();
    for (path, text) in texts {
        for line in text.split('\n') {
            let pieces = pieces(line.trim());
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            let owned: Vec<String> = pieces.iter().map(|&one| one.to_owned()).collect();
            if says_something(&owned) && !places.iter().any(|place| in_order(&pieces, place)) {
                absent.push(format!("{path}: {line}"));
            }
        }
    }
    absent.sort();
    absent.dedup();
    absent
}

#[test]
fn every_message_stands_in_the_page_of_troubles() {
    let messages = messages();
    assert!(messages.len() > 100, "only {} messages were found", messages.len());
    let rows = Page::named(PAGE).rows();
    let cells = rows.iter().flat_map(|row| crate::support::pages::spans(&row[0]));
    let cells: Vec<String> = cells.map(|cell| plain(&cell)).collect();
    let absent = absent(messages, &cells);
    assert!(absent.is_empty(), "not in the tables of {PAGE}:\n{}", absent.join("\n"));
}

#[test]
fn every_hint_stands_in_the_page_of_troubles() {
    let hints = hints();
    assert!(hints.len() > 50, "only {} hints were found", hints.len());
    let spans: Vec<String> = Page::named(PAGE).spans().iter().map(|span| plain(span)).collect();
    let absent = absent(hints, &spans);
    assert!(absent.is_empty(), "not in {PAGE}, as code:\n{}", absent.join("\n"));
}
