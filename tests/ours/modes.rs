//! Modes: 0755 and 0644 at most whatever the umask, a private umask stays private, secrets are 0600.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::bounded;
use crate::support::needs::as_ordinary_user;
use crate::support::tiny::Stall;

/// What a whole life under a umask leaves: every file and directory with its mode.
fn modes(umask: &str) -> Vec<(PathBuf, u32)> {
    let stall = Stall::open();
    for command in [
        &["install", "3.12.1", "3.12.2"][..],
        &["install", "-f", "3.12.1"],
        &["global", "3.12.1"],
        &["local", "3.12.1"],
        &["venv", "create", "-p", "3.12", "web"],
        &["venv", "create", "--no-pip", "-p", "3.12.1"],
        &["venv", "clone", "web", "second"],
        &["venv", "move", "second", "third"],
        &["virtualenv", "3.12.1", "api"],
        &["virtualenv", "--copies", "3.12.1", "copied"],
        &["setup", "bash"],
        &["mirror", "set", "tuna"],
        &["mirror", "set", "tuna", "--pip"],
        &["uninstall", "-f", "3.12.2"],
        &["rehash"],
    ] {
        let pyman = stall.pyman(command);
        let mut shell = stall.sandbox.command("/bin/sh");
        shell.args(["-c", "umask \"$1\"; shift; exec \"$@\"", "sh", umask]);
        shell.arg(pyman.get_program()).args(pyman.get_args());
        shell.envs(pyman.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.env_remove("PYMAN_OFFLINE");
        let ran = bounded(&stall, &mut shell);
        assert_eq!(ran.status, Some(0), "{command:?}: {ran:?}");
    }
    let mut found = Vec::new();
    let mut pending = vec![stall.sandbox.root(), stall.sandbox.home(), stall.sandbox.work()];
    let sandbox = stall.sandbox.path();
    while let Some(next) = pending.pop() {
        let metadata = fs::symlink_metadata(&next).unwrap();
        if metadata.is_symlink() {
            continue;
        }
        if metadata.is_dir() {
            pending.extend(fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()));
        }
        // The sandbox's own are made before.
        let inside = next.strip_prefix(&sandbox).unwrap().to_owned();
        if !["home", "work"].iter().any(|made| inside == Path::new(made)) {
            found.push((inside, metadata.permissions().mode() & 0o7777));
        }
    }
    found
}

#[test]
fn others_never_write_what_we_made() {
    for umask in ["000", "022"] {
        as_ordinary_user(|| {
            let open: Vec<String> = modes(umask)
                .into_iter()
                .filter(|(_, mode)| mode & 0o7022 != 0)
                .map(|(path, mode)| format!("{} {mode:o}", path.display()))
                .collect();
            assert!(open.is_empty(), "umask {umask}: {open:#?}");
        });
    }
}

#[test]
fn what_a_private_umask_makes_stays_private() {
    as_ordinary_user(|| {
        // What an archive holds has the archive's modes; it stands in a directory that is private.
        let found = modes("077");
        let is_archives = |path: &Path| {
            let parts: Vec<_> = path.iter().collect();
            parts.len() > 3 && path.starts_with("pyman/versions") && parts[3] != "envs"
        };
        let open: Vec<String> = found
            .into_iter()
            .filter(|(path, mode)| mode & 0o077 != 0 && !is_archives(path))
            .map(|(path, mode)| format!("{} {mode:o}", path.display()))
            .collect();
        assert!(open.is_empty(), "{open:#?}");
    });
}

#[test]
fn what_is_private_stays_so_when_it_is_moved_copied_or_carried() {
    as_ordinary_user(|| {
        let stall = Stall::open();
        stall.prepare(&["install", "3.12.1"]);
        stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12", "web"]);
        stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "api"]);
        let (home, root) = (stall.sandbox.home().join(".virtualenvs"), stall.sandbox.root());
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        for environment in [home.join("web"), root.join("versions/3.12.1/envs/api")] {
            fs::create_dir(environment.join("secret")).unwrap();
            fs::write(environment.join("secret/key"), "key").unwrap();
            fs::create_dir(environment.join("group")).unwrap();
            set(&environment.join("secret"), 0o700);
            set(&environment.join("group"), 0o2770);
            set(&environment, 0o700);
        }
        let shut = |environment: &Path| {
            for (name, expected) in [("", 0o700), ("secret", 0o700), ("group", 0o750)] {
                let path = environment.join(name);
                let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
                // The group's as far as the umask of who runs the tests lets it.
                assert_eq!(mode & !0o050, expected & !0o050, "{} {mode:o}", path.display());
                assert_eq!(mode & 0o050 & !expected, 0, "{} {mode:o}", path.display());
            }
            assert!(environment.join("secret/key").is_file());
        };
        stall.prepare(&["venv", "move", "web", "site"]);
        shut(&home.join("site"));
        stall.prepare(&["venv", "clone", "site", "second"]);
        shut(&home.join("second"));
        stall.offer(&["3.12.1", "3.12.3"]);
        stall.prepare(&["install", "-f", "3.12.1"]);
        shut(&root.join("versions/3.12.1/envs/api"));
        stall.prepare(&["upgrade"]);
        shut(&root.join("versions/3.12.3/envs/api"));
    });
}

#[test]
fn a_secret_keeps_to_its_owner() {
    as_ordinary_user(|| {
        let stall = Stall::open();
        let run = |arguments: &[&str]| {
            let mut command = stall.pyman(arguments);
            command.env("PIP_CONFIG_FILE", stall.sandbox.home().join("pip.conf"));
            bounded(&stall, &mut command)
        };
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        let settings = stall.sandbox.home().join(".config/pyman/settings.toml");
        let secret = "https://me:secret@mirror.example/simple";
        assert_eq!(run(&["mirror", "set", secret]).status, Some(0));
        assert_eq!(mode(&settings), 0o600);
        assert_eq!(run(&["mirror", "set", secret, "--pip"]).status, Some(0));
        assert_eq!(mode(&stall.sandbox.home().join("pip.conf")), 0o600);
        // What was the file before is kept to be given back, and may hold one as well.
        let conf = stall.sandbox.home().join("pip.conf");
        assert_eq!(run(&["mirror", "unset", "--pip"]).status, Some(0));
        fs::write(&conf, "[global]\nindex-url = https://a:b@c.example/simple\n").unwrap();
        for wanted in [0o600, 0o640] {
            fs::set_permissions(&conf, fs::Permissions::from_mode(wanted)).unwrap();
            assert_eq!(run(&["mirror", "set", "tuna", "--pip"]).status, Some(0));
            assert_eq!(mode(&conf), wanted);
            let kept = Command::new("grep")
                .args(["-rl", "a:b@c"])
                .arg(stall.sandbox.root())
                .output()
                .unwrap();
            for file in String::from_utf8(kept.stdout).unwrap().lines() {
                assert_eq!(mode(Path::new(file)) & 0o077 & !wanted, 0, "{file}");
            }
            assert_eq!(run(&["mirror", "unset", "--pip"]).status, Some(0));
            assert_eq!(mode(&conf), wanted);
        }
    });
}
