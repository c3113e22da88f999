//! Which shell asks, and its start-up files.

use std::fs;
use std::path::{Path, PathBuf};

use super::Real;
use crate::support::needs::needs;
use crate::support::sandbox::Sandbox;

#[test]
fn the_parent_process_tells_which_shell_asks() {
    for shell in Real::all() {
        let sandbox = Sandbox::new();
        let asks = "$PYMAN init --detect-shell; true";
        let mut command = shell.command(&sandbox, &sandbox.root(), &["-c", asks]);
        command.env("SHELL", "/bin/nonsense");
        let ran = sandbox.ran(&mut command);
        let first = ran.stdout.lines().next().unwrap_or_default().to_owned();
        let name = first.strip_prefix("PYMAN_SHELL_DETECT=").unwrap();
        assert!(name.starts_with(shell.program), "{shell:?}: {ran:?}");
    }
    let sandbox = Sandbox::new();
    Sandbox::script(&sandbox.path().join("script"), "$PYMAN init --detect-shell | head -n 1");
    let mut script = sandbox.command(sandbox.path().join("script"));
    let ran = sandbox.ran(script.env("PYMAN", crate::support::program()));
    ran.succeeds("PYMAN_SHELL_DETECT=sh\n");
    let mut command = sandbox.pyman(["init", "--detect-shell"]);
    command.env("SHELL", "/usr/bin/zsh");
    sandbox.ran(&mut command).succeeds(
        "PYMAN_SHELL_DETECT=zsh\nPYMAN_PROFILE_DETECT=~/.zprofile\nPYMAN_RC_DETECT=~/.zshrc\n",
    );
}

#[test]
fn init_alone_tells_what_to_do() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.pyman(["init", "zsh"]);
    command.env("PYMAN_ROOT", sandbox.home().join(".pyman"));
    let program = crate::support::program();
    sandbox.ran(&mut command).fails(
        &format!(
            "# `pyman setup zsh' loads pyman automatically. To do it by hand, add\n\
             # the following to ~/.zshrc and ~/.zprofile:\n\n\
             eval \"$({program} init - zsh)\"\n\n\
             # Restart your shell for the changes to take effect.\n"
        ),
        1,
    );
    let fish = sandbox.run(&["init", "fish"]);
    let lines =
        format!("\n\nset -gx PYMAN_ROOT [SANDBOX]/pyman\n{program} init - fish | source\n\n");
    assert!(fish.stderr.contains(&lines), "{fish:?}");
    sandbox.run(&["init", "-", "elvish"]).fails(
        "pyman: no such shell `elvish'\n\
         hint: the shells are bash, zsh, fish, ksh, sh, pwsh, nu\n",
        1,
    );
}

#[test]
fn nobodys_start_up_files_are_left_alone() {
    let sandbox = Sandbox::new();
    for arguments in [["setup", "bash"], ["setup", "--undo"]] {
        let mut command = sandbox.pyman(arguments);
        sandbox.ran(command.env_remove("HOME")).fails(
            "pyman: HOME is not set: nobody says whose start-up files these are to be\n\
             hint: set HOME to an absolute directory\n",
            1,
        );
    }
}

/// How a new shell is started, and whether it is one that reads no file but its own.
fn new_shells(program: &str) -> Vec<Vec<&str>> {
    match program {
        "bash" => vec![vec!["-i", "-c"], vec!["-l", "-c"], vec!["-l", "-i", "-c"]],
        "zsh" => vec![vec!["-i", "-c"], vec!["-l", "-i", "-c"]],
        "fish" => vec![vec!["-c"], vec!["-i", "-c"], vec!["-l", "-c"]],
        "ksh" | "mksh" => vec![vec!["-l", "-c"], vec!["-l", "-i", "-c"]],
        _ => vec![vec!["-l", "-c"]],
    }
}

#[test]
fn new_shells_have_pyman_after_setup_and_not_after_undo() {
    for shell in Real::all() {
        let sandbox = Sandbox::new();
        let root = sandbox.home().join(".pyman");
        sandbox.write("home/.bashrc", "# mine");
        sandbox.write("home/.profile", "export MINE=1\n");
        let before = files(&sandbox.home());
        for _ in 0..2 {
            let mut setup = sandbox.pyman(["setup", shell.program]);
            let ran = sandbox.ran(setup.env("PYMAN_ROOT", &root));
            assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(0)), "{ran:?}");
        }
        let mut again = sandbox.pyman(["setup", shell.program]);
        let ran = sandbox.ran(again.env("PYMAN_ROOT", &root));
        assert!(!ran.stderr.contains("added"), "{ran:?}");
        for mut start in new_shells(shell.program) {
            start.push("pyman root; command -v py; printf %s \"$PYMAN_SHELL\"");
            let mut command = sandbox.command(shell.program);
            command.env_remove("PYMAN_ROOT").env("TERM", "dumb").args(&start);
            let ran = sandbox.ran(&mut command);
            let expected = "[SANDBOX]/home/.pyman\n[SANDBOX]/home/.pyman/shims/py\n";
            assert!(ran.stdout.starts_with(expected), "{shell:?} {start:?}: {ran:?}");
        }
        let mut undo = sandbox.pyman(["setup", "--undo"]);
        sandbox.ran(undo.env("PYMAN_ROOT", &root));
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(files(&sandbox.home()), before, "{shell:?}");
    }
}

#[test]
fn a_shell_that_was_set_up_starts_without_the_manager() {
    for shell in Real::all().filter(|shell| ["bash", "zsh", "fish"].contains(&shell.program)) {
        let sandbox = Sandbox::new();
        let root = sandbox.home().join(".pyman");
        let mut setup = sandbox.pyman(["setup", shell.program]);
        assert_eq!(sandbox.ran(setup.env("PYMAN_ROOT", &root)).status, Some(0));
        fs::remove_file(root.join("bin/pyman")).unwrap();
        let mut command = sandbox.command(shell.program);
        let tells = "command -v py; printf '%s\\n' \"$PYMAN_SHELL\"";
        command.env_remove("PYMAN_ROOT").env("TERM", "dumb").args(["-i", "-c", tells]);
        let ran = sandbox.ran(&mut command);
        let expected = format!("[SANDBOX]/home/.pyman/shims/py\n{}\n", shell.program);
        assert_eq!(ran.stdout, expected, "{ran:?}");
        assert!(!ran.stderr.contains("pyman"), "{ran:?}");
    }
}

#[test]
fn a_login_says_nothing_of_a_manager_that_is_gone() {
    for shell in Real::all() {
        let sandbox = Sandbox::new();
        let root = sandbox.home().join(".pyman");
        let mut setup = sandbox.pyman(["setup", shell.program]);
        assert_eq!(sandbox.ran(setup.env("PYMAN_ROOT", &root)).status, Some(0));
        let link = root.join("bin/pyman");
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink("/nowhere/pyman", &link).unwrap();
        for mut start in new_shells(shell.program) {
            start.push("echo here");
            let mut command = sandbox.command(shell.program);
            command.env_remove("PYMAN_ROOT").env("TERM", "dumb").args(&start);
            let ran = sandbox.ran(&mut command);
            assert_eq!(
                (ran.stdout.as_str(), ran.status),
                ("here\n", Some(0)),
                "{start:?}: {ran:?}"
            );
            assert!(!ran.stderr.contains("pyman"), "{shell:?} {start:?}: {ran:?}");
        }
    }
}

#[test]
fn a_rehash_renews_the_code_that_setup_kept() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["setup", "bash"]).status, Some(0));
    let kept = sandbox.root().join("init/bash");
    let code = fs::read(&kept).unwrap();
    fs::write(&kept, "# pyman setup\nthe code of an older manager\n").unwrap();
    sandbox.run(&["rehash"]).succeeds("");
    assert_eq!(fs::read(&kept).unwrap(), code);
    assert_eq!(sandbox.run(&["setup", "--undo"]).status, Some(0));
    assert!(!sandbox.root().join("init").exists());
    sandbox.run(&["rehash"]).succeeds("");
    assert!(!sandbox.root().join("init").exists());
}

#[test]
fn a_rehash_needs_nothing_of_what_setup_kept() {
    let sandbox = Sandbox::new();
    let init = sandbox.root().join("init");
    fs::create_dir_all(&init).unwrap();
    assert!(sandbox.command("mkfifo").arg(init.join("bash")).status().unwrap().success());
    sandbox.run(&["rehash"]).succeeds("");
    fs::remove_dir_all(&init).unwrap();
    fs::write(&init, "").unwrap();
    sandbox.run(&["rehash"]).succeeds("");
    sandbox.run(&["setup", "--undo"]).is("", "nothing was set up\n", 0);
}

/// Every file of a home directory that is a start-up file or lies where one may.
fn files(home: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut directories = vec![home.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let own = ["fish_variables", "fish_history", ".zcompdump", ".sh_history"];
            if path.is_dir() && path.file_name().unwrap() != ".pyman" {
                directories.push(path);
            } else if path.is_file() && !own.iter().any(|name| path.ends_with(name)) {
                found.push((path.clone(), fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// A directory that is not among the temporary files, which may all vanish; none where no other can be written.
fn lasting() -> Option<tempfile::TempDir> {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let home = std::env::home_dir();
    let mut places =
        [built].into_iter().chain(home.as_deref()).chain([Path::new("/dev/shm")]).filter(|place| {
            !["/tmp", "/var/tmp"].iter().any(|temporary| place.starts_with(temporary))
        });
    places.find_map(|place| tempfile::tempdir_in(place).ok())
}

/// Sets up by a program that stands beside `mark`: whether that is kept in the root, where new shells find it still when its
/// place is gone.
fn set_up_beside(place: tempfile::TempDir, mark: &str, kept: bool) {
    let program = place.path().join("venv/bin/pyman");
    fs::create_dir_all(program.parent().unwrap()).unwrap();
    fs::write(place.path().join(mark), "").unwrap();
    fs::copy(crate::support::program(), &program).unwrap();
    let sandbox = Sandbox::new();
    let root = sandbox.home().join(".pyman");
    let mut setup = sandbox.command(&program);
    setup.args(["setup", "bash"]).env_remove("PYMAN_ROOT");
    let ran = sandbox.ran(&mut setup);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let said = "pyman itself is in [SANDBOX]/home/.pyman/bin/pyman now";
    assert_eq!(ran.stderr.contains(said), kept, "{mark}: {ran:?}");
    assert_eq!(fs::read_link(root.join("bin/pyman")).is_err(), kept, "{mark}");
    // Another time there is nothing left to do.
    assert!(!sandbox.ran(&mut setup).stderr.contains("itself"), "{mark}");
    drop(place);
    let mut shell = sandbox.command("bash");
    shell.env_remove("PYMAN_ROOT").env("TERM", "dumb").args(["-ic", "pyman root"]);
    let ran = sandbox.ran(&mut shell);
    let expected = if kept { "[SANDBOX]/home/.pyman\n" } else { "" };
    assert_eq!(ran.stdout, expected, "{mark}: {ran:?}");
}

#[test]
fn a_program_that_may_vanish_is_kept() {
    set_up_beside(tempfile::tempdir().unwrap(), "venv/notes", true);
}

#[test]
fn a_program_beside_a_mark_of_what_is_made_again_is_kept_and_any_other_is_linked() {
    for (mark, kept) in [("venv/pyvenv.cfg", true), ("CACHEDIR.TAG", true), ("venv/notes", false)] {
        needs!(let Some(place) = lasting(), "a place that is not among the temporary files");
        set_up_beside(place, mark, kept);
    }
}
