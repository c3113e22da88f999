//! Which package index pip asks: two lines of pip's own configuration, set, and taken back exactly.
//!
//! Beside the configuration nothing is written; what it was before stands in a directory of ours, so that
//! taking the lines back gives the earlier file byte for byte, unless somebody edited it since.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{self, Directory, Privacy};
use crate::fetch::{Sha256, holds_secrets};
use crate::world;

/// The keys that are set, as pip spells them.
const INDEX: &str = "index-url";
const TRUSTED: &str = "trusted-host";

/// No configuration of a person's is longer. In bytes.
const LARGEST: u64 = 1 << 20;

/// The section they stand in.
const SECTION: &[u8] = b"[global]";

/// An index for pip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its address, up to and including `simple`.
    pub url: String,
    /// The host pip has to be told to trust: that of an address without TLS.
    pub trusted: Option<String>,
}

/// What taking the lines back came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// Nothing was ever set there.
    Nothing,
    /// The file is what it was before.
    Whole,
    /// It was edited since: only our lines are gone.
    Lines,
}

/// A configuration of pip's, and where its earlier self is kept.
#[derive(Debug)]
pub struct Configuration {
    file: PathBuf,
    root: PathBuf,
}

/// The directory below the root, and in it one for each configuration, in which is kept what may hold a password.
pub(crate) const MEMORY: &str = "pip";

/// Its file that says what the configuration became; without it nothing is remembered.
const AFTER: &str = "after";

impl Index {
    /// An index by its address; only http and https are.
    pub fn parse(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let host = authority.rsplit('@').next()?;
        let plain =
            !host.is_empty() && !url.contains(|c: char| c.is_whitespace() || c.is_control());
        let trusted = url.starts_with("http://").then(|| host.to_owned());
        plain.then(|| Self { url: url.to_owned(), trusted })
    }
}

impl Configuration {
    /// The configuration at `file`; what it was is kept below `root`.
    pub fn at(file: &Path, root: &Path) -> Self {
        Self { file: file.to_path_buf(), root: root.to_path_buf() }
    }

    /// The user's own: where the variable `PIP_CONFIG_FILE` says, else an existing `~/.pip/pip.conf`, else
    /// below the system's place for settings.
    pub fn of_user(variable: Option<PathBuf>, home: &Path, settings: &Path) -> PathBuf {
        let old = home.join(".pip/pip.conf");
        variable.unwrap_or_else(|| {
            if disk::is_file(&old) { old } else { settings.join("pip/pip.conf") }
        })
    }

    /// The file itself.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Sets the index. What was set before is taken back first.
    pub fn set(&self, index: &Index) -> io::Result<()> {
        if disk::follow(&self.file)?.is_some_and(|found| !found.is_file()) {
            let said =
                format!("`{}' is no regular file, and is left as it is", self.file.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, said));
        }
        let current = self.current()?;
        let memories = Directory::make(&self.root)?.make_below(MEMORY)?;
        let memory = memories.make_below(self.name())?;
        memory.sweep_temporaries()?;
        let (before, _) = before(current, Some(&memory))?;
        let (after, lines) = edited(before.as_deref().unwrap_or_default(), index);
        match &before {
            Some(before) => memory.replace("before", before, Privacy::Secret)?,
            None => memory.unlink("before")?,
        }
        memory.replace("lines", &lines.join(&b'\n'), Privacy::Secret)?;
        memory.replace(AFTER, &after, Privacy::Secret)?;
        self.replace(&after)
    }

    /// Takes the index back.
    pub fn unset(&self) -> io::Result<Restored> {
        let memories = match Directory::open(&self.root) {
            Ok(root) => root.below(MEMORY)?,
            Err(error) if disk::absent(&error) => None,
            Err(error) => return Err(error),
        };
        let Some(memories) = memories else { return Ok(Restored::Nothing) };
        let memory = memories.below(self.name())?;
        let (before, restored) = before(self.current()?, memory.as_ref())?;
        match (restored, before) {
            // What a process died over that took an index back has no such file any more.
            (Restored::Nothing, _) => {}
            (_, Some(before)) => self.replace(&before)?,
            (_, None) => disk::remove_personal(&self.file)?,
        }
        if let Some(memory) = memory {
            memory.unlink(AFTER)?;
        }
        memories.remove(self.name())?;
        Directory::open(&self.root)?.remove_empty(MEMORY)?;
        Ok(restored)
    }

    /// Whoever could read it can, unless it holds a password now.
    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let secret = holds_secrets(&String::from_utf8_lossy(text));
        let privacy = if secret { Privacy::Secret } else { Privacy::Shared };
        disk::replace_personal(&self.file, text, privacy)
    }

    fn current(&self) -> io::Result<Option<Vec<u8>>> {
        disk::read_at_most(&self.file, LARGEST)
    }

    fn name(&self) -> String {
        Sha256::of(world::bytes(&self.file)).to_string()
    }
}

/// What the file would be without us.
fn before(
    current: Option<Vec<u8>>,
    memory: Option<&Directory>,
) -> io::Result<(Option<Vec<u8>>, Restored)> {
    let after = memory.map(|memory| memory.read(AFTER)).transpose()?.flatten();
    let (Some(memory), Some(after)) = (memory, after) else {
        return Ok((current, Restored::Nothing));
    };
    if current.as_ref() == Some(&after) {
        return Ok((memory.read("before")?, Restored::Whole));
    }
    let ours = memory.read("lines")?.unwrap_or_default();
    let ours: Vec<&[u8]> = ours.split(|byte| *byte == b'\n').collect();
    let without = |current: Vec<u8>| -> Vec<u8> {
        let lines = current.split_inclusive(|byte| *byte == b'\n');
        lines.filter(|line| !ours.contains(&line.trim_ascii_end())).flatten().copied().collect()
    };
    Ok((current.map(without), Restored::Lines))
}

/// The text with the index in it, and the lines that are ours.
fn edited(text: &[u8], index: &Index) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut lines: Vec<Vec<u8>> =
        text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let mut ours = Vec::new();
    if let Some(last) = lines.last_mut().filter(|line| !line.ends_with(b"\n")) {
        last.push(b'\n');
    }
    let header = lines.iter().position(|line| line.trim_ascii() == SECTION).unwrap_or_else(|| {
        lines.push([SECTION, b"\n"].concat());
        lines.len() - 1
    });
    let url = format!("{INDEX} = {}", index.url).into_bytes();
    match block(&lines, header, INDEX) {
        Some((from, to)) => drop(lines.splice(from..to, [line(&url)])),
        None => lines.insert(header + 1, line(&url)),
    }
    ours.push(url);
    if let Some(host) = &index.trusted {
        let (at, trusted) = match block(&lines, header, TRUSTED) {
            Some((_, to)) => (to, format!("    {host}").into_bytes()),
            None => (header + 1, format!("{TRUSTED} = {host}").into_bytes()),
        };
        lines.insert(at, line(&trusted));
        ours.push(trusted);
    }
    (lines.concat(), ours)
}

fn line(text: &[u8]) -> Vec<u8> {
    [text, b"\n"].concat()
}

/// Where a key of the section stands, with the lines that go on with its value.
fn block(lines: &[Vec<u8>], header: usize, key: &str) -> Option<(usize, usize)> {
    let section = lines.iter().enumerate().skip(header + 1);
    let mut section = section.take_while(|(_, line)| !line.trim_ascii_start().starts_with(b"["));
    let (from, _) = section.find(|(_, line)| is_of(line, key))?;
    let goes_on = |line: &&Vec<u8>| {
        line.first().is_some_and(u8::is_ascii_whitespace) && !line.trim_ascii().is_empty()
    };
    let more = lines.iter().skip(from + 1).take_while(goes_on).count();
    Some((from, from + 1 + more))
}

/// Whether a line sets the key; pip takes `_` for `-`.
fn is_of(line: &[u8], key: &str) -> bool {
    let name = line.split(|byte| matches!(byte, b'=' | b':')).next().unwrap_or_default();
    let name = name.trim_ascii().to_ascii_lowercase();
    let same = |(mine, theirs): (&u8, u8)| *mine == theirs || (*mine == b'_' && theirs == b'-');
    !line.first().is_some_and(u8::is_ascii_whitespace)
        && name.len() == key.len()
        && name.iter().zip(key.bytes()).all(same)
}

#[cfg(test)]
mod tests {
    use super::{Configuration, Index, Restored, edited};

    fn index(url: &str) -> Index {
        Index::parse(url).unwrap()
    }

    #[test]
    fn the_two_lines_find_their_place() {
        let table = [
            ("", "https://a.example/simple", "[global]\nindex-url = https://a.example/simple\n"),
            (
                "[global]\ntimeout = 60",
                "https://a.example/simple",
                "[global]\nindex-url = https://a.example/simple\ntimeout = 60\n",
            ),
            (
                "# mine\n[install]\nindex-url = x\n[global]\nIndex_URL: old\n    more\nretries=3\n",
                "https://a.example/simple",
                "# mine\n[install]\nindex-url = x\n[global]\nindex-url = https://a.example/simple\nretries=3\n",
            ),
            (
                "[global]\ntrusted-host = one\n  two\nproxy = p\n",
                "http://u:p@b.example:8080/simple",
                "[global]\nindex-url = http://u:p@b.example:8080/simple\ntrusted-host = one\n  two\n    b.example:8080\nproxy = p\n",
            ),
            (
                "",
                "http://b.example/simple",
                "[global]\ntrusted-host = b.example\nindex-url = http://b.example/simple\n",
            ),
        ];
        for (before, url, expected) in table {
            let (after, _) = edited(before.as_bytes(), &index(url));
            assert_eq!(String::from_utf8(after).unwrap(), expected);
        }
    }

    #[test]
    fn what_died_over_taking_an_index_back_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let configuration = Configuration::at(&root.path().join("pip.conf"), root.path());
        let kept = || fs_err::exists(root.path().join(super::MEMORY)).unwrap();
        configuration.set(&index("https://a.example/simple")).unwrap();
        assert!(kept());
        assert_eq!(configuration.unset().unwrap(), Restored::Whole);
        assert!(!kept());
        // Of the memory some files are gone already, or all.
        for left in [&["before", "lines"][..], &[]] {
            let memory = root.path().join(super::MEMORY).join(configuration.name());
            fs_err::create_dir_all(&memory).unwrap();
            for name in left {
                fs_err::write(memory.join(name), "x").unwrap();
            }
            assert_eq!(configuration.unset().unwrap(), Restored::Nothing);
            assert!(!kept(), "{left:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_no_index() {
        for text in [
            "",
            "aliyun",
            "ftp://x/simple",
            "https://",
            "https://a b/",
            "https://a/\nx",
            "file:///x",
        ] {
            assert_eq!(Index::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_earlier_file_comes_back_byte_for_byte() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("pip.conf");
        let configuration = Configuration::at(&file, root.path());
        assert_eq!(configuration.unset().unwrap(), Restored::Nothing);
        for before in [b"[global]\r\nindex-url = mine\r\n\xff".as_slice(), b""] {
            fs_err::write(&file, before).unwrap();
            configuration.set(&index("https://a.example/simple")).unwrap();
            configuration.set(&index("http://b.example/simple")).unwrap();
            assert_eq!(configuration.unset().unwrap(), Restored::Whole);
            assert_eq!(fs_err::read(&file).unwrap(), before);
        }
        fs_err::remove_file(&file).unwrap();
        configuration.set(&index("https://a.example/simple")).unwrap();
        assert_eq!(configuration.unset().unwrap(), Restored::Whole);
        assert!(!file.is_file());
        assert_eq!(configuration.unset().unwrap(), Restored::Nothing);
    }

    #[test]
    fn an_edited_file_loses_only_our_lines() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("pip.conf");
        let configuration = Configuration::at(&file, root.path());
        fs_err::write(&file, "[global]\ntimeout = 60\n").unwrap();
        configuration.set(&index("http://b.example/simple")).unwrap();
        let text = fs_err::read_to_string(&file).unwrap() + "retries = 3\n";
        fs_err::write(&file, text).unwrap();
        assert_eq!(configuration.unset().unwrap(), Restored::Lines);
        assert_eq!(fs_err::read_to_string(&file).unwrap(), "[global]\ntimeout = 60\nretries = 3\n");
    }

    #[test]
    fn the_users_configuration_is_where_pip_looks() {
        let home = tempfile::tempdir().unwrap();
        let settings = home.path().join(".config");
        let place = |variable: Option<&str>| {
            Configuration::of_user(variable.map(Into::into), home.path(), &settings)
        };
        assert_eq!(place(None), settings.join("pip/pip.conf"));
        fs_err::create_dir(home.path().join(".pip")).unwrap();
        fs_err::write(home.path().join(".pip/pip.conf"), "").unwrap();
        assert_eq!(place(None), home.path().join(".pip/pip.conf"));
        assert_eq!(place(Some("/x/pip.conf")), std::path::Path::new("/x/pip.conf"));
    }
}
