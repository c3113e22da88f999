//! What an unknown version probably was, and where what is known does exist: the words of an error that helps.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::catalogue::error::Error;
use crate::catalogue::question::{Question, Route};
use crate::catalogue::release::Label;
use crate::fetch;
use crate::platform::Platform;

/// How many names an error lists.
const NAMES: usize = 8;

/// The error for a request nothing here answers.
pub(super) fn unknown(
    catalogue: &Catalogue,
    question: Question<'_>,
    platform: Option<Platform>,
    route: Route,
) -> Error {
    let barrier = match route {
        Route::OnlySource if catalogue.prebuilt(question, platform).is_some() => Some("--build"),
        Route::OnlyPrebuilt if !catalogue.sources(question).is_empty() => Some("--prebuilt"),
        Route::OnlySource | Route::OnlyPrebuilt | Route::PrebuiltFirst => None,
    };
    let mut platforms: Vec<String> = catalogue
        .platforms(question)
        .into_iter()
        .filter(|found| Some(*found) != platform)
        .map(|platform| platform.to_string())
        .collect();
    platforms.sort();
    platforms.dedup();
    let near = if platforms.is_empty() { names(catalogue, question, platform) } else { Vec::new() };
    Error::Unknown { request: fetch::word(&question.text()), near, platforms, barrier }
}

/// The names that could have been meant, newest first.
fn names(catalogue: &Catalogue, question: Question<'_>, platform: Option<Platform>) -> Vec<String> {
    let labels = catalogue.labels(platform);
    if let Some(minor) = question.minor() {
        let same: Vec<String> = versions(&labels)
            .filter(|version| (version.major, version.minor) == minor)
            .map(|version| version.to_string())
            .take(NAMES)
            .collect();
        if !same.is_empty() {
            return same;
        }
    }
    if question.is_version() || question.minor().is_some() {
        let mut minors = BTreeSet::new();
        return versions(&labels)
            .filter(|version| version.is_final() && minors.insert((version.major, version.minor)))
            .map(|version| version.to_string())
            .take(NAMES)
            .collect();
    }
    alike(&labels, &question.text())
}

fn versions(labels: &BTreeSet<Label>) -> impl Iterator<Item = pyman_shim::Version> {
    labels.iter().rev().filter_map(|label| match label {
        Label::Version(version) => Some(*version),
        Label::Name(_) => None,
    })
}

/// Names that contain what was written, else those of the same family, else those spelt most like it.
fn alike(labels: &BTreeSet<Label>, text: &str) -> Vec<String> {
    let names = || labels.iter().rev().map(Label::to_string);
    let lower = text.to_ascii_lowercase();
    let containing: Vec<String> =
        names().filter(|name| name.contains(&lower)).take(NAMES).collect();
    if !containing.is_empty() {
        return containing;
    }
    let family = |name: &str| {
        let end = name.find(|letter: char| !letter.is_ascii_alphabetic());
        name.split_at_checked(end.unwrap_or(name.len())).map(|(word, _)| word.to_owned())
    };
    let wanted = family(&lower).filter(|word| !word.is_empty());
    let related: Vec<String> =
        names().filter(|name| wanted.is_some() && family(name) == wanted).take(NAMES).collect();
    if !related.is_empty() {
        return related;
    }
    let mut scored: Vec<(f64, String)> = names()
        .map(|name| (strsim::jaro_winkler(&lower, &name), name))
        .filter(|(score, _)| *score > 0.85)
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    scored.into_iter().map(|(_, name)| name).take(NAMES).collect()
}
