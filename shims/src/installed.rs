//! What stands under `versions/`, and which of it answers a request.

use alloc::format;
use alloc::vec::Vec;

use crate::architecture::Architecture;
use crate::constraint::Constraint;
use crate::environment;
use crate::identity::{self, Identity};
use crate::layout::Layout;
use crate::name::{Form, Name};
use crate::note::Note;
use crate::path;
use crate::request::{PreReleases, Request, Wanted};
use crate::resolver::Resolver;
use crate::series::Series;
use crate::version::Variant;

/// A directory, or a link to one, under `versions/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its name, `3.12.1/envs/web` for an environment inside a version.
    pub name: Vec<u8>,
    /// Its path.
    pub directory: Vec<u8>,
}

/// What a request comes to on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// What is on PATH and is not ours.
    System,
    /// This installation.
    Installed(Installation),
    /// Nothing installed answers it.
    Missing,
}

impl Installation {
    /// The directory of its interpreter, and on Unix of all its commands.
    pub fn bin(&self) -> Vec<u8> {
        Layout::HERE.interpreters_of(&self.directory)
    }

    /// The directories of its commands.
    pub fn bins(&self) -> impl Iterator<Item = Vec<u8>> {
        Layout::HERE.commands_of(&self.directory)
    }

    /// The path of one of its commands, whether it is there or not.
    pub fn command(&self, command: &[u8]) -> Vec<u8> {
        path::program(&self.bin(), command)
    }
}

impl Resolver<'_> {
    /// What the request comes to.
    pub fn resolve(&self, request: &Request) -> Resolution {
        match request.wanted() {
            Wanted::System => Resolution::System,
            Wanted::Series { .. } | Wanted::Specifier { .. } | Wanted::Stem(_) | Wanted::Exact => {
                self.find(request).map_or(Resolution::Missing, Resolution::Installed)
            }
        }
    }

    /// The installation that answers the request: the directory of exactly that name, else the newest match.
    pub fn find(&self, request: &Request) -> Option<Installation> {
        self.candidates(request).next()
    }

    /// Every installation that answers the request, best first: directories of exactly that name, then by version those
    /// with an interpreter, then those without.
    pub fn candidates<'r>(
        &'r self,
        request: &'r Request,
    ) -> impl Iterator<Item = Installation> + 'r {
        let versions = core::iter::once_with(|| self.matches(request)).flatten();
        request.directories().filter_map(|name| self.exactly(name)).chain(versions)
    }

    /// The installation of exactly this name.
    pub fn exactly(&self, name: &[u8]) -> Option<Installation> {
        if !path::stays_inside(name) || !is_entry(name) {
            return None;
        }
        let directory = self.home().installation(name);
        self.world()
            .is_directory(&directory)
            .then(|| Installation { name: name.to_vec(), directory })
    }

    /// The newest installation that the request matches by its version.
    pub fn newest(&self, request: &Request) -> Option<Installation> {
        self.matches(request).next()
    }

    /// What is in the directory of the one match there is does not matter; of several one with an interpreter is better
    /// than a newer one without.
    fn matches(&self, request: &Request) -> impl Iterator<Item = Installation> {
        let names = self.names().iter().map(|name| Name::parse(name));
        let matches = request.candidates(names, PreReleases::LastResort);
        let alone = matches.len() == 1;
        let rest = if alone { Vec::new() } else { matches.clone() };
        let whole = self.there(matches).filter(move |found| alone || self.is_whole(found));
        whole.chain(self.there(rest).filter(|found| !self.is_whole(found)))
    }

    /// What of these names is an installation.
    fn there<'a>(&'a self, names: Vec<Name<'a>>) -> impl Iterator<Item = Installation> + 'a {
        names.into_iter().filter_map(|name| self.exactly(name.text()))
    }

    /// Whether the installation has an interpreter.
    pub fn is_whole(&self, installation: &Installation) -> bool {
        let own = || Name::parse(&installation.name).implementation();
        self.interpreter(installation).is_some()
            || own().is_some_and(|own| self.has(installation, own).is_some())
    }

    /// The installation's interpreter; a linked tree may have it under its full name only.
    pub fn interpreter(&self, installation: &Installation) -> Option<Vec<u8>> {
        [b"python".as_slice(), b"python3"]
            .into_iter()
            .find_map(|name| self.has(installation, name))
            .or_else(|| {
                let (series, variant) = self.highest(installation)?;
                self.has(installation, format!("python{series}{variant}").as_bytes())
            })
    }

    /// Every installation, in the order of their names: dot-directories count, files and dangling links do not.
    pub fn installations(&self) -> Vec<Installation> {
        let mut names: Vec<Name<'_>> = self.names().iter().map(|name| Name::parse(name)).collect();
        names.sort_unstable();
        names.into_iter().filter_map(|name| self.exactly(name.text())).collect()
    }

    /// Every installation, each followed by the environments inside it, as `versions` lists them.
    pub fn installations_and_environments(&self) -> Vec<Installation> {
        let mut all = Vec::new();
        for installation in self.installations() {
            let within = [&installation.name, b"/envs/".as_slice()].concat();
            let mut inside = self.list(&path::join(&installation.directory, b"envs"));
            inside.sort_unstable();
            all.push(installation);
            all.extend(inside.iter().filter_map(|name| self.exactly(&[&*within, name].concat())));
        }
        all
    }

    /// The installations that have the command, environments included (`whence`).
    pub fn having(&self, command: &[u8]) -> Vec<Installation> {
        let mut all = self.installations_and_environments();
        all.retain(|installation| self.has(installation, command).is_some());
        all
    }

    /// The path of the installation's command, when it can be run and is not a shim of ours.
    pub fn has(&self, installation: &Installation, command: &[u8]) -> Option<Vec<u8>> {
        self.has_itself(installation, command).or_else(|| {
            if Layout::HERE.has_numbered_commands() {
                return None;
            }
            let identity = self.identity(installation)?;
            self.has_itself(installation, Layout::HERE.stands_for(command, &identity)?)
        })
    }

    fn has_itself(&self, installation: &Installation, command: &[u8]) -> Option<Vec<u8>> {
        installation
            .bins()
            .find_map(|bin| path::programs(&bin, command).find(|program| self.runnable(program)))
    }

    /// What an installation is: told by its name, else by the line its install left, else by the highest
    /// `bin/pythonX.Y`. Nothing is executed to find out.
    pub fn identity(&self, installation: &Installation) -> Option<Identity> {
        let name = Name::parse(&installation.name);
        if let Form::CPython { series: series @ Series::Patch(_), variant, .. } = name.form() {
            return Some(Identity { implementation: b"cpython".to_vec(), series, variant });
        }
        self.recorded(installation).or_else(|| {
            let (series, variant) = match self.highest(installation) {
                None => (self.configured(installation)?, Variant::Default),
                Some(highest) => highest,
            };
            Some(Identity {
                implementation: name.implementation().unwrap_or(b"cpython").to_vec(),
                series,
                variant,
            })
        })
    }

    /// What an environment says of itself, where no name of its interpreter's tells a version.
    fn configured(&self, installation: &Installation) -> Option<Series> {
        if Layout::HERE.has_numbered_commands() {
            return None;
        }
        let keys: [&[u8]; 2] = [b"version", b"version_info"];
        let found = environment::configured(self.world(), &installation.directory, &keys);
        Some(Series::head(&found.unwrap_or_default()?)?.0)
    }

    /// Whether the installation satisfies C for a command. What has no version in its name and is no release of
    /// anything satisfies a C when its `bin` has the command asked for.
    pub fn agrees(
        &self,
        installation: &Installation,
        constraint: &Constraint,
        command: Option<&[u8]>,
    ) -> bool {
        if constraint.is_none() {
            return true;
        }
        if let (false, Some(command)) = (Name::parse(&installation.name).is_release(), command) {
            return self.has(installation, command).is_some();
        }
        self.identity(installation)
            .is_some_and(|identity| constraint.agrees(identity.series, identity.variant))
            && constraint
                .architecture
                .is_none_or(|wanted| wanted.is_met_by(self.architecture(installation)))
    }

    /// For which machine the installation's interpreter was made, by its header.
    pub fn architecture(&self, installation: &Installation) -> Option<Architecture> {
        const HEADER: usize = 1024;
        let program = installation.command(b"python");
        match self.world().read(&program, HEADER) {
            Ok(header) => Architecture::of_executable(&header?),
            Err(fault) => {
                self.note(Note::Unreadable { path: program, fault });
                None
            }
        }
    }

    /// The names in `versions/`, of whatever kind but our own that are not there to stay.
    pub(crate) fn names(&self) -> &[Vec<u8>] {
        self.names.get_or_init(|| {
            let mut names = self.list(&self.home().versions());
            names.retain(|name| !is_staged(name));
            names
        })
    }

    fn list(&self, directory: &[u8]) -> Vec<Vec<u8>> {
        match self.world().list(directory) {
            Ok(names) => names,
            Err(fault) => {
                self.note(Note::Unreadable { path: directory.to_vec(), fault });
                Vec::new()
            }
        }
    }

    fn recorded(&self, installation: &Installation) -> Option<Identity> {
        const LIMIT: usize = 256;
        let path = path::join(&installation.directory, identity::FILE);
        match self.world().read(&path, LIMIT) {
            Ok(text) => Identity::parse(&text?),
            Err(fault) => {
                self.note(Note::Unreadable { path, fault });
                None
            }
        }
    }

    fn highest(&self, installation: &Installation) -> Option<(Series, Variant)> {
        let names = self.list(&installation.bin());
        let (numbers, letters) = names
            .iter()
            .filter_map(|name| {
                let (series, letters) = Series::head(name.strip_prefix(b"python")?)?;
                Some(((series.major(), series.minor()?), letters))
            })
            .filter(|(_, letters)| matches!(*letters, b"" | b"t" | b"d"))
            .max()?;
        let variant = match letters {
            b"t" => Variant::FreeThreaded,
            b"d" => Variant::Debug,
            _ => Variant::Default,
        };
        Some((Series::Minor(numbers.0, numbers.1), variant))
    }
}

/// Whether the name is one that we give to what is not there to stay, or file systems to a directory of their own: no
/// installation, and nothing in it a command.
pub fn is_staged(name: &[u8]) -> bool {
    name.starts_with(b".pyman-") || name == b"lost+found"
}

/// Whether the name can be an installation's: an entry of `versions/`, or an environment inside a version
/// (`3.12.1/envs/web`); `3.12.1/bin` is none.
pub(crate) fn is_entry(name: &[u8]) -> bool {
    if name.split(|byte| path::is_separator(*byte)).any(is_staged) {
        return false;
    }
    let mut parts = name.split(|byte| path::is_separator(*byte));
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(_), None, None, None) => true,
        (Some(_), Some(envs), Some(_), None) => envs == b"envs",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;
    use crate::home::Home;
    use crate::memory::Memory;

    fn texts(installations: Vec<Installation>) -> Vec<String> {
        installations
            .into_iter()
            .map(|installation| String::from_utf8(installation.name).unwrap())
            .collect()
    }

    #[test]
    fn the_exact_directory_comes_before_any_match() {
        let world = [
            "3.12.1",
            "3.12.10",
            "3.12.9",
            "python-3.12",
            "2.7.18",
            "system",
            "web",
            "3.12.1/envs/app",
        ]
        .into_iter()
        .fold(Memory::new(), |world, name| world.directory(&std::format!("/r/versions/{name}/bin")))
        .link("/r/versions/2.7", "2.7.18")
        .link("/r/versions/3.13.0", "/gone")
        .file("/r/versions/3.12.99", "no directory");
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let cases = [
            ("3.12", Some("3.12.10")),
            ("python-3.12", Some("python-3.12")),
            ("cpython-3.12", Some("3.12.10")),
            ("python-3.12.9", Some("3.12.9")),
            ("2.7", Some("2.7")),
            ("2", Some("2.7.18")),
            ("3.13", None),
            ("3.13.0", None),
            ("3.12.99", None),
            ("web", Some("web")),
            ("we", None),
            ("3.12.1/envs/app", Some("3.12.1/envs/app")),
            ("3.12.1/envs/gone", None),
            ("../versions/web", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let found = resolver.find(&Request::parse(text.as_bytes()));
            let found = found.map(|found| String::from_utf8(found.name).unwrap());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        assert_eq!(resolver.resolve(&Request::parse(b"system")), Resolution::System);
    }

    #[test]
    fn listings_hold_directories_and_the_environments_inside() {
        let world = Memory::new()
            .directory("/r/versions/3.12.1/envs/b")
            .program("/r/versions/3.12.1/envs/a/bin/tool", "")
            .directory("/r/versions/3.12.1/envs/.hidden")
            .file("/r/versions/3.12.1/envs/file", "")
            .directory("/r/versions/3.9.18")
            .program("/r/versions/.stage/bin/tool", "")
            .link("/r/versions/a", "3.12.1/envs/a")
            .link("/r/versions/gone", "/gone")
            .file("/r/versions/file", "")
            .file("/r/versions/3.9.18/bin/tool", "not executable");
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        assert_eq!(texts(resolver.installations()), [".stage", "3.9.18", "3.12.1", "a"]);
        assert_eq!(
            texts(resolver.installations_and_environments()),
            [
                ".stage",
                "3.9.18",
                "3.12.1",
                "3.12.1/envs/.hidden",
                "3.12.1/envs/a",
                "3.12.1/envs/b",
                "a"
            ]
        );
        assert_eq!(texts(resolver.having(b"tool")), [".stage", "3.12.1/envs/a", "a"]);
        let nothing = Memory::new();
        assert_eq!(Resolver::new(&nothing, Home::new(b"/r")).installations(), []);
    }

    #[test]
    fn the_version_is_in_the_name_the_receipt_or_the_bin() {
        let world = Memory::new()
            .directory("/r/versions/3.12.1")
            .file("/r/versions/pypy3.10-7.3.17/.pyman/identity", "pypy 3.10.14 default\n")
            .program("/r/versions/pypy3.10-7.3.17/bin/python3.11", "")
            .program("/r/versions/linked/bin/python3.9", "")
            .program("/r/versions/linked/bin/python3.10", "")
            .program("/r/versions/linked/bin/python3.99-config", "")
            .program("/r/versions/linked/bin/python3", "")
            .program("/r/versions/threads/bin/python3.13", "")
            .program("/r/versions/threads/bin/python3.13t", "")
            .file("/r/versions/torn/.pyman/identity", "\0\0\0")
            .program("/r/versions/torn/bin/python3.8", "")
            .directory("/r/versions/empty");
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let cases = [
            ("3.12.1", Some("cpython 3.12.1 default")),
            ("pypy3.10-7.3.17", Some("pypy 3.10.14 default")),
            ("linked", Some("cpython 3.10 default")),
            ("threads", Some("cpython 3.13 freethreaded")),
            ("torn", Some("cpython 3.8 default")),
            ("empty", None),
        ];
        for (name, expected) in cases {
            let installation = resolver.exactly(name.as_bytes()).unwrap();
            let identity = resolver.identity(&installation).map(|identity| identity.to_string());
            assert_eq!(identity.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn an_architecture_is_read_from_the_interpreter() {
        let elf = |class: u8, machine: u8| {
            let mut header = std::vec![0_u8; 64];
            header.splice(..5, *b"\x7fELF\x02");
            header.splice(4..5, [class]);
            header.splice(18..19, [machine]);
            header
        };
        let world = Memory::new()
            .program("/r/versions/3.9.18/bin/python", elf(1, 3))
            .program("/r/versions/3.10.13/bin/python", elf(2, 62))
            .program("/r/versions/3.12.1/bin/python", elf(2, 183))
            .program("/r/versions/web/bin/python", "#!/bin/sh\n");
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let cases = [
            ("3.9.18", Architecture::Bits32, true),
            ("3.9.18", Architecture::Bits64, false),
            ("3.10.13", Architecture::Bits64, true),
            ("3.10.13", Architecture::Arm64, false),
            ("3.12.1", Architecture::Arm64, true),
            ("3.12.1", Architecture::Bits64, true),
            ("web", Architecture::Bits64, false),
        ];
        for (name, architecture, expected) in cases {
            let constraint =
                Constraint { architecture: Some(architecture), ..Constraint::default() };
            let installation = resolver.exactly(name.as_bytes()).unwrap();
            let agrees = resolver.agrees(&installation, &constraint, None);
            assert_eq!(agrees, expected, "{name} {architecture}");
        }
    }
}
