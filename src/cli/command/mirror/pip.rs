//! `pyman mirror set|unset --pip`: the index pip asks, in pip's own configuration.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::catalogue::Family;
use crate::cli::context::Context;
use crate::cli::run::Status;
use crate::environment::index::{Configuration, Index, Restored};
use crate::error::Error;
use crate::fetch::{Address, shown};
use crate::operation::environments;

#[derive(clap::Args)]
pub(super) struct Pip {
    /// The package index that pip asks, not where archives come from
    #[arg(long)]
    pip: bool,
    /// In this environment alone
    #[arg(long, value_name = "NAME", requires = "pip")]
    env: Option<OsString>,
}

impl Pip {
    pub(super) const fn is_meant(&self) -> bool {
        self.pip
    }

    pub(super) fn set(&self, context: &Context, mirrors: &[Address]) -> Result<Status, Error> {
        let [mirror] = mirrors else {
            return Err(Error::NotUnderstood("pip asks one index: name one".to_owned()));
        };
        let index = index(mirror)?;
        let configuration = self.configuration(context)?;
        configuration.set(&index)?;
        let bare = shown(&index.url);
        // What looks like the host may be the beginning of a password.
        if let Some(host) =
            index.trusted.as_ref().map(|host| if bare.contains(host) { host } else { &bare })
        {
            context.printer.talk(&format!(
                "warning: {host} is asked over plain http: whoever is on the way can change packages"
            ));
        }
        let file = configuration.file().display();
        context.printer.talk(&format!("pip asks {bare} (written to {file})"));
        Ok(Status::SUCCESS)
    }

    pub(super) fn unset(&self, context: &Context, mirrors: &[Address]) -> Result<Status, Error> {
        if !mirrors.is_empty() {
            return Err(Error::NotUnderstood(
                "pip asks one index: `unset --pip' takes no name".to_owned(),
            ));
        }
        let configuration = self.configuration(context)?;
        let restored = configuration.unset()?;
        let file = configuration.file().display();
        context.printer.talk(&match restored {
            Restored::Nothing => format!("no index was set in {file}"),
            Restored::Whole => format!("{file} is as it was before"),
            Restored::Lines => format!("{file} was edited since: only our lines are gone"),
        });
        Ok(Status::SUCCESS)
    }

    fn configuration(&self, context: &Context) -> Result<Configuration, Error> {
        let file = match &self.env {
            Some(environment) => {
                environments::open(&context.ground, environment)?.directory.join("pip.conf")
            }
            None => of_user(context)?,
        };
        Ok(Configuration::at(&file, context.root()))
    }
}

fn of_user(context: &Context) -> Result<PathBuf, Error> {
    let machine = context.machine;
    let home = machine.home().ok_or(Error::NoHome)?;
    let named = machine.variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let settings =
        named.filter(|named| named.is_absolute()).unwrap_or_else(|| home.join(".config"));
    let variable = machine.variable("PIP_CONFIG_FILE").map(PathBuf::from);
    let variable = variable.map(|file| machine.absolute(&file)).transpose()?;
    Ok(Configuration::of_user(variable, &home, &settings))
}

/// A preset's index, or an address.
fn index(mirror: &Address) -> Result<Index, Error> {
    let presets = Family::presets();
    let preset = presets.iter().find(|preset| preset.name == mirror.exact());
    let address = preset.map_or(Some(mirror.exact()), |preset| preset.pip.as_deref());
    address.and_then(Index::parse).ok_or_else(|| {
        let names = presets.iter().filter(|preset| preset.pip.is_some());
        let names: Vec<&str> = names.map(|preset| preset.name.as_str()).collect();
        Error::NotUnderstood(format!(
            "`{mirror}' is neither an index's address nor one of {}",
            names.join(", ")
        ))
    })
}
