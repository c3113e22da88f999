//! `pyvenv.cfg`: what an environment says of itself (PEP 405), read leniently, written exactly.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Longer files are no `pyvenv.cfg`.
const LIMIT: u64 = 64 * 1024;

/// The keys and values of a `pyvenv.cfg`, in their order; what we do not know is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    lines: Vec<(String, String)>,
}

impl Config {
    /// Reads `directory/pyvenv.cfg`; none when there is none.
    pub fn read(directory: &Path) -> io::Result<Option<Self>> {
        let file = match fs_err::File::open(directory.join("pyvenv.cfg")) {
            Ok(file) => file,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut text = Vec::new();
        file.take(LIMIT).read_to_end(&mut text)?;
        Ok(Some(Self::parse(&String::from_utf8_lossy(&text))))
    }

    /// Takes `key = value` lines apart; others say nothing.
    pub fn parse(text: &str) -> Self {
        let pair = |line: &str| {
            let (key, value) = line.split_once('=')?;
            Some((key.trim().to_lowercase(), value.trim().to_owned()))
        };
        Self { lines: text.lines().filter_map(pair).collect() }
    }

    /// A value by its key.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.lines.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Sets a value, in its place or at the end.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        let value = value.into();
        match self.lines.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.lines.push((key.to_owned(), value)),
        }
    }

    /// The directory of the base's interpreter.
    pub fn home(&self) -> Option<PathBuf> {
        self.value("home").map(PathBuf::from)
    }

    /// The version of the interpreter: venv writes `version`, virtualenv and uv `version_info`.
    pub fn version(&self) -> Option<&str> {
        self.value("version").or_else(|| self.value("version_info"))
    }

    /// Whether the base's packages are seen.
    pub fn system_site_packages(&self) -> bool {
        self.value("include-system-site-packages").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let lines = self.lines.iter().map(|(key, value)| format!("{key} = {value}\n"));
        lines.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn what_was_read_is_written_again() {
        let text = "home = /opt/x/bin\ninclude-system-site-packages = false\nversion = 3.12.1\nextra = a = b\n";
        let config = Config::parse(text);
        assert_eq!(config.text(), text);
        assert_eq!(config.value("extra"), Some("a = b"));
    }

    #[test]
    fn keys_are_found_in_any_case_and_spacing() {
        let config = Config::parse("Version_Info=3.9.18.final.0\r\nINCLUDE-SYSTEM-SITE-PACKAGES =TRUE\nno value\n");
        assert_eq!(config.version(), Some("3.9.18.final.0"));
        assert!(config.system_site_packages());
        assert_eq!(config.home(), None);
    }

    #[test]
    fn a_value_is_replaced_in_its_place() {
        let mut config = Config::parse("home = a\nversion = 1\n");
        config.set("home", "b");
        config.set("prompt", "p");
        assert_eq!(config.text(), "home = b\nversion = 1\nprompt = p\n");
    }
}
