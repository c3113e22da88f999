//! The real lists and mirrors, asked only when told to: `cargo test -- --ignored real`.

use std::path::Path;

use pyman::catalogue::{Catalogue, Refresh};
use pyman::fetch::{Address, Client};
use pyman::platform::apt;
use pyman::progress::Silent;
use pyman_shim::Request;

#[test]
#[ignore = "asks the publishers' own servers"]
fn the_real_lists_are_understood() {
    let root = tempfile::tempdir().unwrap();
    let client = Client::default();
    let refresh =
        Refresh { directory: root.path(), base: None, client: &client, progress: &Silent };
    for list in Catalogue::embedded_only().refresh(&refresh).unwrap() {
        let added = list.added.unwrap_or_else(|error| panic!("{}: {error}", list.list));
        println!("{}: {} builds", list.list, added.len());
    }
}

#[test]
#[ignore = "asks the distribution's mirrors"]
fn the_pools_of_this_machine_have_a_python() {
    let mirrors: Vec<Address> =
        apt::mirrors(Path::new("/")).into_iter().map(Address::from).collect();
    let found = Catalogue::embedded_only().in_pools(
        &Request::parse(b"3"),
        &mirrors,
        &Client::default(),
        &Silent,
    );
    let found = found.unwrap();
    println!("{mirrors:?}: {found:?}");
    assert!(!found.is_empty());
}
