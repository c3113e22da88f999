//! The packages in an environment: which are installed, read from their records without starting a Python; the environment's
//! own pip, run for it and nothing else; and `pip freeze` for people: what to leave out, and a header that says what it was
//! taken from.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::disk;
use crate::environment::{Environment, Error, Layout};

/// Variables that would lead an environment's pip, or its Python, elsewhere.
const MISLEADING: [&str; 7] = [
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PYTHONHOME",
    "PYTHONPATH",
    "__PYVENV_LAUNCHER__",
];

/// `python -m pip`, with the user's other `PIP_*` variables and configuration.
pub fn pip(layout: &Layout) -> Command {
    let mut command = Command::new(layout.python());
    command.args(["-m", "pip"]);
    for variable in MISLEADING {
        command.env_remove(variable);
    }
    command
}

/// What is wanted of a list of requirements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Freeze {
    /// Names without versions.
    pub unpinned: bool,
}

/// The list with its header: the version, and the index without its credentials.
pub fn frozen(list: &str, version: &str, index: Option<&str>, freeze: Freeze) -> String {
    let index = index.map(|index| format!("# index: {}\n", without_credentials(index)));
    let lines = list.lines().map(|line| {
        let line = if freeze.unpinned { unpinned(line) } else { line };
        without_credentials(line) + "\n"
    });
    format!("# Python {version}\n{}{}", index.unwrap_or_default(), lines.collect::<String>())
}

/// `name` of `name==1.0`; what has a URL or a path keeps it.
fn unpinned(line: &str) -> &str {
    let is_plain = !line.starts_with(['-', '#']) && !line.contains(" @ ");
    match line.split_once("===").or_else(|| line.split_once("==")) {
        Some((name, _)) if is_plain => name.trim_end(),
        Some(_) | None => line,
    }
}

/// `https://user:password@host/` as `https://host/`, wherever it stands in the line. A revision after `@` and the
/// `git@` of ssh are no credentials.
fn without_credentials(line: &str) -> String {
    let Some((scheme, rest)) = line.split_once("://") else {
        return line.to_owned();
    };
    let end = rest.find(['/', '?', '#', ' ']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    match authority.rsplit_once('@') {
        Some((user, host)) if !scheme.ends_with("ssh") || user.contains(':') => {
            format!("{scheme}://{host}{tail}")
        }
        Some(_) | None => line.to_owned(),
    }
}

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Distribution {
    /// Its name, as it writes it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its `dist-info` or `egg-info`.
    pub record: PathBuf,
}

/// Longer headers are none. In bytes.
const LONGEST: u64 = 64 * 1024;

impl Distribution {
    /// `name==version`.
    pub fn pinned(&self) -> String {
        format!("{}=={}", self.name, self.version)
    }

    /// Whether it came with the environment.
    fn is_seed(&self) -> bool {
        ["pip", "setuptools", "wheel"].iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// What was installed into the environment, by name; not what it began with.
pub fn listed(environment: &Environment) -> Result<Vec<Distribution>, Error> {
    let mut found = all(environment)?;
    found.retain(|distribution| !distribution.is_seed());
    Ok(found)
}

/// Everything that is installed.
pub(super) fn all(environment: &Environment) -> Result<Vec<Distribution>, Error> {
    let packages = environment.layout().site_packages();
    let mut found = Vec::new();
    for entry in disk::entries(&packages)? {
        let path = packages.join(&entry.name);
        let file = match path.extension().and_then(|extension| extension.to_str()) {
            Some("dist-info") => path.join("METADATA"),
            Some("egg-info") if disk::is_directory(&path) => path.join("PKG-INFO"),
            Some("egg-info") => path.clone(),
            Some(_) | None => continue,
        };
        found.extend(read(&file, &path)?);
    }
    found.sort();
    Ok(found)
}

fn read(file: &Path, record: &Path) -> io::Result<Option<Distribution>> {
    let Some(head) = disk::read_head(file, LONGEST)? else { return Ok(None) };
    let head = String::from_utf8_lossy(&head);
    let value = |key: &str| {
        let headers = head.lines().take_while(|line| !line.is_empty());
        let mut values = headers.filter_map(|line| line.split_once(':'));
        values.find(|(name, _)| *name == key).map(|(_, value)| value.trim().to_owned())
    };
    let described = value("Name").zip(value("Version"));
    Ok(described.map(|(name, version)| Distribution { name, version, record: record.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_leaves_and_no_url_is_unpinned() {
        let list = "a==1.0\nb @ git+https://me:secret@host/b.git@v1\n-e git+ssh://git@host/c.git@abc#egg=c\nd===x\n";
        let text = frozen(list, "3.12.1", Some("https://u:p@index/simple"), Freeze::default());
        assert_eq!(
            text,
            "# Python 3.12.1\n# index: https://index/simple\na==1.0\nb @ git+https://host/b.git@v1\n\
             -e git+ssh://git@host/c.git@abc#egg=c\nd===x\n"
        );
        let bare = frozen("a==1.0\n-e ./x\n", "3.12.1", None, Freeze { unpinned: true });
        assert_eq!(bare, "# Python 3.12.1\na\n-e ./x\n");
    }
}
