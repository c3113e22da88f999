//! Several sources: in order, beside each other, and never one that cannot be reached twice.

use std::net::TcpListener;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use pyman::fetch::{Client, ClientOptions, Patience, Reason, Sha256, timings};
use pyman::progress::Silent;

use super::{Case, noise};
use crate::support::server::{Reply, Server};

/// An address of this machine at which nobody listens.
fn nobody() -> std::net::SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[test]
fn sources_are_asked_in_order_until_one_serves() {
    let body = noise(5000);
    let missing = Server::serving(&[]);
    let wrong = Server::serving(&[("/file.bin", b"something else")]);
    let good = Server::serving(&[("/file.bin", &body)]);
    let spare = Server::serving(&[("/file.bin", &body)]);
    let dead = format!("http://{}/file.bin", nobody());
    let mut urls: Vec<String> = [&missing, &wrong].map(|server| server.url("/file.bin")).to_vec();
    urls.push(dead);
    urls.extend([&good, &spare].map(|server| server.url("/file.bin")));
    let mut case = Case::new(&body, &urls);
    let found = case.served(&body);
    assert_eq!(found.from.unwrap().to_string(), good.url("/file.bin"));
    assert_eq!(spare.requests().len(), 0);

    let (actual, expected) = (Sha256::of(b"something else"), Sha256::of(&body));
    let said = format!("{}: wrong digest {actual}, expected {expected}", urls[1]);
    assert_eq!(*case.progress.notes.lock().unwrap(), [said], "a wrong file is said all the same");
}

#[test]
fn each_attempt_is_named_in_order_when_none_serves() {
    let missing = Server::serving(&[]);
    let broken = Server::start(|_| Reply::status(502));
    let dead = format!("http://{}/file.bin", nobody());
    let directory = tempfile::tempdir().unwrap();
    let local = directory.path().join("file.bin").display().to_string();
    let urls = [dead.clone(), missing.url("/file.bin"), broken.url("/file.bin"), local.clone()];
    let error = Case::new(b"wanted", &urls).refused();
    assert_eq!(
        error.to_string(),
        format!(
            "cannot fetch file.bin\n  {dead}: cannot be reached: connection refused\n  \
             {}: answers 404 (not there)\n  {}: answers 502 (its own trouble)\n  {local}: not there",
            urls[1], urls[2]
        )
    );
    assert_eq!(error.exit_code(), 3);
}

#[test]
fn a_host_that_cannot_be_reached_is_not_tried_again_in_this_run() {
    let body = noise(1000);
    let address = nobody();
    let mut case = Case::new(&body, &[format!("http://{address}/file.bin")]);
    let client = Client::new(case.options.clone());
    assert_eq!(case.run_with(&client).unwrap_err().exit_code(), 3);

    let file = body.clone();
    let server = Server::start_at(address, move |request| Reply::file(request, &file));
    assert_eq!(case.run_with(&client).unwrap_err().exit_code(), 3);
    assert_eq!(server.requests().len(), 0);
    case.served(&body);
}

#[test]
fn a_machine_without_network_says_so_quickly() {
    let urls = ["https://mirror.invalid/file.bin", "https://mirror.invalid/other/file.bin"];
    let mut case = Case::new(b"wanted", &urls.map(str::to_owned));
    let started = Instant::now();
    let error = case.refused();
    assert_eq!(error.to_string().matches("https://mirror.invalid/").count(), 2);
    assert_eq!(error.exit_code(), 3);
    assert!(error.hint().unwrap().starts_with("check the network and the proxy"));
    assert!(started.elapsed() < Duration::from_secs(12), "{:?}", started.elapsed());
}

#[test]
fn a_dropped_file_is_gone_on_with_at_the_next_source() {
    let body = noise(10_000);
    let file = body.clone();
    let cutting = Server::start(move |request| match request.nth {
        0 => Reply::file(request, &file).cut(4000),
        _ => Reply::status(404),
    });
    let good = Server::serving(&[("/other/file.bin", &body)]);
    let urls = [cutting.url("/file.bin"), good.url("/other/file.bin")];
    let mut case = Case::new(&body, &urls);
    case.served(&body);
    assert_eq!(
        (good.sent("range"), good.sent("if-range")),
        (vec!["bytes=4000-".to_owned()], vec![String::new()])
    );
    assert_eq!(case.sink.restarts, 0);
}

#[test]
fn without_a_digest_parts_of_two_sources_are_never_joined() {
    let body = noise(10_000);
    let file = body.clone();
    let cutting = Server::start(move |request| match request.nth {
        0 => Reply::file(request, &file).cut(4000),
        _ => Reply::status(404),
    });
    let good = Server::serving(&[("/file.bin", &body)]);
    let urls = [cutting.url("/file.bin"), good.url("/file.bin")];
    let mut case = Case::new(&body, &urls).unpinned();
    case.served(&body);
    assert_eq!((good.sent("range"), case.sink.restarts), (vec![String::new()], 1));
}

#[test]
fn without_a_digest_the_same_copy_is_gone_on_with() {
    let body = noise(10_000);
    let file = body.clone();
    let server = Server::start(move |request| match request.nth {
        0 => Reply::file(request, &file).cut(4000),
        _ => Reply::file(request, &file),
    });
    Case::new(&body, &[server.url("/file.bin")]).unpinned().served(&body);
    assert_eq!(server.sent("range"), ["", "bytes=4000-"]);
}

#[test]
fn a_silent_source_gets_company() {
    let body = noise(10_000);
    let file = body.clone();
    let mute = Server::start(|_| Reply::mute());
    let stalling = Server::start(move |request| Reply::file(request, &file).stall(3000));
    let good = Server::serving(&[("/file.bin", &body)]);
    let urls = [&mute, &stalling, &good].map(|server| server.url("/file.bin"));
    let mut case = Case::new(&body, &urls).silence(Duration::from_millis(100));
    let found = case.served(&body);
    assert_eq!(found.from.unwrap().to_string(), good.url("/file.bin"));
    assert_eq!(good.sent("range"), ["bytes=3000-"]);
}

#[test]
fn a_source_that_asks_for_a_long_pause_gets_company() {
    let body = noise(1000);
    let busy = Server::start(|_| Reply::status(429).with("Retry-After", 30));
    let good = Server::serving(&[("/file.bin", &body)]);
    let urls = [&busy, &good].map(|server| server.url("/file.bin"));
    let started = Instant::now();
    let mut case = Case::new(&body, &urls).silence(Duration::from_millis(100));
    let found = case.served(&body);
    assert_eq!(found.from.unwrap().to_string(), good.url("/file.bin"));
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn the_first_of_two_to_bring_bytes_wins() {
    let body = noise(10_000);
    let (asked, waiting) = mpsc::channel();
    let (file, waiting) = (body.clone(), Mutex::new(waiting));
    let slow = Server::start(move |request| {
        waiting.lock().unwrap().recv().unwrap();
        Reply::file(request, &file)
    });
    let mute = Server::start(move |_| {
        asked.send(()).unwrap();
        Reply::mute()
    });
    let urls = [&slow, &mute].map(|server| server.url("/file.bin"));
    let found = Case::new(&body, &urls).silence(Duration::from_millis(50)).served(&body);
    assert_eq!(found.from.unwrap().to_string(), slow.url("/file.bin"));
    assert_eq!((slow.requests().len(), mute.requests().len()), (1, 1));
}

#[test]
fn a_directory_serves_and_is_not_copied() {
    let body = noise(5000);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a file.bin");
    std::fs::write(&file, &body).unwrap();
    for url in
        [file.display().to_string(), format!("file://{}/a%20file.bin", directory.path().display())]
    {
        let mut case = Case::new(&body, &[url]);
        let found = case.run().unwrap();
        assert_eq!((found.path, found.size), (file.clone(), 5000));
        assert!(case.sink.bytes == body);
        assert_eq!(case.kept(), [""; 0]);
    }
}

#[test]
fn a_directory_with_a_wrong_copy_is_passed_over() {
    let body = noise(5000);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file.bin");
    std::fs::write(&file, b"wrong").unwrap();
    let good = Server::serving(&[("/file.bin", &body)]);
    let local = file.display().to_string();
    Case::new(&body, &[local.clone(), good.url("/file.bin")]).served(&body);

    let cutting = Server::start(|request| Reply::file(request, &noise(5000)).cut(1000));
    let urls = [cutting.url("/file.bin"), local, good.url("/file.bin")];
    Case::new(&body, &urls).served(&body);
}

#[test]
fn offline_asks_nobody_but_takes_what_is_here() {
    let body = noise(1000);
    let server = Server::serving(&[("/file.bin", &body)]);
    let mut case = Case::new(&body, &[server.url("/file.bin")]);
    case.options.offline = true;
    let error = case.refused();
    assert_eq!(
        error.to_string(),
        "cannot fetch file.bin: no copy is kept here, and the network is off limits"
    );
    assert_eq!((server.requests().len(), error.exit_code(), case.kept().len()), (0, 3, 0));

    case.options.offline = false;
    case.served(&body);
    case.options.offline = true;
    case.served(&body);
}

#[test]
fn plain_http_beyond_this_machine_needs_a_digest() {
    let mut case = Case::new(b"wanted", &["http://192.0.2.1/file.bin".to_owned()]).unpinned();
    let error = case.refused();
    assert!(error.to_string().contains("plain http, and no digest is known"), "{error}");
    assert!(error.hint().unwrap().contains("--sha256"));

    let leading_there = Server::start(|_| Reply::redirect("http://192.0.2.1/file.bin"));
    let mut case = Case::new(b"wanted", &[leading_there.url("/file.bin")]).unpinned();
    let error = case.refused();
    assert!(error.to_string().contains("plain http, and no digest is known"), "{error}");
}

#[test]
fn credentials_are_never_sent_to_a_second_host() {
    let body = noise(1000);
    let second = Server::serving(&[("/file.bin", &body)]);
    let there = second.url("/file.bin");
    let first = Server::start(move |request| match &*request.path {
        "/file.bin" => Reply::redirect("/moved"),
        _ => Reply::redirect(&there),
    });
    let url = first.url("/file.bin").replace("http://", "http://ada:secret@");
    let found = Case::new(&body, std::slice::from_ref(&url)).served(&body);
    assert_eq!(first.sent("authorization"), ["Basic YWRhOnNlY3JldA=="; 2]);
    assert_eq!(second.sent("authorization"), [""]);
    assert!(!second.sent("referer").concat().contains("127.0.0.1"));
    assert_eq!(found.from.unwrap().to_string(), first.url("/file.bin"));

    let error = Case::new(b"other", &[url]).refused().to_string();
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn the_same_file_wanted_eight_times_at_once_is_fetched_once() {
    let body = noise(2_000_000);
    let server = Server::serving(&[("/file.bin", &body)]);
    let case = Case::new(&body, &[server.url("/file.bin")]);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let client = Client::new(case.options.clone());
                let mut sink = super::Collected::default();
                let found = pyman::fetch::download(
                    &client,
                    &case.wanted,
                    &case.cache(),
                    &mut sink,
                    &Silent,
                );
                assert_eq!(found.unwrap().size, 2_000_000);
                assert!(sink.bytes == body);
            });
        }
    });
    assert_eq!(server.requests().len(), 1);
    assert_eq!(case.kept(), ["file.bin"]);
}

#[test]
fn several_files_come_at_once_over_one_client() {
    let bodies: Vec<Vec<u8>> = (1..5).map(|at| noise(at * 100_000)).collect();
    let paths: Vec<String> = (1..5).map(|at| format!("/{at}.bin")).collect();
    let files: Vec<(&str, &[u8])> =
        paths.iter().zip(&bodies).map(|(path, body)| (path.as_str(), body.as_slice())).collect();
    let server = Server::serving(&files);
    let client = Arc::new(Client::new(ClientOptions::default()));
    std::thread::scope(|scope| {
        for (path, body) in &files {
            let (client, mut case) = (Arc::clone(&client), Case::new(body, &[server.url(path)]));
            scope.spawn(move || {
                case.run_with(&client).unwrap();
                assert!(case.sink.bytes == *body);
            });
        }
    });
}

#[test]
fn each_place_is_timed_and_place_or_says_why_not() {
    let body = noise(2_000_000);
    let server = Server::serving(&[("/file.bin", &body)]);
    let mute = Server::start(|_| Reply::mute());
    let dead = format!("http://{}/file.bin", nobody());
    let urls = [server.url("/file.bin"), server.url("/none"), mute.url("/"), dead]
        .map(|url| url.parse().unwrap());
    let patience = Patience { idle: Duration::from_millis(200), ..Patience::default() };
    let client = Client::new(ClientOptions { patience, ..ClientOptions::default() });
    let timings = timings(&client, &urls, &Silent).unwrap();
    assert!(timings[0].as_ref().unwrap().rate.unwrap() > 1e5);
    let reasons: Vec<&Reason> =
        timings[1..].iter().map(|timing| &timing.as_ref().unwrap_err().reason).collect();
    assert!(matches!(reasons[0], Reason::Status { code: 404, .. }));
    assert!(matches!(reasons[1], Reason::Silent(_)));
    assert!(matches!(reasons[2], Reason::Unreachable(_)));
    assert_eq!(server.sent("range")[0], "bytes=0-1048575");
}
