//! A terminal to sit at: python3's `pty` makes one.

use std::ffi::OsStr;
use std::process::Command;

use super::sandbox::Sandbox;

/// Runs what follows the keys at a terminal of its own, presses them once it shows a question, prints what it shows, and
/// ends with its status.
const SEAT: &str = "\
import os, pty, sys
keys, words = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(words[0], words)
shown, pressed = b'', False
while True:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        break
    if not more:
        break
    shown += more
    if not pressed and b'(y/N) ' in shown:
        pressed = True
        os.write(terminal, keys.encode())
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256)
";

/// The command as typed at a terminal of its own, where `keys` are pressed at its question. What it prints comes as a
/// terminal shows it.
pub(crate) fn at_terminal(_: &Sandbox, command: &Command, keys: &str) -> Command {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    let words: Vec<&OsStr> = words.collect();
    let mut terminal = Command::new("/usr/bin/env");
    terminal.args(["python3", "-c", SEAT, keys]).args(words).env_clear();
    let set = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    terminal.envs(set).current_dir(command.get_current_dir().unwrap());
    terminal
}
