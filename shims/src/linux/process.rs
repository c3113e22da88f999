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

    fn program(&self) -> Option<Vec<u8>> {
        self.executable_file()
    }

    fn print(&self, text: &[u8]) {
        call::write(1, text);
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
        let leading = all_terminated(image.leading.iter().cloned())?;
        let given = self.given().get(image.skipped..).unwrap_or_default();
        let arguments: Vec<*const c_char> = iter::once(program.as_ptr())
            .chain(leading.iter().map(|argument| argument.as_ptr()))
            .chain(given.iter().copied())
            .chain([ptr::null()])
            .collect();
        let added = all_terminated(image.variables.iter().filter_map(assignment))?;
        let variables: Vec<*const c_char> = self
            .variables()
            .iter()
            .copied()
            .filter(|&variable| !is_replaced(image, variable))
            .chain(added.iter().map(|variable| variable.as_ptr()))
            .chain([ptr::null()])
            .collect();
        let error = call::execute(&program, &arguments, &variables);
        if error != Errno::NO_EXECUTABLE {
            return Err(error);
        }
        let arguments: Vec<*const c_char> = iter::once(SHELL.as_ptr()).chain(arguments).collect();
        Err(call::execute(SHELL, &arguments, &variables))
    }
}

fn all_terminated(texts: impl Iterator<Item = Vec<u8>>) -> Result<Vec<CString>, Errno> {
    texts.map(|text| terminated(&text)).collect()
}

/// `NAME=value` of a variable that gets a new value.
fn assignment((name, value): &(Vec<u8>, Option<Vec<u8>>)) -> Option<Vec<u8>> {
    Some([name, value.as_deref()?].join(&b'='))
}

fn is_replaced(image: &Image, variable: *const c_char) -> bool {
    // SAFETY: the kernel's own string.
    image.variables.iter().any(|(name, _)| unsafe { value(variable, name) }.is_some())
}
