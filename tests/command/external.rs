//! Commands that are programs of their own, and the worked example of a plugin.

use std::fs;
use std::path::Path;

use crate::support::sandbox::Sandbox;

fn with_example() -> Sandbox {
    let sandbox = Sandbox::new();
    let plugins = sandbox.root().join("plugins");
    fs::create_dir_all(&plugins).unwrap();
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
    let usage = "Usage: pyman default-packages [PACKAGE...]\n";
    let helped = sandbox.run(&["default-packages", "--help"]);
    assert!(helped.stdout.starts_with(usage) && helped.status == Some(0), "{helped:?}");
    assert_eq!(helped, sandbox.run(&["help", "default-packages"]));
    sandbox
        .run(&["default-packages", "--upgrade"])
        .fails("pyman: default-packages has no option --upgrade\n", 2);
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
fn a_plugin_that_needs_another_pyman_is_named_and_not_run() {
    let sandbox = Sandbox::new();
    let plugin = sandbox.root().join("plugins/later");
    Sandbox::script(&plugin.join("bin/pyman-later"), "echo ran");
    Sandbox::script(&plugin.join("hooks/rehash/hook"), "echo ran");
    fs::write(plugin.join("plugin.toml"), "requires = \"^99.1\"\n").unwrap();
    let said = format!(
        "the plugin later is not used: it needs pyman ^99.1, this is {}\n",
        env!("CARGO_PKG_VERSION")
    );
    let listed = sandbox.run(&["commands"]);
    assert_eq!((&listed.stderr, listed.status), (&said, Some(0)));
    assert!(!listed.stdout.lines().any(|line| line == "later"), "{listed:?}");
    assert_eq!(sandbox.run(&["later"]).status, Some(1));
    sandbox.run(&["hooks", "rehash"]).succeeds("");
    let examined = sandbox.run(&["doctor", "--json"]);
    assert!(examined.stdout.contains(said.trim_end()), "{examined:?}");

    fs::write(plugin.join("plugin.toml"), "requires = \">=0.1\"\n").unwrap();
    sandbox.run(&["later"]).succeeds("ran\n");
    assert_eq!(sandbox.run(&["commands"]).stderr, "");
}

#[test]
fn a_command_on_path_is_told_the_root_and_the_directory() {
    let sandbox = Sandbox::new();
    let bin = sandbox.path().join("bin");
    Sandbox::script(&bin.join("pyman-where"), "echo $PYMAN_ROOT $PYMAN_DIR; exit 3");
    let mut command = sandbox.pyman(["where"]);
    command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    sandbox.ran(&mut command).is("[SANDBOX]/pyman [SANDBOX]/work\n", "", 3);
}

#[test]
fn commands_find_each_other_and_the_manager() {
    let sandbox = Sandbox::new();
    let plugins = sandbox.root().join("plugins");
    Sandbox::script(&plugins.join("one/bin/pyman-one"), "pyman-two && pyman root && which pyman");
    Sandbox::script(&plugins.join("two/bin/pyman-two"), "echo \"${PATH%%/usr/bin*}\"");
    sandbox.run(&["one"]).succeeds(&format!(
        "[SANDBOX]/pyman/plugins/two/bin:[SANDBOX]/pyman/plugins/one/bin:\n[SANDBOX]/pyman\n{}\n",
        crate::support::program()
    ));
}

#[test]
fn a_folder_that_cannot_stand_in_path_hides_no_other() {
    let sandbox = Sandbox::new();
    let plugins = sandbox.root().join("plugins");
    Sandbox::script(&plugins.join("a:b/bin/pyman-one"), "pyman-two && pyman three");
    Sandbox::script(&plugins.join("two/bin/pyman-two"), "echo two");
    Sandbox::script(&plugins.join("a:b/bin/pyman-three"), "echo \"$0\"");
    sandbox.run(&["one"]).succeeds("two\n[SANDBOX]/pyman/plugins/a:b/bin/pyman-three\n");
}

#[test]
fn a_directory_that_is_none_is_refused_before_a_command_runs() {
    let sandbox = Sandbox::new();
    let bin = sandbox.path().join("bin");
    Sandbox::script(&bin.join("pyman-where"), "echo $PYMAN_DIR");
    let told = |directory: &str| {
        let mut command = sandbox.pyman(["where"]);
        command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        sandbox.ran(command.env("PYMAN_DIR", directory))
    };
    let refusal =
        "pyman: cannot change working directory to `/gone'\nhint: run `unset PYMAN_DIR`\n";
    told("/gone").fails(refusal, 1);
    told("../home").succeeds("[SANDBOX]/home\n");
}

#[test]
fn what_may_not_be_run_can_still_be_asked_for_its_help() {
    let sandbox = Sandbox::new();
    let bin = sandbox.path().join("bin");
    let file = sandbox.write("bin/pyman-hello", "#!/bin/sh\n# Usage: pyman hello\n# Says it.\n");
    let hello = |arguments: &[&str]| {
        let mut command = sandbox.pyman(arguments);
        sandbox.ran(command.env("PATH", format!("{}:/usr/bin:/bin", bin.display())))
    };
    hello(&["help", "hello"]).succeeds("Usage: pyman hello\n\nSays it.\n\n");
    let refusal =
        format!("pyman: cannot run {}: Permission denied (os error 13)\n", file.display());
    let refusal = refusal.replace(&*sandbox.path().to_string_lossy(), "[SANDBOX]");
    hello(&["hello"]).fails(&refusal, 126);
    let text = fs::read_to_string(&file).unwrap() + "# Provide pyman completions\n";
    fs::write(&file, text).unwrap();
    hello(&["completions", "hello"]).is("--help\n", &refusal, 126);
    Sandbox::script(&sandbox.root().join("plugins/greet/bin/pyman-sh-hello"), "echo hello");
    let lists = hello(&["commands", "--sh"]);
    assert!(lists.stdout.lines().any(|line| line == "hello"), "{lists:?}");
}

#[test]
fn the_shim_program_on_path_is_no_command() {
    let sandbox = Sandbox::new();
    sandbox.run(&["rehash"]).succeeds("");
    let mut command = sandbox.pyman(["shim"]);
    let bin = sandbox.root().join("bin");
    sandbox
        .ran(command.env("PATH", format!("{}:/usr/bin:/bin", bin.display())))
        .fails("pyman: no such command `shim'\nhint: run `pyman shims'\n", 1);
}

#[test]
fn hooks_are_listed_by_event() {
    let sandbox = with_example();
    sandbox
        .run(&["hooks", "install"])
        .succeeds("[SANDBOX]/pyman/plugins/default-packages/hooks/install/pip-install\n");
    let hooks = sandbox.root().join("plugins/linked/hooks/exec");
    fs::create_dir_all(&hooks).unwrap();
    Sandbox::script(&sandbox.path().join("hook"), "");
    std::os::unix::fs::symlink("../../../../../hook", hooks.join("link")).unwrap();
    sandbox.run(&["hooks", "exec"]).succeeds("[SANDBOX]/hook\n");
    sandbox.run(&["hooks", "which"]).succeeds("");
}
