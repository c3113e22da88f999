//! The commands that change something, each with what it is run on.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::tiny::Stall;

/// A command that is killed.
pub(super) struct Case {
    pub(super) name: &'static str,
    /// Makes what it is run on.
    pub(super) prepare: fn(&Stall),
    pub(super) command: &'static [&'static str],
}

const fn case(name: &'static str, prepare: fn(&Stall), command: &'static [&'static str]) -> Case {
    Case { name, prepare, command }
}

/// 3.12.1 and 3.11.5; environments on a minor and on a patch, named, by path and within the version.
fn lived_in(stall: &Stall) {
    stall.prepare(&["install", "3.12.1", "3.11.5"]);
    stall.prepare(&["global", "3.11.5"]);
    stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12", "web"]);
    stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12.1", "./env"]);
    stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "api"]);
}

fn one_version(stall: &Stall) {
    stall.prepare(&["install", "3.12.1"]);
}

pub(super) fn install_over() -> Case {
    case("install_over", lived_in, &["install", "-f", "3.12.1"])
}

pub(super) fn create_here() -> Case {
    case("create_here", one_version, &["venv", "create", "--no-pip", "-p", "3.12.1"])
}

pub(super) fn create_anew() -> Case {
    let command = &["venv", "create", "--no-pip", "--clear", "-p", "3.11.5", "web"];
    case("create_anew", lived_in, command)
}

pub(super) fn global() -> Case {
    case("global", lived_in, &["global", "3.12.1", "3.11.5"])
}

pub(super) fn local() -> Case {
    case("local", lived_in, &["local", "3.12.1"])
}

pub(super) fn rehash() -> Case {
    let prepare = |stall: &Stall| {
        lived_in(stall);
        let root = stall.sandbox.root();
        for name in ["flask", "black"] {
            symlink("python3.11", root.join("versions/3.11.5/bin").join(name)).unwrap();
        }
        fs::remove_file(root.join("versions/3.11.5/bin/pip")).unwrap();
        fs::write(root.join("shims/stale"), "").unwrap();
        fs::remove_file(root.join("bin/pyman")).unwrap();
    };
    case("rehash", prepare, &["rehash"])
}

pub(super) fn setup() -> Case {
    let prepare = |stall: &Stall| {
        let home = stall.sandbox.home();
        fs::write(home.join(".bashrc"), "alias ll='ls -l'\n").unwrap();
        fs::write(home.join(".profile"), "umask 022\n").unwrap();
    };
    case("setup", prepare, &["setup", "bash"])
}

pub(super) fn setup_undone() -> Case {
    let prepare = |stall: &Stall| {
        (setup().prepare)(stall);
        stall.prepare(&["setup", "bash"]);
    };
    case("setup_undone", prepare, &["setup", "bash", "--undo"])
}
