//! A row of a catalogue in JSON lines: read from anywhere, written for what the live lists brought.

use std::borrow::Cow;

use pyman_shim::Variant;
use serde::{Deserialize, Serialize};

use crate::catalogue::release::{Build, CPYTHON, Kind, Label, Openssl, Release};
use crate::fetch::{Sha256, Url};
use crate::quote::unescaped;

/// A row as it is written. Fields this program does not know are passed over.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Row<'text> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    implementation: Option<Cow<'text, str>>,
    #[serde(default)]
    version: Cow<'text, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variant: Option<Cow<'text, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<Cow<'text, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    build: Option<Tag>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    platform: Option<Cow<'text, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<Cow<'text, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'text, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    urls: Option<Vec<Cow<'text, str>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<Cow<'text, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
}

/// A build's tag; some write the date as a number.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum Tag {
    Text(String),
    Number(u64),
}

/// Reads a line of the catalogue that stands at `place`; none for a blank line or a kind not known here.
/// The error says what is wrong with it.
pub(super) fn read(line: &[u8], place: &Url) -> Result<Option<Build>, String> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let row: Row<'_> = serde_json::from_slice(line).map_err(|error| plain(&error))?;
    let Some(kind) = Kind::parse(row.kind.as_deref().unwrap_or("prebuilt")) else {
        return Ok(None);
    };
    let release = release(&row)?;
    let urls = row
        .url
        .iter()
        .chain(row.urls.iter().flatten())
        .map(|text| url(text, place))
        .collect::<Result<Vec<_>, _>>()?;
    let file = match (&row.file, row.url.iter().chain(row.urls.iter().flatten()).next()) {
        (Some(file), _) => file.clone().into_owned(),
        (None, Some(url)) => last_part(url),
        (None, None) => return Err("neither `file' nor `url'".to_owned()),
    };
    if !is_file_name(&file) {
        return Err(format!("`{}' is no file name", file.escape_debug()));
    }
    let tag = row.build.map(|tag| match tag {
        Tag::Text(text) => text,
        Tag::Number(number) => number.to_string(),
    });
    // It names a directory of mirrors.
    if let Some(tag) = tag.as_deref().filter(|tag| !is_file_name(tag)) {
        return Err(format!("`{}' is no build's tag", tag.escape_debug()));
    }
    let sha256 = match row.sha256.as_deref() {
        None | Some("") => None,
        Some(text) => Some(text.parse::<Sha256>().map_err(|error| error.to_string())?),
    };
    Ok(Some(Build {
        path: path(&release, kind, tag.as_deref(), &file),
        platform: row.platform.and_then(|text| text.parse().ok()),
        openssl: Openssl::default(),
        size: row.size,
        release,
        kind,
        tag,
        file,
        urls,
        sha256,
    }))
}

/// The line that says the same as this build.
pub(super) fn write(build: &Build) -> String {
    line(build, build.urls.iter().map(|url| Cow::Owned(url.to_string())).collect())
}

/// The line of a catalogue that stands in the directory the build's file stands below, at its own path.
pub fn beside(build: &Build) -> String {
    line(build, vec![Cow::Borrowed(&build.path)])
}

fn line(build: &Build, urls: Vec<Cow<'_, str>>) -> String {
    let variant = match build.release.variant {
        Variant::Default => None,
        Variant::FreeThreaded => Some("freethreaded"),
        Variant::Debug => Some("debug"),
    };
    let row = Row {
        implementation: Some(Cow::Borrowed(&build.release.implementation)),
        version: Cow::Owned(build.release.label.to_string()),
        variant: variant.map(Cow::Borrowed),
        kind: Some(Cow::Borrowed(build.kind.word())),
        build: build.tag.clone().map(Tag::Text),
        platform: build.platform.map(|platform| Cow::Owned(platform.to_string())),
        file: Some(Cow::Borrowed(&build.file)),
        url: None,
        urls: Some(urls).filter(|urls| !urls.is_empty()),
        sha256: build.sha256.map(|digest| Cow::Owned(digest.to_string())),
        size: build.size,
    };
    // Texts and numbers alone: there is nothing in it that JSON cannot say.
    serde_json::to_string(&row).unwrap_or_default()
}

/// Where a file of this name stands in the layout of the canonical hosts.
pub(super) fn path(release: &Release, kind: Kind, tag: Option<&str>, file: &str) -> String {
    match (kind, release.version(), tag) {
        (Kind::Prebuilt, Some(_), Some(tag)) => format!("{tag}/{file}"),
        (Kind::Source, Some(version), _) => {
            format!("{}.{}.{}/{file}", version.major, version.minor, version.patch)
        }
        (Kind::Prebuilt | Kind::Source | Kind::Installer, _, _) => file.to_owned(),
    }
}

fn release(row: &Row<'_>) -> Result<Release, String> {
    let implementation = row.implementation.as_deref().unwrap_or(CPYTHON).to_ascii_lowercase();
    let variant = match row.variant.as_deref() {
        None | Some("" | "default") => Variant::Default,
        Some("freethreaded" | "free-threaded") => Variant::FreeThreaded,
        Some("debug") => Variant::Debug,
        Some(other) => return Err(format!("`{}' is no variant", other.escape_debug())),
    };
    let version = row.version.as_ref();
    let text = if implementation == CPYTHON || version.starts_with(&implementation) {
        version.to_owned()
    } else if implementation.starts_with("pypy") {
        format!("{implementation}{version}")
    } else {
        format!("{implementation}-{version}")
    };
    let label = Label::parse(&implementation, &text)
        .ok_or_else(|| format!("`{}' is no version of {implementation}", version.escape_debug()))?;
    Ok(Release { implementation, label, variant })
}

/// An address of a row, counted from where its catalogue stands. What came over the network may not
/// name files of this machine.
pub(super) fn url(text: &str, place: &Url) -> Result<Url, String> {
    // In an address a path is percent-encoded (RFC 3986 §2.1), on a disk it is not.
    let relative = !text.contains("://") && place.local().is_some();
    let text = if relative { Cow::Owned(unescaped(text)) } else { Cow::Borrowed(text) };
    let url = place.join(&text).map_err(|error| error.to_string())?;
    if url.local().is_some() && place.local().is_none() {
        return Err(format!("`{}' names a file of this machine", text.escape_debug()));
    }
    Ok(url)
}

/// The last part of an address's path, its escapes undone.
pub(super) fn last_part(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    unescaped(path.rsplit('/').next().unwrap_or_default())
}

pub(super) fn is_file_name(text: &str) -> bool {
    !text.is_empty()
        && !matches!(text, "." | "..")
        && !text.contains(['/', '\\', '\0'])
        && !text.chars().any(char::is_control)
}

/// What the reader of JSON says, without its own count of lines: there is one.
pub(super) fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use crate::catalogue::Build;
    use crate::fetch::Url;

    const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn row(text: &str, place: &str) -> Result<Option<Build>, String> {
        read(text.as_bytes(), &place.parse::<Url>().unwrap())
    }

    fn good(text: &str) -> Build {
        row(text, "https://lists.example/a/catalogue.jsonl").unwrap().unwrap()
    }

    #[test]
    fn rows_say_what_they_are_of() {
        let table = [
            (r#"{"version":"3.12.7","file":"x.tar.gz"}"#, "3.12.7"),
            (
                r#"{"implementation":"CPython","version":"3.13.0rc2","variant":"freethreaded","file":"x"}"#,
                "3.13.0rc2t",
            ),
            (r#"{"implementation":"pypy","version":"3.10-7.3.17","file":"x"}"#, "pypy3.10-7.3.17"),
            (
                r#"{"implementation":"pypy","version":"pypy3.10-7.3.17","file":"x"}"#,
                "pypy3.10-7.3.17",
            ),
            (
                r#"{"implementation":"miniforge3","version":"24.11.0-0","kind":"installer","file":"x.sh"}"#,
                "miniforge3-24.11.0-0",
            ),
        ];
        for (text, name) in table {
            assert_eq!(good(text).release.name(), name, "{text}");
        }
    }

    #[test]
    fn addresses_count_from_the_catalogue_and_name_the_file() {
        let build = good(
            r#"{"version":"3.12.7","build":20241016,"url":"../b/cpython-3.12.7%2B20241016-x.tar.gz?a=b"}"#,
        );
        assert_eq!(build.file, "cpython-3.12.7+20241016-x.tar.gz");
        assert_eq!(
            build.urls[0].exact(),
            "https://lists.example/b/cpython-3.12.7%2B20241016-x.tar.gz?a=b"
        );
        assert_eq!(build.path, "20241016/cpython-3.12.7+20241016-x.tar.gz");
        let local =
            row(r#"{"version":"3.12.7","urls":["p/x.tgz"]}"#, "/srv/mirror/catalogue.jsonl");
        assert_eq!(local.unwrap().unwrap().urls[0].to_string(), "/srv/mirror/p/x.tgz");
    }

    #[test]
    fn unknown_fields_and_kinds_are_passed_over() {
        let build = good(r#"{"version":"3.12.7","file":"x","colour":{"deep":[1]},"sha256":null}"#);
        assert_eq!(build.sha256, None);
        assert_eq!(row(r#"{"version":"3.12.7","file":"x","kind":"wasm"}"#, "/c"), Ok(None));
        assert_eq!(row("  ", "/c"), Ok(None));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let table = [
            ("{\"version\":\"3.12", "EOF while parsing"),
            ("[]", "is no version of cpython"),
            (r#"{"file":"x"}"#, "`' is no version of cpython"),
            (r#"{"version":"3.12.7"}"#, "neither `file' nor `url'"),
            (r#"{"version":"3.12","file":"x"}"#, "`3.12' is no version of cpython"),
            (r#"{"implementation":"pypy","version":"/../x","file":"x"}"#, "is no version of pypy"),
            (r#"{"version":"3.12.7","file":"../x"}"#, "is no file name"),
            (r#"{"version":"3.12.7","file":"x","build":"../../home"}"#, "is no build's tag"),
            (r#"{"version":"3.12.7","file":"x","build":".."}"#, "is no build's tag"),
            (r#"{"version":"3.12.7","file":"x","build":"/home"}"#, "is no build's tag"),
            (r#"{"version":"3.12.7","file":"x","sha256":"abc"}"#, "not a SHA-256 digest"),
            (r#"{"version":"3.12.7","url":"file:///etc/passwd"}"#, "a file of this machine"),
            (r#"{"version":"3.12.7","url":"gopher://x/y"}"#, "only http, https and file"),
        ];
        for (text, expected) in table {
            let error = row(text, "https://lists.example/c.jsonl").unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn a_row_written_is_read_back_the_same() {
        for text in [
            format!(r#"{{"version":"3.13.1","variant":"freethreaded","build":"20241016","platform":"x86_64-unknown-linux-gnu","file":"x.tar.gz","sha256":"{DIGEST}","size":7}}"#),
            r#"{"implementation":"pypy","version":"pypy3.10-7.3.17","url":"https://a.example/x.tar.bz2"}"#.to_owned(),
        ] {
            let build = good(&text);
            assert_eq!(good(&write(&build)), build);
        }
    }
}
