//! Reads platforms as people and catalogues write them: target triples, uv's words, or one part alone.

use std::str::FromStr;

use crate::platform::{Arch, Libc, Os, Platform};

/// The text names no platform known here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}' is not a platform like `x86_64-unknown-linux-musl' or `macos-aarch64'")]
pub struct NotAPlatform(pub String);

/// What a word of a platform says.
enum Word {
    Arch(Arch, u8),
    Os(Os),
    Libc(Libc),
    /// A vendor, or uv's `none`: says nothing.
    Filler,
}

impl FromStr for Platform {
    type Err = NotAPlatform;

    /// A platform that is complete in itself.
    fn from_str(text: &str) -> Result<Self, NotAPlatform> {
        parts(text)
            .and_then(|(arch, os, libc)| complete(arch?, os?, libc))
            .ok_or_else(|| NotAPlatform(text.to_owned()))
    }
}

/// What `--platform` asks for: a whole platform, or one part (`musl`, `x86_64_v3`) with the rest from `machine`.
pub fn read(text: &str, machine: Platform) -> Result<Platform, NotAPlatform> {
    parts(text)
        .and_then(|(arch, os, libc)| {
            let same_os = os.is_none_or(|os| os == machine.os);
            let libc = libc.or_else(|| same_os.then_some(machine.libc));
            complete(arch.unwrap_or((machine.arch, machine.level)), os.unwrap_or(machine.os), libc)
        })
        .ok_or_else(|| NotAPlatform(text.to_owned()))
}

type Parts = (Option<(Arch, u8)>, Option<Os>, Option<Libc>);

/// Every word of the text, each kind at most once.
fn parts(text: &str) -> Option<Parts> {
    let (mut arch, mut os, mut libc) = (None, None, None);
    for text in text.split('-') {
        let twice = match word(text)? {
            Word::Arch(value, level) => arch.replace((value, level)).is_some(),
            Word::Os(value) => os.replace(value).is_some(),
            Word::Libc(value) => libc.replace(value).is_some(),
            Word::Filler => false,
        };
        if twice {
            return None;
        }
    }
    (arch.is_some() || os.is_some() || libc.is_some()).then_some((arch, os, libc))
}

fn word(text: &str) -> Option<Word> {
    Some(match text {
        "x86_64" | "amd64" | "x64" => Word::Arch(Arch::X86_64, 1),
        "x86_64_v2" => Word::Arch(Arch::X86_64, 2),
        "x86_64_v3" => Word::Arch(Arch::X86_64, 3),
        "x86_64_v4" => Word::Arch(Arch::X86_64, 4),
        "i686" | "i586" | "i386" | "x86" => Word::Arch(Arch::I686, 1),
        "aarch64" | "arm64" => Word::Arch(Arch::Aarch64, 1),
        "armv7" | "armv7l" => Word::Arch(Arch::Armv7, 1),
        "arm" | "armv6l" => Word::Arch(Arch::Arm, 1),
        "ppc64le" | "powerpc64le" => Word::Arch(Arch::Ppc64le, 1),
        "ppc64" | "powerpc64" => Word::Arch(Arch::Ppc64, 1),
        "s390x" => Word::Arch(Arch::S390x, 1),
        "riscv64" | "riscv64gc" => Word::Arch(Arch::Riscv64, 1),
        "loongarch64" => Word::Arch(Arch::Loongarch64, 1),
        "linux" => Word::Os(Os::Linux),
        "darwin" | "macos" => Word::Os(Os::MacOs),
        "windows" => Word::Os(Os::Windows),
        "freebsd" => Word::Os(Os::FreeBsd),
        "gnu" => Word::Libc(Libc::Gnu),
        "gnueabi" => Word::Libc(Libc::GnuEabi),
        "gnueabihf" => Word::Libc(Libc::GnuEabihf),
        "musl" => Word::Libc(Libc::Musl),
        "musleabi" => Word::Libc(Libc::MuslEabi),
        "musleabihf" => Word::Libc(Libc::MuslEabihf),
        "msvc" => Word::Libc(Libc::Msvc),
        "unknown" | "pc" | "apple" | "none" => Word::Filler,
        _ => return None,
    })
}

/// The platform these parts make; a C library that the system cannot have makes none.
fn complete((arch, level): (Arch, u8), os: Os, libc: Option<Libc>) -> Option<Platform> {
    let small = matches!(arch, Arch::Armv7 | Arch::Arm);
    let libc = match (os, libc) {
        (Os::Linux, Some(Libc::Gnu) | None) if small => Libc::GnuEabihf,
        (Os::Linux, Some(Libc::Musl)) if small => Libc::MuslEabihf,
        (Os::Linux, None) => Libc::Gnu,
        (Os::Linux, Some(Libc::Msvc | Libc::Native))
        | (Os::MacOs | Os::FreeBsd, Some(Libc::Gnu | Libc::Musl | Libc::Msvc))
        | (Os::Windows, Some(Libc::Gnu | Libc::Musl | Libc::Native))
        | (
            Os::MacOs | Os::FreeBsd | Os::Windows,
            Some(Libc::GnuEabi | Libc::GnuEabihf | Libc::MuslEabi | Libc::MuslEabihf),
        ) => return None,
        (Os::Linux, Some(libc)) => libc,
        (Os::Windows, Some(Libc::Msvc) | None) => Libc::Msvc,
        (Os::MacOs | Os::FreeBsd, Some(Libc::Native) | None) => Libc::Native,
    };
    Some(Platform { arch, level, os, libc })
}

#[cfg(test)]
mod tests {
    use super::{Platform, read};

    #[test]
    fn triples_and_the_words_of_uv_mean_the_same() {
        let table = [
            ("x86_64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"),
            ("linux-x86_64-gnu", "x86_64-unknown-linux-gnu"),
            ("linux-x86_64_v3-musl", "x86_64_v3-unknown-linux-musl"),
            ("macos-aarch64-none", "aarch64-apple-darwin"),
            ("macos-aarch64", "aarch64-apple-darwin"),
            ("windows-x86_64-none", "x86_64-pc-windows-msvc"),
            ("linux-armv7-gnueabihf", "armv7-unknown-linux-gnueabihf"),
            ("armv7-unknown-linux-gnueabi", "armv7-unknown-linux-gnueabi"),
            ("powerpc64le-unknown-linux-gnu", "ppc64le-unknown-linux-gnu"),
            ("x86_64-unknown-freebsd", "x86_64-unknown-freebsd"),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse::<Platform>().unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_platform_is_refused() {
        for text in [
            "",
            "linux",
            "x86_64",
            "linux-x86_64-msvc",
            "linux-linux-x86_64",
            "../x",
            "beos-x86_64",
        ] {
            assert!(text.parse::<Platform>().is_err(), "{text}");
        }
    }

    #[test]
    fn one_part_alone_keeps_the_rest_of_the_machine() {
        let machine = "x86_64-unknown-linux-gnu".parse().unwrap();
        let table = [
            ("musl", "x86_64-unknown-linux-musl"),
            ("x86_64_v3", "x86_64_v3-unknown-linux-gnu"),
            ("aarch64", "aarch64-unknown-linux-gnu"),
            ("macos-aarch64", "aarch64-apple-darwin"),
            ("windows", "x86_64-pc-windows-msvc"),
        ];
        for (text, expected) in table {
            assert_eq!(read(text, machine).unwrap().to_string(), expected, "{text}");
        }
        assert!(read("none", machine).is_err());
    }
}
