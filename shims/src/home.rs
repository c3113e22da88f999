//! Where pyman keeps what it keeps: the root, and the places in it.

use alloc::vec::Vec;

use crate::path;
use crate::world::World;

/// `$PYMAN_ROOT`, an absolute path without a separator at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    root: Vec<u8>,
}

impl Home {
    /// The root named by whoever knows it.
    pub fn new(root: &[u8]) -> Self {
        Self { root: path::trimmed(root).to_vec() }
    }

    /// The manager's: `$PYMAN_ROOT`, else `~/.pyman`. None when neither variable says where; a relative
    /// `PYMAN_ROOT` counts from the working directory, a relative home is none.
    pub fn of_manager(world: &dyn World) -> Option<Self> {
        if let Some(root) = world.variable(b"PYMAN_ROOT").as_deref() {
            if path::is_absolute(root) {
                return Some(Self::new(root));
            }
            let here = world.working_directory()?;
            return Some(Self::new(&path::normal(&here, root)));
        }
        [b"HOME".as_slice(), b"USERPROFILE"]
            .into_iter()
            .filter_map(|name| world.variable(name))
            .find(|home| path::is_absolute(home))
            .map(|home| Self::new(&path::join(&home, b".pyman")))
    }

    /// A shim's: the parent of the `shims/` that its program stands in (`program` has its links followed), else
    /// the manager's. Cron and editors export nothing, so the place comes first; where the manager's root is the
    /// same directory by another name, its spelling is kept, so that both print the same paths.
    pub fn of_shim(world: &dyn World, program: &[u8]) -> Option<Self> {
        let Some(standing) = root_of(program) else {
            return Self::of_manager(world);
        };
        let standing = Self::new(standing);
        let Some(spelt) = Self::of_manager(world) else {
            return Some(standing);
        };
        let same = spelt != standing
            && world
                .directory(spelt.root())
                .is_some_and(|id| world.directory(standing.root()) == Some(id));
        Some(if same { spelt } else { standing })
    }

    /// The root itself.
    pub fn root(&self) -> &[u8] {
        &self.root
    }

    /// A place in the root.
    pub fn join(&self, name: &[u8]) -> Vec<u8> {
        path::join(&self.root, name)
    }

    /// Where the installations stand.
    pub fn versions(&self) -> Vec<u8> {
        self.join(b"versions")
    }

    /// One installation's directory, whether it is there or not.
    pub fn installation(&self, name: &[u8]) -> Vec<u8> {
        name.split(|byte| *byte == b'/')
            .fold(self.versions(), |place, part| path::join(&place, part))
    }

    /// Where the shims stand.
    pub fn shims(&self) -> Vec<u8> {
        self.join(b"shims")
    }

    /// The file that `pyman global` writes.
    pub fn global(&self) -> Vec<u8> {
        self.join(b"version")
    }

    /// The program that every shim is a link to.
    pub fn shim_program(&self) -> Vec<u8> {
        self.join(b"bin/pyman-shim")
    }

    /// What `setup --as-pyenv` makes: whoever looks for pyenv finds the manager.
    pub fn pyenv(&self) -> Vec<u8> {
        self.join(b"bin/pyenv")
    }

    /// The manager, as shims call it.
    pub fn manager(&self) -> Vec<u8> {
        self.join(b"bin/pyman")
    }
}

fn root_of(program: &[u8]) -> Option<&[u8]> {
    let shims = path::parent(program)?;
    if !path::is_absolute(shims) || path::name(shims) != b"shims" {
        return None;
    }
    path::parent(shims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Memory;

    #[test]
    fn the_manager_asks_its_variables() {
        let cases: [(Option<&str>, Option<&str>, Option<&str>); 7] = [
            (Some("/opt/py/"), Some("/home/ada"), Some("/opt/py")),
            (Some(""), Some("/home/ada"), Some("/home/ada/.pyman")),
            (Some("own"), Some("/home/ada"), Some("/work/own")),
            (None, Some("/home/ada"), Some("/home/ada/.pyman")),
            (None, Some("ada"), None),
            (None, Some(""), None),
            (None, None, None),
        ];
        for (root, home, expected) in cases {
            let mut world = Memory::new().at("/work");
            for (name, value) in [("PYMAN_ROOT", root), ("HOME", home)] {
                if let Some(value) = value {
                    world = world.variable(name, value);
                }
            }
            let home = Home::of_manager(&world);
            assert_eq!(home, expected.map(|root| Home::new(root.as_bytes())));
        }
    }

    #[test]
    fn a_shim_belongs_to_the_root_it_stands_in() {
        let world = Memory::new()
            .variable("HOME", "/home/ada")
            .variable("PYMAN_ROOT", "/pyman")
            .link("/pyman", "/data/pyman")
            .directory("/data/pyman/shims")
            .directory("/other/shims");
        let cases = [
            ("/other/shims/python", "/other"),
            ("/data/pyman/shims/python", "/pyman"),
            ("/usr/bin/python", "/pyman"),
            ("/pyman/bin/pyman-shim", "/pyman"),
        ];
        for (program, expected) in cases {
            let home = Home::of_shim(&world, program.as_bytes()).unwrap();
            assert_eq!(home.root(), expected.as_bytes(), "{program}");
        }
    }
}
