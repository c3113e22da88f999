//! What a build needs from the machine: tools, and the libraries whose headers decide which modules will exist.

/// A tool or library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// A C compiler.
    Compiler,
    /// make.
    Make,
    /// patch, for releases that need a repair.
    Patch,
    /// OpenSSL: `ssl`, and most of `hashlib`.
    Openssl,
    /// zlib: `zlib`, and with it pip.
    Zlib,
    /// readline or libedit: `readline`.
    Readline,
    /// bzip2: `bz2`.
    Bzip2,
    /// ncurses: `curses`.
    Curses,
    /// libffi: `ctypes`.
    Ffi,
    /// SQLite: `sqlite3`.
    Sqlite,
    /// Tk: `tkinter`.
    Tk,
    /// liblzma: `lzma`.
    Lzma,
}

impl Need {
    /// The libraries, those first without which a build is refused.
    pub const LIBRARIES: [Self; 9] = [
        Self::Openssl,
        Self::Zlib,
        Self::Readline,
        Self::Bzip2,
        Self::Curses,
        Self::Ffi,
        Self::Sqlite,
        Self::Tk,
        Self::Lzma,
    ];

    /// Whether a Python without it is of no use.
    pub const fn is_vital(self) -> bool {
        match self {
            Self::Compiler | Self::Make | Self::Patch | Self::Openssl | Self::Zlib => true,
            Self::Readline
            | Self::Bzip2
            | Self::Curses
            | Self::Ffi
            | Self::Sqlite
            | Self::Tk
            | Self::Lzma => false,
        }
    }

    /// In words.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Compiler => "a C compiler",
            Self::Make => "make",
            Self::Patch => "patch",
            Self::Openssl => "OpenSSL lib",
            Self::Zlib => "zlib",
            Self::Readline => "GNU readline lib",
            Self::Bzip2 => "bzip2 lib",
            Self::Curses => "ncurses lib",
            Self::Ffi => "libffi lib",
            Self::Sqlite => "SQLite3 lib",
            Self::Tk => "Tk toolkit",
            Self::Lzma => "lzma lib",
        }
    }

    /// The module that exists only with this library, and its name in Python 2; none for tools.
    pub const fn module(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Compiler | Self::Make | Self::Patch => None,
            Self::Openssl => Some(("ssl", "ssl")),
            Self::Zlib => Some(("zlib", "zlib")),
            Self::Readline => Some(("readline", "readline")),
            Self::Bzip2 => Some(("bz2", "bz2")),
            Self::Curses => Some(("curses", "curses")),
            Self::Ffi => Some(("ctypes", "ctypes")),
            Self::Sqlite => Some(("sqlite3", "sqlite3")),
            Self::Tk => Some(("tkinter", "Tkinter")),
            Self::Lzma => Some(("lzma", "")),
        }
    }

    /// Headers of which one must be there; none for tools.
    pub(super) const fn headers(self) -> &'static [&'static str] {
        match self {
            Self::Compiler | Self::Make | Self::Patch => &[],
            Self::Openssl => &["openssl/ssl.h"],
            Self::Zlib => &["zlib.h"],
            Self::Readline => &["readline/readline.h", "editline/readline.h"],
            Self::Bzip2 => &["bzlib.h"],
            Self::Curses => &["ncurses.h", "curses.h"],
            Self::Ffi => &["ffi.h", "ffi/ffi.h"],
            Self::Sqlite => &["sqlite3.h"],
            Self::Tk => &["tk.h", "tcl8.6/tk.h", "tcl9.0/tk.h"],
            Self::Lzma => &["lzma.h"],
        }
    }
}
