//! `pyman outdated` and `pyman upgrade`: what is newer, and that the old goes when nothing stands on it.

use std::fs;

use crate::support::shop::Shop;

/// An installation of an older patch with a receipt, and the newest on offer.
fn outdated() -> (Shop, String) {
    let shop = Shop::open();
    let minor = shop.version().rsplit_once('.').unwrap().0;
    let old = format!("{minor}.0rc1");
    let tree = shop.sandbox.fake_version(&old, &["python", "old-tool"]);
    let receipt = serde_json::json!({
        "version": old, "format": 1, "name": old, "implementation": "cpython", "variant": "",
        "origin": { "kind": "prebuilt", "source": "x", "sha256": "0" }, "prefix": tree,
        "installed": 1, "tree": { "files": 1, "bytes": 1 },
    });
    fs::create_dir_all(tree.join(".pyman")).unwrap();
    fs::write(tree.join(".pyman/receipt.json"), receipt.to_string()).unwrap();
    (shop, old)
}

#[test]
fn what_has_something_newer_is_listed() {
    let (shop, old) = outdated();
    let version = shop.version();
    let age = "the catalogue is of unknown age; `pyman update' asks for what is newer\n";
    shop.run(&["outdated"]).is(&format!("{old} {version}\n"), age, 0);
    let json = shop.run(&["outdated", "--json"]);
    let said: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(said["outdated"][0]["installed"], old);
    assert_eq!(said["outdated"][0]["newest"], version);

    let mut command = shop.pyman(&["upgrade", "--dry-run"]);
    shop.ran(&mut command).is(&format!("{old} {version}\n"), "", 0);
    assert!(!shop.prefix().exists());
}

#[test]
fn the_newest_patch_comes_and_the_old_one_goes() {
    let (shop, old) = outdated();
    let version = shop.version();
    let said = format!("installed {version} in [TIME]\nremoved {old}\n");
    shop.run(&["upgrade"]).is("", &said, 0);
    assert!(!shop.sandbox.root().join("versions").join(&old).exists());
    assert!(!shop.sandbox.root().join("shims/old-tool").exists());
    assert_eq!(shop.python("print(1)"), "1\n");
    shop.run(&["upgrade"]).is("", "", 0);
    let age = "the catalogue is of unknown age; `pyman update' asks for what is newer\n";
    shop.run(&["outdated"]).is("", age, 0);
}

#[test]
fn the_old_patch_stays_when_asked_or_needed() {
    let (shop, old) = outdated();
    let home = shop.sandbox.root().join("versions").join(&old).join("bin");
    let config = format!("home = {}\n", home.display());
    shop.sandbox.write("home/.virtualenvs/web/pyvenv.cfg", config);
    let said = format!(
        "installed {} in [TIME]\n{old} stays: [SANDBOX]/home/.virtualenvs/web stands on it\n",
        shop.version()
    );
    shop.run(&["upgrade"]).is("", &said, 0);
    assert!(home.exists());
}

#[test]
fn only_the_minors_named_are_upgraded() {
    let (shop, _) = outdated();
    let ran = shop.run(&["upgrade", "2.6"]);
    ran.fails("pyman: no 2.6 was installed by pyman\n", 2);
    let minor = shop.version().rsplit_once('.').unwrap().0.to_owned();
    let said = format!("installed {} in [TIME]\n", shop.version());
    shop.run(&["upgrade", "--keep", &minor]).is("", &said, 0);
}
