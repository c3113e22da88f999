//! Versions that are installed because they were asked for, and only then.

use std::process::Command;

use super::VERSION;
use crate::support::shop::Shop;

/// `py` in a root where nothing is installed, but something is on offer.
fn py(shop: &Shop, arguments: &[&str]) -> Command {
    shop.sandbox.run(&["rehash"]).succeeds("");
    let mut command = shop.sandbox.command(shop.sandbox.root().join("shims/py"));
    command.env_remove("PYMAN_OFFLINE").env_remove("PYMAN_ROOT").env("PATH", "/nowhere");
    command.env("PYMAN_CATALOGUE", shop.sandbox.path().join("catalogue.jsonl"));
    command.args(arguments);
    command
}

#[test]
fn exec_installs_what_was_typed_and_runs_it() {
    let shop = Shop::open();
    let version = shop.version();
    let tag = format!("-V:{version}");
    let mut typed = py(&shop, &["exec", &tag, "-c", VERSION]);
    let installed = format!("installed {version} in [TIME]\n");
    shop.ran(&mut typed).is(&format!("{version}\n"), &installed, 0);
    shop.ran(&mut typed).succeeds(&format!("{version}\n"));
    assert_eq!(shop.downloads(), 1);
}

#[test]
fn what_is_installed_and_listed_is_of_the_root_that_py_stands_in() {
    let shop = Shop::open();
    let version = shop.version();
    let other = shop.sandbox.path().join("other");
    let tag = format!("-V:{version}");
    let print = "import os; print(os.environ['PYMAN_ROOT'])";
    let mut typed = py(&shop, &["exec", &tag, "-c", print]);
    let installed = format!("installed {version} in [TIME]\n");
    shop.ran(typed.env("PYMAN_ROOT", &other)).is("[SANDBOX]/other\n", &installed, 0);
    let mut list = py(&shop, &["list", "-f=prefix"]);
    let root = format!("[SANDBOX]/pyman/versions/{version}\n");
    shop.ran(list.env("PYMAN_ROOT", &other)).succeeds(&root);
    assert!(!other.exists());
}

#[test]
fn a_shebang_installs_where_that_is_allowed() {
    let shop = Shop::open();
    let version = shop.version();
    shop.sandbox.write("work/s.py", format!("#!/usr/bin/env python{version} -u\n{VERSION}\n"));
    let mut refused = py(&shop, &["s.py"]);
    assert_eq!(shop.ran(&mut refused).status, Some(112));
    assert_eq!(shop.downloads(), 0);
    let mut allowed = py(&shop, &["s.py", "-x"]);
    allowed.env("PYLAUNCHER_ALLOW_INSTALL", "1");
    let installed = format!("installed {version} in [TIME]\n");
    shop.ran(&mut allowed).is(&format!("{version}\n"), &installed, 0);
}

#[test]
fn an_install_that_fails_ends_with_its_own_status() {
    let shop = Shop::open();
    let ran = shop.ran(&mut py(&shop, &["exec", "-3.99"]));
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(2)));
    assert!(ran.stderr.contains("3.99"), "{}", ran.stderr);
}
