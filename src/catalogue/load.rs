//! Puts a catalogue together: the tables or what replaces them, and the rows that were added.

use std::io;
use std::path::{Path, PathBuf};

use crate::catalogue::Catalogue;
use crate::catalogue::error::Error;
use crate::catalogue::release::Build;
use crate::catalogue::row;
use crate::catalogue::store;
use crate::disk::{self, Directory};
use crate::fetch::{self, Client, Url};
use crate::progress::Progress;

/// Where rows come from besides the program itself.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// A path or address of a catalogue in place of the embedded tables.
    pub replacement: Option<Url>,
    /// `$PYMAN_ROOT/catalogue`, whose `*.jsonl` add rows.
    pub directory: PathBuf,
}

impl Catalogue {
    /// Reads everything there is. What is wrong in a catalogue that was asked for is an error; a line
    /// that is wrong in one that only adds is noted and passed over, and the rest counts.
    pub fn load(places: &Places, client: &Client, progress: &dyn Progress) -> Result<Self, Error> {
        let mut catalogue = Self::embedded_only();
        for file in files(&places.directory)? {
            let Added { builds, checked, wrong } = Added::read(&file);
            catalogue.checked = catalogue.checked.max(checked);
            catalogue.added.extend(builds);
            if let Some(said) = wrong {
                progress.note(&said);
            }
        }
        if let Some(place) = &places.replacement {
            catalogue.replaced = true;
            catalogue.add(&replacement(place, &places.directory, client, progress)?, place)?;
        }
        Ok(catalogue)
    }

    /// Reads the rows of one file, for an install from it.
    pub fn from_file(file: &Path) -> Result<Self, Error> {
        let place = Url::from(file.to_path_buf());
        let text = store::read(file)?;
        let text =
            text.ok_or_else(|| disk::failed("open", file, io::ErrorKind::NotFound.into()))?;
        let mut catalogue = Self { replaced: true, ..Self::default() };
        catalogue.add(&text, &place)?;
        Ok(catalogue)
    }

    /// Adds every row of a catalogue that was asked for; an error when one of them is none.
    fn add(&mut self, text: &[u8], place: &Url) -> Result<(), Error> {
        for (line, read) in rows(text, place) {
            let malformed = |reason| Error::Malformed { place: place.to_string(), line, reason };
            self.added.push(read.map_err(malformed)?);
        }
        Ok(())
    }
}

/// The files of a directory that adds rows in which something is passed over, each with what is said of it.
pub fn damaged(directory: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let files = files(directory)?.into_iter();
    Ok(files.filter_map(|file| Added::read(&file).wrong.map(|said| (file, said))).collect())
}

/// What one file adds.
#[derive(Default)]
struct Added {
    builds: Vec<Build>,
    /// When the list it was read from was last asked.
    checked: Option<u64>,
    /// What is passed over: the file, or the first of its lines that say nothing, and how many there are.
    wrong: Option<String>,
}

impl Added {
    fn read(file: &Path) -> Self {
        let shown = file.display();
        let text = match store::read(file) {
            Ok(text) => text.unwrap_or_default(),
            Err(error) => {
                let why = match error.kind() {
                    io::ErrorKind::FileTooLarge => format!("more than {} bytes", store::LONGEST),
                    _ => error.to_string(),
                };
                let wrong = Some(format!("{shown} is passed over: {why}"));
                return Self { wrong, ..Self::default() };
            }
        };
        let (mut builds, mut wrong, mut count) = (Vec::new(), None, 0);
        for (line, read) in rows(&text, &Url::from(file.to_path_buf())) {
            match read {
                Ok(build) => builds.push(build),
                Err(reason) => {
                    wrong.get_or_insert((line, reason));
                    count += 1;
                }
            }
        }
        let more = match count {
            0 | 1 => String::new(),
            count => format!(" (and {} more of its lines)", count - 1),
        };
        let wrong = wrong
            .map(|(line, reason)| format!("{shown}, line {line} is passed over: {reason}{more}"));
        Self { builds, checked: store::checked(&text), wrong }
    }
}

/// Each line's number and what it says; blank ones and kinds of the future left out.
fn rows<'text>(
    text: &'text [u8],
    place: &'text Url,
) -> impl Iterator<Item = (usize, Result<Build, String>)> + 'text {
    // A byte order mark, with which editors of Windows begin a file.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    text.split(|byte| *byte == b'\n').enumerate().filter_map(move |(index, line)| {
        let read = row::read(line, place).transpose()?;
        Some((index + 1, read))
    })
}

/// The replacing catalogue's bytes: fetched when it changed, the kept copy when nobody answers.
fn replacement(
    place: &Url,
    directory: &Path,
    client: &Client,
    progress: &dyn Progress,
) -> Result<Vec<u8>, Error> {
    // What is here needs no copy for the time when nobody answers.
    if place.local().is_some() {
        return match fetch::document(client, place, None, store::LONGEST, progress)? {
            fetch::Document::Changed { body, .. } => Ok(body),
            fetch::Document::Unchanged => Ok(Vec::new()),
        };
    }
    let kept = store::Kept::of(directory, place);
    match fetch::document(client, place, kept.validator()?.as_deref(), store::LONGEST, progress) {
        Ok(fetch::Document::Changed { body, validator }) => {
            kept.keep(&body, validator.as_deref())?;
            Ok(body)
        }
        Ok(fetch::Document::Unchanged) => Ok(kept.read()?.unwrap_or_default()),
        Err(fetch::Error::Interrupted) => Err(fetch::Error::Interrupted.into()),
        Err(error) => match kept.read()? {
            Some(body) => {
                progress.note(&format!("{error}; the copy kept from last time is used"));
                Ok(body)
            }
            None => Err(error.into()),
        },
    }
}

/// The catalogues of a directory of ours, in order; none when there is no directory. Links to some are a person's.
fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(directory) = Directory::at(directory)? else { return Ok(Vec::new()) };
    let entries = directory.entries()?.into_iter().map(|entry| directory.join(entry.name));
    let mut files: Vec<PathBuf> = entries
        .filter(|file| file.extension().is_some_and(|extension| extension == "jsonl"))
        .filter(|file| disk::is_file(file))
        .collect();
    files.sort();
    Ok(files)
}
