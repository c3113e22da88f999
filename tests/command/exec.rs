//! `pyman exec --each`: one command under several versions, and what a person sees of it.

use std::time::{Duration, Instant};

use crate::support::sandbox::{Ran, Sandbox};

/// Runs it where the locale knows ASCII alone.
fn run(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    let mut command = sandbox.pyman(arguments);
    sandbox.ran(command.env("LC_ALL", "C"))
}

/// Three versions, of which one fails.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    for version in ["3.9.18", "3.12.1", "3.13.0"] {
        let tree = sandbox.fake_version(version, &["python"]);
        let status = u8::from(version == "3.12.1") * 3;
        Sandbox::script(
            &tree.join("bin/check"),
            &format!("echo out of {version}; echo \"err $1\" >&2; printf unended; exit {status}"),
        );
    }
    sandbox
}

/// The table, without how long each took.
fn table(stdout: &str) -> Vec<String> {
    let rows = stdout.lines().filter(|line| line.starts_with(['o', 'f', '✓', '✗']));
    let timeless = |row: &str| {
        let words: Vec<&str> = row.split_whitespace().collect();
        let took = words.len() == 4 && words[3] == "s";
        if took { words[..2].join(" ") } else { words.join(" ") }
    };
    rows.map(timeless).collect()
}

#[test]
fn lines_come_with_the_version_in_front_and_a_table_at_the_end() {
    let sandbox = sandbox();
    let ran = run(&sandbox, &["exec", "--each", "3.9,3.12", "--", "check", "x"]);
    assert_eq!(ran.status, Some(3), "{ran:?}");
    for line in ["3.9.18  out of 3.9.18\n", "3.9.18  unended\n", "3.12.1  out of 3.12.1\n"] {
        assert!(ran.stdout.contains(line), "{ran:?}");
    }
    assert!(ran.stderr.contains("3.9.18  err x\n") && ran.stderr.contains("3.12.1  err x\n"));
    assert_eq!(table(&ran.stdout), ["ok 3.9.18", "failed 3.12.1 status 3"]);
    let mut command = sandbox.pyman(["exec", "--each", "3.9,3.12", "check"]);
    let ran = sandbox.ran(command.env("LC_ALL", "C.UTF-8"));
    assert_eq!(table(&ran.stdout), ["✓ 3.9.18", "✗ 3.12.1 status 3"]);
}

#[test]
fn all_are_the_versions_and_pinned_those_in_force() {
    let sandbox = sandbox();
    sandbox.run(&["virtualenv", "-q", "--without-pip", "3.9.18", "web"]).succeeds("");
    let ran = run(&sandbox, &["exec", "--each", "all", "check"]);
    assert_eq!(table(&ran.stdout), ["ok 3.9.18", "failed 3.12.1 status 3", "ok 3.13.0"]);
    sandbox.run(&["local", "3.13", "3.9"]).succeeds("");
    let ran = run(&sandbox, &["exec", "--each", "pinned", "-j", "1", "check"]);
    assert_eq!(table(&ran.stdout), ["ok 3.13.0", "ok 3.9.18"]);
    assert_eq!(ran.status, Some(0));
}

#[test]
fn what_no_version_has_is_looked_for_on_path_and_what_another_has_is_missing() {
    let sandbox = sandbox();
    let tree = sandbox.root().join("versions/3.9.18");
    Sandbox::script(&tree.join("bin/only39"), "echo here");
    let ran = run(&sandbox, &["exec", "--each", "3.9,3.13", "printf", "%s\n", "there"]);
    assert!(ran.stdout.contains("3.13.0  there\n") && ran.status == Some(0), "{ran:?}");
    sandbox
        .run(&["exec", "--each", "3.9,3.13", "only39"])
        .fails("pyman: only39: command not found in 3.13.0\n", 127);
}

#[test]
fn one_that_fails_ends_the_others_where_that_is_wished() {
    let sandbox = sandbox();
    for version in ["3.9.18", "3.13.0"] {
        let slow = sandbox.root().join("versions").join(version).join("bin/slow");
        Sandbox::script(&slow, "exec sleep 60");
    }
    Sandbox::script(&sandbox.root().join("versions/3.12.1/bin/slow"), "exit 3");
    let began = Instant::now();
    let ran = run(&sandbox, &["exec", "--fail-fast", "--each", "all", "slow"]);
    assert!(began.elapsed() < Duration::from_secs(30), "{ran:?}");
    let rows = table(&ran.stdout);
    let stopped = ["failed 3.9.18 stopped", "failed 3.12.1 status 3", "failed 3.13.0 stopped"];
    assert_eq!((rows.as_slice(), ran.status), (stopped.map(str::to_owned).as_slice(), Some(3)));
    let ran = run(&sandbox, &["exec", "--fail-fast", "-j", "1", "--each", "3.12,3.9", "slow"]);
    assert_eq!(table(&ran.stdout), ["failed 3.12.1 status 3", "failed 3.9.18 not run"]);
}
