//! What fails: each says one thing, ends with its status and leaves nothing.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use super::{Fair, found, triple};
use crate::support::needs::{as_ordinary_user, needs};
use crate::support::server::{Reply, Server};

#[test]
fn what_is_not_as_listed_is_not_installed() {
    let fair = Fair::with(&[]);
    let archive = fair.path("dist").join(format!("pyman-0.1.0-{}.tar.gz", triple()));
    fs::write(&archive, "another thing").unwrap();
    let ran = fair.run::<&str>(&fair.dist(), &[]);
    let said = format!(
        "pyman: pyman-0.1.0-{}.tar.gz is not what SHA256SUMS says: nothing was installed\n",
        triple()
    );
    assert!(ran.stderr.starts_with(&said), "{}", ran.stderr);
    assert_eq!((&*ran.stdout, ran.status), ("", Some(4)));
    fair.left_nothing();
}

#[test]
fn without_a_network_one_line_says_so() {
    for fetcher in ["curl", "wget", "busybox wget"] {
        needs!(found(fetcher.split(' ').next().unwrap()).is_some(), fetcher);
        let fair = Fair::with(&[fetcher]);
        // Nobody listens where somebody just did.
        let address = Server::serving(&[]).url("");
        let ran = fair.run::<&str>(&address, &[]);
        let said = format!("pyman: SHA256SUMS could not be fetched from {address} (");
        assert!(ran.stderr.starts_with(&said), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 2, "{}", ran.stderr);
        assert_eq!((&*ran.stdout, ran.status), ("", Some(3)));
        fair.left_nothing();
    }
}

#[test]
fn what_is_not_there_is_asked_for_once() {
    for fetcher in ["curl", "wget", "busybox wget"] {
        needs!(found(fetcher.split(' ').next().unwrap()).is_some(), fetcher);
        let fair = Fair::with(&[fetcher]);
        let server = Server::serving(&[]);
        let address = server.url("");
        let ran = fair.run::<&str>(&address, &[]);
        ran.fails(&format!("pyman: there is no SHA256SUMS in {address}\n"), 3);
        assert_eq!(server.requests().len(), 1, "{fetcher}");
        fair.left_nothing();
    }
}

#[test]
fn plain_http_is_for_this_machine_alone() {
    let fair = Fair::with(&["curl"]);
    for dist in [
        "http://mirror.invalid/pyman",
        "http://localhost.invalid",
        "http://127.0.0.1.invalid/",
        "http://127.0.0.1.invalid:80/",
        "http://127.0.0.1:80.invalid",
        "http://[::1].invalid/",
        "http://128.0.0.1/",
        "http://localhost:80x/",
        "ftp://127.0.0.1",
    ] {
        let said =
            format!("pyman: only https:// is fetched from, and http:// of this machine: {dist}\n");
        fair.run::<&str>(dist, &[]).fails(&said, 1);
    }
    for dist in ["http://127.0.0.1?.invalid/", "http://127.0.0.1:80@mirror.invalid/"] {
        let ran = fair.run::<&str>(dist, &[]);
        assert!(ran.stderr.starts_with("pyman: only https:// is fetched from"), "{}", ran.stderr);
        assert_eq!(ran.status, Some(1));
    }
    fair.left_nothing();
}

#[test]
fn this_machines_server_is_not_asked_by_way_of_a_proxy() {
    for fetcher in ["curl", "wget", "busybox wget"] {
        needs!(found(fetcher.split(' ').next().unwrap()).is_some(), fetcher);
        let fair = Fair::with(&[fetcher]);
        let (server, proxy) = (Server::serving(&[]), Server::serving(&[]));
        let mut command = fair.command("sh", &server.url(""));
        fair.sandbox.ran(command.env("http_proxy", proxy.url("")).env("all_proxy", proxy.url("")));
        assert_eq!((server.requests().len(), proxy.requests().len()), (1, 0), "{fetcher}");
    }
}

#[test]
fn a_fetcher_that_believes_everybody_is_not_believed() {
    let fair = Fair::with(&[]);
    fair.fakes("wget", "echo 'wget: note: TLS certificate validation not implemented' >&2");
    fair.run::<&str>("https://127.0.0.1:1", &[]).fails(
        "pyman: the wget that is here does not look at certificates: nothing was installed\n\
         hint: install curl, or GNU's wget\n",
        1,
    );
    fair.left_nothing();
}

#[test]
fn where_nothing_can_fetch_a_directory_is_the_way() {
    let fair = Fair::with(&[]);
    fair.run::<&str>("https://127.0.0.1:1", &[]).fails(
        "pyman: neither curl nor wget is here\n\
         hint: fetch what is at https://127.0.0.1:1 otherwise, and run: \
         PYMAN_DIST=/its/directory sh install.sh\n",
        1,
    );
    fair.left_nothing();
}

#[test]
fn a_redirection_never_leads_away_from_https() {
    for fetcher in ["curl", "wget", "busybox wget"] {
        needs!(found(fetcher.split(' ').next().unwrap()).is_some(), fetcher);
        let fair = Fair::with(&[fetcher]);
        let elsewhere = Server::serving(&[]);
        let sums = fs::read(fair.path("dist/SHA256SUMS")).unwrap();
        let to = elsewhere.url("/archive");
        let server = Server::start(move |request| match request.path.as_str() {
            "/SHA256SUMS" => Reply::file(request, &sums),
            _ => Reply::redirect(&to),
        });
        let ran = fair.run::<&str>(&server.url(""), &[]);
        assert_ne!(ran.status, Some(0), "{fetcher}");
        fair.left_nothing();
    }
}

#[test]
fn a_password_is_not_shown() {
    let fair = Fair::with(&["curl"]);
    let ran = fair.run::<&str>("https://ada:secret@127.0.0.1:1/place?token=secret", &[]);
    assert!(ran.stderr.contains("https://127.0.0.1:1/place ("), "{}", ran.stderr);
    assert!(!ran.stderr.contains("secret"), "{}", ran.stderr);
}

#[test]
fn a_place_that_cannot_be_written_to_is_named() {
    as_ordinary_user(|| {
        let fair = Fair::with(&[]);
        let root = fair.sandbox.home().join("kept");
        fs::create_dir(&root).unwrap();
        fs::set_permissions(&root, fs::Permissions::from_mode(0o555)).unwrap();
        let ran = fair.run(&fair.dist(), &["--root", &root.display().to_string()]);
        assert!(ran.stderr.contains("[SANDBOX]/home/kept/bin"), "{}", ran.stderr);
        assert_eq!((&*ran.stdout, ran.status), ("", Some(5)));
        assert_eq!(fs::read_dir(&root).unwrap().count(), 0);
        fs::remove_dir(&root).unwrap();
        fair.left_nothing();
    });
}

#[test]
fn a_platform_without_a_program_is_named() {
    let fair = Fair::with(&[]);
    fair.fakes("uname", "case $1 in -s) echo Plan9 ;; *) echo vax ;; esac");
    let ran = fair.run::<&str>(&fair.dist(), &[]);
    ran.fails(
        "pyman: there is no program for Plan9 on vax\nhint: with Rust here: cargo install pyman\n",
        1,
    );
    fair.fakes("uname", "case $1 in -s) echo Darwin ;; *) echo arm64 ;; esac");
    let ran = fair.run::<&str>(&fair.dist(), &[]);
    ran.fails("pyman: there is no pyman for aarch64-apple-darwin in [SANDBOX]/dist\n", 2);
    fair.left_nothing();
}

#[test]
fn a_program_that_does_not_start_replaces_nothing() {
    let fair = Fair::with(&[]);
    let before = super::five_lines("[SANDBOX]/dist", "0.1.0", "");
    fair.run::<&str>(&fair.dist(), &[]).succeeds(&before);
    fair.offers_program("0.2.0", "dist", b"#!/bin/sh\necho it broke >&2; exit 3\n");
    fair.run::<&str>(&fair.dist(), &[])
        .fails("pyman: the program does not start here (it broke)\n", 5);
    let said = Command::new(fair.program()).arg("--version").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stdout), "pyman 0.1.0\n");
}

#[test]
fn nothing_is_written_through_a_link_below_the_root() {
    let fair = Fair::with(&[]);
    let root = fair.sandbox.home().join(".pyman");
    let canary = fair.path("canary");
    for made in [&root, &canary] {
        fs::create_dir(made).unwrap();
    }
    symlink(&canary, root.join("bin")).unwrap();
    let ran = fair.run::<&str>(&fair.dist(), &[]);
    assert!(ran.stderr.starts_with("pyman: [SANDBOX]/home/.pyman/bin or "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(5));
    assert_eq!(fs::read_dir(canary).unwrap().count(), 0);
}

#[test]
fn what_is_not_understood_ends_at_once() {
    let fair = Fair::with(&[]);
    let usage = "hint: usage: sh install.sh [--version V] [--root DIR] [--no-setup]\n";
    let ran = fair.run(&fair.dist(), &["--force"]);
    ran.fails(&format!("pyman: unexpected argument --force\n{usage}"), 2);
    fair.run(&fair.dist(), &["--version"]).fails("pyman: --version wants a value\n", 2);
    fair.run(&fair.dist(), &["--version", "../x"]).fails("pyman: ../x is no version\n", 2);
    let ran = fair.run::<&str>("", &[]);
    ran.fails(
        "pyman: this script was not told where pyman is to be had\n\
         hint: PYMAN_DIST=https://… sh install.sh\n",
        2,
    );
    fair.left_nothing();
}
