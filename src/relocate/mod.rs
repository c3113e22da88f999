//! A tree that stands elsewhere than where it was made: its scripts' headers, the paths in its text, its run paths.
//!
//! Pure but for [`Relocation`], which does all of it to an installation. Text files only, and only those whose place says
//! what they are; done again, it changes nothing.

mod documents;
mod header;
mod installation;
mod runpath;
mod text;
mod tools;

pub(crate) use header::{Header, header, launched};
pub(crate) use installation::{Binaries, Relocation, naming};
pub(crate) use text::{in_strings, replaced};
