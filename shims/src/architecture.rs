//! For which machine an executable was made, read from its header; nothing is run to find out.

use core::fmt;

/// As tags of `py` name it: `3.9-32`, `3.9-64`, `3.9-arm64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Architecture {
    /// `-32`
    Bits32,
    /// `-64`: whatever is not 32-bit.
    Bits64,
    /// `-arm64`
    Arm64,
}

impl Architecture {
    /// Reads `32`, `64` or `arm64`.
    pub fn parse(text: &[u8]) -> Option<Self> {
        match text {
            b"32" => Some(Self::Bits32),
            b"64" => Some(Self::Bits64),
            b"arm64" => Some(Self::Arm64),
            _ => None,
        }
    }

    /// What the first bytes of an executable say (ELF, Mach-O or PE; 1 KiB is enough); none for anything else.
    pub fn of_executable(header: &[u8]) -> Option<Self> {
        elf(header).or_else(|| mach(header)).or_else(|| portable(header))
    }

    /// Whether an executable of which the header says `found` is what this asks for. What is no binary, such as a
    /// wrapper in shell, is not 32-bit.
    pub fn is_met_by(self, found: Option<Self>) -> bool {
        found == Some(self) || (self == Self::Bits64 && found != Some(Self::Bits32))
    }
}

fn elf(header: &[u8]) -> Option<Architecture> {
    let rest = header.strip_prefix(b"\x7fELF")?;
    match (rest.first()?, header.get(18)?) {
        (1, _) => Some(Architecture::Bits32),
        (_, 183) => Some(Architecture::Arm64),
        _ => Some(Architecture::Bits64),
    }
}

fn mach(header: &[u8]) -> Option<Architecture> {
    match header {
        [0xce, 0xfa, 0xed, 0xfe, ..] => Some(Architecture::Bits32),
        [0xcf, 0xfa, 0xed, 0xfe, 0x0c, ..] => Some(Architecture::Arm64),
        [0xcf, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, ..] => Some(Architecture::Bits64),
        _ => None,
    }
}

fn portable(header: &[u8]) -> Option<Architecture> {
    header.strip_prefix(b"MZ")?;
    let offset = [*header.get(0x3c)?, *header.get(0x3d)?];
    let start = usize::from(u16::from_le_bytes(offset));
    match header.get(start..start + 6)? {
        [b'P', b'E', 0, 0, 0x64, 0xaa] => Some(Architecture::Arm64),
        [b'P', b'E', 0, 0, 0x64, 0x86] => Some(Architecture::Bits64),
        [b'P', b'E', 0, 0, ..] => Some(Architecture::Bits32),
        _ => None,
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bits32 => "32",
            Self::Bits64 => "64",
            Self::Arm64 => "arm64",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_the_machine() {
        let portable = |machine: [u8; 2]| {
            let mut header = std::vec![0_u8; 0x80];
            header.splice(..2, *b"MZ");
            header.splice(0x3c..0x3d, [0x40]);
            header.splice(0x40..0x44, *b"PE\0\0");
            header.splice(0x44..0x46, machine);
            header
        };
        let cases = [
            (b"\xce\xfa\xed\xfe\x07".to_vec(), Some(Architecture::Bits32)),
            (b"\xcf\xfa\xed\xfe\x07".to_vec(), Some(Architecture::Bits64)),
            (b"\xcf\xfa\xed\xfe\x0c".to_vec(), Some(Architecture::Arm64)),
            (portable([0x4c, 0x01]), Some(Architecture::Bits32)),
            (portable([0x64, 0x86]), Some(Architecture::Bits64)),
            (portable([0x64, 0xaa]), Some(Architecture::Arm64)),
            (b"MZ".to_vec(), None),
            (b"\x7fELF".to_vec(), None),
            (b"#!/bin/sh\n".to_vec(), None),
            (b"".to_vec(), None),
        ];
        for (header, expected) in cases {
            assert_eq!(Architecture::of_executable(&header), expected, "{header:?}");
        }
    }

    #[test]
    fn sixty_four_bits_are_whatever_is_not_thirty_two() {
        use Architecture::{Arm64, Bits32, Bits64};
        let met = |wanted: Architecture| {
            [None, Some(Bits32), Some(Bits64), Some(Arm64)].map(|found| wanted.is_met_by(found))
        };
        assert_eq!(met(Bits64), [true, false, true, true]);
        assert_eq!(met(Bits32), [false, true, false, false]);
        assert_eq!(met(Arm64), [false, false, false, true]);
        for architecture in [Arm64, Bits32, Bits64] {
            let text = std::format!("{architecture}");
            assert_eq!(Architecture::parse(text.as_bytes()), Some(architecture));
        }
        assert_eq!(Architecture::parse(b"65"), None);
    }
}
