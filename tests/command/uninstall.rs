//! `pyman uninstall`: what goes, what goes with it, and what is asked.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use crate::support::sandbox::Sandbox;

#[test]
fn a_version_goes_with_its_shims_after_a_yes() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python", "web"]);
    sandbox.fake_version("3.12.0", &["python"]);
    sandbox.run(&["rehash"]).succeeds("");
    let question = "pyman: remove [SANDBOX]/pyman/versions/3.12.1? (y/N) \n";
    sandbox.run(&["uninstall", "3.12"]).is("", question, 1);
    assert!(sandbox.root().join("versions/3.12.1").exists());

    let mut child = sandbox.pyman(["uninstall", "3.12"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"yes\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"pyman: 3.12.1 uninstalled\n");
    assert_eq!(output.status.code(), Some(0));
    assert!(!sandbox.root().join("versions/3.12.1").exists());
    assert!(!sandbox.root().join("shims/web").exists());
    assert!(sandbox.root().join("shims/python").exists());
    let link = fs::read_link(sandbox.root().join("minor/3.12")).unwrap();
    assert_eq!(link.to_string_lossy(), "../versions/3.12.0");
}

#[test]
fn the_word_python_means_no_version_of_its_own() {
    let sandbox = Sandbox::new();
    for version in ["3.9.18", "3.13.0"] {
        sandbox.fake_version(version, &["python"]);
    }
    sandbox.run(&["prefix", "python", "3.9"]).succeeds("[SANDBOX]/pyman/versions/3.9.18\n");
    sandbox.run(&["uninstall", "-f", "python", "3.9"]).succeeds("pyman: 3.9.18 uninstalled\n");
    assert!(sandbox.root().join("versions/3.13.0").exists());
}

#[test]
fn a_file_that_names_what_is_gone_is_named() {
    let sandbox = Sandbox::new();
    for version in ["3.11.7", "3.12.1"] {
        sandbox.fake_version(version, &["python"]);
    }
    sandbox.run(&["global", "3.11.7", "3.12.1"]).succeeds("");
    sandbox.write("work/.python-version", "3.12\n");
    let said = |file: &str, version: &str| {
        format!("pyman: version `{version}' is not installed (set by [SANDBOX]/{file})\n")
    };
    let ran = sandbox.run(&["uninstall", "-f", "3.11.7"]);
    assert!(ran.stderr.starts_with(&said("pyman/version", "3.11.7")), "{ran:?}");
    // What was missing before is not said again.
    let ran = sandbox.run(&["uninstall", "-f", "3.12.1"]);
    let expected = [said("work/.python-version", "3.12"), said("pyman/version", "3.12.1")];
    let lines: Vec<String> = ran
        .stderr
        .lines()
        .filter(|line| line.starts_with("pyman: "))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(lines, expected, "{ran:?}");
}

#[test]
fn what_is_not_there_is_an_error_unless_forgiven() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["uninstall", "3.9"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.starts_with("pyman: version `3.9' not installed\n"), "{}", ran.stderr);
    sandbox.run(&["uninstall", "-f", "3.9"]).succeeds("");
    sandbox.run(&["uninstall", "--yes", "3.9"]).succeeds("");
    for (hostile, status) in [("..", 0), ("../..", 0), ("/etc", 0), ("", 1)] {
        let ran = sandbox.run(&["uninstall", "-f", hostile]);
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(status)), "{hostile}");
    }
    assert!(sandbox.home().exists());
}

#[test]
fn a_link_is_unlinked_and_its_target_untouched() {
    let sandbox = Sandbox::new();
    let foreign = sandbox.path().join("foreign/3.11.7");
    fs::create_dir_all(foreign.join("bin")).unwrap();
    fs::create_dir_all(sandbox.root().join("versions")).unwrap();
    symlink(&foreign, sandbox.root().join("versions/3.11.7")).unwrap();
    symlink("nowhere", sandbox.root().join("versions/gone")).unwrap();
    sandbox
        .run(&["uninstall", "-f", "3.11.7", "gone"])
        .succeeds("pyman: 3.11.7 uninstalled\npyman: gone uninstalled\n");
    assert!(foreign.join("bin").exists());
    assert_eq!(fs::read_dir(sandbox.root().join("versions")).unwrap().count(), 0);
}

#[test]
fn what_was_made_in_a_linked_version_goes_with_its_link() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.11.7", &["python", "python3", "python3.11"]);
    let (link, far) = (sandbox.root().join("versions/3.11.7"), sandbox.path().join("far"));
    fs::create_dir_all(link.join("lib/python3.11")).unwrap();
    fs::rename(&link, &far).unwrap();
    sandbox.write("far/envs/theirs/pyvenv.cfg", "home = x\n");
    symlink(&far, &link).unwrap();
    let before = fs::read_dir(&far).unwrap().count();
    for words in [
        &["virtualenv", "--no-pip", "3.11.7", "web"][..],
        &["venv", "create", "--no-pip", "-p", "3.11.7", "named"],
        &["venv", "create", "--no-pip", "-p", "3.11"],
    ] {
        let ran = sandbox.run(words);
        assert_eq!(ran.status, Some(0), "{ran:?}");
    }
    for (name, target) in
        [("theirs", "3.11.7/envs/theirs"), ("alias", "3.11.7"), ("other", "alias")]
    {
        symlink(target, sandbox.root().join("versions").join(name)).unwrap();
    }
    let question = "These environments stand on 3.11.7:\n  \
                    [SANDBOX]/pyman/versions/3.11.7/envs/web\n  \
                    [SANDBOX]/home/.virtualenvs/named\n  \
                    [SANDBOX]/work/.venv\n\
                    pyman: remove [SANDBOX]/pyman/versions/3.11.7? (y/N) \n";
    sandbox.run(&["uninstall", "3.11.7"]).is("", question, 1);
    // Which asks nothing, and so takes nothing along.
    sandbox.run(&["unlink", "3.11.7"]).fails(
        "pyman: without version `3.11.7' there would be no `3.11.7/envs/web'\n\
         hint: run `pyman uninstall 3.11.7'\n",
        1,
    );
    assert!(far.join("envs/web").exists() && link.exists());
    sandbox.run(&["uninstall", "-f", "3.11.7"]).succeeds("pyman: 3.11.7 uninstalled\n");
    let left: Vec<_> = fs::read_dir(sandbox.root().join("versions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["named"]);
    assert!(!far.join("envs/web").exists() && far.join("envs/theirs/pyvenv.cfg").exists());
    assert_eq!(fs::read_dir(&far).unwrap().count(), before);
    let doctor = sandbox.run(&["doctor"]).stdout;
    assert!(!doctor.contains("which is not there"), "{doctor}");
}

#[test]
fn the_environments_that_would_break_are_named() {
    let sandbox = Sandbox::new();
    let tree = sandbox.fake_version("3.12.1", &["python"]);
    sandbox.write("pyman/versions/3.12.1/envs/web/pyvenv.cfg", "home = x\n");
    symlink("3.12.1/envs/web", sandbox.root().join("versions/web")).unwrap();
    let config = format!("home = {}/bin\nversion = 3.12.1\n", tree.display());
    sandbox.write("home/.virtualenvs/api/pyvenv.cfg", config);
    sandbox.write("home/.virtualenvs/other/pyvenv.cfg", "home = /usr/bin\n");
    let question = "These environments stand on 3.12.1:\n  \
                    [SANDBOX]/pyman/versions/3.12.1/envs/web\n  \
                    [SANDBOX]/home/.virtualenvs/api\n\
                    pyman: remove [SANDBOX]/pyman/versions/3.12.1? (y/N) \n";
    sandbox.run(&["uninstall", "3.12.1"]).is("", question, 1);

    sandbox.run(&["uninstall", "-f", "3.12.1"]).succeeds("pyman: 3.12.1 uninstalled\n");
    assert!(fs::symlink_metadata(sandbox.root().join("versions/web")).is_err());
    assert!(sandbox.home().join(".virtualenvs/api").exists());
}

#[test]
fn an_environments_link_takes_the_environment_with_it() {
    let sandbox = Sandbox::new();
    sandbox.fake_version("3.12.1", &["python"]);
    let environment = sandbox.root().join("versions/3.12.1/envs/web");
    fs::create_dir_all(&environment).unwrap();
    fs::write(environment.join("pyvenv.cfg"), "").unwrap();
    symlink("3.12.1/envs/web", sandbox.root().join("versions/web")).unwrap();
    sandbox.run(&["uninstall", "-f", "web"]).succeeds("pyman: web uninstalled\n");
    assert!(!environment.exists());
    assert!(sandbox.root().join("versions/3.12.1/bin/python").exists());
}

#[test]
fn nothing_is_removed_through_a_link_nor_out_of_a_version() {
    let sandbox = Sandbox::new();
    let tree = sandbox.path().join("elsewhere/3.9.18");
    for file in ["bin/python", "lib/file", "envs/web/pyvenv.cfg"] {
        sandbox.write(&format!("elsewhere/3.9.18/{file}"), "");
    }
    sandbox.fake_version("3.12.1", &["python"]);
    symlink(&tree, sandbox.root().join("versions/3.9.18")).unwrap();
    for name in ["3.9.18/bin", "3.9.18/lib/file", "3.12.1/bin", "3.12.1/bin/python", "3.12.1/."] {
        let ran = sandbox.run(&["uninstall", "-f", name]);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""), "{name}");
        let ran = sandbox.run(&["uninstall", name]);
        let first = format!("pyman: version `{name}' not installed");
        assert_eq!(ran.stderr.lines().next(), Some(first.as_str()));
    }
    let foreign = sandbox.run(&["uninstall", "-f", "3.9.18/envs/web"]);
    foreign.fails(
        "pyman: `3.9.18/envs/web' stands in [SANDBOX]/elsewhere/3.9.18, which is only linked here\n",
        1,
    );
    for file in ["bin/python", "lib/file", "envs/web/pyvenv.cfg"] {
        assert!(tree.join(file).exists(), "{file}");
    }
    assert!(sandbox.root().join("versions/3.12.1/bin/python").exists());
    sandbox.write("work/.python-version", "3.12.1/bin\n");
    let version = sandbox.run(&["version"]);
    assert_eq!((version.stdout.as_str(), version.status), ("", Some(1)));
}
