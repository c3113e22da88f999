//! What a person sees: a terminal of some width, and what stands on it; colours where they are wanted, and nowhere else.

mod colours;
mod progress;
mod shown;

use std::num::NonZero;
use std::process::Command;

use crate::support::sandbox::Sandbox;

/// Runs what follows its size at a terminal of its own, answers a question with `y`, and prints what it is sent.
const TERMINAL: &str = "\
import fcntl, os, pty, struct, sys, termios
rows, columns, path, words = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    os.environ['PATH'] = path
    os.execvp(words[0], words)
shown, answered = b'', 0
while True:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        break
    if not more:
        break
    shown += more
    if shown.count(b'(y/N) ') > answered:
        answered += 1
        os.write(terminal, b'y\\n')
sys.stdout.buffer.write(shown)
";

/// A terminal's size.
#[derive(Debug, Clone, Copy)]
struct Size {
    rows: u16,
    columns: u16,
}

/// The bytes that a command sends to a terminal of this size. The sandbox is where Ada's home would be: a path takes as
/// many columns on every machine.
fn sent(sandbox: &Sandbox, size: Size, command: &Command) -> Vec<u8> {
    let mut terminal = Command::new("/usr/bin/env");
    terminal.args(["python3", "-c", TERMINAL]);
    terminal.args([size.rows.to_string(), size.columns.to_string()]);
    let set: Vec<_> = command.get_envs().filter_map(|(name, value)| Some((name, value?))).collect();
    let path = set.iter().find(|(name, _)| *name == "PATH").unwrap().1;
    terminal.arg(path).arg(command.get_program()).args(command.get_args()).env_clear();
    terminal
        .envs(set)
        .env("PATH", "/usr/bin:/bin")
        .env("TERM", "xterm-256color")
        .current_dir(command.get_current_dir().unwrap());
    let output = terminal.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout).unwrap();
    text.replace(&*sandbox.path().to_string_lossy(), "/ada").into_bytes()
}

fn emulator(size: Size) -> vt100::Parser {
    let some = |number| NonZero::new(number).unwrap();
    vt100::Parser::new(some(size.rows), some(size.columns), 0)
}

/// What stands on a screen: its lines to the last that has something.
fn lines(parser: &vt100::Parser, columns: u16) -> String {
    let rows = parser.screen().rows(0, columns).map(|row| row.trim_end().to_owned());
    let mut rows: Vec<String> = rows.collect();
    while rows.last().is_some_and(String::is_empty) {
        rows.pop();
    }
    rows.iter().flat_map(|row| [row.as_str(), "\n"]).collect()
}

/// What stands on the screen when all was sent.
fn screen(bytes: &[u8], size: Size) -> String {
    let mut parser = emulator(size);
    parser.process(bytes);
    lines(&parser, size.columns)
}

/// Every picture that was shown on the way, one after the other.
fn pictures(bytes: &[u8], size: Size) -> Vec<String> {
    let mut parser = emulator(size);
    let mut pictures: Vec<String> = Vec::new();
    for byte in bytes {
        parser.process(&[*byte]);
        // A picture is whole when the next is begun.
        if matches!(byte, b'\r' | b'\n' | 0x1b) {
            let picture = lines(&parser, size.columns);
            if pictures.last() != Some(&picture) {
                pictures.push(picture);
            }
        }
    }
    pictures.push(lines(&parser, size.columns));
    pictures
}
