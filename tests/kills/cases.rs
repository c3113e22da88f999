//! The commands that change something, each with what it is run on.

use std::fs;
use std::os::unix::fs::symlink;

use crate::renewal::{NEWER, OWN, offer, program, put};
use crate::support::tiny::{self, Stall};

/// A command that is killed.
pub(super) struct Case {
    pub(super) name: &'static str,
    /// Makes what it is run on.
    pub(super) prepare: fn(&Stall),
    pub(super) command: &'static [&'static str],
    /// What it reads from stdin.
    pub(super) answers: &'static str,
    /// The program that is killed, by its place in the sandbox, where it is not the tested one itself.
    pub(super) program: Option<&'static str>,
    /// What it mends without making it anew.
    pub(super) mends: Option<&'static str>,
}

/// A case that asks nothing.
const fn case(name: &'static str, prepare: fn(&Stall), command: &'static [&'static str]) -> Case {
    Case { name, prepare, command, answers: "", program: None, mends: None }
}

/// 3.12.1 and 3.11.5; environments on a minor and on a patch, named, by path and within the version.
fn lived_in(stall: &Stall) {
    stall.prepare(&["install", "3.12.1", "3.11.5"]);
    stall.prepare(&["global", "3.11.5"]);
    stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12", "web"]);
    stall.prepare(&["venv", "create", "--no-pip", "-p", "3.12.1", "./env"]);
    stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "api"]);
}

/// The same, and 3.12.2.
fn with_a_sibling(stall: &Stall) {
    lived_in(stall);
    stall.prepare(&["install", "3.12.2"]);
}

fn one_version(stall: &Stall) {
    stall.prepare(&["install", "3.12.1"]);
}

fn nothing(_: &Stall) {}

pub(super) fn install() -> Case {
    case("install", lived_in, &["install", "3.12.2"])
}

pub(super) fn install_the_first() -> Case {
    case("install_the_first", nothing, &["install", "3.12.1"])
}

pub(super) fn install_the_newest() -> Case {
    case("install_the_newest", lived_in, &["install", "3.12"])
}

pub(super) fn install_several() -> Case {
    case("install_several", one_version, &["install", "3.12.2", "3.11.5"])
}

pub(super) fn install_over() -> Case {
    case("install_over", lived_in, &["install", "-f", "3.12.1"])
}

pub(super) fn install_elsewhere() -> Case {
    case("install_elsewhere", lived_in, &["install", "--target", "../home/other/3.12.2", "3.12.2"])
}

pub(super) fn install_elsewhere_over() -> Case {
    let prepare = |stall: &Stall| {
        lived_in(stall);
        stall.prepare(install_elsewhere().command);
    };
    let command = &["install", "-f", "--target", "../home/other/3.12.2", "3.12.2"];
    case("install_elsewhere_over", prepare, command)
}

pub(super) fn install_an_archive() -> Case {
    let prepare = |stall: &Stall| {
        lived_in(stall);
        fs::write(stall.sandbox.home().join("3.12.2.tar.gz"), tiny::archive("3.12.2")).unwrap();
    };
    case("install_an_archive", prepare, &["install", "../home/3.12.2.tar.gz"])
}

pub(super) fn import() -> Case {
    let prepare = |stall: &Stall| {
        lived_in(stall);
        stall.prepare(&["install", "--target", "../home/.pyenv/versions/3.12.2", "3.12.2"]);
        fs::write(stall.sandbox.home().join(".pyenv/version"), "3.12.2\n").unwrap();
    };
    case("import", prepare, &["import", "pyenv"])
}

pub(super) fn pack() -> Case {
    case("pack", lived_in, &["pack", "3.12.1", "-o", "../home/packed.tar.gz"])
}

pub(super) fn prune() -> Case {
    let prepare = |stall: &Stall| {
        one_version(stall);
        stall.prepare(&["install", "3.12.2", "3.12.3"]);
        stall.prepare(&["global", "3.12.3"]);
    };
    case("prune", prepare, &["prune", "-y"])
}

pub(super) fn uninstall() -> Case {
    case("uninstall", with_a_sibling, &["uninstall", "-f", "3.12.2"])
}

pub(super) fn uninstall_the_last() -> Case {
    let prepare = |stall: &Stall| {
        one_version(stall);
        stall.prepare(&["install", "3.11.5"]);
        stall.prepare(&["virtualenv", "--no-pip", "3.11.5", "api"]);
    };
    case("uninstall_the_last", prepare, &["uninstall", "-f", "3.11.5"])
}

pub(super) fn uninstall_by_an_answer() -> Case {
    Case {
        answers: "y\n",
        ..case("uninstall_by_an_answer", with_a_sibling, &["uninstall", "3.12.2"])
    }
}

pub(super) fn uninstall_an_environment() -> Case {
    case("uninstall_an_environment", lived_in, &["uninstall", "-f", "api"])
}

pub(super) fn uninstall_a_named_environment() -> Case {
    case("uninstall_a_named_environment", lived_in, &["uninstall", "-f", "web"])
}

pub(super) fn upgrade() -> Case {
    let prepare = |stall: &Stall| {
        lived_in(stall);
        stall.offer(&["3.11.5", "3.12.1", "3.12.3"]);
    };
    case("upgrade", prepare, &["upgrade"])
}

pub(super) fn create() -> Case {
    case("create", one_version, &["venv", "create", "-p", "3.12", "web"])
}

pub(super) fn create_here() -> Case {
    case("create_here", one_version, &["venv", "create", "--no-pip", "-p", "3.12.1"])
}

pub(super) fn create_anew() -> Case {
    let command = &["venv", "create", "--no-pip", "--clear", "-p", "3.11.5", "web"];
    case("create_anew", lived_in, command)
}

pub(super) fn create_here_anew() -> Case {
    let command = &["venv", "create", "--no-pip", "--clear", "-p", "3.11.5", "./env"];
    case("create_here_anew", lived_in, command)
}

pub(super) fn move_named() -> Case {
    case("move_named", lived_in, &["venv", "move", "web", "site"])
}

pub(super) fn move_here() -> Case {
    case("move_here", lived_in, &["venv", "move", "./env", "./elsewhere"])
}

pub(super) fn clone_named() -> Case {
    case("clone_named", lived_in, &["venv", "clone", "web", "site"])
}

pub(super) fn remove_named() -> Case {
    case("remove_named", lived_in, &["venv", "remove", "web"])
}

pub(super) fn repair() -> Case {
    let prepare = |stall: &Stall| {
        with_a_sibling(stall);
        let work = stall.sandbox.work();
        fs::rename(work.join("env"), work.join("moved")).unwrap();
        stall.prepare(&["venv", "list"]);
    };
    let command = &["venv", "repair", "./moved", "-p", "3.12.2"];
    Case { mends: Some("work/moved"), ..case("repair", prepare, command) }
}

pub(super) fn repair_named() -> Case {
    let prepare = |stall: &Stall| {
        lived_in(stall);
        let home = stall.sandbox.home().join(".virtualenvs");
        fs::rename(home.join("web"), home.join("site")).unwrap();
        fs::remove_file(stall.sandbox.root().join("versions/web")).unwrap();
        stall.prepare(&["venv", "list"]);
    };
    let case = case("repair_named", prepare, &["venv", "repair", "site"]);
    Case { mends: Some("home/.virtualenvs/site"), ..case }
}

pub(super) fn repair_anew() -> Case {
    case("repair_anew", lived_in, &["venv", "repair", "web", "-p", "3.11.5"])
}

pub(super) fn virtualenv() -> Case {
    case("virtualenv", one_version, &["virtualenv", "3.12.1", "api"])
}

pub(super) fn virtualenv_anew() -> Case {
    case("virtualenv_anew", lived_in, &["virtualenv", "--no-pip", "--clear", "3.12.1", "api"])
}

pub(super) fn virtualenv_over() -> Case {
    case("virtualenv_over", lived_in, &["virtualenv", "-f", "--no-pip", "3.11.5", "api"])
}

pub(super) fn virtualenv_delete() -> Case {
    case("virtualenv_delete", lived_in, &["virtualenv-delete", "-f", "api"])
}

pub(super) fn bundle() -> Case {
    case("bundle", lived_in, &["venv", "bundle", "web", "-o", "../home/web.tar.gz"])
}

pub(super) fn unbundle() -> Case {
    let prepare = |stall: &Stall| {
        lived_in(stall);
        stall.prepare(bundle().command);
    };
    case("unbundle", prepare, &["venv", "unbundle", "../home/web.tar.gz", "./unpacked"])
}

pub(super) fn global() -> Case {
    case("global", lived_in, &["global", "3.12.1", "3.11.5"])
}

pub(super) fn local() -> Case {
    case("local", lived_in, &["local", "3.12.1"])
}

pub(super) fn link() -> Case {
    let prepare = |stall: &Stall| {
        one_version(stall);
        stall.prepare(&["install", "--target", "../home/other/3.11.5", "3.11.5"]);
    };
    case("link", prepare, &["link", "../home/other/3.11.5", "other"])
}

pub(super) fn unlink() -> Case {
    let prepare = |stall: &Stall| {
        (link().prepare)(stall);
        stall.prepare(link().command);
    };
    case("unlink", prepare, &["unlink", "other"])
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

pub(super) fn manual() -> Case {
    case("manual", one_version, &["help", "--man", "man"])
}

pub(super) fn mirror_sync() -> Case {
    let command = &["mirror", "sync", "mirrored", "3.12.3", "3.12.2"];
    case("mirror_sync", nothing, command)
}

pub(super) fn pip_configured() -> Case {
    let prepare = |stall: &Stall| {
        let file = stall.sandbox.home().join(".config/pip/pip.conf");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "[global]\ntimeout = 60\n").unwrap();
    };
    case("pip_configured", prepare, &["mirror", "set", "tuna", "--pip"])
}

/// A pyman that is a file in the root, as `install.sh` leaves it, and a newer one on offer.
fn with_a_newer_pyman(stall: &Stall) {
    let sandbox = &stall.sandbox;
    put(&sandbox.root().join("bin/pyman"), &program(OWN));
    let own = sandbox.command(sandbox.root().join("bin/pyman")).arg("rehash").status();
    assert!(own.unwrap().success());
    offer(sandbox, NEWER, "dist", program(NEWER));
    let dist = sandbox.path().join("dist").display().to_string();
    sandbox.write("home/.config/pyman/settings.toml", format!("dist = \"{dist}\"\n"));
}

pub(super) fn self_update() -> Case {
    let case = case("self_update", with_a_newer_pyman, &["self", "update"]);
    Case { program: Some("pyman/bin/pyman"), ..case }
}

pub(super) fn self_update_rolled_back() -> Case {
    let prepare = |stall: &Stall| {
        with_a_newer_pyman(stall);
        let mut update = stall.sandbox.command(stall.sandbox.root().join("bin/pyman"));
        assert!(update.args(["self", "update"]).output().unwrap().status.success());
    };
    let case = case("self_update_rolled_back", prepare, &["self", "update", "--rollback"]);
    Case { program: Some("pyman/bin/pyman"), ..case }
}

pub(super) fn self_uninstall() -> Case {
    let prepare = |stall: &Stall| {
        (setup().prepare)(stall);
        stall.prepare(&["setup", "bash"]);
        one_version(stall);
    };
    case("self_uninstall", prepare, &["self", "uninstall", "--yes"])
}

pub(super) fn self_uninstall_with_versions() -> Case {
    let prepare = |stall: &Stall| {
        // What stands on them elsewhere breaks, as is said before.
        stall.prepare(&["install", "3.12.1", "3.11.5"]);
        stall.prepare(&["global", "3.11.5"]);
        stall.prepare(&["virtualenv", "--no-pip", "3.12.1", "api"]);
        stall.prepare(&["setup", "bash"]);
    };
    let command = &["self", "uninstall", "--versions", "--yes"];
    case("self_uninstall_with_versions", prepare, command)
}
