//! Packs the catalogue tables and builds the shim program.

fn main() {}
