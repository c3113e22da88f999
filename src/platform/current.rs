//! What this machine is. Nothing is run to find out: the C library is read off `/bin/sh`.

use std::path::Path;

use memchr::memmem;

use crate::disk;
use crate::platform::elf::interpreter;
use crate::platform::{Arch, Libc, Os, Platform};

/// Which processor this program was made for.
const ARCHES: [(bool, Arch); 10] = [
    (cfg!(target_arch = "x86_64"), Arch::X86_64),
    (cfg!(target_arch = "x86"), Arch::I686),
    (cfg!(target_arch = "aarch64"), Arch::Aarch64),
    (cfg!(all(target_arch = "arm", target_feature = "v7")), Arch::Armv7),
    (cfg!(target_arch = "arm"), Arch::Arm),
    (cfg!(all(target_arch = "powerpc64", target_endian = "little")), Arch::Ppc64le),
    (cfg!(target_arch = "powerpc64"), Arch::Ppc64),
    (cfg!(target_arch = "s390x"), Arch::S390x),
    (cfg!(target_arch = "riscv64"), Arch::Riscv64),
    (cfg!(target_arch = "loongarch64"), Arch::Loongarch64),
];

/// Which system this program was made for.
const SYSTEMS: [(bool, Os); 4] = [
    (cfg!(target_os = "linux"), Os::Linux),
    (cfg!(target_os = "macos"), Os::MacOs),
    (cfg!(target_os = "windows"), Os::Windows),
    (cfg!(target_os = "freebsd"), Os::FreeBsd),
];

/// The platform of the machine whose file system begins at `root` (`/` but in tests). An unknown
/// processor counts as none of those in the catalogue, so nothing prebuilt is offered for it.
pub fn current(root: &Path) -> Option<Platform> {
    // The first that fits: what is ARM version 7 is ARM, too.
    let arch = ARCHES.iter().find_map(|(here, arch)| here.then_some(*arch))?;
    let os = SYSTEMS.iter().find_map(|(here, os)| here.then_some(*os))?;
    let libc = match os {
        Os::Linux => linux_libc(root, arch),
        Os::MacOs | Os::FreeBsd => Libc::Native,
        Os::Windows => Libc::Msvc,
    };
    Some(Platform { arch, level: 1, os, libc })
}

fn linux_libc(root: &Path, arch: Arch) -> Libc {
    let small = matches!(arch, Arch::Armv7 | Arch::Arm);
    let hard = cfg!(target_abi = "eabihf");
    match (is_musl(root), small, hard) {
        (true, false, _) => Libc::Musl,
        (true, true, true) => Libc::MuslEabihf,
        (true, true, false) => Libc::MuslEabi,
        (false, false, _) => Libc::Gnu,
        (false, true, true) => Libc::GnuEabihf,
        (false, true, false) => Libc::GnuEabi,
    }
}

/// Whether programs here are linked with musl: by the interpreter `/bin/sh` names, else by musl's loader being there.
fn is_musl(root: &Path) -> bool {
    match interpreter(&root.join("bin/sh")) {
        Ok(Some(name)) => memmem::find(&name, b"ld-musl").is_some(),
        Ok(None) | Err(_) => loader_of_musl(&root.join("lib")),
    }
}

fn loader_of_musl(lib: &Path) -> bool {
    let entries = disk::entries(lib).unwrap_or_default();
    entries.iter().any(|entry| entry.name.as_encoded_bytes().starts_with(b"ld-musl-"))
}

#[cfg(test)]
mod tests {
    use super::{interpreter, is_musl};
    use std::path::Path;

    /// A 64-bit little-endian ELF file with one program header, naming `loader`.
    fn elf(loader: &[u8]) -> Vec<u8> {
        let mut file = vec![0_u8; 64 + 56];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        file[32] = 64;
        file[54] = 56;
        file[56] = 1;
        file[64] = 3;
        file[64 + 8] = 120;
        file[64 + 32] = u8::try_from(loader.len()).unwrap();
        file.extend_from_slice(loader);
        file
    }

    #[test]
    fn the_c_library_is_read_off_the_shell() {
        let table: [(&[u8], bool); 3] = [
            (&elf(b"/lib/ld-musl-x86_64.so.1\0"), true),
            (&elf(b"/lib64/ld-linux-x86-64.so.2\0"), false),
            (b"#!/bin/busybox, which is no ELF file at all, but long enough to be read", false),
        ];
        for (shell, expected) in table {
            let root = tempfile::tempdir().unwrap();
            fs_err::create_dir(root.path().join("bin")).unwrap();
            fs_err::write(root.path().join("bin/sh"), shell).unwrap();
            assert_eq!(is_musl(root.path()), expected);
        }
    }

    #[test]
    fn without_a_readable_shell_the_loader_tells() {
        let root = tempfile::tempdir().unwrap();
        assert!(!is_musl(root.path()));
        fs_err::create_dir(root.path().join("lib")).unwrap();
        fs_err::write(root.path().join("lib/ld-musl-aarch64.so.1"), "").unwrap();
        assert!(is_musl(root.path()));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_shell_of_this_machine_names_a_loader() {
        let name = interpreter(Path::new("/bin/sh")).unwrap().unwrap();
        assert!(name.starts_with(b"/"), "{name:?}");
    }
}
