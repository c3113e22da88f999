//! A terminal to sit at: util-linux's `script` makes one.

use std::ffi::OsStr;
use std::fs;
use std::process::{Command, Stdio};

use super::sandbox::Sandbox;

/// The command as typed at a terminal of its own, where `keys` are pressed. What it prints comes as a terminal shows it.
pub(crate) fn at_terminal(sandbox: &Sandbox, command: &Command, keys: &str) -> Command {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    let line: Vec<String> = words.map(word).collect();
    let mut terminal = Command::new("/usr/bin/script");
    terminal.args(["-qec", &line.join(" "), "/dev/null"]).env_clear();
    let set = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    terminal.envs(set).current_dir(command.get_current_dir().unwrap());
    let keys = sandbox.write("keys", keys);
    terminal.stdin(Stdio::from(fs::File::open(keys).unwrap()));
    terminal
}

fn word(text: &OsStr) -> String {
    format!("'{}'", text.to_str().unwrap().replace('\'', "'\\''"))
}
