//! A build becomes an installation: fetched or compiled aside, finished completely, published by one rename.
//!
//! What is to happen is a [`Plan`]; [`Session::install`] does it. `compile` knows how sources become a tree,
//! [`Stage`] that nothing half-made is ever seen.

mod checkpoint;
mod embedded;
mod error;
mod executable;
mod finish;
mod make;
mod pack;
mod plan;
mod prebuilt;
mod publish;
mod remove;
mod reserved;
mod script;
mod session;
mod space;
mod stage;
mod store;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) mod compile;

pub(crate) use checkpoint::Checkpoints;
pub(crate) use error::Error;
pub(crate) use executable::is_usable;
pub(crate) use pack::pack;
pub(crate) use plan::{Making, Material, Offer, Plan, Prerequisites, Target};
pub(crate) use publish::{Done, Installed};
pub(crate) use remove::{Removal, tidy};
pub(crate) use session::Session;
pub(crate) use stage::{Place, Stage, sweep};

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;
