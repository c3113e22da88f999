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
pub(crate) mod import;
pub(crate) mod install;
pub(crate) mod libraries;
pub(crate) mod link;
pub(crate) mod manager;
pub(crate) mod network;
pub(crate) mod parallel;
pub(crate) mod pins;
pub(crate) mod planner;
pub(crate) mod prune;
pub(crate) mod rehash;
pub(crate) mod selection;
pub(crate) mod shells;
pub(crate) mod site;
pub(crate) mod typed;
pub(crate) mod uninstall;
pub(crate) mod upgrade;

pub(crate) use ground::{Ask, Ground};
