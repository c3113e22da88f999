//! `py`, the real one, over the real interpreters of this machine, registered by links in a root of the test's own.

mod arguments;
mod differential;
mod install;
mod interpreters;
mod lists;
mod messages;
mod pywin;
mod scripts;
mod selection;

use std::process::Command;

use crate::support::sandbox::{Ran, Sandbox};
use interpreters::{Interpreter, interpreters};

/// A root with every interpreter there is, and `py`.
struct Launcher {
    sandbox: Sandbox,
}

impl Launcher {
    /// With all of them.
    fn new() -> Self {
        let launcher = Self::without();
        for interpreter in interpreters() {
            interpreter.register(&launcher.sandbox);
        }
        launcher
    }

    /// With none.
    fn without() -> Self {
        let sandbox = Sandbox::new();
        sandbox.run(&["rehash"]).succeeds("");
        Self { sandbox }
    }

    /// `py`, with these arguments; of PATH only what is no Python.
    fn py(&self, arguments: &[&str]) -> Command {
        let mut command = self.sandbox.command(self.sandbox.root().join("shims/py"));
        command.env_remove("PYMAN_ROOT").env("PATH", "/nowhere").args(arguments);
        command
    }

    fn ran(&self, arguments: &[&str]) -> Ran {
        self.sandbox.ran(&mut self.py(arguments))
    }

    /// A script in the working directory.
    fn script(&self, name: &str, text: impl AsRef<[u8]>) {
        self.sandbox.write(&format!("work/{name}"), text);
    }
}

/// The newest final Python 3 of this machine.
fn newest() -> &'static Interpreter {
    interpreters().last().unwrap()
}

/// Prints the version of whoever runs it.
const VERSION: &str = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
