//! A shim never finds itself, by whatever road.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::Shims;
use crate::support::needs::needs;
use crate::support::sandbox::Sandbox;

/// A root whose shim `probe` stands for a command that only another version has.
fn unselected() -> Shims {
    let shims = Shims::new(&[("probe", "/bin/echo")]);
    shims.sandbox.fake_version("3.11.9", &["other"]);
    shims.sandbox.write("pyman/version", "3.11.9\n");
    shims
}

#[track_caller]
fn finds_nothing(shims: &Shims, path: &[&Path]) {
    let ran = shims.sandbox.ran(&mut shims.through("probe", path));
    assert_eq!(ran.stdout, "");
    assert_eq!(ran.stderr.lines().next(), Some("pyman: probe: command not found"));
    assert_eq!(ran.status, Some(127));
}

#[test]
fn the_shims_on_path_however_written() {
    let shims = unselected();
    let directory = shims.shim("");
    finds_nothing(&shims, &[&directory]);
    finds_nothing(
        &shims,
        &[&directory.join(""), &directory.join("."), &directory.join("../shims")],
    );
    finds_nothing(&shims, &[Path::new(""), Path::new("../pyman/shims"), Path::new(".")]);
}

#[test]
fn links_and_copies_of_shims() {
    let shims = unselected();
    let elsewhere = shims.sandbox.path().join("elsewhere");
    for name in ["linked", "copied", "hard", "renamed"] {
        fs::create_dir_all(elsewhere.join(name)).unwrap();
    }
    let probe = shims.shim("probe");
    symlink(&probe, elsewhere.join("linked/probe")).unwrap();
    symlink("../linked/probe", elsewhere.join("renamed/probe")).unwrap();
    let mut copy = shims.sandbox.command("cp");
    assert!(copy.arg(&probe).arg(elsewhere.join("copied/probe")).status().unwrap().success());
    fs::hard_link(&probe, elsewhere.join("hard/probe")).unwrap();
    symlink(shims.shim(""), elsewhere.join("directory")).unwrap();
    let roads =
        ["linked", "copied", "hard", "renamed", "directory"].map(|name| elsewhere.join(name));
    let roads: Vec<&Path> = roads.iter().map(AsRef::as_ref).collect();
    finds_nothing(&shims, &roads);
    // And each of them, started itself, is a shim of its own root or of the one named.
    for road in &roads {
        let mut command = shims.sandbox.command(road.join("probe"));
        command.env("PATH", Shims::joined(&roads));
        let ran = shims.sandbox.ran(&mut command);
        assert_eq!(ran.stderr.lines().next(), Some("pyman: probe: command not found"), "{road:?}");
        assert_eq!(ran.status, Some(127), "{road:?}");
    }
}

#[test]
fn a_second_root() {
    let shims = unselected();
    let second = unselected();
    finds_nothing(&shims, &[&second.shim(""), &shims.shim("")]);
    finds_nothing(&second, &[&second.shim(""), &shims.shim("")]);
}

#[test]
fn a_bind_mount() {
    let shims = unselected();
    let mounted = shims.sandbox.path().join("mounted");
    fs::create_dir(&mounted).unwrap();
    let mut command = shims.sandbox.command("unshare");
    command
        .args([
            "--mount",
            "--map-root-user",
            "sh",
            "-c",
            "mount --bind \"$1\" \"$2\" || exit 99; PATH=$2 \"$3\"",
            "sh",
        ])
        .arg(shims.shim(""))
        .arg(&mounted)
        .arg(shims.shim("probe"));
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let refused = output.status.code() == Some(99) || stderr.starts_with("unshare:");
    needs!(!refused, "to mount");
    assert_eq!(output.status.code(), Some(127), "{stderr}");
    assert!(stderr.starts_with("pyman: probe: command not found\n"), "{stderr}");
}

#[test]
fn a_version_whose_command_is_a_shim() {
    let shims = unselected();
    fs::create_dir_all(shims.sandbox.root().join("versions/3.11.9/bin")).unwrap();
    let inside = shims.sandbox.root().join("versions/3.11.9/bin/probe");
    symlink(shims.shim("probe"), &inside).unwrap();
    finds_nothing(&shims, &[&shims.shim("")]);
}

#[test]
fn an_environment_whose_command_is_a_shim() {
    let shims = unselected();
    let environment = shims.sandbox.home().join("environment");
    fs::create_dir_all(environment.join("bin")).unwrap();
    symlink(shims.shim("probe"), environment.join("bin/probe")).unwrap();
    let mut command = shims.through("probe", &[&environment.join("bin"), &shims.shim("")]);
    let ran = shims.sandbox.ran(command.env("VIRTUAL_ENV", &environment));
    assert_eq!(ran.stderr.lines().next(), Some("pyman: probe: command not found"));
    assert_eq!(ran.status, Some(127));
}

#[test]
fn two_managers_that_call_each_other_are_told_apart() {
    let shims = unselected();
    let other = shims.sandbox.path().join("other");
    Sandbox::script(&other.join("probe"), "exec \"$PYMAN_ROOT/shims/probe\" \"$@\"");
    let mut command = shims.through("probe", &[&shims.shim(""), &other, Path::new("/bin")]);
    let ran = shims.sandbox.ran(&mut command);
    assert_eq!(ran.status, Some(127));
    assert_eq!(ran.stdout, "");
    let first = ran.stderr.lines().next().unwrap();
    assert!(first.contains("[SANDBOX]/pyman/shims/probe"), "{first}");
    assert!(first.contains("[SANDBOX]/other/probe"), "{first}");
}

#[test]
fn honest_nesting_thirty_deep_works() {
    for next in ["\"$PYMAN_ROOT/shims/probe\"", "exec \"$PYMAN_ROOT/shims/probe\""] {
        let shims = unselected();
        let tools = shims.sandbox.path().join("tools");
        let body = format!("[ $1 = 0 ] && echo bottom && exit 9\n{next} $(($1 - 1))");
        Sandbox::script(&tools.join("probe"), &body);
        let mut command = shims.through("probe", &[&shims.shim(""), &tools, Path::new("/bin")]);
        shims.sandbox.ran(command.arg("30")).is("bottom\n", "", 9);
    }
}

#[test]
fn an_installed_interpreter_never_sees_the_counter() {
    let shims = Shims::new(&[("python", "echo \"python: $_PYMAN_CHAIN\"")]);
    shims.sandbox.fake_version("3.11.9", &["probe"]);
    shims.rehash();
    let tools = shims.sandbox.path().join("tools");
    let body = "echo \"tool: ${_PYMAN_CHAIN#*:}\"\nexec \"$PYMAN_ROOT/shims/python\"";
    Sandbox::script(&tools.join("probe"), body);
    let mut command = shims.through("probe", &[&shims.shim(""), &tools, Path::new("/bin")]);
    shims.sandbox.ran(&mut command).succeeds("tool: 1\npython: \n");
}
