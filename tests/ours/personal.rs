//! What a person keeps where pyman works, too: it is left, and so are the links of a person's own files.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{lived_in, run};
use crate::support::needs::as_ordinary_user;
use crate::support::tiny::Stall;

/// Puts a file into the sandbox.
fn keep(stall: &Stall, name: &str) {
    stall.sandbox.write(name, "precious");
}

/// All of these are as they were put there.
#[track_caller]
fn kept(stall: &Stall, names: &[&str], after: &str) {
    for name in names {
        let text = fs::read_to_string(stall.sandbox.path().join(name)).unwrap_or_default();
        assert_eq!(text, "precious", "{name} after {after}");
    }
}

/// Moves a file to where somebody keeps such files, and links it.
fn stow(stall: &Stall, file: &Path) {
    let kept = stall.sandbox.home().join("dotfiles").join(file.file_name().unwrap());
    fs::create_dir_all(kept.parent().unwrap()).unwrap();
    fs::rename(file, &kept).unwrap();
    symlink(kept, file).unwrap();
}

#[test]
fn things_in_places_of_ours_stay() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let things = [
            "pyman/shims/notes/thesis",
            "pyman/sources/patches/one.patch",
            "pyman/sources/3.12.1/mine/setup.py",
            "pyman/logs/diary.txt",
            "pyman/versions/3.12.1/envs/notes/thesis",
        ];
        for thing in things {
            keep(&stall, thing);
        }
        keep(&stall, "pyman/sources/3.12.1/Python-3.12.1/setup.py");
        let old = std::time::SystemTime::now() - std::time::Duration::from_hours(24 * 30);
        let diary = stall.sandbox.path().join("pyman/logs/diary.txt");
        fs::File::options().write(true).open(diary).unwrap().set_modified(old).unwrap();
        stall.offer(&["3.12.1", "3.12.3", "3.11.5"]);
        for command in
            [&["rehash"][..], &["cache", "clean"], &["upgrade"], &["prune", "--yes"], &["rehash"]]
        {
            run(&stall, command);
            kept(&stall, &things, &command.join(" "));
        }
        assert!(!stall.sandbox.root().join("sources/3.12.1/Python-3.12.1").exists());
        assert!(stall.sandbox.root().join("versions/3.12.3/bin/python").exists());
    });
}

#[test]
fn a_link_to_a_disk_that_is_not_there_today_stays() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let link = stall.sandbox.root().join("versions/science");
        symlink(stall.sandbox.path().join("disk/envs/science"), &link).unwrap();
        for command in [
            &["rehash"][..],
            &["venv", "move", "web", "site"],
            &["venv", "remove", "site"],
            &["virtualenv-delete", "-f", "api"],
            &["uninstall", "-f", "3.11.5"],
            &["install", "3.12.2"],
        ] {
            stall.prepare(command);
            assert!(link.is_symlink(), "{command:?}");
        }
    });
}

#[test]
fn start_up_files_that_became_links_stay_links() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let home = stall.sandbox.home();
        stall.prepare(&["setup", "bash"]);
        let files: Vec<_> = [".bashrc", ".profile", ".bash_profile"]
            .map(|name| home.join(name))
            .into_iter()
            .filter(|file| file.is_file())
            .collect();
        assert!(!files.is_empty());
        for file in &files {
            stow(&stall, file);
        }
        stall.prepare(&["setup", "bash", "--undo"]);
        for file in &files {
            assert!(file.is_symlink(), "{}", file.display());
            let text = fs::read_to_string(file).unwrap();
            assert!(!text.contains("pyman"), "{}: {text}", file.display());
        }
        // One that is linked before it is there is made where it is to be.
        let place = home.join("dotfiles/made");
        fs::remove_file(home.join(".bashrc")).unwrap();
        symlink("dotfiles/made", home.join(".bashrc")).unwrap();
        stall.prepare(&["setup", "bash"]);
        assert!(home.join(".bashrc").is_symlink());
        assert!(fs::read_to_string(place).unwrap().contains("pyman"));
    });
}

#[test]
fn a_configuration_of_pip_that_became_a_link_stays_one() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let file = stall.sandbox.home().join(".config/pip/pip.conf");
        stall.prepare(&["mirror", "set", "--pip", "https://me:secret@index.example/simple"]);
        stow(&stall, &file);
        stall.prepare(&["mirror", "unset", "--pip"]);
        assert!(file.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "");
    });
}

#[test]
fn a_pyenv_of_somebodys_keeps_its_place() {
    as_ordinary_user(|| {
        let stall = lived_in();
        keep(&stall, "pyman/bin/pyenv");
        let ran = stall.run(&["setup", "--as-pyenv", "bash"]);
        assert_eq!(ran.status, Some(1), "{ran:?}");
        kept(&stall, &["pyman/bin/pyenv"], "setup --as-pyenv");
        stall.prepare(&["setup", "bash"]);
        stall.prepare(&["setup", "--undo"]);
        kept(&stall, &["pyman/bin/pyenv"], "setup --undo");
    });
}

#[test]
fn a_list_of_condas_gives_no_names_but_names() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let names =
            ["system", "3.12", "3", "-x", ".pyman-next-3.11.5", "a\u{1b}[31mb", "3.12.9", "good"];
        let mut listed = String::new();
        for name in names {
            let tree = stall.sandbox.home().join("trees").join(name);
            fs::create_dir_all(tree.join("conda-meta")).unwrap();
            fs::create_dir_all(tree.join("bin")).unwrap();
            listed = listed + tree.to_str().unwrap() + "\n";
        }
        stall.sandbox.write("home/.conda/environments.txt", listed);
        stall.prepare(&["import", "conda"]);
        for name in names {
            let link = stall.sandbox.root().join("versions").join(name);
            assert_eq!(link.is_symlink(), name == "good", "{name:?}");
        }
    });
}

#[test]
fn the_tag_of_a_build_names_no_other_place() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let place = stall.sandbox.work();
        for tag in ["../../home", "..", stall.sandbox.home().to_str().unwrap()] {
            let row = serde_json::json!({
                "implementation": "cpython", "version": "3.12.2", "kind": "prebuilt", "build": tag,
                "file": ".bashrc", "url": "http://127.0.0.1:9/x", "sha256": "0".repeat(64),
            });
            fs::write(place.join("rows.jsonl"), format!("{row}\n")).unwrap();
            let mut command = stall.pyman(&["mirror", "sync", "mirror", "3.12.2"]);
            let output = command.env("PYMAN_CATALOGUE", place.join("rows.jsonl")).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                !output.status.success() && said.contains("is no build's tag"),
                "{tag}: {said}"
            );
        }
    });
}
