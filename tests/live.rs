//! On the real network: releases compiled from the distribution's own mirror. Minutes each, so only when asked for.

use std::process::Command;

use crate::support::sandbox::Sandbox;

/// Installs from source into a sandbox, finished builds kept between runs, and asks the result.
fn built(version: &str, program: &str) -> String {
    let sandbox = Sandbox::new();
    let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/live");
    let mut command: Command = sandbox.pyman(["install", "--build", "--prerequisites", version]);
    command.env_remove("PYMAN_OFFLINE").env("PYTHON_BUILD_CACHE_PATH", cache);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let bin = sandbox.root().join("versions").join(version).join("bin");
    let run = |name: &str, arguments: &[&str]| {
        let output = sandbox.command(bin.join(name)).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run("pip", &["--version"]).contains(&*sandbox.root().to_string_lossy()));
    run("python", &["-c", program])
}

#[test]
#[ignore = "compiles CPython 3.13.5 from the distribution's mirror"]
fn a_modern_release_is_built_with_all_its_modules() {
    let program = "import ssl, hashlib, _hashlib, sqlite3, ctypes, zlib, bz2, lzma, readline, sys\n\
                   print(sys.version.split()[0], ssl.OPENSSL_VERSION.split()[0])\n\
                   print('sha512_256' in hashlib.algorithms_available)\n";
    assert_eq!(built("3.13.5", program), "3.13.5 OpenSSL\nTrue\n");
}

#[test]
#[ignore = "compiles CPython 2.7.18 from the distribution's mirror"]
fn the_last_python_2_is_built_with_the_openssl_of_today() {
    let program = "import ssl, hashlib, _hashlib, sqlite3, ctypes, zlib, bz2, readline, sys\n\
                   print sys.version.split()[0], ssl.OPENSSL_VERSION.split()[0]\n\
                   print hashlib.new('md5', b'').hexdigest() == _hashlib.openssl_md5(b'').hexdigest()\n";
    assert_eq!(built("2.7.18", program), "2.7.18 OpenSSL\nTrue\n");
}
