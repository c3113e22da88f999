//! `pyman link` and `pyman unlink`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use pyman::archive::{Policy, Root, unpack_file};
use pyman::progress::Silent;

use crate::support::prebuilt::Prebuilt;
use crate::support::sandbox::Sandbox;

/// The version of the distribution's Python, `3.11.2`, and its executable without links.
pub(super) fn distributions() -> (String, PathBuf) {
    let output = Command::new("/usr/bin/python3")
        .args(["-I", "-c", "import platform; print(platform.python_version())"])
        .output()
        .unwrap();
    let version = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    (version, Path::new("/usr/bin/python3").canonicalize().unwrap())
}

/// A tree of one version, as pyenv, uv and conda keep theirs.
fn tree(sandbox: &Sandbox) -> (&'static str, PathBuf) {
    let packed = Prebuilt::small();
    let place = sandbox.path().join("elsewhere");
    let policy = Policy::limited(Root::Below(b"python".to_vec()));
    unpack_file(&packed.path, &place, &policy, &Silent).unwrap();
    (&packed.version, place)
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_whole_tree_becomes_a_link_that_runs() {
    let sandbox = Sandbox::new();
    let (version, place) = tree(&sandbox);
    for path in ["elsewhere", "elsewhere/bin/python3"] {
        let linked = format!("linked {version} -> [SANDBOX]/elsewhere\n");
        let mut link = sandbox.pyman(["link", &format!("../{path}")]);
        sandbox.ran(&mut link).is("", &linked, 0);
        let link = sandbox.root().join("versions").join(version);
        assert_eq!(fs::read_link(&link).unwrap(), place);
        assert!(sandbox.root().join("shims/python3").is_file());
        let minor = version.rsplit_once('.').unwrap().0;
        let followed = fs::canonicalize(sandbox.root().join("minor").join(minor)).unwrap();
        assert_eq!(followed, place);

        let unlinked = format!("unlinked {version}\n");
        sandbox.run(&["unlink", version]).is("", &unlinked, 0);
        assert_eq!(names(&sandbox.root().join("versions")), [""; 0]);
        assert_eq!(names(&sandbox.root().join("minor")), [""; 0]);
        assert!(!sandbox.root().join("shims/python3").exists());
        assert!(place.join("bin/python3").exists());
    }
}

#[test]
fn of_a_shared_prefix_only_its_own_commands_become_shims() {
    let sandbox = Sandbox::new();
    let (version, executable) = distributions();
    let linked = format!("linked {version} -> {}\n", executable.display());
    sandbox.run(&["link", "/usr/bin/python3"]).is("", &linked, 0);
    let identity = sandbox.root().join("versions").join(&version).join(".pyman/identity");
    let expected = format!("cpython {version} default\n");
    assert_eq!(fs::read_to_string(identity).unwrap(), expected);
    let own = ["python", "pip", "idle", "pydoc"];
    let commands = names(&sandbox.root().join("versions").join(&version).join("bin"));
    assert!(commands.iter().all(|name| own.iter().any(|own| name.starts_with(own))));
    for name in ["python", "python3"] {
        assert!(commands.iter().any(|command| command == name), "{commands:?}");
        assert!(sandbox.root().join("shims").join(name).is_file());
    }
    assert!(!sandbox.root().join("shims/ls").exists());
    let program = sandbox.root().join("versions").join(&version).join("bin/python");
    let output =
        sandbox.command(program).args(["-I", "-c", "import sys; print(sys.prefix)"]).output();
    assert_eq!(output.unwrap().stdout, b"/usr\n");

    sandbox.run(&["unlink", &version]).is("", &format!("unlinked {version}\n"), 0);
    assert_eq!(names(&sandbox.root().join("versions")), [""; 0]);
}

#[test]
fn a_name_of_ones_own_is_taken_once() {
    let sandbox = Sandbox::new();
    let (version, _) = tree(&sandbox);
    let linked = "linked mine -> [SANDBOX]/elsewhere\n";
    sandbox.run(&["link", "../elsewhere", "mine"]).is("", linked, 0);
    sandbox.run(&["link", "../elsewhere", "mine"]).fails(
        "pyman: version `mine' already exists\n\
         hint: give it another name: `pyman link PATH NAME'\n",
        1,
    );
    let other = format!("pyman: `2.7.1' is the name of another version: this is {version}\n");
    sandbox.run(&["link", "../elsewhere", "2.7.1"]).fails(&other, 2);
    for name in ["system", "../up", "a/b", ""] {
        let refused = format!("pyman: `{name}' cannot be a version's name\n");
        sandbox.run(&["link", "../elsewhere", name]).fails(&refused, 2);
    }
    assert_eq!(names(&sandbox.root().join("versions")), ["mine"]);
    assert_eq!(names(&sandbox.root().join("stage")), [""; 0]);
}

#[test]
fn what_was_made_under_a_name_is_forgotten_when_another_tree_takes_it() {
    let sandbox = Sandbox::new();
    let (_, place) = tree(&sandbox);
    sandbox.run(&["link", "../elsewhere", "mine"]);
    let made = sandbox.run(&["virtualenv", "--without-pip", "mine", "web"]);
    assert_eq!(made.status, Some(0), "{}", made.stderr);
    sandbox.run(&["unlink", "mine"]);
    let other = sandbox.path().join("other");
    fs::rename(&place, &other).unwrap();
    sandbox.run(&["link", "../other", "mine"]).is("", "linked mine -> [SANDBOX]/other\n", 0);
    let ran = sandbox.run(&["virtualenv-delete", "-f", "mine/envs/web"]);
    assert_eq!(ran.status, Some(1), "{}", ran.stderr);
    assert_eq!(names(&other.join("envs")), ["web"]);
}

#[test]
fn a_dangling_link_gives_its_name_back() {
    let sandbox = Sandbox::new();
    tree(&sandbox);
    fs::create_dir_all(sandbox.root().join("versions")).unwrap();
    symlink("/nowhere/at/all", sandbox.root().join("versions/mine")).unwrap();
    let linked = "linked mine -> [SANDBOX]/elsewhere\n";
    sandbox.run(&["link", "../elsewhere", "mine"]).is("", linked, 0);
}

#[test]
fn what_is_no_interpreter_is_not_linked() {
    let sandbox = Sandbox::new();
    sandbox.write("work/empty/bin/readme", "");
    let empty = "pyman: [SANDBOX]/work/empty has no interpreter in its bin\n";
    sandbox.run(&["link", "empty"]).fails(empty, 1);
    sandbox.run(&["link", "/bin/false"]).fails("pyman: /bin/false is no Python interpreter\n", 1);
    let absent = sandbox.run(&["link", "/nowhere/python"]);
    assert!(absent.stderr.starts_with("pyman: /nowhere/python cannot be run: "));
    assert_eq!((absent.stdout.as_str(), absent.status), ("", Some(1)));
    assert!(!sandbox.root().join("versions").exists());
}

#[test]
fn an_environment_is_not_linked_but_its_base_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("web/pyvenv.cfg", "home = /usr/bin\n");
    fs::create_dir(sandbox.path().join("web/bin")).unwrap();
    symlink("/usr/bin/python3", sandbox.path().join("web/bin/python")).unwrap();
    sandbox.run(&["link", "../web"]).fails(
        "pyman: [SANDBOX]/web is a virtual environment\n\
         hint: link what it stands on: run `pyman link /usr'\n",
        1,
    );
}

#[test]
fn only_what_was_linked_is_unlinked() {
    let sandbox = Sandbox::new();
    let installed = sandbox.fake_version("3.9.1", &["python"]);
    symlink("3.9.1", sandbox.root().join("versions/alias")).unwrap();
    sandbox.write("web/pyvenv.cfg", "");
    symlink(sandbox.path().join("web"), sandbox.root().join("versions/web")).unwrap();
    for name in ["3.9.1", "alias", "web"] {
        let refused = format!(
            "pyman: version `{name}' was not made by `pyman link'\n\
             hint: run `pyman uninstall {name}'\n"
        );
        sandbox.run(&["unlink", name]).fails(&refused, 1);
    }
    for name in ["3.8.0", "../versions/alias", ".."] {
        let absent = format!("pyman: version `{name}' not installed\n");
        sandbox.run(&["unlink", name]).fails(&absent, 1);
    }
    assert!(installed.join("bin/python").exists());
    assert_eq!(names(&sandbox.root().join("versions")), ["3.9.1", "alias", "web"]);
}
