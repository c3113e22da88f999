//! Shims in real shells: statuses, pipes, substitutions and jobs are those of the program itself.

use super::Shims;

const SHELLS: [&str; 4] = ["bash", "zsh", "dash", "fish"];

fn tools() -> Shims {
    Shims::new(&[
        ("python3", "/usr/bin/python3"),
        ("endless", "/usr/bin/yes"),
        ("ending", "exit $1"),
    ])
}

#[track_caller]
fn prints(shims: &Shims, shell: &str, script: &str, expected: &str) {
    let mut command = shims.sandbox.command(shell);
    let path = Shims::joined(&[&shims.shim(""), "/usr/bin".as_ref(), "/bin".as_ref()]);
    command.env("PATH", path).args(["-c", script]);
    let ran = shims.sandbox.ran(&mut command);
    assert_eq!((ran.stdout.as_str(), ran.status), (expected, Some(0)), "{shell}: {ran:?}");
}

#[test]
fn a_status_is_the_programs() {
    let shims = tools();
    for shell in SHELLS {
        let last = if shell == "fish" { "$status" } else { "$?" };
        prints(&shims, shell, &format!("ending 42; echo {last}"), "42\n");
    }
}

#[test]
fn a_substitution_holds_what_the_program_printed() {
    let shims = tools();
    for shell in SHELLS {
        let script = if shell == "fish" {
            "echo is (python3 -c 'print(6 * 7)')"
        } else {
            "echo is $(python3 -c 'print(6 * 7)')"
        };
        prints(&shims, shell, script, "is 42\n");
    }
}

#[test]
fn a_pipe_that_closes_ends_the_program_by_its_signal() {
    let shims = tools();
    let cases = [
        ("bash", "endless | head -n 1; echo ${PIPESTATUS[0]}"),
        ("zsh", "endless | head -n 1; echo ${pipestatus[1]}"),
        ("fish", "endless | head -n 1; echo $pipestatus[1]"),
    ];
    for (shell, script) in cases {
        prints(&shims, shell, script, "y\n141\n");
    }
}

#[test]
fn a_pipe_into_the_program_is_its_input() {
    let shims = tools();
    for shell in SHELLS {
        prints(&shims, shell, "echo 'print(1 + 1)' | python3 - a b", "2\n");
    }
}

#[test]
fn a_job_is_stopped_continued_and_ended() {
    let shims = tools();
    let script = "endless > /dev/null & \
        until [ \"$(readlink /proc/$!/exe)\" = /usr/bin/yes ]; do :; done; kill -STOP $!; \
        until grep -q '^State:.T' /proc/$!/status; do :; done; \
        kill -CONT $!; kill -TERM $!; wait $!; echo $?";
    for shell in ["bash", "dash"] {
        prints(&shims, shell, script, "143\n");
    }
}

#[test]
fn a_here_document_and_a_file_given_as_a_pipe_are_read() {
    let shims = tools();
    prints(&shims, "bash", "python3 <(echo 'print(3)')", "3\n");
    prints(&shims, "bash", "python3 <<'END'\nprint(4)\nEND", "4\n");
}
