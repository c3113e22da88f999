//! New commands appear by themselves after what a shim ran installed or removed them.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;

use super::Shims;
use crate::support::sandbox::Sandbox;

/// A pip that makes or removes the commands it is told to.
const PIP: &str = r#"verb=$1; shift
for name; do
  command="${0%/*}/$name"
  case $verb in
    install) printf '#!/bin/sh\necho I am %s\n' "$name" > "$command"; chmod 755 "$command" ;;
    uninstall) rm "$command" ;;
  esac
done
exit 7"#;

fn with_pip() -> Shims {
    let shims = Shims::new(&[("pip", PIP), ("python", "shift 2; exec \"${0%/*}/pip\" \"$@\"")]);
    assert!(!shims.shim("flask").try_exists().unwrap());
    shims
}

#[test]
fn pip_install_makes_shims_and_pip_uninstall_removes_them() {
    let shims = with_pip();
    let mut pip = shims.sandbox.command(shims.shim("pip"));
    shims.sandbox.ran(pip.args(["install", "flask"])).is("", "", 7);
    let ran = shims.sandbox.ran(&mut shims.sandbox.command(shims.shim("flask")));
    ran.succeeds("I am flask\n");
    let mut pip = shims.sandbox.command(shims.shim("pip"));
    shims.sandbox.ran(pip.args(["uninstall", "flask"])).is("", "", 7);
    assert!(!shims.shim("flask").try_exists().unwrap());
}

#[test]
fn python_with_the_module_pip_does_the_same() {
    let shims = with_pip();
    let mut python = shims.sandbox.command(shims.shim("python"));
    shims.sandbox.ran(python.args(["-m", "pip", "install", "flask"])).is("", "", 7);
    assert!(shims.shim("flask").is_file());
}

#[test]
fn the_root_is_the_shims_own_whatever_the_variable_says() {
    let shims = with_pip();
    let mut pip = shims.sandbox.command(shims.shim("pip"));
    pip.env("PYMAN_ROOT", shims.sandbox.path().join("another")).args(["install", "flask"]);
    shims.sandbox.ran(&mut pip).is("", "", 7);
    assert!(shims.shim("flask").is_file());
    assert!(!shims.sandbox.path().join("another").try_exists().unwrap());
}

#[test]
fn an_environment_in_force_gets_its_packages_and_the_shims_are_rewritten() {
    let shims = with_pip();
    let environment = shims.sandbox.root().join("versions/3.12.7/envs/web");
    Sandbox::script(&environment.join("bin/pip"), PIP);
    let mut pip = shims.sandbox.command(shims.shim("pip"));
    pip.env("VIRTUAL_ENV", &environment).args(["install", "flask"]);
    shims.sandbox.ran(&mut pip).is("", "", 7);
    assert!(environment.join("bin/flask").is_file());
    assert!(shims.shim("flask").is_file());
}

#[test]
fn without_the_manager_pip_still_runs() {
    let shims = with_pip();
    std::fs::remove_file(shims.sandbox.root().join("bin/pyman")).unwrap();
    let mut pip = shims.sandbox.command(shims.shim("pip"));
    shims.sandbox.ran(pip.args(["install", "flask"])).is("", "", 7);
    assert!(shims.direct("flask").is_file());
}

#[test]
fn a_pip_without_a_header_is_the_shells_and_one_that_cannot_run_is_126() {
    let shims = with_pip();
    let pip = |contents: &str| {
        std::fs::write(shims.direct("pip"), "#!/bin/sh").unwrap();
        shims.rehash();
        std::fs::write(shims.direct("pip"), contents).unwrap();
        let mut pip = shims.sandbox.command(shims.shim("pip"));
        shims.sandbox.ran(pip.args(["install", "flask"]))
    };
    pip("echo \"$0\" \"$@\"").succeeds("[SANDBOX]/pyman/versions/3.12.7/bin/pip install flask\n");
    let path = "[SANDBOX]/pyman/versions/3.12.7/bin/pip";
    let refused = format!("pyman: cannot run {path}: No such file or directory (os error 2)\n");
    pip("#!/nowhere\n").fails(&refused, 126);
    let mut exec = shims.sandbox.pyman(["exec", "pip", "list"]);
    shims.sandbox.ran(&mut exec).fails(&refused, 126);
}

#[test]
fn signals_and_input_reach_pip_and_its_death_is_ours() {
    let body = "trap 'echo told' USR1; trap 'echo term; kill -KILL $$' TERM\n\
        read -r line; echo \"ready $line\"\n\
        while :; do sleep 0.01; done";
    let shims = Shims::new(&[("pip", body)]);
    let mut command = shims.sandbox.command(shims.shim("pip"));
    command.args(["install", "flask"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut pip = command.spawn().unwrap();
    let id = pip.id().to_string();
    std::io::Write::write_all(&mut pip.stdin.take().unwrap(), b"steady\n").unwrap();
    let mut lines = BufReader::new(pip.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), "ready steady");
    for (signal, answer) in [("-USR1", "told"), ("-TERM", "term")] {
        let mut kill = shims.sandbox.command("kill");
        assert!(kill.args([signal, id.as_str()]).status().unwrap().success());
        assert_eq!(lines.next().unwrap(), answer);
    }
    assert_eq!(pip.wait().unwrap().signal(), Some(9));
}

#[test]
fn plugins_that_want_to_know_are_told_of_every_command() {
    let shims = Shims::new(&[("probe", "echo ran $# \"$0\"; exit 3")]);
    let hook = shims.sandbox.root().join("plugins/watch/hooks/exec/tell");
    Sandbox::script(&hook, "echo \"about to run $PYMAN_HOOK_COMMAND\"");
    let run = || shims.sandbox.ran(shims.sandbox.command(shims.shim("probe")).arg("x y"));
    let ran = "ran 1 [SANDBOX]/pyman/versions/3.12.7/bin/probe\n";
    run().is(ran, "", 3);
    shims.rehash();
    run().is(ran, "about to run probe\n", 3);
    std::fs::remove_file(hook).unwrap();
    shims.rehash();
    run().is(ran, "", 3);
}

#[test]
fn a_root_that_may_not_be_written_is_named() {
    let shims = with_pip();
    Sandbox::script(&shims.direct("new"), "exit 0");
    let permit = |mode: &str| {
        let mut chmod = shims.sandbox.command("chmod");
        assert!(chmod.args(["-R", mode]).arg(shims.sandbox.root()).status().unwrap().success());
    };
    permit("a-w");
    let ran = shims.sandbox.run(&["rehash"]);
    permit("u+w");
    let expected = "pyman: cannot rehash: [SANDBOX]/pyman/shims isn't writable\n\
        hint: see `ls -ld [SANDBOX]/pyman/shims'; the shims that are there keep working\n";
    ran.fails(expected, 1);
}

#[test]
fn a_root_that_is_no_directory_is_named_once() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "");
    let mut command = sandbox.pyman(["rehash"]);
    sandbox.ran(command.env("PYMAN_ROOT", file)).fails(
        "pyman: cannot rehash: cannot open `[SANDBOX]/file': Not a directory (os error 20)\n",
        5,
    );
}
