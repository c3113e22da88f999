//! Finished builds, kept as archives: the same build again is an unpack.
//!
//! A build is known by what went into it (sources, options, patches, flags, machine), not by where it was
//! to stand: an unpacked tree is relocated like any other. The archive's own digest is part of its name.

use std::path::{Path, PathBuf};

use crate::archive::{self, Format, Packing, Policy, Root, Stamps};
use crate::fetch::Sha256;
use crate::fetch::digest::Hasher;
use crate::progress::Progress;

use super::Error;
use super::stage::Stage;

/// How much of a digest a name carries: 64 bits tell any number of builds apart.
const DIGITS: usize = 16;

/// The archives of one build, present or not.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    folder: PathBuf,
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
        Self { folder: cache.join("builds"), stem: format!("{name}-{key}-") }
    }

    /// Unpacks the kept build into `tree`; false when there is none that is whole.
    pub(super) fn take(&self, tree: &Path, progress: &dyn Progress) -> Result<bool, Error> {
        let Some(kept) = self.kept()? else {
            return Ok(false);
        };
        let digest = Sha256::of_reader(fs_err::File::open(&kept)?)?;
        if kept.file_name() != Some(self.name(digest).as_ref()) {
            fs_err::remove_file(&kept)?;
            return Ok(false);
        }
        let policy = Policy { limits: None, root: Root::Single };
        archive::unpack_file(&kept, tree, &policy, progress)?;
        Ok(true)
    }

    /// Keeps the build at `tree`; a sibling in the stage is renamed into place.
    pub(super) fn put(
        &self,
        tree: &Path,
        stage: &Stage,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        fs_err::create_dir_all(&self.folder)?;
        let aside = self.folder.join(format!(".{}{}", self.stem, std::process::id()));
        stage.adopt(&aside)?;
        let packing = Packing {
            tree,
            top: Path::new("python"),
            format: Format::TarZst,
            stamps: Stamps::Kept,
            keep: &|_| true,
        };
        let file = fs_err::File::create(&aside)?;
        archive::pack(&packing, std::io::BufWriter::new(file), progress)?;
        let digest = Sha256::of_reader(fs_err::File::open(&aside)?)?;
        fs_err::rename(&aside, self.folder.join(self.name(digest)))?;
        Ok(())
    }

    fn name(&self, digest: Sha256) -> String {
        let digest = digest.to_string();
        format!("{}{}.tar.zst", self.stem, digest.get(..DIGITS).unwrap_or(&digest))
    }

    fn kept(&self) -> Result<Option<PathBuf>, Error> {
        let entries = match fs_err::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().as_encoded_bytes().starts_with(self.stem.as_bytes()) {
                return Ok(Some(entry.path()));
            }
        }
        Ok(None)
    }
}
