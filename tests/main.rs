//! The program seen from outside.
#![expect(clippy::string_slice, reason = "an assertion of its own")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]
#![expect(clippy::indexing_slicing, reason = "an assertion of its own")]
#![expect(clippy::panic, reason = "an assertion of its own")]
#![expect(
    clippy::disallowed_methods,
    reason = "the tests set up the world; they are not the house"
)]

mod activate;
mod build;
mod catalogue;
mod command;
mod conda;
mod crash;
mod disk;
mod environment;
mod hostile;
mod house;
mod kills;
mod launcher;
mod live;
mod manual;
mod network;
mod oracle;
mod ours;
mod packaging;
mod readme;
mod renewal;
mod screens;
mod shells;
mod shim;
mod support;
mod tools;
mod wrapper;
