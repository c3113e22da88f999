//! Bytes from addresses, checked by digest. What the bytes are for is known elsewhere.

pub mod digest;

pub use digest::Sha256;
