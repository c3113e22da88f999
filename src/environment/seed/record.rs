//! Rows of `RECORD`: a file's path, digest and size, by which pip can remove it again. Pure.

use crate::fetch::Sha256;

/// The row of a file, its end included.
pub(super) fn row(path: &str, bytes: &[u8]) -> String {
    format!("{path},sha256={},{}\n", digest(bytes), bytes.len())
}

/// As PEP 376 wants it: base64 for URLs, without padding.
fn digest(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digest = Sha256::of(bytes);
    let mut text = String::new();
    for chunk in digest.bytes().chunks(3) {
        let three = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let bits = three(0) << 16 | three(1) << 8 | three(2);
        for place in 0..=chunk.len() {
            let letter = bits >> (18 - 6 * place) & 63;
            let letter = usize::try_from(letter).map_or(None, |index| LETTERS.get(index));
            text.extend(letter.map(|letter| char::from(*letter)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn a_row_is_as_wheel_writes_it() {
        assert_eq!(row("a", b""), "a,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n");
    }
}
