//! This program in a root renewed, or put back to the one before.
//!
//! # The way of the new one
//!
//! *Fetched* into the cache by its digest; *unpacked* in the stage, and started there once; the program that runs gets its
//! second name, under which it is kept; the new one gets the first by one rename. It writes its own shims then, as the old
//! one's stay until that is done. Whoever is killed on the way leaves the old one or the new one, whole: the same command
//! goes on from there.

use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

use super::owner;
use super::release::{Offer, Place};
use crate::archive::{self, Policy, Root};
use crate::compatibility::Release;
use crate::disk::{self, Directory, Privacy};
use crate::error::{Error, Refused};
use crate::fetch::{self, Client, Discard};
use crate::install::{Checkpoints, Stage};
use crate::interpreter;
use crate::inventory::{self, Folder};
use crate::operation::{Ground, cache, rehash};
use crate::progress::Progress;
use crate::shell::PROGRAM;

/// The name under which the program before this one is kept. No word of pyman's leads to it, as one would to `pyman-…`.
pub(super) const PREVIOUS: &str = "pyman.previous";
/// Where a program that runs stands until nobody runs it any more, where one that runs cannot be replaced.
pub(super) const ASIDE: &str = "pyman.aside";

/// What came of renewing.
#[derive(Debug)]
pub(crate) enum Renewed {
    /// This is what there is.
    Already(Release),
    /// It was replaced.
    Yes {
        /// By what.
        offer: Box<Offer>,
        /// The one that ran until now.
        former: Release,
    },
}

/// The newest release that is offered, where it is newer than this one, or that very version; and this one's own.
pub(crate) fn look(
    ground: &Ground,
    wanted: Option<&Release>,
    client: &Client,
    progress: &dyn Progress,
) -> Result<(Option<Offer>, Release), Error> {
    let own = own()?;
    let offer = Place::of(ground)?.find(wanted, client, progress)?;
    if offer.release == own {
        return Ok((None, own));
    }
    if wanted.is_none() && offer.release < own {
        let offered = offer.release.to_string();
        return Err(Refused::Older { installed: own.to_string(), offered }.into());
    }
    Ok((Some(offer), own))
}

/// Replaces the program of this root by the newest, or by the version that is wanted.
pub(crate) fn update(
    ground: &Ground,
    wanted: Option<&Release>,
    client: &Client,
    progress: &dyn Progress,
) -> Result<Renewed, Error> {
    owner::own(ground)?;
    let _lock = lock(ground, progress)?;
    let (offer, former) = look(ground, wanted, client, progress)?;
    let Some(offer) = offer else {
        mend(ground)?;
        return Ok(Renewed::Already(former));
    };
    cache::make(ground)?;
    let cache = cache::directory(ground)?;
    let file = fetch::download(client, &offer.wanted(), cache, &mut Discard, progress)?;
    let stage = Stage::begin(&ground.places(), PROGRAM, &Checkpoints::default())?;
    let policy = Policy::limited(Root::Single);
    archive::unpack_file(&file.path, &stage.tree(), &policy, progress)?;
    let program = stage.tree().join(PROGRAM);
    let Some(bytes) = disk::read(&program)? else {
        return Err(Refused::NoProgram(offer.wanted().file_name).into());
    };
    // Started before it has the name: one that does not start here (another C library) replaces none that does.
    starts(&program, &stage.path("root"), Some(&offer.release))?;
    let bin = ground.places().make(Folder::Programs)?;
    bin.sweep_temporaries()?;
    give(&bin, PREVIOUS, &bin.join(PROGRAM))?;
    put(&bin, &bytes)?;
    drop(stage);
    forget(cache, &offer.wanted().file_name)?;
    write_shims(ground)?;
    Ok(Renewed::Yes { offer: Box::new(offer), former })
}

/// Puts the program that was kept back in its place; which one it is, and which one it replaced.
pub(crate) fn roll_back(
    ground: &Ground,
    progress: &dyn Progress,
) -> Result<(Release, Release), Error> {
    owner::own(ground)?;
    let _lock = lock(ground, progress)?;
    let own = own()?;
    let bin = ground.places().make(Folder::Programs)?;
    if !bin.look(PREVIOUS)?.is_some_and(|found| found.is_file() && !found.is_strangers()) {
        // It may be in its place already, by a run that died there.
        mend(ground)?;
        return Err(Refused::NoPrevious.into());
    }
    let release = starts(&bin.join(PREVIOUS), &bin.join("no-root"), None)?;
    match bin.rename(PREVIOUS, &bin, PROGRAM) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            stand_aside(&bin)?;
            bin.rename(PREVIOUS, &bin, PROGRAM)?;
        }
        renamed => renamed?,
    }
    write_shims(ground)?;
    Ok((release, own))
}

/// One at a time: what a second one would keep is the first one's, half done.
fn lock(ground: &Ground, progress: &dyn Progress) -> Result<disk::Lock, Error> {
    Ok(inventory::lock(&ground.places(), "self", "renewing pyman", progress)?)
}

fn own() -> Result<Release, Error> {
    // A program whose own version is none was built from other sources than these.
    Ok(Release::own().ok_or_else(|| Refused::NoStart("it has no version".to_owned()))?)
}

/// What a run that died after a program had its name left undone: not all shims need be that program's yet.
fn mend(ground: &Ground) -> Result<(), Error> {
    rehash::leftovers(ground)?;
    rehash::now(ground).map(drop)
}

/// Gives a program a name in `bin`: it is that file, or a copy.
pub(super) fn give(bin: &Directory, name: &str, program: &Path) -> Result<(), Error> {
    let (folder, file) = disk::parts(program, "link")?;
    if bin.point_hard(name, &Directory::open(folder)?, file).is_ok() {
        return Ok(());
    }
    // Another file system, or a file that is another account's.
    let Some(bytes) = disk::read(program)? else { return Ok(()) };
    Ok(bin.replace(name, &bytes, Privacy::Program)?)
}

/// Puts a program in its place.
fn put(bin: &Directory, bytes: &[u8]) -> Result<(), Error> {
    match bin.replace(PROGRAM, bytes, Privacy::Program) {
        // Windows replaces no program that runs; renaming it is well.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            stand_aside(bin)?;
            Ok(bin.replace(PROGRAM, bytes, Privacy::Program)?)
        }
        replaced => Ok(replaced?),
    }
}

fn stand_aside(bin: &Directory) -> Result<(), Error> {
    bin.unlink(ASIDE)?;
    Ok(bin.rename(PROGRAM, bin, ASIDE)?)
}

/// The download has served.
fn forget(cache: &Path, name: &str) -> Result<(), Error> {
    match Directory::at(cache)? {
        Some(cache) => Ok(cache.unlink(name)?),
        None => Ok(()),
    }
}

/// Starts a program once, with nothing of the caller's: it says which one it is, and is the one that it should be.
fn starts(program: &Path, root: &Path, wanted: Option<&Release>) -> Result<Release, Error> {
    let mut command = Command::new(program);
    command.arg("--version").env_clear().env("PYMAN_ROOT", root);
    let no_start = |why: String| Error::from(Refused::NoStart(why));
    let output = run(&mut command).map_err(|error| no_start(error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let line = said.lines().next().unwrap_or_default();
    match Release::said(line) {
        Some(release) if wanted.is_none_or(|wanted| *wanted == release) => Ok(release),
        Some(_) | None => {
            let heard = String::from_utf8_lossy(&output.stderr);
            let heard =
                if line.is_empty() { heard.lines().last().unwrap_or_default() } else { line };
            let heard: String = heard.chars().take(200).collect();
            Err(no_start(format!("it says `{}'", heard.escape_debug())))
        }
    }
}

/// Which release a program says that it is; none when it says nothing of the kind.
pub(super) fn release(program: &Path) -> Option<Release> {
    starts(program, &program.with_file_name("no-root"), None).ok()
}

/// Has the program that is in its place now write its shims, and what shells read.
fn write_shims(ground: &Ground) -> Result<(), Error> {
    let program = ground.places().folder(Folder::Programs).join(PROGRAM);
    let mut command = Command::new(&program);
    command.arg("rehash").env("PYMAN_ROOT", ground.root());
    let output =
        run(&mut command).map_err(|source| Error::NotRunnable { program, found: true, source })?;
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        ground.say(line);
    }
    Ok(())
}

/// Runs a program to its end, be it one that was written just now.
fn run(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    interpreter::start(command, &mut thread::sleep)?.wait_with_output()
}
