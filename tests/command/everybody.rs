//! The settings of everybody on a machine, below the user's own, key by key, and those below variables.

use crate::support::needs::{as_ordinary_user, mounts, needs};
use crate::support::sandbox::{Ran, Sandbox};

/// Runs the program where `/etc/pyman/settings.toml` says this: in a namespace whose `/etc` is its own.
fn run(sandbox: &Sandbox, everybodys: &str, words: &[&str], variables: &[(&str, &str)]) -> Ran {
    let script = "mount -t tmpfs tmpfs /etc && mkdir /etc/pyman && printf %s \"$1\" >/etc/pyman/settings.toml && \
                  shift && exec \"$@\"";
    let mut command = sandbox.command("unshare");
    command.args(["--mount", "--map-root-user", "/bin/sh", "-c", script, "sh", everybodys]);
    command.arg(crate::support::program()).args(words).envs(variables.iter().copied());
    sandbox.ran(&mut command)
}

/// The lines of `mirror list` that are marked.
fn used(ran: &Ran) -> Vec<&str> {
    assert_eq!((ran.status, &*ran.stderr), (Some(0), ""));
    ran.stdout.lines().filter(|line| line.starts_with('*')).collect()
}

#[test]
fn the_users_file_stands_above_everybodys_and_variables_above_both() {
    needs!(mounts(), "mounts in a namespace");
    as_ordinary_user(|| {
        let sandbox = Sandbox::new();
        sandbox.run(&["rehash"]).succeeds("");
        let everybodys = "mirrors = [\"tuna\"]\nunselected = \"refuse\"\n";
        let list = |variables: &[(&str, &str)]| {
            used(&run(&sandbox, everybodys, &["mirror", "list"], variables)).join("\n")
        };
        assert_eq!(list(&[]), "* tuna (set by /etc/pyman/settings.toml)");
        let file = "[SANDBOX]/home/.config/pyman/settings.toml";
        sandbox.write("home/.config/pyman/settings.toml", "offline = true\n");
        assert_eq!(list(&[]), "* tuna (set by /etc/pyman/settings.toml)");
        let set = run(&sandbox, everybodys, &["mirror", "set", "npmmirror"], &[]);
        set.fails(&format!("npmmirror (written to {file})\n"), 0);
        assert_eq!(list(&[]), format!("* npmmirror (set by {file})"));
        let variable = [("PYMAN_MIRROR", "aliyun")];
        assert_eq!(list(&variable), "* aliyun (set by PYMAN_MIRROR)");
        // The key that only everybody's has still counts, and doctor says whose it is.
        let ran = run(&sandbox, everybodys, &["doctor"], &[]);
        let said = "advice: root: unselected is as /etc/pyman/settings.toml says\n";
        assert!(ran.stdout.contains(said), "{ran:?}");
        sandbox.write("home/.config/pyman/settings.toml", "mirrors = []\nunselected = \"run\"\n");
        assert_eq!(list(&[]), "");
        let ran = run(&sandbox, everybodys, &["doctor"], &[]);
        assert!(!ran.stdout.contains("/etc/pyman"), "{ran:?}");
    });
}

#[test]
fn what_everybodys_says_holds_for_shims_too() {
    needs!(mounts(), "mounts in a namespace");
    as_ordinary_user(|| {
        let sandbox = Sandbox::new();
        sandbox.fake_version("3.12.7", &["python3.12"]);
        for (everybodys, refused) in [("unselected = \"refuse\"\n", true), ("", false)] {
            run(&sandbox, everybodys, &["rehash"], &[]).succeeds("");
            let mut shim = sandbox.command(sandbox.root().join("shims/python3.12"));
            let ran = sandbox.ran(shim.env("PYMAN_VERSION", "system"));
            assert_eq!(ran.status, Some(if refused { 127 } else { 0 }), "{ran:?}");
        }
    });
}

#[test]
fn a_mistake_in_everybodys_file_names_that() {
    needs!(mounts(), "mounts in a namespace");
    as_ordinary_user(|| {
        let sandbox = Sandbox::new();
        let ran = run(&sandbox, "miror = []\n", &["mirror", "list"], &[]);
        assert!(ran.stderr.starts_with("pyman: /etc/pyman/settings.toml: "), "{ran:?}");
        assert_eq!((ran.status, &*ran.stdout), (Some(2), ""));
        let ran = run(&sandbox, "requires = \">=9\"\n", &["mirror", "list"], &[]);
        assert!(
            ran.stderr.starts_with("pyman: /etc/pyman/settings.toml needs pyman >=9, "),
            "{ran:?}"
        );
    });
}
