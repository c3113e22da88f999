//! With a key built in, what the holder of the key did not sign is not installed.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Fair, five_lines, found, script};
use crate::support::needs::needs;

/// Signs as minisign does, by means of openssl and Python; prints the public key as minisign writes it.
///
/// Arguments: a folder for the secret key, the name of the key (8 letters), the file.
const SIGN: &str = r#"
import base64, hashlib, os, subprocess, sys
folder, name, file = sys.argv[1], sys.argv[2].encode(), sys.argv[3]
key = os.path.join(folder, name.decode() + ".der")
if not os.path.exists(key):
    subprocess.check_call(["openssl", "genpkey", "-algorithm", "ed25519", "-outform", "DER", "-out", key])
public = subprocess.check_output(["openssl", "pkey", "-in", key, "-inform", "DER", "-pubout", "-outform", "DER"])[-32:]
def sign(data):
    scratch = os.path.join(folder, "scratch")
    with open(scratch, "wb") as out: out.write(data)
    return subprocess.check_output(["openssl", "pkeyutl", "-sign", "-inkey", key, "-keyform", "DER", "-rawin", "-in", scratch])
signature = sign(hashlib.blake2b(open(file, "rb").read()).digest())
comment = b"pyman 0.1.0"
text = lambda data: base64.b64encode(data).decode()
with open(file + ".minisig", "w") as out:
    out.write("untrusted comment: by a test\n%s\ntrusted comment: %s\n%s\n" % (
        text(b"ED" + name + signature), comment.decode(), text(sign(signature + comment))))
print(text(b"Ed" + name + public), end="")
"#;

/// The public key.
fn sign(fair: &Fair, name: &str, file: &Path) -> String {
    let mut python = Command::new("/usr/bin/python3");
    let output =
        python.args(["-c", SIGN]).arg(fair.sandbox.path()).arg(name).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A place that is signed, and a script that knows by whom; `judge` is all that can check it here.
fn signed(judge: &str) -> (Fair, String) {
    let fair = Fair::with(&[judge]);
    let key = sign(&fair, "ourskeys", &fair.path("dist/SHA256SUMS"));
    fair.sandbox.write("install.sh", script("", &key));
    (fair, key)
}

#[test]
fn what_is_signed_is_installed_whoever_checks_it() {
    for judge in ["minisign", "openssl"] {
        needs!(found(judge).is_some(), judge);
        let (fair, key) = signed(judge);
        let unsigned = "; no key was built into this script, so that whose it is was not checked";
        let said = five_lines("[SANDBOX]/dist", "0.1.0", "");
        let said = said.replace(unsigned, &format!(", and the signature by {key}"));
        fair.run::<&str>(&fair.dist(), &[]).succeeds(&said);
    }
}

#[test]
fn what_is_unsigned_forged_or_signed_by_another_is_refused() {
    for judge in ["minisign", "openssl"] {
        needs!(found(judge).is_some(), judge);
        let (fair, key) = signed(judge);
        let signature = fair.path("dist/SHA256SUMS.minisig");
        let good = fs::read_to_string(&signature).unwrap();
        let refused =
            format!("pyman: the signature of SHA256SUMS is not by {key}: nothing was installed\n");
        // Another's key under another name, then under ours.
        sign(&fair, "another0", &fair.path("dist/SHA256SUMS"));
        fair.run::<&str>(&fair.dist(), &[]).fails(&refused, 4);
        fs::rename(fair.path("ourskeys.der"), fair.path("kept")).unwrap();
        sign(&fair, "ourskeys", &fair.path("dist/SHA256SUMS"));
        fair.run::<&str>(&fair.dist(), &[]).fails(&refused, 4);
        // A comment that was not signed, half a signature, rubbish.
        for forged in [
            good.replace("pyman 0.1.0", "pyman 9.9.9"),
            good[..good.len() / 2].to_owned(),
            "x\n".repeat(4),
        ] {
            fs::write(&signature, forged).unwrap();
            fair.run::<&str>(&fair.dist(), &[]).fails(&refused, 4);
        }
        // A list that is another's.
        fs::write(&signature, &good).unwrap();
        let list = fair.path("dist/SHA256SUMS");
        let text = fs::read_to_string(&list).unwrap();
        fs::write(&list, format!("{text}\n")).unwrap();
        fair.run::<&str>(&fair.dist(), &[]).fails(&refused, 4);
        fs::write(&list, text).unwrap();
        fs::remove_file(&signature).unwrap();
        let ran = fair.run::<&str>(&fair.dist(), &[]);
        ran.fails("pyman: SHA256SUMS is not signed, and must be: nothing was installed\n", 4);
        fair.left_nothing();
    }
}

#[test]
fn where_nothing_can_check_a_signature_nothing_is_installed() {
    let (fair, _) = signed("true");
    fair.run::<&str>(&fair.dist(), &[]).fails(
        "pyman: the signature cannot be checked here, and must be: nothing was installed\n\
         hint: install minisign, or openssl 3\n",
        4,
    );
    // An openssl that is too old to be asked.
    fair.fakes("openssl", "echo 'Usage: pkeyutl [options]' >&2");
    assert_eq!(fair.run::<&str>(&fair.dist(), &[]).status, Some(4));
    fair.left_nothing();
}
