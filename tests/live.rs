//! On the real network: releases compiled from the distribution's own mirror. Minutes each, so only when asked for.

use std::process::Command;

use crate::support::needs::say;
use crate::support::sandbox::Sandbox;

/// The root whose Pythons the other tests find, too (`environment::Python::all`).
pub(crate) const KEPT: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/pythons");

/// The status of a command that could not reach what it wanted to fetch.
const NETWORK: i32 = 3;

/// Installs from source, the archives kept between runs, and asks the result; nothing where the sources are out of reach.
fn built(version: &str, program: &str) -> Option<String> {
    let sandbox = Sandbox::new();
    let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/live");
    let arguments = ["install", "--force", "--build", "--prerequisites", version];
    let mut command: Command = sandbox.pyman(arguments);
    command
        .env_remove("PYMAN_OFFLINE")
        .env("PYTHON_BUILD_CACHE_PATH", cache)
        .env("PYMAN_ROOT", KEPT);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(NETWORK) {
        say(&format!("SKIPPED: {version} is not compiled: {said}"));
        return None;
    }
    assert_eq!(output.status.code(), Some(0), "{said}");
    let bin = format!("{KEPT}/versions/{version}/bin");
    let run = |name: &str, arguments: &[&str]| {
        let output = sandbox.command(format!("{bin}/{name}")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run("pip", &["--version"]).contains(KEPT));
    Some(run("python", &["-c", program]))
}

#[test]
#[ignore = "compiles CPython 3.13.5 from the distribution's mirror"]
fn a_modern_release_is_built_with_all_its_modules() {
    let program = "import ssl, hashlib, _hashlib, sqlite3, ctypes, zlib, bz2, lzma, readline, sys\n\
                   print(sys.version.split()[0], ssl.OPENSSL_VERSION.split()[0])\n\
                   print('sha512_256' in hashlib.algorithms_available)\n";
    if let Some(answer) = built("3.13.5", program) {
        assert_eq!(answer, "3.13.5 OpenSSL\nTrue\n");
    }
}

#[test]
#[ignore = "compiles CPython 2.7.18 from the distribution's mirror"]
fn the_last_python_2_is_built_with_the_openssl_of_today() {
    let program = "import ssl, hashlib, _hashlib, sqlite3, ctypes, zlib, bz2, readline, sys\n\
                   print sys.version.split()[0], ssl.OPENSSL_VERSION.split()[0]\n\
                   print hashlib.new('md5', b'').hexdigest() == _hashlib.openssl_md5(b'').hexdigest()\n";
    if let Some(answer) = built("2.7.18", program) {
        assert_eq!(answer, "2.7.18 OpenSSL\nTrue\n");
    }
}
