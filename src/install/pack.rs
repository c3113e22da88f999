//! An installation becomes an archive that another machine installs: its tree without what is only ours here.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::Error;
use crate::archive::{self, Format, Packing, Stamps};
use crate::fetch::Sha256;
use crate::progress::Progress;

/// What was packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The archive.
    pub file: PathBuf,
    /// Its digest.
    pub sha256: Sha256,
    /// Its size in bytes.
    pub size: u64,
}

/// What another machine makes for itself, or has no use for.
const LEFT: [&str; 3] = [".pyman", "envs", "__pycache__"];

/// Packs the installation at `prefix` into `file`, whose name says the format; written beside and renamed.
///
/// Equal trees make equal archives. Absolute paths inside are mended where it is installed.
pub fn pack(prefix: &Path, file: &Path, progress: &dyn Progress) -> Result<Pack, Error> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let format =
        Format::of_name(&name).ok_or_else(|| archive::Error::UnknownFormat(file.to_owned()))?;
    let tree = fs_err::canonicalize(prefix)?;
    let keep = |path: &Path| {
        path.file_name()
            .is_none_or(|name| LEFT.iter().all(|left| name != std::ffi::OsStr::new(left)))
    };
    let packing = Packing {
        tree: &tree,
        top: Path::new("python"),
        format,
        stamps: Stamps::Fixed,
        keep: &keep,
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut aside = tempfile::Builder::new()
        .prefix(".pyman-pack")
        .tempfile_in(folder.unwrap_or_else(|| Path::new(".")))?;
    let mut writer = BufWriter::new(aside.as_file_mut());
    archive::pack(&packing, &mut writer, progress)?;
    writer.flush()?;
    drop(writer);
    let sha256 = Sha256::of_reader(aside.reopen()?)?;
    let size = aside.as_file().metadata()?.len();
    super::system::share(aside.path())?;
    aside.persist(file).map_err(|error| error.error)?;
    Ok(Pack { file: file.to_owned(), sha256, size })
}
