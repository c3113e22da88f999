//! Virtual environments: made in milliseconds for every version from 2.7 up, moved, cloned, mended, carried.
//!
//! Where one is to stand is a [`Goal`], what it stands on a [`Base`]; [`create`] makes it aside and renames it.
//! What an environment says of itself is its [`Config`]; one that is there is an [`Environment`].

pub mod activate;
mod activation;
mod base;
mod bundle;
mod companions;
mod conda;
mod config;
mod create;
mod distributions;
mod error;
mod freeze;
mod goal;
pub mod index;
mod layout;
mod legacy;
mod libraries;
mod living;
mod moving;
mod named;
mod order;
mod pip;
mod project;
mod registry;
mod relocation;
mod remake;
mod remembered;
mod removing;
mod repair;
mod seed;
pub mod simple;
mod skeleton;
mod stage;
mod survey;
mod unfinished;

pub use base::{Asking, Base, Followed, Implementation};
pub use bundle::{Manifest, Unbundled, bundle};
pub use companions::accompany;
pub use conda::{Conda, of_conda};
pub use config::Config;
pub use create::{Outcome, create};
pub use distributions::{Distribution, listed};
pub use error::Error;
pub use freeze::{Freeze, frozen};
pub use goal::{Goal, Name, normal};
pub use layout::Layout;
pub use libraries::missing_libraries;
pub use living::{Environment, Health};
pub use moving::{Links, Move, clone, moved_from, relocate};
pub use named::{Link, link, link_over, sweep_links};
pub use order::{BeginWith, Downloads, Making, Order, Packages, Programs, Standing};
pub use pip::pip;
pub use project::Requirement;
pub use registry::{forget, register, registered};
pub use remake::Remade;
pub use removing::{begin_removal, remove};
pub use repair::{Mended, mend, names_another_place, stand_on};
pub use survey::{standing_on, survey, within};
pub use unfinished::{Work, finish, half_removed, is_unfinished};

use std::io;

use pyman_shim::Fault;

/// What the system said to the shim's crate.
fn fault(fault: Fault) -> io::Error {
    io::Error::from_raw_os_error(fault.0)
}
