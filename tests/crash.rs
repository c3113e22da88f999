//! Killed at every named moment, at random ones, and many at once: nothing half-made is ever seen, and the
//! same command afterwards succeeds.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::support::needs::{has, needs};
use crate::support::server::Reply;
use crate::support::shop::Shop;

/// The moments of a first installation, in their order.
const MOMENTS: [&str; 7] =
    ["staged", "unpacking", "unpacked", "relocated", "receipted", "published", "settled"];

/// Runs a command that dies at the moment.
fn killed(shop: &Shop, moment: &str, arguments: &[&str]) {
    let status =
        shop.pyman(arguments).env("_PYMAN_KILL_AT", moment).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.signal(), Some(9), "{moment}: {status}");
}

/// What `versions` lists must run.
fn whole_or_absent(shop: &Shop, moment: &str) -> bool {
    let listed = shop.run(&["versions", "--bare"]).stdout;
    let there = listed.lines().any(|line| line == shop.version());
    assert_eq!(there, shop.prefix().exists(), "{moment}");
    if there {
        assert_eq!(shop.python("import ssl; print(7)"), "7\n", "{moment}");
    }
    there
}

#[test]
fn killed_at_any_moment_an_installation_is_whole_or_absent_and_can_be_repeated() {
    let shop = Shop::open();
    for moment in MOMENTS {
        killed(&shop, moment, &["install", shop.version()]);
        let there = whole_or_absent(&shop, moment);
        assert_eq!(there, matches!(moment, "published" | "settled"), "{moment}");
        let ran = shop.run(&["install", "-s", shop.version()]);
        assert_eq!(ran.status, Some(0), "{moment}: {}", ran.stderr);
        assert!(whole_or_absent(&shop, moment), "{moment}");
        shop.run(&["install", "-f", shop.version()]);
        assert_eq!(shop.staged(), [""; 0], "{moment}");
        shop.run(&["uninstall", "-f", shop.version()]);
    }
}

#[test]
fn killed_while_replacing_the_old_or_the_new_one_runs() {
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    for moment in MOMENTS {
        killed(&shop, moment, &["install", "-f", shop.version()]);
        assert!(whole_or_absent(&shop, moment), "{moment}");
    }
    shop.run(&["install", "-f", shop.version()]);
    assert_eq!(shop.staged(), [""; 0]);
}

#[test]
fn killed_while_removing_nothing_half_removed_is_seen() {
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    killed(&shop, "removed", &["uninstall", "-f", shop.version()]);
    assert!(!whole_or_absent(&shop, "removed"));
    shop.run(&["install", shop.version()]);
    assert!(whole_or_absent(&shop, "removed"));
    assert_eq!(shop.staged(), [""; 0]);
}

#[test]
fn killed_at_random_it_can_always_be_repeated() {
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    for step in 0..24_u64 {
        let mut child =
            shop.pyman(&["install", "-f", shop.version()]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(step * 23 % 400));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(whole_or_absent(&shop, "random"));
    }
    assert_eq!(shop.run(&["install", "-f", shop.version()]).status, Some(0));
    assert_eq!(shop.staged(), [""; 0]);
}

/// A gate that requests wait at until it is opened.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let guard = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(guard, |open| !*open).unwrap());
    }
}

fn talking(mut command: Command) -> (Child, BufReader<std::process::ChildStderr>) {
    let mut child = command.stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    (child, stderr)
}

#[test]
fn eight_at_once_download_once_and_all_succeed() {
    let gate = Gate::default();
    let held = gate.clone();
    let shop = Shop::with(move |request, body| {
        held.pass();
        Reply::file(request, body)
    });
    let mut running: Vec<_> =
        (0..8).map(|_| talking(shop.pyman(&["install", shop.version()]))).collect();
    // All but the one that holds the lock say whom they wait for; only then the server answers.
    let waiting = Mutex::new(0);
    let opened = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for (child, stderr) in &mut running {
            let (waiting, opened, gate) = (&waiting, &opened, &gate);
            scope.spawn(move || {
                let mut said = String::new();
                for line in stderr.lines() {
                    let line = line.unwrap();
                    // Without its number, if the holder had no time yet to write it down.
                    if line.starts_with("waiting for another pyman") {
                        assert!(
                            line.ends_with(&format!("to finish installing {}", shop_version()))
                        );
                        let mut count = waiting.lock().unwrap();
                        *count += 1;
                        if *count == 7 {
                            opened.store(true, Ordering::SeqCst);
                            gate.open();
                        }
                    }
                    said.push_str(&line);
                    said.push('\n');
                }
                assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
            });
        }
    });
    assert!(opened.load(Ordering::SeqCst));
    assert_eq!(shop.downloads(), 1);
    assert_eq!(shop.python("print(1)"), "1\n");
    assert_eq!(shop.staged(), [""; 0]);
}

fn shop_version() -> &'static str {
    &crate::support::prebuilt::Prebuilt::small().version
}

#[test]
fn a_signal_stops_a_download_and_leaves_nothing() {
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let (sender, receiver) = std::sync::mpsc::channel();
        let sender = Mutex::new(sender);
        let shop = Shop::with(move |request, body| {
            sender.lock().unwrap().send(()).unwrap();
            Reply::file(request, body).stall(body.len() / 2)
        });
        let (mut child, _stderr) = talking(shop.pyman(&["install", shop.version()]));
        receiver.recv().unwrap();
        let pid = child.id().to_string();
        let kill = shop.sandbox.command("/bin/kill").args(["-s", signal, &pid]).status().unwrap();
        assert!(kill.success());
        assert_eq!(child.wait().unwrap().code(), Some(status), "{signal}");
        assert_eq!(shop.staged(), [""; 0], "{signal}");
        assert!(!shop.prefix().exists(), "{signal}");
    }
}

#[test]
fn a_version_being_reinstalled_never_fails_to_run() {
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let runs = scope.spawn(|| {
            let mut runs = 0;
            while !over.load(Ordering::SeqCst) {
                assert_eq!(shop.python("print(1)"), "1\n");
                runs += 1;
            }
            runs
        });
        for _ in 0..6 {
            assert_eq!(shop.run(&["install", "-f", shop.version()]).status, Some(0));
        }
        over.store(true, Ordering::SeqCst);
        assert!(runs.join().unwrap() > 6);
    });
}

#[test]
fn killed_at_any_rename_or_removal_it_can_be_repeated() {
    needs!(has("strace"), "strace");
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    for call in ["rename", "renameat2", "unlink", "unlinkat", "symlink", "ftruncate"] {
        for nth in [1, 2, 5] {
            let mut command = shop.sandbox.command("strace");
            let inject = format!("inject={call}:signal=KILL:when={nth}");
            command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
            command.arg(inject).arg(crate::support::program());
            command.args(["install", "-f", shop.version()]).env_remove("PYMAN_OFFLINE");
            command.env("PYMAN_CATALOGUE", shop.sandbox.path().join("catalogue.jsonl"));
            let status = command.stderr(Stdio::null()).status().unwrap();
            assert!(matches!(status.code(), Some(0) | None), "{call} {nth}: {status}");
            assert!(whole_or_absent(&shop, call), "{call} {nth}");
        }
    }
    assert_eq!(shop.run(&["install", "-f", shop.version()]).status, Some(0));
    assert_eq!(shop.staged(), [""; 0]);
}

#[test]
fn a_file_system_without_locks_or_exchange_serves_too() {
    needs!(has("strace"), "strace");
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    for fault in [
        "flock:error=ENOLCK",
        "flock:error=EPERM",
        "flock:error=EINTR:when=1",
        "renameat2:error=EINVAL",
    ] {
        let call = fault.split(':').next().unwrap();
        let mut command = shop.sandbox.command("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
        command.arg(format!("inject={fault}")).arg(crate::support::program());
        command.args(["install", "-f", shop.version()]).env_remove("PYMAN_OFFLINE");
        command.env("PYMAN_CATALOGUE", shop.sandbox.path().join("catalogue.jsonl"));
        let ran = shop.ran(&mut command);
        ran.is("", &format!("installed {} in [TIME]\n", shop.version()), 0);
    }
    assert_eq!(shop.python("print(1)"), "1\n");
}

#[test]
fn who_waits_for_a_stopped_process_can_stop_too() {
    let shop = Shop::open();
    let locks = shop.sandbox.root().join("locks");
    std::fs::create_dir_all(&locks).unwrap();
    let lock = std::fs::File::create(locks.join(format!("{}.lock", shop.version()))).unwrap();
    lock.lock().unwrap();
    let (mut child, stderr) = talking(shop.pyman(&["install", shop.version()]));
    let mut lines = stderr.lines();
    let said = lines.next().unwrap().unwrap();
    let expected = format!("waiting for another pyman to finish installing {}", shop.version());
    assert_eq!(said, expected);
    let pid = child.id().to_string();
    let kill = shop.sandbox.command("/bin/kill").args(["-s", "INT", &pid]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(shop.staged(), [""; 0]);
}
