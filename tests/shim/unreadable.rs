//! Versions that this user may not read: named as that, once, and in nobody's way.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use crate::support::needs::as_ordinary_user;
use crate::support::sandbox::{Ran, Sandbox};

/// A root with 3.8.18, 3.10.13 and a link 3.11.4, and what of it may not be read.
struct Shut {
    sandbox: Sandbox,
    directories: &'static [&'static str],
}

/// Where the link leads.
const THEIRS: &str = "theirs";
const OURS: &str = "pyman/versions/3.10.13";

impl Shut {
    fn new(directories: &'static [&'static str]) -> Self {
        let sandbox = Sandbox::new();
        sandbox.fake_version("3.8.18", &["python", "python3.8", "pip"]);
        sandbox.fake_version("3.10.13", &["python", "python3.10", "pip"]);
        let theirs = sandbox.path().join("theirs/3.11.4");
        Sandbox::script(&theirs.join("bin/python"), "echo theirs");
        symlink(&theirs, sandbox.root().join("versions/3.11.4")).unwrap();
        sandbox.run(&["rehash"]).succeeds("");
        let shut = Self { sandbox, directories };
        shut.mode(0o000);
        shut
    }

    fn mode(&self, mode: u32) {
        for directory in self.directories {
            let directory = self.sandbox.path().join(directory);
            fs::set_permissions(directory, Permissions::from_mode(mode)).unwrap();
        }
    }

    fn pyman(&self, words: &[&str]) -> Ran {
        self.run(Path::new(crate::support::program()), words)
    }

    fn shim(&self, name: &str, words: &[&str]) -> Ran {
        self.run(&self.sandbox.root().join("shims").join(name), words)
    }

    fn run(&self, program: &Path, words: &[&str]) -> Ran {
        self.sandbox.ran(self.sandbox.command(program).args(words).env("PATH", "/nowhere"))
    }
}

/// What may not be read cannot be removed with the sandbox either.
impl Drop for Shut {
    fn drop(&mut self) {
        self.mode(0o755);
    }
}

#[test]
fn it_is_named_with_the_reason() {
    as_ordinary_user(|| {
        let shut = Shut::new(&[THEIRS]);
        shut.sandbox.write("work/.python-version", "3.11\n");
        let said = "version `3.11' cannot be read: Permission denied";
        let alone = format!("pyman: {said}\n");
        shut.pyman(&["venv", "create", "web", "-p", "3.11"]).fails(&alone, 1);
        shut.pyman(&["virtualenv", "3.11", "web"]).fails(&alone, 1);
        shut.pyman(&["latest", "3.11"]).fails(&alone, 1);
        shut.pyman(&["prefix", "3.11"]).fails(&alone, 1);
        let doctor = shut.pyman(&["doctor"]);
        let link = "3.11.4 is a link to [SANDBOX]/theirs/3.11.4, which you may not read\n";
        assert!(doctor.stdout.contains(link) && !doctor.stdout.contains("uninstall"), "{doctor:?}");
        let rest = "hint: pick one of the installed: 3.8.18, 3.10.13\n";
        let place = "(set by [SANDBOX]/work/.python-version)";
        let python = format!("pyman: {said} {place}\npyman: python: command not found\n{rest}");
        shut.shim("python", &[]).fails(&python, 127);
        let py = format!("py: {said} (set by the command line)\n{rest}");
        shut.shim("py", &["-3.11"]).fails(&py, 103);
        shut.mode(0o755);
        shut.shim("python", &[]).succeeds("theirs\n");
    });
}

#[test]
fn it_is_named_once_however_many_of_its_parts_are_asked_for() {
    as_ordinary_user(|| {
        let shut = Shut::new(&[OURS]);
        let said = "version `3.10' cannot be read: Permission denied";
        let pick = "hint: pick one of the installed: 3.8.18, 3.11.4\n";
        let missing = "pyman: python3.10: command not found\n";
        // Nothing selects it: another patch is no answer to that this one may not be read.
        let unselected = format!("pyman: {said}\n{missing}");
        shut.shim("python3.10", &[]).fails(&unselected, 127);
        shut.sandbox.write("work/.python-version", "3.10\n");
        let place = "(set by [SANDBOX]/work/.python-version)";
        let selected = format!("pyman: {said} {place}\n{missing}{pick}");
        shut.shim("python3.10", &[]).fails(&selected, 127);
        shut.pyman(&["exec", "python3.10"]).fails(&selected, 127);
        shut.pyman(&["which", "python3.10"]).fails(&selected, 127);
        let py = format!("py: {said} (set by the command line)\n{pick}");
        shut.shim("py", &["-3.10"]).fails(&py, 103);
    });
}

#[test]
fn it_is_no_matter_of_what_is_about_another() {
    as_ordinary_user(|| {
        let shut = Shut::new(&[THEIRS, OURS]);
        shut.sandbox.write("work/.python-version", "3.7\n");
        let place = "(set by [SANDBOX]/work/.python-version)";
        let install = "hint: run `pyman install 3.7`, or pick one of the installed: 3.8.18\n";
        let python = format!(
            "pyman: version `3.7' is not installed {place}\npyman: python: command not found\n{install}"
        );
        shut.shim("python", &[]).fails(&python, 127);
        shut.pyman(&["exec", "python"]).fails(&python, 127);
        let missing = format!("pyman: version `3.7' not installed\n{install}");
        for words in [["prefix", "3.7"], ["local", "3.7"], ["global", "3.7"]] {
            shut.pyman(&words).fails(&missing, 1);
        }
        let venv = "pyman: version `3.7' is not installed; installed: 3.8.18\nhint: run `pyman install 3.7' first; `pyman venv create --install' does it by itself\n";
        let ran = shut.pyman(&["venv", "create", "-p", "3.7"]);
        assert!(ran.stderr.starts_with(venv) && !ran.stderr.contains("ermission"), "{ran:?}");
        shut.pyman(&["virtualenvs"]).is(
            "",
            &format!("pyman: version `3.7' is not installed {place}\n{install}"),
            0,
        );
        shut.sandbox.write("work/.python-version", "3.8\n");
        shut.pyman(&["which", "nope"]).fails("pyman: nope: command not found\n", 127);
        shut.shim("py", &["-3.7"]).fails(
            &format!("py: version `3.7' is not installed (set by the command line)\n{install}"),
            103,
        );
        // In a list it is missed.
        let listed = shut.shim("py", &["-0"]);
        let said = |place: &str| {
            format!("pyman: cannot read `[SANDBOX]/{place}': Permission denied, passed over\n")
        };
        assert_eq!(listed.stderr, said(OURS), "{listed:?}");
    });
}

#[test]
fn it_keeps_no_command_of_the_others_from_its_shim() {
    as_ordinary_user(|| {
        let shut = Shut::new(&[THEIRS, OURS]);
        shut.sandbox.fake_version("3.8.18", &["flask"]);
        shut.pyman(&["rehash"]).succeeds("");
        shut.pyman(&["shims", "--short"]).succeeds("flask\npip\npython\npython3.8\n");
        shut.sandbox.fake_version("3.8.18", &["django"]);
        let init = shut.pyman(&["init", "-", "bash"]);
        assert_eq!((init.stderr.as_str(), init.status), ("", Some(0)));
        assert!(shut.sandbox.root().join("shims/django").exists());
    });
}

#[test]
fn every_command_goes_on_without_it() {
    as_ordinary_user(|| {
        let shut = Shut::new(&[THEIRS, OURS]);
        let tree = shut.sandbox.root().join("versions/3.8.18");
        fs::create_dir_all(tree.join("lib/python3.8")).unwrap();
        let named = shut.sandbox.home().join(".virtualenvs");
        for name in ["web", "shut"] {
            let made = shut.pyman(&["venv", "create", "--no-pip", "-p", "3.8.18", name]);
            assert_eq!(made.status, Some(0), "{made:?}");
        }
        fs::set_permissions(named.join("shut"), Permissions::from_mode(0o000)).unwrap();
        let base = "[SANDBOX]/pyman/versions/3.8.18";
        let cases: [(&[&str], String); 5] = [
            (&["rehash"], String::new()),
            (&["outdated"], String::new()),
            (&["venv", "list"], format!("web  3.8.18  [SANDBOX]/home/.virtualenvs/web  {base}\n")),
            (&["prune", "--dry-run"], String::new()),
            (&["upgrade", "--dry-run"], String::new()),
        ];
        for (words, stdout) in cases {
            let ran = shut.pyman(words);
            assert_eq!((ran.stdout, ran.status), (stdout, Some(0)), "{words:?}: {}", ran.stderr);
            assert!(!ran.stderr.contains("ermission"), "{words:?}: {}", ran.stderr);
        }
        let said = "pyman: cannot read `[SANDBOX]/home/.virtualenvs/shut': Permission denied\n";
        shut.pyman(&["venv", "remove", "shut"]).fails(said, 5);
        let doctor = shut.pyman(&["doctor"]).stdout;
        assert!(doctor.contains("3.10.13 is there, and you may not read it\n"), "{doctor}");
        fs::set_permissions(named.join("shut"), Permissions::from_mode(0o755)).unwrap();
    });
}
