//! The real shim program: what runs through a shim cannot tell it from what runs directly.

mod crash;
mod faithful;
mod hostile;
mod loops;
mod rehash;
mod selection;
mod shells;
mod unreadable;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::sandbox::Sandbox;

/// A root in which one version is installed, and selected by the global file.
struct Shims {
    sandbox: Sandbox,
}

impl Shims {
    /// The version's commands are programs of this machine, or, with a blank, bodies of scripts.
    fn new(commands: &[(&str, &str)]) -> Self {
        let shims = Self { sandbox: Sandbox::new() };
        for (name, what) in commands {
            shims.command(name, what);
        }
        shims.sandbox.write("pyman/version", "3.12.7\n");
        shims.rehash();
        shims
    }

    /// Adds a command to the version; its shim comes with the next rehash.
    fn command(&self, name: &str, what: &str) {
        let path = self.direct(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if what.contains(' ') {
            Sandbox::script(&path, what);
        } else {
            symlink(what, path).unwrap();
        }
    }

    fn rehash(&self) {
        self.sandbox.run(&["rehash"]).succeeds("");
    }

    /// Where a command really is.
    fn direct(&self, name: &str) -> PathBuf {
        self.sandbox.root().join("versions/3.12.7/bin").join(name)
    }

    /// Its shim.
    fn shim(&self, name: &str) -> PathBuf {
        self.sandbox.root().join("shims").join(name)
    }

    /// The command, directly and through its shim, with the same variables and arguments.
    fn both(&self, name: &str, arguments: &[&str]) -> [Command; 2] {
        [self.direct(name), self.shim(name)].map(|program| {
            let mut command = self.sandbox.command(program);
            command.args(arguments);
            command
        })
    }

    /// The command, directly and through its shim, each started by a `/bin/sh` that has first done
    /// what `preparation` says.
    fn prepared(&self, preparation: &str, name: &str, arguments: &[&str]) -> [Command; 2] {
        [self.direct(name), self.shim(name)].map(|program| {
            let mut command = self.sandbox.command("/bin/sh");
            command.args(["-c", &format!("{preparation}\nexec \"$@\""), "sh"]);
            command.arg(program).args(arguments);
            command
        })
    }

    /// The shim of a command, with shims first on PATH.
    fn through(&self, name: &str, path: &[&Path]) -> Command {
        let mut command = self.sandbox.command(self.shim(name));
        command.env("PATH", Self::joined(path));
        command
    }

    fn joined(path: &[&Path]) -> std::ffi::OsString {
        path.iter().map(|entry| entry.as_os_str()).collect::<Vec<_>>().join(OsStr::new(":"))
    }
}

/// Stdout of two commands that both succeed without a word on stderr.
#[track_caller]
fn outputs(commands: [Command; 2]) -> [Vec<u8>; 2] {
    commands.map(|mut command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {output:?}");
        assert_eq!(output.stderr, b"", "{command:?}");
        output.stdout
    })
}

/// Asserts that a command prints the same through its shim.
#[track_caller]
fn same(commands: [Command; 2]) {
    let [direct, shim] =
        outputs(commands).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert_eq!(shim, direct);
    assert_ne!(direct, "");
}
