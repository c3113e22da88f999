//! The README does what it says: its sessions are run, its tables hold what the sources have.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::support::shop::Shop;

const README: &str = include_str!("../README.md");

/// What the shell prints after each command; nothing else does.
const MARK: &str = "\u{1e}";

/// The versions that the README's sessions speak of.
const VERSION: &str = "3.12.7";
const MINOR: &str = "3.12";

/// A command of a session, and what it prints.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    command: String,
    output: String,
}

/// The text of every fenced block in this language.
fn blocks(language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in README.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(named)) => open = Some((named == language, String::new())),
            (Some((wanted, text)), Some(_)) => {
                if *wanted {
                    blocks.push(std::mem::take(text));
                }
                open = None;
            }
            (Some((_, text)), None) => text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    blocks
}

fn steps(block: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { command: command.to_owned(), output: String::new() });
        } else {
            let last = steps.last_mut().unwrap();
            last.output.extend([line, "\n"]);
        }
    }
    steps
}

/// `in 4.1 s` becomes `in [TIME]`.
fn timeless(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" in ") {
        Some((before, time))
            if time.strip_suffix(" s").is_some_and(|one| one.parse::<f64>().is_ok()) =>
        {
            format!("{before} in [TIME]\n")
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn its_sessions_print_what_they_show() {
    let blocks = blocks("console");
    assert!(!blocks.is_empty());
    for block in blocks {
        let shop = Shop::open();
        let minor = shop.version().rsplit_once('.').unwrap().0.to_owned();
        let here = |text: &str| {
            text.replace(VERSION, "[VERSION]")
                .replace(MINOR, &minor)
                .replace("[VERSION]", shop.version())
        };
        let steps = steps(&here(&block));
        let commands = steps
            .iter()
            .flat_map(|step| [step.command.as_str(), "\nprintf '%s' '", MARK, "'\n"])
            .collect::<String>();
        let script =
            format!("exec 2>&1\neval \"$(pyman init - bash)\"\nprintf '%s' '{MARK}'\n{commands}");

        let bin = shop.sandbox.path().join("bin");
        fs::create_dir(&bin).unwrap();
        symlink(crate::support::program(), bin.join("pyman")).unwrap();
        let mut command = shop.sandbox.command("bash");
        command
            .args(["--noprofile", "--norc", "-c", &script])
            .env_remove("PYMAN_ROOT")
            .env_remove("PYMAN_OFFLINE")
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .env("PYMAN_CATALOGUE", shop.sandbox.path().join("catalogue.jsonl"));
        let ran = shop.sandbox.ran(&mut command);
        let printed = ran.stdout.replace("[SANDBOX]/home", "~");
        let mut printed = printed.split(MARK);
        assert_eq!(printed.next(), Some(""), "init says nothing");
        let printed: Vec<Step> = steps
            .iter()
            .zip(printed)
            .map(|(step, output)| Step { command: step.command.clone(), output: timeless(output) })
            .collect();
        let shown: Vec<Step> = steps
            .iter()
            .map(|step| Step { command: step.command.clone(), output: timeless(&step.output) })
            .collect();
        assert_eq!(printed, shown);
    }
}

/// What stands between backticks, outside of blocks.
fn spans() -> Vec<&'static str> {
    let mut fenced = false;
    let mut spans = Vec::new();
    // A span may go over the end of a line, so that each paragraph is looked at whole.
    for paragraph in README.split("\n\n") {
        fenced ^= paragraph.matches("```").count() % 2 == 1;
        if !fenced && !paragraph.contains("```") {
            spans.extend(paragraph.split('`').skip(1).step_by(2));
        }
    }
    spans
}

/// The words that follow `pyman` wherever the README runs it.
fn run_by_name() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let fenced = ["sh", "console"].into_iter().flat_map(blocks).collect::<String>();
    let code = spans().into_iter().map(str::to_owned).chain(fenced.lines().map(str::to_owned));
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

    let first = |span: &str| {
        let mut words = span.split_whitespace();
        words.find(|word| *word != "pyman").unwrap_or_default().to_owned()
    };
    let told: BTreeSet<String> = spans().into_iter().map(first).chain(run_by_name()).collect();
    assert_eq!(listed.difference(&told).collect::<Vec<_>>(), [""; 0], "not in the README");

    let named = run_by_name();
    assert!(named.len() > 10, "{named:?}");
    for name in named.difference(&listed) {
        let ran = shop.sandbox.run(&["help", name]);
        assert_eq!(ran.status, Some(0), "the README runs `pyman {name}', which is no command");
    }
}

/// Every Rust file of the house below these folders.
fn sources() -> Vec<String> {
    let mut folders: Vec<PathBuf> = ["src", "shims/src"]
        .iter()
        .map(|one| Path::new(env!("CARGO_MANIFEST_DIR")).join(one))
        .collect();
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    texts
}

/// The rows of the table under a heading, each the text of its first column.
fn table(heading: &str) -> Vec<&'static str> {
    let section = README.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| "));
    rows.skip(1).map(|row| row.split(" | ").next().unwrap()).collect()
}

fn is_variable(text: &str) -> bool {
    let ours = ["PYMAN_", "PYTHON_BUILD_", "PYLAUNCHER_", "PY_PYTHON"];
    let letters = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    ours.iter().any(|prefix| text.starts_with(prefix)) && text.bytes().all(letters)
}

#[test]
fn every_variable_that_is_read_stands_in_its_table_and_no_other() {
    let sources = sources();
    let mut read = BTreeSet::new();
    for text in &sources {
        read.extend(text.split('"').filter(|one| is_variable(one)));
    }
    assert!(read.contains("PYMAN_ROOT") && read.contains("PYTHON_BUILD_CACHE_PATH"), "{read:?}");
    let told: BTreeSet<&str> = table("Variables")
        .into_iter()
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let missing: Vec<_> = read.difference(&told).collect();
    assert_eq!(missing, [&""; 0], "not in the README");
    for name in told {
        let literal = format!("\"{name}\"");
        assert!(sources.iter().any(|text| text.contains(&literal)), "nothing reads {name}");
    }
}

#[test]
fn every_exit_code_stands_in_its_table() {
    let told: BTreeSet<u8> = table("Exit codes")
        .into_iter()
        .flat_map(|cell| cell.split(", ").map(|code| code.trim().parse().unwrap()))
        .collect();
    let mut given = BTreeSet::from([0]);
    for text in sources() {
        for body in text.split("fn exit_code(").skip(1) {
            let body = body.split("\n    }\n").next().unwrap();
            let numbers =
                body.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            given.extend(numbers.filter_map(|word| word.parse::<u8>().ok()));
        }
    }
    assert!(given.is_superset(&BTreeSet::from([1, 2, 3, 4, 5, 7, 103, 127, 130])), "{given:?}");
    let missing: Vec<_> = given.difference(&told).collect();
    assert_eq!(missing, [&0; 0], "not in the README");
}
