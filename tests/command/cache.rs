//! `pyman cache`: what is kept, and that clearing it disturbs nobody.

use crate::support::sandbox::Sandbox;
use crate::support::shop::Shop;

#[test]
fn what_is_kept_is_listed_and_removed() {
    let shop = Shop::open();
    shop.run(&["install", shop.version()]);
    let listed = format!("{:>12}  {}\n", shop.prebuilt.size, shop.prebuilt.file);
    shop.run(&["cache", "list"]).is(&listed, "", 0);
    let json = shop.run(&["cache", "list", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(said[0]["bytes"], shop.prebuilt.size);

    let megabytes = shop.prebuilt.size.div_ceil(1_000_000);
    let said = format!("removed 1 file, {megabytes} MB\n");
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
    sandbox.run(&["cache", "clean"]).is("", "removed 0 files, 0 MB\n", 0);
    assert!(sandbox.root().join("cache/a.tar.gz.partial").exists());
    drop(held);
    sandbox.run(&["cache", "clean"]).is("", "removed 1 file, 1 MB\n", 0);
    assert!(!lock.exists());
}
