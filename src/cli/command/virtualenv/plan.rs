//! What `pyman virtualenv` is given, and what it comes to: which environment is to be made, where, by whom; or why none is.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use pyman_shim::{Installation, Request, Resolution, Resolver};

use crate::cli::context::Context;
use crate::environment::{self, Base, Environment, Name, Work};
use crate::error::Error;
use crate::inventory::Places;
use crate::operation::selection::{self, Resolved};
use crate::operation::{base as bases, environments, network};
use crate::{disk, world};

/// Make an environment of a version, to be selected and activated by its name
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Virtualenv {
    /// The version (none: the selected one), and the name
    #[arg(value_name = "[VERSION] NAME", num_args = 0..=2)]
    pub(super) words: Vec<OsString>,
    /// Do not ask when it is there already
    #[arg(short, long)]
    pub(super) force: bool,
    /// Make one that is there fit for its version again: the same as `--force`
    #[arg(short, long)]
    pub(super) upgrade: bool,
    /// Stand on this interpreter instead of the version's
    #[arg(short, long, value_name = "VERSION|PATH")]
    pub(super) python: Option<OsString>,
    /// See the packages of the version too
    #[arg(long)]
    pub(super) system_site_packages: bool,
    /// What shells show instead of the name; `.` is the name of this directory
    #[arg(long, value_name = "TEXT", value_parser = environments::one_line)]
    pub(super) prompt: Option<String>,
    /// Copy the interpreter instead of linking it
    #[arg(long, visible_alias = "always-copy")]
    pub(super) copies: bool,
    /// Begin with no package
    #[arg(long, visible_alias = "no-pip")]
    pub(super) without_pip: bool,
    /// Make one that is there anew
    #[arg(long)]
    pub(super) clear: bool,
    /// Say nothing
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Print our version
    #[arg(long)]
    pub(super) version: bool,
    /// Accepted: it is so anyway, or nothing is to be told
    #[arg(long, hide = true, aliases = ["no-setuptools", "no-wheel", "no-site-packages", "no-download", "symlinks"])]
    pub(super) distribute: bool,
    /// Accepted: there is no more to tell
    #[arg(short, long, hide = true)]
    pub(super) verbose: bool,
}

/// What is to be made where.
pub(super) struct Plan {
    pub(super) name: OsString,
    pub(super) path: PathBuf,
    /// Where the link goes; none when the environment itself has the name.
    pub(super) link: Option<PathBuf>,
    pub(super) maker: Maker,
}

impl Plan {
    /// The tree of another tool's in which it would be made: where a version that is a link leads.
    pub(super) fn foreign(&self) -> Result<Option<PathBuf>, Error> {
        let version = self.path.parent().and_then(Path::parent).filter(|_| self.link.is_some());
        let Some(version) = version else { return Ok(None) };
        match disk::look(version)? {
            Some(found) if found.is_link() => Ok(disk::canonical(version)?),
            Some(_) | None => Ok(None),
        }
    }
}

/// Who makes it.
pub(super) enum Maker {
    /// We, on this base.
    Ours(Base),
    /// conda, as the version is its own, with this version of Python.
    Conda { program: PathBuf, python: String },
}

/// What a command line comes to.
pub(super) enum Decision {
    Make(Box<Plan>),
    /// Said on stderr, status 1.
    Refuse(String),
    /// Everything has been said.
    Fail,
}

/// What the command line comes to, before anything is made.
pub(super) fn decide(command: &Virtualenv, context: &Context) -> Result<Decision, Error> {
    let (version, typed) = match command.words.as_slice() {
        [] => return Ok(Decision::Refuse("no virtualenv name given.".into())),
        [name] => (None, name),
        [version, name, ..] => (Some(version), name),
    };
    let resolver = context.ground.resolver();
    let Some(chosen) = chosen(context, &resolver, version)? else {
        return Ok(Decision::Fail);
    };
    let resolution = resolver.resolve(&Request::parse(chosen.as_encoded_bytes()));
    selection::say_notes(&context.ground, &resolver);
    let (found, called) = match resolution {
        Resolution::System => (None, b"system".to_vec()),
        Resolution::Installed(found) => (Some(found.clone()), found.name),
        Resolution::Missing => (None, chosen.as_encoded_bytes().to_vec()),
    };
    if let Some(reason) = refuse(typed, &called) {
        return Ok(Decision::Refuse(reason));
    }
    if found.is_none() && called != b"system" {
        if let Some(error) = selection::unusable(&resolver, &Request::parse(&called)) {
            return Err(error);
        }
        return Ok(not_installed(context, &chosen.to_string_lossy()));
    }
    let name = last(typed);
    let places = context.places();
    let (maker, path) =
        if let Some(conda) = found.as_ref().and_then(|found| conda(command, &resolver, found)) {
            (conda, place(&places, found.as_ref(), None, &name)?)
        } else {
            let base = match base(command, context, found.as_ref(), &chosen) {
                Err(Error::Environment(environment::Error::NotInstalled { request, .. })) => {
                    return Ok(not_installed(context, &request));
                }
                base => base?,
            };
            let path = place(&places, found.as_ref(), Some(&base), &name)?;
            (Maker::Ours(base), path)
        };
    let link = Some(places.version(&name)).filter(|link| *link != path);
    if let Some(link) = link.as_ref().filter(|_| !command.is_forced())
        && disk::follow(link)?.is_some()
        && !environment::is_unfinished(&path, &Work::Making)?
    {
        return Ok(Decision::Refuse(format!("`{}' already exists.", link.display())));
    }
    Ok(Decision::Make(Box::new(Plan { name, path, link, maker })))
}

/// Says so in pyenv-virtualenv's words.
fn not_installed(context: &Context, version: &str) -> Decision {
    context.printer.say(&format!("pyman: `{version}' is not installed in pyman."));
    let offered = network::offers(&context.ground, &Request::parse(version.as_bytes()));
    let install =
        if offered { format!("run `pyman install {version}', or ") } else { String::new() };
    context.printer.say(&format!("hint: {install}see `pyman install --list'"));
    Decision::Fail
}

/// The interpreter asked for, else the version's. `3.12.1/envs/web` is an entry of `versions/`, not a
/// path from here.
fn base(
    command: &Virtualenv,
    context: &Context,
    found: Option<&Installation>,
    chosen: &OsStr,
) -> Result<Base, Error> {
    let inside = found.filter(|found| found.name.contains(&b'/'));
    let directory = inside.map(|found| world::path(&found.directory));
    let chosen = directory.as_ref().map_or(chosen, |directory| directory.as_os_str());
    let watch = context.listen()?;
    bases::choose(&context.ground, Some(command.python.as_deref().unwrap_or(chosen)), &watch)
}

/// The version typed, else the first of those selected; none when one of them is not installed.
fn chosen(
    context: &Context,
    resolver: &Resolver<'_>,
    typed: Option<&OsString>,
) -> Result<Option<OsString>, Error> {
    if let Some(typed) = typed {
        return Ok(Some(typed.clone()));
    }
    let pins = selection::pins(&context.ground, resolver)?;
    let answer = Resolved::of(resolver, &pins);
    answer.say_missing(&context.ground, resolver);
    let first = answer.names.first().filter(|_| answer.missing.is_empty());
    Ok(first.map(|name| world::path(name).into_owned().into_os_string()))
}

/// Why a name cannot be, in pyenv-virtualenv's words where it has some.
fn refuse(typed: &OsStr, version: &[u8]) -> Option<String> {
    let bytes = typed.as_encoded_bytes();
    let name = last(typed);
    if name == "system" {
        return Some("`system' is not allowed as virtualenv name.".into());
    }
    if bytes.iter().any(u8::is_ascii_whitespace) {
        return Some("no whitespace allowed in virtualenv name.".into());
    }
    let first = version.split(|&byte| byte == b'/').next().unwrap_or_default();
    let long = [first, b"/envs/", name.as_encoded_bytes()].concat();
    if bytes.contains(&b'/') && bytes != long {
        return Some("no slash allowed in virtualenv name.".into());
    }
    Name::parse(&name).err().map(|error| error.to_string())
}

/// The name without the `VERSION/envs/` before it.
fn last(typed: &OsStr) -> OsString {
    let bytes = typed.as_encoded_bytes();
    world::path(pyman_shim::path::name(bytes)).into_owned().into_os_string()
}

/// `versions/V/envs/NAME`; what stands on no version of ours has its place in `versions/` itself. An
/// environment made of an environment goes where that one's base has its own.
fn place(
    places: &Places,
    found: Option<&Installation>,
    base: Option<&Base>,
    name: &OsStr,
) -> Result<PathBuf, Error> {
    let Some(found) = found else {
        return Ok(places.version(name));
    };
    let directory = world::path(&found.directory);
    let of_environment = Environment::at(&directory)?.and(base);
    let Some(base) = of_environment else {
        return Ok(directory.join("envs").join(name));
    };
    let ours = disk::canonical(&places.versions())?;
    let real = disk::canonical(&base.prefix)?.unwrap_or_default();
    let inside = real.parent().is_some_and(|parent| Some(parent) == ours.as_deref());
    let version = real.file_name().filter(|_| inside);
    Ok(match version {
        Some(version) => places.version(version).join("envs").join(name),
        None => places.version(name),
    })
}

/// conda, when the version has it; the Python is the one asked for, `python3.11` or `3.11`, else the version's own.
fn conda(command: &Virtualenv, resolver: &Resolver<'_>, found: &Installation) -> Option<Maker> {
    let program = world::path(&found.directory).join("bin/conda");
    if !disk::executable(&program) {
        return None;
    }
    let asked = command.python.as_deref().and_then(|python| Path::new(python).file_name());
    let asked = asked.map(|python| python.to_string_lossy().replacen("python", "", 1));
    let python = match asked.filter(|python| !python.is_empty()) {
        Some(python) => python,
        None => resolver.identity(found)?.series.to_string(),
    };
    Some(Maker::Conda { program, python })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_refused_in_the_words_people_know() {
        let cases = [
            ("web", None),
            ("3.12.1/envs/web", None),
            ("é;!", None),
            ("system", Some("`system' is not allowed as virtualenv name.")),
            ("3.12.1/envs/system", Some("`system' is not allowed as virtualenv name.")),
            ("a b", Some("no whitespace allowed in virtualenv name.")),
            ("a\nb", Some("no whitespace allowed in virtualenv name.")),
            ("x/y", Some("no slash allowed in virtualenv name.")),
            ("3.11.7/envs/web", Some("no slash allowed in virtualenv name.")),
            ("../web", Some("no slash allowed in virtualenv name.")),
        ];
        for (name, expected) in cases {
            assert_eq!(refuse(OsStr::new(name), b"3.12.1").as_deref(), expected, "{name}");
            assert_eq!(refuse(OsStr::new(name), b"3.12.1/envs/old").as_deref(), expected, "{name}");
        }
        for name in ["", "..", "-x", "3.12", "3.12.1/envs/.."] {
            assert!(refuse(OsStr::new(name), b"3.12.1").is_some(), "{name}");
        }
    }
}
