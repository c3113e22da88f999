//! What is compiled, and what is taken for compiled already, was made by our account where nobody else could change it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::{Canary, bounded, everything};
use crate::support::archives::{Entry, gz, tar};
use crate::support::needs::{as_ordinary_user, as_user, began_as_root, has, needs};
use crate::support::prebuilt::hexadecimal;
use crate::support::sandbox::Ran;
use crate::support::server::Server;
use crate::support::tiny::{PYTHON, Stall};
use sha2::{Digest as _, Sha256};

/// An account that is neither root nor the one that owns nothing.
const SOMEBODY: u32 = 65_533;

const VERSION: &str = "3.12.1";

/// Writes the makefile; says where it works.
const CONFIGURE: &str = r#"#!/bin/sh
echo "working in $PWD"
for option; do
    case $option in --prefix=*) prefix=${option#--prefix=} ;; esac
done
cat > Makefile <<END
all:
	pwd > '@witness@'
	stat -c %a .. >> '@witness@'
install:
	mkdir -p \$(DESTDIR)$prefix/bin \$(DESTDIR)$prefix/lib/python3.12
	cp python \$(DESTDIR)$prefix/bin/python3.12
	chmod 755 \$(DESTDIR)$prefix/bin/python3.12
	echo made > \$(DESTDIR)$prefix/lib/python3.12/os.py
END
"#;

/// A sandbox with sources that are made in an instant, and a place where a build writes down where it worked.
struct Yard {
    stall: Stall,
    temporary: PathBuf,
    _server: Server,
}

impl Yard {
    fn new() -> Self {
        let stall = Stall::open();
        let witness = stall.sandbox.path().join("witness");
        let configure = CONFIGURE.replace("@witness@", witness.to_str().unwrap());
        let python =
            PYTHON.replace("VERSION", "3, 12, 1").replace("MACHINE", std::env::consts::ARCH);
        let top = format!("Python-{VERSION}");
        let header = format!("#define PY_VERSION \"{VERSION}\"\n");
        let body = gz(&tar(&[
            Entry::file(format!("{top}/configure"), configure).mode(0o755),
            Entry::file(format!("{top}/Include/patchlevel.h"), header),
            Entry::file(format!("{top}/python"), python),
        ]));
        let server = Server::serving(&[("/sources.tgz", &body)]);
        let row = serde_json::json!({
            "implementation": "cpython", "version": VERSION, "variant": "default",
            "kind": "source", "file": format!("{top}.tgz"), "url": server.url("/sources.tgz"),
            "sha256": hexadecimal(&Sha256::digest(&body)),
        });
        stall.sandbox.write("catalogue.jsonl", format!("{row}\n"));
        let temporary = stall.sandbox.path().join("tmp");
        fs::create_dir(&temporary).unwrap();
        fs::set_permissions(&temporary, PermissionsExt::from_mode(0o1777)).unwrap();
        fs::set_permissions(stall.sandbox.path(), PermissionsExt::from_mode(0o755)).unwrap();
        Self { stall, temporary, _server: server }
    }

    fn install(&self, more: &[&str]) -> Ran {
        let arguments = [&["install", "-f", "--build", VERSION][..], more].concat();
        let mut command = self.stall.pyman(&arguments);
        bounded(&self.stall, command.env("TMPDIR", &self.temporary))
    }

    /// Where the last build worked, and the mode of the directory around that.
    fn witness(&self) -> (PathBuf, String) {
        let text = fs::read_to_string(self.stall.sandbox.path().join("witness")).unwrap();
        let (place, mode) = text.trim().split_once('\n').unwrap();
        (place.into(), mode.to_owned())
    }
}

/// Directories with the names of ours, marked as ours are, and links so named; where our names can be foretold, all of them.
fn plant(folder: &Path, canary: &Path, names: &[&str]) {
    for name in names {
        let planted = folder.join(name);
        fs::create_dir(&planted).unwrap();
        fs::set_permissions(&planted, PermissionsExt::from_mode(0o777)).unwrap();
        fs::write(planted.join(".pyman-stage"), "").unwrap();
        fs::create_dir(planted.join(format!("Python-{VERSION}"))).unwrap();
        fs::write(planted.join(format!("Python-{VERSION}/theirs")), "theirs").unwrap();
        symlink(canary, folder.join(format!("{name}f"))).unwrap();
    }
}

#[test]
fn a_build_works_in_no_directory_that_another_made() {
    needs!(has("make") && has("cc"), "make and a C compiler");
    needs!(began_as_root(), "root");
    let yard = as_ordinary_user(Yard::new);
    let canary = as_ordinary_user(|| Canary::beside(&yard.stall));
    let names = [
        "python-build.3.12.1.0000000000000000",
        "python-build.3.12.1.",
        "python-build.0000000000000000",
        "python-build.3.12.1",
    ];
    as_user(SOMEBODY, || plant(&yard.temporary, &canary.place, &names));
    let before = everything(&yard.temporary);
    as_ordinary_user(|| {
        let ran = yard.install(&[]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        let (place, mode) = yard.witness();
        let around = place.parent().unwrap();
        assert!(around.starts_with(&yard.temporary), "{}", place.display());
        assert!(!before.contains_key(around), "{} was there before", around.display());
        assert_eq!(mode, "700");
        assert_eq!(
            everything(&yard.temporary).keys().collect::<Vec<_>>(),
            before.keys().collect::<Vec<_>>()
        );
        canary.lives("a build");
    });
    let planted = everything(&yard.temporary);
    let theirs = |seen: &std::collections::BTreeMap<PathBuf, String>| {
        let mut seen = seen.clone();
        seen.remove(&yard.temporary);
        seen
    };
    assert_eq!(theirs(&planted), theirs(&before));
    as_user(SOMEBODY, || {
        for name in names {
            fs::remove_dir_all(yard.temporary.join(name)).unwrap();
            fs::remove_file(yard.temporary.join(format!("{name}f"))).unwrap();
        }
    });
    as_ordinary_user(|| drop(yard));
}

#[test]
fn sources_that_are_kept_are_kept_in_a_directory_of_our_own() {
    needs!(has("make") && has("cc"), "make and a C compiler");
    needs!(began_as_root(), "root");
    let yard = as_ordinary_user(Yard::new);
    let root = yard.stall.sandbox.root();
    let sources = root.join("sources");
    as_ordinary_user(|| {
        fs::create_dir_all(&sources).unwrap();
        fs::set_permissions(&sources, PermissionsExt::from_mode(0o777)).unwrap();
    });
    as_user(SOMEBODY, || plant(&sources, &root, &[VERSION]));
    let before = everything(&sources.join(VERSION));
    as_ordinary_user(|| {
        let ran = yard.install(&["--keep"]);
        assert_eq!(ran.status, Some(5), "{ran:?}");
        assert!(ran.stderr.contains("another account"), "{ran:?}");
        assert!(ran.stderr.contains("[SANDBOX]/pyman/sources/3.12.1"), "{ran:?}");
        assert!(!root.join("versions").join(VERSION).exists());
    });
    assert_eq!(everything(&sources.join(VERSION)), before);
    as_user(SOMEBODY, || {
        fs::remove_dir_all(sources.join(VERSION)).unwrap();
        fs::remove_file(sources.join(format!("{VERSION}f"))).unwrap();
    });
    as_ordinary_user(|| {
        let canary = Canary::beside(&yard.stall);
        for (place, target) in
            [(sources.join(VERSION), &canary.place), (sources.clone(), &canary.place)]
        {
            match fs::symlink_metadata(&place) {
                Ok(found) if found.is_dir() => fs::remove_dir_all(&place).unwrap(),
                Ok(_) => fs::remove_file(&place).unwrap(),
                Err(_) => {}
            }
            symlink(target, &place).unwrap();
            let ran = yard.install(&["--keep"]);
            assert_eq!(ran.status, Some(5), "{}: {ran:?}", place.display());
            assert!(ran.stderr.contains("is a link"), "{}: {ran:?}", place.display());
            canary.lives("a build whose sources are kept");
            fs::remove_file(&place).unwrap();
        }
        let ran = yard.install(&["--keep"]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert_eq!(yard.witness().0, sources.join(format!("{VERSION}/Python-{VERSION}")));
        drop(yard);
    });
}

#[test]
fn what_a_person_keeps_where_a_build_works_is_left() {
    needs!(has("make") && has("cc"), "make and a C compiler");
    as_ordinary_user(|| {
        let yard = Yard::new();
        let top = format!("Python-{VERSION}");
        let place = yard.stall.sandbox.home().join("place");
        let install = |variable: &str| {
            let mut command = yard.stall.pyman(&["install", "-f", "--build", VERSION]);
            bounded(&yard.stall, command.env(variable, &place))
        };
        let names = || {
            let entries = fs::read_dir(&place).unwrap();
            entries.map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>()
        };
        let mine = place.join(&top).join("mine");
        fs::create_dir_all(mine.parent().unwrap()).unwrap();
        fs::write(&mine, "precious").unwrap();
        let before = everything(&place.join(&top));
        let ran = install("PYTHON_BUILD_BUILD_PATH");
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(yard.witness().0.starts_with(&place), "{:?}", yard.witness());
        assert_eq!(everything(&place.join(&top)), before);
        assert_eq!(names(), [&*top]);
        fs::remove_dir_all(&place).unwrap();
        assert_eq!(install("PYTHON_BUILD_BUILD_PATH").status, Some(0));
        assert!(!place.exists(), "what the build made goes with it");

        let mine = place.join(VERSION).join(&top).join("mine");
        fs::create_dir_all(mine.parent().unwrap()).unwrap();
        fs::write(&mine, "precious").unwrap();
        fs::remove_dir_all(yard.stall.sandbox.root().join("cache/builds")).unwrap();
        let before = everything(&place);
        let ran = install("PYMAN_BUILD_ROOT");
        assert_eq!(ran.status, Some(5), "{ran:?}");
        let refusal = format!("[SANDBOX]/home/place/{VERSION}/{top}: what stands there is not");
        assert!(ran.stderr.contains(&refusal), "{ran:?}");
        assert_eq!(everything(&place), before);
        // What a build kept there is replaced by the next, and only that.
        fs::remove_dir_all(place.join(VERSION).join(&top)).unwrap();
        fs::write(place.join(VERSION).join("notes"), "precious").unwrap();
        for _ in 0..2 {
            let ran = install("PYMAN_BUILD_ROOT");
            assert_eq!(ran.status, Some(0), "{ran:?}");
            assert_eq!(yard.witness().0, place.join(VERSION).join(&top));
            assert_eq!(fs::read_to_string(place.join(VERSION).join("notes")).unwrap(), "precious");
            assert!(!place.join(VERSION).join(&top).join("old").exists());
            fs::write(place.join(VERSION).join(&top).join("old"), "").unwrap();
        }
    });
}

#[test]
fn a_finished_build_is_taken_from_the_cache_only_if_our_account_made_it() {
    needs!(has("make") && has("cc"), "make and a C compiler");
    needs!(began_as_root(), "root");
    let yard = as_ordinary_user(Yard::new);
    let builds = yard.stall.sandbox.root().join("cache/builds");
    let taken = |ran: &Ran| ran.stderr.contains("taken from the cache");
    let kept = as_ordinary_user(|| {
        assert_eq!(yard.install(&[]).status, Some(0));
        let again = yard.install(&[]);
        assert!(taken(&again), "{again:?}");
        fs::set_permissions(&builds, PermissionsExt::from_mode(0o777)).unwrap();
        let entries = fs::read_dir(&builds).unwrap();
        let [kept] =
            entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>().try_into().unwrap();
        kept
    });
    let aside = yard.stall.sandbox.path().join("aside.tar.zst");
    // The same bytes under the same name, another's; then a link to them; then the whole shelf behind a link.
    as_ordinary_user(|| fs::rename(&kept, &aside).unwrap());
    as_user(SOMEBODY, || {
        fs::copy(&aside, &kept).unwrap();
    });
    as_ordinary_user(|| {
        let ran = yard.install(&[]);
        assert!(ran.status == Some(0) || !ran.stderr.is_empty(), "{ran:?}");
        assert!(!taken(&ran), "another's: {ran:?}");
        fs::remove_dir_all(&builds).unwrap();
        fs::create_dir(&builds).unwrap();
        symlink(&aside, &kept).unwrap();
        let ran = yard.install(&[]);
        assert_eq!(ran.status, Some(0), "{ran:?}");
        assert!(!taken(&ran), "a link: {ran:?}");
        let elsewhere = yard.stall.sandbox.path().join("elsewhere");
        fs::rename(&builds, &elsewhere).unwrap();
        symlink(&elsewhere, &builds).unwrap();
        let before = everything(&elsewhere);
        let ran = yard.install(&[]);
        assert_eq!(ran.status, Some(5), "{ran:?}");
        assert!(ran.stderr.contains("is a link") && !taken(&ran), "{ran:?}");
        assert_eq!(everything(&elsewhere), before);
        drop(yard);
    });
}
