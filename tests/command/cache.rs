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

#[test]
fn what_was_in_a_cache_before_stays() {
    let shop = Shop::open();
    let sandbox = &shop.sandbox;
    let place = sandbox.path().join("home/Downloads");
    for name in ["thesis.pdf", "builds/mine.zip", "old.tar.gz.partial", "old.tar.gz.lock"] {
        sandbox.write(&format!("home/Downloads/{name}"), "precious");
    }
    sandbox.write("home/elsewhere", "precious");
    std::os::unix::fs::symlink("../elsewhere", place.join("link")).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = shop.pyman(arguments);
        let ran = command.env("PYTHON_BUILD_CACHE_PATH", &place).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stderr).unwrap()
    };
    run(&["install", shop.version()]);
    let said = run(&["cache", "clean"]);
    assert!(
        said.ends_with("was there before pyman kept downloads in it: what is in it stays\n"),
        "{said}"
    );
    run(&["prune", "--yes"]);
    for name in ["thesis.pdf", "builds/mine.zip", "link", &shop.prebuilt.file] {
        assert!(place.join(name).exists(), "{name}");
    }
    // One that pyman made is its own.
    std::fs::remove_dir_all(&place).unwrap();
    run(&["install", "-f", shop.version()]);
    assert!(place.join(&shop.prebuilt.file).exists());
    assert!(run(&["cache", "clean"]).starts_with("removed 1 file, "));
    assert!(!place.join(&shop.prebuilt.file).exists());
}
