//! What a test needs of the machine, and whom it runs as.

use std::fs;
use std::io::{self, Write as _};
use std::panic::resume_unwind;
use std::process::{Command, Stdio};
use std::thread;

use rustix::process::{Gid, Uid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

pub(crate) use super::ordinary::NOBODY;

/// Ends a test that this machine cannot run: says so, and fails where nothing may be passed over (`CI=true`).
///
/// `needs!(has("strace"), "strace")` asks a question, `needs!(let Some(python) = newest(), "a Python")` takes an answer.
macro_rules! needs {
    (let $pattern:pat = $found:expr, $what:expr $(,)?) => {
        let $pattern = $found else {
            $crate::support::needs::skipped($what);
            return;
        };
    };
    ($have:expr, $what:expr $(,)?) => {
        if !$have {
            $crate::support::needs::skipped($what);
            return;
        }
    };
}

pub(crate) use needs;

/// Says what is missing.
pub(crate) fn skipped(what: &str) {
    let test = thread::current().name().unwrap_or("a test").to_owned();
    let said = format!("SKIPPED: {test} needs {what}");
    assert!(std::env::var_os("CI").is_none_or(|value| value != "true"), "{said}");
    say(&said);
}

/// Shows a line also where a test passes, as what is printed is not.
pub(crate) fn say(line: &str) {
    io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// Whether a program is on PATH and starts.
pub(crate) fn has(program: &str) -> bool {
    let mut asked = Command::new(program);
    asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Whether root began the tests, which can then be several accounts.
pub(crate) fn began_as_root() -> bool {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap();
    let saved =
        status.lines().find_map(|line| line.strip_prefix("Uid:")?.split_whitespace().nth(2));
    saved == Some("0")
}

/// Whether whoever runs the tests, as an ordinary user, may mount file systems in a namespace of their own.
pub(crate) fn mounts() -> bool {
    let script = "mount -t tmpfs tmpfs /mnt";
    let asked = Command::new("unshare")
        .args(["--mount", "--map-root-user", "/bin/sh", "-c", script])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

/// Does something as an ordinary user who has no way back to root: the tests are one from their beginning.
pub(crate) fn as_ordinary_user<T: Send>(act: impl FnOnce() -> T + Send) -> T {
    as_user(NOBODY, act)
}

/// The same as some account, if root began the tests.
pub(crate) fn as_user<T: Send>(account: u32, act: impl FnOnce() -> T + Send) -> T {
    as_account(account, act)
}

/// Does what only root can: gives files to another account, reads the Pythons in its home. Never starts or calls
/// what is tested.
pub(crate) fn as_root<T: Send>(act: impl FnOnce() -> T + Send) -> T {
    as_account(0, act)
}

/// Linux keeps identities by thread, and a process begins with those of the thread that starts it; so a thread of
/// its own changes, for good, and the other tests keep theirs.
fn as_account<T: Send>(account: u32, act: impl FnOnce() -> T + Send) -> T {
    let name = thread::current().name().unwrap_or("a test").to_owned();
    thread::scope(|scope| {
        let other = move || {
            if began_as_root() {
                set_thread_res_uid(Uid::ROOT, Uid::ROOT, Uid::ROOT).unwrap();
                let (group, user) = (Gid::from_raw(account), Uid::from_raw(account));
                set_thread_groups(&[]).unwrap();
                set_thread_res_gid(group, group, group).unwrap();
                set_thread_res_uid(user, user, user).unwrap();
            }
            act()
        };
        let running = thread::Builder::new().name(name).spawn_scoped(scope, other).unwrap();
        running.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}
