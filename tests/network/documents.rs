//! Live documents: bounded, named by their validator, and left when enough was seen.

use std::ops::ControlFlow;
use std::time::Duration;

use pyman::fetch::{
    Client, ClientOptions, Document, Error, Extent, Patience, Url, document, lines, present,
};
use pyman::progress::Silent;

use super::noise;
use crate::support::server::{Reply, Server};

fn client() -> Client {
    let patience = Patience {
        pause: Duration::from_millis(1),
        idle: Duration::from_millis(500),
        ..Patience::default()
    };
    Client::new(ClientOptions { patience, ..ClientOptions::default() })
}

fn url(server: &Server) -> Url {
    server.url("/list").parse().unwrap()
}

fn read(server: &Server, known: Option<&str>, limit: u64) -> Result<Document<Vec<u8>>, Error> {
    document(&client(), &url(server), known, limit, &Silent)
}

/// The lines up to this many, and how the reading ended.
fn head(
    server: &Server,
    count: usize,
    limit: u64,
) -> (Vec<String>, Result<Document<Extent>, Error>) {
    let mut seen = Vec::new();
    let result = lines(&client(), &url(server), None, limit, &Silent, &mut |line| {
        seen.push(String::from_utf8(line.to_vec()).unwrap());
        if seen.len() == count { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (seen, result)
}

#[test]
fn a_copy_that_is_still_the_same_is_not_sent_again() {
    let server = Server::serving(&[("/list", b"one\ntwo\n")]);
    let Document::Changed { body, validator } = read(&server, None, 100).unwrap() else { panic!() };
    assert_eq!(body, b"one\ntwo\n");
    let again = read(&server, validator.as_deref(), 100).unwrap();
    assert_eq!(again, Document::Unchanged);
    assert!(matches!(read(&server, Some("\"old\""), 100).unwrap(), Document::Changed { .. }));
}

#[test]
fn a_document_longer_than_allowed_is_refused() {
    let long = Server::start(|_| Reply::body(b"x").with("Content-Length", 100 << 20).stall(1));
    let endless = Server::start(|_| Reply::body(b"more\n").endless());
    let exact = Server::serving(&[("/list", &noise(1000))]);
    for server in [&long, &endless] {
        let error = read(server, None, 10_000).unwrap_err().to_string();
        assert!(error.ends_with("more than 10000 bytes"), "{error}");
    }
    assert!(read(&exact, None, 1000).is_ok());
    assert!(read(&exact, None, 999).is_err());
}

#[test]
fn a_truncated_document_is_asked_for_again_and_never_passed_on() {
    let server = Server::start(|request| match request.nth {
        0 => Reply::body(b"one\ntwo\n").cut(5),
        1 => Reply::status(503),
        _ => Reply::body(b"one\ntwo\n"),
    });
    let answer = read(&server, None, 100).unwrap();
    assert_eq!(answer, Document::Changed { body: b"one\ntwo\n".to_vec(), validator: None });

    let always = Server::start(|_| Reply::body(b"one\ntwo\n").cut(5));
    assert_eq!(read(&always, None, 100).unwrap_err().exit_code(), 3);
    assert_eq!(always.requests().len(), 3);
}

#[test]
fn a_stalled_document_is_given_up() {
    for stall in [Reply::body(b"one\ntwo\n").stall(4), Reply::mute()] {
        let server = Server::start(move |_| stall.clone());
        let error = read(&server, None, 100).unwrap_err().to_string();
        assert!(error.ends_with("silent for 1 s"), "{error}");
    }
}

#[test]
fn only_the_head_of_a_long_list_is_read() {
    let server = Server::start(|_| Reply::body(b"one\r\ntwo\nthree\n").endless());
    let (seen, result) = head(&server, 4, 1 << 30);
    assert_eq!(seen, ["one", "two", "three", "one"]);
    assert!(matches!(result.unwrap(), Document::Changed { body: Extent::Head, .. }));
}

#[test]
fn the_last_line_needs_no_end() {
    let server = Server::serving(&[("/list", b"one\ntwo")]);
    let (seen, result) = head(&server, 9, 100);
    assert_eq!(seen, ["one", "two"]);
    assert!(matches!(result.unwrap(), Document::Changed { body: Extent::Whole, .. }));
}

#[test]
fn a_list_that_breaks_off_is_an_error_and_no_line_comes_twice() {
    let server = Server::start(|_| Reply::body(b"one\ntwo\n").cut(6));
    let (seen, result) = head(&server, 9, 100);
    assert_eq!(seen, ["one"]);
    assert_eq!((result.unwrap_err().exit_code(), server.requests().len()), (3, 1));
}

#[test]
fn a_file_is_a_document_too() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("list");
    std::fs::write(&file, b"one\ntwo").unwrap();
    let url = Url::from(file);
    let answer = document(&client(), &url, None, 7, &Silent).unwrap();
    assert_eq!(answer, Document::Changed { body: b"one\ntwo".to_vec(), validator: None });
    assert!(document(&client(), &url, None, 6, &Silent).is_err());
    assert!(present(&client(), &url, &Silent).unwrap());
    assert!(!present(&client(), &url.join("none").unwrap(), &Silent).unwrap());
}

#[test]
fn a_document_never_comes_over_plain_http_from_afar() {
    let url: Url = "http://192.0.2.1/list".parse().unwrap();
    let error = document(&client(), &url, None, 100, &Silent).unwrap_err();
    assert!(error.to_string().contains("plain http, and no digest is known"), "{error}");
}

#[test]
fn presence_is_asked_for_without_a_body() {
    let server = Server::serving(&[("/list", &noise(1000))]);
    assert!(present(&client(), &url(&server), &Silent).unwrap());
    let none: Url = server.url("/none").parse().unwrap();
    assert!(!present(&client(), &none, &Silent).unwrap());
    assert!(server.requests().iter().all(|request| request.method == "HEAD"));

    let broken = Server::start(|_| Reply::status(500));
    assert_eq!(present(&client(), &url(&broken), &Silent).unwrap_err().exit_code(), 3);
    assert_eq!(broken.requests().len(), 3);
}
