//! Questions: who is asked, and how they are left.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use crate::support::needs::{has, needs};
use crate::support::sandbox::Sandbox;
use crate::support::terminal::at_terminal;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.11.7", &["python"]);
    sandbox
}

#[test]
fn a_question_is_left_by_a_signal_and_nothing_said_later_answers_it() {
    for (signal, status) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let sandbox = sandbox();
        let mut command = sandbox.pyman(["uninstall", "3.11.7"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut question = [0; 7];
        child.stderr.as_mut().unwrap().read_exact(&mut question).unwrap();
        assert_eq!(&question, b"pyman: ");
        let mut kill = sandbox.command("kill");
        assert!(kill.args([signal, &child.id().to_string()]).status().unwrap().success());
        // The pipe may be closed by now: that is what is wanted.
        child.stdin.as_mut().unwrap().write_all(b"y\n").unwrap_or_default();
        assert_eq!(child.wait().unwrap().code(), Some(status), "{signal}");
        assert!(sandbox.root().join("versions/3.11.7").is_dir(), "{signal}");
    }
}

#[test]
fn an_interrupt_typed_at_the_question_ends_it() {
    needs!(has("script"), "script");
    let sandbox = sandbox();
    for command in [&["uninstall", "3.11.7"][..], &["install", "3.11.7"]] {
        let typed = sandbox.pyman(command);
        let ran = sandbox.ran(&mut at_terminal(&sandbox, &typed, "\u{3}y\n"));
        assert_eq!(ran.status, Some(130), "{ran:?}");
        assert!(sandbox.root().join("versions/3.11.7").is_dir());
    }
}

#[test]
fn what_is_ignored_from_the_start_ends_no_question() {
    let sandbox = sandbox();
    let mut command = sandbox.command("sh");
    let pyman = crate::support::program();
    // The answer comes after the signal, from the same script.
    let script = format!("trap '' HUP; {{ sleep 0; echo n; }} | {pyman} uninstall 3.11.7; echo $?");
    let ran = sandbox.ran(command.args(["-c", &script]));
    assert_eq!(ran.stdout, "1\n", "{ran:?}");
}

#[test]
fn without_a_terminal_an_installed_version_is_left_and_said() {
    let sandbox = sandbox();
    let said = "pyman: [SANDBOX]/pyman/versions/3.11.7 already exists\n";
    sandbox.run(&["install", "3.11.7"]).is("", said, 0);
    assert!(sandbox.root().join("versions/3.11.7/bin/python").is_file());
}

#[test]
fn at_a_terminal_end_of_input_is_no() {
    needs!(has("script"), "script");
    let sandbox = sandbox();
    for keys in ["n\n", "\u{4}"] {
        let typed = sandbox.pyman(["install", "3.11.7"]);
        let ran = sandbox.ran(&mut at_terminal(&sandbox, &typed, keys));
        assert_eq!(ran.status, Some(1), "{ran:?}");
        assert!(ran.stdout.contains("continue with installation? (y/N) "), "{ran:?}");
    }
}

#[test]
fn names_are_shown_as_they_are_and_never_act_on_a_terminal() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("web\u{202e}\u{1b}[31m", &["python"]);
    let shown = "web\\u{202e}\\u{1b}[31m";
    let ran = sandbox.run(&["versions"]);
    assert!(ran.stdout.contains(&format!("  {shown}\n")), "{ran:?}");
    sandbox.run(&["versions", "--bare"]).succeeds("web\u{202e}\u{1b}[31m\n");
    needs!(has("script"), "script");
    let typed = sandbox.pyman(["versions", "--bare"]);
    let ran = sandbox.ran(&mut at_terminal(&sandbox, &typed, ""));
    assert!(ran.stdout.starts_with(shown), "{ran:?}");
}
