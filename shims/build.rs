//! Tells the manager's build where these sources lie: the shim program is built from them (`../build.rs`), and cargo has put
//! them somewhere else than beside the manager where both are packages of a registry.

use std::env;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let sources = env::var("CARGO_MANIFEST_DIR")?;
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::metadata=sources={sources}");
    Ok(())
}
