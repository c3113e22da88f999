//! What `pyman virtualenv` is given.

use std::ffi::OsString;

use crate::operation::environments;

/// Make an environment of a version, to be selected and activated by its name
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Virtualenv {
    /// The version (none: the selected one), and the name
    #[arg(value_name = "[VERSION] NAME")]
    pub(super) words: Vec<OsString>,
    /// Do not ask when it is there already
    #[arg(short, long)]
    pub(super) force: bool,
    /// Make one that is there fit for its version again: the same as `--force`
    #[arg(short, long)]
    pub(super) upgrade: bool,
    /// Stand on this interpreter instead of the version's
    #[arg(short, long, value_name = "VERSION|PATH")]
    pub(super) python: Option<OsString>,
    /// See the packages of the version too
    #[arg(long)]
    pub(super) system_site_packages: bool,
    /// What shells show instead of the name; `.` is the name of this directory
    #[arg(long, value_name = "TEXT", value_parser = environments::one_line)]
    pub(super) prompt: Option<String>,
    /// Copy the interpreter instead of linking it
    #[arg(long, visible_alias = "always-copy")]
    pub(super) copies: bool,
    /// Begin with no package
    #[arg(long, visible_alias = "no-pip")]
    pub(super) without_pip: bool,
    /// Make one that is there anew
    #[arg(long)]
    pub(super) clear: bool,
    /// Say nothing
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Print our version
    #[arg(long)]
    pub(super) version: bool,
    /// Accepted: it is so anyway, or nothing is to be told
    #[arg(long, hide = true, aliases = ["no-setuptools", "no-wheel", "no-site-packages", "no-download", "symlinks"])]
    pub(super) distribute: bool,
    /// Accepted: there is no more to tell
    #[arg(short, long, hide = true)]
    pub(super) verbose: bool,
}
