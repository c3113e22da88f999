//! `ssh HOST python`: a shell that is not interactive, whose input is a connection, and what it reads.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use crate::support::needs::needs;
use crate::support::sandbox::{Ran, Sandbox};

/// How `.bashrc` begins in Debian.
const DEBIAN: &str = "# ~/.bashrc: executed by bash(1) for non-login shells.\n\n\
    # If not running interactively, don't do anything\n\
    case $- in\n    *i*) ;;\n      *) return;;\nesac\n\n\
    PATH=/usr/games:$PATH\n";

/// The shell as a server of ssh starts it.
fn remote(sandbox: &Sandbox, shell: &str, script: &str) -> Ran {
    let (input, _held) = UnixStream::pair().unwrap();
    let mut command = Command::new(shell);
    command
        .env_clear()
        .env("HOME", sandbox.home())
        .env("PATH", "/usr/bin:/bin")
        .env("SSH_CLIENT", "192.0.2.1 50000 22")
        .env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
        .current_dir(sandbox.home())
        .args(["-c", script])
        .stdin(Stdio::from(OwnedFd::from(input)));
    sandbox.ran(&mut command)
}

fn set_up(shell: &str, options: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("home/.bashrc", DEBIAN);
    sandbox.fake_version("3.12.1", &["python"]);
    let mut setup = sandbox.pyman([&["setup", shell], options].concat());
    let ran = sandbox.ran(setup.env("PYMAN_ROOT", sandbox.root()));
    assert_eq!(ran.status, Some(0), "{ran:?}");
    sandbox
}

#[test]
fn a_command_from_another_machine_finds_the_shims() {
    for shell in ["bash", "zsh", "fish"] {
        let sandbox = set_up(shell, &[]);
        let ran = remote(&sandbox, shell, "command -v python; command -v pyman");
        ran.succeeds("[SANDBOX]/pyman/shims/python\n[SANDBOX]/pyman/bin/pyman\n");
    }
}

#[test]
fn the_shims_stay_first_where_the_file_goes_on_and_once() {
    let sandbox = set_up("bash", &[]);
    let mut command = sandbox.command("bash");
    command.env_remove("PYMAN_ROOT").args(["-i", "-c", "printf '%s\\n' \"$PATH\""]);
    let ran = sandbox.ran(&mut command);
    let path = "[SANDBOX]/pyman/shims:/usr/games:/usr/bin:/bin:[SANDBOX]/pyman/bin\n";
    assert_eq!(ran.stdout, path, "{ran:?}");
    let mut again = sandbox.pyman(["setup", "bash"]);
    let said =
        "[SANDBOX]/home/.bashrc is set up already\n[SANDBOX]/home/.profile is set up already\n";
    assert!(sandbox.ran(&mut again).stderr.starts_with(said));
    let mut undo = sandbox.pyman(["setup", "--undo"]);
    assert_eq!(sandbox.ran(&mut undo).status, Some(0));
    assert_eq!(fs::read_to_string(sandbox.home().join(".bashrc")).unwrap(), DEBIAN);
}

#[test]
fn a_script_of_zsh_within_a_session_keeps_its_path() {
    needs!(Command::new("zsh").arg("--version").output().is_ok(), "zsh");
    let sandbox = set_up("zsh", &[]);
    let inner = "env PATH=/usr/bin:/bin zsh -c 'command -v python || echo none'; true";
    remote(&sandbox, "zsh", inner).succeeds("none\n");
    let mut command = sandbox.command("zsh");
    command.env_remove("PYMAN_ROOT").args(["-c", "command -v python || echo none"]);
    sandbox.ran(&mut command).succeeds("none\n");
}

#[test]
fn a_line_of_ones_own_is_enough() {
    let sandbox = Sandbox::new();
    let own = format!("{DEBIAN}eval \"$(pyman init - bash)\"\n");
    let file = sandbox.write("home/.bashrc", &own);
    let ran = sandbox.run(&["setup", "bash"]);
    assert!(ran.stderr.starts_with("[SANDBOX]/home/.bashrc has a line of its own"), "{ran:?}");
    assert_eq!(fs::read_to_string(file).unwrap(), own);
}
