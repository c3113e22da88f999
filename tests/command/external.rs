//! Commands that are programs of their own, and the worked example of a plugin.

use std::path::Path;

use crate::support::sandbox::Sandbox;

fn with_example() -> Sandbox {
    let sandbox = Sandbox::new();
    let plugins = sandbox.root().join("plugins");
    std::fs::create_dir_all(&plugins).unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/default-packages");
    std::os::unix::fs::symlink(example, plugins.join("default-packages")).unwrap();
    sandbox
}

#[test]
fn a_plugins_command_runs_with_the_root_and_its_arguments() {
    let sandbox = with_example();
    sandbox.run(&["default-packages"]).succeeds("");
    sandbox.run(&["default-packages", "six", "a b"]).succeeds("");
    sandbox.run(&["default-packages"]).succeeds("six\na b\n");
}

#[test]
fn a_plugins_command_is_listed_and_documented() {
    let sandbox = with_example();
    let listed = sandbox.run(&["commands", "--no-sh"]);
    assert!(listed.stdout.lines().any(|line| line == "default-packages"), "{listed:?}");
    sandbox.run(&["help", "--usage", "default-packages"]).succeeds(
        "Usage: pyman default-packages [PACKAGE...]\n       pyman default-packages --none\n",
    );
    let help = sandbox.run(&["help", "default-packages"]);
    assert!(help.stdout.contains("installed with pip after every `pyman install'"), "{help:?}");
}

#[test]
fn a_command_on_path_is_told_the_root_and_the_directory() {
    let sandbox = Sandbox::new();
    let bin = sandbox.path().join("bin");
    Sandbox::script(&bin.join("pyman-where"), "echo $PYMAN_ROOT $PYMAN_DIR; exit 3");
    let mut command = sandbox.pyman(["where"]);
    command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    sandbox.ran(&mut command).is("[SANDBOX]/root [SANDBOX]/work\n", "", 3);
}

#[test]
fn hooks_are_listed_by_event() {
    let sandbox = with_example();
    sandbox
        .run(&["hooks", "install"])
        .succeeds("[SANDBOX]/root/plugins/default-packages/hooks/install/pip-install\n");
    sandbox.run(&["hooks", "exec"]).succeeds("");
}
