//! What this process does in the end: say something, or become another program.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::{iter, ptr};

use pyman_shim::Fault;

use super::call::{self, Errno};
use super::start::{bytes, value};
use super::world::{Linux, terminated};
use crate::process::{Image, Process};

/// The shell that runs what has no `#!`, as with `execvp`.
const SHELL: &CStr = c"/bin/sh";

impl Process for Linux {
    fn arguments(&self) -> Vec<&[u8]> {
        // SAFETY: the kernel's own strings.
        self.given().iter().map(|&argument| unsafe { bytes(argument) }).collect()
    }

    fn started_as(&self) -> Option<Vec<u8>> {
        self.started_path().map(<[u8]>::to_vec)
    }

    fn program(&self) -> Option<Vec<u8>> {
        self.executable_file()
    }

    fn print(&self, text: &[u8]) -> bool {
        call::write(1, text)
    }

    fn say(&self, text: &[u8]) {
        call::write(2, text);
    }

    fn replace(&self, image: &Image) -> Result<u8, Fault> {
        self.execute(image).map_err(|error| Fault(error.0))
    }
}

impl Linux {
    fn execute(&self, image: &Image) -> Result<u8, Errno> {
        let program = terminated(&image.program)?;
        let leading = all_terminated(&image.leading)?;
        let given = self.given().get(image.skipped..).unwrap_or_default();
        let arguments: Vec<*const c_char> = iter::once(program.as_ptr())
            .chain(leading.iter().map(|argument| argument.as_ptr()))
            .chain(given.iter().copied())
            .chain([ptr::null()])
            .collect();
        let changes = changes(image)?;
        let mut variables: Vec<*const c_char> = Vec::with_capacity(self.variables().len() + 4);
        // What changes stays where it is, so that the order says nothing of us either.
        for &variable in self.variables() {
            match changes.iter().find(|change| change.is_of(variable)) {
                Some(change) => variables.extend(change.pointer()),
                None => variables.push(variable),
            }
        }
        let is_new = |change: &&Change<'_>| !self.variables().iter().any(|&old| change.is_of(old));
        variables.extend(changes.iter().filter(is_new).filter_map(Change::pointer));
        variables.push(ptr::null());
        let error = call::execute(&program, &arguments, &variables);
        if error != Errno::NO_EXECUTABLE {
            return Err(error);
        }
        let arguments: Vec<*const c_char> = iter::once(SHELL.as_ptr()).chain(arguments).collect();
        Err(call::execute(SHELL, &arguments, &variables))
    }
}

fn all_terminated(texts: &[Vec<u8>]) -> Result<Vec<CString>, Errno> {
    texts.iter().map(|text| terminated(text)).collect()
}

/// A variable that gets another value, or none.
struct Change<'a> {
    name: &'a [u8],
    /// `NAME=value`
    assignment: Option<CString>,
}

impl Change<'_> {
    fn is_of(&self, variable: *const c_char) -> bool {
        // SAFETY: the kernel's own string.
        unsafe { value(variable, self.name) }.is_some()
    }

    fn pointer(&self) -> Option<*const c_char> {
        self.assignment.as_ref().map(|assignment| assignment.as_ptr())
    }
}

fn changes(image: &Image) -> Result<Vec<Change<'_>>, Errno> {
    let changes = image.variables.iter().map(|(name, value)| {
        let assignment = value.as_ref().map(|value| [name.as_slice(), value].join(&b'='));
        let assignment = assignment.map(|text| terminated(&text)).transpose()?;
        Ok(Change { name, assignment })
    });
    changes.collect()
}
