//! What the pins in force come to, as `version`, `version-name`, `versions` and `prefix` tell it.

use alloc::vec::Vec;

use crate::installed::Resolution;
use crate::missing::{NAMED, NotInstalled};
use crate::path;
use crate::request::Request;
use crate::resolver::Resolver;
use crate::selection::Selection;

/// The name that stands for what is on PATH.
pub const SYSTEM: &[u8] = b"system";

impl Resolver<'_> {
    /// The names that a selection comes to, entry by entry: the installation's for what is installed, so `3.12.7`
    /// where `3.12` is pinned. Without entries it is `system`.
    pub fn in_force(&self, selection: &Selection) -> Vec<Result<Vec<u8>, NotInstalled>> {
        if selection.stands_for_system() {
            return [Ok(SYSTEM.to_vec())].into();
        }
        let mut missing = 0;
        let name = |request: &Request| match self.resolve(request) {
            Resolution::System => Ok(SYSTEM.to_vec()),
            Resolution::Installed(installation) => Ok(installation.name),
            Resolution::Missing if missing < NAMED => {
                missing += 1;
                Err(self.missing(request, &selection.origin))
            }
            // Only counted: what is the matter with it nobody will see.
            Resolution::Missing => {
                Err(NotInstalled::new(request.text().to_vec(), selection.origin.clone()))
            }
        };
        selection.entries.iter().map(name).collect()
    }

    /// The interpreter that `system` means: the first `python`, else `python3`, else `python2` on PATH that is no
    /// shim.
    pub fn system_python(&self) -> Option<Vec<u8>> {
        [b"python".as_slice(), b"python3", b"python2"]
            .into_iter()
            .find_map(|name| self.on_path(name))
    }

    /// The prefix of that interpreter: `/usr` for `/usr/bin/python3`; none for one that stands in no `bin`.
    pub fn system_prefix(&self) -> Option<Vec<u8>> {
        let python = self.system_python()?;
        let directory = path::parent(&python)?;
        match path::name(directory) {
            b"bin" | b"sbin" => path::parent(directory).map(<[u8]>::to_vec),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::Home;
    use crate::memory::Memory;
    use crate::request::Origin;

    #[test]
    fn pins_come_to_the_names_of_installations() {
        let world = Memory::new()
            .at("/w")
            .directory("/r/versions/3.12.7")
            .directory("/r/versions/web")
            .variable("PYMAN_VERSION", "3.12:3.99.1:python-3.12.7:system:web");
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let names = resolver.in_force(&resolver.pins().unwrap());
        let shown: Vec<_> = names
            .iter()
            .map(|name| match name {
                Ok(name) => name.as_slice(),
                Err(missing) => missing.request.as_slice(),
            })
            .collect();
        assert_eq!(shown, [b"3.12.7".as_slice(), b"3.99.1", b"3.12.7", b"system", b"web"]);
        assert_eq!(names.iter().filter(|name| name.is_err()).count(), 1);
    }

    #[test]
    fn without_pins_the_system_is_in_force_by_the_global_file() {
        let world = Memory::new().at("/w");
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let pins = resolver.pins().unwrap();
        assert_eq!(pins.origin, Origin::Global(b"/r/version".to_vec()));
        assert_eq!(resolver.in_force(&pins), [Ok(b"system".to_vec())]);
    }

    #[test]
    fn the_systems_prefix_is_above_its_bin() {
        let cases = [
            ("/usr/bin/python3", "/usr/bin", Some("/usr")),
            ("/usr/sbin/python", "/usr/sbin", Some("/usr")),
            ("/bin/python", "/bin", Some("/")),
            ("/opt/py/python2", "/opt/py", None),
            ("/usr/bin/perl", "/usr/bin", None),
        ];
        for (program, directory, expected) in cases {
            let world = Memory::new().program(program, "").variable("PATH", directory);
            let resolver = Resolver::new(&world, Home::new(b"/r"));
            assert_eq!(resolver.system_prefix().as_deref(), expected.map(str::as_bytes));
        }
    }
}
