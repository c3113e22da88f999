//! `pyman venv list`: every environment pyman knows of, and whether it runs.

use std::path::Path;

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::run::Status;
use crate::environment::{self, Conda, Environment, Health};
use crate::error::Error;
use crate::operation::environments;

/// List environments: name, version, path, base
#[derive(clap::Args)]
pub(crate) struct List {
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Status, Error> {
        let places = context.places();
        let workon_home = environments::workon_home(&context.ground)?;
        let found = environment::survey(&places, Some(&workon_home))?;
        let conda = environment::of_conda(&places)?;
        if self.json {
            let rows: Vec<_> =
                found.iter().map(row).chain(conda.iter().map(row_of_conda)).collect();
            context.printer.json(&json!({ "environments": rows }))?;
            return Ok(Status::SUCCESS);
        }
        let cells: Vec<[String; 4]> =
            found.iter().map(cells).chain(conda.iter().map(cells_of_conda)).collect();
        let width = |column: usize| {
            let of = |cells: &[String; 4]| cells.get(column).map_or(0, |cell| cell.chars().count());
            cells.iter().map(of).max().unwrap_or_default()
        };
        let (first, second, third) = (width(0), width(1), width(2));
        for [name, version, path, base] in &cells {
            let line = format!("{name:first$}  {version:second$}  {path:third$}  {base}");
            context.printer.line(line)?;
        }
        Ok(Status::SUCCESS)
    }
}

fn cells(environment: &Environment) -> [String; 4] {
    let base = match environment.health() {
        Health::Sound => base(environment),
        Health::Broken => format!("{} (broken: the base is gone)", base(environment)),
    };
    [
        shown(Path::new(environment.name())),
        environment.version().unwrap_or_else(|| "?".into()),
        shown(&environment.directory),
        base,
    ]
}

/// Conda's are shown, and are conda's to change.
fn cells_of_conda(conda: &Conda) -> [String; 4] {
    [
        shown(Path::new(&conda.name)),
        conda.version.clone().unwrap_or_else(|| "?".into()),
        shown(&conda.directory),
        format!("{} (conda)", shown(&conda.base)),
    ]
}

fn row_of_conda(conda: &Conda) -> serde_json::Value {
    json!({
        "name": conda.name,
        "version": conda.version,
        "path": shown(&conda.directory),
        "base": shown(&conda.base),
        "broken": false,
        "conda": true,
    })
}

fn row(environment: &Environment) -> serde_json::Value {
    json!({
        "name": shown(Path::new(environment.name())),
        "version": environment.version(),
        "path": shown(&environment.directory),
        "base": environment.home().map(|home| shown(prefix(&home))),
        "broken": environment.health() == Health::Broken,
    })
}

fn base(environment: &Environment) -> String {
    environment.home().map_or_else(|| "?".into(), |home| shown(prefix(&home)))
}

/// `/opt/python` of `/opt/python/bin`.
fn prefix(home: &Path) -> &Path {
    home.parent().filter(|_| home.ends_with("bin")).unwrap_or(home)
}

/// Names may hold anything; a line is a line.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.contains(char::is_control) {
        text.escape_debug().to_string()
    } else {
        text.into_owned()
    }
}
