//! Installer scripts, Miniforge's and its like: run unattended, with nothing of the user's in reach.
//!
//! Such a script writes its prefix into everything it installs. It therefore runs against a twin of the final
//! path, and what it made is told the final one afterwards (see [`embedded`]).

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::checkpoint::Moment;
use super::compile::{Runner, Surroundings};
use super::embedded::{self, Replacement};
use super::finish::{Completion, Made};
use super::plan::Offer;
use super::stage::Stage;
use super::{Error, Session};
use crate::disk::{self, Privacy};
use crate::fetch::{self, Discard};
use crate::inventory::Origin;

/// Runs the script of an offer; the tree it makes names `prefix`.
pub(super) fn install(
    session: &Session<'_>,
    offer: &Offer,
    prefix: &Path,
    stage: &Stage,
    verbose: bool,
) -> Result<Made, Error> {
    // Conda's own rule; said before anything large is fetched.
    if prefix.as_os_str().as_encoded_bytes().iter().any(u8::is_ascii_whitespace) {
        let prefix = prefix.to_owned();
        return Err(Error::Prefix { prefix, why: "has a blank in it" });
    }
    let downloaded = fetch::download(
        session.client,
        &offer.wanted(),
        session.cache,
        &mut Discard,
        session.progress,
    )?;
    // Some of them refuse to run under a name without this ending.
    let script = stage.path("installer.sh");
    stage.directory().link("installer.sh", &downloaded.path)?;
    let twin = embedded::twin(session.places, stage, prefix)?;
    let tree = twin.tree.clone();
    run(session, offer, &script, &tree, stage, verbose)?;
    if !disk::is_directory(&tree) {
        return Err(Error::NoInterpreter(offer.build.file.clone()));
    }
    stage.reach(Moment::Unpacked);
    let task = session.progress.begin(&offer.build.release.name(), None);
    task.phase("relocating");
    Replacement::new(&tree, prefix)?.exchange(&tree, session.progress)?;
    stage.reach(Moment::Relocated);
    let origin = Origin::Installer {
        source: downloaded.source(&offer.build.file),
        sha256: downloaded.sha256.to_string(),
    };
    Ok(Made { tree, origin, former: Vec::new(), completion: Completion::None, around: twin.around })
}

/// Runs the script to its end: `-b` asks nothing and touches no start-up file, `-p` says where to.
fn run(
    session: &Session<'_>,
    offer: &Offer,
    script: &Path,
    tree: &Path,
    stage: &Stage,
    verbose: bool,
) -> Result<(), Error> {
    let (home, temporary) = (stage.path("home"), stage.path("tmp"));
    for name in ["home", "tmp"] {
        stage.directory().make_directory(name, Privacy::Secret)?;
    }
    let variables = session.variables;
    let surroundings = [
        ("PATH", variables.path()),
        // conda notes every prefix in ~/.conda/environments.txt, and heeds ~/.condarc.
        ("HOME", home.into()),
        ("TMPDIR", temporary.into()),
        ("LC_ALL", OsString::from("C")),
    ];
    let name = offer.build.release.name();
    let task = session.progress.begin(&name, None);
    task.phase("running its installer");
    let runner = Runner {
        directory: &stage.path("home"),
        surroundings: Surroundings::Only(&surroundings),
        log: stage.path("log"),
        verbose,
        progress: session.progress,
    };
    let shell = variables.program("bash").unwrap_or_else(|| PathBuf::from("/bin/sh"));
    let arguments = [script.as_os_str(), "-b".as_ref(), "-p".as_ref(), tree.as_os_str()];
    runner.run(&shell, arguments, None)?.map_err(|ended| {
        let said = ended.tail.into_iter().collect::<Vec<_>>().join("\n");
        Error::Installer { name, status: ended.status, said }
    })
}
