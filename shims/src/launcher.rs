//! `py`, the launcher: which Python a command line runs, by the rules of the Windows launcher and of the version files.

pub mod arguments;
#[cfg(test)]
mod fuzz;
pub mod help;
pub mod tag;
