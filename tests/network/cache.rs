//! What is kept: reused when it is good, mended when it is not, never written through a link.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::sync::atomic::Ordering;

use pyman::fetch::Client;

use super::{Case, noise};
use crate::support::server::Server;

fn case(body: &[u8]) -> (Server, Case) {
    let server = Server::serving(&[("/file.bin", body)]);
    let case = Case::new(body, &[server.url("/file.bin")]);
    fs::create_dir(case.cache()).unwrap();
    (server, case)
}

#[test]
fn a_kept_copy_is_used_without_a_request() {
    let body = noise(600_000);
    let (server, mut case) = case(&body);
    assert!(case.served(&body).from.is_some());
    assert_eq!(case.served(&body).from, None);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_damaged_copy_is_thrown_away_and_fetched_again() {
    let body = noise(600_000);
    for damaged in [&body[..599_999], &vec![0; 600_000], b""] {
        let (server, mut case) = case(&body);
        fs::write(case.cache().join("file.bin"), damaged).unwrap();
        case.served(&body);
        assert_eq!(server.requests().len(), 1);
        let notes = case.progress.notes.lock().unwrap();
        assert_eq!(*notes, ["the kept copy of file.bin is damaged: fetching it again"]);
    }
}

#[test]
fn what_is_no_file_in_the_place_of_a_copy_is_removed_without_reading_it() {
    let body = noise(1000);
    for planted in ["file.bin", "file.bin.partial", "file.bin.lock"] {
        let (_server, mut case) = case(&body);
        let fifo = case.cache().join(planted);
        let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(made.success());
        case.served(&body);
    }
}

#[test]
fn without_a_digest_a_kept_copy_is_not_trusted() {
    let body = noise(1000);
    let (_server, case) = case(&body);
    let mut case = case.unpinned();
    fs::write(case.cache().join("file.bin"), b"of another place").unwrap();
    fs::write(case.cache().join("file.bin.partial"), b"of another place").unwrap();
    case.served(&body);
}

#[test]
fn what_an_earlier_run_left_is_gone_on_with() {
    let body = noise(600_000);
    let (server, mut case) = case(&body);
    fs::write(case.cache().join("file.bin.partial"), &body[..400_000]).unwrap();
    case.served(&body);
    assert_eq!(server.sent("range"), ["bytes=400000-"]);
}

#[test]
fn a_part_that_is_the_whole_needs_no_request() {
    let body = noise(600_000);
    let (server, mut case) = case(&body);
    fs::write(case.cache().join("file.bin.partial"), &body).unwrap();
    case.served(&body);
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_part_that_is_rubbish_costs_only_time() {
    let body = noise(1000);
    for rubbish in [&b"rubbish"[..], &[7; 1000], &[7; 5000]] {
        let (_server, mut case) = case(&body);
        fs::write(case.cache().join("file.bin.partial"), rubbish).unwrap();
        case.served(&body);
        assert_eq!(case.sink.restarts, 1);
    }
}

#[test]
fn nothing_is_written_through_a_planted_link() {
    let body = noise(1000);
    for planted in ["file.bin", "file.bin.partial", "file.bin.lock"] {
        let (_server, mut case) = case(&body);
        let target = case.directory.path().join("precious");
        fs::write(&target, b"precious").unwrap();
        symlink(&target, case.cache().join(planted)).unwrap();
        case.served(&body);
        assert!(fs::symlink_metadata(case.cache().join("file.bin")).unwrap().is_file());
        assert_eq!(fs::read(&target).unwrap(), b"precious", "{planted}");
    }
}

#[test]
fn nothing_is_written_to_a_file_that_has_another_name() {
    let body = noise(1000);
    for planted in ["file.bin", "file.bin.partial", "file.bin.lock"] {
        let (_server, mut case) = case(&body);
        let target = case.directory.path().join("precious");
        fs::write(&target, b"precious").unwrap();
        fs::hard_link(&target, case.cache().join(planted)).unwrap();
        case.served(&body);
        assert_eq!(fs::read(&target).unwrap(), b"precious", "{planted}");
    }
}

#[test]
fn a_cache_that_is_a_link_is_refused_and_named() {
    let body = noise(1000);
    let server = Server::serving(&[("/file.bin", &body)]);
    let mut case = Case::new(&body, &[server.url("/file.bin")]);
    let elsewhere = case.directory.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, case.cache()).unwrap();
    let error = case.run().unwrap_err();
    let cache = case.cache();
    let expected = format!(
        "cannot keep {0}: {0} is a link: pyman writes and removes nothing through one",
        cache.display()
    );
    assert_eq!((error.to_string(), error.exit_code()), (expected, 5));
    assert_eq!(error.hint().as_deref(), Some("run `pyman doctor'"));
    assert_eq!(fs::read_dir(elsewhere).unwrap().count(), 0);
}

#[test]
fn a_lock_that_nobody_holds_any_more_hinders_nobody() {
    let body = noise(1000);
    let (_server, mut case) = case(&body);
    fs::write(case.cache().join("file.bin.lock"), "4711 0 0\n").unwrap();
    case.served(&body);
}

/// Runs while another holds the lock, which is given up as soon as the wait was announced.
#[track_caller]
fn run_against_a_holder(case: &mut Case, then: impl FnOnce(&super::Watch) + Send) -> i32 {
    let mut lock = fs::File::create(case.cache().join("file.bin.lock")).unwrap();
    lock.lock().unwrap();
    lock.write_all(b"4711 fetching file.bin").unwrap();
    let client = Client::new(case.options.clone());
    let progress = &case.progress;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while progress.notes.lock().unwrap().is_empty() {
                std::thread::yield_now();
            }
            then(progress);
            drop(lock);
        });
        let cache = case.directory.path().join("cache");
        let result =
            pyman::fetch::download(&client, &case.wanted, &cache, &mut case.sink, progress);
        result.map_or_else(|error| error.exit_code().into(), |_| 0)
    })
}

#[test]
fn whoever_is_waited_for_is_named_and_their_copy_is_used() {
    const WAITING: &str = "waiting for another pyman (pid 4711) to finish fetching file.bin";
    let body = noise(1000);
    let (server, mut case) = case(&body);
    let (whole, theirs) = (case.cache().join("file.bin"), body.clone());
    let status = run_against_a_holder(&mut case, move |_| fs::write(whole, theirs).unwrap());
    assert_eq!((status, server.requests().len()), (0, 0));
    assert_eq!(*case.progress.notes.lock().unwrap(), [WAITING]);
    assert!(case.sink.bytes == body);
}

#[test]
fn when_the_holder_dies_the_next_one_fetches() {
    let body = noise(1000);
    let (server, mut case) = case(&body);
    assert_eq!(run_against_a_holder(&mut case, |_| ()), 0);
    assert_eq!((server.requests().len(), case.kept()), (1, vec!["file.bin".to_owned()]));
}

#[test]
fn waiting_can_be_interrupted() {
    let (_server, mut case) = case(b"wanted");
    let (held, wait) = std::sync::mpsc::channel();
    let status = run_against_a_holder(&mut case, |progress| {
        progress.stop.store(true, Ordering::SeqCst);
        held.send(()).unwrap();
    });
    wait.recv().unwrap();
    assert_eq!(status, 130);
}

#[test]
fn a_cache_that_cannot_be_is_named() {
    let (_server, mut case) = case(b"wanted");
    fs::remove_dir(case.cache()).unwrap();
    fs::write(case.cache(), b"a file").unwrap();
    let error = case.run().unwrap_err();
    assert_eq!(error.exit_code(), 5);
    assert!(
        error.to_string().starts_with(&format!("cannot keep {}", case.cache().display())),
        "{error}"
    );
}

#[test]
fn a_name_that_leads_elsewhere_is_refused() {
    let (server, mut case) = case(b"wanted");
    case.wanted.file_name = "../file.bin".to_owned();
    assert_eq!(case.run().unwrap_err().exit_code(), 2);
    assert_eq!(server.requests().len(), 0);
}
