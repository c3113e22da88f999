//! `pyman self`: the program itself renewed, put back, and taken off again, in a root of its own.
//!
//! Another program is the one just built with a version of the same length in all its bytes.

mod roots;
mod uninstall;
mod update;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use pyman::fetch::Sha256;

use crate::support::archives::{Entry, gz, tar};
use crate::support::sandbox::{Ran, Sandbox};

/// The version of the program that is tested.
pub(crate) const OWN: &str = env!("CARGO_PKG_VERSION");
/// Others, as long as it.
pub(crate) const NEWER: &str = "0.9.7";
pub(crate) const OLDER: &str = "0.1.0";

/// The program that is tested.
static TESTED: LazyLock<Vec<u8>> = LazyLock::new(|| stripped(crate::support::program()));
/// The one just built: in a program that was optimised the version stands in pieces.
static BUILT: LazyLock<Vec<u8>> = LazyLock::new(|| stripped(crate::support::built()));

/// A program without what only debuggers read, where something here takes that out.
fn stripped(program: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let stripped = folder.path().join("pyman");
    let mut strip = Command::new("strip");
    strip.arg("-s").arg("-o").arg(&stripped).arg(program);
    let done = strip.output().is_ok_and(|output| output.status.success());
    fs::read(if done { &stripped } else { Path::new(program) }).unwrap()
}

/// The program as of another version, or the tested one itself.
pub(crate) fn program(version: &str) -> Vec<u8> {
    if version == OWN {
        return TESTED.clone();
    }
    assert_eq!(version.len(), OWN.len());
    let mut bytes = BUILT.clone();
    let found: Vec<usize> = memchr::memmem::find_iter(&bytes, OWN).collect();
    assert!(!found.is_empty());
    for at in found {
        bytes[at..at + version.len()].copy_from_slice(version.as_bytes());
    }
    bytes
}

/// What this machine's archives are called by.
pub(crate) fn triple() -> String {
    format!("{}-unknown-linux-musl", std::env::consts::ARCH)
}

/// An archive of a program, as `packaging/build` lays it out.
fn packed(version: &str, program: Vec<u8>) -> Vec<u8> {
    let folder = format!("pyman-{version}-{}", triple());
    gz(&tar(&[
        Entry::file(format!("{folder}/LICENSE"), "MIT\n"),
        Entry::file(format!("{folder}/pyman"), program).mode(0o755),
    ]))
}

/// Offers any program as this version, in a folder of the sandbox; its archive.
pub(crate) fn offer(sandbox: &Sandbox, version: &str, place: &str, program: Vec<u8>) -> Vec<u8> {
    let archive = packed(version, program);
    let name = format!("pyman-{version}-{}.tar.gz", triple());
    sandbox.write(&format!("{place}/{name}"), &archive);
    let sums = format!("{}  {name}\n", Sha256::of(&archive));
    sandbox.write(&format!("{place}/SHA256SUMS"), sums);
    archive
}

/// One whose pyman is a file in the root, as `install.sh` leaves it.
pub(crate) struct Owner {
    pub(crate) sandbox: Sandbox,
}

impl Owner {
    pub(crate) fn new() -> Self {
        let owner = Self { sandbox: Sandbox::new() };
        owner.puts(OWN);
        owner
    }

    /// Where the program is.
    pub(crate) fn program(&self) -> PathBuf {
        self.sandbox.root().join("bin/pyman")
    }

    /// Puts a program of this version there.
    pub(crate) fn puts(&self, version: &str) {
        put(&self.program(), &program(version));
    }

    /// Offers a version in `dist`.
    pub(crate) fn offers(&self, version: &str) {
        self.offers_program(version, "dist", program(version));
    }

    /// Offers any program as this version, in a folder; its archive.
    pub(crate) fn offers_program(&self, version: &str, place: &str, program: Vec<u8>) -> Vec<u8> {
        offer(&self.sandbox, version, place, program)
    }

    pub(crate) fn dist(&self) -> String {
        self.sandbox.path().join("dist").display().to_string()
    }

    /// The program in the root, with these words.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.sandbox.command(self.program());
        command.args(arguments).env("PYMAN_DIST", self.dist()).env_remove("PYMAN_OFFLINE");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.sandbox.ran(&mut self.command(arguments))
    }

    /// What the program in the root says that it is.
    pub(crate) fn version(&self) -> String {
        let said = self.run(&["--version"]).stdout;
        said.split_whitespace().nth(1).unwrap().to_owned()
    }
}

/// Puts a program somewhere; a shell writes it, so that nothing that starts meanwhile has it open.
pub(crate) fn put(place: &Path, bytes: &[u8]) {
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    let mut source = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut source, bytes).unwrap();
    let mut install = Command::new("/bin/sh");
    install.args(["-c", "rm -f \"$2\" && cp \"$1\" \"$2\" && chmod 755 \"$2\"", "sh"]);
    assert!(install.arg(source.path()).arg(place).status().unwrap().success());
}
