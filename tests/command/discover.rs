//! `pyman discover`.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use super::link::distributions;
use crate::support::sandbox::Sandbox;

#[test]
fn every_interpreter_is_told_once_with_its_tool() {
    let sandbox = Sandbox::new();
    let (version, executable) = distributions();
    // A version of pyenv's that is a link to the system's is the system's.
    fs::create_dir_all(sandbox.home().join(".pyenv/versions/mine/bin")).unwrap();
    symlink("/usr/bin/python3", sandbox.home().join(".pyenv/versions/mine/bin/python")).unwrap();

    let ran = sandbox.run(&["discover", "--json"]);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    let told = told["interpreters"].as_array().unwrap();
    let path = executable.to_str().unwrap();
    let ours: Vec<&Value> = told.iter().filter(|one| one["path"] == path).collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0]["version"], *version);
    assert_eq!(ours[0]["architecture"], std::env::consts::ARCH);
    assert_eq!(ours[0]["prefix"], "/usr");
    assert_eq!(ours[0]["manager"], "system");

    let table = sandbox.run(&["discover"]);
    assert_eq!(table.stdout.lines().count(), told.len());
    let line = table.stdout.lines().find(|line| line.ends_with(path)).unwrap();
    let columns: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(columns[..2], [version.as_str(), std::env::consts::ARCH]);
    assert!(!sandbox.root().join("versions").exists());
}

#[test]
fn what_is_found_can_be_linked_and_stays_linked() {
    let sandbox = Sandbox::new();
    let (version, _) = distributions();
    let first = sandbox.run(&["discover", "--link"]);
    assert_eq!(first.status, Some(0), "{}", first.stderr);
    assert!(first.stderr.contains(&format!("linked {version} -> ")), "{}", first.stderr);
    assert!(sandbox.root().join("versions").join(&version).join("bin/python").exists());
    let again = sandbox.run(&["discover", "--link"]);
    assert!(!again.stderr.contains("linked "), "{}", again.stderr);
    assert_eq!(again.status, Some(0));
}
