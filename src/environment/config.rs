//! `pyvenv.cfg`: what an environment says of itself (PEP 405), read leniently, written exactly.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk;

/// The file's name; a directory that has it is an environment.
pub(super) const FILE: &str = "pyvenv.cfg";

/// Longer files are no `pyvenv.cfg`. In bytes.
const LIMIT: u64 = 64 * 1024;

/// The keys and values of a `pyvenv.cfg`, in their order; what we do not know is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    lines: Vec<(String, String)>,
}

impl Config {
    /// Reads `directory/pyvenv.cfg`; none when there is none, or something else than a file.
    pub fn read(directory: &Path) -> io::Result<Option<Self>> {
        let text = disk::read_head(&directory.join(FILE), LIMIT)?;
        Ok(text.map(|text| Self::parse(&String::from_utf8_lossy(&text))))
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
        self.value("include-system-site-packages")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// What a shell's prompt shows; venv writes it as Python writes a string.
    pub fn prompt(&self) -> Option<Cow<'_, str>> {
        let value = self.value("prompt")?;
        let quoted = ['\'', '"']
            .into_iter()
            .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
        Some(quoted.map_or(Cow::Borrowed(value), unescaped))
    }

    /// Sets what a shell's prompt shows, in quotes where the bare text would not be read again.
    pub fn set_prompt(&mut self, prompt: &str) {
        let bare = prompt.trim() == prompt
            && !prompt.is_empty()
            && !prompt.contains(['\'', '"', '\\'])
            && !prompt.contains(char::is_control);
        if bare {
            return self.set("prompt", prompt);
        }
        let mut quoted = String::from("'");
        for character in prompt.chars() {
            match character {
                '\'' | '\\' => quoted.extend(['\\', character]),
                '\r' => quoted.push_str("\\r"),
                '\t' => quoted.push_str("\\t"),
                other => quoted.push(other),
            }
        }
        quoted.push('\'');
        self.set("prompt", quoted);
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let lines = self.lines.iter().map(|(key, value)| format!("{key} = {value}\n"));
        lines.collect()
    }
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => match characters.next() {
                Some('r') => plain.push('\r'),
                Some('t') => plain.push('\t'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            (other, false) => plain.push(other),
        }
    }
    Cow::Owned(plain)
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
        let config = Config::parse(
            "Version_Info=3.9.18.final.0\r\nINCLUDE-SYSTEM-SITE-PACKAGES =TRUE\nno value\n",
        );
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

    #[test]
    fn any_prompt_is_read_as_it_was_set() {
        for prompt in ["web", " two  words ", "it's", "a\"b", "\\n", "'q'", "", "\t", "é=ü"] {
            let mut config = Config::default();
            config.set_prompt(prompt);
            let read = Config::parse(&config.text());
            assert_eq!(read.prompt().as_deref(), Some(prompt), "{}", config.text());
        }
        assert_eq!(Config::parse("prompt = 'it\\'s'").prompt().as_deref(), Some("it's"));
    }
}
