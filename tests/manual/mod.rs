//! The manual says what is so: its sessions are run, its links lead somewhere, its tables hold what the sources have.

mod commands;
mod errors;
mod links;
mod reference;
mod sessions;
