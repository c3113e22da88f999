//! What there is to install, for people: of each line its newest release, or every release, and what is known of it.

use std::ffi::OsString;

use pyman_shim::{Name, Request, Variant};

use crate::catalogue::{Catalogue, Choice, Date, Day, Kind, Lifetime, Options, Route, Support};
use crate::error::Error;
use crate::operation::Ground;
use crate::platform::Platform;
use crate::world;

/// How much of it is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The newest of each line; every release where a single line is asked for.
    Newest,
    /// Every release.
    All,
}

/// A release, and what is known of it here.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) choice: Choice,
    pub(crate) pre_release: bool,
    /// What is installed: the release itself, or the newest of its line.
    pub(crate) installed: Option<String>,
    pub(crate) care: Option<Care>,
    /// When the OpenSSL got its last fix that the sources were written for.
    pub(crate) openssl_ended: Option<Date>,
}

/// How a line of CPython is looked after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Care {
    pub(crate) lifetime: Lifetime,
    pub(crate) support: Support,
}

/// What belongs together: a minor of CPython in one variant, what another family calls itself.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Minor(u32, u32, Variant),
    Family(String),
}

impl Care {
    /// How the line of a version of CPython is looked after; none of a line that no schedule is known of.
    pub(crate) fn of(version: pyman_shim::Version, today: Day) -> Option<Self> {
        let lifetime = Lifetime::of(version)?;
        Some(Self { lifetime, support: lifetime.support(today) })
    }

    /// When its last fix came, where it gets none any more.
    pub(crate) fn ended(&self) -> Option<Date> {
        (self.support == Support::Ended).then_some(self.lifetime.end_of_life)
    }
}

impl Row {
    /// The release's name.
    pub(crate) fn name(&self) -> String {
        self.choice.release.name()
    }

    /// Whether it is of CPython.
    pub(crate) fn is_cpython(&self) -> bool {
        self.choice.release.version().is_some()
    }

    /// Whether it can be had only by building it.
    pub(crate) fn is_built(&self) -> bool {
        self.choice.kinds == [Kind::Source]
    }
}

/// The rows that are meant by any of the words, all where there is none: CPython first, the newest first, then the other
/// families by name.
pub(crate) fn rows(
    ground: &Ground,
    catalogue: &Catalogue,
    platform: Option<Platform>,
    asked: &[OsString],
    extent: Extent,
) -> Result<Vec<Row>, Error> {
    let mut choices = catalogue.choices(platform);
    let names: Vec<String> = choices.iter().map(|choice| choice.release.name()).collect();
    let meant = meant(catalogue, platform, &names, asked)?;
    let mut kept = meant.into_iter();
    choices.retain(|_| kept.next().unwrap_or_default());
    choices.reverse();
    // The variants of one release stay in their order.
    for variants in choices.chunk_by_mut(|one, other| one.release.label == other.release.label) {
        variants.reverse();
    }
    // Stable: the families in the order of their names, each from new to old.
    choices.sort_by_cached_key(letters);
    let lines: Vec<Line> = choices.iter().map(Line::of).collect();
    let single = !asked.is_empty() && lines.windows(2).all(|pair| pair.first() == pair.last());
    let everything = extent == Extent::All || single;
    let today = catalogue.today();
    let installed = installed(ground);
    let mut seen: Vec<(&Line, bool)> = Vec::new();
    let mut rows = Vec::new();
    for (choice, line) in choices.into_iter().zip(&lines) {
        let name = choice.release.name();
        let pre_release = is_pre_release(&choice);
        // Newest first: what comes after a final release of its line is older than that.
        let newest = !seen.contains(&(line, false)) && !seen.contains(&(line, pre_release));
        seen.push((line, pre_release));
        if !newest && !everything {
            continue;
        }
        let here = installed.iter().find(|(one, _)| *one == name);
        // From the end: of several patches of a line the newest.
        let beside = || installed.iter().rev().find(|(_, its)| its.as_ref() == Some(line));
        let here = here.or_else(|| beside().filter(|_| !everything));
        rows.push(Row {
            installed: here.map(|(name, _)| name.clone()),
            pre_release,
            care: choice.release.version().and_then(|version| Care::of(version, today)),
            openssl_ended: openssl_ended(&choice, today),
            choice,
        });
    }
    Ok(rows)
}

/// Of each name, whether one of the words means it; an error where a word means nothing that there is.
pub(crate) fn meant(
    catalogue: &Catalogue,
    platform: Option<Platform>,
    names: &[String],
    asked: &[OsString],
) -> Result<Vec<bool>, Error> {
    let asked: Vec<Request> =
        asked.iter().map(|word| Request::parse(word.as_encoded_bytes())).collect();
    let names: Vec<Name<'_>> = names.iter().map(|name| Name::parse(name.as_bytes())).collect();
    for one in &asked {
        if !names.iter().any(|name| means(one, name)) {
            let options = Options { platform, route: Route::PrebuiltFirst, variant: None };
            catalogue.answer(one, &options)?;
        }
    }
    let meant = |name| asked.is_empty() || asked.iter().any(|one| means(one, name));
    Ok(names.iter().map(meant).collect())
}

fn means(request: &Request, name: &Name<'_>) -> bool {
    request.matches(name) || request.text() == name.text()
}

impl Line {
    fn of(choice: &Choice) -> Self {
        let release = &choice.release;
        release.version().map_or_else(
            || Self::Family(letters(choice)),
            |version| Self::Minor(version.major, version.minor, release.variant),
        )
    }

    fn of_name(name: &Name<'_>) -> Option<Self> {
        match name.form() {
            pyman_shim::Form::CPython { series, variant, .. } => {
                Some(Self::Minor(series.major(), series.minor()?, variant))
            }
            pyman_shim::Form::Family { .. } => {
                Some(Self::Family(leading_letters(&String::from_utf8_lossy(name.text()))))
            }
            pyman_shim::Form::Plain => None,
        }
    }
}

/// What another family calls itself; CPython comes before them all.
fn letters(choice: &Choice) -> String {
    match choice.release.version() {
        Some(_) => String::new(),
        None => leading_letters(&choice.release.name()),
    }
}

fn leading_letters(name: &str) -> String {
    name.chars().take_while(char::is_ascii_alphabetic).collect()
}

fn is_pre_release(choice: &Choice) -> bool {
    match choice.release.version() {
        Some(version) => !version.is_final(),
        None => Name::parse(choice.release.name().as_bytes()).is_pre_release(),
    }
}

/// The names under `versions/`, from old to new, each with its line.
fn installed(ground: &Ground) -> Vec<(String, Option<Line>)> {
    let found = ground.resolver().installations();
    let named = found.iter().map(|found| {
        let line = Line::of_name(&Name::parse(&found.name));
        (world::path(&found.name).to_string_lossy().into_owned(), line)
    });
    named.collect()
}

fn openssl_ended(choice: &Choice, today: Day) -> Option<Date> {
    let lifetime = Lifetime::of_openssl(choice.openssl.line.as_deref()?)?;
    (lifetime.support(today) == Support::Ended).then_some(lifetime.end_of_life)
}
