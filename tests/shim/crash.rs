//! A rehash that is killed, refused by the system, or one of many: the next one puts all right, and
//! the shims that are there keep running throughout.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output};

use super::Shims;
use crate::support::needs::{as_ordinary_user, needs};

/// What is in `shims/`.
fn names(shims: &Shims) -> BTreeSet<String> {
    let entries = fs::read_dir(shims.shim("")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// A root with a running shim, whose program is an old one, and with much to rewrite.
fn outdated() -> Shims {
    let shims = Shims::new(&[("probe", "/bin/echo")]);
    for name in ["one", "two", "three", "four"] {
        shims.command(name, "/bin/true");
    }
    fs::write(shims.shim("stale"), "").unwrap();
    fs::remove_file(shims.sandbox.root().join("bin/pyman")).unwrap();
    shims
}

/// A rehash in which a system call goes wrong. The first calls are the start of the program.
fn injected(shims: &Shims, fault: &str) -> Option<Output> {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("inject={fault}")]);
    command.arg(crate::support::program()).arg("rehash");
    command.env("PYMAN_ROOT", shims.sandbox.root()).env("LC_ALL", "C");
    command.output().ok()
}

#[test]
fn a_stray_redirect_empties_no_shim_and_what_was_emptied_is_mended() {
    as_ordinary_user(|| {
        let shims = Shims::new(&[("probe", "/bin/echo"), ("other", "/bin/true")]);
        let redirect = |prepare: &str| {
            let mut shell = shims.sandbox.command("/bin/sh");
            let script = format!("{prepare}\n: > \"$1\"");
            shell.args(["-c", &script, "sh"]).arg(shims.shim("probe")).output().unwrap().status
        };
        let runs = || {
            let mut probe = shims.through("probe", &[&shims.shim("")]);
            shims.sandbox.ran(probe.arg("runs")).succeeds("runs\n");
        };
        assert!(!redirect("").success());
        runs();
        // All shims are one file; whoever insists empties them all.
        assert!(redirect("chmod u+w \"$1\"").success());
        assert_eq!(fs::read(shims.shim("other")).unwrap(), b"");
        shims.rehash();
        runs();
        assert!(!redirect("").success());
    });
}

#[track_caller]
fn runs_and_mends(shims: &Shims, fault: &str) {
    let ran = shims.sandbox.ran(shims.sandbox.command(shims.shim("probe")).arg("still"));
    assert_eq!((ran.stdout.as_str(), ran.status), ("still\n", Some(0)), "{fault}: {ran:?}");
    shims.rehash();
    let expected = ["four", "one", "probe", "py", "three", "two"].map(str::to_owned);
    assert_eq!(names(shims), BTreeSet::from(expected), "{fault}");
    let programs = fs::read_dir(shims.sandbox.root().join("bin")).unwrap();
    let programs: BTreeSet<_> = programs.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(programs, BTreeSet::from(["pyman".into(), "pyman-shim".into()]), "{fault}");
}

#[test]
fn a_killed_rehash_is_mended_by_the_next() {
    let calls = [
        "linkat:signal=KILL:when=1",
        "linkat:signal=KILL:when=3",
        "rename:signal=KILL:when=1",
        "rename:signal=KILL:when=2",
        "unlink:signal=KILL:when=1",
        "symlink,symlinkat:signal=KILL:when=1",
        "chmod,fchmodat:signal=KILL:when=1",
        "utimensat:signal=KILL:when=1",
        "getdents64:signal=KILL:when=2",
    ];
    for fault in calls {
        for old_program in [false, true] {
            let shims = outdated();
            if old_program {
                let program = shims.sandbox.root().join("bin/pyman-shim");
                let mut bytes = fs::read(&program).unwrap();
                bytes.extend(b"an older one");
                fs::remove_file(&program).unwrap();
                fs::write(&program, bytes).unwrap();
            }
            needs!(let Some(output) = injected(&shims, fault), "strace");
            let ended = output.status;
            let killed = ended.signal() == Some(9) || ended.code() == Some(137);
            assert!(killed || ended.success(), "{fault}: {output:?}");
            runs_and_mends(&shims, fault);
        }
    }
}

#[test]
fn where_links_cannot_be_shims_are_copies() {
    let shims = outdated();
    for error in ["EPERM", "EMLINK", "EXDEV"] {
        let fault = format!("linkat:error={error}");
        needs!(let Some(output) = injected(&shims, &fault), "strace");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(output.stderr, b"");
        for name in ["one", "two", "py"] {
            let mut command = shims.sandbox.command(shims.shim(name));
            assert!(command.arg("--list").status().unwrap().success(), "{name}");
        }
        fs::remove_file(shims.shim("one")).unwrap();
    }
    runs_and_mends(&shims, "copies");
}

#[test]
fn a_full_disk_is_said_and_leaves_the_shims() {
    for fault in ["linkat,renameat:error=ENOSPC", "linkat,renameat:error=EIO"] {
        let shims = outdated();
        needs!(let Some(output) = injected(&shims, fault), "strace");
        assert_eq!(output.status.code(), Some(5), "{fault}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("pyman: cannot rehash: "), "{said}");
        assert_eq!(said.matches("os error").count(), 1, "{said}");
        assert_eq!(output.stdout, b"");
        runs_and_mends(&shims, fault);
    }
}

#[test]
fn a_hundred_terminals_at_once() {
    let shims = outdated();
    let children: Vec<_> = (0..100)
        .map(|number| {
            shims.command(&format!("later{number}"), "/bin/true");
            shims.sandbox.pyman(["rehash"]).spawn().unwrap()
        })
        .collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    for number in 0..100 {
        assert!(shims.shim(&format!("later{number}")).is_file());
    }
    for number in 0..100 {
        fs::remove_file(shims.direct(&format!("later{number}"))).unwrap();
    }
    runs_and_mends(&shims, "a hundred");
}
