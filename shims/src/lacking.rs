//! Why there is no answer: found out once somebody is to be told, never on the way to one.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::command::Ask;
use crate::environment::is_environment;
use crate::error::Error;
use crate::installed::{Installation, is_entry};
use crate::layout::Layout;
use crate::missing::{NAMED, NotFound, NotInstalled, Why};
use crate::name::{Form, Name};
use crate::path;
use crate::request::Origin;
use crate::request::{PreReleases, Request};
use crate::resolver::Resolver;
use crate::selection::{FILE_READ, decoded, lines};
use crate::version::Variant;
use crate::world::Fault;

impl Resolver<'_> {
    /// What is to be said of a request that nothing usable answers.
    pub fn missing(&self, request: &Request, origin: &Origin) -> NotInstalled {
        NotInstalled {
            request: request.text().to_vec(),
            origin: origin.clone(),
            why: self.why(request, origin),
        }
    }

    pub(crate) fn why(&self, request: &Request, origin: &Origin) -> Why {
        if request.is_unclear() {
            return Why::Unclear { line: self.line_of(request, origin) };
        }
        let names = self.names().iter().map(|name| Name::parse(name));
        let matches = request.candidates(names, PreReleases::LastResort);
        let exact = request.directories().filter(|name| path::stays_inside(name) && is_entry(name));
        let likely: Vec<&[u8]> = exact.chain(matches.iter().map(Name::text)).collect();
        for name in &likely {
            if let Some(fault) = self.denied(&self.home().installation(name)) {
                return Why::Unreadable(fault);
            }
        }
        let is_empty = |name: &&[u8]| self.exactly(name).is_some_and(|one| !self.is_whole(&one));
        if likely.iter().any(is_empty) { Why::Empty } else { Why::Absent }
    }

    /// Whether the matter is that this user may not read it.
    pub(crate) fn is_unreadable(&self, request: &Request) -> bool {
        matches!(self.why(request, &Origin::System), Why::Unreadable(_))
    }

    /// What keeps this user from what is there: the directory, that of its commands, or its interpreter may not be read.
    pub(crate) fn denied(&self, directory: &[u8]) -> Option<Fault> {
        let bin = Layout::HERE.interpreters_of(directory);
        let listed = |directory: &[u8]| self.world().list(directory).err();
        listed(directory)
            .or_else(|| listed(&bin))
            .or_else(|| self.world().read(&path::program(&bin, b"python"), 0).err())
    }

    /// The line on which a file says this, from 1: found again now that somebody wants to know.
    pub(crate) fn line_of(&self, entry: &Request, origin: &Origin) -> Option<usize> {
        let (Origin::File(path) | Origin::Global(path)) = origin else {
            return None;
        };
        let Ok(Some(text)) = self.world().read(path, FILE_READ) else {
            return None;
        };
        let says = |part: &[u8]| Request::parse(part).text() == entry.text();
        let text = decoded(&text);
        let found = lines(&text).find(|(_, line)| line.entry.split(|byte| *byte == b':').any(says));
        found.map(|(number, _)| number)
    }

    /// The error of a pin of which nothing is installed.
    pub(crate) fn lacking(&self, ask: Ask<'_>, missing: &[&Request], origin: &Origin) -> Error {
        self.not_found(ask, self.named(missing, origin), true)
    }

    /// What is not there, each once; of those that will be named what the matter is.
    pub(crate) fn named(&self, missing: &[&Request], origin: &Origin) -> Vec<NotInstalled> {
        let mut all: Vec<NotInstalled> = Vec::with_capacity(missing.len());
        for request in missing {
            if all.len() >= NAMED {
                all.push(NotInstalled::new(request.text().to_vec(), origin.clone()));
            } else if !all.iter().any(|known| known.request == request.text()) {
                all.push(self.missing(request, origin));
            }
        }
        all
    }

    pub(crate) fn not_found(
        &self,
        ask: Ask<'_>,
        missing: Vec<NotInstalled>,
        pinned: bool,
    ) -> Error {
        let names = |installations: Vec<Installation>| {
            installations.into_iter().map(|installation| installation.name).collect::<Vec<_>>()
        };
        let having = self.having(ask.command);
        let newest = self.newest_version(&having);
        let mut installed = self.installations();
        installed.retain(|installation| {
            Name::parse(&installation.name).is_release() && self.is_whole(installation)
        });
        Error::NotFound(Box::new(NotFound {
            command: ask.command.to_vec(),
            missing,
            pinned,
            having: names(having),
            newest,
            installed: names(installed),
            refused: None,
            detail: ask.detail,
        }))
    }

    /// The newest real version among these: a CPython before any other, and a pre-release only if there is no final;
    /// never an environment, whatever it is called.
    fn newest_version(&self, having: &[Installation]) -> Option<Vec<u8>> {
        let rank = |name: &Name<'_>| match name.form() {
            Form::CPython { variant, .. } => {
                (3, variant == Variant::Default, !name.is_pre_release())
            }
            Form::Family { .. } => (2, false, !name.is_pre_release()),
            Form::Plain => (1, false, false),
        };
        let is_version = |installation: &&Installation| {
            !path::has_directory(&installation.name)
                && is_environment(self.world(), &installation.directory) == Ok(false)
        };
        let names = having.iter().filter(is_version).map(|one| Name::parse(&one.name));
        let newest = names.max_by(|one, other| rank(one).cmp(&rank(other)).then(one.cmp(other)));
        newest.map(|name| name.text().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::Home;
    use crate::memory::Memory;

    #[test]
    fn the_matter_is_found_out() {
        let world = Memory::new()
            .program("/r/versions/3.12.1/bin/python", "")
            .directory("/r/versions/3.8.99")
            .program("/other/3.9.1/bin/python", "")
            .link("/r/versions/3.9.1", "/other/3.9.1")
            .denied("/other")
            .program("/r/versions/3.10.1/bin/python", "")
            .denied("/r/versions/3.10.1")
            .secret("/r/versions/3.11.1/bin/python")
            .link("/r/versions/3.7.1", "/gone")
            .file("/w/v", "3.12\n# >=3.9 <3.11\n\n  >=3.9 <3.11 # x\n");
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let denied = Why::Unreadable(Fault(13));
        let cases = [
            ("3.13", Why::Absent),
            ("web", Why::Absent),
            ("3.7.1", Why::Absent),
            ("3.7", Why::Absent),
            ("3.8.99", Why::Empty),
            ("3.8", Why::Empty),
            ("3.9.1", denied),
            ("3.9", denied),
            ("python-3.9.1", denied),
            ("3.10", denied),
            ("3.11.1", denied),
            ("../../other", Why::Absent),
            (">=3.9 <3.11", Why::Unclear { line: Some(4) }),
            (">=3.9 3.11", Why::Unclear { line: None }),
        ];
        for (request, expected) in cases {
            let origin = Origin::File(b"/w/v".to_vec());
            let missing = resolver.missing(&Request::parse(request.as_bytes()), &origin);
            assert_eq!(missing.why, expected, "{request}");
        }
    }
}
