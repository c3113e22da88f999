//! From what was typed to a plan: which builds would do, where they go, and what happens to what stands there.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;

use pyman_shim::{Form, Name, Request, Series, Variant};

use crate::catalogue::{self, Build, Catalogue, Options, Route};
use crate::disk::{self, Existing};
use crate::error::Error;
use crate::fetch::{Client, Sha256};
use crate::install::{self, Making, Material, Offer, Plan, Target};
use crate::operation::site::Site;
use crate::operation::typed::Typed;
use crate::operation::{Ground, network};
use crate::progress::Silent;

/// What the command line says of everything it installs.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) options: Options,
    pub(crate) existing: IfInstalled,
    pub(crate) target: Target,
    pub(crate) making: Making,
    pub(crate) sha256: Option<Sha256>,
    pub(crate) trust: bool,
    pub(crate) sync: bool,
}

/// What to do about what is installed already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfInstalled {
    /// Ask.
    Ask,
    /// Leave it, silently.
    Skip,
    /// Replace it, silently.
    Replace,
}

/// What planning comes to.
#[derive(Debug)]
pub(crate) enum Planned {
    /// There is something to do.
    Do(Box<Plan>),
    /// It is there, and to be left.
    Leave,
    /// It is there, and the user does not want it replaced.
    Refused,
}

/// What follows from what stands where a release goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing stands there.
    Free,
    /// What stands there is to be replaced.
    Replace,
    Leave,
    Refused,
}

/// Plans one thing after another; reads the catalogue when first it has to.
pub(crate) struct Planner<'a> {
    ground: &'a Ground,
    client: &'a Client,
    terms: Terms,
    catalogue: OnceCell<Catalogue>,
    /// The names that the user agreed to have replaced: nobody is asked twice.
    agreed: RefCell<BTreeSet<String>>,
    /// The files without a published digest that the user vouched for.
    vouched: RefCell<BTreeSet<String>>,
    /// How many requests nothing answered.
    unknown: Cell<usize>,
}

/// Of so many unknown requests it is looked up what could have been meant; more are never shown.
const ADVISED: usize = 10;

impl<'a> Planner<'a> {
    pub(crate) fn new(ground: &'a Ground, client: &'a Client, terms: Terms) -> Self {
        Self {
            ground,
            client,
            terms,
            catalogue: OnceCell::new(),
            agreed: RefCell::default(),
            vouched: RefCell::default(),
            unknown: Cell::default(),
        }
    }

    /// Whether what is installed becomes a version of this root.
    pub(crate) fn makes_versions(&self) -> bool {
        self.terms.target == Target::Version
    }

    /// What can be said of what was typed without the catalogue: a release asked for by its whole name stands there,
    /// and is to be left.
    pub(crate) fn at_once(&self, typed: &Typed) -> Result<Option<Planned>, Error> {
        let Typed::Request(request) = typed else {
            return Ok(None);
        };
        let plain = self.terms.options.variant.is_none() && self.makes_versions();
        let Ok(name) = std::str::from_utf8(request.text()) else {
            return Ok(None);
        };
        if !is_whole(request) || !plain {
            return Ok(None);
        }
        Ok(match self.verdict(name)? {
            Verdict::Free | Verdict::Replace => None,
            Verdict::Leave => Some(Planned::Leave),
            Verdict::Refused => Some(Planned::Refused),
        })
    }

    /// The plan for one, its offers looked up.
    pub(crate) fn plan(&self, typed: Typed, site: &Site<'_>) -> Result<Planned, Error> {
        match typed {
            Typed::Request(request) => self.release(&request, self.catalogue()?, site),
            Typed::Rows(file) => {
                let catalogue = Catalogue::from_file(&file)?;
                let name = only_one(&catalogue.names(self.terms.options.platform), &file)?;
                self.release(&Request::parse(name.as_bytes()), &catalogue, site)
            }
            Typed::Installer(url) => {
                let file = url.file_name();
                let build = self.catalogue()?.installer(&file).ok_or(Error::Installer(file))?;
                let builds = self.pinned(vec![build])?;
                let offer = |build| Offer { build, candidates: vec![url.clone()] };
                self.builds(builds, |builds| Ok(builds.into_iter().map(offer).collect()))
            }
            Typed::Archive(url) => {
                let sha256 = self.terms.sha256;
                if sha256.is_none() {
                    site.say(&format!("no digest is known of {url}: give one with `--sha256'"));
                }
                Ok(self.planned(Material::Archive { url, sha256 }, self.replacing()))
            }
            Typed::Sources(directory) => {
                Ok(self.planned(Material::Sources(directory), self.replacing()))
            }
        }
    }

    fn release(
        &self,
        request: &Request,
        catalogue: &Catalogue,
        site: &Site<'_>,
    ) -> Result<Planned, Error> {
        let options = &self.terms.options;
        let found = match catalogue.find(request, options) {
            found if !found.is_empty() => found,
            _ if self.unknown.replace(self.unknown.get() + 1) < ADVISED => {
                catalogue.answer(request, options)?
            }
            _ => return Err(catalogue::Error::unknown(request).into()),
        };
        let builds = self.pinned(found)?;
        self.builds(builds, |builds| site.offers(builds))
    }

    /// The plan for the builds of one release, with the places `offers` knows for them.
    fn builds(
        &self,
        builds: Vec<Build>,
        offers: impl FnOnce(Vec<Build>) -> Result<Vec<Offer>, Error>,
    ) -> Result<Planned, Error> {
        let Some(name) = builds.first().map(|build| build.release.name()) else {
            return Err(install::Error::Nothing("what was asked for".to_owned()).into());
        };
        let verdict = match &self.terms.target {
            Target::Version => self.verdict(&name)?,
            Target::Directory(_) if self.replacing() == Existing::Replace => Verdict::Replace,
            Target::Directory(_) => Verdict::Free,
        };
        let existing = match verdict {
            Verdict::Free => Existing::Keep,
            Verdict::Replace => Existing::Replace,
            Verdict::Leave => return Ok(Planned::Leave),
            Verdict::Refused => return Ok(Planned::Refused),
        };
        Ok(self.planned(Material::Release(offers(builds)?), existing))
    }

    /// When no host served a request's prebuilt: its newest sources, which may be of an older release. None
    /// when the request, or an option, leaves no choice.
    pub(crate) fn second_choice(
        &self,
        request: &Request,
        first: &str,
        site: &Site<'_>,
    ) -> Result<Option<Plan>, Error> {
        if self.terms.options.route != Route::PrebuiltFirst || is_whole(request) {
            return Ok(None);
        }
        let options = Options { route: Route::OnlySource, ..self.terms.options };
        let builds = match self.catalogue()?.answer(request, &options) {
            Ok(builds) => builds,
            Err(catalogue::Error::Unknown { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let name = builds.first().map(|build| build.release.name());
        let Some(name) = name.filter(|name| name != first && self.makes_versions()) else {
            return Ok(None);
        };
        if self.verdict(&name)? != Verdict::Free {
            return Ok(None);
        }
        Ok(Some(self.done(Material::Release(site.offers(builds)?), Existing::Keep)))
    }

    /// The versions a request could mean that the distribution's mirrors have.
    pub(crate) fn in_pools(
        &self,
        request: &Request,
        site: &Site<'_>,
    ) -> Result<Vec<String>, Error> {
        if is_whole(request) || self.terms.options.route == Route::OnlyPrebuilt {
            return Ok(Vec::new());
        }
        let found = site.in_pools(self.catalogue()?, request)?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    /// What is to become of what stands under this name; asks when nothing was said.
    pub(super) fn verdict(&self, name: &str) -> Result<Verdict, Error> {
        let prefix = self.ground.places().version(name);
        match disk::look(&prefix)? {
            None => return Ok(Verdict::Free),
            // A link to nothing, or a tree without an interpreter, is no installation.
            Some(found) if !found.is_file() && !install::is_usable(&prefix)? => {
                return Ok(Verdict::Replace);
            }
            Some(_) => {}
        }
        match self.terms.existing {
            IfInstalled::Skip => return Ok(Verdict::Leave),
            IfInstalled::Replace => return Ok(Verdict::Replace),
            IfInstalled::Ask if self.agreed.borrow().contains(name) => return Ok(Verdict::Replace),
            IfInstalled::Ask => {}
        }
        self.ground.say(&format!("pyman: {} already exists", prefix.display()));
        match self.ground.ask_person("continue with installation? (y/N)")? {
            None => return Ok(Verdict::Leave),
            Some(false) => return Ok(Verdict::Refused),
            Some(true) => {}
        }
        self.agreed.borrow_mut().insert(name.to_owned());
        Ok(Verdict::Replace)
    }

    fn planned(&self, material: Material, existing: Existing) -> Planned {
        Planned::Do(Box::new(self.done(material, existing)))
    }

    fn done(&self, material: Material, existing: Existing) -> Plan {
        let Terms { target, making, trust, sync, .. } = self.terms.clone();
        Plan { material, target, existing, making, trust, sync }
    }

    const fn replacing(&self) -> Existing {
        match self.terms.existing {
            IfInstalled::Replace => Existing::Replace,
            IfInstalled::Ask | IfInstalled::Skip => Existing::Keep,
        }
    }

    /// The builds as far as the digest given agrees with them. A build without any is only taken when the
    /// user says so.
    fn pinned(&self, mut builds: Vec<Build>) -> Result<Vec<Build>, Error> {
        let unpinned = builds.iter().filter(|build| build.sha256.is_none());
        self.vouched.borrow_mut().extend(unpinned.map(|build| build.file.clone()));
        if let Some(sha256) = self.terms.sha256 {
            let file = builds.first().map(|build| build.file.clone()).unwrap_or_default();
            builds.retain(|build| build.sha256.is_none_or(|known| known == sha256));
            if builds.is_empty() {
                return Err(Error::NotUnderstood(format!(
                    "{file} is known with another digest than the one given"
                )));
            }
            for build in &mut builds {
                build.sha256 = Some(sha256);
            }
        }
        // A digest that was given has been written into every build above: only who gave none is asked.
        if let Some(build) = builds.iter().find(|build| build.sha256.is_none()) {
            let file = build.file.clone();
            let question = format!("no digest of {file} was ever published. Install it? (y/N)");
            if self.ground.ask_person(&question)? != Some(true) {
                return Err(catalogue::Error::Unpinned { file }.into());
            }
        }
        Ok(builds)
    }

    /// Whether the user vouched for this file, by its digest or by saying yes.
    pub(crate) fn is_vouched_for(&self, file: &str) -> bool {
        self.vouched.borrow().contains(file)
    }

    fn catalogue(&self) -> Result<&Catalogue, Error> {
        if let Some(catalogue) = self.catalogue.get() {
            return Ok(catalogue);
        }
        let read = network::catalogue(self.ground, self.client, &Silent)?;
        Ok(self.catalogue.get_or_init(|| read))
    }
}

/// Whether the request is the whole name of a release, and so leaves no choice.
fn is_whole(request: &Request) -> bool {
    match Name::parse(request.text()).form() {
        Form::CPython { series: Series::Patch(_), .. } | Form::Family { .. } => true,
        Form::CPython { .. } | Form::Plain => false,
    }
}

/// The one release that a file of rows describes.
fn only_one(names: &[String], file: &Path) -> Result<String, Error> {
    match names {
        [name] => Ok(name.clone()),
        [] => Err(install::Error::Nothing(file.display().to_string()).into()),
        [first, ..] => Err(Error::NotUnderstood(format!(
            "{} has rows of {} releases: name one with `PYMAN_CATALOGUE={} pyman install {first}'",
            file.display(),
            names.len(),
            file.display(),
        ))),
    }
}

/// The variant an option names.
pub(crate) fn variant(text: &str) -> Result<Variant, String> {
    match text {
        "default" => Ok(Variant::Default),
        "freethreaded" | "free-threaded" | "t" => Ok(Variant::FreeThreaded),
        "debug" | "d" => Ok(Variant::Debug),
        _ => Err("it is `default', `freethreaded' or `debug'".to_owned()),
    }
}
