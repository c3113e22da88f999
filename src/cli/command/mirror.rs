//! `pyman mirror`: where archives come from before those who publish them.

mod pip;
mod sync;
mod timing;

use crate::catalogue::Family;
use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::error::Error;
use crate::fetch::Address;
use crate::operation::network;
use crate::settings;

/// The setting that holds them.
const KEY: &str = "mirrors";

/// Say, time and choose where archives come from
#[derive(clap::Parser)]
pub(crate) struct Mirror {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Print the mirrors that have names, those in use marked
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Time mirrors: those named, else all that have names and those who publish
    Test {
        /// Names, URLs or directories
        #[arg(value_name = "NAME|URL")]
        mirrors: Vec<Address>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask these first, in this order
    Set {
        /// Names, URLs or directories
        #[arg(required = true, value_name = "NAME|URL")]
        mirrors: Vec<Address>,
        #[command(flatten)]
        pip: pip::Pip,
    },
    /// Ask no mirror, or no longer these
    Unset {
        /// Names, URLs or directories
        #[arg(value_name = "NAME|URL")]
        mirrors: Vec<Address>,
        #[command(flatten)]
        pip: pip::Pip,
    },
    /// Fill a directory that any web server or file share can serve
    Sync(sync::Sync),
}

impl Run for Mirror {
    fn run(self, context: &Context) -> Result<Status, Error> {
        match self.action {
            Action::List { json } => list(context, json),
            Action::Test { mirrors, json } => {
                timing::test(context, network::mirrors(&context.ground, mirrors)?, json)
            }
            Action::Set { mirrors, pip } if pip.is_meant() => pip.set(context, &mirrors),
            Action::Unset { mirrors, pip } if pip.is_meant() => pip.unset(context, &mirrors),
            Action::Set { mirrors, .. } => set(context, mirrors),
            Action::Unset { mirrors, .. } => unset(context, &mirrors),
            Action::Sync(sync) => sync.run(context),
        }
    }
}

fn list(context: &Context, json: bool) -> Result<Status, Error> {
    let settings = context.settings()?;
    let used: Vec<String> = settings.mirrors.value.iter().map(Address::to_string).collect();
    let presets = Family::presets();
    if json {
        let rows = presets.iter().map(|preset| {
            serde_json::json!({
                "name": preset.name,
                "prebuilt": preset.prebuilt,
                "source": preset.source,
                "pip": preset.pip,
                "used": used.contains(&preset.name),
            })
        });
        let rows: Vec<_> = rows.collect();
        context.printer.json(&serde_json::json!({
            "mirrors": rows,
            "used": used,
            "set_by": settings.mirrors.origin.to_string(),
        }))?;
        return Ok(Status::SUCCESS);
    }
    for mirror in used.iter().filter(|mirror| !presets.iter().any(|preset| preset.name == **mirror))
    {
        context.printer.line(format!("* {mirror} (set by {})", settings.mirrors.origin))?;
    }
    for preset in presets {
        let origin = format!(" (set by {})", settings.mirrors.origin);
        let (mark, origin) =
            if used.contains(&preset.name) { ("*", origin.as_str()) } else { (" ", "") };
        context.printer.line(format!("{mark} {}{origin}", preset.name))?;
        for base in preset.prebuilt.iter().chain(&preset.source) {
            context.printer.line(format!("    {base}"))?;
        }
        if let Some(index) = &preset.pip {
            context.printer.line(format!("    {index} (with --pip)"))?;
        }
    }
    Ok(Status::SUCCESS)
}

fn set(context: &Context, mirrors: Vec<Address>) -> Result<Status, Error> {
    let mirrors = network::mirrors(&context.ground, mirrors)?;
    let file = &context.settings()?.file;
    settings::set_list(file, KEY, &mirrors)?;
    context.printer.say(&format!("{} (written to {})", joined(&mirrors), file.display()));
    overruled(context)
}

fn unset(context: &Context, mirrors: &[Address]) -> Result<Status, Error> {
    let settings = context.settings()?;
    let mut left = settings::list(&settings.file, KEY)?;
    // One may be named as it is shown, without its secret.
    let is_meant =
        |one: &Address, mirror: &Address| one == mirror || one.to_string() == mirror.exact();
    if let Some(unknown) =
        mirrors.iter().find(|mirror| !left.iter().any(|one| is_meant(one, mirror)))
    {
        context.printer.say(&format!(
            "pyman: `{unknown}' is not among the mirrors of {}",
            settings.file.display()
        ));
        return Ok(Status::FAILURE);
    }
    left.retain(|one| !mirrors.is_empty() && !mirrors.iter().any(|mirror| is_meant(one, mirror)));
    settings::set_list(&settings.file, KEY, &left)?;
    let said = if left.is_empty() { "no mirror".to_owned() } else { joined(&left) };
    context.printer.say(&format!("{said} (written to {})", settings.file.display()));
    overruled(context)
}

fn joined(mirrors: &[Address]) -> String {
    mirrors.iter().map(Address::to_string).collect::<Vec<_>>().join(", ")
}

/// What is written counts only where no variable stands above it.
fn overruled(context: &Context) -> Result<Status, Error> {
    if let settings::Origin::Variable(name) = context.settings()?.mirrors.origin {
        context.printer.say(&format!("hint: {name} is set, and stands above the settings file"));
    }
    Ok(Status::SUCCESS)
}
