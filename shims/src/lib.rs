//! Which Python runs: every rule, decided over a small picture of the world ([`World`]).
//!
//! Read by two programs, so that they cannot disagree: the shim, which runs what was decided, and
//! the manager. Bytes in, values out; no clock, no network, no dependency.
//!
//! * what a person wrote: [`Request`], [`Series`], [`Specifiers`], [`Version`], [`Variant`]; what it leaves open: [`Constraint`]
//! * where it was written: [`Selection`], [`Origin`], and what was odd about it: [`Note`]
//! * what there is: [`Home`], [`Installation`], [`Name`], [`Identity`], [`environment`]; where a tree keeps what: [`Layout`]
//! * the answer: [`Resolver`] takes an [`Ask`], gives what was [`Found`] or an [`Error`], and how to [`Launch`] it
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod architecture;
mod collation;
mod command;
mod constraint;
pub mod environment;
mod errand;
mod error;
#[cfg(test)]
mod fixtures;
mod home;
pub mod identity;
pub mod ini;
mod installed;
mod lacking;
mod launch;
pub mod launcher;
mod layout;
mod line;
mod memory;
pub mod metadata;
mod missing;
mod name;
mod note;
pub mod path;
mod pins;
mod platform;
mod request;
mod resolver;
mod selection;
mod series;
pub mod shebang;
mod shown;
mod specifier;
mod system;
mod version;
mod world;

pub use architecture::Architecture;
pub use command::{Ask, Environment, Fallback, Found, Place, REFUSED, UNSELECTED, VIRTUAL_ENV};
pub use constraint::Constraint;
pub use errand::changes_commands;
pub use error::Error;
pub use home::Home;
pub use identity::Identity;
pub use installed::{Installation, Resolution, is_staged};
pub use launch::{Launch, VARIABLE as CHAIN};
pub use layout::Layout;
pub use memory::Memory;
pub use missing::{Detail, NotFound, NotInstalled, Why};
pub use name::{Form, Name};
pub use note::Note;
pub use path::stays_inside;
pub use pins::SYSTEM;
pub use request::Origin;
pub use request::{PreReleases, Request, Wanted};
pub use resolver::{PYENV_VERSION, Resolver, VERSION};
pub use selection::{FILE_READ, Selection, spelling};
pub use series::Series;
pub use shown::{Cut, Shown};
pub use specifier::Specifiers;
pub use system::MARKER;
pub use version::{NotAVersion, Pre, Stage, Variant, Version};
pub use world::Fault;
pub use world::{File, FileId, World};
