//! `plugin.toml`, the one manifest of a plugin's folder: which pyman it needs.
//!
//! A folder without one fits every pyman, as pyenv's plugins do. What stands under `[family]` is read where the families
//! are; what a later pyman may add is passed over here.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::compatibility::Requirement;
use crate::disk;
use crate::quote::deceives;

/// The manifest's name.
const NAME: &str = "plugin.toml";

/// No manifest is longer, in bytes.
const LONGEST: u64 = 1 << 20;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Manifest {
    requires: Option<String>,
}

/// A plugin that is not used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Its folder.
    pub folder: PathBuf,
    /// Why: `needs pyman ^0.2, this is 0.1.0`.
    pub why: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        write!(out, "the plugin {} is not used: it {}", name.escape_debug(), self.why)
    }
}

/// Why the plugin in a folder is not used; none when it is.
pub(super) fn misfit(folder: &Path) -> Option<Misfit> {
    let why = match judge(folder) {
        Ok(None) => return None,
        Ok(Some(requirement)) => requirement.to_string(),
        Err(why) => why,
    };
    Some(Misfit { folder: folder.to_owned(), why })
}

/// The requirement that this pyman does not fit.
fn judge(folder: &Path) -> Result<Option<Requirement>, String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if name.chars().any(deceives) {
        return Err("has a name that a terminal cannot show".to_owned());
    }
    let text = disk::read_at_most(&folder.join(NAME), LONGEST);
    let text = match text.map(|text| text.map(String::from_utf8).transpose()) {
        Ok(Ok(Some(text))) => text,
        Ok(Ok(None)) => return Ok(None),
        Ok(Err(_)) => return Err(format!("has a {NAME} that is no text")),
        Err(error) => return Err(format!("has a {NAME} that cannot be read: {error}")),
    };
    let read = toml::from_str::<Manifest>(&text);
    let manifest = read.map_err(|error| format!("has a damaged {NAME}: {}", error.message()))?;
    let Some(requires) = manifest.requires else { return Ok(None) };
    let requirement =
        Requirement::parse(&requires).map_err(|error| format!("has a damaged {NAME}: {error}"))?;
    Ok((!requirement.fits()).then_some(requirement))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compatibility::OWN;

    #[test]
    fn what_does_not_fit_is_named_with_its_reason() {
        let cases = [
            ("", None),
            ("[family]\nhosts = {}\n", None),
            ("requires = \">=0.1\"\nlater = \"x\"\n", None),
            ("requires = \"^99.1\"\n", Some(format!("needs pyman ^99.1, this is {OWN}"))),
        ];
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("hello");
        fs_err::create_dir(&folder).unwrap();
        assert_eq!(misfit(&folder), None);
        for (text, expected) in cases {
            fs_err::write(folder.join(NAME), text).unwrap();
            assert_eq!(misfit(&folder).map(|misfit| misfit.why), expected, "{text}");
        }
        for damaged in ["requires = [", "requires = 2", "requires = \"soon\""] {
            fs_err::write(folder.join(NAME), damaged).unwrap();
            let why = misfit(&folder).unwrap().why;
            assert!(why.starts_with("has a damaged plugin.toml: "), "{why}");
        }
    }
}
