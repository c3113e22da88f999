//! The one floor for files: what looks at, opens, writes, renames, links and removes, for every other room.
//!
//! One policy for each thing that many rooms do:
//!
//! | policy | where |
//! |---|---|
//! | absent is an answer (`None`, an empty list), every other error is an error that names its path | [`read`], [`look`], [`entries`] |
//! | what is ours is opened as a [`Directory`] and worked on relative to that, never through a link | `directory.rs` |
//! | what another process may read is written beside and renamed, under a name of this process's own | [`replace`], [`Directory::replace`], [`Directory::point`] |
//! | a person's own file keeps its link, its mode and its owner | [`replace_personal`] |
//! | what goes is removed without following a link, links first | [`Directory::remove`] |
//! | two trees change places at one stroke, or one after the other in an order that a kill does not hurt | `exchange.rs` |
//! | what is being made stands in a [`Stage`] that the kernel locks; what nobody locks is swept | `stage.rs` |
//! | a cache that we made says so, and of any other nothing is removed | [`Directory::make_cache`] |
//! | one process at a time: a [`Lock`] that dies with its holder | `lock.rs` |
//! | what we make is 0755 or 0644 at most, whatever the umask, 0600 where it holds a secret | [`Privacy`] |
//!
//! What differs by system lives in the files named for it. Nothing here knows a version, an archive or a URL.

mod absent;
mod cachedir;
mod copy;
mod directory;
mod entry;
mod exchange;
mod lock;
mod look;
mod opened;
mod personal;
mod read;
mod remove;
mod replace;
mod seal;
mod stage;
mod sweep;
mod walk;
mod within;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
use linux as kernel;
#[cfg(target_os = "macos")]
use macos as kernel;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as kernel;
#[cfg(windows)]
use windows as system;

pub(crate) use absent::{
    absent, anothers, cannot_link, failed, is_anothers, is_full, is_linked, linked, number,
};
pub(crate) use cachedir::TAG as CACHE_TAG;
pub(crate) use copy::{Way, copy_file, copy_file_until, copy_tree};
pub(crate) use directory::parts;
pub(crate) use entry::{Entry, Found, Kind};
pub(crate) use exchange::Existing;
pub(crate) use fs_err::File;
pub(crate) use kernel::{runs_programs, sync};
pub(crate) use lock::{After, Hold, Lock, Waited, hold};
pub(crate) use look::{entries, follow, is_directory, is_file, look, permitted};
pub(crate) use opened::{Directory, Privacy};
pub(crate) use personal::{remove_personal, replace_personal};
pub(crate) use read::{canonical, link_target, open, read, read_at_most, read_head, read_text};
pub(crate) use remove::{remove, unlink};
pub(crate) use replace::{append, is_nobodys, is_temporary, patch, replace, replace_by, rewrite};
pub(crate) use seal::{UNFINISHED, forget_stage, hand_on_unfinished, is_stage, sealed, unsealed};
pub(crate) use stage::{Begun, Stage};
pub(crate) use sweep::{
    Hindrance, Left, Obstacle, abandoned, heed, hindrance, is_condemned, left_behind, obstacle,
    put_aside, settle_at, sweep, sweep_beside, sweep_in_place, sweep_stages,
};
pub(crate) use system::{
    executable, is_same_file_system, leading, require_writable, usable, writable,
};
pub(crate) use walk::{Bytes, Step, free, usage, walk};
pub(crate) use within::is_half_filled;
