//! An environment to be made: where, on what, and how. Nothing here does anything.

use super::{Base, Plot};
use crate::inventory::Places;

/// An environment to be made.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Where.
    pub goal: &'a Plot,
    /// On what.
    pub base: &'a Base,
    /// How.
    pub making: &'a Making,
    /// The root whose cache is used.
    pub places: &'a Places,
}

/// How an environment is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Making {
    /// Whether the base's packages are seen.
    pub base_packages: Packages,
    /// What shells show; the name when there is none.
    pub prompt: Option<String>,
    /// Links to the base's interpreter, or copies.
    pub programs: Programs,
    /// What is installed from the start.
    pub begin_with: BeginWith,
    /// What becomes of an environment that stands there.
    pub standing: Standing,
    /// Whether an index may be asked for a wheel that neither the cache nor the base has.
    pub downloads: Downloads,
}

/// Whether anything may come over the network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Downloads {
    /// When there is no other way.
    #[default]
    Allowed,
    /// Never.
    Never,
}

/// Whether an environment sees the packages of its base.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Packages {
    /// Its own alone.
    #[default]
    Hidden,
    /// The base's after its own.
    Seen,
}

/// How an environment comes by its interpreter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Programs {
    /// Links to the base's.
    #[default]
    Links,
    /// Copies.
    Copies,
}

/// What a new environment has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BeginWith {
    /// pip, and setuptools up to 3.11, as ensurepip does.
    #[default]
    Pip,
    /// No package.
    Nothing,
}

/// What becomes of an environment that stands at the goal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// It stays.
    #[default]
    Keep,
    /// A new one takes its place.
    Replace,
}
