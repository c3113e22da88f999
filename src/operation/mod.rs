//! What a person can have done that needs more than one room: choosing and fetching, installing, upgrading, removing with
//! what depends on it, importing, examining. It is asked through [`Ask`] and told through
//! [`Progress`](crate::progress::Progress); it prints nothing and knows no command line.

pub(crate) mod available;
pub(crate) mod base;
pub(crate) mod beginning;
pub(crate) mod cache;
pub(crate) mod dependents;
pub(crate) mod doctor;
pub(crate) mod environments;
mod ground;
pub(crate) mod hooks;
pub(crate) mod importing;
pub(crate) mod install;
pub(crate) mod libraries;
pub(crate) mod lineage;
pub(crate) mod link;
pub(crate) mod mend;
pub(crate) mod outdated;
pub(crate) mod pins;
pub(crate) mod planner;
pub(crate) mod prune;
pub(crate) mod rehash;
pub(crate) mod selection;
pub(crate) mod shells;
pub(crate) mod shorthand;
pub(crate) mod site;
pub(crate) mod supply;
pub(crate) mod together;
pub(crate) mod uninstall;
pub(crate) mod unpinned;
pub(crate) mod upgrade;
pub(crate) mod wish;

pub(crate) use ground::{Ask, Ground};
