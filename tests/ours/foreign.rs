//! Another account's root, a read-only one, a newer pyman's: read and run, and nothing taken for ours.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::{bounded, everything, lived_in, restored, run};
use crate::support::needs::{as_ordinary_user, as_user, began_as_root, needs};
use crate::support::sandbox::Sandbox;
use crate::support::tiny::Stall;

/// An account that is neither root nor the one that owns nothing.
const SOMEBODY: u32 = 65_533;

fn permit(tree: &Path, mode: &str) {
    assert!(Command::new("chmod").arg("-R").arg(mode).arg(tree).status().unwrap().success());
}

/// What must work whoever owns the root.
#[track_caller]
fn reads_and_runs(stall: &Stall) {
    let versions = run(stall, &["versions", "--bare"]);
    assert!(versions.stdout.contains("3.12.1\n"), "{versions:?}");
    for command in
        [&["exec", "python", "-c", "pass"][..], &["prefix", "3.12.1"], &["which", "python"]]
    {
        assert_eq!(run(stall, command).status, Some(0), "{command:?}");
    }
    let mut shim = stall.sandbox.command(stall.sandbox.root().join("shims/python"));
    assert_eq!(bounded(stall, shim.args(["-c", "pass"])).status, Some(0));
}

#[test]
fn a_read_only_root_is_read_and_run() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let root = stall.sandbox.root();
        permit(&root, "a-w");
        let before = everything(&root);
        reads_and_runs(&stall);
        let ran = run(&stall, &["venv", "create", "--no-pip", "-p", "3.12.1", "./fresh"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        for command in [
            &["install", "3.12.2"][..],
            &["install", "-f", "3.12.1"],
            &["uninstall", "-f", "3.11.5"],
            &["upgrade"],
            &["global", "3.12.1"],
        ] {
            let ran = run(&stall, command);
            assert!(ran.status.is_some_and(|status| status != 0), "{command:?}: {ran:?}");
            assert!(ran.stderr.contains("[SANDBOX]/pyman"), "{command:?}: {ran:?}");
        }
        let now = everything(&root);
        let web = stall.sandbox.home().join(".virtualenvs/web/bin/python");
        assert_eq!(bounded(&stall, &mut stall.sandbox.command(web)).status, Some(0));
        permit(&root, "u+w");
        assert_eq!(now, before);
    });
}

#[test]
fn in_another_accounts_root_only_what_is_ours_is_swept() {
    needs!(began_as_root(), "root");
    let stall = as_user(SOMEBODY, || {
        let stall = lived_in();
        let root = stall.sandbox.root();
        let dead = root.join("stage/theirs.1.0");
        fs::create_dir_all(&dead).unwrap();
        fs::write(dead.join("file"), "theirs").unwrap();
        fs::write(root.join("stage/theirs.1.0.lock"), "").unwrap();
        fs::write(root.join("stage/loose"), "theirs").unwrap();
        permit(&stall.sandbox.path(), "a+rX");
        // A team's root, shared on purpose.
        for open in
            ["", "stage", "versions", "locks", "cache", "minor", "shims", "bin", "environments"]
        {
            let path = root.join(open);
            if path.is_dir() {
                fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
            }
        }
        for part in [stall.sandbox.home(), stall.sandbox.work()] {
            fs::set_permissions(part, fs::Permissions::from_mode(0o777)).unwrap();
        }
        stall
    });
    as_ordinary_user(|| {
        reads_and_runs(&stall);
        let ran = run(&stall, &["install", "3.12.2"]);
        assert!(ran.stderr.contains("65533"), "whose it is, is said: {ran:?}");
        let stage = stall.sandbox.root().join("stage");
        assert_eq!(fs::read_to_string(stage.join("theirs.1.0/file")).unwrap(), "theirs");
        assert_eq!(fs::read_to_string(stage.join("loose")).unwrap(), "theirs");
        run(&stall, &["cache", "clean"]);
        assert_eq!(fs::read_to_string(stage.join("loose")).unwrap(), "theirs");
        let ran = run(&stall, &["uninstall", "-f", "3.12.1"]);
        assert_ne!(ran.status, Some(0), "{ran:?}");
        assert!(stall.sandbox.root().join("versions/3.12.1/bin/python").exists());
        let said = run(&stall, &["doctor"]);
        assert!(!said.stdout.contains("chown"), "{said:?}");
    });
    // Whose it is, removes it.
    as_user(SOMEBODY, || drop(stall));
}

#[test]
fn what_another_account_put_among_the_plugins_never_runs() {
    needs!(began_as_root(), "root");
    let stall = as_ordinary_user(lived_in);
    let plugins = stall.sandbox.root().join("plugins");
    as_ordinary_user(|| {
        for own in ["own", "open"] {
            let hook = plugins.join(own).join("hooks/rehash/tell");
            Sandbox::script(&hook, &format!("echo {own} >&2"));
        }
        permit(&plugins, "a+rwX");
    });
    as_user(SOMEBODY, || {
        Sandbox::script(&plugins.join("open/hooks/rehash/theirs"), "echo theirs >&2");
        Sandbox::script(&plugins.join("theirs/hooks/rehash/tell"), "echo theirs >&2");
        Sandbox::script(&plugins.join("theirs/bin/pyman-theirs"), "echo theirs >&2");
        permit(&plugins.join("theirs"), "a+rwX");
    });
    as_ordinary_user(|| {
        assert_eq!(run(&stall, &["rehash"]).stderr, "open\nown\n");
        let ran = run(&stall, &["theirs"]);
        assert!(ran.status == Some(1) && !ran.stderr.contains("theirs\n"), "{ran:?}");
        let said = "the plugin theirs is not used: it belongs to another account (user 65533)";
        assert!(run(&stall, &["commands"]).stderr.contains(said));
        assert!(run(&stall, &["doctor"]).stdout.contains(said));
    });
    // Whose it is, removes it; the rest goes with the sandbox.
    as_user(SOMEBODY, || fs::remove_dir_all(plugins.join("theirs")).unwrap());
    as_ordinary_user(|| drop(stall));
}

#[test]
fn what_a_newer_pyman_wrote_is_run_and_not_written() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let version = stall.sandbox.root().join("versions/3.12.1");
        let receipt = version.join(".pyman/receipt.json");
        let text = fs::read_to_string(&receipt).unwrap();
        let newer = text.replacen("\"format\": ", "\"format\": 9", 1);
        assert_ne!(newer, text);
        for command in [
            &["install", "-f", "3.12.1"][..],
            &["install", "--reinstall", "3.12.1"],
            &["uninstall", "-f", "3.12.1"],
            &["virtualenv", "--no-pip", "3.12.1", "shop"],
            &["virtualenv-delete", "-f", "api"],
            &["upgrade", "3.12"],
        ] {
            restored(&stall);
            fs::write(&receipt, &newer).unwrap();
            let before = everything(&version);
            let ran = run(&stall, command);
            assert!(ran.status.is_some_and(|status| status != 0), "{command:?}: {ran:?}");
            assert!(ran.stderr.contains("newer"), "{command:?}: {ran:?}");
            let now = everything(&version);
            assert_eq!(now, before, "{command:?}");
            let mut shim = stall.sandbox.command(stall.sandbox.root().join("shims/python3.12"));
            assert_eq!(bounded(&stall, shim.args(["-c", "pass"])).status, Some(0), "{command:?}");
        }
    });
}

#[test]
fn a_folder_without_pyvenv_cfg_is_no_environment_for_anybody() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let odd = stall.sandbox.root().join("versions/odd");
        for name in ["python", "activate"] {
            Sandbox::script(&odd.join("bin").join(name), "exit 0");
        }
        fs::write(odd.join("precious"), "mine").unwrap();
        let listed = run(&stall, &["virtualenvs", "--bare"]);
        assert!(!listed.stdout.lines().any(|line| line == "odd"), "{listed:?}");
        let listed = run(&stall, &["venv", "list"]);
        assert!(!listed.stdout.contains("odd"), "{listed:?}");
        for command in [
            &["virtualenv-prefix", "odd"][..],
            &["virtualenv-delete", "-f", "odd"],
            &["venv", "remove", "odd"],
            &["venv", "path", "odd"],
            &["venv", "move", "odd", "even"],
            &["sh-activate", "odd"],
        ] {
            let mut pyman = stall.pyman(command);
            let ran = bounded(&stall, pyman.env("PYMAN_SHELL", "bash"));
            // With `-f` pyenv-virtualenv forgives what is no environment; nothing is removed all the same.
            let forgiven = command.contains(&"-f");
            assert!(
                forgiven || ran.status.is_some_and(|status| status != 0),
                "{command:?}: {ran:?}"
            );
            assert_eq!(fs::read_to_string(odd.join("precious")).unwrap(), "mine", "{command:?}");
        }
        // It is a version, which `versions` and `uninstall` know.
        let versions = run(&stall, &["versions", "--bare"]);
        assert!(versions.stdout.lines().any(|line| line == "odd"), "{versions:?}");
        assert_eq!(run(&stall, &["uninstall", "-f", "odd"]).status, Some(0));
        assert!(!odd.exists());
    });
}
