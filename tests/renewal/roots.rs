//! A root that 0.1.0 wrote goes on under this program, and under 0.1.0 again.
//!
//! What it wrote is a fixture; the program of that number is the tested one, which says so of itself.

use std::path::Path;

use super::{OLDER, OWN, offer, program, put};
use crate::ours::fixture::written_by_0_1_0;
use crate::support::needs::as_ordinary_user;
use crate::support::sandbox::Ran;
use crate::support::tiny::Stall;

/// The program in the root, with these words.
fn run(stall: &Stall, arguments: &[&str]) -> Ran {
    let own = stall.sandbox.root().join("bin/pyman").display().to_string();
    let mut command = stall.started(&[], &own, arguments);
    command.env("PYMAN_DIST", stall.sandbox.path().join("dist"));
    stall.sandbox.ran(&mut command)
}

/// Everything that 0.1.0 installed and made is listed, and runs.
#[track_caller]
fn all_runs(stall: &Stall, more: &str) {
    let versions = run(stall, &["versions", "--bare"]);
    versions.succeeds(&format!("3.11.5\n3.12.1\n3.12.1/envs/api\n{more}api\nweb\n"));
    let (root, sandbox) = (stall.sandbox.root(), &stall.sandbox);
    let mut pythons =
        vec![root.join("versions/api"), root.join("versions/web"), sandbox.work().join("env")];
    pythons.extend(["3.11.5", "3.12.1"].map(|name| root.join("versions").join(name)));
    pythons.extend(more.lines().map(|name| root.join("versions").join(name)));
    let shim = root.join("shims/python");
    for python in pythons.iter().map(|tree| tree.join("bin/python")).chain([shim]) {
        if python.ends_with("shims/python") && more.is_empty() && is_old(&python) {
            continue;
        }
        let mut command = sandbox.command(&python);
        let ran = sandbox.ran(command.args(["-c", "pass"]));
        assert_eq!((ran.status, &*ran.stderr), (Some(0), ""), "{}", python.display());
    }
    run(stall, &["exec", "python", "-c", "pass"]).succeeds("");
}

/// The fixture's shims are no programs; the first rehash makes them such.
fn is_old(shim: &Path) -> bool {
    std::fs::read(shim).unwrap().starts_with(b"an older program")
}

#[test]
fn a_root_of_0_1_0_goes_on_under_this_program_and_back() {
    as_ordinary_user(|| {
        let stall = written_by_0_1_0();
        let sandbox = &stall.sandbox;
        put(&sandbox.root().join("bin/pyman"), &program(OLDER));
        offer(sandbox, OWN, "dist", program(OWN));
        all_runs(&stall, "");
        let ran = run(&stall, &["self", "update"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(
            ran.stderr.starts_with(&format!("pyman {OWN} is in place of {OLDER}\n")),
            "{ran:?}"
        );
        assert!(!is_old(&sandbox.root().join("shims/python")));
        all_runs(&stall, "");
        assert_eq!(run(&stall, &["install", "3.12.2"]).status, Some(0));
        let more = "3.12.2\n";
        all_runs(&stall, more);
        let ran = run(&stall, &["self", "update", "--rollback"]);
        ran.fails(&format!("pyman {OLDER} is in its place again, where {OWN} was\n"), 0);
        all_runs(&stall, more);
        // What the newer one wrote is read, and left to it; what is its own goes as ever.
        let refused = run(&stall, &["uninstall", "-f", "3.12.2"]);
        let said = format!("written by pyman {OWN}, this is {OLDER}");
        assert!(refused.status != Some(0) && refused.stderr.contains(&said), "{refused:?}");
        assert_eq!(run(&stall, &["uninstall", "-f", "3.11.5"]).status, Some(0));
        assert_eq!(run(&stall, &["install", "3.11.5"]).status, Some(0));
        all_runs(&stall, more);
    });
}
