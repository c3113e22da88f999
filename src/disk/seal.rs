//! The mark in a directory by which what we made is known again: which directory it is in, since when that is, and under
//! which names it stands, or is to stand.
//!
//! It is whole, or empty, which is none: in a stage that has nothing else it is that of a maker who died just then.
//!
//! What a repository or an archive brings cannot say that; what another account renames loses it; nobody else can write it.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::entry::{Entry, Kind};
use super::opened::digest;
use super::{Directory, Privacy, kernel, system};

/// The mark's name.
pub(super) const MARK: &str = ".pyman-stage";

/// What the names of stages begin with that stand beside their goal.
pub(super) const BESIDE: &str = ".pyman-stage-";

/// The name of the mark of an environment that a command is not through with: a sealed text.
pub(crate) const UNFINISHED: &str = ".pyman-unfinished";

/// Longer sealed texts are none of ours. In bytes.
const LONGEST_TEXT: u64 = 8192;

/// No name has it.
const BETWEEN: u8 = 0;

/// Longer than any mark is.
const LONGEST: u64 = 1024;

/// Seals a directory: as a stage, as what came out of one and is not done yet, or as what is being removed where it stands.
/// `name` is the one under which it stands, or is to stand.
pub(super) fn put_mark(directory: &Directory, name: &OsStr) -> io::Result<()> {
    write_mark(directory, &[name.as_encoded_bytes()])
}

/// Seals a directory under one more name: it stays known under those it has.
pub(super) fn add_mark(directory: &Directory, name: &OsStr) -> io::Result<()> {
    let former = read_mark(directory)?.unwrap_or_default();
    let mut names = names(directory, &former)?;
    if !names.contains(&name.as_encoded_bytes()) {
        names.push(name.as_encoded_bytes());
    }
    write_mark(directory, &names)
}

fn write_mark(directory: &Directory, names: &[&[u8]]) -> io::Result<()> {
    let maker = maker(std::process::id());
    let mut names = names.to_vec();
    if WITHOUT_LOCKS.load(Ordering::Relaxed) {
        names.retain(|name| !name.starts_with(MAKER));
        names.push(&maker);
    }
    let names = &names;
    // What says something is replaced at one stroke: without it the directory would be nobody's.
    if directory.look(MARK)?.is_some_and(|found| found.is_file() && found.size > 0) {
        return directory
            .replace_by(MARK, Privacy::Secret, |mark| mark.write_all(&seal(directory, names)?));
    }
    let mut mark = directory.open_own(MARK, Privacy::Secret)?;
    // Known only now: a directory of a lower layer became another when the mark was made in it.
    let written = seal(directory, names).and_then(|seal| mark.write_all(&seal));
    written.inspect_err(|_| remove_mark(directory).unwrap_or_default())
}

/// What a mark says: which directory, since when, under which names.
fn seal(directory: &Directory, names: &[&[u8]]) -> io::Result<Vec<u8>> {
    let mut seal = identity(directory)?;
    seal.extend_from_slice(&names.join(&BETWEEN));
    Ok(seal)
}

/// The names of a mark that is this directory's own.
fn names<'a>(directory: &Directory, mark: &'a [u8]) -> io::Result<Vec<&'a [u8]>> {
    let identity = identity(directory)?;
    let names = mark.strip_prefix(identity.as_slice());
    Ok(names.map(|names| names.split(|byte| *byte == BETWEEN).collect()).unwrap_or_default())
}

/// Which directory it is, and when it was made: what nobody who brings a tree from elsewhere can know.
fn identity(directory: &Directory) -> io::Result<Vec<u8>> {
    // Devices, and where there are layers numbers too, change when a file system is mounted again.
    let identity = match system::born(directory)? {
        0 => format!("number {} ", directory.found()?.identity.inode),
        born => format!("born {born} "),
    };
    Ok(identity.into_bytes())
}

/// What the mark of our account in the directory says.
fn read_mark(directory: &Directory) -> io::Result<Option<Vec<u8>>> {
    match directory.look(MARK)? {
        Some(mark) if mark.is_file() && mark.is_own() && mark.size <= LONGEST => {
            directory.read(MARK)
        }
        Some(_) | None => Ok(None),
    }
}

/// Whether our account sealed the directory under this name.
pub(super) fn has_mark(directory: &Directory, name: &OsStr) -> io::Result<bool> {
    let Some(mark) = read_mark(directory)? else { return Ok(false) };
    Ok(names(directory, &mark)?.contains(&name.as_encoded_bytes()))
}

/// How the name in a mark begins that says who made it: no directory can have it.
const MAKER: &[u8] = b"made/by/";

/// A maker on another system is taken for dead when its mark is older: a build takes no longer.
const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// A process, and the system and container in which its number is its own.
fn maker(process: u32) -> Vec<u8> {
    [MAKER, kernel::instance().as_bytes(), b" ", process.to_string().as_bytes()].concat()
}

/// Whether a file system was met that keeps no locks: from then on marks say who made them.
static WITHOUT_LOCKS: AtomicBool = AtomicBool::new(false);

/// Whether the mark names a maker that lives, as far as can be told: asked where there are no locks, and nothing else
/// tells it.
pub(super) fn is_made_by_the_living(directory: &Directory) -> io::Result<bool> {
    WITHOUT_LOCKS.store(true, Ordering::Relaxed);
    let Some(mark) = read_mark(directory)? else { return Ok(false) };
    let names = names(directory, &mark)?;
    let Some(theirs) = names.iter().find(|name| name.starts_with(MAKER)) else {
        return Ok(false);
    };
    let process = theirs.rsplit(|byte| *byte == b' ').next().map(<[u8]>::to_vec);
    let process = process.and_then(|text| String::from_utf8(text).ok()?.parse().ok());
    if let Some(process) = process
        && maker(process) == *theirs
    {
        return Ok(system::lives(process));
    }
    let age = directory.look(MARK)?.and_then(|found| found.modified.elapsed().ok());
    Ok(age.is_none_or(|age| age < LONGEST_LIFE))
}

/// A text that holds for this directory alone, as a mark does: to be put into a file of it.
pub(crate) fn sealed(directory: &Directory, text: &[u8]) -> io::Result<Vec<u8>> {
    Ok([identity(directory)?, text.to_vec()].concat())
}

/// What the sealed text in a file of our account says; nothing where it is another directory's, or never was sealed.
pub(crate) fn unsealed(directory: &Directory, name: &str) -> io::Result<Option<Vec<u8>>> {
    let Some(found) = directory.look(name)? else { return Ok(None) };
    if !found.is_file() || !found.is_own() || found.size > LONGEST_TEXT {
        return Ok(None);
    }
    let Some(text) = directory.read(name)? else { return Ok(None) };
    Ok(text.strip_prefix(identity(directory)?.as_slice()).map(<[u8]>::to_vec))
}

/// Seals anew what was unfinished with one environment, for another that is the same again.
pub(crate) fn hand_on_unfinished(from: &Directory, to: &Directory) -> io::Result<()> {
    let Some(text) = unsealed(from, UNFINISHED)? else { return Ok(()) };
    to.replace_by(UNFINISHED, Privacy::Shared, |mark| mark.write_all(&sealed(to, &text)?))
}

/// Takes the mark away.
pub(super) fn remove_mark(directory: &Directory) -> io::Result<()> {
    directory.unlink(MARK)
}

/// Removes the mark of a stage that became its goal just before its maker died. That of a goal which is being removed where
/// it stands is no such mark: it names the goal itself.
pub(crate) fn forget_stage(goal: &Directory) -> io::Result<()> {
    let Some(mark) = read_mark(goal)? else { return Ok(()) };
    let name = goal.path().file_name().unwrap_or_default();
    // An empty one: who put it there died before it was written.
    let names = names(goal, &mark)?;
    if mark.is_empty() || !names.is_empty() && !names.contains(&name.as_encoded_bytes()) {
        return remove_mark(goal);
    }
    Ok(())
}

/// Under which name a directory is sealed that is to stay as `name`: no directory can have it, so that nothing takes it for
/// one that is being removed.
pub(super) fn kept(name: &OsStr) -> OsString {
    let mut kept = OsString::from("kept/");
    kept.push(name);
    kept
}

/// Whether this is the name of a stage that stands beside a goal.
pub(crate) fn is_stage(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(BESIDE.as_bytes()) || name == MARK
}

/// Sealed under this name; or empty, as it was just made, but for a mark that is not written yet.
pub(super) fn is_marked(directory: &Directory, name: &OsStr) -> io::Result<bool> {
    if has_mark(directory, name)? {
        return Ok(true);
    }
    let is_mark = |entry: &Entry| entry.name == MARK && entry.kind == Kind::File;
    Ok(directory.entries()?.iter().all(is_mark))
}

/// The name of the stage for a goal: short, whatever the goal's name.
pub(super) fn beside(goal: &OsStr) -> OsString {
    OsString::from(format!("{BESIDE}{:016x}", digest(goal.as_encoded_bytes())))
}
