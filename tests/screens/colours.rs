//! Colour: at a terminal that can, as the variables and the option say; nothing is said by colour alone.

use std::process::Command;

use crate::support::sandbox::Sandbox;
use crate::support::terminal::at_terminal;

const ESCAPE: char = '\u{1b}';

/// Where the output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Pipe,
    Terminal,
}

fn set_up() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python"]);
    sandbox.write("pyman/version", "3.12.1\n");
    sandbox
}

/// All that is shown by a command that ends well.
fn shown(sandbox: &Sandbox, to: To, mut command: Command) -> String {
    let ran = match to {
        To::Pipe => sandbox.ran(&mut command),
        To::Terminal => sandbox.ran(&mut at_terminal(sandbox, &command, "")),
    };
    (ran.stdout + &ran.stderr).replace('\r', "")
}

fn plain(text: &str) -> String {
    let mut parts = text.split(ESCAPE);
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
}

/// Where it goes, the variables, the option; whether it is coloured.
type Case<'a> = (To, &'a [(&'a str, &'a str)], &'a [&'a str], bool);

#[test]
fn words_are_coloured_as_the_terminal_the_variables_and_the_option_say() {
    let xterm = ("TERM", "xterm");
    let cases: [Case<'_>; 15] = [
        (To::Terminal, &[xterm], &[], true),
        (To::Terminal, &[("TERM", "dumb")], &[], false),
        (To::Terminal, &[], &[], false),
        (To::Terminal, &[xterm, ("NO_COLOR", "1")], &[], false),
        (To::Terminal, &[xterm, ("NO_COLOR", "")], &[], true),
        (To::Terminal, &[xterm, ("CLICOLOR", "0")], &[], false),
        (To::Terminal, &[xterm], &["--color", "never"], false),
        (To::Terminal, &[("TERM", "dumb")], &["--color=always"], true),
        (To::Terminal, &[xterm, ("NO_COLOR", "1")], &["--color=always"], true),
        (To::Pipe, &[xterm], &[], false),
        (To::Pipe, &[xterm, ("CLICOLOR", "1")], &[], false),
        (To::Pipe, &[xterm, ("CLICOLOR_FORCE", "1")], &[], true),
        (To::Pipe, &[xterm, ("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (To::Pipe, &[xterm], &["--color", "always"], true),
        (To::Pipe, &[xterm, ("CLICOLOR_FORCE", "1")], &["--color=auto", "--color", "never"], false),
    ];
    let sandbox = set_up();
    for (to, variables, options, coloured) in cases {
        for (words, ends) in [
            (&["versions"][..], "* 3.12.1 (set by [SANDBOX]/pyman/version)\n"),
            (&["nonsense"], "pyman: no such command `nonsense'\n"),
            (&["help", "root"], "pyman root  where pyman keeps everything\n"),
        ] {
            let mut command = sandbox.pyman(options.iter().chain(words));
            command.envs(variables.iter().copied());
            let before = shown(&sandbox, to, command);
            assert_eq!(before.contains(ESCAPE), coloured, "{to:?} {variables:?} {options:?}");
            assert!(plain(&before).ends_with(ends), "{before:?}");
            if words == ["nonsense"] {
                continue;
            }
            let mut command = sandbox.pyman(words.iter().chain(options));
            command.envs(variables.iter().copied());
            assert_eq!(shown(&sandbox, to, command), before, "behind the name it means the same");
        }
    }
}

#[test]
fn without_colour_the_same_is_said() {
    let sandbox = set_up();
    sandbox.write("pyman/versions/gone/x", "");
    sandbox.write("pyman/version", "3.12.1\n3.99\n");
    for words in [
        &["--help"][..],
        &["help", "words"],
        &["help", "install"],
        &["venv", "create", "--help"],
        &["versions"],
        &["available"],
        &["available", "3.7"],
        &["outdated"],
        &["doctor"],
        &["exec", "--each", "3.12.1,3.99", "python"],
        &["install", "--lst"],
        &["local", "3.98"],
    ] {
        let with = |option| {
            let ran = sandbox.run(&[&["--color", option], words].concat());
            (ran.stdout, ran.stderr, ran.status)
        };
        let (stdout, stderr, status) = with("always");
        assert_eq!(with("never"), (plain(&stdout), plain(&stderr), status), "{words:?}");
    }
}

#[test]
fn what_scripts_read_is_never_coloured() {
    let sandbox = set_up();
    for words in [
        &["version-name"][..],
        &["versions", "--bare"],
        &["versions", "--json"],
        &["doctor", "--json"],
        &["prefix", "3.12.1"],
        &["which", "python"],
        &["whence", "python"],
        &["init", "-", "bash"],
        &["completions", "versions"],
        &["completions", "--described"],
        &["root"],
    ] {
        let mut command = sandbox.pyman(words);
        command.args(["--color", "always"]).env("CLICOLOR_FORCE", "1");
        let ran = sandbox.ran(&mut command);
        assert!(!ran.stdout.is_empty() && !ran.stdout.contains(ESCAPE), "{words:?}: {ran:?}");
    }
}

#[test]
fn a_colour_that_is_none_is_refused() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["--color", "blue", "root"]);
    ran.fails(
        "pyman: invalid value `blue' for `--color <WHEN>'\n  [possible values: auto, always, never]\n",
        2,
    );
    assert_eq!(sandbox.run(&["--color"]).status, Some(2));
}

#[test]
fn who_wants_quiet_hears_what_went_wrong_alone() {
    let sandbox = set_up();
    sandbox.fake_version("3.12.2", &["python"]);
    let quiet: [(&[&str], &str, &str, i32); 8] = [
        (&["available", "3.1"], "CPython\n", "", 0),
        (&["update"], "", "", 3),
        (&["prune"], "", "", 0),
        (&["setup", "bash"], "", "", 0),
        (&["setup", "--undo"], "", "", 0),
        (&["global", "3.12.1"], "", "", 0),
        (
            &["global", "3.99"],
            "",
            "pyman: version `3.99' not installed\nhint: pick one of the installed: 3.12.1, 3.12.2\n",
            1,
        ),
        (&["uninstall", "-f", "3.12.2"], "", "", 0),
    ];
    for (words, begins, stderr, status) in quiet {
        for words in [[&["-q"], words].concat(), [words, &["--quiet"]].concat()] {
            let ran = sandbox.run(&words);
            assert!(ran.stdout.starts_with(begins), "{words:?}: {ran:?}");
            assert_eq!(begins.is_empty(), ran.stdout.is_empty(), "{words:?}: {ran:?}");
            assert_eq!((ran.stderr.as_str(), ran.status), (stderr, Some(status)), "{words:?}");
        }
    }
    assert!(!sandbox.root().join("versions/3.12.2").exists());
    // A command of somebody else's keeps its own.
    let ran = sandbox.run(&["-q", "exec", "--each", "3.12.1", "python", "-q", "--color"]);
    assert!(ran.stdout.contains("bin/python -q --color\n"), "{ran:?}");
}
