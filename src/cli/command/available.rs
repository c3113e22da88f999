//! `pyman available`: what there is to install, on one screen.

use std::ffi::OsString;

use serde_json::{Map, Value, json};

use crate::catalogue::{Kind, Support};
use crate::cli::context::Context;
use crate::cli::run::{Run, Status};
use crate::cli::schema;
use crate::cli::text::{Span, Tone};
use crate::error::Error;
use crate::operation::available::{self, Care, Extent, Row};
use crate::operation::network::{self, Network};
use crate::progress::Silent;

/// List what there is to install: the newest of each line
///
/// Of CPython the newest release of each minor, of the other families the newest of each, pre-releases apart; how each
/// comes (prebuilt for this platform, or from source), what is installed, and until when it is looked after. Words
/// limit it as `pyman install` would understand them; of a single minor every release is shown.
#[derive(clap::Parser)]
pub(crate) struct Available {
    /// Every release
    #[arg(long)]
    all: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Only what these mean: 3.12, 3.13t, pypy3.10, ">=3.11"
    #[arg(value_name = "WHAT")]
    what: Vec<OsString>,
}

impl Run for Available {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let client = network::client(&context.ground, Network::default())?;
        let catalogue = network::catalogue(&context.ground, &client, &Silent)?;
        let platform = network::platform();
        let extent = if self.all { Extent::All } else { Extent::Newest };
        let rows = available::rows(&context.ground, &catalogue, platform, &self.what, extent)?;
        if self.json {
            let shown: Vec<Value> = rows.iter().map(document).collect();
            context.printer.json(&json!({
                "catalogue": catalogue.as_of(),
                "platform": platform.map(|platform| platform.to_string()),
                "available": shown,
            }))?;
            return Ok(Status::SUCCESS);
        }
        context.printer.toned(table(&rows, context.printer.is_narrow()))?;
        let day =
            catalogue.as_of().map_or_else(|| "of unknown age".into(), |day| format!("of {day}"));
        let more = if self.all { "" } else { ", `--all' shows every release" };
        context
            .printer
            .talk(&format!("the catalogue is {day}: `pyman update' asks for what is newer{more}"));
        Ok(Status::SUCCESS)
    }
}

/// A heading, and what stands under it.
type Section = (&'static str, fn(&Row) -> bool);

const SECTIONS: [Section; 3] = [
    ("CPython", |row| row.is_cpython() && !row.pre_release),
    ("Pre-releases", |row| row.pre_release),
    ("Others", |row| !row.is_cpython() && !row.pre_release),
];

/// A line for each; on a narrow terminal the remarks below it.
fn table(rows: &[Row], narrow: bool) -> Vec<Vec<Span>> {
    let mut lines = Vec::new();
    for (heading, belongs) in SECTIONS {
        let rows: Vec<&Row> = rows.iter().filter(|row| belongs(row)).collect();
        if !rows.is_empty() {
            lines.push(vec![(Tone::Strong, heading.into())]);
        }
        let width = rows.iter().map(|row| row.name().len()).max().unwrap_or_default();
        for row in rows {
            let (name, way) = (row.name(), way(row));
            let line = format!("  {name:width$}  {way:9}  ");
            let remarks = remarks(row);
            if remarks.is_empty() {
                lines.push(vec![(Tone::Plain, line.trim_end().into())]);
                continue;
            }
            if narrow {
                lines.push(vec![(Tone::Plain, line.trim_end().into())]);
                let below = remarks.into_iter().map(|(tone, remark)| {
                    vec![(Tone::Plain, b"    ".to_vec()), (tone, remark.into_bytes())]
                });
                lines.extend(below);
                continue;
            }
            let mut line = vec![(Tone::Plain, line.into_bytes())];
            for (at, (tone, remark)) in remarks.into_iter().enumerate() {
                line.extend((at > 0).then(|| (Tone::Plain, b", ".to_vec())));
                line.push((tone, remark.into_bytes()));
            }
            lines.push(line);
        }
    }
    lines
}

/// How it would be had: what `install` does of itself.
fn way(row: &Row) -> &'static str {
    match row.choice.kinds.first() {
        Some(kind @ (Kind::Prebuilt | Kind::Source | Kind::Installer)) => kind.word(),
        None => "",
    }
}

fn remarks(row: &Row) -> Vec<(Tone, String)> {
    let installed = row.installed.as_ref().map(|name| {
        if *name == row.name() { "installed".to_owned() } else { format!("{name} is installed") }
    });
    let installed = installed.map(|said| (Tone::Good, said));
    let care = row.care.filter(|_| !row.pre_release).map(|care| (tone(&care), said(&care)));
    let openssl = row.openssl_ended.filter(|_| row.is_built()).and_then(|_| {
        let line = row.choice.openssl.line.as_ref()?;
        Some((Tone::Warning, format!("nor has OpenSSL {line}")))
    });
    installed.into_iter().chain(care).chain(openssl).collect()
}

const fn tone(care: &Care) -> Tone {
    match care.support {
        Support::Ended => Tone::Warning,
        Support::BugFixes | Support::SecurityFixes => Tone::Plain,
    }
}

fn said(care: &Care) -> String {
    let lifetime = &care.lifetime;
    match (care.support, lifetime.end_of_bug_fixes) {
        (Support::Ended, _) => schema::unsupported(lifetime.end_of_life),
        (Support::BugFixes, Some(end)) => format!("bug fixes until {end}"),
        (Support::BugFixes, None) | (Support::SecurityFixes, _) => {
            format!("security fixes until {}", lifetime.end_of_life)
        }
    }
}

fn document(row: &Row) -> Value {
    let release = &row.choice.release;
    let kinds: Vec<&str> = row.choice.kinds.iter().map(|kind| kind.word()).collect();
    let mut document = Map::new();
    for (key, value) in [
        ("name", json!(row.name())),
        ("implementation", json!(release.implementation)),
        ("version", json!(release.version().map(|version| version.to_string()))),
        ("variant", json!(release.variant.suffix())),
        ("pre_release", json!(row.pre_release)),
        ("kinds", json!(kinds)),
        ("installed", json!(row.installed)),
        ("openssl", json!(row.choice.openssl.line)),
        ("openssl_end_of_life", json!(row.openssl_ended.map(|date| date.to_string()))),
    ] {
        document.insert(key.to_owned(), value);
    }
    document.extend(schema::care(row.care.as_ref()));
    Value::Object(document)
}
