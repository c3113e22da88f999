//! What installations share: places, network, tools, whoever watches.

use std::path::Path;
use std::sync::Mutex;

use crate::fetch::Client;
use crate::install::checkpoint::Checkpoints;
use crate::install::compile::Variables;
use crate::inventory::Places;
use crate::platform::Platform;
use crate::platform::distribution::Packager;
use crate::progress::Progress;

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
