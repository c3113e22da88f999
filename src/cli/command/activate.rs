//! `pyman activate`, `deactivate`: typed where no shell evaluates them, and evaluated by the shell that asks.

use std::ffi::OsString;
use std::path::PathBuf;

use pyman_shim::{Request, Resolution};

use crate::cli::activation::{self, Leave, Named};
use crate::cli::context::Context;
use crate::cli::run::{Overlooked, Run, Status};
use crate::cli::shell;
use crate::environment::Environment;
use crate::error::Error;
use crate::operation::pins;
use crate::shell::{Activation, Script};

/// Activate an environment in this shell
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option people type")]
pub(crate) struct Activate {
    /// The environment; none: the one that is selected here
    #[arg(allow_hyphen_values = true)]
    name: Vec<OsString>,
    /// Also when it, or another tool's, is active already
    #[arg(short, long)]
    force: bool,
    /// Say nothing
    #[arg(short, long)]
    quiet: bool,
    /// Say what is done
    #[arg(short, long)]
    verbose: bool,
    /// Deactivate
    #[arg(long)]
    unset: bool,
}

/// Deactivate the environment of this shell
#[derive(clap::Parser)]
pub(crate) struct Deactivate {
    #[command(flatten)]
    _leave: Leave,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Activate {
    fn run(self, _: &Context) -> Result<Status, Error> {
        Err(Error::NoShellIntegration)
    }
}

impl Run for Deactivate {
    fn run(self, _: &Context) -> Result<Status, Error> {
        Err(Error::NoShellIntegration)
    }
}

/// Print the code that activates an environment in the calling shell
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option people type")]
pub(crate) struct ShActivate {
    /// The environment; none: the one that is selected here
    #[arg(value_name = "NAME", allow_hyphen_values = true)]
    versions: Vec<OsString>,
    /// Also when it, or another tool's, is active already
    #[arg(short, long)]
    force: bool,
    /// Say nothing
    #[arg(short, long)]
    quiet: bool,
    /// Say what is done
    #[arg(short, long, overrides_with = "quiet")]
    verbose: bool,
    /// Deactivate
    #[arg(long)]
    unset: bool,
}

/// What comes of it.
enum Answer {
    /// This environment, with these versions.
    Activate(Named, Vec<Vec<u8>>),
    /// Nothing to do, for this reason.
    Already(String),
    /// It cannot be, for this reason.
    Refused(String),
}

impl Run for ShActivate {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.unset {
            return activation::leave(context, &Leave::default());
        }
        match self.decide(context)? {
            Answer::Activate(environment, versions) => {
                self.activate(context, environment, &versions)
            }
            Answer::Already(reason) => {
                self.say(context, &reason);
                shell::print(context, Script::Nothing)?;
                Ok(Status::SUCCESS)
            }
            Answer::Refused(reason) => {
                self.say(context, &reason);
                shell::print(context, Script::Fail)?;
                Ok(Status::FAILURE)
            }
        }
    }
}

impl ShActivate {
    fn decide(&self, context: &Context) -> Result<Answer, Error> {
        let active = activation::active(context);
        let ours = context.machine.variable("PYMAN_VIRTUAL_ENV").map(PathBuf::from);
        if let Some(foreign) =
            active.as_ref().filter(|active| !self.force && ours.as_ref() != Some(active))
        {
            return Ok(Answer::Already(format!(
                "virtualenv `{}' is already activated",
                foreign.display()
            )));
        }
        let mut versions: Vec<Vec<u8>> = pins::typed(&self.versions)
            .iter()
            .map(|name| name.as_encoded_bytes().to_vec())
            .collect();
        if versions.is_empty() {
            versions = activation::in_force(&context.ground.resolver())?;
        }
        let first = versions.first().cloned().unwrap_or_default();
        let Some(environment) = activation::find(context, &first)? else {
            let name = if first.is_empty() { activation::wanted(context)? } else { first };
            return Ok(Answer::Refused(format!("version `{}' is not a virtualenv", shown(&name))));
        };
        for version in versions.iter().skip(1).filter(|version| **version != first) {
            if activation::find(context, version)?.is_some() {
                let all: Vec<String> = versions.iter().map(|version| shown(version)).collect();
                return Ok(Answer::Refused(format!(
                    "cannot activate multiple versions at once: {}",
                    all.join(" ")
                )));
            }
            if context.ground.resolver().resolve(&Request::parse(version)) == Resolution::Missing {
                return Ok(Answer::Refused(format!("version `{}' not installed", shown(version))));
            }
        }
        if active.as_ref() == Some(&environment.prefix) && !self.force {
            let name = shown(&environment.name);
            return Ok(Answer::Already(format!("version `{name}' is already activated")));
        }
        if let Some(version) = versions.first_mut() {
            version.clone_from(&environment.name);
        }
        Ok(Answer::Activate(environment, versions))
    }

    fn activate(
        &self,
        context: &Context,
        environment: Named,
        versions: &[Vec<u8>],
    ) -> Result<Status, Error> {
        if self.verbose || context.machine.flag("PYMAN_VIRTUALENV_VERBOSE_ACTIVATE") {
            context.printer.say(&format!("pyman: activate {}", shown(&environment.name)));
        }
        if activation::active(context).is_some() {
            activation::deactivate(context)?;
        }
        // What a version file says needs no variable; without the hook, what is active now is written down.
        let named = !pins::typed(&self.versions).is_empty();
        let asked = Environment::at(&environment.prefix)?;
        let asked = asked.and_then(|found| Some(found.config.prompt()?.as_bytes().to_vec()));
        let called = asked.unwrap_or(environment.name);
        let followed = !named && context.machine.flag("PYMAN_VIRTUALENV_INIT");
        let activation = Activation {
            version: (!followed).then(|| versions.join(&b':')),
            prompt: prompt(context, &called),
            conda: activation::conda(&environment.prefix),
            scripts: activation::scripts(context, &environment.prefix, "activate.d")?,
            prefix: environment.prefix,
            name: called,
        };
        shell::print(context, Script::Activate(&activation))?;
        Ok(Status::SUCCESS)
    }

    fn say(&self, context: &Context, reason: &str) {
        if !self.quiet {
            context.printer.say(&format!("pyman: {reason}"));
        }
    }
}

/// What goes before the prompt. Shells expand a prompt once more when they show it, so of a name only what means
/// nothing to any of them is shown.
fn prompt(context: &Context, name: &[u8]) -> Option<String> {
    let disabled = ["PYMAN_VIRTUALENV_DISABLE_PROMPT", "VIRTUAL_ENV_DISABLE_PROMPT"];
    if disabled.iter().any(|variable| context.machine.variable(variable).is_some()) {
        return None;
    }
    let harmless =
        |character: char| character.is_alphanumeric() || "._-+/@=:, ".contains(character);
    let name: String = shown(name)
        .chars()
        .map(|character| if harmless(character) { character } else { '?' })
        .collect();
    let form = context.machine.text("PYMAN_VIRTUALENV_PROMPT").unwrap_or("({venv})".to_owned());
    Some(format!("{} ", form.replacen("{venv}", &name, 1)))
}

fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// Print the code that deactivates the environment of the calling shell
#[derive(clap::Parser)]
pub(crate) struct ShDeactivate {
    #[command(flatten)]
    leave: Leave,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for ShDeactivate {
    fn run(self, context: &Context) -> Result<Status, Error> {
        activation::leave(context, &self.leave)
    }
}
