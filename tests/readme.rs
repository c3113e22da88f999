//! The README does what it says: its sessions are run, its commands are there, and it is short.

use std::collections::BTreeSet;

use crate::support::pages::Page;
use crate::support::session;
use crate::support::shop::Shop;

fn readme() -> Page {
    Page::named("README.md")
}

#[test]
fn its_sessions_print_what_they_show() {
    let blocks = readme().blocks("console");
    assert!(!blocks.is_empty());
    let (shown, printed) = session::run(&blocks, &[]);
    assert_eq!(printed, shown);
}

/// The words that follow `pyman` wherever the README runs it.
fn run_by_name() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let page = readme();
    let fenced = ["sh", "console"].map(|language| page.blocks(language)).concat().concat();
    let code = page.spans().into_iter().chain(fenced.lines().map(str::to_owned));
    for text in code {
        let mut words = text.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let Some(next) =
                words.peek().filter(|_| word.trim_start_matches(['`', '(']) == "pyman")
            else {
                continue;
            };
            let name: String = next
                .chars()
                .take_while(|letter| letter.is_ascii_lowercase() || *letter == '-')
                .collect();
            if name.starts_with(|letter: char| letter.is_ascii_lowercase()) {
                names.insert(name);
            }
        }
    }
    names
}

#[test]
fn every_command_is_told_of_and_every_one_told_of_is_there() {
    let shop = Shop::open();
    let listed = shop.sandbox.run(&["commands"]).stdout;
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    assert!(listed.len() > 30, "{listed:?}");

    let first = |span: String| {
        let mut words = span.split_whitespace();
        words.find(|word| *word != "pyman").unwrap_or_default().to_owned()
    };
    let told: BTreeSet<String> =
        readme().spans().into_iter().map(first).chain(run_by_name()).collect();
    assert_eq!(listed.difference(&told).collect::<Vec<_>>(), [""; 0], "not in the README");

    let named = run_by_name();
    assert!(named.len() > 10, "{named:?}");
    for name in named.difference(&listed) {
        let ran = shop.sandbox.run(&["help", name]);
        assert_eq!(ran.status, Some(0), "the README runs `pyman {name}', which is no command");
    }
}

/// The commands that set a machine up and run the tests, as the README has them.
const TWO_COMMANDS: &[&str] = &[
    "cargo run --release --locked -- install --prerequisites --skip-existing 3.13.5 && ",
    "bash tests/run\n",
];

#[test]
fn it_is_short_and_says_first_what_this_is_and_how_to_have_it() {
    let page = readme();
    let lines: Vec<&str> = page.text.lines().collect();
    assert!(lines.len() <= 170, "{} lines", lines.len());
    let screen = lines.iter().take(30).copied().collect::<Vec<_>>().join("\n");
    for said in ["pyman setup", "pyman install 3.12", "docs/README.md", "docs/zh/README.md"] {
        assert!(screen.contains(said), "the first screen has no {said:?}:\n{screen}");
    }
    let commands = page.blocks("sh").concat();
    for command in TWO_COMMANDS {
        assert!(commands.contains(command), "no {command:?} in\n{commands}");
    }
}
