//! Names like ours in a person's directories: only what has exactly the form that we give, and nobody locks, is swept.

use std::fs;
use std::os::unix::fs::symlink;

use super::{Canary, everything, lived_in, run};
use crate::support::needs::as_ordinary_user;
use crate::support::sandbox::identity;

/// No system gives a process this number.
const NOBODYS: &str = ".pyman-new-4194999-0";

#[test]
fn a_persons_files_with_names_like_ours_stay() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let canary = Canary::beside(&stall);
        let places = [stall.sandbox.home(), stall.sandbox.work(), stall.sandbox.root()];
        for place in &places {
            for name in [".pyman-new-notes", ".pyman-new-01-1", ".pyman-new-2-x", ".pyman-new-"] {
                fs::write(place.join(name), "precious").unwrap();
            }
            symlink(canary.place.join("precious"), place.join(".pyman-new-link")).unwrap();
            fs::write(place.join(NOBODYS), "half").unwrap();
        }
        let planted = |place: &std::path::Path| {
            let mut seen = everything(place);
            seen.retain(|path, _| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                name.starts_with(".pyman-new-") && name != NOBODYS
            });
            seen
        };
        let before: Vec<_> = places.iter().map(|place| planted(place)).collect();
        for command in [
            &["local", "3.12.1"][..],
            &["setup", "bash"],
            &["global", "3.12.1"],
            &["setup", "--undo"],
            &["pack", "3.12.1", "-o", "made.tar.gz"],
            &["rehash"],
        ] {
            run(&stall, command);
            let now: Vec<_> = places.iter().map(|place| planted(place)).collect();
            assert_eq!(now, before, "{command:?}");
            canary.lives(&format!("{command:?}"));
        }
        assert_eq!(before[1].len(), 5);
        assert!(!stall.sandbox.work().join(NOBODYS).exists(), "what a dead one of ours left goes");
    });
}

#[test]
fn a_doctor_that_was_killed_leaves_what_the_next_one_sweeps() {
    as_ordinary_user(|| {
        let stall = lived_in();
        let temporary = stall.sandbox.path().join("tmp");
        let dead = temporary.join("pyman-doctor.0123456789abcdef");
        let mine = temporary.join("pyman-doctor.mine");
        for made in [&dead, &mine] {
            fs::create_dir_all(made).unwrap();
            fs::write(made.join("file"), "").unwrap();
        }
        let seal = format!("{}pyman-doctor.0123456789abcdef", identity(&dead));
        fs::write(dead.join(".pyman-stage"), seal).unwrap();
        let mut pyman = stall.pyman(&["doctor"]);
        super::bounded(&stall, pyman.env("TMPDIR", &temporary));
        let left: Vec<_> =
            fs::read_dir(&temporary).unwrap().map(|one| one.unwrap().path()).collect();
        assert_eq!(left, [mine]);
    });
}
