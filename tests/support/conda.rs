//! An installer script of the same interface as Miniforge's, made here: `sh NAME.sh -b -p PREFIX`, a shell
//! script with the tree behind its last line, that bakes its prefix into what it installs.

use sha2::{Digest as _, Sha256};

use super::prebuilt::Prebuilt;
use super::shop::Shop;

/// What its release is called.
pub(crate) const NAME: &str = "miniforge3-24.11.0-0";
/// What its file is called.
pub(crate) const FILE: &str = "Miniforge3-24.11.0-0-Linux-x86_64.sh";

/// The script; what it installs has the shop's Python.
fn script(prebuilt: &Prebuilt) -> Vec<u8> {
    let head = include_str!("conda/installer.sh")
        .replace("@CONDA@", include_str!("conda/conda.py"))
        .replace("@PROFILE@", include_str!("conda/conda.sh"))
        .replace("@FISH@", include_str!("conda/conda.fish"));
    let lines = head.lines().count() + 1;
    let mut script = head.replace("@LINES@", &lines.to_string()).into_bytes();
    script.extend(std::fs::read(&prebuilt.path).unwrap());
    script
}

/// A shop with the installer on offer, and the bytes it is served as.
pub(crate) fn shop() -> Shop {
    shop_with(|script| Some(hexadecimal(script)))
}

/// The same, the row's digest by choice.
pub(crate) fn shop_with(sha256: impl Fn(&[u8]) -> Option<String>) -> Shop {
    let script = script(Prebuilt::small());
    let digest = sha256(&script);
    let shop = Shop::selling(&script);
    let row = serde_json::json!({
        "implementation": "miniforge",
        "version": NAME,
        "kind": "installer",
        "platform": Prebuilt::platform(),
        "file": FILE,
        "url": shop.server.url("/archive.tar.gz"),
        "sha256": digest,
    });
    shop.sandbox.write("catalogue.jsonl", format!("{row}\n"));
    shop
}

/// The digest of these bytes.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
