//! `pyman virtualenvs`, `virtualenv-prefix`, `virtualenv-init`, `virtualenv-delete`: what pyenv-virtualenv answers of the
//! environments there are, and one going, with the links to it.

use std::ffi::OsString;
use std::path::Path;

use pyman_shim::Installation;

use crate::cli::context::Context;
use crate::cli::run::{self, Run, Status};
use crate::error::Error;
use crate::fetch::Client;
use crate::install::{self, Removal};
use crate::operation::environments::{self, MadeFrom};
use crate::operation::selection::{self, Resolved};
use crate::operation::site::{MirrorChoice, Site};
use crate::operation::{dependents, rehash, shells, uninstall};
use crate::shell::{Push, Shell, detect};
use crate::{disk, world};

/// List the environments, and what each was made from
#[derive(clap::Parser)]
pub(crate) struct Virtualenvs {
    /// Names only
    #[arg(long)]
    bare: bool,
    /// Leave out links
    #[arg(long)]
    skip_aliases: bool,
}

impl Run for Virtualenvs {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let (inside, entries): (Vec<_>, Vec<_>) = resolver
            .installations_and_environments()
            .into_iter()
            .partition(|found| found.name.contains(&b'/'));
        let mut listed = Vec::new();
        for found in inside {
            if environments::stands_for_one(&found)? {
                listed.push(found);
            }
        }
        for entry in entries {
            let alias = is_link(&world::path(&entry.directory))?;
            if environments::is_listed(&entry)? && !(alias && self.skip_aliases) {
                listed.push(entry);
            }
        }
        if self.bare {
            context.printer.list(listed.iter().map(|found| &found.name))?;
            return Ok(Status::SUCCESS);
        }
        let pins = selection::pins(&context.ground, &resolver)?;
        let answer = Resolved::of(&resolver, &pins);
        answer.say_missing(&context.ground, &resolver);
        let mut lines = Vec::new();
        for found in &listed {
            let mark = answer.names.contains(&found.name).then(|| pins.origin.to_string());
            lines.push(line(context, found, mark.as_deref())?);
        }
        context.printer.table(lines)?;
        Ok(Status::SUCCESS)
    }
}

fn is_link(directory: &Path) -> Result<bool, Error> {
    Ok(disk::look(directory)?.is_some_and(|found| found.is_link()))
}

/// One line; `origin` says why it is selected.
fn line(context: &Context, found: &Installation, origin: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut line = if origin.is_some() { b"* ".to_vec() } else { b"  ".to_vec() };
    line.extend_from_slice(&found.name);
    let directory = world::path(&found.directory);
    if is_link(&directory)? {
        line.extend_from_slice(b" --> ");
        let target = disk::link_target(&directory)?.unwrap_or_default();
        line.extend_from_slice(world::bytes(&target));
    } else {
        line.extend_from_slice(b" (created from ");
        match environments::made_from(&context.ground, &directory)? {
            MadeFrom::Base(base) => line.extend_from_slice(world::bytes(Path::new(&base))),
            MadeFrom::None | MadeFrom::NoPython => {}
        }
        line.push(b')');
    }
    if let Some(origin) = origin {
        line.extend_from_slice(format!(" (set by {origin})").as_bytes());
    }
    Ok(line)
}

/// Print the directories that environments were made from, joined with `:`; without one, of the selected ones
#[derive(clap::Parser)]
pub(crate) struct VirtualenvPrefix {
    /// The environments
    names: Vec<OsString>,
}

impl Run for VirtualenvPrefix {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = context.ground.resolver();
        let typed = self.names.iter().map(|name| name.as_encoded_bytes().to_vec());
        let mut names: Vec<Vec<u8>> = typed.filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            let pins = selection::pins(&context.ground, &resolver)?;
            let answer = Resolved::of(&resolver, &pins);
            answer.say_missing(&context.ground, &resolver);
            if !answer.missing.is_empty() {
                return Ok(Status::FAILURE);
            }
            names = answer.names;
        }
        let mut prefixes = Vec::new();
        for name in &names {
            let shown = String::from_utf8_lossy(name).into_owned();
            let made_from = match selection::require(&context.ground, &resolver, name)? {
                Some(found) => {
                    environments::made_from(&context.ground, &world::path(&found.directory))?
                }
                None => MadeFrom::None,
            };
            let refusal = match made_from {
                MadeFrom::Base(base) => {
                    prefixes.push(base.into_os_string().into_encoded_bytes());
                    continue;
                }
                MadeFrom::None => format!("version `{shown}' is not a virtualenv"),
                MadeFrom::NoPython => format!("`python' not found in version `{shown}'"),
            };
            context.printer.say(&format!("pyman: {refusal}"));
            return Ok(Status::FAILURE);
        }
        context.printer.list([prefixes.join(&b':')])?;
        Ok(Status::SUCCESS)
    }
}

/// Activate environments by version files, at each prompt
///
/// Print the code a shell evaluates at its start, after that of `init`: `eval "$(pyman virtualenv-init -)"`.
#[derive(clap::Parser)]
pub(crate) struct VirtualenvInit {
    /// `-` to print the code, and the shell
    #[arg(value_name = "SHELL")]
    words: Vec<String>,
}

impl Run for VirtualenvInit {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let mut names = self.words.iter().filter(|word| *word != "-");
        let name = names.next();
        if let Some(other) = names.find(|other| Some(*other) != name) {
            return Ok(run::unexpected(context, other.as_ref()));
        }
        let name = name.cloned();
        let (speaks, name) = match name.or_else(|| context.machine.text("PYMAN_SHELL")) {
            Some(name) => shells::named(&name)?,
            None => detect(context.machine.text("SHELL").as_deref())
                .unwrap_or((Shell::Dash, "sh".to_owned())),
        };
        if !self.words.iter().any(|word| word == "-") {
            let line = match speaks {
                Shell::Fish => "pyman virtualenv-init - fish | source".to_owned(),
                _ => format!("eval \"$(pyman virtualenv-init - {name})\""),
            };
            context.printer.say(&format!(
                "# To activate environments by version files, add this after the line of `pyman init':\n\n{line}\n"
            ));
            return Ok(Status::FAILURE);
        }
        let stamp = crate::rehash::stamp(context.root());
        let code = shells::init(&context.ground, &stamp, Push::Keep)?.virtualenv(speaks, &name)?;
        context.printer.out(code)?;
        Ok(Status::SUCCESS)
    }
}

/// Remove an environment
#[derive(clap::Parser)]
pub(crate) struct VirtualenvDelete {
    /// Do not ask, and forgive what is not there
    #[arg(short, long)]
    force: bool,
    /// The environment: `web`, or `3.12.1/envs/web`
    name: OsString,
}

/// What the name stands for.
enum Found {
    /// This environment.
    Environment(Removal),
    /// Nothing that could be removed, for this reason.
    Nothing(String),
    /// Something else, for this reason.
    Foreign(String),
}

impl Run for VirtualenvDelete {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let client = Client::default();
        let watch = context.watch()?;
        let site = Site::new(&context.ground, &client, &watch, MirrorChoice::default())?;
        let found = self.find(context, &site)?;
        if !matches!(found, Found::Environment(_)) {
            // What a removal left that died when nothing else was left to do.
            install::tidy(site.places(), &watch)?;
            uninstall::leave_no_empty_envs(site.places())?;
        }
        let removal = match found {
            Found::Environment(removal) => removal,
            Found::Nothing(_) if self.force && !self.name.is_empty() => return Ok(Status::SUCCESS),
            Found::Nothing(reason) | Found::Foreign(reason) => {
                context.printer.say(&format!("pyman: {reason}"));
                return Ok(Status::FAILURE);
            }
        };
        let tree = removal.trees.first().unwrap_or(&removal.path);
        let question = format!("pyman: remove {}? (y/N)", tree.display());
        if !self.force && !context.ground.ask(&question)? {
            return Ok(Status::FAILURE);
        }
        uninstall::remove(&site, &removal)?;
        rehash::now(&context.ground)?;
        Ok(watch.interruption().unwrap_or(Status::SUCCESS))
    }
}

impl VirtualenvDelete {
    fn find(&self, context: &Context, site: &Site<'_>) -> Result<Found, Error> {
        let name = self.name.to_string_lossy();
        let bytes = self.name.as_encoded_bytes();
        let none = || Found::Nothing(format!("`{name}' is not a virtualenv."));
        if bytes.is_empty() || !pyman_shim::stays_inside(bytes) {
            return Ok(none());
        }
        let homes = dependents::homes(&context.ground)?;
        let removal = match Removal::of(site.places(), &self.name, &homes) {
            Err(install::Error::NoEnvironment { .. }) => return Ok(none()),
            removal => removal?,
        };
        // What makes it an environment may be gone already: it goes as one, so that it is forgotten, too.
        if removal.is_none()
            && let Some(begun) = uninstall::begun(&context.ground, &self.name)?
        {
            return Ok(Found::Environment(begun));
        }
        let Some(removal) = removal else {
            let Some((_, last)) = name.rsplit_once("/envs/") else {
                return Ok(none());
            };
            return Ok(Found::Nothing(format!("virtualenv `{last}' not installed")));
        };
        if removal.is_condas() {
            let prefix = disk::canonical(&removal.path)?.unwrap_or_default();
            if !prefix.parent().is_some_and(|folder| folder.ends_with("envs")) {
                return Ok(none());
            }
            return Err(install::Error::OfConda { name: self.name.clone(), prefix }.into());
        }
        if disk::look(&removal.path)?.is_some_and(|found| found.is_link()) {
            if !removal.trees.is_empty() {
                return Ok(Found::Environment(removal));
            }
            let target = disk::link_target(&removal.path)?.unwrap_or_default();
            if matches!(disk::follow(&removal.path), Ok(None))
                && environments::was_one(&context.ground, &target)
            {
                return Ok(Found::Environment(removal));
            }
            let link = removal.path.display();
            return Ok(Found::Foreign(format!("`{link}' is a symlink for unknown location.")));
        }
        if environments::is_environment(&removal.path)? {
            return Ok(Found::Environment(removal));
        }
        Ok(none())
    }
}
