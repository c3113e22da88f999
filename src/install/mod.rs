//! A build becomes an installation: fetched or compiled aside, finished completely, published by one rename.

mod checkpoint;
mod stage;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub mod compile;
pub mod relocate;

pub use checkpoint::{Checkpoints, Moment};
pub use stage::{Stage, Standing, sweep};

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;
