//! What succeeds: every shell, every way to fetch, again, another version, another place.

use std::fs;
use std::process::Command;

use super::{Fair, five_lines, found, script, triple};
use crate::support::needs::{mounts, needs};
use crate::support::server::{Reply, Server};

const SHELLS: [&str; 7] =
    ["dash", "bash", "bash --posix", "busybox sh", "ksh", "mksh", "zsh --emulate sh"];

#[test]
fn every_shell_installs_from_a_directory_and_by_every_way_to_fetch() {
    for fetcher in [None, Some("curl"), Some("wget"), Some("busybox wget")] {
        for shell in SHELLS {
            for program in fetcher.iter().chain([&shell]) {
                needs!(found(program.split(' ').next().unwrap()).is_some(), program);
            }
            let fair = Fair::with(fetcher.as_slice());
            let sums = fs::read(fair.path("dist/SHA256SUMS")).unwrap();
            let archive = format!("pyman-0.1.0-{}.tar.gz", triple());
            let packed = fs::read(fair.path("dist").join(&archive)).unwrap();
            let offer = [("/SHA256SUMS", sums.as_slice()), (&format!("/{archive}"), &packed)];
            let server = Server::serving(&offer);
            let dist = if fetcher.is_some() { server.url("") } else { fair.dist() };
            let ran = fair.sandbox.ran(&mut fair.command(shell, &dist));
            let shown = dist.replace(&*fair.sandbox.path().to_string_lossy(), "[SANDBOX]");
            assert_eq!((&*ran.stderr, ran.status), ("", Some(0)), "{shell}, {fetcher:?}");
            assert_eq!(ran.stdout, five_lines(&shown, "0.1.0", ""), "{shell}, {fetcher:?}");
            let said = Command::new(fair.program()).arg("--version").output().unwrap();
            assert_eq!(String::from_utf8_lossy(&said.stdout), "pyman 0.1.0\n");
            assert_eq!(fs::read_dir(fair.path("tmp")).unwrap().count(), 0, "{shell}");
            let bin = fair.program().parent().unwrap().to_owned();
            assert_eq!(fs::read_dir(bin).unwrap().count(), 1, "{shell}");
        }
    }
}

#[test]
fn the_program_itself_is_installed_set_up_and_found_by_a_new_shell() {
    let fair = Fair::with(&["curl"]);
    let program = fs::read(crate::support::program()).unwrap();
    fair.offers_program("0.1.0", "dist", &program);
    let dist = format!("file://{}", fair.dist());
    let mut command = fair.command("dash", &dist);
    command.env("SHELL", "/bin/bash");
    let ran = fair.sandbox.ran(&mut command);
    assert_eq!((&*ran.stderr, ran.status), ("", Some(0)), "{}", ran.stdout);
    assert!(ran.stdout.contains("pyman setup: added to [SANDBOX]/home/.bashrc "), "{}", ran.stdout);
    let mut shell = fair.sandbox.command("bash");
    shell.args(["-ic", "type -P pyman py; pyman root"]).env_remove("PYMAN_ROOT");
    let ran = fair.sandbox.ran(&mut shell);
    assert_eq!(
        ran.stdout,
        "[SANDBOX]/home/.pyman/bin/pyman\n[SANDBOX]/home/.pyman/shims/py\n[SANDBOX]/home/.pyman\n",
        "{}",
        ran.stderr
    );
}

#[test]
fn a_second_run_replaces_the_program_and_says_what_was_there() {
    let fair = Fair::with(&[]);
    fair.run::<&str>(&fair.dist(), &[]).succeeds(&five_lines("[SANDBOX]/dist", "0.1.0", ""));
    fair.offers("0.10.0", "dist");
    fair.run::<&str>(&fair.dist(), &[]).succeeds(&five_lines("[SANDBOX]/dist", "0.10.0", "0.1.0"));
}

#[test]
fn an_older_version_is_taken_when_it_is_asked_for_and_not_otherwise() {
    let fair = Fair::with(&[]);
    fair.offers("0.10.0", "dist");
    fair.offers("0.9.0", "dist/0.9.0");
    fair.run::<&str>(&fair.dist(), &[]).succeeds(&five_lines("[SANDBOX]/dist", "0.10.0", ""));
    let ran = fair.run(&format!("{}/0.9.0", fair.dist()), &[] as &[&str]);
    ran.fails(
        "pyman: pyman 0.10.0 is installed, and what is offered is older: 0.9.0\n\
         hint: to have it all the same, add: --version 0.9.0\n",
        1,
    );
    let ran = fair.run(&fair.dist(), &["--version", "0.9.0"]);
    ran.succeeds(&five_lines("[SANDBOX]/dist", "0.9.0", "0.10.0"));
    let ran = fair.run(&fair.dist(), &["--version=0.8.0"]);
    ran.fails("pyman: there is no pyman 0.8.0 in [SANDBOX]/dist\n", 2);
}

#[test]
fn the_newest_of_several_is_taken_by_its_numbers() {
    let fair = Fair::with(&[]);
    let mut sums = String::new();
    for version in ["0.2.0", "0.10.0", "0.9.3"] {
        fair.offers(version, "dist");
        sums += &fs::read_to_string(fair.path("dist/SHA256SUMS")).unwrap();
    }
    fair.sandbox.write("dist/SHA256SUMS", sums);
    fair.run::<&str>(&fair.dist(), &[]).succeeds(&five_lines("[SANDBOX]/dist", "0.10.0", ""));
}

#[test]
fn a_named_root_and_no_setup_leave_home_alone() {
    let fair = Fair::with(&[]);
    let ran = fair.run(&fair.dist(), &["--root", "a place", "--no-setup"]);
    ran.succeeds(&format!(
        "pyman 0.1.0 ({}), from [SANDBOX]/dist\n\
         checked: its SHA-256; no key was built into this script, so that whose it is was not checked\n\
         in its place: [SANDBOX]/work/a place/bin/pyman\n\
         nothing was set up (--no-setup); to have it: [SANDBOX]/work/a place/bin/pyman setup\n\
         next: [SANDBOX]/work/a place/bin/pyman install 3.12\n",
        triple()
    ));
    fair.left_nothing();
}

#[test]
fn the_builds_address_is_the_default() {
    let fair = Fair::with(&[]);
    fair.sandbox.write("install.sh", script(&fair.dist(), ""));
    let mut command = fair.command("sh", "");
    fair.sandbox.ran(command.env_remove("PYMAN_DIST")).succeeds(&five_lines(
        "[SANDBOX]/dist",
        "0.1.0",
        "",
    ));
}

#[test]
fn a_transfer_that_breaks_off_goes_on_where_it_was() {
    for fetcher in ["curl", "wget", "busybox wget"] {
        needs!(found(fetcher.split(' ').next().unwrap()).is_some(), fetcher);
        let fair = Fair::with(&[fetcher]);
        let noise: Vec<u8> =
            (0..200_000_u32).map(|at| (at.wrapping_mul(at) >> 7).to_le_bytes()[0]).collect();
        let program =
            [super::PROGRAM.replace("VERSION", "0.1.0").as_bytes(), b"exit\n", &noise].concat();
        let archive = fair.offers_program("0.1.0", "dist", &program);
        let sums = fs::read(fair.path("dist/SHA256SUMS")).unwrap();
        let server = Server::start(move |request| match request.path.as_str() {
            "/SHA256SUMS" => Reply::file(request, &sums),
            _ if request.nth < 2 => Reply::file(request, &archive).cut(1000),
            _ => Reply::file(request, &archive),
        });
        let dist = server.url("");
        fair.run::<&str>(&dist, &[]).succeeds(&five_lines(&dist, "0.1.0", ""));
        assert_eq!(server.sent("range"), ["", "", "bytes=1000-", "bytes=2000-"], "{fetcher}");
    }
}

#[test]
fn no_program_is_run_among_the_temporary_files() {
    needs!(mounts(), "to mount file systems in a namespace of its own");
    let fair = Fair::with(&[]);
    let mut command = fair.sandbox.command("unshare");
    let script = "mount -t tmpfs -o noexec tmpfs \"$TMPDIR\" && PATH=$0 exec \"$@\"";
    command.args(["--mount", "--map-root-user", "/bin/sh", "-c", script]);
    command.arg(fair.path("bin")).arg("/bin/sh").arg(fair.path("install.sh"));
    command.env("TMPDIR", fair.path("tmp")).env_remove("PYMAN_ROOT").env("PYMAN_DIST", fair.dist());
    fair.sandbox.ran(&mut command).succeeds(&five_lines("[SANDBOX]/dist", "0.1.0", ""));
}

#[test]
fn it_is_taken_off_again_by_undoing_the_setup_and_removing_the_root() {
    let fair = Fair::with(&[]);
    let program = fs::read(crate::support::program()).unwrap();
    fair.offers_program("0.1.0", "dist", &program);
    let before = "# mine\n";
    let file = fair.sandbox.write("home/.bashrc", before);
    let mut command = fair.command("sh", &fair.dist());
    let ran = fair.sandbox.ran(command.env("SHELL", "/bin/bash"));
    assert_eq!((&*ran.stderr, ran.status), ("", Some(0)), "{}", ran.stdout);
    assert_ne!(fs::read_to_string(&file).unwrap(), before);
    let mut undo = fair.sandbox.command(fair.program());
    undo.args(["setup", "--undo"]).env_remove("PYMAN_ROOT").env("SHELL", "/bin/bash");
    assert_eq!(fair.sandbox.ran(&mut undo).status, Some(0));
    fs::remove_dir_all(fair.sandbox.home().join(".pyman")).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    fs::remove_file(file).unwrap();
    fair.left_nothing();
}
