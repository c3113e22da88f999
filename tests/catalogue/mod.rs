//! The catalogue and the live lists, against servers that speak as the real ones do.

mod live;
mod places;
mod pools;
mod real;

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use pyman::catalogue::{Catalogue, Error, Options, Places, Route};
use pyman::fetch::{Client, ClientOptions, Patience};
use pyman::progress::{Progress, Silent, Task};
use pyman_shim::Request;

/// A digest that is well-formed and nothing more.
const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Another one.
const OTHER: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// Watches, and remembers what was said.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Progress for Notes {
    fn begin(&self, _: &str, _: Option<u64>) -> Box<dyn Task> {
        Box::new(Silent)
    }

    fn note(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }

    fn interrupted(&self) -> bool {
        false
    }
}

fn client() -> Client {
    let patience = Patience {
        pause: Duration::from_millis(1),
        connect: Duration::from_secs(2),
        idle: Duration::from_millis(500),
        ..Patience::default()
    };
    Client::new(ClientOptions { patience, ..ClientOptions::default() })
}

/// The catalogue of a root's directory, with or without another in place of the tables.
fn load(directory: &Path, replacement: Option<&str>) -> Result<Catalogue, Error> {
    let replacement = replacement.map(|place| place.parse().unwrap());
    let places = Places { replacement, directory: directory.to_path_buf() };
    Catalogue::load(&places, &client(), &Silent)
}

/// The addresses, else the file, of every build that answers.
fn answer(catalogue: &Catalogue, request: &str, route: Route) -> Vec<String> {
    let platform = Some("x86_64-unknown-linux-gnu".parse().unwrap());
    let options = Options { platform, route, variant: None };
    match catalogue.answer(&Request::parse(request.as_bytes()), &options) {
        Ok(builds) => builds
            .into_iter()
            .map(|build| build.urls.first().map_or(build.path, ToString::to_string))
            .collect(),
        Err(error) => vec![error.to_string()],
    }
}

fn prebuilt(catalogue: &Catalogue, request: &str) -> String {
    answer(catalogue, request, Route::OnlyPrebuilt).remove(0)
}
