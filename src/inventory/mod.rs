//! What is installed under the root, and who may change it: installations, receipts, locks, minor links.
//!
//! Reads the disk only; what *could* be installed is the catalogue's to know, how it gets here is `install`'s.

mod error;
mod installation;
mod lock;
mod minor;
mod places;
mod receipt;
mod succession;

pub(crate) use error::{Error, remedy};
pub(crate) use installation::{Form, Installation, Inventory, leave_no_envs, tag};
pub(crate) use lock::{Lock, Waited, lock};
pub(crate) use minor::{minor, settle};
pub(crate) use places::{Folder, Places};
pub(crate) use receipt::{Origin, Receipt, Tree};
pub(crate) use succession::Succession;
