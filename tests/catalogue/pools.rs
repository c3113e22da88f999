//! The distribution's pools, asked for one tarball after the other; and digests a person vouched for.

use pyman::catalogue::{Catalogue, Options, Route, keep_digest};
use pyman::fetch::Address;
use pyman::progress::Silent;
use pyman_shim::Request;

use super::{DIGEST, client, load};
use crate::support::server::{Reply, Server};

#[test]
fn a_pool_is_asked_by_head_which_versions_it_has() {
    let server = Server::start(|request| match request.path.as_str() {
        "/debian/pool/main/p/python3.13/python3.13_3.13.5.orig.tar.xz"
        | "/debian/pool/main/p/python3.13/python3.13_3.13.1.orig.tar.gz" => Reply::body(b"x"),
        _ => Reply::status(404),
    });
    let mirrors = [server.url("/none"), server.url("/debian")].map(Address::from);
    let request = Request::parse(b"3.13");
    let found =
        Catalogue::embedded_only().in_pools(&request, &mirrors, &client(), &Silent).unwrap();
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, ["3.13.5", "3.13.1"]);
    assert!(server.requests().iter().all(|request| request.method == "HEAD"));
}

#[test]
fn a_digest_that_was_vouched_for_is_the_files_from_then_on() {
    let root = tempfile::tempdir().unwrap();
    let platform = Some("x86_64-unknown-linux-gnu".parse().unwrap());
    let options = Options { platform, route: Route::OnlyPrebuilt, variant: None };
    let request = Request::parse(b"miniforge3-latest");
    let build = |catalogue: &Catalogue| catalogue.answer(&request, &options).unwrap().remove(0);
    let unpinned = build(&Catalogue::embedded_only());
    assert_eq!(unpinned.sha256, None);
    for _ in 0..2 {
        keep_digest(root.path(), &unpinned, DIGEST.parse().unwrap()).unwrap();
    }
    let pinned = build(&load(root.path(), None).unwrap());
    assert_eq!(pinned.sha256.map(|digest| digest.to_string()).as_deref(), Some(DIGEST));
    assert_eq!(
        std::fs::read_to_string(root.path().join("vouched.jsonl")).unwrap().lines().count(),
        1
    );
}
