//! Help: the overview, one command's, the manual's pages.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::support::needs::{has, needs};
use crate::support::sandbox::Sandbox;

#[test]
fn every_command_and_plugin_has_a_line_below_pyenvs_own() {
    let sandbox = Sandbox::new();
    let program = sandbox.write(
        "pyman/plugins/hello/bin/pyman-hello",
        "#!/bin/sh\n# Summary: say \u{1b}[31mhello\n",
    );
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let told = sandbox.run(&["--help"]);
    let head = "Usage: pyman <command> [<args>]\n\nSome useful pyman commands are:\n";
    assert!(told.stdout.starts_with(head), "{told:?}");
    for command in sandbox.run(&["commands"]).stdout.lines() {
        let line = told.stdout.lines().find(|line| line.starts_with(&format!("  {command} ")));
        let summary = line.unwrap_or_else(|| panic!("{command}: {told:?}")).trim_start();
        let summary = summary.strip_prefix(command).unwrap().trim_start();
        assert!(summary.starts_with(char::is_uppercase), "{command}: {summary}");
    }
    assert!(told.stdout.contains("  hello               Say \\u{1b}[31mhello\n"), "{told:?}");
    assert_eq!(sandbox.run(&["help"]), told);
    // Alone, it is said on stderr below the version, status 1, as in pyenv.
    let alone = sandbox.run(&[]);
    assert_eq!((alone.status, alone.stdout.as_str()), (Some(1), ""));
    assert!(alone.stderr.ends_with(&told.stdout), "{alone:?}");
}

#[test]
fn a_page_is_as_wide_as_the_terminal_and_80_at_most() {
    let sandbox = Sandbox::new();
    for (columns, widest) in [("40", 40), ("80", 80), ("200", 80)] {
        for page in [&["--help"][..], &["install", "--help"], &["help", "venv"]] {
            let mut command = sandbox.pyman(page);
            let told = sandbox.ran(command.env("COLUMNS", columns));
            // How it is called is one line, to be copied.
            let lines = told.stdout.lines().filter(|line| !line.starts_with("Usage: "));
            let longest = lines.map(|line| line.chars().count()).max();
            assert!(
                longest.is_some_and(|longest| longest <= widest),
                "{columns} {page:?}: {told:?}"
            );
        }
    }
}

#[test]
fn a_command_ends_its_help_with_examples_in_groups_of_options() {
    let sandbox = Sandbox::new();
    let told = sandbox.run(&["install", "--help"]);
    assert_eq!(told, sandbox.run(&["help", "install"]));
    let headings: Vec<_> =
        told.stdout.lines().filter(|line| line.ends_with(':') && !line.starts_with(' ')).collect();
    assert_eq!(
        headings,
        ["Arguments:", "Options:", "From where:", "How it is built:", "For scripts:", "Examples:"]
    );
    assert!(
        told.stdout.contains("\n  pyman install 3.12              the newest 3.12\n"),
        "{told:?}"
    );
}

#[test]
fn each_command_has_a_page_of_the_manual() {
    let sandbox = Sandbox::new();
    sandbox.run(&["help", "--man", "pages/man1"]).succeeds("");
    let folder = sandbox.work().join("pages/man1");
    for command in sandbox.run(&["commands"]).stdout.lines() {
        assert!(folder.join(format!("pyman-{command}.1")).is_file(), "{command}");
    }
    for page in ["pyman.1", "pyman-venv-create.1", "pyman-mirror-sync.1"] {
        let text = fs::read_to_string(folder.join(page)).unwrap();
        let name = page.strip_suffix(".1").unwrap();
        assert!(text.contains(&format!(".TH {name} 1")), "{page}: {text}");
    }
    needs!(has("groff"), "groff");
    for page in fs::read_dir(&folder).unwrap() {
        let page = page.unwrap().path();
        let mut groff = Command::new("groff");
        let ran = groff.args(["-k", "-man", "-Tutf8", "-ww", "-z"]).arg(&page).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success() && said.is_empty(), "{}: {said}", page.display());
    }
}

#[test]
fn the_version_comes_with_what_it_was_built_for() {
    let sandbox = crate::support::sandbox::Sandbox::new();
    for asked in ["--version", "-v"] {
        let ran = sandbox.run(&[asked]);
        let version = format!("pyman {} (", env!("CARGO_PKG_VERSION"));
        let rest = ran.stdout.strip_prefix(&version).unwrap().strip_suffix(")\n").unwrap();
        let (commit, target) =
            rest.split_once(", ").map_or((None, rest), |(one, two)| (Some(one), two));
        assert!(
            target.starts_with(std::env::consts::ARCH) && target.split('-').count() > 2,
            "{ran:?}"
        );
        let is_digit = |one: char| one.is_ascii_hexdigit();
        assert!(
            commit.is_none_or(|commit| commit.len() == 9 && commit.chars().all(is_digit)),
            "{ran:?}"
        );
        assert_eq!((&*ran.stderr, ran.status), ("", Some(0)));
    }
}
