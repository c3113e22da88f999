//! Which distribution this is, and what its packages for compiling Python are called.

use std::io;
use std::path::Path;

use crate::disk;

/// No os-release is longer, in bytes.
const LONGEST: u64 = 64 << 10;

/// A distribution, as `/etc/os-release` names itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// Its short name, `debian`.
    pub id: String,
    /// Those it is derived from, nearest first.
    pub like: Vec<String>,
    /// Its name for people.
    pub name: String,
}

/// A program that installs packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packager {
    /// Debian, Ubuntu and theirs.
    Apt,
    /// Fedora, Red Hat and theirs.
    Dnf,
    /// Arch and its own.
    Pacman,
    /// openSUSE.
    Zypper,
    /// Alpine.
    Apk,
    /// Homebrew.
    Brew,
}

/// What a build of Python wants: a tool, or a library's headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// A C compiler with the C library's headers.
    Compiler,
    /// `make`.
    Make,
    /// `patch`, for releases that are repaired before they are built.
    Patch,
    /// For `zlib`, and so for pip.
    Zlib,
    /// For `ssl` and `_hashlib`.
    Ssl,
    /// For `bz2`.
    Bz2,
    /// For `readline`.
    Readline,
    /// For `sqlite3`.
    Sqlite3,
    /// For `ctypes`.
    Ffi,
    /// For `lzma`.
    Lzma,
    /// For `curses`.
    Ncurses,
    /// For `tkinter`.
    Tk,
}

impl Distribution {
    /// The distribution of the file system at `root`; none where there is no os-release.
    pub fn read(root: &Path) -> io::Result<Option<Self>> {
        // os-release(5): the second counts where the first is not there.
        for place in ["etc/os-release", "usr/lib/os-release"] {
            if let Some(text) = disk::read_head(&root.join(place), LONGEST)? {
                return Ok(Some(Self::parse(&String::from_utf8_lossy(&text))));
            }
        }
        Ok(None)
    }

    fn parse(text: &str) -> Self {
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))?;
            Some(line.trim().trim_matches(['"', '\'']).to_owned())
        };
        let id = value("ID").unwrap_or_default();
        Self {
            like: value("ID_LIKE")
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            name: value("PRETTY_NAME").or_else(|| value("NAME")).unwrap_or_else(|| id.clone()),
            id,
        }
    }

    /// What installs packages here; none when it is not known.
    pub fn packager(&self) -> Option<Packager> {
        std::iter::once(&self.id).chain(&self.like).find_map(|id| Packager::of(id))
    }
}

impl Packager {
    fn of(id: &str) -> Option<Self> {
        Some(match id {
            "debian" | "ubuntu" | "linuxmint" | "raspbian" | "kali" => Self::Apt,
            "fedora" | "rhel" | "centos" | "rocky" | "almalinux" | "amzn" | "ol" => Self::Dnf,
            "arch" | "archlinux" | "manjaro" | "endeavouros" => Self::Pacman,
            "suse" | "opensuse" | "sles" | "opensuse-leap" | "opensuse-tumbleweed" => Self::Zypper,
            "alpine" => Self::Apk,
            _ => return None,
        })
    }

    /// The package that brings what is needed; empty where the system has it anyway.
    pub const fn package(self, need: Need) -> &'static str {
        self.choose(match need {
            Need::Compiler => ["build-essential", "gcc", "gcc", "gcc", "build-base", ""],
            Need::Make => ["make", "make", "make", "make", "make", ""],
            Need::Patch => ["patch", "patch", "patch", "patch", "patch", ""],
            Need::Zlib => ["zlib1g-dev", "zlib-devel", "zlib", "zlib-devel", "zlib-dev", "zlib"],
            Need::Ssl => [
                "libssl-dev",
                "openssl-devel",
                "openssl",
                "libopenssl-devel",
                "openssl-dev",
                "openssl@3",
            ],
            Need::Bz2 => {
                ["libbz2-dev", "bzip2-devel", "bzip2", "libbz2-devel", "bzip2-dev", "bzip2"]
            }
            Need::Readline => [
                "libreadline-dev",
                "readline-devel",
                "readline",
                "readline-devel",
                "readline-dev",
                "readline",
            ],
            Need::Sqlite3 => [
                "libsqlite3-dev",
                "sqlite-devel",
                "sqlite",
                "sqlite3-devel",
                "sqlite-dev",
                "sqlite",
            ],
            Need::Ffi => {
                ["libffi-dev", "libffi-devel", "libffi", "libffi-devel", "libffi-dev", "libffi"]
            }
            Need::Lzma => ["liblzma-dev", "xz-devel", "xz", "xz-devel", "xz-dev", "xz"],
            Need::Ncurses => [
                "libncurses-dev",
                "ncurses-devel",
                "ncurses",
                "ncurses-devel",
                "ncurses-dev",
                "ncurses",
            ],
            Need::Tk => ["tk-dev", "tk-devel", "tk", "tk-devel", "tk-dev", "tcl-tk"],
        })
    }

    /// Its own of what all of them have.
    pub(super) const fn choose(
        self,
        [apt, dnf, pacman, zypper, apk, brew]: [&'static str; 6],
    ) -> &'static str {
        match self {
            Self::Apt => apt,
            Self::Dnf => dnf,
            Self::Pacman => pacman,
            Self::Zypper => zypper,
            Self::Apk => apk,
            Self::Brew => brew,
        }
    }

    /// The packages for all of these, each once.
    pub fn packages(self, needs: &[Need]) -> Vec<&'static str> {
        let mut packages = Vec::new();
        for package in needs.iter().map(|need| self.package(*need)) {
            if !package.is_empty() && !packages.contains(&package) {
                packages.push(package);
            }
        }
        packages
    }

    /// The program and its arguments that install packages without asking; the packages follow.
    pub const fn install(self) -> &'static [&'static str] {
        match self {
            Self::Apt => &["apt-get", "install", "-y", "--no-install-recommends"],
            Self::Dnf => &["dnf", "install", "-y"],
            Self::Pacman => &["pacman", "-S", "--needed", "--noconfirm"],
            Self::Zypper => &["zypper", "--non-interactive", "install"],
            Self::Apk => &["apk", "add"],
            Self::Brew => &["brew", "install"],
        }
    }

    /// What makes the package manager know the packages of today, where it does not ask by itself.
    pub const fn refresh(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Apt => Some(&["apt-get", "update", "-q"]),
            Self::Apk => Some(&["apk", "update"]),
            Self::Dnf | Self::Pacman | Self::Zypper | Self::Brew => None,
        }
    }

    /// Whether only root may install.
    pub fn wants_root(self) -> bool {
        self != Self::Brew
    }

    /// The line that brings all of these, to paste; none when nothing has to be installed.
    pub fn command(self, needs: &[Need]) -> Option<String> {
        let packages = self.packages(needs);
        (!packages.is_empty()).then(|| self.line(&packages.join(" ")))
    }

    /// The line that installs these packages, to paste.
    pub(super) fn line(self, packages: &str) -> String {
        let sudo = if self.wants_root() { "sudo " } else { "" };
        format!("{sudo}{} {packages}", self.install().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::{Distribution, Need, Packager};

    #[test]
    fn distributions_are_known_by_their_own_name_or_their_parents() {
        let table = [
            ("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n", Some(Packager::Apt)),
            ("ID=pop\nID_LIKE=\"ubuntu debian\"\n", Some(Packager::Apt)),
            ("NAME=Fedora\nID=fedora\n", Some(Packager::Dnf)),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", Some(Packager::Dnf)),
            ("ID='opensuse-tumbleweed'\nID_LIKE='opensuse suse'\n", Some(Packager::Zypper)),
            ("ID=alpine\n", Some(Packager::Apk)),
            ("ID=manjaro\nID_LIKE=arch\n", Some(Packager::Pacman)),
            ("ID=nixos\n", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(Distribution::parse(text).packager(), expected, "{text}");
        }
    }

    #[test]
    fn a_machine_without_os_release_has_no_distribution() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(Distribution::read(root.path()).unwrap(), None);
        fs_err::create_dir_all(root.path().join("usr/lib")).unwrap();
        fs_err::write(root.path().join("usr/lib/os-release"), "ID=arch\nNAME=Arch\n").unwrap();
        assert_eq!(Distribution::read(root.path()).unwrap().unwrap().name, "Arch");
    }

    #[test]
    fn the_line_to_paste_names_each_package_once() {
        let needs = [Need::Compiler, Need::Ssl, Need::Lzma, Need::Ssl];
        assert_eq!(
            Packager::Apt.command(&needs).unwrap(),
            "sudo apt-get install -y --no-install-recommends build-essential libssl-dev liblzma-dev"
        );
        assert_eq!(Packager::Brew.command(&needs).unwrap(), "brew install openssl@3 xz");
        assert_eq!(Packager::Brew.command(&[Need::Make]), None);
    }

    #[test]
    fn every_need_has_a_package_on_linux() {
        let tools = [Need::Compiler, Need::Make, Need::Patch];
        let libraries = [
            Need::Zlib,
            Need::Ssl,
            Need::Bz2,
            Need::Readline,
            Need::Sqlite3,
            Need::Ffi,
            Need::Lzma,
            Need::Ncurses,
            Need::Tk,
        ];
        for packager in
            [Packager::Apt, Packager::Dnf, Packager::Pacman, Packager::Zypper, Packager::Apk]
        {
            let has = |need: &Need| !packager.package(*need).is_empty();
            assert!(tools.iter().chain(&libraries).all(has), "{packager:?}");
        }
    }
}
