//! An interpreter's answer: the line that `probe.py` prints, as a value.

use std::path::PathBuf;

use pyman_shim::{Pre, Stage, Variant, Version};
use serde::Deserialize;

/// An executable that answered when asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interpreter {
    /// The path that was asked.
    pub path: PathBuf,
    /// What it calls its own executable: another file when the path was a wrapper's.
    pub executable: PathBuf,
    /// In small letters: `cpython`, `pypy`, `graalpy`.
    pub implementation: String,
    /// The language's version.
    pub version: Version,
    /// The implementation's own version; CPython's is the language's.
    pub own_version: Version,
    /// As usual, free-threaded or with debugging checks.
    pub variant: Variant,
    /// The processor it was built for: `x86_64`, `aarch64`, `i686`.
    pub architecture: String,
    /// The size of a pointer: 32 or 64.
    pub bits: u8,
    /// Where it stands; the environment's directory for an environment's.
    pub prefix: PathBuf,
    /// Where its standard library stands.
    pub base_prefix: PathBuf,
    /// Whether it belongs to a virtual environment.
    pub environment: bool,
}

impl Interpreter {
    /// The name that its installation has under `versions/`: `3.12.1`, `3.13.0t`, `pypy3.10-7.3.17`.
    pub(crate) fn name(&self) -> String {
        if self.implementation == "cpython" {
            return format!("{}{}", self.version, self.variant);
        }
        let Version { major, minor, .. } = self.version;
        format!("{}{major}.{minor}-{}", self.implementation, self.own_version)
    }
}

/// The line as it is printed. Paths are bytes, each shown as the character of that number.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    implementation: String,
    version: Numbers,
    own_version: Numbers,
    free_threaded: bool,
    debug: bool,
    machine: String,
    compiler: String,
    bits: u8,
    executable: String,
    prefix: String,
    base_prefix: String,
    environment: bool,
}

/// As `sys.version_info`: major, minor, micro, stage, number.
#[derive(Debug, Deserialize)]
struct Numbers(u32, u32, u32, String, u32);

impl Line {
    /// The value, if every part is one that can be.
    pub(super) fn interpreter(self, path: PathBuf) -> Option<Interpreter> {
        Some(Interpreter {
            path,
            executable: place(&self.executable)?,
            version: self.version.version()?,
            own_version: self.own_version.version()?,
            variant: match (self.free_threaded, self.debug) {
                (true, _) => Variant::FreeThreaded,
                (false, true) => Variant::Debug,
                (false, false) => Variant::Default,
            },
            architecture: architecture(&self.machine, &self.compiler, self.bits),
            bits: self.bits,
            prefix: place(&self.prefix)?,
            base_prefix: place(&self.base_prefix)?,
            environment: self.environment,
            implementation: self.implementation,
        })
    }
}

impl Numbers {
    fn version(&self) -> Option<Version> {
        let Self(major, minor, patch, stage, number) = self;
        let stage = match stage.as_str() {
            "alpha" => Some(Stage::Alpha),
            "beta" => Some(Stage::Beta),
            "candidate" => Some(Stage::Candidate),
            "final" => None,
            _ => return None,
        };
        let pre = stage.map(|stage| Pre { stage, number: *number });
        Some(Version { pre, ..Version::new(*major, *minor, *patch) })
    }
}

/// The processor: the kernel's name for it also where a 32-bit program runs under a 64-bit kernel,
/// and on Windows what the compiler said.
fn architecture(machine: &str, compiler: &str, bits: u8) -> String {
    let machine = match machine {
        "" if compiler.contains("(ARM64)") => "aarch64",
        "" | "amd64" | "AMD64" | "x86_64" if bits == 64 => "x86_64",
        "" | "amd64" | "AMD64" | "x86_64" | "i386" | "i486" | "i586" => "i686",
        "arm64" | "aarch64" if bits == 64 => "aarch64",
        "arm64" | "aarch64" | "arm" => "armv7",
        other => other,
    };
    machine.to_owned()
}

/// A path from the characters that stand for its bytes; none for an empty or relative one.
fn place(text: &str) -> Option<PathBuf> {
    let bytes: Option<Vec<u8>> =
        text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    let path = crate::world::path(&bytes?).into_owned();
    path.is_absolute().then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(change: &[(&str, serde_json::Value)]) -> Option<Interpreter> {
        let mut line = serde_json::json!({
            "implementation": "cpython", "version": [3, 13, 0, "final", 0],
            "own_version": [3, 13, 0, "final", 0], "free_threaded": false, "debug": false,
            "machine": "x86_64", "compiler": "3.13.0 [GCC]", "bits": 64,
            "executable": "/v/bin/python3", "prefix": "/v", "base_prefix": "/v",
            "environment": false,
        });
        for (key, value) in change {
            line[key] = value.clone();
        }
        let line: Line = serde_json::from_value(line).unwrap();
        line.interpreter("/asked".into())
    }

    #[test]
    fn names_are_those_of_installations() {
        let pypy = serde_json::json!("pypy");
        let own = serde_json::json!([7, 3, 17, "final", 0]);
        let candidate = serde_json::json!([3, 14, 0, "candidate", 2]);
        let cases = [
            (line(&[]), "3.13.0"),
            (line(&[("free_threaded", true.into())]), "3.13.0t"),
            (line(&[("debug", true.into())]), "3.13.0d"),
            (line(&[("version", candidate)]), "3.14.0rc2"),
            (line(&[("implementation", pypy), ("own_version", own)]), "pypy3.13-7.3.17"),
        ];
        for (interpreter, name) in cases {
            assert_eq!(interpreter.unwrap().name(), name);
        }
    }

    #[test]
    fn paths_are_bytes() {
        let interpreter = line(&[("prefix", "/v\u{e9}\u{ff}".into())]).unwrap();
        assert_eq!(crate::world::bytes(&interpreter.prefix), b"/v\xe9\xff");
        assert_eq!(line(&[("prefix", "relative".into())]), None);
        assert_eq!(line(&[("prefix", "/\u{20ac}".into())]), None);
    }

    #[test]
    fn the_processor_is_the_programs_own() {
        let cases = [
            ("x86_64", "", 64, "x86_64"),
            ("x86_64", "", 32, "i686"),
            ("i386", "", 32, "i686"),
            ("arm64", "", 64, "aarch64"),
            ("aarch64", "", 32, "armv7"),
            ("riscv64", "", 64, "riscv64"),
            ("", "3.12 [MSC v.1940 64 bit (AMD64)]", 64, "x86_64"),
            ("", "3.12 [MSC v.1940 64 bit (ARM64)]", 64, "aarch64"),
            ("", "3.12 [MSC v.1940 32 bit (Intel)]", 32, "i686"),
        ];
        for (machine, compiler, bits, expected) in cases {
            assert_eq!(architecture(machine, compiler, bits), expected, "{machine} {bits}");
        }
    }
}
