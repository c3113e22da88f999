//! What can be installed, as the settings say: the client, the catalogue, this machine's platform.

use std::path::Path;

use crate::catalogue::{Catalogue, Places};
use crate::cli::context::Context;
use crate::error::Error;
use crate::fetch::{Client, ClientOptions, Url};
use crate::platform::{self, Platform};
use crate::progress::Progress;

/// Whether plain http is well where no digest is known (`--insecure`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Trust {
    #[default]
    Usual,
    Insecure,
}

/// The client of this run; it connects to nothing before it is asked to.
pub(crate) fn client(context: &Context, trust: Trust) -> Result<Client, Error> {
    let options = ClientOptions {
        insecure: trust == Trust::Insecure,
        offline: context.settings()?.offline.value,
        ..ClientOptions::default()
    };
    Ok(Client::new(options))
}

/// The catalogue: the tables or what replaces them, and the rows that were added.
pub(crate) fn catalogue(
    context: &Context,
    client: &Client,
    progress: &dyn Progress,
) -> Result<Catalogue, Error> {
    let replacement = context.settings()?.catalogue.value.as_deref();
    let replacement = replacement.map(|place| url(context, place)).transpose()?;
    let places = Places { replacement, directory: context.root().join("catalogue") };
    Ok(Catalogue::load(&places, client, progress)?)
}

/// A URL, or a path counted from the working directory.
pub(crate) fn url(context: &Context, text: &str) -> Result<Url, Error> {
    if text.contains("://") {
        return text.parse().map_err(|error| Error::NotUnderstood(format!("{error}")));
    }
    Ok(Url::from(context.machine.absolute(Path::new(text))?))
}

/// This machine's platform; none when nothing prebuilt is made for its like.
pub(crate) fn platform() -> Option<Platform> {
    platform::current(Path::new("/"))
}
