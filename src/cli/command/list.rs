//! `pyman list`, `latest`: what could be installed and what is, the newest of it.

use std::ffi::OsString;

use pyman_shim::launcher::{Kind, Launcher, ListShows, Row};
use pyman_shim::{Home, Name, PreReleases, Request, Resolver};
use serde_json::{Map, Value, json};

use crate::cli::context::Context;
use crate::cli::printer::Printer;
use crate::cli::run::{self, Overlooked, Run, Status};
use crate::cli::schema;
use crate::error::Error;
use crate::operation::network::{self, Network};
use crate::operation::{selection, typed};
use crate::progress::Silent;
use crate::world::bytes;

/// List the Pythons that `py` can run
#[derive(clap::Parser)]
pub(crate) struct List {
    /// How to show them
    #[arg(short, long, value_enum, default_value_t, ignore_case = true)]
    format: Format,
    /// As `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Only the one that plain `py` runs; where the filter leaves it out, the one that `py -V:FILTER` runs
    #[arg(short = '1', long)]
    one: bool,
    /// Only those that one of these tags means: 3, 3.12, PyPy/3.10, ">=3.11", default
    filter: Vec<OsString>,
}

#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// Columns for people
    #[default]
    Table,
    /// One document
    Json,
    /// A document a line
    Jsonl,
    /// Comma-separated, with a header
    Csv,
    /// Identifiers
    Id,
    /// Paths of interpreters
    Exe,
    /// Directories
    Prefix,
    /// As `py -0`
    Legacy,
    /// As `py -0p`
    LegacyPaths,
}

impl Run for List {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let resolver = Resolver::new(&context.machine, Home::new(bytes(context.root())));
        let program = context.machine.executable()?;
        let launcher = Launcher::new(&resolver, bytes(&program));
        let mut rows = launcher.rows();
        let tags = || self.filter.iter().map(|tag| tag.as_encoded_bytes());
        rows.retain(|row| self.filter.is_empty() || tags().any(|tag| launcher.answers(row, tag)));
        if self.one {
            let default = rows.iter().position(|row| row.default);
            let best = |tag| rows.iter().position(|row| launcher.runs(row, tag));
            let one = default.or_else(|| tags().find_map(best));
            rows = one.map(|one| rows.swap_remove(one)).into_iter().collect();
        }
        for note in resolver.take_notes().iter().filter(|note| !note.is_debug()) {
            context.printer.say(&format!("pyman: {note}"));
        }
        let format = if self.json { Format::Json } else { self.format };
        show(&context.printer, &rows, format)?;
        Ok(Status::SUCCESS)
    }
}

fn show(printer: &Printer, rows: &[Row], format: Format) -> Result<(), Error> {
    let legacy = |shows| rows.iter().flat_map(|row| row.line(shows)).collect::<Vec<u8>>();
    match format {
        Format::Table => printer.table(table(rows)),
        Format::Json => {
            let versions: Vec<Value> = rows.iter().map(document).collect();
            printer.json(&json!({ "versions": versions }))
        }
        Format::Jsonl => rows.iter().try_for_each(|row| printer.json(&document(row))),
        Format::Csv => printer.list(csv(rows)),
        Format::Id => {
            let named = rows.iter().filter(|row| row.kind != Kind::Environment);
            printer.list(named.map(identifier))
        }
        Format::Exe => printer.list(rows.iter().map(|row| &row.executable)),
        Format::Prefix => printer.list(rows.iter().map(|row| &row.prefix)),
        Format::Legacy => printer.out(legacy(ListShows::Names)),
        Format::LegacyPaths => printer.out(legacy(ListShows::Paths)),
    }
}

/// The fields of a row, in the order of the comma-separated form.
fn fields(row: &Row) -> [(&'static str, String); 7] {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    [
        ("id", identifier(row)),
        ("company", text(&row.company)),
        ("tag", text(&row.tag)),
        ("sort-version", row.version.clone()),
        ("display-name", row.label.clone()),
        ("executable", text(&row.executable)),
        ("prefix", text(&row.prefix)),
    ]
}

fn identifier(row: &Row) -> String {
    if row.kind == Kind::Environment {
        return "__active-virtual-env".to_owned();
    }
    let company = String::from_utf8_lossy(&row.company).to_lowercase();
    format!("{company}-{}", String::from_utf8_lossy(&row.tag))
}

fn document(row: &Row) -> Value {
    let mut document = Map::from_iter([("schema".to_owned(), json!(1))]);
    document.extend(fields(row).map(|(name, value)| (name.to_owned(), Value::String(value))));
    let flags = [("default", row.default), ("unmanaged", row.kind != Kind::Installed)];
    let set = flags.into_iter().filter(|(_, set)| *set);
    document.extend(set.map(|(name, set)| (name.to_owned(), Value::Bool(set))));
    Value::Object(document)
}

fn csv(rows: &[Row]) -> Vec<String> {
    let Some(first) = rows.first() else { return Vec::new() };
    let names = fields(first).map(|(name, _)| name.to_owned());
    let values = rows.iter().map(|row| {
        let default = if row.default { "true" } else { "" };
        format!("{},{default}", fields(row).map(|(_, value)| quoted(value)).join(","))
    });
    std::iter::once(format!("{},default", names.join(","))).chain(values).collect()
}

/// A field as RFC 4180 wants it.
fn quoted(value: String) -> String {
    if !value.contains([',', '"', '\n', '\r']) {
        return value;
    }
    format!("\"{}\"", value.replace('"', "\"\""))
}

fn table(rows: &[Row]) -> Vec<String> {
    let cells = |row: &Row| {
        let star = if row.default { "*" } else { "" };
        let tag = String::from_utf8_lossy(&row.full_tag()).into_owned();
        let tag = if row.kind == Kind::Environment { String::new() } else { tag };
        [tag, star.to_owned(), row.label.clone(), row.version.clone()]
    };
    let header = ["Tag", "", "Name", "Version"].map(str::to_owned);
    let lines: Vec<[String; 4]> = std::iter::once(header).chain(rows.iter().map(cells)).collect();
    let width = |column: usize| {
        let lengths = lines.iter().filter_map(|line| Some(line.get(column)?.chars().count()));
        lengths.max().unwrap_or_default()
    };
    let [tag, star, label] = [width(0), width(1), width(2)];
    let line = |cells: &[String; 4]| {
        let [first, second, third, fourth] = cells;
        let line = format!("{first:tag$}  {second:star$}  {third:label$}  {fourth}");
        line.trim_end().to_owned()
    };
    lines.iter().map(line).collect()
}

/// Print the newest installed version that a prefix matches
#[derive(clap::Parser)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Latest {
    /// Of all that could be installed, not of what is
    #[arg(short, long)]
    known: bool,
    /// When nothing matches, print the prefix itself
    #[arg(short, long, hide = true)]
    bypass: bool,
    /// As --bypass, with status 0
    #[arg(short, long, hide = true)]
    force: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// `3`, `3.12`, `3.13t`, `pypy3.10`
    prefix: OsString,
    #[command(flatten)]
    _overlooked: Overlooked,
}

impl Run for Latest {
    fn run(self, context: &Context) -> Result<Status, Error> {
        if self.prefix.is_empty() {
            return run::without_words(context, "latest");
        }
        let meant = typed::meant(&context.ground, &self.prefix);
        let typed = meant.as_encoded_bytes();
        let resolver = context.ground.resolver();
        let request = Request::parse(typed);
        let found = if self.known {
            known(context, typed)?
        } else {
            resolver.find(&request).map(|found| found.name)
        };
        selection::say_notes(&context.ground, &resolver);
        if let Some(name) = found {
            self.show(context, &name)?;
            return Ok(Status::SUCCESS);
        }
        if self.bypass || self.force {
            self.show(context, typed)?;
            return Ok(if self.force { Status::SUCCESS } else { Status::FAILURE });
        }
        if !self.known
            && let Some(error) = selection::unusable(&resolver, &request)
        {
            return Err(error);
        }
        let which = if self.known { "known" } else { "installed" };
        let prefix = meant.to_string_lossy();
        let message = format!("no {which} versions match the prefix `{prefix}'");
        context.printer.fail(|| schema::told(&message, &[], Status::FAILURE));
        context.printer.say(&format!("pyman: {message}"));
        Ok(Status::FAILURE)
    }
}

impl Latest {
    fn show(&self, context: &Context, name: &[u8]) -> Result<(), Error> {
        if self.json {
            return context.printer.json(&json!({ "version": String::from_utf8_lossy(name) }));
        }
        context.printer.list([name])
    }
}

fn known(context: &Context, typed: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let client = network::client(&context.ground, Network::default())?;
    let names = network::catalogue(&context.ground, &client, &Silent)?.names(network::platform());
    if names.iter().any(|name| name.as_bytes() == typed) {
        return Ok(Some(typed.to_vec()));
    }
    let names = names.iter().map(|name| Name::parse(name.as_bytes()));
    let newest = Request::parse(typed).newest(names, PreReleases::Named);
    Ok(newest.map(|name| name.text().to_vec()))
}
