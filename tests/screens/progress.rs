//! Work that takes longer than a second: drawn at a terminal, said in a pipe, and gone when it is done.

use std::process::Command;
use std::thread;
use std::time::Duration;

use super::{Size, pictures, sent};
use crate::support::server::{Reply, Server};
use crate::support::shop::Shop;

/// A shop whose archive comes in pieces, for about a second and a half.
fn slow() -> Shop {
    Shop::with(|request, body| {
        Reply::file(request, body).drip(body.len() / 15 + 1, Duration::from_millis(100))
    })
}

fn install(shop: &Shop) -> Command {
    shop.pyman(&["install", shop.version()])
}

#[test]
fn a_download_is_drawn_in_the_width_there_is_and_gone_when_it_is_done() {
    for columns in [40, 80, 120] {
        let shop = slow();
        let size = Size { rows: 24, columns };
        let bytes = sent(&shop.sandbox, size, &install(&shop));
        let pictures = pictures(&bytes, size);
        let is_bar = |line: &&str| line.ends_with(" left") || line.ends_with("/s");
        let bars: Vec<&str> = pictures.iter().flat_map(|one| one.lines()).filter(is_bar).collect();
        assert!(bars.len() > 3, "{columns}: {pictures:#?}");
        let whole = |bar: &&str| {
            columns < 76 && bar.contains(" % ") || bar.contains("/s ") && bar.contains(" left")
        };
        assert!(bars.iter().all(whole), "{columns}: {bars:#?}");
        let last = pictures.last().unwrap();
        assert!(last.starts_with("installed "), "{columns}: {last}");
        assert!(!last.contains('%') && !last.contains("left"), "{columns}: {last}");
    }
}

#[test]
fn in_a_pipe_a_download_is_said_when_it_begins_and_when_it_ends() {
    let shop = slow();
    let output = install(&shop).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    let file = &shop.prebuilt.file;
    let begins = |line: &str| {
        line.starts_with(&format!("fetching {file} (")) && line.contains(" MB) from 127.0.0.1:")
    };
    let ends =
        |line: &str| line.starts_with(&format!("fetched {file} in ")) && line.ends_with(" s");
    assert!(begins(lines[0]) && ends(lines[1]) && lines[2].starts_with("installed "), "{said}");
    // What is there already is not fetched, and who wants quiet hears nothing.
    let again = shop.pyman(&["install", "-f", shop.version()]).output().unwrap();
    let again = String::from_utf8(again.stderr).unwrap();
    assert!(!again.contains("fetch"), "{again}");
    let shop = slow();
    let quiet = install(&shop).arg("-q").output().unwrap();
    assert_eq!((quiet.stderr.as_slice(), quiet.stdout.as_slice()), (&b""[..], &b""[..]));
    assert!(shop.prefix().exists());
}

#[test]
fn without_progress_a_terminal_is_told_as_a_pipe_is() {
    let shop = slow();
    let size = Size { rows: 24, columns: 80 };
    let mut command = install(&shop);
    command.arg("--no-progress");
    let pictures = pictures(&sent(&shop.sandbox, size, &command), size);
    assert!(pictures.last().unwrap().contains("fetching "), "{pictures:#?}");
    assert!(!pictures.iter().any(|one| one.contains(" left")), "{pictures:#?}");
}

#[test]
fn what_takes_longer_than_a_second_says_what_it_is_and_makes_room() {
    // A mirror that is slow to say that it has nothing.
    let server = Server::start(|_| {
        thread::sleep(Duration::from_millis(1500));
        Reply::status(404)
    });
    let shop = Shop::open();
    let size = Size { rows: 24, columns: 80 };
    let command = shop.pyman(&["mirror", "test", &server.url("")]);
    let pictures = pictures(&sent(&shop.sandbox, size, &command), size);
    let waits = |one: &String| {
        one.lines().any(|line| line.starts_with("mirror test ") && line.ends_with('s'))
    };
    assert!(pictures.iter().any(waits), "{pictures:#?}");
    assert!(!waits(pictures.last().unwrap()), "{pictures:#?}");
}
