//! Finished builds, kept as archives: the same build again is an unpack.
//!
//! A build is known by what went into it (sources, options, patches, flags, machine), not by where it was
//! to stand: an unpacked tree is relocated like any other. The archive's own digest is part of its name.

use std::ffi::OsString;
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};

use crate::archive::{self, Format, Packing, Policy, Root, Stamps};
use crate::disk::{self, Directory, Privacy};
use crate::fetch::Sha256;
use crate::fetch::digest::Hasher;
use crate::progress::Progress;

use super::Error;
use super::stage::Stage;

/// Where archives stand in the cache.
const FOLDER: &str = "builds";

/// How much of a digest a name carries: 64 bits tell any number of builds apart.
const DIGITS: usize = 16;

/// The archives of one build, present or not.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    cache: PathBuf,
    /// `3.13.5-0123456789abcdef-`: what names of its archives begin with.
    stem: String,
}

impl Shelf {
    /// The shelf for sources of this digest, built with these traits.
    pub(super) fn of(cache: &Path, name: &str, sources: Sha256, traits: &[String]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(sources.bytes());
        for each in traits {
            hasher.update(each.as_bytes());
            hasher.update(b"\0");
        }
        let key = hasher.finish().to_string();
        let key = key.get(..DIGITS).unwrap_or(&key);
        Self { cache: cache.to_owned(), stem: format!("{name}-{key}-") }
    }

    /// Whether a build of this name is kept, whatever it was made of and how.
    pub(super) fn has_any(cache: &Path, name: &str) -> Result<bool, Error> {
        let any = Self { cache: cache.to_owned(), stem: format!("{name}-") };
        Ok(any.kept()?.is_some())
    }

    /// Unpacks the kept build into `tree`; false when there is none that is whole.
    pub(super) fn take(&self, tree: &Path, progress: &dyn Progress) -> Result<bool, Error> {
        let Some((folder, name)) = self.kept()? else { return Ok(false) };
        let Some(file) = folder.open_file(&name)? else { return Ok(false) };
        let digest = Sha256::of_reader(file)?;
        if name != self.name(digest).as_str() {
            folder.unlink(&name)?;
            return Ok(false);
        }
        // Our own, as its digest just said: limits are for what others pack.
        let policy = Policy { limits: None, root: Root::Single };
        archive::unpack_file(&folder.join(&name), tree, &policy, progress)?;
        Ok(true)
    }

    /// Keeps the build at `tree`: written in the stage, then renamed to where it is looked for.
    pub(super) fn put(
        &self,
        tree: &Path,
        stage: &Stage,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let folder = Directory::make_cache(&self.cache)?.make_below(FOLDER)?;
        folder.sweep_temporaries()?;
        let packing = Packing {
            tree,
            top: Path::new("python"),
            format: Format::TarZst,
            stamps: Stamps::Kept,
            keep: &|_| true,
            label: None,
        };
        let packed = stage.path("packed");
        let file = stage.directory().create("packed", Privacy::Shared)?;
        archive::pack(&packing, std::io::BufWriter::new(file), progress)?;
        let Some(mut file) = disk::open(&packed)? else {
            return Err(Error::Nothing(self.stem.clone()));
        };
        let digest = Sha256::of_reader(&mut file)?;
        // By its bytes where the cache is on another disk than the stage.
        let name = self.name(digest);
        match stage.directory().rename("packed", &folder, &name) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                file.rewind()?;
                folder.replace_by(&name, Privacy::Shared, |copy| {
                    io::copy(&mut file, copy).map(|_| ())
                })?;
            }
            result => result?,
        }
        Ok(())
    }

    fn name(&self, digest: Sha256) -> String {
        let digest = digest.to_string();
        format!("{}{}.tar.zst", self.stem, digest.get(..DIGITS).unwrap_or(&digest))
    }

    /// The archive of this build that our account made: another's could hold anything.
    fn kept(&self) -> Result<Option<(Directory, OsString)>, Error> {
        if !disk::is_directory(&self.cache) {
            return Ok(None);
        }
        let Some(folder) = Directory::open(&self.cache)?.below(FOLDER)? else { return Ok(None) };
        for entry in folder.entries()? {
            let named = entry.name.as_encoded_bytes().starts_with(self.stem.as_bytes());
            let found = if named { folder.look(&entry.name)? } else { None };
            if found.is_some_and(|found| found.is_file() && found.is_own()) {
                return Ok(Some((folder, entry.name)));
            }
        }
        Ok(None)
    }
}
