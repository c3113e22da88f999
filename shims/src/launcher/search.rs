//! Pythons on PATH, known by their names alone: nothing is executed to find out what they are, and no directory is
//! listed where a name is known.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::Launcher;
use crate::constraint::Constraint;
use crate::note::Note;
use crate::path;
use crate::series::Series;
use crate::version::Variant;

/// What the name of an interpreter says.
type Named = (Series, Variant);

impl Launcher<'_, '_> {
    /// Whether PATH is a place to look in at all.
    pub(super) fn searches_path(&self) -> bool {
        self.world().variable(b"PYLAUNCHER_NO_SEARCH_PATH").is_none()
    }

    /// `system`: the first of `pythonX.Y`, `pythonX`, `python3`, `python` on PATH that C allows.
    pub(super) fn system(&self, constraint: &Constraint) -> Option<Vec<u8>> {
        let mut names: Vec<Vec<u8>> = Vec::new();
        if let Some(series) = constraint.series {
            let variant = constraint.variant.unwrap_or_default();
            if let Some(minor) = series.minor() {
                names.push(format!("python{}.{minor}{variant}", series.major()).into_bytes());
            }
            names.push(format!("python{}", series.major()).into_bytes());
        }
        names.extend([b"python3".to_vec(), b"python".to_vec()]);
        names.iter().find_map(|name| {
            let program = self.resolver.on_path(name)?;
            self.program_agrees(&program, constraint).then_some(program)
        })
    }

    /// The newest `pythonX.Y` on PATH that C allows; failing that, where C leaves the minor open, `system`.
    pub(super) fn newest_on_path(&self, constraint: &Constraint) -> Option<Vec<u8>> {
        let variant = constraint.variant.unwrap_or_default();
        let probe = |series: Series| {
            let minor = series.minor()?;
            let name = format!("python{}.{minor}{variant}", series.major());
            self.resolver
                .on_path(name.as_bytes())
                .filter(|program| self.is_for(program, constraint.architecture))
        };
        if let Some(series) = constraint.series.filter(|series| series.minor().is_some()) {
            return constraint
                .agrees(Series::Minor(series.major(), series.minor()?), variant)
                .then(|| probe(series))
                .flatten();
        }
        let mut found = self.names_on_path();
        found.retain(|(series, theirs)| *theirs == variant && constraint.agrees(*series, *theirs));
        found.sort_unstable_by_key(|(series, _)| Reverse((series.major(), series.minor())));
        found.dedup();
        found.into_iter().find_map(|(series, _)| probe(series)).or_else(|| self.system(constraint))
    }

    /// Every `pythonX.Y` in a directory of PATH.
    fn names_on_path(&self) -> Vec<Named> {
        let Some(list) = self.world().variable(b"PATH") else {
            return Vec::new();
        };
        path::search(&list).flat_map(|directory| self.names_in(directory)).collect()
    }

    /// The highest `pythonX.Y` in a directory.
    pub(super) fn highest(&self, directory: &[u8]) -> Option<Named> {
        let named = self.names_in(directory);
        named.into_iter().max_by_key(|(series, _)| (series.major(), series.minor()))
    }

    fn names_in(&self, directory: &[u8]) -> Vec<Named> {
        match self.world().list(directory) {
            Ok(names) => names.iter().filter_map(|name| interpreter(name)).collect(),
            Err(fault) => {
                let path = directory.to_vec();
                self.resolver.note(Note::Unreadable { path, fault });
                Vec::new()
            }
        }
    }

    /// Whether a program on PATH may run. Its version is told by its name, by that of what it is a link to, else by the
    /// highest name beside it.
    fn program_agrees(&self, program: &[u8], constraint: &Constraint) -> bool {
        constraint.is_none()
            || self.named_by(program).is_some_and(|(series, variant)| {
                constraint.agrees(series, variant) && self.is_for(program, constraint.architecture)
            })
    }

    /// As much of a program's version as can be told; nothing when that is nothing.
    pub(super) fn program_version(&self, program: &[u8]) -> String {
        let named = self.named_by(program);
        named.map(|(series, variant)| format!("{series}{variant}")).unwrap_or_default()
    }

    fn named_by(&self, program: &[u8]) -> Option<Named> {
        interpreter(path::name(program))
            .or_else(|| {
                let canonical = self.world().canonical(program)?;
                interpreter(path::name(&canonical))
            })
            .or_else(|| self.highest(path::parent(program)?))
    }
}

/// Reads `python3.12`, `python3.13t`, `python3.12.exe`.
fn interpreter(name: &[u8]) -> Option<Named> {
    let name = name.strip_suffix(b".exe").unwrap_or(name);
    let (series, letters) = Series::head(name.strip_prefix(b"python")?)?;
    let Series::Minor(..) = series else { return None };
    let variant = match letters {
        b"" => Variant::Default,
        b"t" => Variant::FreeThreaded,
        b"d" => Variant::Debug,
        _ => return None,
    };
    Some((series, variant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_interpreters_say_something() {
        let rows: &[(&[u8], Option<Named>)] = &[
            (b"python3.12", Some((Series::Minor(3, 12), Variant::Default))),
            (b"python3.13t", Some((Series::Minor(3, 13), Variant::FreeThreaded))),
            (b"python3.12d", Some((Series::Minor(3, 12), Variant::Debug))),
            (b"python3", None),
            (b"python", None),
            (b"python3.12-config", None),
            (b"python3.12m", None),
            (b"python3.12.1", None),
            (b"ipython3.12", None),
        ];
        for (name, expected) in rows {
            assert_eq!(interpreter(name), *expected, "{}", name.escape_ascii());
        }
    }
}
