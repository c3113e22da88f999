//! Who brought the program that runs, and so renews and removes it: ourselves, in a root; or a package manager, and then
//! which command of it does.

use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::{Error, Refused};
use crate::operation::{Ground, shells};
use crate::quote;
use crate::world::layout;

/// The distribution's name in the Python registry.
const DISTRIBUTION: &str = "pyman-cli";
/// The same as it stands in file names.
const RECORDED: &str = "pyman_cli-";

/// Who brought a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    /// In a word or two.
    name: &'static str,
    /// What renews it, where one command does.
    pub(super) renews: Option<String>,
    /// What removes it, likewise.
    pub(super) removes: Option<String>,
}

/// The program that runs, where it is a file of this root: what may be replaced. An error where something else owns it.
pub(super) fn own(ground: &Ground) -> Result<PathBuf, Error> {
    let program = ground.machine.executable()?;
    match of(ground, &program)? {
        None => Ok(shells::link(ground.root())),
        Some(Owner { name, renews, .. }) => {
            let refused = Refused::Owned { program, owner: name, command: renews };
            Err(refused.into())
        }
    }
}

/// Who owns a program; none: it is a file of this root's own.
pub(super) fn of(ground: &Ground, program: &Path) -> Result<Option<Owner>, Error> {
    let own = shells::link(ground.root());
    let is_file = disk::look(&own)?.is_some_and(|found| found.is_file());
    let program = disk::canonical(program)?.unwrap_or_else(|| program.to_owned());
    if is_file && disk::canonical(&own)?.as_deref() == Some(&program) {
        return Ok(None);
    }
    let by = |name, renews: String, removes: String| Owner {
        name,
        renews: Some(renews),
        removes: Some(removes),
    };
    let (Some(bin), Some(tree)) = (program.parent(), program.ancestors().nth(2)) else {
        return Ok(Some(unknown(&program)));
    };
    let has = |name: &str| disk::is_file(&tree.join(name));
    let word = |path: &Path| quote::shown(path);
    // Before the record of who installed it, which uv and pipx leave in the environments of theirs, too.
    if has("uv-receipt.toml") {
        return Ok(Some(by(
            "uv",
            format!("uv tool upgrade {DISTRIBUTION}"),
            format!("uv tool uninstall {DISTRIBUTION}"),
        )));
    }
    if has("pipx_metadata.json") {
        return Ok(Some(by(
            "pipx",
            format!("pipx upgrade {DISTRIBUTION}"),
            format!("pipx uninstall {DISTRIBUTION}"),
        )));
    }
    if let Some(installer) = installer(tree)? {
        let python = bin.join("python");
        let environment = has("pyvenv.cfg");
        let python = if environment { word(&python) } else { "python3".to_owned() };
        return Ok(Some(if installer == b"uv" {
            by(
                "uv",
                format!("uv pip install --python {python} --upgrade {DISTRIBUTION}"),
                format!("uv pip uninstall --python {python} {DISTRIBUTION}"),
            )
        } else {
            by(
                "pip",
                format!("{python} -m pip install --upgrade {DISTRIBUTION}"),
                format!("{python} -m pip uninstall {DISTRIBUTION}"),
            )
        }));
    }
    // Beside its `bin' cargo records what `cargo install' put there.
    if has(".crates.toml") {
        return Ok(Some(by(
            "cargo",
            "cargo install pyman".to_owned(),
            "cargo uninstall pyman".to_owned(),
        )));
    }
    // Cargo locks the folder that it builds into by this file.
    if disk::is_file(&bin.join(".cargo-lock")) {
        let renews = Some("cargo build --release".to_owned());
        return Ok(Some(Owner { name: "whoever built it", renews, removes: None }));
    }
    if program.components().any(|part| part.as_os_str() == "Cellar") {
        return Ok(Some(by(
            "Homebrew",
            "brew upgrade pyman".to_owned(),
            "brew uninstall pyman".to_owned(),
        )));
    }
    if is_debians(&program)? {
        return Ok(Some(by(
            "apt",
            "sudo apt-get install --only-upgrade pyman".to_owned(),
            "sudo apt-get purge pyman".to_owned(),
        )));
    }
    if disk::is_file(&layout::program(bin, "pyman-shim")) && bin.ends_with("bin") {
        let call = |what: &str| format!("PYMAN_ROOT={} {} self {what}", word(tree), word(&program));
        return Ok(Some(by("another root", call("update"), call("uninstall"))));
    }
    Ok(Some(unknown(&program)))
}

/// It was unpacked by hand, or by a package manager that we do not know.
fn unknown(program: &Path) -> Owner {
    let systems = ["/usr", "/bin", "/nix", "/opt", "/snap"];
    let local = program.starts_with("/usr/local");
    if !local && systems.iter().any(|place| program.starts_with(place)) {
        return Owner { name: "the system", renews: None, removes: None };
    }
    let removes = Some(format!("rm {}", quote::shown(program)));
    Owner { name: "whoever put it there", renews: None, removes }
}

/// What installed the distribution into a tree of Python's, by its own record.
fn installer(tree: &Path) -> Result<Option<Vec<u8>>, Error> {
    let mut libraries = vec![tree.join("Lib/site-packages")];
    for entry in disk::entries(&tree.join("lib"))? {
        if entry.name.as_encoded_bytes().starts_with(b"python") {
            let library = tree.join("lib").join(&entry.name);
            libraries.extend(["site-packages", "dist-packages"].map(|name| library.join(name)));
        }
    }
    for library in libraries {
        for entry in disk::entries(&library)? {
            let name = entry.name.as_encoded_bytes();
            if name.starts_with(RECORDED.as_bytes()) && name.ends_with(b".dist-info") {
                let file = library.join(&entry.name).join("INSTALLER");
                let said = disk::read_at_most(&file, 100)?.unwrap_or_default();
                return Ok(Some(said.trim_ascii().to_ascii_lowercase()));
            }
        }
    }
    Ok(None)
}

/// Whether the system's list of what the package has names it.
fn is_debians(program: &Path) -> Result<bool, Error> {
    let list = disk::read_at_most(Path::new("/var/lib/dpkg/info/pyman.list"), 1 << 20)?;
    let list = list.unwrap_or_default();
    Ok(list.split(|byte| *byte == b'\n').any(|line| line == program.as_os_str().as_encoded_bytes()))
}
