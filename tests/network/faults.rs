//! Faults that pass: the file comes all the same, byte for byte.

use std::time::{Duration, Instant};

use super::{Case, noise};
use crate::support::server::{Reply, Request, Server};

/// Served whole, but for the first request, which meets the fault.
fn once(fault: impl Fn(&Request, &[u8]) -> Reply + Send + Sync + 'static) -> (Server, Vec<u8>) {
    let body = noise(300_000);
    let file = body.clone();
    let server = Server::start(move |request| match request.nth {
        0 => fault(request, &file),
        _ => Reply::file(request, &file),
    });
    (server, body)
}

#[track_caller]
fn survives(fault: impl Fn(&Request, &[u8]) -> Reply + Send + Sync + 'static) -> (Server, Case) {
    let (server, body) = once(fault);
    let mut case = Case::new(&body, &[server.url("/file.bin")]).idle(Duration::from_secs(2));
    case.served(&body);
    (server, case)
}

#[test]
fn a_cut_body_is_gone_on_with_where_it_was_cut() {
    for at in [0, 1, 150_000, 299_999] {
        let (server, case) = survives(move |request, file| Reply::file(request, file).cut(at));
        let range = if at == 0 { String::new() } else { format!("bytes={at}-") };
        assert_eq!(server.sent("range"), [String::new(), range]);
        assert_eq!(case.sink.restarts, 0);
    }
}

#[test]
fn the_rest_is_asked_for_only_of_the_same_copy() {
    let (server, _) = survives(|request, file| Reply::file(request, file).cut(1000));
    assert_eq!(server.sent("if-range").len(), 2);
    assert!(server.sent("if-range")[1].starts_with('"'));
}

#[test]
fn a_body_cut_every_time_comes_in_the_end_while_it_grows() {
    let body = noise(1_000_000);
    let file = body.clone();
    let server = Server::start(move |request| {
        let left = file.len() - request.start().unwrap_or_default();
        Reply::file(request, &file).cut(left.min(100_000))
    });
    Case::new(&body, &[server.url("/file.bin")]).served(&body);
    assert_eq!(server.requests().len(), 10);
}

#[test]
fn a_source_that_begins_anew_and_never_comes_further_is_left_for_the_next() {
    let body = noise(1_000_000);
    let file = body.clone();
    let anew = Server::start(move |_| Reply::body(&file).with("ETag", "\"a\"").cut(300_000));
    let good = Server::serving(&[("/file.bin", &body)]);
    Case::new(&body, &[anew.url("/file.bin"), good.url("/file.bin")]).served(&body);
    assert_eq!(anew.requests().len(), 3);
    assert_eq!(good.sent("range"), ["bytes=300000-"]);
}

#[test]
fn a_reset_connection_is_gone_on_with() {
    survives(|request, file| Reply::file(request, file).reset(0));
    survives(|request, file| Reply::file(request, file).reset(100_000));
}

#[test]
fn a_stalled_head_or_body_is_given_up_and_asked_for_again() {
    let (body_stalls, body) = once(|request, file| Reply::file(request, file).stall(100_000));
    let mut case =
        Case::new(&body, &[body_stalls.url("/file.bin")]).idle(Duration::from_millis(300));
    case.served(&body);
    assert_eq!(body_stalls.sent("range")[1], "bytes=100000-");

    let (head_stalls, body) = once(|_, _| Reply::mute());
    Case::new(&body, &[head_stalls.url("/file.bin")])
        .idle(Duration::from_millis(300))
        .served(&body);
}

#[test]
fn a_drip_is_waited_for() {
    let body = noise(40);
    let file = body.clone();
    let server = Server::start(move |request| {
        Reply::file(request, &file).drip(1, Duration::from_millis(20))
    });
    Case::new(&body, &[server.url("/file.bin")]).idle(Duration::from_millis(500)).served(&body);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn trouble_of_the_server_is_waited_out() {
    let body = noise(1000);
    let file = body.clone();
    let server = Server::start(move |request| match request.nth {
        0 | 1 => Reply::status(500),
        _ => Reply::file(request, &file),
    });
    Case::new(&body, &[server.url("/file.bin")]).served(&body);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn retry_after_is_waited_for() {
    let (server, body) = once(|_, _| Reply::status(429).with("Retry-After", 1));
    let started = Instant::now();
    Case::new(&body, &[server.url("/file.bin")]).served(&body);
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_length_too_long_is_a_cut() {
    let (_, case) =
        survives(|request, file| Reply::file(request, file).with("Content-Length", file.len() + 7));
    assert_eq!(case.sink.restarts, 1, "the sizes contradict each other");
}

#[test]
fn a_length_too_short_is_a_bad_copy_of_that_answer_alone() {
    let body = noise(1000);
    let file = body.clone();
    let server = Server::start(move |request| match request.nth {
        0 => Reply::file(request, &file).cut(500),
        1 => Reply::file(request, &file)
            .with("Content-Length", 100)
            .with("Content-Range", "bytes 500-599/1000"),
        _ => Reply::file(request, &file),
    });
    Case::new(&body, &[server.url("/file.bin")]).served(&body);
    assert_eq!(server.sent("range"), ["", "bytes=500-", "bytes=600-"]);
}

#[test]
fn no_length_is_needed() {
    survives(|request, file| Reply::file(request, file).without("Content-Length").cut(file.len()));
    let (server, case) =
        survives(|request, file| Reply::file(request, file).without("Content-Length").cut(1000));
    assert_eq!((server.requests().len(), case.sink.restarts), (2, 1));
}

/// The first request is cut, the second (for the rest) is answered by the fault.
#[track_caller]
fn survives_resuming(fault: impl Fn(&Request, &[u8]) -> Reply + Send + Sync + 'static) -> Case {
    let body = noise(1000);
    let file = body.clone();
    let server = Server::start(move |request| match request.nth {
        0 => Reply::file(request, &file).cut(400),
        1 => {
            assert_eq!(request.start(), Some(400));
            fault(request, &file)
        }
        _ => Reply::file(request, &file),
    });
    let mut case = Case::new(&body, &[server.url("/file.bin")]);
    case.served(&body);
    case
}

#[test]
fn a_range_that_is_ignored_begins_anew() {
    assert_eq!(survives_resuming(|_, file| Reply::body(file)).sink.restarts, 1);
}

#[test]
fn a_range_that_is_answered_wrongly_begins_anew() {
    let answers: [fn(&Request, &[u8]) -> Reply; 5] = [
        |_, file| Reply::body(&file[300..]).code(206).with("Content-Range", "bytes 300-999/1000"),
        |_, file| Reply::body(&file[400..]).code(206).with("Content-Range", "bytes 400-999/2000"),
        |_, file| Reply::body(&file[400..]).code(206),
        |_, file| {
            Reply::body(&file[400..])
                .code(206)
                .with("Content-Range", "bytes 400-99999999999999999999/x")
        },
        |_, _| Reply::status(416),
    ];
    for answer in answers {
        assert_eq!(survives_resuming(answer).sink.restarts, 1);
    }
}

#[test]
fn a_file_replaced_between_two_tries_is_taken_whole() {
    let (old, body) = (vec![b'o'; 1000], noise(1000));
    let file = body.clone();
    let server = Server::start(move |request| match request.nth {
        0 => Reply::file(request, &old).cut(400),
        _ => Reply::file(request, &file),
    });
    let mut case = Case::new(&body, &[server.url("/file.bin")]);
    case.served(&body);
    assert_eq!(case.sink.restarts, 1);

    let old = Server::start(|request| Reply::file(request, &[b'o'; 1000]).cut(400));
    let mut case = Case::new(&body, &[old.url("/file.bin"), server.url("/file.bin")]);
    case.served(&body);
    assert_eq!(case.sink.restarts, 1, "the digest told that the parts do not fit");
}

#[test]
fn a_reset_during_every_answer_is_named_in_the_end() {
    let server = Server::start(|request| Reply::file(request, &noise(1000)).reset(10));
    let mut case = Case::new(&noise(1000), &[server.url("/file.bin")]);
    assert_eq!(case.refused().exit_code(), 3);
    assert_eq!(server.requests().len(), 3);
}
