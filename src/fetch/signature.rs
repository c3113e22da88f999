//! Whose some bytes are: a signature over them, as minisign makes it. The one room of the library that checks it.

use minisign_verify::{PublicKey, Signature};

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
