//! Rows of `RECORD`: a file's path, digest and size, by which pip can remove it again. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::fetch::Sha256;

/// The row of a file, its end included.
pub(super) fn row(path: &str, bytes: &[u8]) -> String {
    format!("{path},sha256={},{}\n", digest(bytes), bytes.len())
}

/// As PEP 376 wants it: base64 for URLs, without padding.
fn digest(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::of(bytes).bytes())
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn a_row_is_as_wheel_writes_it() {
        assert_eq!(row("a", b""), "a,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n");
    }
}
