//! Faults that do not pass: refused with the reason, nothing published, and the next run succeeds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Case, noise};
use crate::support::server::{Reply, Request, Server};

const COUNT: usize = 20_000;

type Damage = fn(&[u8]) -> Vec<u8>;
type Script = fn(&Request) -> Reply;

/// Meets the fault every time; then the server is mended, and the same request succeeds.
#[track_caller]
fn refuses(
    fault: impl Fn(&Request, &[u8]) -> Reply + Send + Sync + 'static,
    said: &str,
    status: u8,
) {
    let body = noise(COUNT);
    let (file, mended) = (body.clone(), Arc::new(AtomicBool::new(false)));
    let well = Arc::clone(&mended);
    let server = Server::start(move |request| {
        if well.load(Ordering::SeqCst) {
            Reply::file(request, &file)
        } else {
            fault(request, &file)
        }
    });
    let url = server.url("/file.bin");
    let mut case = Case::new(&body, std::slice::from_ref(&url)).idle(Duration::from_secs(5));
    case.options.limit = 1 << 20;
    let error = case.refused();
    assert_eq!(error.to_string(), format!("cannot fetch file.bin from {url}: {said}"));
    assert_eq!(error.exit_code(), status);
    assert!(case.progress.notes.lock().unwrap().is_empty(), "said twice");

    mended.store(true, Ordering::SeqCst);
    case.served(&body);
}

fn wrong(bytes: &[u8]) -> String {
    let (actual, expected) =
        (pyman::fetch::Sha256::of(bytes), pyman::fetch::Sha256::of(&noise(COUNT)));
    format!("wrong digest {actual}, expected {expected}")
}

#[test]
fn cut_every_time_at_the_same_place() {
    let said = "the connection ended before the first byte";
    refuses(|_, file| Reply::body(file).cut(0), said, 3);
    let said = "the connection ended after 7 of 20000 bytes";
    refuses(|_, file| Reply::body(file).cut(7), said, 3);
}

#[test]
fn statuses_that_say_no() {
    refuses(|_, _| Reply::status(404), "answers 404 (not there)", 3);
    refuses(|_, _| Reply::status(403), "answers 403 (forbidden)", 3);
    refuses(|_, _| Reply::status(410), "answers 410 (gone)", 3);
    refuses(|_, _| Reply::status(401), "answers 401 (wants a password)", 3);
    refuses(|_, _| Reply::status(204), "answers 204", 3);
    refuses(|_, _| Reply::status(503), "answers 503 (its own trouble)", 3);
    let later = |_: &Request, _: &[u8]| Reply::status(429).with("Retry-After", 3600);
    refuses(later, "answers 429 (too many requests)", 3);
}

#[test]
fn only_what_may_pass_is_asked_for_again() {
    for (status, times) in [(404, 1), (403, 1), (410, 1), (500, 3), (503, 3), (429, 3)] {
        let server = Server::start(move |_| Reply::status(status));
        Case::new(b"", &[server.url("/file.bin")]).refused();
        assert_eq!(server.requests().len(), times, "{status}");
    }
}

#[test]
fn a_copy_that_is_not_the_file() {
    let flipped = |file: &[u8]| {
        let mut file = file.to_vec();
        file[COUNT / 2] ^= 1;
        file
    };
    let zeroed = |file: &[u8]| [&file[..4096], &[0; 4096], &file[8192..]].concat();
    let appended = |file: &[u8]| [file, b"junk"].concat();
    let bodies: [Damage; 3] = [flipped, zeroed, appended];
    for body in bodies {
        refuses(
            move |request, file| Reply::file(request, &body(file)),
            &wrong(&body(&noise(COUNT))),
            4,
        );
    }
    refuses(|_, file| Reply::body(&file[..100]), &wrong(&noise(COUNT)[..100]), 4);
    refuses(|_, _| Reply::body(b""), "sent nothing", 4);
}

#[test]
fn a_portals_page_is_named_as_one() {
    const PAGE: &[u8] = b"<html>Please sign in</html>";
    let portal =
        |_: &Request, _: &[u8]| Reply::body(PAGE).with("Content-Type", "text/html; charset=utf-8");
    let (actual, expected) =
        (pyman::fetch::Sha256::of(PAGE), pyman::fetch::Sha256::of(&noise(COUNT)));
    let said =
        format!("sent a web page instead of the file (digest {actual}, expected {expected})");
    refuses(portal, &said, 4);

    let server = Server::start(move |request| portal(request, b""));
    let mut case = Case::new(b"", &[server.url("/file.bin")]).unpinned();
    let error = case.refused().to_string();
    assert!(error.ends_with("sends a web page instead of the file"), "{error}");
}

#[test]
fn encodings_nobody_asked_for() {
    let encoded = |request: &Request, file: &[u8]| {
        assert_eq!(request.headers["accept-encoding"], "identity");
        Reply::body(file).with("Content-Encoding", "gzip")
    };
    refuses(encoded, "encoded as gzip, unasked", 3);
}

#[test]
fn more_bytes_than_there_may_be() {
    refuses(|_, file| Reply::body(file).endless(), "more than 1048576 bytes", 3);
    let huge = |_: &Request, file: &[u8]| {
        Reply::body(file).with("Content-Length", 10_u64 << 30).stall(100)
    };
    refuses(huge, "more than 1048576 bytes", 3);

    let body = noise(1000);
    let server = Server::serving(&[("/file.bin", &body)]);
    let mut case = Case::new(&body, &[server.url("/file.bin")]);
    case.wanted.size = Some(999);
    let error = case.refused().to_string();
    assert!(error.ends_with("more than 999 bytes"), "{error}");
}

#[test]
fn heads_that_are_none() {
    let long = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "a".repeat(2 << 20));
    refuses(move |_, _| Reply::raw(long.as_bytes()), "message head is too large", 3);
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Many: a\r\n".repeat(100_000));
    refuses(move |_, _| Reply::raw(many.as_bytes()), "message head is too large", 3);
    let said = "connection closed before message completed";
    refuses(|_, _| Reply::raw(b""), said, 3);
    refuses(|_, _| Reply::raw(b"HTTP/1.1 200 OK\r\nContent-"), said, 3);
    refuses(|_, _| Reply::raw(&noise(5000)), "invalid http version parsed", 3);
}

#[test]
fn redirects_that_lead_nowhere_good() {
    let table: [(Script, &str); 5] = [
        (|_| Reply::redirect("/file.bin"), "redirects in a circle"),
        (|_| Reply::redirect("file:///etc/passwd"), "redirects out of http"),
        (|_| Reply::status(302), "redirects without saying where to"),
        (
            |request| match &*request.path {
                "/file.bin" => Reply::redirect("/other"),
                _ => Reply::redirect("/file.bin"),
            },
            "redirects in a circle",
        ),
        (
            |request| {
                let hop: usize = request.path.trim_start_matches("/hop").parse().unwrap_or(0);
                Reply::redirect(&format!("/hop{}", hop + 1))
            },
            "redirects more than 10 times",
        ),
    ];
    for (reply, said) in table {
        refuses(move |request, _| reply(request), said, 3);
    }
}

#[test]
fn ten_redirects_are_followed() {
    let body = noise(1000);
    let file = body.clone();
    let server = Server::start(move |request| match &*request.path {
        "/file.bin" => Reply::redirect("/1"),
        "/10" => Reply::file(request, &file),
        hop => Reply::redirect(&format!("/{}", hop[1..].parse::<u8>().unwrap() + 1)),
    });
    Case::new(&body, &[server.url("/file.bin")]).served(&body);
}

#[test]
fn an_interrupt_ends_the_wait_for_a_head_at_once() {
    let server = Server::start(|_| Reply::mute());
    let case = Case::new(b"wanted", &[server.url("/file.bin")]);
    let started = Instant::now();
    let interrupted = std::thread::scope(|scope| {
        scope.spawn(|| {
            while server.requests().is_empty() {
                std::thread::yield_now();
            }
            case.progress.stop.store(true, Ordering::SeqCst);
        });
        let (client, mut sink) = (pyman::fetch::Client::default(), pyman::fetch::Discard);
        pyman::fetch::download(&client, &case.wanted, &case.cache(), &mut sink, &case.progress)
    });
    assert_eq!(interrupted.unwrap_err().exit_code(), 130);
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!(case.kept(), [""; 0]);
}

#[test]
fn an_interrupt_ends_a_stall_at_once_and_keeps_what_came() {
    let body = noise(1000);
    let file = body.clone();
    let server = Server::start(move |request| match request.nth {
        0 => Reply::file(request, &file).stall(400),
        _ => Reply::file(request, &file),
    });
    let mut case = Case::new(&body, &[server.url("/file.bin")]);
    let partial = case.cache().join("file.bin.partial");
    let started = Instant::now();
    let interrupted = std::thread::scope(|scope| {
        let stop = &case.progress.stop;
        scope.spawn(move || {
            while std::fs::metadata(&partial).map_or(0, |found| found.len()) < 400 {
                std::thread::yield_now();
            }
            stop.store(true, Ordering::SeqCst);
        });
        let client = pyman::fetch::Client::new(case.options.clone());
        pyman::fetch::download(&client, &case.wanted, &case.cache(), &mut case.sink, &case.progress)
    });
    assert_eq!(interrupted.unwrap_err().exit_code(), 130);
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!(case.kept(), ["file.bin.partial"]);

    case.progress.stop.store(false, Ordering::SeqCst);
    case.served(&body);
    assert_eq!(server.sent("range"), ["", "bytes=400-"]);
}
