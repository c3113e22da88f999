//! A question can be left, and what is asked without a terminal is answered by stdin or not waited for; a stop is prompt.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use super::{bounded, lived_in, restored};
use crate::support::needs::{as_ordinary_user, has, needs};
use crate::support::sandbox::Sandbox;
use crate::support::tiny::Stall;

/// What asks at a terminal.
const QUESTIONS: [&str; 3] = ["uninstall 3.12.1", "virtualenv-delete api", "install 3.12.1"];

/// How a question is left.
enum Leave {
    /// By this key.
    Key(&'static [u8]),
    /// By this signal.
    Signal(&'static str),
}

/// Asks at a terminal, leaves the question, then types `y`; all that was shown.
fn left(stall: &Stall, question: &str, leave: &Leave) -> String {
    // The shell outlives the key, and says how its child ended.
    let script = format!(
        "trap : INT; /bin/sh -c 'echo pid $$; exec \"$PYMAN\" {question}'; echo status $?; read after; echo rest $after"
    );
    let template = stall.pyman(&[]);
    let mut command = Command::new("script");
    command.args(["-qec", &script, "/dev/null"]).env_clear();
    command.envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("SHELL", "/bin/sh").env("PYMAN", crate::support::program());
    command.env("TERM", "dumb").current_dir(stall.sandbox.work());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let (mut typed, mut shown) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (sender, receiver) = channel();
    let reading = thread::spawn(move || {
        let mut byte = [0];
        while shown.read(&mut byte).is_ok_and(|read| read > 0) && sender.send(byte[0]).is_ok() {}
    });
    let mut seen = String::new();
    let mut until = |wanted: &str| {
        while !seen.contains(wanted)
            && let Ok(byte) = receiver.recv_timeout(Duration::from_secs(20))
        {
            seen.push(char::from(byte));
        }
        seen.clone()
    };
    let asked = until("(y/N)");
    match leave {
        Leave::Key(key) => typed.write_all(key).unwrap(),
        Leave::Signal(name) => {
            let pid = asked.split("pid ").nth(1).unwrap_or_default();
            let pid = pid.split_whitespace().next().unwrap();
            let status = Command::new("kill").args(["-s", name, pid]).status().unwrap();
            assert!(status.success());
        }
    }
    // Typed before it has ended, if it has not.
    thread::sleep(Duration::from_millis(100));
    // Twice: if it takes the first for its answer, the second ends the shell.
    // Nobody reads what comes too late, which is what is wanted.
    typed.write_all(b"y\ny\n").unwrap_or_default();
    drop(typed);
    let seen = until("rest y");
    if !seen.contains("rest y") {
        child.kill().unwrap();
    }
    child.wait().unwrap();
    drop(receiver);
    reading.join().unwrap();
    seen
}

#[test]
fn a_question_is_left_by_a_key_or_a_signal_and_what_is_typed_later_is_no_answer() {
    needs!(has("script"), "script");
    as_ordinary_user(|| {
        let stall = lived_in();
        let leaves = [
            (Leave::Key(b"\x03"), "status 130"),
            (Leave::Signal("INT"), "status 130"),
            (Leave::Signal("TERM"), "status 143"),
            (Leave::Signal("HUP"), "status 129"),
        ];
        for question in QUESTIONS {
            for (leave, status) in &leaves {
                restored(&stall);
                let seen = left(&stall, question, leave);
                assert!(seen.contains(status), "{question}: {seen}");
                for kept in ["versions/3.12.1/bin/python", "versions/3.12.1/envs/api/bin/python"] {
                    assert!(stall.sandbox.root().join(kept).exists(), "{question}: {seen}");
                }
            }
        }
    });
}

#[test]
fn without_a_terminal_stdin_answers_or_nothing_is_waited_for() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let answered = |question: &str, answer: &str| {
            restored(&stall);
            let words: Vec<&str> = question.split(' ').collect();
            let mut command = stall.pyman(&words);
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            // It need not read.
            child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap_or_default();
            child.wait().unwrap().code()
        };
        let stands = |path: &str| stall.sandbox.root().join(path).exists();
        for (question, path) in [
            ("uninstall 3.12.1", "versions/3.12.1/bin/python"),
            ("virtualenv-delete api", "versions/3.12.1/envs/api/pyvenv.cfg"),
        ] {
            for answer in ["", "n\n", "\n", "nonsense\ny\n"] {
                assert_eq!(answered(question, answer), Some(1), "{question} {answer:?}");
                assert!(stands(path), "{question} {answer:?}");
            }
            assert_eq!(answered(question, "y\n"), Some(0), "{question}");
            assert!(!stands(path), "{question}");
        }
        assert_eq!(answered("install 3.12.1", ""), Some(0));
        assert!(stands("versions/3.12.1/bin/python"));
    });
}

#[test]
fn a_signal_ends_the_wait_for_a_slow_interpreter() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let slow = stall.sandbox.work().join("slow");
        for command in [
            &["link", "./slow"][..],
            &["venv", "create", "--no-pip", "-p", "./slow", "./e"],
            &["install", "../home/slow.tar.gz"],
            &["venv", "create", "--no-pip", "-p", "odd", "./e"],
            &["virtualenv", "--no-pip", "-p", "../slow", "3.12.1", "shop"],
            &["virtualenv", "--no-pip", "odd", "shop"],
            &["discover"],
            &["discover", "--link"],
            &["import", "uv"],
        ] {
            restored(&stall);
            let mark = stall.sandbox.work().join("began");
            let body =
                format!("echo $$ > '{0}.new'; mv '{0}.new' '{0}'\nexec sleep 30", mark.display());
            for place in [
                "work/slow",
                "slow",
                "home/bin/python3.10",
                // Neither its name nor a receipt tells what it is.
                "pyman/versions/odd/bin/python",
                "home/.local/share/uv/python/cpython-3.10.1-linux/bin/python3.10",
            ] {
                Sandbox::script(&stall.sandbox.path().join(place), &body);
            }
            let archive = stall.sandbox.home().join("python/bin/python3.12");
            fs::create_dir_all(archive.parent().unwrap()).unwrap();
            fs::copy(&slow, &archive).unwrap();
            let packed = Command::new("tar")
                .args(["-czf", "slow.tar.gz", "python"])
                .current_dir(stall.sandbox.home())
                .status();
            assert!(packed.unwrap().success());
            let mut starting = stall.pyman(command);
            let path = format!("{}:/usr/bin:/bin", stall.sandbox.home().join("bin").display());
            starting.env("PATH", path).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = starting.spawn().unwrap();
            while !mark.exists() && child.try_wait().unwrap().is_none() {
                thread::sleep(Duration::from_millis(5));
            }
            assert!(mark.exists(), "{command:?} asked nobody");
            let begun = Instant::now();
            let id = child.id().to_string();
            assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
            let status = child.wait().unwrap();
            // By itself, or by the signal: a shell calls both 143.
            let ended = status.code() == Some(143) || status.signal() == Some(15);
            assert!(ended, "{command:?}: {status}");
            // Whoever was asked has nobody to answer any more.
            let asked = fs::read_to_string(&mark).unwrap();
            let process = std::path::Path::new("/proc").join(asked.trim()).join("cmdline");
            let runs = fs::read(process).unwrap_or_default();
            assert!(!runs.starts_with(b"sleep"), "{command:?} left what it asked");
            // Two seconds, and as many for a busy machine; an interpreter has ten.
            assert!(begun.elapsed() < Duration::from_secs(4), "{command:?}: {:?}", begun.elapsed());
        }
    });
}

#[test]
fn an_interpreter_that_never_answers_is_given_up() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let slow = stall.sandbox.work().join("slow");
        Sandbox::script(&slow, "exec sleep 40");
        let begun = Instant::now();
        let ran = bounded(&stall, &mut stall.pyman(&["link", "./slow"]));
        assert_eq!(ran.status, Some(1), "{ran:?}");
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    });
}
