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

/// Runs a program with an environment's own interpreter.
fn in_environment(shop: &Shop, environment: &std::path::Path) -> String {
    let program = "import sys; print(sys.version.split()[0], sys.prefix != sys.base_prefix)";
    let python = environment.join("bin/python");
    let output = shop.sandbox.command(python).args(["-c", program]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn environments_on_the_old_patch_are_carried_to_the_new_and_run() {
    let (shop, old) = outdated();
    let version = shop.version();
    let minor = version.rsplit_once('.').unwrap().0;
    let tree = shop.sandbox.root().join("versions").join(&old);
    let named = shop.sandbox.home().join(".virtualenvs/web");
    let inside = tree.join("envs/api");
    for (place, home) in [(&named, tree.join("bin")), (&inside, tree.join("bin"))] {
        fs::create_dir_all(place.join("bin")).unwrap();
        fs::create_dir_all(place.join(format!("lib/python{minor}/site-packages"))).unwrap();
        let config = format!("home = {}\nversion = {old}\n", home.display());
        fs::write(place.join("pyvenv.cfg"), config).unwrap();
        std::os::unix::fs::symlink(home.join("python"), place.join("bin/python")).unwrap();
    }
    std::os::unix::fs::symlink(&inside, shop.sandbox.root().join("versions/api")).unwrap();

    let ran = shop.run(&["upgrade"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let said = |text: &str| assert!(ran.stderr.contains(text), "{text}\n{}", ran.stderr);
    said(&format!("[SANDBOX]/home/.virtualenvs/web stands on {version} now\n"));
    said(&format!("removed {old}\n"));
    assert!(!tree.exists());
    let expected = format!("{version} True\n");
    assert_eq!(in_environment(&shop, &named), expected);
    assert_eq!(in_environment(&shop, &shop.prefix().join("envs/api")), expected);
    assert_eq!(in_environment(&shop, &shop.sandbox.root().join("versions/api")), expected);
}

#[test]
fn a_patch_stays_that_has_a_persons_things_in_it() {
    for thing in ["todo.txt", "notes/thesis", "hurt/lib/x.py"] {
        let (shop, old) = outdated();
        let version = shop.version().to_owned();
        shop.sandbox.write(&format!("pyman/versions/{old}/envs/{thing}"), "precious");
        let ran = shop.run(&["upgrade"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        let said = format!("{old} stays: there is more than environments in its envs/\n");
        assert!(ran.stderr.contains(&said), "{ran:?}");
        let versions = shop.sandbox.root().join("versions");
        assert!(versions.join(&old).join("envs").join(thing).exists());
        assert!(versions.join(&version).join("bin/python").exists());
        // It is said once: the newer one is there.
        assert_eq!(shop.run(&["upgrade"]).status, Some(0));
        assert!(versions.join(&old).join("envs").join(thing).exists());
    }
}

#[test]
fn the_old_patch_stays_when_asked() {
    let (shop, old) = outdated();
    let said = format!("installed {} in [TIME]\n", shop.version());
    shop.run(&["upgrade", "--keep"]).is("", &said, 0);
    assert!(shop.sandbox.root().join("versions").join(old).exists());
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
