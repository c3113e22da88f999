//! What the tests stand on: a sandbox, servers, archives.

pub(crate) mod archives;
pub(crate) mod conda;
pub(crate) mod needs;
pub(crate) mod prebuilt;
pub(crate) mod sandbox;
pub(crate) mod server;
pub(crate) mod share;
pub(crate) mod shop;
pub(crate) mod terminal;
pub(crate) mod tiny;
