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

pub use error::{Error, remedy};
pub use installation::{Form, Installation, Inventory, tag};
pub use lock::{Lock, Waited, lock};
pub use minor::{minor, settle};
pub use places::{Folder, Places};
pub use receipt::{Origin, Receipt, Tree};
pub use succession::Succession;
