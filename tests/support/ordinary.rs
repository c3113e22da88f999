//! Takes root from a test program before its first test begins, so that no test can forget it: whatever the program that
//! is tested does, it can touch nothing but what an ordinary user may, and every test of every file is one.
//!
//! The loader calls this before `main`, while there is one thread, of which all others are made. What stays is the way
//! back for what needs two accounts or what a root alone can read (`needs::as_root`): a saved identity, which no
//! program that is started inherits.
//!
//! A root's home is often closed to all others, and has the Pythons that the tests pack. In a mount namespace of
//! this process's own an empty directory lies over it, with those and the repository in it, and nothing of root's.

use std::fs;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, CWD, access};
use rustix::mount::{
    MountFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags, mount, mount_change,
    mount_remount, move_mount, open_tree,
};
use rustix::process::{DumpableBehavior, Gid, Uid, geteuid, set_dumpable_behavior};
use rustix::thread::{
    UnshareFlags, set_thread_groups, set_thread_res_gid, set_thread_res_uid, unshare_unsafe,
};

/// Set where a release is compiled from source, which may want packages installed first: those tests remove nothing.
const KEEPS_ROOT: &str = "PYMAN_TEST_KEEPS_ROOT";

/// The account that owns nothing.
pub(crate) const NOBODY: u32 = 65_534;

#[expect(unsafe_code, reason = "nothing else runs before the threads of the harness")]
// SAFETY: the loader calls each function of this section once, in the C convention, with arguments that may be ignored.
#[unsafe(link_section = ".init_array")]
#[used]
static FIRST: extern "C" fn() = begin;

extern "C" fn begin() {
    let kept = std::env::var_os(KEEPS_ROOT).is_some();
    if geteuid().is_root() && has_nobody() && !kept {
        if let Err(error) = cover_home() {
            let said = format!("root's home stays closed to the tests, its Pythons too: {error}\n");
            io::stderr().write_all(said.as_bytes()).unwrap();
        }
        open_the_tests_own().unwrap();
        give_up_root().unwrap();
    }
}

/// Lets whoever the tests become write where cargo gives tests a place of their own.
fn open_the_tests_own() -> io::Result<()> {
    // A library's own tests are given none.
    let Some(place) = option_env!("CARGO_TARGET_TMPDIR").map(Path::new) else { return Ok(()) };
    fs::create_dir_all(place)?;
    fs::set_permissions(place, fs::Permissions::from_mode(0o1777))
}

/// Whether there is another account to become: not in a namespace of an ordinary user's, who is root there by name only.
fn has_nobody() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap();
    map.lines().any(|row| {
        let numbers: Vec<u64> = row.split_whitespace().filter_map(|one| one.parse().ok()).collect();
        let [first, _, length] = numbers[..] else { return false };
        (first..first + length).contains(&NOBODY.into())
    })
}

fn give_up_root() -> io::Result<()> {
    let (group, user) = (Gid::from_raw(NOBODY), Uid::from_raw(NOBODY));
    set_thread_groups(&[])?;
    set_thread_res_gid(group, group, group)?;
    set_thread_res_uid(user, user, Uid::ROOT)?;
    // The kernel makes `/proc/self` root's in a process that changed its identity.
    Ok(set_dumpable_behavior(DumpableBehavior::Dumpable)?)
}

/// Opens of root's home what the tests read, and covers the rest.
fn cover_home() -> io::Result<()> {
    let Some(home) = std::env::home_dir() else { return Ok(()) };
    let open_to_all = fs::metadata(&home)?.permissions().mode() & 0o005 == 0o005;
    if open_to_all || home.parent().is_none() {
        return Ok(());
    }
    #[expect(unsafe_code, reason = "as `begin`")]
    // SAFETY: no descriptor is unshared, and there is one thread.
    unsafe {
        unshare_unsafe(UnshareFlags::NEWNS)?;
    }
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    mount_change("/", private)?;
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let program = std::env::current_exe()?;
    let target = program.ancestors().find(|place| place.ends_with("target")).unwrap_or(&built);
    let pythons = home.join(".pyenv");
    let wanted = [pythons.as_path(), Path::new(env!("CARGO_MANIFEST_DIR")), target];
    let mut shown: Vec<(PathBuf, OwnedFd)> = Vec::new();
    for place in wanted {
        if place.starts_with(&home) && place.is_dir() {
            let flags = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC;
            shown.push((place.to_owned(), open_tree(CWD, place, flags)?));
        }
    }
    mount("tests", &home, "tmpfs", MountFlags::empty(), Some(c"mode=755"))?;
    for (place, tree) in shown {
        fs::create_dir_all(&place)?;
        move_mount(tree, "", CWD, &place, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?;
    }
    if pythons.exists() {
        mount_remount(&pythons, MountFlags::BIND | MountFlags::RDONLY, "")?;
    }
    Ok(())
}

#[test]
fn whatever_a_test_starts_is_an_ordinary_users() {
    let asked = std::process::Command::new("id").arg("-u").output().unwrap();
    let user = String::from_utf8(asked.stdout).unwrap();
    // Where there is nobody to become, root is one by name only.
    assert!(user.trim_end() != "0" || !has_nobody(), "the tests run as root");
    assert_eq!(std::env::var_os(KEEPS_ROOT), None);
    assert_eq!(user.trim_end(), geteuid().as_raw().to_string());
    for place in ["/", "/etc", "/usr/bin"] {
        assert!(access(place, Access::WRITE_OK).is_err(), "{place} is open to the tests");
    }
}
