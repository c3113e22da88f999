//! Which machine a build runs on: processor, operating system and C library, as one [`Platform`].
//!
//! Words only; what this machine is, [`current()`] finds out, what its distribution calls things stands
//! in [`distribution`], where it fetches packages from in [`apt`]; [`elf`] reads the headers of programs and libraries.

pub mod apt;
mod current;
pub mod distribution;
pub mod elf;
pub mod libraries;
mod parse;

use std::fmt;

pub use current::current;
pub use parse::{NotAPlatform, read};

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

#[cfg(test)]
mod tests {
    use super::Platform;

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
}
