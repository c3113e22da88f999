//! The shells themselves: bash, zsh, fish, ksh, mksh and dash load what `init` prints.

mod function;
mod options;
mod prompt;
mod pyenv;
mod remote;
mod setup;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::sandbox::{Ran, Sandbox};

/// A shell on this machine.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Real {
    program: &'static str,
    name: &'static str,
}

const POSIX: [Real; 5] = [
    Real { program: "bash", name: "bash" },
    Real { program: "zsh", name: "zsh" },
    Real { program: "ksh", name: "ksh" },
    Real { program: "mksh", name: "ksh" },
    Real { program: "dash", name: "dash" },
];
const FISH: Real = Real { program: "fish", name: "fish" };

/// Every character that means something to some shell.
const HOSTILE: &str = "ro'o\"t $HOME `id` \\ ; ! & * \n # @root@ ${x} %s~é";

impl Real {
    fn all() -> impl Iterator<Item = Self> {
        POSIX.into_iter().chain([FISH])
    }

    /// Runs a script in this shell, which knows the manager as `$PYMAN`; no start-up file is read.
    fn run(self, sandbox: &Sandbox, root: &Path, script: &str) -> Ran {
        sandbox.ran(&mut self.command(sandbox, root, &["-c", script]))
    }

    fn command(self, sandbox: &Sandbox, root: &Path, arguments: &[&str]) -> Command {
        let mut command = sandbox.command(self.program);
        command
            .env("PYMAN", crate::support::program())
            .env("PYMAN_ROOT", root)
            .env("TERM", "dumb")
            .args(arguments);
        command
    }

    /// The line of a start-up file.
    fn load(self, options: &str) -> String {
        let name = self.name;
        match self {
            FISH => format!("$PYMAN init - fish {options} | source"),
            _ => format!("eval \"$(\"$PYMAN\" init - {name} {options})\""),
        }
    }
}

/// fish joins PATH with colons, too.
const SAY_PATH: &str = "printf %s \"$PATH\"";

fn each(check: impl Fn(Real, &Sandbox)) {
    for shell in Real::all() {
        check(shell, &Sandbox::new());
    }
}

#[test]
fn the_shims_come_first_in_path_and_once() {
    each(|shell, sandbox| {
        let shims = sandbox.root().join("shims");
        let shims = shims.display();
        let script = format!("{}; {}", shell.load(""), SAY_PATH);
        let mut command = shell.command(sandbox, &sandbox.root(), &["-c", &script]);
        command.env("PATH", format!("/usr/bin:{shims}:{shims}:/bin:{shims}"));
        sandbox.ran(&mut command).succeeds("[SANDBOX]/pyman/shims:/usr/bin:/bin");

        let script = format!("{}; {}", shell.load("--no-push-path"), SAY_PATH);
        let mut command = shell.command(sandbox, &sandbox.root(), &["-c", &script]);
        command.env("PATH", format!("/usr/bin:{shims}:/bin"));
        sandbox.ran(&mut command).succeeds("/usr/bin:[SANDBOX]/pyman/shims:/bin");

        let script = format!("{}; {}", shell.load("--no-push-path"), SAY_PATH);
        shell
            .run(sandbox, &sandbox.root(), &script)
            .succeeds("[SANDBOX]/pyman/shims:/usr/bin:/bin");

        let script = format!("{}; {}", shell.load("--path"), SAY_PATH);
        shell
            .run(sandbox, &sandbox.root(), &script)
            .succeeds("[SANDBOX]/pyman/shims:/usr/bin:/bin");
    });
}

#[test]
fn a_hostile_root_is_that_path_and_nothing_else() {
    each(|shell, sandbox| {
        let root = sandbox.path().join(HOSTILE);
        let script = format!(
            "{load}; {load}; {}; printf '|%s|%s' \"$PYMAN_ROOT\" \"$PYMAN_SHELL\"; pyman root",
            SAY_PATH,
            load = shell.load("")
        );
        let shown = format!("[SANDBOX]/{HOSTILE}");
        let expected = format!("{shown}/shims:/usr/bin:/bin|{shown}|{}{shown}\n", shell.name);
        shell.run(sandbox, &root, &script).succeeds(&expected);
    });
}

#[test]
fn a_root_with_a_colon_is_refused() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.pyman(["init", "-", "bash"]);
    command.env("PYMAN_ROOT", sandbox.path().join("a:b"));
    let ran = sandbox.ran(&mut command);
    assert!(!sandbox.path().join("a:b").exists());
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)));
    assert!(ran.stderr.contains("`[SANDBOX]/a:b/shims' cannot stand in PATH, which `:' divides"));
}

#[test]
fn strict_shells_load_it() {
    for shell in POSIX {
        let sandbox = Sandbox::new();
        let script =
            format!("set -euC; {load}; {load}; pyman root; pyman rehash", load = shell.load(""));
        shell.run(&sandbox, &sandbox.root(), &script).succeeds("[SANDBOX]/pyman\n");
    }
}

#[test]
fn aliases_and_functions_of_the_user_are_left_alone_and_not_called() {
    let aliases = "for word in command eval export unset local pyman conda test echo return hash \
                   complete shopt setopt builtin alias; do alias $word='echo hijacked'; done";
    let reserved =
        "alias if='echo hijacked'; alias case='echo hijacked'; alias while='echo hijacked'";
    for shell in POSIX {
        let sandbox = Sandbox::new();
        let prepare = match shell.program {
            "bash" => format!("shopt -s expand_aliases; {aliases}; {reserved}"),
            "zsh" => format!("setopt aliases; {aliases}; {reserved}"),
            _ => aliases.to_owned(),
        };
        let script = format!("{prepare}\n{}\n\\pyman root\n\\alias if || \\:", shell.load(""));
        let script = script.replace("eval \"", "\\eval \"");
        let ran = shell.run(&sandbox, &sandbox.root(), &script);
        assert_eq!(ran.stdout.lines().next(), Some("[SANDBOX]/pyman"), "{shell:?}: {ran:?}");
        let kept = matches!(shell.program, "bash" | "zsh");
        assert_eq!(ran.stdout.contains("if='echo hijacked'"), kept, "{shell:?}: {ran:?}");
        assert_eq!(ran.stdout.matches("hijacked").count(), usize::from(kept), "{shell:?}: {ran:?}");
    }
}

#[test]
fn loading_starts_no_process() {
    each(|shell, sandbox| {
        let trace = sandbox.path().join("trace");
        let code = sandbox.write("code", "");
        let print = sandbox.run(&["init", "-", shell.name]);
        assert_eq!(print.status, Some(0));
        fs::write(&code, print.stdout.replace("[SANDBOX]", &sandbox.path().to_string_lossy()))
            .unwrap();
        let mut command = sandbox.command("strace");
        command.args(["-f", "-qq", "-e", "trace=process", "-o"]).arg(&trace).args([
            shell.program,
            "-c",
            &format!(". {}", code.display()),
        ]);
        sandbox.ran(&mut command).succeeds("");
        let trace = fs::read_to_string(trace).unwrap();
        let started = trace.matches("execve(").count();
        assert_eq!(started, 1, "{shell:?}: {trace}");
        assert!(!trace.contains("fork(") && !trace.contains("SIGCHLD"), "{shell:?}: {trace}");
    });
}

#[test]
fn a_root_that_cannot_be_written_lets_the_shell_start() {
    let sandbox = Sandbox::new();
    sandbox.write("pyman/shims", "a file");
    let ran = sandbox.run(&["init", "-", "dash"]);
    assert_eq!(ran.status, Some(0));
    assert!(ran.stdout.contains("[SANDBOX]/pyman/shims"));
    assert!(ran.stderr.starts_with("pyman: "), "{ran:?}");
}
