//! A root of another account's in which anybody may write: what is theirs is run, and neither replaced nor removed.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{everything, lived_in, run, starts};
use crate::support::needs::{as_ordinary_user, as_user, began_as_root, needs};
use crate::support::sandbox::Ran;

/// An account that is neither root nor the one that owns nothing.
const SOMEBODY: u32 = 65_533;

fn open(tree: &Path) {
    assert!(Command::new("chmod").arg("-R").arg("a+rwX").arg(tree).status().unwrap().success());
}

#[track_caller]
fn warns(ran: &Ran, command: &[&str]) {
    let warnings = ran.stderr.matches("warning: [SANDBOX]/pyman belongs to user 65533").count();
    assert_eq!(warnings, 1, "{command:?}: {ran:?}");
}

#[test]
fn what_another_account_made_where_we_may_write_stays() {
    needs!(began_as_root(), "root");
    let stall = as_user(SOMEBODY, || {
        let stall = lived_in();
        let root = stall.sandbox.root();
        fs::write(root.join("shims/theirs"), "stale").unwrap();
        fs::create_dir_all(root.join("stage/theirs.1.0")).unwrap();
        fs::write(root.join("cache/theirs.tar.gz"), "theirs").unwrap();
        open(&stall.sandbox.path());
        stall
    });
    let root = stall.sandbox.root();
    as_ordinary_user(|| {
        let versions = root.join("versions/3.12.1");
        let before = everything(&versions);
        for command in [
            &["install", "-f", "3.12.1"][..],
            &["uninstall", "-f", "3.12.1"],
            &["uninstall", "-f", "api"],
            &["virtualenv-delete", "-f", "api"],
            &["upgrade", "3.12"],
            &["global", "3.11"],
            &["venv", "remove", "api"],
            &["venv", "move", "api", "mine"],
            &["virtualenv", "-f", "--no-pip", "3.12.1", "api"],
        ] {
            let ran = run(&stall, command);
            assert!(ran.status.is_some_and(|status| status != 0), "{command:?}: {ran:?}");
            assert!(
                ran.stderr.contains("belongs to user 65533, who alone"),
                "{command:?}: {ran:?}"
            );
            // What is refused for what stands at its goal is so before it looks at the root.
            if command[0] != "virtualenv" {
                warns(&ran, command);
            }
            assert_eq!(everything(&versions), before, "{command:?}");
            assert!(starts(&stall, &root.join("versions/api/bin/python")), "{command:?}");
        }
        for command in
            [&["rehash"][..], &["cache", "clean"], &["setup", "bash"], &["install", "3.12.2"]]
        {
            let ran = run(&stall, command);
            assert_eq!(ran.status, Some(0), "{command:?}: {ran:?}");
            warns(&ran, command);
            assert_eq!(fs::read_to_string(root.join("shims/theirs")).unwrap(), "stale");
            assert_eq!(fs::read_to_string(root.join("cache/theirs.tar.gz")).unwrap(), "theirs");
            assert!(root.join("stage/theirs.1.0").exists(), "{command:?}");
        }
        let said = run(&stall, &["doctor"]);
        for vain in ["cache clean", "pyman rehash"] {
            assert!(!said.stdout.contains(vain), "advice that mends nothing: {said:?}");
        }
        // What is ours there is ours to remove.
        let ran = run(&stall, &["uninstall", "-f", "3.12.2"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(!root.join("versions/3.12.2").exists());
    });
    // Root removes what two accounts made.
    drop(stall);
}

#[test]
fn a_root_that_all_may_write_to_is_warned_of_by_what_writes() {
    as_ordinary_user(|| {
        let stall = lived_in();
        open(&stall.sandbox.root());
        for command in
            [&["rehash"][..], &["cache", "clean"], &["global", "3.12.1"], &["install", "3.12.2"]]
        {
            let ran = run(&stall, command);
            let warning = "warning: [SANDBOX]/pyman can be written by others";
            assert_eq!(ran.stderr.matches(warning).count(), 1, "{command:?}: {ran:?}");
            assert_eq!(ran.status, Some(0), "{command:?}: {ran:?}");
        }
    });
}
