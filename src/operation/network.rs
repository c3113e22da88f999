//! What can be installed, as the settings say: the client, the catalogue, this machine's platform.

use std::path::{Path, PathBuf};

use pyman_shim::Request;

use crate::catalogue::{Catalogue, Family, Options, Places, Preset, Route};
use crate::error::Error;
use crate::fetch::{Address, Client, ClientOptions, Identity, Url};
use crate::operation::Ground;
use crate::platform::{self, Platform};
use crate::progress::{Progress, Silent};

/// What a command line says of the network.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Network {
    /// Whether nothing is to be asked of it (`--offline`), whatever the settings say.
    pub(crate) offline: bool,
    /// Whether plain http is well where no digest is known (`--insecure`).
    pub(crate) insecure: bool,
}

/// The client of this run; it connects to nothing before it is asked to.
pub(crate) fn client(ground: &Ground, network: Network) -> Result<Client, Error> {
    let options = ClientOptions {
        insecure: network.insecure,
        offline: network.offline || ground.settings()?.offline.value,
        identity: identity(ground),
        netrc: netrc(ground),
        ..ClientOptions::default()
    };
    Ok(Client::new(options))
}

/// The files of certificates that variables name.
fn identity(ground: &Ground) -> Identity {
    let machine = ground.machine;
    let directories = machine.variable("SSL_CERT_DIR").unwrap_or_default();
    Identity {
        authorities: machine.variable("SSL_CERT_FILE").map(PathBuf::from),
        directories: machine.paths(&directories),
        certificate: machine.variable("SSL_CLIENT_CERT").map(PathBuf::from),
    }
}

/// Where passwords by host are, as for curl.
fn netrc(ground: &Ground) -> Option<PathBuf> {
    let named = ground.machine.variable("NETRC").map(PathBuf::from);
    named.or_else(|| ground.machine.home().map(|home| home.join(".netrc")))
}

/// The catalogue: the tables or what replaces them, and the rows that were added.
pub(crate) fn catalogue(
    ground: &Ground,
    client: &Client,
    progress: &dyn Progress,
) -> Result<Catalogue, Error> {
    let replacement = ground.settings()?.catalogue.value.as_ref();
    let replacement = replacement.map(|place| url(ground, place)).transpose()?;
    let places = Places { replacement, directory: ground.root().join("catalogue") };
    Ok(Catalogue::load(&places, client, progress)?)
}

/// Why an address without its scheme is none.
pub(crate) fn without_scheme(address: &Address) -> Error {
    let whole = if address.to_string().contains('.') {
        format!(": write https://{address}")
    } else {
        String::new()
    };
    Error::NotUnderstood(format!("`{address}' lacks its scheme{whole}"))
}

/// A URL, or a path counted from the working directory.
pub(crate) fn url(ground: &Ground, address: &Address) -> Result<Url, Error> {
    if address.has_scheme() {
        return address.exact().parse().map_err(|error| Error::NotUnderstood(format!("{error}")));
    }
    if address.lacks_scheme() {
        return Err(without_scheme(address));
    }
    Ok(Url::from(ground.machine.absolute(Path::new(address.exact()))?))
}

/// This machine's platform; none when nothing prebuilt is made for its like.
pub(crate) fn platform() -> Option<Platform> {
    platform::current(Path::new("/"))
}

/// Mirrors as people name them, as they are asked.
pub(crate) fn mirrors(ground: &Ground, named: Vec<Address>) -> Result<Vec<Address>, Error> {
    named.into_iter().map(|mirror| mirror_base(ground, mirror)).collect()
}

/// A preset's name, a URL or template as typed, a directory's absolute path; anything else is not understood.
fn mirror_base(ground: &Ground, mirror: Address) -> Result<Address, Error> {
    let serves = |preset: &&Preset| preset.prebuilt.is_some() || preset.source.is_some();
    let presets: Vec<&Preset> = Family::presets().iter().filter(serves).collect();
    if mirror.has_scheme() || presets.iter().any(|preset| preset.name == mirror.exact()) {
        return Ok(mirror);
    }
    if mirror.lacks_scheme() {
        return Err(without_scheme(&mirror));
    }
    if mirror.exact().contains('/') {
        let path = ground.machine.absolute(Path::new(mirror.exact()))?;
        return path
            .into_os_string()
            .into_string()
            .map(Address::from)
            .map_err(|path| Error::NotUnderstood(format!("`{}' is no text", path.display())));
    }
    let names: Vec<String> = presets.into_iter().map(|preset| preset.name.clone()).collect();
    Err(Error::NotUnderstood(format!(
        "`{mirror}' is neither a URL, nor a directory with `/', nor one of {}",
        names.join(", ")
    )))
}

/// Whether a request could be installed, as far as is known here without asking anybody: what a hint may advise.
pub(crate) fn offers(ground: &Ground, request: &Request) -> bool {
    let client = Client::new(ClientOptions { offline: true, ..ClientOptions::default() });
    let options = Options { platform: platform(), route: Route::PrebuiltFirst, variant: None };
    // A catalogue that is elsewhere is not asked for the sake of a hint.
    catalogue(ground, &client, &Silent).is_ok_and(|known| known.answer(request, &options).is_ok())
}
