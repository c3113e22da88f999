//! Where a tree keeps its commands and its library: one value for each kind of system, asked by shim and manager alike.
//!
//! Names only, counted from the tree's own directory: nothing here asks the disk.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::constraint::Constraint;
use crate::identity::Identity;
use crate::path;
use crate::platform::IS_WINDOWS;
use crate::series::Series;
use crate::version::Variant;

/// Where the trees of one kind of system keep what. [`Layout::HERE`] is this system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The directories of an installation's commands, that of its interpreter first; an empty name is the tree itself.
    pub commands: &'static [&'static str],
    /// Where conda's trees keep more of them.
    pub of_conda: &'static [&'static str],
    /// The directory of a virtual environment's commands, its interpreter among them.
    pub scripts: &'static str,
    /// The directory above the standard library, or that library itself.
    pub libraries: &'static str,
    library: Library,
}

/// The commands that have a version's number behind their names.
const NUMBERED: [&str; 2] = ["python", "pip"];

/// How the directory of the standard library is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Library {
    /// `lib/python3.12`: several stand side by side.
    Numbered,
    /// `Lib`.
    Plain,
}

impl Layout {
    /// This system's.
    pub const HERE: Self = if IS_WINDOWS { Self::WINDOWS } else { Self::UNIX };

    /// Unix, macOS among them.
    pub const UNIX: Self = Self {
        commands: &["bin"],
        of_conda: &[],
        scripts: "bin",
        libraries: "lib",
        library: Library::Numbered,
    };

    /// Windows: `python.exe` stands at the top of a tree, what pip installs in `Scripts`.
    pub const WINDOWS: Self = Self {
        commands: &["", "Scripts"],
        of_conda: &["Library/bin"],
        scripts: "Scripts",
        libraries: "Lib",
        library: Library::Plain,
    };

    /// The directories of the commands of the installation at `tree`, that of its interpreter first.
    pub fn commands_of(&self, tree: &[u8]) -> impl Iterator<Item = Vec<u8>> {
        self.commands.iter().map(|name| within(tree, name))
    }

    /// The directory of the interpreter of the installation at `tree`.
    pub fn interpreters_of(&self, tree: &[u8]) -> Vec<u8> {
        within(tree, self.commands.first().copied().unwrap_or_default())
    }

    /// The directory of the commands of the virtual environment at `environment`.
    pub fn scripts_of(&self, environment: &[u8]) -> Vec<u8> {
        within(environment, self.scripts)
    }

    /// Whether an installation has `python3` and `python3.12` itself, beside `python`; elsewhere shims stand for them.
    pub const fn has_numbered_commands(&self) -> bool {
        match self.library {
            Library::Numbered => true,
            Library::Plain => false,
        }
    }

    /// Whether the interpreter of an environment is a program that starts its base's, where no link can lead to that.
    pub const fn has_redirectors(&self) -> bool {
        !self.has_numbered_commands()
    }

    /// What a shim of this name runs of an installation that has no command of the name: `python` for `python3`, `python3.12`
    /// in a 3.12. None where trees have such commands themselves.
    pub fn stands_for<'c>(&self, command: &'c [u8], identity: &Identity) -> Option<&'c [u8]> {
        if self.has_numbered_commands() {
            return None;
        }
        let stem = NUMBERED.into_iter().find_map(|stem| {
            let number = command.strip_prefix(stem.as_bytes())?;
            number.first()?.is_ascii_digit().then_some(command.split_at_checked(stem.len())?.0)
        })?;
        let asked = Constraint::of_command(command);
        let (series, variant) = (asked.series?, asked.variant.unwrap_or(identity.variant));
        (series.covers(&identity.series) && variant == identity.variant).then_some(stem)
    }

    /// `python` of `python3`, which an environment may not have beside it: none made today is of another major.
    pub fn stem_of_three(&self, command: &[u8]) -> Option<&'static [u8]> {
        let stem = NUMBERED.into_iter().find(|stem| command == [stem.as_bytes(), b"3"].concat())?;
        (!self.has_numbered_commands()).then_some(stem.as_bytes())
    }

    /// The names that a shim gives the command `stem` besides: `python3`, `python3.12` of `python`; none where trees have
    /// them themselves.
    pub fn other_names(&self, stem: &[u8], identity: &Identity) -> Vec<String> {
        let stem = NUMBERED.into_iter().find(|known| known.as_bytes() == stem);
        let (Some(stem), false) = (stem, self.has_numbered_commands()) else { return Vec::new() };
        let (major, variant) = (identity.series.major(), identity.variant);
        let minor = identity.series.minor().map(|minor| format!("{stem}{major}.{minor}{variant}"));
        core::iter::once(format!("{stem}{major}")).chain(minor).collect()
    }

    /// The directory of the standard library, counted from the tree: `lib/python3.12`, `lib/python3.13t`,
    /// `lib/pypy3.10`, `Lib`. A series without a minor has none of its own where they are numbered.
    pub fn library(
        &self,
        implementation: &[u8],
        series: Series,
        variant: Variant,
    ) -> Option<String> {
        match self.library {
            Library::Plain => Some("Lib".into()),
            Library::Numbered => {
                let (major, minor) = (series.major(), series.minor()?);
                Some(match (implementation, variant) {
                    (b"pypy", _) => format!("lib/pypy{major}.{minor}"),
                    (_, Variant::FreeThreaded) => format!("lib/python{major}.{minor}t"),
                    // The library of a debug build is the ordinary one.
                    (_, Variant::Default | Variant::Debug) => format!("lib/python{major}.{minor}"),
                })
            }
        }
    }
}

fn within(tree: &[u8], name: &str) -> Vec<u8> {
    if name.is_empty() { path::trimmed(tree).to_vec() } else { path::join(tree, name.as_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stand_where_the_system_has_them() {
        let of = |layout: Layout| layout.commands_of(b"/v/3.12.1").collect::<Vec<_>>();
        assert_eq!(of(Layout::UNIX), [b"/v/3.12.1/bin"]);
        assert_eq!(of(Layout::WINDOWS), [b"/v/3.12.1".to_vec(), b"/v/3.12.1/Scripts".to_vec()]);
        assert_eq!(Layout::UNIX.interpreters_of(b"/v/3.12.1/"), b"/v/3.12.1/bin");
        assert_eq!(Layout::WINDOWS.interpreters_of(b"/v/3.12.1/"), b"/v/3.12.1");
        assert_eq!(Layout::UNIX.scripts_of(b"/w/.venv"), b"/w/.venv/bin");
        assert_eq!(Layout::WINDOWS.scripts_of(b"/w/.venv"), b"/w/.venv/Scripts");
    }

    #[test]
    fn a_shim_stands_for_the_names_that_a_tree_has_not() {
        let of = |line: &str| Identity::parse(line.as_bytes()).unwrap();
        let (plain, free) = (of("cpython 3.12.1 default"), of("cpython 3.13.0 freethreaded"));
        let cases = [
            ("python3", &plain, Some("python")),
            ("python3.12", &plain, Some("python")),
            ("python3.13", &plain, None),
            ("python2", &plain, None),
            ("pip3.12", &plain, Some("pip")),
            ("python3.13t", &free, Some("python")),
            ("python3.13t", &plain, None),
            ("python", &plain, None),
            ("pipx", &plain, None),
            ("pythonw", &plain, None),
        ];
        for (command, identity, expected) in cases {
            let command = command.as_bytes();
            let found = Layout::WINDOWS.stands_for(command, identity);
            assert_eq!(found, expected.map(str::as_bytes), "{command:?} {identity}");
            assert_eq!(Layout::UNIX.stands_for(command, identity), None);
        }
        assert_eq!(Layout::WINDOWS.other_names(b"python", &plain), ["python3", "python3.12"]);
        assert_eq!(Layout::WINDOWS.other_names(b"pip", &free), ["pip3", "pip3.13t"]);
        for (layout, stem) in [(Layout::UNIX, "python"), (Layout::WINDOWS, "flask")] {
            assert!(layout.other_names(stem.as_bytes(), &plain).is_empty());
        }
    }

    #[test]
    fn libraries_are_called_by_version_and_build() {
        let cases = [
            ("cpython", "3.12.7", Variant::Default, Some("lib/python3.12")),
            ("cpython", "3.13.0", Variant::FreeThreaded, Some("lib/python3.13t")),
            ("cpython", "3.12", Variant::Debug, Some("lib/python3.12")),
            ("pypy", "3.10.14", Variant::Default, Some("lib/pypy3.10")),
            ("graalpy", "3.11", Variant::Default, Some("lib/python3.11")),
            ("cpython", "3", Variant::Default, None),
        ];
        for (implementation, series, variant, expected) in cases {
            let series = Series::parse(series.as_bytes()).unwrap();
            let library =
                |layout: Layout| layout.library(implementation.as_bytes(), series, variant);
            assert_eq!(library(Layout::UNIX).as_deref(), expected, "{implementation} {series}");
            assert_eq!(library(Layout::WINDOWS).as_deref(), Some("Lib"));
        }
    }
}
