//! The addresses of a host, each asked for on a thread of its own: the system's resolver takes as long as it likes.
//!
//! The network library's own way ends the whole program where no thread is to be had; here that is an error.

use std::net::ToSocketAddrs as _;
use std::thread::Builder;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

/// Asks the system.
#[derive(Debug, Clone, Copy)]
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        let (sender, receiver) = oneshot::channel();
        let begun = Builder::new().spawn(move || {
            // The port is the connection's business. Nobody may be waiting for the answer any more.
            sender.send((name.as_str(), 0).to_socket_addrs()).unwrap_or_default();
        });
        Box::pin(async move {
            begun?;
            let found: Addrs = Box::new(receiver.await??);
            Ok(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(host: &str) -> Result<Addrs, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let asked = System.resolve(host.parse().unwrap());
        runtime.block_on(asked).map_err(|error| error.to_string())
    }

    #[test]
    fn a_host_has_addresses_or_a_reason_why_not() {
        assert!(ask("localhost").unwrap().any(|address| address.ip().is_loopback()));
        assert!(ask("no-such-host.invalid").is_err());
    }
}
