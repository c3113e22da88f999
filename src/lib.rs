//! pyman: one tool for every Python on a machine.
//!
//! **One resolver, two readers.** The crate [`pyman_shim`] decides which Python runs, from bytes, through one small
//! trait; the shim program and this manager both ask it, so they cannot disagree. The shim never waits for a
//! manager it does not need; the manager may be slow, may ask, and may use the network.
//!
//! # The rooms
//!
//! | room | does | may know |
//! |---|---|---|
//! | [`cli`] | parses, prints, asks; commands by family | every room |
//! | `operation` | what a person can have done that needs more than one room; asks, prints nothing | install, environment, catalogue, relocate, inventory, interpreter, rehash, shell, plugin, fetch, archive, platform, settings |
//! | `install` | a build becomes an installation: staged, finished, one rename | fetch, archive, catalogue, inventory, interpreter, platform, relocate |
//! | [`environment`] | virtual environments, from 2.7 up | interpreter, inventory, rehash, fetch, archive, platform, relocate |
//! | [`rehash`] | what is installed becomes shims, and the shim program is written out | inventory |
//! | `shell` | the code that shells evaluate, the files they start with | |
//! | `plugin` | programs named `pyman-…`, hooks | |
//! | `settings` | the settings file and variables, each value with its origin | fetch |
//! | `relocate` | a tree that stands elsewhere: script headers, paths in text, run paths | |
//! | [`catalogue`] | what could be installed, and from where | fetch, platform |
//! | `inventory` | what is installed, its receipts, its locks | |
//! | `interpreter` | what an executable says of itself, which there are | |
//! | [`platform`] | operating system, architecture, libc, distribution | |
//! | [`archive`] | an archive becomes a directory, or a reason why not | |
//! | [`fetch`] | bytes from URLs, resumed and digested; knows nothing of Python | |
//! | `quote` | a value as a word of some shell's language | |
//! | `disk` | the one floor for files: looks, reads, replaces, links, removes, locks, stages | |
//! | `world` | this process's surroundings: the one door to `std::env` | |
//! | `compatibility` | which pyman this is, which one something needs, which one wrote it | |
//! | [`progress`] | how long work is reported, without knowing to whom | |
//!
//! All of them may know [`pyman_shim`], [`progress`], `disk`, `quote`, `compatibility` and
//! `world`; what the table does not allow, `tests/house.rs` finds. Each room has an error of its own; [`Error`] joins them with exit status and hints.
//! Rooms are private but for what the tests use, so that the compiler finds what nobody does.
//!
//! # Words
//!
//! | word | means here |
//! |---|---|
//! | implementation, family | CPython, PyPy, GraalPy; those that are fetched and built by the same rules, a folder of `plugins/` |
//! | version, variant | `3.14.0rc1`; free-threaded (`t`) or debug (`d`) |
//! | release, build | what was published under one name; one file of it, for one platform, with its digest |
//! | catalogue | every build that could be installed |
//! | request | what a person wrote: `3.12`, `>=3.11`, `pypy@3.10`, `3.13t`, `latest` |
//! | selection, pin, origin | the requests in force, in order; one of them in a file; who said so |
//! | plan | what an installation will be, as a value |
//! | installation, inventory, receipt | a release on disk; all of them; what was installed, and from where |
//! | interpreter | an executable that answered when it was asked |
//! | environment, base | a virtual environment; what it stands on |
//! | shim, command, rehash | a name on PATH; what it stands for; making the shims anew |
//! | stage, publish, sweep | where a tree is made unseen; the rename that shows it; clearing what the dead left |
//! | ground | a root with its settings, on this machine: what operations are given |
//!
//! # What holds everywhere
//!
//! * Deciding is pure, acting is apart: plans, selections and scripts are values that can just be shown.
//! * Only [`cli`] prints or asks. Below it there are [`progress`], the `Ask` of `operation`, and results.
//! * Whatever another process may read is written beside its place and renamed; nothing half-made is ever seen,
//!   and the next run sweeps what a killed one left.
//! * Arguments and paths are bytes; `NotFound` is an answer; nothing panics.
//! * A crate from outside has one room, and appears in no signature beyond it.

mod error;

pub mod archive;
pub mod catalogue;
pub mod cli;
mod compatibility;
mod disk;
pub mod environment;
pub mod fetch;
mod install;
mod interpreter;
mod inventory;
mod operation;
pub mod platform;
mod plugin;
pub mod progress;
mod quote;
pub mod rehash;
mod relocate;
mod settings;
mod shell;
mod world;

/// The tests of these rooms remove things and follow links, too.
#[expect(clippy::disallowed_methods, reason = "it comes before everything, the floor too")]
#[expect(clippy::unwrap_used, reason = "without it no test is to run")]
#[path = "../tests/support/ordinary.rs"]
#[cfg(all(test, target_os = "linux"))]
mod ordinary;

pub use error::Error;
pub use pyman_shim::{Variant, Version};
