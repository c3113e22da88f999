//! Hooks: executables in `plugins/*/hooks/<event>/`, told of an event by variables and JSON on stdin.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::disk;
use crate::plugin::{Error, entries, plugins, stranger};

/// What a hook may be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// A version was installed.
    Install,
    /// A version was removed.
    Uninstall,
    /// The shims were rewritten.
    Rehash,
    /// A command is about to be run.
    Exec,
    /// A command was looked up.
    Which,
    /// The selected version was asked for.
    VersionName,
    /// An environment was made.
    Virtualenv,
}

impl Event {
    /// Every event.
    pub(crate) const ALL: [Self; 7] = [
        Self::Install,
        Self::Uninstall,
        Self::Rehash,
        Self::Exec,
        Self::Which,
        Self::VersionName,
        Self::Virtualenv,
    ];

    /// The name of its directory under `hooks/`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::Uninstall => "uninstall",
            Self::Rehash => "rehash",
            Self::Exec => "exec",
            Self::Which => "which",
            Self::VersionName => "version-name",
            Self::Virtualenv => "virtualenv",
        }
    }
}

/// One fact a hook is told: `("version", "3.12.7")`, as JSON and as `PYMAN_HOOK_VERSION`.
pub(crate) type Told<'a> = (&'a str, &'a str);

/// The hooks of an event (any name: an unknown event has none), plugin by plugin.
pub(crate) fn hooks(root: &Path, event: &str) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for plugin in plugins(root)? {
        let files = entries(&plugin.join("hooks").join(event))?;
        for file in files.into_iter().filter(|file| disk::executable(file)) {
            if stranger(root, &file)?.is_none() {
                found.push(file);
            }
        }
    }
    Ok(found)
}

/// Tells every hook of `event`; the first that ends badly is the error, the others are told too.
///
/// What a hook prints goes to stderr: our stdout is data.
pub(crate) fn run(root: &Path, event: Event, told: &[Told<'_>]) -> Result<(), Error> {
    let files = hooks(root, event.name())?;
    if files.is_empty() {
        return Ok(());
    }
    let facts = [("event", event.name())].into_iter().chain(told.iter().copied());
    let json: serde_json::Map<String, serde_json::Value> =
        facts.map(|(name, value)| (name.to_owned(), value.into())).collect();
    let json = serde_json::Value::Object(json).to_string();
    let results: Vec<Result<(), Error>> =
        files.iter().map(|file| tell(file, root, told, &json)).collect();
    results.into_iter().collect()
}

fn tell(file: &Path, root: &Path, told: &[Told<'_>], json: &str) -> Result<(), Error> {
    let deaf = |source: io::Error| Error::Hook { file: file.to_path_buf(), source };
    let mut command = Command::new(file);
    command.env("PYMAN_ROOT", root).stdin(Stdio::piped()).stdout(io::stderr());
    for (name, value) in told {
        command.env(format!("PYMAN_HOOK_{}", name.to_uppercase()), value);
    }
    let mut child = command.spawn().map_err(deaf)?;
    if let Some(mut stdin) = child.stdin.take() {
        match stdin.write_all(json.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(deaf(error)),
            Ok(()) | Err(_) => {}
        }
    }
    let status = child.wait().map_err(deaf)?;
    if status.success() { Ok(()) } else { Err(Error::Refused { file: file.to_path_buf(), status }) }
}
