//! The same archives given to `pyman install`: one message, the right status, nothing left behind,
//! and an honest archive installs afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use pyman::fetch::Sha256;

use crate::support::archives::{Entry, gz, tar};
use crate::support::shop::Shop;

/// Installs an archive of these entries by its path; the last line said, and the status.
fn install(shop: &Shop, entries: &[Entry]) -> (String, Option<i32>) {
    install_bytes(shop, &gz(&tar(entries)))
}

fn install_bytes(shop: &Shop, bytes: &[u8]) -> (String, Option<i32>) {
    shop.sandbox.write("work/given.tar.gz", bytes);
    let digest = Sha256::of(bytes).to_string();
    let ran = shop.run(&["install", "./given.tar.gz", "--sha256", &digest]);
    assert_eq!(ran.stdout, "");
    let last = ran.stderr.lines().find(|line| line.starts_with("pyman: "));
    (last.unwrap_or_default().to_owned(), ran.status)
}

/// What worked before still works, and nothing half-made is anywhere.
#[track_caller]
fn assert_nothing_left(shop: &Shop) {
    let versions = fs::read_dir(shop.sandbox.root().join("versions"));
    assert_eq!(versions.map_or(0, Iterator::count), 0, "a version is listed");
    assert_eq!(shop.staged(), [""; 0]);
    assert!(!shop.sandbox.path().join("outside").exists());
    let mut beside: Vec<_> = fs::read_dir(shop.sandbox.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    beside.sort();
    assert_eq!(beside, ["catalogue.jsonl", "home", "pyman", "work"]);
}

#[test]
fn a_hostile_archive_installs_nothing_and_an_honest_one_afterwards_does() {
    let shop = Shop::open();
    let python = Entry::file("python/bin/python3.12", "#!/bin/sh\n").mode(0o755);
    let refused = "pyman: refused to unpack the archive's entry";
    let cases = [
        (
            vec![python.clone(), Entry::file("python/../../../../outside", "x")],
            format!("{refused} `python/../../../../outside': its name has `..'"),
        ),
        (
            vec![python.clone(), Entry::symlink("python/l", "/tmp"), Entry::file("python/l/x", "")],
            format!("{refused} `python/l': its target `/tmp' leads out of the tree"),
        ),
        (
            vec![python.clone(), Entry::of(b'3', "python/null")],
            format!(
                "{refused} `python/null': it is a device, and only files, directories and links \
                 are unpacked"
            ),
        ),
        (
            vec![python.clone(), Entry::file("python/\x1b]0;title\x07", "")],
            format!(
                "{refused} `python/\\u{{1b}}]0;title\\u{{7}}': its name has control characters"
            ),
        ),
    ];
    for (entries, expected) in cases {
        assert_eq!(install(&shop, &entries), (expected, Some(4)));
        assert_nothing_left(&shop);
    }
    let version = shop.version();
    shop.run(&["install", version]).is("", &format!("installed {version} in [TIME]\n"), 0);
}

#[test]
fn a_damaged_archive_installs_nothing() {
    let shop = Shop::open();
    let whole = fs::read(&shop.prebuilt.path).unwrap();
    for cut in [whole.len() / 2, whole.len() - 4] {
        let (line, status) = install_bytes(&shop, &whole[..cut]);
        assert!(line.starts_with("pyman: the archive is damaged: "), "{line}");
        assert_eq!(status, Some(4));
        assert_nothing_left(&shop);
    }
}

#[test]
fn an_archive_without_a_running_interpreter_installs_nothing() {
    let shop = Shop::open();
    let foreign = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 200]].concat();
    let cases = [
        (Entry::file("python/readme", "no interpreter"), "holds no Python interpreter", 4),
        (Entry::symlink("python/bin/python3", "python3"), "holds no Python interpreter", 4),
        (Entry::file("python/bin/python3", foreign).mode(0o755), "cannot be run: ", 1),
        (
            Entry::file("python/bin/python3", "#!/bin/sh\necho gone >&2; exit 1\n").mode(0o755),
            "is no Python interpreter: gone",
            1,
        ),
    ];
    for (entry, expected, expected_status) in cases {
        let (line, status) = install(&shop, &[entry]);
        assert!(line.contains(expected), "{line}");
        assert_eq!(status, Some(expected_status), "{line}");
        assert_nothing_left(&shop);
    }
}

#[test]
fn what_is_unpacked_is_no_more_open_than_the_umask_lets() {
    for (umask, left) in [("000", 0o777), ("027", 0o750), ("077", 0o700)] {
        let shop = Shop::open();
        let version = shop.version();
        let pyman = shop.pyman(&["install", version]);
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "umask \"$1\"; shift; exec \"$@\"", "sh", umask]);
        shell.arg(pyman.get_program()).args(pyman.get_args());
        shell.env_clear().envs(pyman.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.current_dir(shop.sandbox.work());
        // Directories that are the user's own may follow the umask; these are made before it counts.
        for made in ["versions", "stage", "shims", "bin", "locks", "cache", "minor"] {
            fs::create_dir_all(shop.sandbox.root().join(made)).unwrap();
        }
        let installed = format!("installed {version} in [TIME]\n");
        shop.ran(&mut shell).is("", &installed, 0);
        let mode = |name: &str| {
            let metadata = fs::metadata(shop.prefix().join(name)).unwrap();
            metadata.permissions().mode() & 0o7777
        };
        let minor = version.rsplit_once('.').unwrap().0;
        assert_eq!(mode("lib"), 0o755 & left, "umask {umask}");
        assert_eq!(mode(&format!("bin/python{minor}")), 0o755 & left, "umask {umask}");
        assert_eq!(mode(&format!("lib/python{minor}/os.py")), 0o644 & left, "umask {umask}");
    }
}
