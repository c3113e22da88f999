//! `pyman root`, `pyman` alone, unknown commands.

use crate::support::sandbox::Sandbox;

#[test]
fn root_is_the_variable_and_else_below_home() {
    let sandbox = Sandbox::new();
    sandbox.run(&["root"]).succeeds("[SANDBOX]/root\n");
    let mut bare = sandbox.pyman(["root"]);
    sandbox.ran(bare.env_remove("PYMAN_ROOT")).succeeds("[SANDBOX]/home/.pyman\n");
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
fn without_a_command_the_help_goes_to_stderr() {
    let ran = Sandbox::new().run(&[]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)));
    let first = format!("pyman {}\nUsage: pyman <command> [<args>]\n", env!("CARGO_PKG_VERSION"));
    assert!(ran.stderr.starts_with(&first), "{}", ran.stderr);
}
