//! What the commands that ask the resolver share: making it, saying what it noticed, showing names.

use pyman_shim::{
    Cut, Installation, NotInstalled, Origin, Request, Resolution, Resolver, Selection, Why,
};

use crate::error::Error;
use crate::operation::{Ground, network};

/// Says on stderr what the resolver noticed; debugging remarks only under `PYMAN_DEBUG`.
pub(crate) fn say_notes(ground: &Ground, resolver: &Resolver<'_>) {
    let debug = ground.machine.flag("PYMAN_DEBUG");
    for note in resolver.take_notes() {
        if debug || !note.is_debug() {
            ground.say(&format!("pyman: {note}"));
        }
    }
}

/// The pins in force, and what the resolver noticed while reading them.
pub(crate) fn pins(ground: &Ground, resolver: &Resolver<'_>) -> Result<Selection, Error> {
    let pins = resolver.pins();
    say_notes(ground, resolver);
    Ok(pins?)
}

/// The entries of a selection, resolved; one without entries is `system`.
pub(crate) struct Resolved {
    /// The names of what is installed, and `system`, in their order.
    pub(crate) names: Vec<Vec<u8>>,
    /// What is not.
    pub(crate) missing: Vec<NotInstalled>,
}

impl Resolved {
    pub(crate) fn of(resolver: &Resolver<'_>, selection: &Selection) -> Self {
        let mut this = Self { names: Vec::new(), missing: Vec::new() };
        for entry in resolver.in_force(selection) {
            match entry {
                Ok(name) => this.names.push(name),
                Err(missing) => this.missing.push(missing),
            }
        }
        this
    }

    /// The same, with what is not installed as it was written, but for a leading `python-`, as in pyenv.
    pub(crate) fn regardless(resolver: &Resolver<'_>, selection: &Selection) -> Self {
        let written = |missing: NotInstalled| {
            let request = missing.request;
            request.strip_prefix(b"python-").map(<[u8]>::to_vec).unwrap_or(request)
        };
        let entries = resolver.in_force(selection).into_iter();
        let names = entries.map(|entry| entry.unwrap_or_else(written)).collect();
        Self { names, missing: Vec::new() }
    }

    /// Says what is not installed, a line each, and what could be done about it.
    pub(crate) fn say_missing(&self, ground: &Ground, resolver: &Resolver<'_>) {
        let installed = installed_names(resolver);
        for line in NotInstalled::lines(&self.missing) {
            ground.say(&format!("pyman: {line}"));
        }
        if let Some(hint) = self.missing.last().and_then(|missing| {
            missing.hint_of(&installed, &|request| network::offers(ground, request))
        }) {
            ground.say(&format!("hint: {hint}"));
        }
    }
}

/// What the pins in force and the global version mean, before something is removed.
pub(crate) struct Selected {
    /// Which of their entries are not installed.
    missing: Vec<Vec<u8>>,
}

impl Selected {
    pub(crate) fn now(ground: &Ground) -> Self {
        let resolver = ground.resolver();
        let missing = selections(&resolver).into_iter().flat_map(|resolved| resolved.missing);
        let missing = missing.map(|missing| missing.request).collect();
        // What was odd about the files is for who selects by them.
        resolver.take_notes();
        Self { missing }
    }

    /// Says which entries name what is no more installed.
    pub(crate) fn say_what_went(&self, ground: &Ground) {
        let resolver = ground.resolver();
        let found = selections(&resolver);
        resolver.take_notes();
        for mut entries in found {
            entries.missing.retain(|missing| !self.missing.contains(&missing.request));
            entries.say_missing(ground, &resolver);
        }
    }
}

/// What is in force here, and the global version.
fn selections(resolver: &Resolver<'_>) -> Vec<Resolved> {
    let global = resolver.global();
    let pins = resolver.pins().ok().filter(|pins| pins.origin != global.origin);
    pins.iter().chain([&global]).map(|selection| Resolved::of(resolver, selection)).collect()
}

/// The names of everything installed that has an interpreter.
pub(crate) fn installed_names(resolver: &Resolver<'_>) -> Vec<Vec<u8>> {
    let whole = resolver.installations().into_iter().filter(|one| resolver.is_whole(one));
    whole.map(|installation| installation.name).collect()
}

/// What a person typed, as an installation or `system`; an error in pyenv's words when it is neither.
pub(crate) fn require(
    ground: &Ground,
    resolver: &Resolver<'_>,
    typed: &[u8],
) -> Result<Option<Installation>, Error> {
    let request = Request::parse(typed);
    match resolver.resolve(&request) {
        Resolution::System => Ok(None),
        Resolution::Installed(installation) => Ok(Some(installation)),
        Resolution::Missing => {
            Err(unusable(resolver, &request)
                .unwrap_or_else(|| not_installed(ground, resolver, typed)))
        }
    }
}

/// What keeps a version that is missing from being used, where that is not that it is not installed: to install it
/// would not help.
pub(crate) fn unusable(resolver: &Resolver<'_>, request: &Request) -> Option<Error> {
    let missing = resolver.missing(request, &Origin::Argument);
    match missing.why {
        Why::Absent | Why::Empty => None,
        Why::Unreadable(_) | Why::Unclear { .. } => {
            Some(pyman_shim::Error::Unusable(missing).into())
        }
    }
}

/// What was typed is neither installed nor `system`.
pub(crate) fn not_installed(ground: &Ground, resolver: &Resolver<'_>, typed: &[u8]) -> Error {
    neither(resolver, typed, &|request| network::offers(ground, request))
}

/// The same of what was to go: nobody installs it for that.
pub(crate) fn nothing_to_remove(resolver: &Resolver<'_>, typed: &[u8]) -> Error {
    neither(resolver, typed, &|_| false)
}

fn neither(resolver: &Resolver<'_>, typed: &[u8], offered: &dyn Fn(&Request) -> bool) -> Error {
    let missing = NotInstalled::new(typed.to_vec(), Origin::Argument);
    let hint = missing.hint_of(&installed_names(resolver), offered);
    Error::NotInstalled { request: Cut(typed).to_string(), hint }
}

/// Lines of bytes, each ended.
pub(crate) fn lines<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut text = Vec::new();
    for line in lines {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    text
}
