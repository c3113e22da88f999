//! `pyman root`, `pyman` alone, unknown commands.

use crate::support::sandbox::Sandbox;

#[test]
fn root_is_the_variable_and_else_below_home() {
    let sandbox = Sandbox::new();
    sandbox.run(&["root"]).succeeds("[SANDBOX]/pyman\n");
    let mut bare = sandbox.pyman(["root"]);
    sandbox.ran(bare.env_remove("PYMAN_ROOT")).succeeds("[SANDBOX]/home/.pyman\n");
    let mut slashed = sandbox.pyman(["root"]);
    let slashed = sandbox.ran(slashed.env("PYMAN_ROOT", sandbox.path().join("pyman//")));
    slashed.succeeds("[SANDBOX]/pyman\n");
    let mut empty = sandbox.pyman(["root"]);
    sandbox.ran(empty.env("PYMAN_ROOT", "")).succeeds("[SANDBOX]/home/.pyman\n");
}

#[test]
fn an_unknown_command_is_named_with_the_nearest() {
    let sandbox = Sandbox::new();
    sandbox.run(&["rot"]).fails("pyman: no such command `rot'\nhint: run `pyman root'\n", 1);
    sandbox.run(&["qqq"]).fails("pyman: no such command `qqq'\n", 1);
}

#[test]
fn what_is_missing_is_said_before_what_is_there() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.7", &["python"]);
    for (asked, there) in [
        ("version", "3.12.7 (set by PYMAN_VERSION environment variable)"),
        ("version-name", "3.12.7"),
    ] {
        let mut shell = sandbox.command("/bin/sh");
        shell.args(["-c", "\"$0\" \"$1\" 2>&1 | sed '/^hint: /d'"]);
        shell.args([crate::support::program(), asked]).env("PYMAN_VERSION", "3.12:3.9");
        let missing = "version `3.9' is not installed (set by PYMAN_VERSION environment variable)";
        sandbox.ran(&mut shell).succeeds(&format!("pyman: {missing}\n{there}\n"));
    }
}

#[test]
fn commands_of_all_versions_are_listed() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.7", &["python", "flask", "activate"]);
    sandbox.fake_version("3.11.9/envs/web", &["python", "black"]);
    let listed = sandbox.run(&["versions", "--skip-envs", "--executables"]);
    listed.succeeds("black\nflask\npython\n");
}

#[test]
fn without_a_command_the_help_goes_to_stderr() {
    let ran = Sandbox::new().run(&[]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)));
    let first = format!("pyman {}\nUsage: pyman <command> [<args>]\n", env!("CARGO_PKG_VERSION"));
    assert!(ran.stderr.starts_with(&first), "{}", ran.stderr);
}
