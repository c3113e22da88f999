//! Sessions that pages show (`$ command`, and what it prints), run in a real bash on a real CPython of this machine.

use std::fs;
use std::os::unix::fs::symlink;

use super::sandbox::Sandbox;
use super::shop::Shop;

/// What the shell prints after each command; nothing else does.
const MARK: &str = "\u{1e}";

/// The versions that the pages' sessions speak of: the newest of this machine takes their place.
const VERSION: &str = "3.12.7";
const MINOR: &str = "3.12";

/// Stands in what is shown for what differs each time: in a line for some of it, alone for lines.
const ANYTHING: char = '…';

/// A command of a session, and what it prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    command: String,
    output: String,
}

/// What a block shows.
fn steps(block: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { command: command.to_owned(), output: String::new() });
        } else if let Some(more) = line.strip_prefix("> ") {
            steps.last_mut().unwrap().command.extend(["\n", more]);
        } else {
            steps.last_mut().unwrap().output.extend([line, "\n"]);
        }
    }
    steps
}

/// The commands of a block.
pub(crate) fn typed(block: &str) -> Vec<String> {
    steps(block).into_iter().map(|step| step.command).collect()
}

/// Runs the blocks of a page, one after the other in one shell, at a home where these versions are installed: the first a
/// real one, the others by their names. Gives what is shown and what was printed; of what differs by nature, the first.
pub(crate) fn run(blocks: &[String], installed: &[&str]) -> (Vec<Step>, Vec<Step>) {
    let shop = Shop::open();
    let minor = shop.version().rsplit_once('.').unwrap().0.to_owned();
    let here = |text: &str| {
        text.replace(VERSION, "[VERSION]")
            .replace(MINOR, &minor)
            .replace("[VERSION]", shop.version())
    };
    let steps: Vec<Step> = blocks.iter().flat_map(|block| steps(&here(block))).collect();
    let home = shop.sandbox.home();
    let bin = shop.sandbox.path().join("bin");
    fs::create_dir(&bin).unwrap();
    symlink(super::program(), bin.join("pyman")).unwrap();
    fs::create_dir(home.join("project")).unwrap();
    for version in installed.iter().skip(1) {
        fake(&home.join(".pyman/versions").join(version), version);
    }
    let first = installed.first().map(|version| {
        format!("{{ pyman install {version} && pyman global {version}; }} >/dev/null 2>&1\n")
    });
    let first = first.map(|line| here(&line)).unwrap_or_default();
    // What a command ends with stands in `$?` of the next one.
    let mark = format!("\nstatus=$?; printf '%s' '{MARK}'; (exit $status)\n");
    let commands =
        steps.iter().flat_map(|step| [step.command.as_str(), mark.as_str()]).collect::<String>();
    let script = format!(
        "exec 2>&1\ncd ~/project\n{first}eval \"$(pyman init - bash)\"\nprintf '%s' '{MARK}'\n{commands}"
    );
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
    assert_eq!(printed.next(), Some(""), "the start says nothing");
    let printed = steps.iter().zip(printed).map(|(shown, output)| {
        let output = timeless(&without_downloads(output));
        let output = if fits(&timeless(&shown.output), &output) { &shown.output } else { &output };
        Step { command: shown.command.clone(), output: output.clone() }
    });
    let printed = printed.collect();
    (steps, printed)
}

/// A version by its name only: what it runs says which it is.
fn fake(tree: &std::path::Path, version: &str) {
    let minor = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
    let major = minor.split('.').next().unwrap_or(minor);
    for name in ["python", &format!("python{major}"), &format!("python{minor}"), "pip"] {
        let body = format!(
            "case $1 in -V|--version) echo 'Python {version}' ;; *) echo 'run by {version}:' \"$@\" ;; esac"
        );
        Sandbox::script(&tree.join("bin").join(name), &body);
    }
}

/// Whether this was printed as it is shown.
fn fits(shown: &str, printed: &str) -> bool {
    let (shown, printed) = (shown.lines().collect::<Vec<_>>(), printed.lines().collect::<Vec<_>>());
    lines_fit(&shown, &printed)
}

fn lines_fit(shown: &[&str], printed: &[&str]) -> bool {
    match (shown, printed) {
        ([], printed) => printed.is_empty(),
        ([one, shown @ ..], _) if one.trim() == ANYTHING.to_string() => {
            (0..=printed.len()).any(|from| lines_fit(shown, &printed[from..]))
        }
        ([_, ..], []) => false,
        ([one, shown @ ..], [line, printed @ ..]) => {
            in_order(&one.split(ANYTHING).collect::<Vec<_>>(), line) && lines_fit(shown, printed)
        }
    }
}

/// Whether a text is these pieces, with anything between them.
pub(crate) fn in_order(pieces: &[&str], text: &str) -> bool {
    let [first, rest @ ..] = pieces else { return text.is_empty() };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let [between @ .., last] = rest else { return text.is_empty() };
    for piece in between {
        let Some((_, after)) = text.split_once(piece) else { return false };
        text = after;
    }
    text.ends_with(last)
}

/// A person at a terminal sees bars, which are gone when they are done.
fn without_downloads(text: &str) -> String {
    let is_one = |line: &&str| line.starts_with("fetching ") || line.starts_with("fetched ");
    text.split_inclusive('\n').filter(|line| !is_one(line)).collect()
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
