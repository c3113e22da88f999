//! An installation becomes an archive that another machine installs: its tree without what is only ours here.

use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Error;
use crate::archive::{self, Format, Packing, Stamps};
use crate::compatibility::Writer;
use crate::disk::{self, Privacy};
use crate::fetch::Sha256;
use crate::inventory;
use crate::progress::{Heeding, Progress};

/// What was packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pack {
    /// The archive.
    pub file: PathBuf,
    /// Its digest.
    pub sha256: Sha256,
    /// Its size in bytes.
    pub size: u64,
}

/// What a pack says of itself, in its tree until that is installed. Packs of before 0.2 and other archives say nothing.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    /// The form of the pack.
    format: u32,
    /// The pyman that made it.
    #[serde(default)]
    pyman: Writer,
}

/// Where the label is.
const LABEL: &str = ".pyman/pack.json";

/// The only form there has been.
const FORMAT: u32 = 1;

/// What another machine makes for itself, or has no use for.
const LEFT: [&str; 3] = [".pyman", "envs", "__pycache__"];

/// Packs the installation at `prefix` into `file`, whose name says the format; written beside and renamed.
///
/// Equal trees make equal archives, of the same pyman. Absolute paths inside are mended where it is installed.
pub(crate) fn pack(prefix: &Path, file: &Path, progress: &dyn Progress) -> Result<Pack, Error> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let format =
        Format::of_name(&name).ok_or_else(|| archive::Error::UnknownFormat(file.to_owned()))?;
    let tree = disk::canonical(prefix)?.unwrap_or_else(|| prefix.to_owned());
    let keep = |path: &Path| {
        path.file_name()
            .is_none_or(|name| LEFT.iter().all(|left| name != std::ffi::OsStr::new(left)))
    };
    let label = serde_json::to_vec(&Label { format: FORMAT, pyman: Writer::this() })
        .map_err(io::Error::other)?;
    let packing = Packing {
        tree: &tree,
        top: Path::new("python"),
        format,
        stamps: Stamps::Fixed,
        keep: &keep,
        label: Some((Path::new(LABEL), &label)),
    };
    let (mut sha256, mut size) = (None, 0);
    let mut failed = None;
    let written = disk::replace_by(file, Privacy::Shared, |beside| {
        let mut writer = BufWriter::new(beside.file());
        let packed = archive::pack(&packing, &mut writer, progress);
        writer.flush()?;
        drop(writer);
        if let Err(error) = packed {
            // Carried past the floor for files, which knows no errors but the system's.
            failed = Some(error);
            return Err(io::Error::other("it was not packed"));
        }
        beside.rewind()?;
        size = beside.metadata()?.len();
        sha256 = Some(Sha256::of_reader(Heeding::new(&mut *beside, progress))?);
        Ok(())
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    if written.is_err() && progress.interrupted() {
        return Err(Error::Interrupted);
    }
    written?;
    let sha256 = sha256.ok_or(Error::Nothing(name))?;
    Ok(Pack { file: file.to_owned(), sha256, size })
}

/// Takes the label off the tree that was unpacked from `source_name`; refuses one of a form that only a later pyman knows.
///
/// Who wrote it does not matter otherwise: a tree is a tree, whichever pyman packed it.
pub(super) fn unlabel(tree: &Path, source_name: &str) -> Result<(), Error> {
    let file = tree.join(LABEL);
    let Some(text) = disk::read_at_most(&file, 1 << 16)? else { return Ok(()) };
    match serde_json::from_slice::<Label>(&text) {
        Ok(label) if label.format > FORMAT => {
            let (path, writer) = (PathBuf::from(source_name), label.pyman);
            Err(inventory::Error::Newer { path, writer }.into())
        }
        // Of another shape it is no label, and goes with whatever else an archive brings where the receipt is to be.
        Ok(_) | Err(_) => Ok(disk::unlink(&file)?),
    }
}
