//! What proves bytes: SHA-256 digests, hexadecimal, taken as bytes pass by; and signatures over them, as minisign makes them.

use std::fmt::{self, Display, Formatter};
use std::io::{self, Read};
use std::str::FromStr;

use minisign_verify::{PublicKey, Signature};
use sha2::Digest as _;

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

/// What stands where a digest should is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}' is not a SHA-256 digest (64 hexadecimal digits)", .0.escape_debug())]
pub struct NotADigest(String);

/// Hashes bytes as they come.
#[derive(Debug, Clone, Default)]
pub struct Hasher(sha2::Sha256);

impl Sha256 {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The digest of everything the reader holds.
    pub fn of_reader(mut reader: impl Read) -> io::Result<Self> {
        let mut hasher = Hasher::default();
        let mut buffer = vec![0; 256 * 1024];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(hasher.finish()),
                Ok(count) => hasher.update(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The 32 bytes themselves.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Sha256 {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl Hasher {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes taken.
    pub fn finish(self) -> Sha256 {
        Sha256(self.0.finalize().into())
    }
}

impl FromStr for Sha256 {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let refuse = || NotADigest(text.chars().take(80).collect());
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() {
            return Err(refuse());
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let [high, low] = pair else { return Err(refuse()) };
            *byte = nibble(*high).ok_or_else(refuse)? << 4 | nibble(*low).ok_or_else(refuse)?;
        }
        Ok(Self(bytes))
    }
}

impl Display for Sha256 {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16)?.try_into().ok()
}

/// The bytes are not what the holder of the key signed; or the key, or the signature, is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forged;

/// Whether the holder of `key` (the one line of minisign's public key) signed these bytes; an error when not.
///
/// Only signatures over the bytes' hash are known, minisign's own kind since 2021, as in `install.sh`.
pub fn is_signed(key: &str, bytes: &[u8], signature: &[u8]) -> Result<(), Forged> {
    let signature = std::str::from_utf8(signature).map_err(|_| Forged)?;
    let signature = Signature::decode(signature).map_err(|_| Forged)?;
    let key = PublicKey::from_base64(key).map_err(|_| Forged)?;
    key.verify(bytes, &signature, false).map_err(|_| Forged)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn digests_are_those_of_the_standard() {
        assert_eq!(Sha256::of(b"").to_string(), EMPTY);
        assert_eq!(
            Sha256::of_reader(&b"abc"[..]).unwrap().to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn display_and_parse_are_inverse_whatever_the_case() {
        assert_eq!(EMPTY.parse::<Sha256>().unwrap().to_string(), EMPTY);
        assert_eq!(EMPTY.to_uppercase().parse::<Sha256>().unwrap().to_string(), EMPTY);
    }

    #[test]
    fn what_is_no_digest_is_refused_and_named() {
        for text in ["", "e3b0", &EMPTY.replace('e', "g"), &format!("{EMPTY}00"), "é"] {
            let error = text.parse::<Sha256>().unwrap_err();
            assert!(error.to_string().starts_with('`'), "{error}");
        }
    }

    /// As minisign 0.11 wrote them.
    const KEY: &str = "RWTg8OblDeuOke5Hd5qekO77iCfucrDbqu8ESnA2fjarhJWSfSIcdOWY";
    const BYTES: &[u8] = b"two lines\nof a file\n";
    const SIGNATURE: &str = "untrusted comment: signature from minisign secret key\n\
        RUTg8OblDeuOkVjhe5kHbcPPFExgfLQNcpaK8lZwKZ5r9nciws5Pq8szdDFB0VnqX5OEOZ8cD+/b1heCvFpIIMzDaC5qlSf4+g4=\n\
        trusted comment: a comment\n\
        7fPTz+/Np+mYqrM7M8abvu1vlzn2Ht0mf65uQUy1Y4pADPCsU/H5ABcAD/aPX+4zbr9c53CxOhTr+X2Evf9VDg==\n";
    const OTHER_KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    #[test]
    fn what_the_holder_of_the_key_signed_is_told_from_everything_else() {
        assert_eq!(is_signed(KEY, BYTES, SIGNATURE.as_bytes()), Ok(()));
        let cases: [(&str, &[u8], String); 7] = [
            (OTHER_KEY, BYTES, SIGNATURE.to_owned()),
            (KEY, b"two lines\nof a file", SIGNATURE.to_owned()),
            (KEY, BYTES, SIGNATURE.replace("a comment", "another")),
            (KEY, BYTES, SIGNATURE.replace("RUTg", "RWTg")),
            (KEY, BYTES, SIGNATURE.chars().take(120).collect()),
            (KEY, BYTES, "x\n".repeat(4)),
            ("no key", BYTES, SIGNATURE.to_owned()),
        ];
        for (key, bytes, signature) in cases {
            assert_eq!(is_signed(key, bytes, signature.as_bytes()), Err(Forged), "{signature}");
        }
        assert_eq!(is_signed(KEY, BYTES, b"\xff"), Err(Forged));
    }
}
