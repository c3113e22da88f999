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
mod pip;
mod registry;
mod relocate;
mod remembered;
mod removing;
mod repair;
mod script;
mod seed;
pub mod simple;
mod skeleton;
mod stage;
mod survey;
mod tree;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use base::{Base, Followed, Implementation};
pub use bundle::{Manifest, Unbundled, bundle};
pub use companions::accompany;
pub use conda::{Conda, of_conda};
pub use config::Config;
pub use create::{
    BeginWith, Downloads, Making, Order, Outcome, Packages, Programs, Standing, create,
};
pub use distributions::{Distribution, listed};
pub use error::Error;
pub use freeze::{Freeze, frozen};
pub use goal::{Goal, Name, normal};
pub use layout::Layout;
pub use libraries::missing_libraries;
pub use living::{Environment, Health};
pub use moving::{beside, clone, relocate_to, take_place};
pub use named::{Link, link, sweep_links};
pub use pip::pip;
pub use registry::{forget, register, registered};
pub use removing::remove;
pub use repair::{Mended, mend, stand_on};
pub use survey::{standing_on, survey};

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;
