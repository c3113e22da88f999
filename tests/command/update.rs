//! `pyman update`: against lists on loopback, without a network, and against lists that lie.

use crate::support::sandbox::{Ran, Sandbox};
use crate::support::server::Server;

const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The line of the list for one archive of one build.
fn line(version: &str, tag: &str, sha256: &str) -> String {
    let file =
        format!("cpython-{version}%2B{tag}-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz");
    format!(
        "{{\"version\":\"{version}+{tag}\",\"artifacts\":[{{\"platform\":\"x86_64-unknown-linux-gnu\",\"variant\":\"install_only_stripped\",\"url\":\"https://github.com/astral-sh/python-build-standalone/releases/download/{tag}/{file}\",\"sha256\":\"{sha256}\"}}]}}\n"
    )
}

fn update(sandbox: &Sandbox, server: &Server) -> Ran {
    let mut command = sandbox.pyman(["update"]);
    let mut ran = sandbox.ran(command.env("PYMAN_OFFLINE", "0").env("PYMAN_LISTS", server.url("")));
    ran.stderr = ran.stderr.replace(&server.url(""), "[LISTS]");
    ran
}

fn serving(text: &str) -> Server {
    Server::serving(&[
        ("/python-build-standalone.ndjson", text.as_bytes()),
        ("/api/v2/downloads/release/?is_published=true&version=3", b"[]"),
        ("/pypy/versions.json", b"[]"),
    ])
}

#[test]
fn what_is_new_is_said_once_and_listed_from_then_on() {
    let sandbox = Sandbox::new();
    let text = line("3.15.3", "20990101", DIGEST) + &line("3.14.11", "20990101", DIGEST);
    let server = serving(&text);
    update(&sandbox, &server).is("", "2 new releases: 3.14.11, 3.15.3\n", 0);
    update(&sandbox, &server).is("", "the catalogue is up to date\n", 0);
    sandbox.run(&["latest", "-k", "3.15"]).succeeds("3.15.3\n");
}

#[test]
fn without_a_network_the_catalogue_stays_and_serves() {
    let sandbox = Sandbox::new();
    sandbox.run(&["update"]).is("", "offline: the catalogue of 2026-11-10 stays as it is\n", 3);
    let server = Server::serving(&[]);
    let ran = update(&sandbox, &server);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(3)));
    assert!(ran.stderr.ends_with("the catalogue of 2026-11-10 stays as it is\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("[LISTS]/pypy/versions.json"), "{}", ran.stderr);
    sandbox.run(&["latest", "-k", "3.15"]).succeeds("3.15.2\n");
}

#[test]
fn a_list_that_changes_a_published_file_is_refused() {
    let sandbox = Sandbox::new();
    let server = serving(&line("3.15.2", "20261110", DIGEST));
    let ran = update(&sandbox, &server);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(4)));
    assert!(
        ran.stderr.starts_with("pyman: prebuilt CPython: [LISTS]/python-build-standalone.ndjson gives `cpython-3.15.2+20261110-"),
        "{}",
        ran.stderr
    );
}
