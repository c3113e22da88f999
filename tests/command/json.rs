//! `--json` is a contract: one document on one line, numbered, of every command that has it; of what goes wrong, too.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::sandbox::{Ran, Sandbox};

/// A command line of each command that has `--json`, and the field in which its answer is.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["available", "3.12.7"], "available"),
    (&["cache", "list"], "files"),
    (&["discover"], "interpreters"),
    (&["doctor"], "findings"),
    (&["install", "--list", "3.12"], "versions"),
    (&["latest", "3.12"], "version"),
    (&["list"], "versions"),
    (&["mirror", "list"], "mirrors"),
    (&["mirror", "test", "/nowhere"], "timings"),
    (&["outdated"], "outdated"),
    (&["prefix", "3.12"], "prefixes"),
    (&["venv", "list"], "environments"),
    (&["version"], "versions"),
    (&["versions"], "versions"),
    (&["versions", "--sizes"], "versions"),
    (&["whence", "python"], "versions"),
    (&["which", "python"], "path"),
];

const MANUAL: &str = include_str!("../../docs/json.md");

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.7", &["python", "python3.12"]);
    sandbox.write("pyman/version", "3.12.7\n");
    sandbox
}

fn document(ran: &Ran) -> Value {
    assert_eq!(ran.stdout.matches('\n').count(), 1, "{ran:?}");
    assert!(ran.stdout.ends_with('\n'), "{ran:?}");
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["schema"], 1, "{ran:?}");
    document
}

/// The words of a help page's list of commands.
fn below(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| line.starts_with("  "));
    let names = lines.filter(|line| !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

#[test]
fn every_command_that_has_json_gives_one_numbered_document() {
    let sandbox = sandbox();
    for (words, field) in COMMANDS {
        let ran = sandbox.run(&[words, &["--json"][..]].concat());
        let document = document(&ran);
        assert!(document.get(field).is_some(), "{words:?}: {ran:?}");
        assert!(document.get("error").is_none(), "{words:?}: {ran:?}");
    }
}

#[test]
fn the_table_and_the_manual_know_every_command_that_has_json() {
    let sandbox = sandbox();
    let has = |words: &[&str]| {
        let help = sandbox.run(&[words, &["--help"][..]].concat()).stdout;
        (help.contains("--json"), help)
    };
    let mut found = BTreeSet::new();
    for name in sandbox.run(&["commands"]).stdout.lines() {
        let (json, help) = has(&[name]);
        if json {
            found.insert(name.to_owned());
        }
        for word in below(&help).iter().filter(|word| *word != "help") {
            if has(&[name, word]).0 {
                found.insert(format!("{name} {word}"));
            }
        }
    }
    let tabled: BTreeSet<String> = COMMANDS
        .iter()
        .map(|(words, _)| match words {
            [one @ ("cache" | "mirror" | "venv"), two, ..] => format!("{one} {two}"),
            [one, ..] => (*one).to_owned(),
            [] => String::new(),
        })
        .collect();
    assert_eq!(found, tabled);
    for (words, field) in COMMANDS {
        let row = MANUAL.lines().find(|line| line.starts_with(&format!("| `{}", words[0])));
        assert!(row.is_some(), "{words:?}");
        assert!(MANUAL.contains(&format!("`{field}`")), "{field}");
    }
}

#[test]
fn what_goes_wrong_is_a_document_too() {
    let sandbox = sandbox();
    let cases: &[(&[&str], &str, i32)] = &[
        (&["available", "4"], "python-build: definition not found: 4", 2),
        (&["install", "--list", "4"], "python-build: definition not found: 4", 2),
        (&["latest", "4"], "no installed versions match the prefix `4'", 1),
        (&["prefix", "4"], "version `4' not installed", 1),
        (&["which", "nothing"], "nothing: command not found", 127),
        (&["doctor", "--nonsense"], "unexpected argument `--nonsense' found", 2),
        (&["versions", "--nonsense"], "unexpected argument `--nonsense' found", 1),
    ];
    for (words, message, status) in cases {
        let plain = sandbox.run(words);
        let ran = sandbox.run(&[&words[..1], &["--json"], &words[1..]].concat());
        let document = document(&ran);
        assert_eq!(document["error"]["message"], *message, "{ran:?}");
        assert_eq!(document["error"]["status"], *status, "{ran:?}");
        assert_eq!(ran.status, Some(*status), "{ran:?}");
        assert_eq!((plain.stdout.as_str(), plain.status), ("", Some(*status)), "{plain:?}");
        assert!(ran.stderr.contains(message), "{ran:?}");
    }
    let missing =
        sandbox.ran(sandbox.pyman(["version", "--json"]).env("PYMAN_VERSION", "3.12:3.9"));
    let told = document(&missing);
    assert_eq!((&told["versions"][0], &told["missing"][0]), (&"3.12.7".into(), &"3.9".into()));
    assert_eq!(missing.status, Some(1));
}

#[test]
fn json_is_refused_where_there_is_none() {
    let sandbox = sandbox();
    for words in [&["global"][..], &["root"], &["shims"], &["version-name"], &["version-origin"]] {
        let ran = sandbox.run(&[words, &["--json"][..]].concat());
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)), "{words:?}: {ran:?}");
        assert!(ran.stderr.contains("--json"), "{ran:?}");
    }
    let ran = sandbox.run(&["install", "3.12.7", "--json"]);
    assert_eq!(ran.status, Some(1), "{ran:?}");
}

#[test]
fn sizes_are_told_and_how_a_version_is_looked_after() {
    let sandbox = Sandbox::new();
    let tree = sandbox.root().join("versions/3.8.20");
    sandbox.write("pyman/versions/3.8.20/bin/python", [b'x'; 1_000]);
    std::fs::hard_link(tree.join("bin/python"), tree.join("bin/python3.8")).unwrap();
    let mut command = sandbox.pyman(["versions", "--json", "--sizes"]);
    command.env("PATH", "/nowhere");
    let ran = sandbox.ran(&mut command);
    let expected = serde_json::json!({ "schema": 1, "versions": [{
        "name": "3.8.20", "path": "[SANDBOX]/pyman/versions/3.8.20", "target": null,
        "implementation": "cpython", "version": "3.8.20", "variant": "", "selected": false,
        "origin": null, "bytes": 1_000, "support": "none", "first_release": "2019-10-14",
        "end_of_bug_fixes": "2021-05-03", "end_of_life": "2024-10-07",
    }]});
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((told, ran.status), (expected, Some(0)));
}
