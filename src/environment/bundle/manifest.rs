//! What a bundle says of itself.

use serde::{Deserialize, Serialize};

use crate::compatibility::Writer;
use crate::environment::Error;

/// The only form there has been.
pub(super) const FORMAT: u32 = 1;

/// The manifest of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the bundle.
    pub format: u32,
    /// The pyman that made it; before 0.2 none said.
    #[serde(default, skip_serializing_if = "Writer::is_unknown")]
    pub pyman: Writer,
    /// The environment's name.
    pub name: String,
    /// Where it stood.
    pub prefix: String,
    /// Its Python, `3.12.1`.
    pub version: String,
    /// `3.12`, `3.13t`: what its packages are for.
    pub minor: String,
    /// The machine it was made on, as a triple.
    pub platform: Option<String>,
    /// What shells showed, when it was no name.
    pub prompt: Option<String>,
    /// Whether it saw its base's packages.
    pub system_site_packages: bool,
    /// What is installed.
    pub packages: Vec<Package>,
    /// The SHA-256 digest of each file, by its path in the environment.
    pub files: Vec<(String, String)>,
    /// What each link leads to, by its path in the environment; before 0.2 none said.
    #[serde(default)]
    pub links: Vec<(String, String)>,
}

/// X.Y, or X.Yt.
fn is_minor(text: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = text.strip_suffix('t').unwrap_or(text);
    digits.split_once('.').is_some_and(|(major, minor)| number(major) && number(minor))
}

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Manifest {
    /// As JSON.
    pub(super) fn text(&self) -> Result<String, Error> {
        serde_json::to_string_pretty(self).map_err(|error| Error::Bundle(error.to_string()))
    }

    /// Reads JSON; a form that is not ours is refused.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
            #[serde(default)]
            pyman: Writer,
        }
        let broken = |error: serde_json::Error| Error::Bundle(error.to_string());
        let head: Head = serde_json::from_slice(text).map_err(broken)?;
        if head.pyman.is_newer() {
            return Err(Error::Bundle(format!("it was {}", head.pyman)));
        }
        if head.format != FORMAT {
            return Err(Error::Bundle(format!("a newer pyman made it (form {})", head.format)));
        }
        let manifest: Self = serde_json::from_slice(text).map_err(broken)?;
        if !is_minor(&manifest.minor) {
            let minor = manifest.minor.escape_debug();
            return Err(Error::Bundle(format!("`{minor}' in its manifest is no version")));
        }
        if manifest.prompt.as_deref().is_some_and(|prompt| prompt.contains(['\n', '\r', '\0'])) {
            return Err(Error::Bundle("the prompt in its manifest is not one line".into()));
        }
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_manifest_says_is_judged() {
        let text = |minor: &str, prompt: &str| {
            serde_json::json!({
                "format": 1, "name": "web", "prefix": "/e", "version": "3.12.1", "minor": minor,
                "platform": null, "prompt": prompt, "system_site_packages": false,
                "packages": [], "files": [],
            })
            .to_string()
        };
        let parse = |minor: &str, prompt: &str| Manifest::parse(text(minor, prompt).as_bytes());
        for minor in ["3.12", "3.13t", "2.7"] {
            parse(minor, "it's `one` line").unwrap();
        }
        for minor in ["", "3", "3.", "/opt/x", "../x", "3.12/../..", "-c", "3.12\n", "3.x", "t"] {
            assert!(parse(minor, "p").is_err(), "{minor:?}");
        }
        for prompt in ["a\nb", "a\rb", "a\0b"] {
            assert!(parse("3.12", prompt).is_err(), "{prompt:?}");
        }
    }
}
