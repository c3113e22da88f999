//! `pyman cache`: what is kept, and that clearing it disturbs nobody.

use crate::support::sandbox::Sandbox;
use crate::support::shop::Shop;

/// As sizes are shown.
fn size(bytes: u64) -> String {
    let tenths = bytes / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[test]
fn what_is_kept_is_listed_and_removed() {
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    let listed = format!("{:>9}  {}\n", size(shop.prebuilt.size), shop.prebuilt.file);
    shop.run(&["cache", "list"]).is(&listed, "", 0);
    let json = shop.run(&["cache", "list", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(said["files"][0]["bytes"], shop.prebuilt.size);
    assert_eq!(said["bytes"], shop.prebuilt.size);

    let said = format!("removed 1 file, {}\n", size(shop.prebuilt.size));
    shop.run(&["cache", "clean"]).is("", &said, 0);
    shop.run(&["cache", "list"]).is("", "", 0);
    shop.run(&["install", "-f", shop.version()]);
    assert_eq!(shop.downloads(), 2);
}

#[test]
fn what_is_being_fetched_stays() {
    let sandbox = Sandbox::new();
    sandbox.write("pyman/cache/a.tar.gz.partial", "half");
    let lock = sandbox.write("pyman/cache/a.tar.gz.lock", "");
    let held = std::fs::File::open(&lock).unwrap();
    held.lock().unwrap();
    sandbox.run(&["cache", "clean"]).is("", "removed 0 files, 0 bytes\n", 0);
    assert!(sandbox.root().join("cache/a.tar.gz.partial").exists());
    drop(held);
    sandbox.run(&["cache", "clean"]).is("", "removed 1 file, 4 bytes\n", 0);
    assert!(!lock.exists());
}
