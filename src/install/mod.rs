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
mod space;
mod stage;
mod store;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) mod compile;

use std::path::Path;
use std::sync::Mutex;

use crate::fetch::Client;
use crate::install::compile::Variables;
use crate::inventory::Places;
use crate::platform::Platform;
use crate::platform::distribution::Packager;
use crate::progress::Progress;

pub(crate) use checkpoint::Checkpoints;
pub(crate) use error::Error;
pub(crate) use executable::is_usable;
pub(crate) use pack::pack;
pub(crate) use plan::{Making, Material, Offer, Plan, Prerequisites, Target};
pub(crate) use publish::{Done, Installed};
pub(crate) use remove::{Removal, tidy};
pub(crate) use reserved::succeed_environments;
pub(crate) use stage::{Place, Stage, sweep};

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

/// Everything an installation works with; one for all of a command's.
pub(crate) struct Session<'a> {
    /// The root's folders.
    pub places: &'a Places,
    /// The network.
    pub client: &'a Client,
    /// Where downloads and finished builds are kept.
    pub cache: &'a Path,
    /// What the user set for builds.
    pub variables: &'a Variables,
    /// What installs packages on this machine.
    pub packager: Option<Packager>,
    /// This machine and this program, in words.
    pub machine: &'a str,
    /// What runs here; none when that is not known.
    pub platform: Option<Platform>,
    /// Whoever watches.
    pub progress: &'a dyn Progress,
    /// Moments to die at.
    pub checkpoints: &'a Checkpoints,
    /// Held while compiling: a build takes every core, so there is one at a time.
    pub compiling: &'a Mutex<()>,
}
