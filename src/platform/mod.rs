//! Which machine a build runs on: processor, operating system and C library, as one [`Platform`]; read as people and
//! catalogues write it: target triples, uv's words, or one part alone.
//!
//! Words only; what this machine is, [`current()`] finds out, what its distribution calls things stands
//! in [`distribution`], where it fetches packages from in [`apt`]; [`elf`] reads the headers of programs and libraries.

use std::fmt;
use std::str::FromStr;

pub mod apt;
mod current;
pub mod distribution;
pub mod elf;
pub mod libraries;

pub use current::current;

/// Where a build runs; shown as the target triple python-build-standalone uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    /// The processor.
    pub arch: Arch,
    /// The x86-64 feature level the build needs, 1 to 4; 1 for every other processor.
    pub level: u8,
    /// The operating system.
    pub os: Os,
    /// The C library and its calling convention.
    pub libc: Libc,
}

/// A processor family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arch {
    /// 64-bit Intel and AMD.
    X86_64,
    /// 32-bit Intel and AMD.
    I686,
    /// 64-bit ARM.
    Aarch64,
    /// 32-bit ARM, version 7.
    Armv7,
    /// Older 32-bit ARM.
    Arm,
    /// 64-bit POWER, little-endian.
    Ppc64le,
    /// 64-bit POWER, big-endian.
    Ppc64,
    /// IBM Z.
    S390x,
    /// 64-bit RISC-V.
    Riscv64,
    /// 64-bit `LoongArch`.
    Loongarch64,
}

/// An operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Os {
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
    /// FreeBSD.
    FreeBsd,
}

/// A C library, with the floating-point convention where there are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Libc {
    /// glibc.
    Gnu,
    /// glibc on 32-bit ARM without a floating-point unit.
    GnuEabi,
    /// glibc on 32-bit ARM with one.
    GnuEabihf,
    /// musl.
    Musl,
    /// musl on 32-bit ARM without a floating-point unit.
    MuslEabi,
    /// musl on 32-bit ARM with one.
    MuslEabihf,
    /// Microsoft's.
    Msvc,
    /// The one the system comes with.
    Native,
}

impl Platform {
    /// How well a build for `build` runs here: 0 is made for it, more is further; none: not at all.
    /// A machine of a higher x86-64 level runs the lower ones.
    pub const fn distance(self, build: Self) -> Option<u8> {
        // By their numbers: `==' is no constant function yet.
        let same = self.arch as u8 == build.arch as u8
            && self.os as u8 == build.os as u8
            && self.libc as u8 == build.libc as u8;
        if same { self.level.checked_sub(build.level) } else { None }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.arch)?;
        if self.level > 1 {
            write!(formatter, "_v{}", self.level)?;
        }
        write!(formatter, "-{}{}", self.os, self.libc)
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::X86_64 => "x86_64",
            Self::I686 => "i686",
            Self::Aarch64 => "aarch64",
            Self::Armv7 => "armv7",
            Self::Arm => "arm",
            Self::Ppc64le => "ppc64le",
            Self::Ppc64 => "ppc64",
            Self::S390x => "s390x",
            Self::Riscv64 => "riscv64",
            Self::Loongarch64 => "loongarch64",
        })
    }
}

impl fmt::Display for Os {
    /// With the vendor a triple names before it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Linux => "unknown-linux",
            Self::MacOs => "apple-darwin",
            Self::Windows => "pc-windows",
            Self::FreeBsd => "unknown-freebsd",
        })
    }
}

impl fmt::Display for Libc {
    /// With the hyphen before it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Gnu => "-gnu",
            Self::GnuEabi => "-gnueabi",
            Self::GnuEabihf => "-gnueabihf",
            Self::Musl => "-musl",
            Self::MuslEabi => "-musleabi",
            Self::MuslEabihf => "-musleabihf",
            Self::Msvc => "-msvc",
            Self::Native => "",
        })
    }
}

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

    fn platform(text: &str) -> Platform {
        text.parse().unwrap()
    }

    #[test]
    fn a_higher_level_runs_lower_builds_but_never_the_other_way_round() {
        let table = [
            ("x86_64-unknown-linux-gnu", "x86_64-unknown-linux-gnu", Some(0)),
            ("x86_64_v3-unknown-linux-gnu", "x86_64-unknown-linux-gnu", Some(2)),
            ("x86_64_v3-unknown-linux-gnu", "x86_64_v4-unknown-linux-gnu", None),
            ("x86_64-unknown-linux-gnu", "x86_64_v2-unknown-linux-gnu", None),
            ("x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl", None),
            ("x86_64-unknown-linux-gnu", "i686-unknown-linux-gnu", None),
            ("aarch64-apple-darwin", "x86_64-apple-darwin", None),
            ("armv7-unknown-linux-gnueabihf", "armv7-unknown-linux-gnueabi", None),
        ];
        for (machine, build, expected) in table {
            assert_eq!(platform(machine).distance(platform(build)), expected, "{machine} {build}");
        }
    }

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
