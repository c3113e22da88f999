//! The shim program.
#![cfg_attr(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")), no_std)]
#![no_main]

extern crate alloc;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;
