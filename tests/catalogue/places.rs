//! Where catalogues are read from: replacing, adding, from disk, from a server, well and badly.

use std::fs;

use pyman::catalogue::{Catalogue, Places, Route};

use super::{DIGEST, Notes, answer, client, load, prebuilt};
use crate::support::server::{Reply, Server};

fn row(version: &str, build: &str, file: &str) -> String {
    format!(
        r#"{{"implementation":"cpython","version":"{version}","variant":"default","kind":"prebuilt","build":"{build}","platform":"x86_64-unknown-linux-gnu","url":"{file}","sha256":"{DIGEST}","size":7,"novelty":{{"of":"a later program"}}}}"#
    )
}

#[test]
fn a_catalogue_that_replaces_leaves_nothing_of_the_tables() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("mine.jsonl");
    fs::write(&file, row("3.12.1", "20240107", "20240107/a%2Bb.tar.gz") + "\n").unwrap();
    let catalogue = load(root.path().join("none").as_path(), file.to_str()).unwrap();
    let expected = root.path().join("20240107/a+b.tar.gz").display().to_string();
    assert_eq!(prebuilt(&catalogue, "3"), expected);
    assert_eq!(prebuilt(&catalogue, "3.13"), "python-build: definition not found: 3.13");
    assert_eq!(
        answer(&catalogue, "2.7.18", Route::PrebuiltFirst),
        ["python-build: definition not found: 2.7.18"]
    );
    assert_eq!(catalogue.as_of(), None);
}

#[test]
fn a_catalogue_on_a_server_is_fetched_again_only_when_it_changed() {
    let text = row("3.12.1", "20240107", "files/x.tar.gz");
    let server = Server::serving(&[("/lists/c.jsonl", text.as_bytes())]);
    let url = server.url("/lists/c.jsonl");
    let root = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let catalogue = load(root.path(), Some(&url)).unwrap();
        assert_eq!(prebuilt(&catalogue, "3.12"), server.url("/lists/files/x.tar.gz"));
    }
    let asked = server.sent("if-none-match");
    assert_eq!(asked.len(), 2);
    assert!(asked[0].is_empty() && !asked[1].is_empty(), "{asked:?}");
}

#[test]
fn the_kept_copy_serves_when_nobody_answers() {
    let text = row("3.12.1", "20240107", "x.tar.gz");
    let root = tempfile::tempdir().unwrap();
    let server = Server::start(move |request| match request.nth {
        0 => Reply::file(request, text.as_bytes()),
        _ => Reply::status(404),
    });
    let url = server.url("/c.jsonl");
    let places = Places { replacement: Some(url.parse().unwrap()), directory: root.path().into() };
    let notes = Notes::default();
    let first = Catalogue::load(&places, &client(), &notes).unwrap();
    assert!(notes.0.lock().unwrap().is_empty());
    let second = Catalogue::load(&places, &client(), &notes).unwrap();
    assert_eq!(prebuilt(&first, "3.12"), prebuilt(&second, "3.12"));
    let notes = notes.0.lock().unwrap();
    assert!(notes[0].ends_with("the copy kept from last time is used"), "{notes:?}");
}

#[test]
fn a_broken_catalogue_is_an_error_that_says_where() {
    let good = row("3.12.1", "20240107", "x.tar.gz");
    let cut = &good[..good.len() / 2];
    let table = [
        (format!("{good}\n{cut}"), ", line 2: EOF while parsing"),
        (format!("{good}\n\n<html>a captive portal</html>\n"), ", line 3: expected value"),
        (format!("{good}\n{}\n", good.replace(DIGEST, "abc")), ", line 2: `abc' is not a SHA-256"),
        (good.replace("3.12.1", "../../x"), ", line 1: `../../x' is no version of cpython"),
        (good.replace("x.tar.gz", "file:///etc/passwd"), "names a file of this machine"),
    ];
    for (text, expected) in table {
        let server = Server::serving(&[("/c.jsonl", text.as_bytes())]);
        let root = tempfile::tempdir().unwrap();
        let error = load(root.path(), Some(&server.url("/c.jsonl"))).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.exit_code(), 1);
    }
}

#[test]
fn a_catalogue_without_end_is_refused() {
    let server = Server::start(|_| Reply::body(b"\n").with("Content-Length", 100 << 20).stall(1));
    let root = tempfile::tempdir().unwrap();
    let error = load(root.path(), Some(&server.url("/c.jsonl"))).unwrap_err();
    assert_eq!(error.exit_code(), 3, "{error}");
    assert!(error.to_string().contains("more than"), "{error}");
}

#[test]
fn a_missing_catalogue_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    let error = load(root.path(), root.path().join("none.jsonl").to_str()).unwrap_err();
    assert!(error.to_string().contains("none.jsonl"), "{error}");
}

#[test]
fn rows_are_added_and_the_newest_build_of_the_union_answers() {
    let root = tempfile::tempdir().unwrap();
    let rows = [
        row("3.12.16", "20991231", "https://corp.example/new.tar.gz"),
        row("3.11.1", "20240107", "https://corp.example/old.tar.gz"),
        row("3.99.0", "20240107", "https://corp.example/own.tar.gz"),
    ];
    fs::write(root.path().join("b.jsonl"), rows.join("\r\n")).unwrap();
    fs::write(root.path().join("ignored.json"), "not rows").unwrap();
    let catalogue = load(root.path(), None).unwrap();
    assert_eq!(prebuilt(&catalogue, "3.12"), "https://corp.example/new.tar.gz");
    assert_eq!(prebuilt(&catalogue, "3.99"), "https://corp.example/own.tar.gz");
    assert!(prebuilt(&catalogue, "3.11").contains("install_only_stripped"));
    assert!(
        catalogue
            .names(Some("x86_64-unknown-linux-gnu".parse().unwrap()))
            .contains(&"3.99.0".to_owned())
    );
}

#[test]
fn a_broken_line_of_an_added_catalogue_is_named_and_the_rest_counts() {
    let root = tempfile::tempdir().unwrap();
    let text = format!("\u{feff}{{\n{}\n", row("3.99.0", "1", "https://corp.example/own.tar.gz"));
    fs::write(root.path().join("corp.jsonl"), text).unwrap();
    let notes = Notes::default();
    let places = Places { replacement: None, directory: root.path().into() };
    let catalogue = Catalogue::load(&places, &client(), &notes).unwrap();
    assert_eq!(prebuilt(&catalogue, "3.99"), "https://corp.example/own.tar.gz");
    let notes = notes.0.lock().unwrap();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].contains("corp.jsonl, line 1 is passed over: EOF"), "{notes:?}");
}

#[test]
fn a_damaged_added_catalogue_is_said_once_and_stops_nothing() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("junk.jsonl"), "junk\n".repeat(500)).unwrap();
    fs::File::create(root.path().join("endless.jsonl")).unwrap().set_len(100 << 20).unwrap();
    let notes = Notes::default();
    let places = Places { replacement: None, directory: root.path().into() };
    let catalogue = Catalogue::load(&places, &client(), &notes).unwrap();
    assert!(prebuilt(&catalogue, "3.12").contains("cpython-3.12.16+"));
    let notes = notes.0.lock().unwrap();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].contains("endless.jsonl is passed over: more than"), "{notes:?}");
    assert!(notes[1].ends_with("(and 499 more of its lines)"), "{notes:?}");
}

#[test]
fn another_platform_is_offered_only_when_it_is_asked_for() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("c.jsonl");
    let rows = ["x86_64_v3-unknown-linux-gnu", "x86_64-unknown-linux-musl"].map(|platform| {
        row("3.12.1", "20240107", &format!("{platform}.tar.gz")).replace(
            r#""platform":"x86_64-unknown-linux-gnu""#,
            &format!(r#""platform":"{platform}""#),
        )
    });
    fs::write(&file, rows.join("\n")).unwrap();
    let catalogue = load(root.path().join("none").as_path(), file.to_str()).unwrap();
    assert_eq!(prebuilt(&catalogue, "3.12"), "python-build: definition not found: 3.12");
    let named = prebuilt(&catalogue, "cpython-3.12-linux-x86_64-musl");
    assert!(named.ends_with("x86_64-unknown-linux-musl.tar.gz"), "{named}");
}

#[test]
fn a_file_of_rows_is_a_catalogue_of_its_own() {
    let root = tempfile::tempdir().unwrap();
    let rows = root.path().join("rows");
    fs::write(&rows, row("3.12.1", "20240107", "a.tar.gz") + "\n").unwrap();
    let catalogue = Catalogue::from_file(&rows).unwrap();
    let platform = "x86_64-unknown-linux-gnu".parse().ok();
    assert_eq!(catalogue.names(platform), ["3.12.1"]);
}
