//! A build becomes an installation: fetched or compiled aside, finished completely, published by one rename.

pub mod relocate;
