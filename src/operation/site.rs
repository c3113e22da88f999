//! Carrying plans out, for every command that installs: together, each told of as it ends.

use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use pyman_shim::{Request, Version};

use crate::catalogue::{Build, Catalogue, Family, Mirrors};
use crate::compatibility;
use crate::error::Error;
use crate::fetch::{Address, Client};
use crate::install::compile::Variables;
use crate::install::{self, Checkpoints, Done, Installed, Offer, Plan, Removal, Session};
use crate::inventory::Places;
use crate::operation::{Ground, cache, network, rehash};
use crate::platform::apt;
use crate::platform::distribution::Distribution;
use crate::plugin::{self, Event};
use crate::progress::Progress;
use crate::world::parallel::together;

/// Installations worked at once; more would only share the same line.
const AT_ONCE: usize = 4;

/// What the command line says of mirrors.
#[derive(Debug, Clone, Default)]
pub(crate) struct MirrorChoice {
    /// Mirrors to ask first.
    pub(crate) first: Vec<Address>,
    /// Whether to ask no other.
    pub(crate) only: bool,
}

/// Everything plans are carried out with.
pub(crate) struct Site<'a> {
    ground: &'a Ground,
    client: &'a Client,
    progress: &'a dyn Progress,
    places: Places,
    variables: Variables,
    distribution: Option<Distribution>,
    mirrors: Mirrors,
}

impl<'a> Site<'a> {
    /// Looks at the machine, the settings and the variables.
    pub(crate) fn new(
        ground: &'a Ground,
        client: &'a Client,
        progress: &'a dyn Progress,
        choice: MirrorChoice,
    ) -> Result<Self, Error> {
        let variables = Variables::read(ground.machine, &ground.root().join("shims"));
        let mirrors = mirrors(ground, choice)?;
        let distribution = Distribution::read(Path::new("/"))?;
        let places = ground.places();
        Ok(Self { ground, client, progress, places, variables, distribution, mirrors })
    }

    /// Says a line to the user.
    pub(crate) fn say(&self, line: &str) {
        self.progress.note(line);
    }

    /// Whether whoever watches asked to stop.
    pub(crate) fn interrupted(&self) -> bool {
        self.progress.interrupted()
    }

    /// The builds with the places each may be had from.
    pub(crate) fn offers(&self, builds: Vec<Build>) -> Result<Vec<Offer>, Error> {
        let offer = |build: Build| {
            let family = Family::of(&build.release.implementation);
            let candidates = family
                .candidates(&build, &self.mirrors)
                .map_err(|error| Error::NotUnderstood(error.to_string()))?;
            Ok(Offer { build, candidates })
        };
        builds.into_iter().map(offer).collect()
    }

    /// The versions a request could mean that the distribution's mirrors have, where those may be asked.
    pub(crate) fn in_pools(
        &self,
        catalogue: &Catalogue,
        request: &Request,
    ) -> Result<Vec<Version>, Error> {
        if self.mirrors.only {
            return Ok(Vec::new());
        }
        Ok(catalogue.in_pools(request, &self.mirrors.packages, self.client, self.progress)?)
    }

    /// Carries the plans out, several at once; one that fails neither stops nor undoes the others.
    ///
    /// What ended well was said; what did not comes back. Shims are rewritten once, at the end.
    pub(crate) fn carry_out(&self, plans: &[Plan]) -> Result<Vec<Outcome>, Error> {
        if !plans.is_empty() {
            cache::make(self.ground)?;
        }
        let results = self.with_session(|session| {
            together(plans, AT_ONCE, |plan| {
                let begun = Instant::now();
                let result = session.install(plan);
                if let Ok(installed) = &result {
                    self.progress.note(&told(installed, begun));
                }
                result
            })
        })?;
        self.follow_up(&results)?;
        Ok(results)
    }

    /// Removes; hooks and shims are the caller's.
    pub(crate) fn remove(&self, removal: &Removal) -> Result<(), Error> {
        Ok(self.with_session(|session| session.remove(removal))??)
    }

    /// Frees what is made again whenever it is needed.
    pub(crate) fn make_room(&self) -> Result<(), Error> {
        cache::clear(self.ground)?;
        Ok(())
    }

    /// The root's folders.
    pub(crate) const fn places(&self) -> &Places {
        &self.places
    }

    fn with_session<T>(&self, work: impl FnOnce(&Session<'_>) -> T) -> Result<T, Error> {
        let settings = self.ground.settings()?;
        let name = self.distribution.as_ref().map_or("this system", |known| known.name.as_str());
        let machine = format!("{name} using {}", compatibility::version_line());
        let checkpoints = Checkpoints::new(self.ground.machine.variable("_PYMAN_KILL_AT"));
        Ok(work(&Session {
            places: &self.places,
            client: self.client,
            cache: &settings.cache.value,
            variables: &self.variables,
            packager: self.distribution.as_ref().and_then(Distribution::packager),
            machine: &machine,
            platform: network::platform(),
            progress: self.progress,
            checkpoints: &checkpoints,
            compiling: &Mutex::new(()),
        }))
    }

    /// Shims for what came, and the hooks that want to know of it.
    fn follow_up(&self, results: &[Outcome]) -> Result<(), Error> {
        let registered = |one: &&Installed| one.prefix.starts_with(self.places.versions());
        let came: Vec<&Installed> = results.iter().flatten().filter(registered).collect();
        if came.is_empty() {
            return Ok(());
        }
        rehash::now(self.ground)?;
        for misfit in plugin::misfits(self.ground.root())? {
            self.ground.say(&misfit.to_string());
        }
        for installed in came {
            let prefix = installed.prefix.to_string_lossy();
            let told = [("version", installed.name.as_str()), ("prefix", &prefix)];
            plugin::run(self.ground.root(), Event::Install, &told)?;
        }
        Ok(())
    }
}

/// How one plan ended.
pub(crate) type Outcome = Result<Installed, install::Error>;

fn told(installed: &Installed, begun: Instant) -> String {
    let seconds = begun.elapsed().as_secs_f64();
    match installed.done {
        Done::Here => format!("installed {} in {seconds:.1} s", installed.name),
        Done::Elsewhere => format!("{} was installed by the other pyman", installed.name),
    }
}

/// The mirrors in their order: the command line's, the settings', python-build's variable; last the
/// machine's own distribution.
fn mirrors(ground: &Ground, choice: MirrorChoice) -> Result<Mirrors, Error> {
    let settings = ground.settings()?;
    let named = choice.first.into_iter().chain(settings.mirrors.value.iter().cloned());
    let mut first = network::mirrors(ground, named.collect())?;
    let machine = ground.machine;
    if let Some(url) = machine.text("PYTHON_BUILD_MIRROR_URL")
        && machine.variable("PYTHON_BUILD_SKIP_MIRROR").is_none()
    {
        // python-build's mirrors have their files by their digests, unless this is set.
        let by_layout = machine.variable("PYTHON_BUILD_MIRROR_URL_SKIP_CHECKSUM").is_some();
        let url = url.trim_end_matches('/');
        first.push(if by_layout { url.into() } else { format!("{url}/{{sha256}}").into() });
    }
    let only = choice.only || settings.mirror_only.value;
    Ok(Mirrors {
        first,
        only,
        packages: apt::mirrors(Path::new("/")).into_iter().map(Address::from).collect(),
    })
}
