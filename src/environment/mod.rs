//! Virtual environments: made in milliseconds for every version from 2.7 up, moved, cloned, mended, carried.
//!
//! Where one is to stand is a [`Goal`], and when that was judged a [`Plot`]; what it stands on is a [`Base`]; [`create`] makes
//! it aside and renames it.
//! What an environment says of itself is its [`Config`]; one that is there is an [`Environment`].

pub mod activate;
mod base;
mod bundle;
mod config;
mod create;
mod error;
mod existing;
pub mod index;
mod known;
mod layout;
mod legacy;
mod libraries;
mod moving;
mod named;
mod order;
mod packages;
mod plot;
mod probe_cache;
mod project;
mod relocation;
mod remove;
mod repair;
mod seed;
pub mod simple;
mod skeleton;
mod stage;
mod unfinished;

pub use base::{Asking, Base, Followed, Implementation};
pub use bundle::{Manifest, Unbundled, bundle};
pub use config::Config;
pub use create::{Outcome, Remade, create};
pub use error::Error;
pub use existing::{Environment, Health};
pub use known::{
    Conda, adopted, forget, of_conda, register, registered, standing_on, survey, within,
};
pub use layout::Layout;
pub use libraries::missing_libraries;
pub use moving::{Links, Move, clone, moved_from, moving_from, relocate};
pub use named::{
    Link, inside_version, lead_again, link, link_over, refuse_anothers_link, sweep_links,
};
pub use order::{BeginWith, Downloads, Making, Order, Packages, Programs, Standing};
pub use packages::{Distribution, listed};
pub use packages::{Freeze, frozen, pip};
pub use plot::{Goal, Name, Plot, normal};
pub use project::Requirement;
pub use relocation::link_within;
pub use remove::{begin_removal, make_room, remove};
pub use repair::{Mended, mend, names_another_place, stand_on};
pub use skeleton::accompany;
pub use stage::settle;
pub use unfinished::{Work, finish, half_removed, is_unfinished};
