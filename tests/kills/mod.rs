//! Killed by `kill -9` at a system call that changes the disk, every command can be run again, and ends as if nothing had
//! happened; and the next command that writes mends what environments stand on.
//!
//! What a command calls is traced first. It is then killed on entry to the first, the second and the last call of each run
//! of equal ones, which is also just after the call before; each time from the same beginning. A day's run takes a share
//! of the points, chosen by the day of the year, and says so; all of them:
//!
//! ```text
//! PYMAN_SHARE=all cargo test --test main kills:: -- --nocapture
//! ```
//!
//! Each is killed twice: on what stands in a directory, and on what stands in the lower layer of an overlay.
//!
//! Under load, as a busy machine has it: the same, while another such run is going in a target directory of its own.

mod cases;
mod ground;
mod invariant;
mod layers;
mod points;

use crate::support::needs::{as_ordinary_user, has, needs};
use crate::support::share::todays;

use cases::Case;
use ground::Ground;
use invariant::{Kept, after_rehash, at_once, mended};

/// How many days it takes until every point came to its turn.
const DAYS: usize = 12;

/// How often a point is tried that a run did not come to.
const TRIES: usize = 4;

/// What one command's kills found: nothing.
#[track_caller]
fn heals(case: &Case) {
    let findings =
        if layers::are_there() { findings(case) } else { as_ordinary_user(|| findings(case)) };
    assert!(findings.is_empty(), "{} findings\n{}", findings.len(), findings.join("\n"));
}

fn findings(case: &Case) -> Vec<String> {
    let ground = Ground::new(case);
    let before = ground.seen();
    ground.keep_the_beginning();
    let (calls, first) = ground.traced();
    let after = ground.seen();
    let doctor = ground.doctor();
    let mut findings: Vec<String> = invariant::whole(&ground, &after)
        .into_iter()
        .map(|one| format!("unkilled: {one}"))
        .collect();
    let second = ground.again();
    let kept = Kept { before, after, doctor, statuses: [first, second] };
    let chosen = todays(&format!("kills::{}", case.name), points::of(&calls), DAYS);
    let mut missed = 0;
    for point in &chosen {
        // Threads need not share their work as they did when they were watched: what was not met is tried again.
        let met = (0..TRIES).any(|_| {
            ground.begin_again();
            ground.killed(point)
        });
        missed += usize::from(!met);
        let mut found = at_once(&ground, &kept);
        ground.keep_the_dead();
        found.extend(mended(&ground, &kept));
        ground.bring_back_the_dead();
        found.extend(after_rehash(&ground, &kept));
        findings.extend(found.into_iter().map(|one| format!("{} {point}: {one}", case.name)));
    }
    if missed > chosen.len().div_ceil(10) {
        findings.push(format!("{}: {missed} kills did not come to pass", case.name));
    }
    findings
}

/// One test for each command, so that they run side by side.
macro_rules! commands {
    ($(#[$attribute:meta] $name:ident)*) => {
    $(
        #[test]
        #[$attribute]
        fn $name() {
            needs!(has("strace"), "strace");
            heals(&cases::$name());
        }
    )*

        /// The same where what the command finds is in a lower layer.
        mod on_a_lower_layer {$(
            #[test]
            #[$attribute]
            fn $name() {
                super::layers::run(stringify!($name));
            }
        )*}
    };
}

commands! {
    #[cfg(unix)] install
    #[cfg(unix)] install_the_first
    #[cfg(unix)] install_the_newest
    #[cfg(unix)] install_several
    #[cfg(unix)] install_over
    #[cfg(unix)] install_elsewhere
    #[cfg(unix)] install_elsewhere_over
    #[cfg(unix)] install_an_archive
    #[cfg(unix)] import
    #[cfg(unix)] pack
    #[cfg(unix)] prune
    #[cfg(unix)] uninstall
    #[cfg(unix)] uninstall_the_last
    #[cfg(unix)] uninstall_by_an_answer
    #[cfg(unix)] uninstall_an_environment
    #[cfg(unix)] uninstall_a_named_environment
    #[cfg(unix)] upgrade
    #[cfg(unix)] link
    #[cfg(unix)] unlink
    #[cfg(unix)] create
    #[cfg(unix)] create_here
    #[cfg(unix)] create_here_anew
    #[cfg(unix)] create_anew
    #[cfg(unix)] move_named
    #[cfg(unix)] move_here
    #[cfg(unix)] clone_named
    #[cfg(unix)] remove_named
    #[cfg(unix)] repair
    #[cfg(unix)] repair_named
    #[cfg(unix)] repair_anew
    #[cfg(unix)] virtualenv
    #[cfg(unix)] virtualenv_anew
    #[cfg(unix)] virtualenv_over
    #[cfg(unix)] virtualenv_delete
    #[cfg(unix)] bundle
    #[cfg(unix)] unbundle
    #[cfg(unix)] global
    #[cfg(unix)] local
    #[cfg(unix)] rehash
    #[cfg(unix)] setup
    #[cfg(unix)] setup_undone
    #[cfg(unix)] manual
    #[cfg(unix)] mirror_sync
    #[cfg(unix)] pip_configured
    #[cfg(unix)] self_update
    #[cfg(unix)] self_update_rolled_back
    #[cfg(unix)] self_uninstall
    #[cfg(unix)] self_uninstall_with_versions
}

#[test]
fn of_what_is_opened_and_written_only_what_changes_a_file_counts() {
    let trace = "7 openat(AT_FDCWD, \"a\", O_RDONLY) = 3\n7 openat(AT_FDCWD, \"b\", O_RDWR|O_CREAT, 0600) = 4\n\
                 7 write(4, \"x\", 1) = 1\n7 write(2, \"said\", 4) = 4\n7 write(4, \"y\", 1) = 1\n";
    let points: Vec<String> =
        points::of(&points::calls(trace)).iter().map(ToString::to_string).collect();
    assert_eq!(points, ["openat 2", "write 1", "write 3"]);
}

#[test]
fn runs_of_equal_calls_are_killed_at_their_first_second_and_last() {
    let trace = "7 rename(\"a\") = 0\n7 unlink(\"a\") = 0\n8 mkdir(\"x\") = 0\n7 unlink(\"b\") = 0\n\
                 7 unlink(\"c\") = 0\n7 unlink(\"d\") = 0\n7 rename(\"e\" <unfinished ...>\n\
                 7 <... rename resumed>) = 0\n7 +++ exited with 0 +++\n";
    let calls = points::calls(trace);
    let points: Vec<String> = points::of(&calls).iter().map(ToString::to_string).collect();
    assert_eq!(points, ["rename 1", "unlink 1", "unlink 2", "unlink 4", "rename 2", "mkdir 1"]);
}
