//! The world most table tests begin with: SELECTION.md's five installed versions, a system, a shims directory.

use std::format;

use crate::command::{Ask, Found};
use crate::error::Error;
use crate::home::Home;
use crate::memory::Memory;
use crate::resolver::Resolver;
use crate::system::MARKER;

/// The versions of the worked cases.
pub(crate) const INSTALLED: [&str; 5] = ["2.7.18", "3.8.18", "3.9.18", "3.10.13", "3.12.1"];

/// Standing in `/w/p`, root `/r`, shims first on PATH, then a system with `python3`, `python3.11`, `ls`.
pub(crate) fn world() -> Memory {
    let empty = Memory::new()
        .at("/w/p")
        .variable("HOME", "/home/ada")
        .variable("PATH", "/r/shims:/usr/bin")
        .program("/r/bin/pyman-shim", shim())
        .program("/usr/bin/python3", "")
        .program("/usr/bin/python3.11", "")
        .program("/usr/bin/ls", "");
    let shims = ["python", "python3", "python3.9", "python3.11", "pip", "ls"]
        .into_iter()
        .fold(empty, |world, name| {
            world.hard_link(&format!("/r/shims/{name}"), "/r/bin/pyman-shim")
        });
    INSTALLED.into_iter().fold(shims, install)
}

/// What a shim program holds.
pub(crate) fn shim() -> std::vec::Vec<u8> {
    [b"\x7fELF".as_slice(), MARKER, b"..."].concat()
}

/// Adds a version with the commands that its number says.
pub(crate) fn install(world: Memory, name: &str) -> Memory {
    let number = name.split('.').take(2).collect::<std::vec::Vec<_>>().join(".");
    let major = name.split('.').next().unwrap_or_default();
    ["python", "pip"]
        .into_iter()
        .flat_map(|word| [word.into(), format!("{word}{major}"), format!("{word}{number}")])
        .fold(world, |world, command| {
            world.program(&format!("/r/versions/{name}/bin/{command}"), "")
        })
}

/// What the command comes to through a shim.
pub(crate) fn which(world: &Memory, command: &str) -> Result<Found, Error> {
    Resolver::new(world, Home::new(b"/r")).which(Ask::shim(command.as_bytes()))
}

/// The same as text: the program, or the first line of the error.
pub(crate) fn answer(world: &Memory, command: &str) -> std::string::String {
    match which(world, command) {
        Ok(found) => std::string::String::from_utf8(found.program).unwrap(),
        Err(error) => format!("{} {}", error.exit_code(), error.report().lines().next().unwrap()),
    }
}
