//! Renewed by digest, put back, refused where something else owns the program or what is there is not what it should be.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use super::{NEWER, OLDER, OWN, Owner, put, triple};
use crate::support::sandbox::Sandbox;
use crate::support::server::{Reply, Server};

const CHECKED: &str =
    "checked: its SHA-256; no key was built in, so that whose it is was not checked\n";

/// What a renewal says.
fn renewed(new: &str, old: &str) -> String {
    format!("pyman {new} is in place of {old}\n{CHECKED}to go back: pyman self update --rollback\n")
}

#[test]
fn a_newer_one_takes_the_place_and_the_one_before_comes_back() {
    let owner = Owner::new();
    owner.offers(NEWER);
    owner.run(&["self", "update", "--check"]).is(
        &format!("pyman {NEWER} is to be had, this is {OWN}\n"),
        CHECKED,
        0,
    );
    owner.run(&["self", "update"]).fails(&renewed(NEWER, OWN), 0);
    assert_eq!(owner.version(), NEWER);
    let mode = fs::metadata(owner.program()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    // The new one's shims, and nothing else that it left.
    let root = owner.sandbox.root();
    let shim = fs::metadata(root.join("bin/pyman-shim")).unwrap();
    assert_eq!(fs::metadata(root.join("shims/py")).unwrap().ino(), shim.ino());
    assert_eq!(fs::read_dir(root.join("stage")).unwrap().count(), 0);
    let said = format!("pyman {NEWER} is the newest there is\n");
    owner.run(&["self", "update"]).fails(&said, 0);
    owner.run(&["self", "update", "--check"]).fails(&said, 0);
    owner
        .run(&["self", "update", "--rollback"])
        .fails(&format!("pyman {OWN} is in its place again, where {NEWER} was\n"), 0);
    assert_eq!(owner.version(), OWN);
    owner
        .run(&["self", "update", "--rollback"])
        .fails("pyman: there is no pyman to go back to\n", 1);
}

#[test]
fn an_older_one_is_taken_by_name_alone() {
    let owner = Owner::new();
    owner.offers(OLDER);
    let refused = format!(
        "pyman: pyman {OWN} is installed, and what is offered is older: {OLDER}\n\
         hint: to have it all the same, run `pyman self update {OLDER}'\n"
    );
    owner.run(&["self", "update"]).fails(&refused, 1);
    owner.run(&["self", "update", "--check"]).fails(&refused, 1);
    owner.run(&["self", "update", OLDER]).fails(&renewed(OLDER, OWN), 0);
    assert_eq!(owner.version(), OLDER);
}

#[test]
fn a_version_that_is_not_the_newest_is_looked_for_in_its_own_folder() {
    let owner = Owner::new();
    owner.offers(NEWER);
    owner.offers_program("0.9.1", "dist/0.9.1", super::program("0.9.1"));
    owner.run(&["self", "update", "0.9.1"]).fails(&renewed("0.9.1", OWN), 0);
    let (triple, own) = (triple(), std::env::consts::ARCH);
    let ran = owner.run(&["self", "update", "0.9.2"]);
    assert!(
        ran.stderr.starts_with("pyman: there is no pyman 0.9.2 for ")
            && ran.stderr.contains(&triple)
            && ran.stderr.ends_with(" in [SANDBOX]/dist\n"),
        "{own}: {ran:?}"
    );
    assert_eq!((ran.status, &*ran.stdout), (Some(2), ""));
    let ran = owner.run(&["self", "update", "newest"]);
    assert!(ran.stderr.contains("a version of pyman has three numbers: 1.2.3"), "{ran:?}");
    assert_eq!(ran.status, Some(2));
}

#[test]
fn over_http_a_transfer_that_breaks_off_goes_on_and_a_wrong_digest_changes_nothing() {
    let owner = Owner::new();
    let archive = owner.offers_program(NEWER, "dist", super::program(NEWER));
    let sums = fs::read(owner.sandbox.path().join("dist/SHA256SUMS")).unwrap();
    let name = format!("/pyman-{NEWER}-{}.tar.gz", triple());
    let (body, listed) = (archive.clone(), sums.clone());
    let server = Server::start(move |request| match request.path.as_str() {
        "/SHA256SUMS" => Reply::file(request, &listed),
        path if path == name && request.nth == 0 => Reply::file(request, &body).cut(300_000),
        path if path == name => Reply::file(request, &body),
        _ => Reply::status(404),
    });
    let mut forged = archive;
    *forged.last_mut().unwrap() ^= 1;
    let other = Server::start(move |request| match request.path.as_str() {
        "/SHA256SUMS" => Reply::file(request, &sums),
        _ => Reply::file(request, &forged),
    });
    let from = |server: &Server| {
        let mut command = owner.command(&["self", "update"]);
        owner.sandbox.ran(command.env("PYMAN_DIST", server.url("/")))
    };
    let ran = from(&other);
    assert_eq!((ran.status, owner.version()), (Some(4), OWN.to_owned()), "{ran:?}");
    let ran = from(&server);
    assert_eq!(fs::read_dir(owner.sandbox.root().join("cache")).unwrap().count(), 0);
    assert_eq!((ran.status, owner.version()), (Some(0), NEWER.to_owned()), "{ran:?}");
}

#[test]
fn what_is_not_what_it_should_be_changes_nothing() {
    let owner = Owner::new();
    let ran = |said: &str, status: i32| {
        owner.run(&["self", "update"]).fails(&format!("pyman: {said}\n"), status);
        assert_eq!(owner.version(), OWN);
        assert_eq!(fs::read_dir(owner.sandbox.root().join("stage")).unwrap().count(), 0);
    };
    let script = |text: &str| format!("#!/bin/sh\n{text}\n").into_bytes();
    owner.offers_program(NEWER, "dist", script("echo pyman 0.9.8"));
    ran("the other program does not start here: it says `pyman 0.9.8'", 1);
    owner.offers_program(NEWER, "dist", script("echo no library >&2; exit 127"));
    ran("the other program does not start here: it says `no library'", 1);
    owner.offers_program(NEWER, "dist", b"\x7fELF for nobody".to_vec());
    ran("the other program does not start here: Exec format error (os error 8)", 1);
    let folder = owner.sandbox.path().join("dist");
    fs::write(folder.join("SHA256SUMS"), "").unwrap();
    let said = owner.run(&["self", "update"]);
    assert!(said.stderr.starts_with("pyman: there is no pyman for "), "{said:?}");
    assert_eq!(said.status, Some(2));
    fs::remove_file(folder.join("SHA256SUMS")).unwrap();
    assert_eq!(owner.run(&["self", "update"]).status, Some(3));
    let mut nowhere = owner.command(&["self", "update"]);
    owner.sandbox.ran(nowhere.env_remove("PYMAN_DIST")).fails(
        "pyman: this pyman was not told where pyman is to be had\n\
         hint: name a place: PYMAN_DIST=https://… pyman self update\n",
        2,
    );
    let mut offline = owner.command(&["self", "update"]);
    let said = owner
        .sandbox
        .ran(offline.env("PYMAN_OFFLINE", "1").env("PYMAN_DIST", "https://pyman.invalid/dist"));
    assert_eq!(said.status, Some(3), "{said:?}");
    assert_eq!(owner.version(), OWN);
}

#[test]
fn the_settings_say_where_and_the_variable_stands_above_them() {
    let owner = Owner::new();
    owner.offers(NEWER);
    let text = format!("dist = \"{}\"\n", owner.dist());
    owner.sandbox.write("home/.config/pyman/settings.toml", text);
    let mut command = owner.command(&["self", "update", "--check"]);
    let said = format!("pyman {NEWER} is to be had, this is {OWN}\n");
    owner.sandbox.ran(command.env_remove("PYMAN_DIST")).is(&said, CHECKED, 0);
    let mut command = owner.command(&["self", "update", "--check"]);
    assert_eq!(owner.sandbox.ran(command.env("PYMAN_DIST", "/nowhere")).status, Some(3));
}

#[test]
fn what_something_else_brought_is_its_own_to_renew() {
    let cases: [(&str, &str, &str, &str); 7] = [
        ("uv-receipt.toml", "", "uv's", "uv tool upgrade pyman-cli"),
        ("pipx_metadata.json", "", "pipx's", "pipx upgrade pyman-cli"),
        (".crates.toml", "", "cargo's", "cargo install pyman"),
        ("bin/.cargo-lock", "", "whoever built it's", "cargo build --release"),
        (
            "lib/python3.12/site-packages/pyman_cli-0.2.0.dist-info/INSTALLER",
            "pip\n",
            "pip's",
            "python3 -m pip install --upgrade pyman-cli",
        ),
        (
            "lib/python3/dist-packages/pyman_cli-0.2.0.dist-info/INSTALLER",
            "uv",
            "uv's",
            "uv pip install --python python3 --upgrade pyman-cli",
        ),
        (
            "bin/pyman-shim",
            "",
            "another root's",
            "PYMAN_ROOT=[SANDBOX]/home/tool [SANDBOX]/home/tool/bin/pyman self update",
        ),
    ];
    for (mark, text, whose, command) in cases {
        let owner = Owner::new();
        let tool = owner.sandbox.home().join("tool/bin/pyman");
        put(&tool, &fs::read(owner.program()).unwrap());
        owner.sandbox.write(&format!("home/tool/{mark}"), text);
        for words in [&["self", "update"][..], &["self", "update", "--rollback"]] {
            let mut update = owner.sandbox.command(&tool);
            owner.sandbox.ran(update.args(words)).fails(
                &format!(
                    "pyman: [SANDBOX]/home/tool/bin/pyman is {whose} to renew\n\
                     hint: run `{command}'\n"
                ),
                1,
            );
        }
        // The root's own program names the other, which it leaves alone.
        owner.offers(NEWER);
        let mut update = owner.command(&["self", "update"]);
        let path = format!("{}:/usr/bin:/bin", tool.parent().unwrap().display());
        let said = renewed(NEWER, OWN)
            + &format!(
                "[SANDBOX]/home/tool/bin/pyman on PATH is another pyman: run `{command}' for that\n"
            );
        owner.sandbox.ran(update.env("PATH", path)).fails(&said, 0);
    }
}

#[test]
fn a_program_in_an_environment_is_its_pips() {
    let sandbox = Sandbox::new();
    let tool = sandbox.home().join("it's/bin/pyman");
    put(&tool, &super::program(OWN));
    sandbox.write("home/it's/pyvenv.cfg", "");
    let info = "home/it's/lib/python3.9/site-packages/pyman_cli-0.2.0.dist-info/INSTALLER";
    sandbox.write(info, "pip\n");
    let ran = sandbox.ran(sandbox.command(&tool).args(["self", "update"]));
    let python = r"'[SANDBOX]/home/it'\''s/bin/python'";
    ran.fails(
        &format!(
            "pyman: [SANDBOX]/home/it's/bin/pyman is pip's to renew\n\
             hint: run `{python} -m pip install --upgrade pyman-cli'\n"
        ),
        1,
    );
}

#[test]
fn a_newer_pyman_that_is_set_up_replaces_an_older_copy_and_leaves_a_newer_one() {
    for (copy, said) in [
        (OLDER, format!("[SANDBOX]/pyman/bin/pyman is this pyman now: it was {OLDER}\n")),
        (
            NEWER,
            format!(
                "[SANDBOX]/pyman/bin/pyman stays as it is: it is pyman {NEWER}, newer than this\n"
            ),
        ),
    ] {
        let owner = Owner::new();
        owner.puts(copy);
        let ran = owner.sandbox.run(&["setup", "bash"]);
        assert!(ran.status == Some(0) && ran.stderr.contains(&said), "{ran:?}");
        let expected = if copy == NEWER { NEWER } else { OWN };
        assert_eq!(owner.version(), expected);
    }
}
