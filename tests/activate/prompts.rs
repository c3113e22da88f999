//! Prompts as they are shown: shells expand them again at each display.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use super::{FISH, HOSTILE_PROMPT, Language, POSIX, Real, TCSH, environment};
use crate::support::sandbox::Sandbox;

/// What an interactive session with this standard input shows.
fn session(shell: Real, sandbox: &Sandbox, options: &[&str], input: &str) -> String {
    let web = environment(&sandbox.work().join("web"), Some(HOSTILE_PROMPT));
    // A terminal of its own: `script` is everywhere.
    let mut words = vec![shell.program];
    words.extend(shell.options);
    words.extend(options);
    words.push("-i");
    let mut command = sandbox.command("script");
    command
        .args(["-q", "-e", "-c", &format!("stty cols 500; exec {}", words.join(" ")), "/dev/null"])
        .env("TERM", "dumb")
        .env("A", web.join("bin").join(shell.script))
        .env("HOME", sandbox.home())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_hostile_prompt_is_shown_as_it_is_and_nothing_of_it_runs() {
    let expected = format!("({HOSTILE_PROMPT}) ");
    let sessions: [(Real, &[&str]); 8] = [
        (POSIX[0], &[]),
        (POSIX[1], &[]),
        (POSIX[1], &["-o", "promptsubst", "-o", "promptbang"]),
        (POSIX[2], &[]),
        (POSIX[3], &[]),
        (POSIX[4], &[]),
        (FISH, &[]),
        (TCSH, &[]),
    ];
    for (shell, options) in sessions {
        let sandbox = Sandbox::new();
        let begin = match shell.language {
            Language::Posix => "PS1='> '",
            Language::Fish => "function fish_prompt; echo -n '> '; end",
            Language::Csh => "set prompt = '> '",
        };
        let input =
            format!("{begin}\n{}\necho first\ndeactivate\necho th\"ir\"d\nexit\n", shell.source());
        let shown = session(shell, &sandbox, options, &input);
        assert!(shown.contains(&expected), "{shell:?} {options:?}: {shown}");
        let (_, after) = shown.rsplit_once("third").unwrap();
        assert!(!after.contains(&expected), "{shell:?} {options:?}: {shown}");
        assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 1, "{shell:?}: something ran");
    }
}

#[test]
fn zsh_keeps_the_prompt_variables_of_the_user() {
    let sandbox = Sandbox::new();
    let web = environment(&sandbox.work().join("web"), Some("100%"));
    let script = "psvar=(mine); . \"$A\"; print -rl -- \"$psvar[@]\" \"$PS1\"; print -P \"$PS1\"; \
                  . \"$A\"; deactivate; print -rl -- \"$psvar[@]\"";
    let mut command = POSIX[1].command(&sandbox, &web, script);
    sandbox.ran(command.env("PS1", "> ")).succeeds("mine\n100%\n(%2v) > \n(100%) > \nmine\n");
}

#[test]
fn a_shell_that_inherits_the_prompt_runs_nothing_of_it_either() {
    for (shell, child) in [(0, 4), (0, 1), (2, 0), (2, 4), (3, 0), (3, 4), (4, 0)] {
        let (shell, child) = (POSIX[shell], POSIX[child]);
        let sandbox = Sandbox::new();
        let program = [&[child.program], child.options, &["-i"]].concat().join(" ");
        let begin = "export PS1='> '";
        let input = format!("{begin}\n{}\n{program}\necho th\"ir\"d\nexit\nexit\n", shell.source());
        let shown = session(shell, &sandbox, &[], &input);
        assert!(shown.contains("third"), "{shell:?} {child:?}: {shown}");
        assert_eq!(fs::read_dir(sandbox.work()).unwrap().count(), 1, "{child:?}: something ran");
    }
}
