//! Fills a directory with archives in the layout of the canonical hosts, and with the catalogue of what is there:
//! any web server or file share that serves it is a mirror, and a catalogue for machines without a network.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Request, Version};

use crate::catalogue::{self, Build, Catalogue, Family, Kind, Mirrors, Options, Route};
use crate::cli::context::Context;
use crate::cli::progress::Watch;
use crate::cli::report;
use crate::cli::run::Status;
use crate::disk::{self, Privacy};
use crate::error::Error;
use crate::fetch::{self, Client, Discard, Url, Wanted};
use crate::operation::network::{self, Network};
use crate::platform::{self, Platform};
use crate::world;

/// The catalogue of what the directory holds.
const CATALOGUE: &str = "catalogue.jsonl";

/// How many minors are mirrored when none is named: those that still get fixes.
const MINORS: usize = 5;

#[derive(clap::Args)]
pub(super) struct Sync {
    /// The directory
    directory: PathBuf,
    /// Versions as `install` takes them; none: the newest of each supported minor
    versions: Vec<OsString>,
    /// For these platforms, not this machine's
    #[arg(long, value_name = "PLATFORM", value_delimiter = ',')]
    platform: Vec<String>,
    /// The sources too
    #[arg(long)]
    source: bool,
}

impl Sync {
    pub(super) fn run(self, context: &Context) -> Result<Status, Error> {
        let client = network::client(&context.ground, Network::default())?;
        let watch = context.watch()?;
        let catalogue = network::catalogue(&context.ground, &client, &watch)?;
        let directory = context.machine.absolute(&self.directory)?;
        let platforms = self.platforms()?;
        let mut requests: Vec<Request> = self
            .versions
            .iter()
            .map(|version| Request::parse(world::bytes(Path::new(version))))
            .collect();
        if requests.is_empty() {
            requests = newest_minors(&catalogue, &platforms);
        }
        // The directory may be a link, as a person likes: what is in it is not.
        let resolved = disk::canonical(&directory)?.unwrap_or_else(|| directory.clone());
        let filling = Filling { context, client: &client, watch: &watch, directory: &resolved };
        let mut status = Status::SUCCESS;
        let mut held = filling.held()?;
        for request in &requests {
            for build in wanted(&catalogue, request, &platforms, self.source, &mut |error| {
                status = status.worst(report::report(&context.printer, &error.into()));
            }) {
                match filling.bring(&build) {
                    Ok(()) => {
                        held.insert(catalogue::beside(&build));
                        filling.write(&held)?;
                    }
                    Err(Error::Fetch(fetch::Error::Interrupted)) => {
                        return watch.interruption().ok_or(fetch::Error::Interrupted.into());
                    }
                    Err(error) => status = status.worst(report::report(&context.printer, &error)),
                }
            }
        }
        context.printer.talk(&format!(
            "{} in {}; use it with PYMAN_CATALOGUE={}",
            if held.len() == 1 { "1 file".to_owned() } else { format!("{} files", held.len()) },
            directory.display(),
            directory.join(CATALOGUE).display()
        ));
        Ok(status)
    }

    fn platforms(&self) -> Result<Vec<Platform>, Error> {
        let here = network::platform();
        if self.platform.is_empty() {
            return Ok(here.into_iter().collect());
        }
        let parse = |text: &String| match here {
            Some(here) => platform::read(text, here),
            None => text.parse(),
        };
        let parsed = self.platform.iter().map(parse).collect::<Result<_, _>>();
        parsed.map_err(|error| Error::NotUnderstood(error.to_string()))
    }
}

/// The newest minors that any of the platforms has, as requests.
fn newest_minors(catalogue: &Catalogue, platforms: &[Platform]) -> Vec<Request> {
    let names = platforms.iter().flat_map(|platform| catalogue.names(Some(*platform)));
    let versions = names.filter_map(|name| Version::parse(name.as_bytes()));
    let minors: BTreeSet<(u32, u32)> =
        versions.filter(Version::is_final).map(|version| (version.major, version.minor)).collect();
    let request = |(major, minor)| Request::parse(format!("{major}.{minor}").as_bytes());
    minors.into_iter().rev().take(MINORS).map(request).collect()
}

/// The builds of one request, for every platform; what is not known is told.
fn wanted(
    catalogue: &Catalogue,
    request: &Request,
    platforms: &[Platform],
    source: bool,
    tell: &mut dyn FnMut(catalogue::Error),
) -> Vec<Build> {
    let mut builds: Vec<Build> = Vec::new();
    let mut add = |route, platform| match catalogue
        .answer(request, &Options { platform, route, variant: None })
    {
        Ok(found) => builds.extend(found),
        Err(error) => tell(error),
    };
    for platform in platforms {
        add(Route::PrebuiltFirst, Some(*platform));
    }
    if source {
        add(Route::OnlySource, None);
    }
    let mut seen = BTreeSet::new();
    builds
        .retain(|build| (source || build.kind != Kind::Source) && seen.insert(build.path.clone()));
    builds
}

/// The directory being filled.
struct Filling<'a> {
    context: &'a Context,
    client: &'a Client,
    watch: &'a Watch,
    directory: &'a Path,
}

impl Filling<'_> {
    /// Brings one file to its path; one that is there is only read again.
    fn bring(&self, build: &Build) -> Result<(), Error> {
        let Some(sha256) = build.sha256 else {
            return Err(catalogue::Error::Unpinned { file: build.file.clone() }.into());
        };
        let settings = self.context.settings()?;
        let mirrors = Mirrors {
            first: settings.mirrors.value.clone(),
            only: settings.mirror_only.value,
            packages: Vec::new(),
        };
        let family = Family::of(&build.release.implementation);
        let mut candidates = vec![Url::from(settings.cache.value.join(&build.file))];
        candidates.extend(family.candidates(build, &mirrors).map_err(fetch::Error::from)?);
        let wanted = Wanted {
            candidates,
            sha256: Some(sha256),
            size: build.size,
            file_name: build.file.clone(),
        };
        let whole = self.directory.join(&build.path);
        let folder = whole.parent().unwrap_or(self.directory);
        let found = fetch::download(self.client, &wanted, folder, &mut Discard, self.watch)?;
        if found.path != whole {
            let mut source = disk::open(&found.path)?
                .ok_or_else(|| disk::failed("open", &found.path, io::ErrorKind::NotFound.into()))?;
            disk::replace_by(&whole, Privacy::Shared, |file| {
                io::copy(&mut source, file).map(drop)
            })?;
        }
        Ok(())
    }

    /// The rows of what earlier runs brought.
    fn held(&self) -> Result<BTreeSet<String>, Error> {
        let text = disk::read_text(&self.directory.join(CATALOGUE))?.unwrap_or_default();
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Writes the catalogue, whole, after each file: it never names one that is not there.
    fn write(&self, held: &BTreeSet<String>) -> Result<(), Error> {
        let mut text = String::new();
        for row in held {
            text.push_str(row);
            text.push('\n');
        }
        let file = self.directory.join(CATALOGUE);
        Ok(disk::replace(&file, text.as_bytes(), Privacy::Shared)?)
    }
}
