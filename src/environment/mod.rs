//! Virtual environments: made in milliseconds for every version from 2.7 up, moved, cloned, mended, carried.
//!
//! Where one is to stand is a [`Goal`], what it stands on a [`Base`]; [`create`] makes it aside and renames it.
//! What an environment says of itself is its [`Config`]; one that is there is an [`Environment`].

pub mod activate;
mod activation;
mod base;
mod config;
mod create;
mod error;
mod goal;
pub mod index;
mod layout;
mod legacy;
mod living;
mod named;
mod pip;
mod registry;
mod remembered;
mod script;
mod seed;
mod skeleton;
mod stage;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use base::{Base, Followed, Implementation};
pub use config::Config;
pub use create::{BeginWith, Making, Order, Outcome, Packages, Programs, Standing, create};
pub use error::Error;
pub use goal::{Goal, Name, normal};
pub use layout::Layout;
pub use living::{Environment, Health};
pub use named::{Link, link, sweep_links};
pub use pip::pip;
pub use registry::{forget, register, registered};

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;
