//! The shim program: what every shim, and `py`, is a link to. Its name says which command is meant,
//! the resolver what that comes to; this program then becomes it.
#![cfg_attr(
    all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")),
    no_std,
    no_main
)]

extern crate alloc;

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod hosted;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;
mod manager;
mod process;
mod py;
mod shim;

use pyman_shim::{Layout, MARKER, path};

use crate::process::Process;

/// By this our other programs know a shim, wherever it lies and whatever it is called.
#[used]
static MARK: [u8; MARKER.len()] = *MARKER;

/// Where the standard library begins; without one, `linux` has a start of its own.
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn main() -> std::process::ExitCode {
    hosted::start()
}

/// Does what the program's name asks for. Returns a status only when there is nothing to become.
fn run(process: &impl Process) -> u8 {
    let program = process.program().unwrap_or_default();
    let arguments = process.arguments();
    let file = process.started_as();
    let called = arguments.first().copied();
    if let Some(file) = file.as_deref().filter(|_| Layout::HERE.has_redirectors())
        && let Some(status) = shim::redirect(process, file)
    {
        return status;
    }
    // Whoever starts a program may give it any name (`exec -a`, systemd's `@`): the file says which command it is.
    let mut names = file.as_deref().into_iter().chain(called).map(path::name);
    let name = names.find(|name| !name.is_empty()).unwrap_or_else(|| path::name(&program));
    match path::stem(name) {
        b"py" | b"pyw" => py::run(process, &program),
        command => shim::run(process, command, &program),
    }
}
