//! A run that is stopped or killed, and a script that came in part.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;

use super::{Fair, five_lines, found};
use crate::support::needs::needs;
use crate::support::server::{Reply, Server};

/// Where the archive begins and never goes on; tells when it was asked for.
fn stalling(fair: &Fair) -> (Server, mpsc::Receiver<()>) {
    let sums = fs::read(fair.path("dist/SHA256SUMS")).unwrap();
    let (asked, waiting) = mpsc::channel();
    let server = Server::start(move |request| {
        if request.path == "/SHA256SUMS" {
            return Reply::file(request, &sums);
        }
        asked.send(()).unwrap();
        Reply::body(&[0; 1000]).stall(10)
    });
    (server, waiting)
}

#[test]
fn a_signal_ends_it_at_once_and_nothing_is_left() {
    for fetcher in ["curl", "wget"] {
        needs!(found(fetcher).is_some(), fetcher);
        for (signal, status) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
            for shell in ["dash", "bash", "busybox sh"] {
                needs!(found(shell.split(' ').next().unwrap()).is_some(), shell);
                let fair = Fair::with(&[fetcher]);
                let (server, waiting) = stalling(&fair);
                let mut command = fair.command(shell, &server.url(""));
                let mut child =
                    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                waiting.recv().unwrap();
                let pid = child.id().to_string();
                assert!(
                    Command::new("/bin/kill")
                        .args(["-s", signal, &pid])
                        .status()
                        .unwrap()
                        .success()
                );
                assert_eq!(child.wait().unwrap().code(), Some(status), "{shell}, {signal}");
                fair.left_nothing();
            }
        }
    }
}

#[test]
fn what_a_killed_run_left_beside_the_program_is_taken_away_by_the_next() {
    let fair = Fair::with(&[]);
    // No process has this number: it is above what Linux gives.
    let left = fair.sandbox.write("home/.pyman/bin/.pyman-install.4194305", "half");
    let of_a_running_one = format!("home/.pyman/bin/.pyman-install.{}", std::process::id());
    let of_a_running_one = fair.sandbox.write(&of_a_running_one, "half");
    fair.run::<&str>(&fair.dist(), &[]).succeeds(&five_lines("[SANDBOX]/dist", "0.1.0", ""));
    assert!(!left.exists());
    assert!(of_a_running_one.exists());
}

#[test]
fn half_a_script_does_nothing() {
    let fair = Fair::with(&[]);
    let text = fs::read_to_string(fair.path("install.sh")).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for count in (1..lines.len() - 1).step_by(9).chain([lines.len() - 2]) {
        let mut command = fair.sandbox.command(found("sh").unwrap());
        command.env("PATH", fair.path("bin")).env("TMPDIR", fair.path("tmp"));
        command.env_remove("PYMAN_ROOT").env("PYMAN_DIST", fair.dist());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let part = lines[..count].concat();
        // A shell that cannot go on reads no further.
        drop(child.stdin.take().unwrap().write_all(part.as_bytes()));
        child.wait().unwrap();
        fair.left_nothing();
    }
}

#[test]
fn a_setup_that_fails_is_told_and_the_program_stays() {
    let fair = Fair::with(&[]);
    let program =
        "#!/bin/sh\ncase $1 in --version) echo pyman 0.1.0 ;; *) echo no >&2; exit 5 ;; esac\n";
    fair.offers_program("0.1.0", "dist", program.as_bytes());
    fair.run::<&str>(&fair.dist(), &[]).fails(
        "no\n\
         pyman: pyman 0.1.0 is in [SANDBOX]/home/.pyman/bin, but its setup did not end well\n\
         hint: mend that, and run: [SANDBOX]/home/.pyman/bin/pyman setup\n",
        1,
    );
    assert!(fair.program().exists());
}
