//! pyman: one tool for every Python on a machine.

mod error;

pub mod archive;
pub mod catalogue;
pub mod cli;
pub mod environment;
pub mod fetch;
pub mod install;
pub mod interpreter;
pub mod inventory;
pub mod platform;
pub mod plugin;
pub mod progress;
pub mod quote;
pub mod rehash;
pub mod settings;
pub mod shell;
pub mod world;

pub use error::Error;
pub use pyman_shim::{Variant, Version};
