//! What the tests stand on: a sandbox, servers, archives.

use std::sync::LazyLock;

pub(crate) mod archives;
pub(crate) mod conda;
pub(crate) mod needs;
pub(crate) mod ordinary;
pub(crate) mod pages;
pub(crate) mod prebuilt;
pub(crate) mod sandbox;
pub(crate) mod server;
pub(crate) mod session;
pub(crate) mod share;
pub(crate) mod shop;
pub(crate) mod terminal;
pub(crate) mod tiny;

/// The program that is tested: the one just built, or what `PYMAN_TEST_BINARY` names (one that is shipped).
///
/// The one place that knows; by its full path, since the tests run it in directories of their own.
pub(crate) fn program() -> &'static str {
    static PROGRAM: LazyLock<String> = LazyLock::new(|| match std::env::var("PYMAN_TEST_BINARY") {
        Ok(given) => std::fs::canonicalize(&given).unwrap().into_os_string().into_string().unwrap(),
        Err(_) => built().to_owned(),
    });
    &PROGRAM
}

/// The program just built, whichever is tested: what its sources say stands in it as it is written.
pub(crate) const fn built() -> &'static str {
    env!("CARGO_BIN_EXE_pyman")
}
