//! What the JSON of several commands has in common: the number of its shape, failures, how a version is looked after.

use serde_json::{Map, Value, json};

use crate::catalogue::{Date, Support};
use crate::cli::status::Status;
use crate::error::Error;
use crate::operation::available::Care;

/// The shape of every document; it grows when a field changes its meaning or goes, not when one is added.
const NUMBER: u32 = 1;

/// The document with the number of its shape.
pub(crate) fn numbered(value: &Value) -> Value {
    let mut numbered = value.clone();
    if let Some(fields) = numbered.as_object_mut() {
        fields.insert("schema".to_owned(), json!(NUMBER));
    }
    numbered
}

/// What went wrong.
pub(crate) fn failure(error: &Error) -> Value {
    let line = error.line();
    let message = line.strip_prefix("pyman: ").unwrap_or(&line);
    told(message, &error.hints(), Status::new(error.exit_code()))
}

/// The same, of what is no error of ours: a usage, a version that is missing.
pub(crate) fn told(message: &str, hints: &[String], status: Status) -> Value {
    json!({ "error": { "message": message, "hints": hints, "status": status.code() } })
}

/// What is known of how a version of CPython is looked after; of anything else nothing is.
pub(crate) fn care(care: Option<&Care>) -> Map<String, Value> {
    let date = |date: Option<Date>| json!(date.map(|date| date.to_string()));
    let lifetime = care.map(|care| care.lifetime);
    let support = care.map(|care| match care.support {
        Support::BugFixes => "bug fixes",
        Support::SecurityFixes => "security fixes",
        Support::Ended => "none",
    });
    Map::from_iter([
        ("support".to_owned(), json!(support)),
        ("first_release".to_owned(), date(lifetime.and_then(|one| one.first_release))),
        ("end_of_bug_fixes".to_owned(), date(lifetime.and_then(|one| one.end_of_bug_fixes))),
        ("end_of_life".to_owned(), date(lifetime.map(|one| one.end_of_life))),
    ])
}

/// What people are told of a line that gets no fixes any more.
pub(crate) fn unsupported(since: Date) -> String {
    format!("no security fixes since {since}")
}
