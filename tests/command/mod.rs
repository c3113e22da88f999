//! Every command, by the real binary: all of stdout, stderr and the status.

mod available;
mod beginning;
mod cache;
mod discover;
mod doctor;
mod everybody;
mod exec;
mod external;
mod help;
mod import;
mod install;
mod json;
mod link;
mod lost;
mod mirror;
mod pack;
mod prune;
mod questions;
mod root;
mod uninstall;
mod update;
mod upgrade;
mod virtualenv;
mod vouched;
mod words;
