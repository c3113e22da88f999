//! A bundle → an environment: unpacked aside, judged, every digest compared, put on a base, renamed.

use std::path::{Path, PathBuf};

use super::{MANIFEST, Manifest, TOP, TREE};
use crate::archive::{Policy, Root, unpack_file};
use crate::environment::create::{self, BeginWith, Making, Order, Packages};
use crate::environment::relocate::Relocation;
use crate::environment::stage::{self, Stage};
use crate::environment::{Base, Error, goal};
use crate::fetch::Sha256;
use crate::inventory::Places;
use crate::progress::Progress;

/// A bundle unpacked aside, to be put on a base.
#[derive(Debug)]
pub struct Unbundled {
    /// What it says of itself.
    pub manifest: Manifest,
    stage: Stage,
    goal: PathBuf,
}

/// Within the stage: the bundle as unpacked.
const UNPACKED: &str = ".bundle";

impl Unbundled {
    /// Unpacks `file` beside `goal`, which must be free, and compares every digest.
    pub fn open(file: &Path, goal: &Path, progress: &dyn Progress) -> Result<Self, Error> {
        goal::judge(goal)?;
        super::super::moving::is_free(goal)?;
        let stage = Stage::begin(goal, progress)?;
        let unpacked = stage.tree().join(UNPACKED);
        let policy = Policy { limits: None, root: Root::Below(TOP.as_bytes().to_vec()) };
        unpack_file(file, &unpacked, &policy, progress)?;
        let text = fs_err::read(unpacked.join(MANIFEST))
            .map_err(|_| Error::Bundle("it has no manifest".into()))?;
        let manifest = Manifest::parse(&text)?;
        let this = Self { manifest, stage, goal: goal.to_owned() };
        this.verify(progress)?;
        Ok(this)
    }

    /// Whether it can be used here; another X.Y or machine is refused, naming both.
    pub fn judge(&self, base: &Base, platform: Option<&str>) -> Result<(), Error> {
        let here = base.minor();
        if self.manifest.minor != here {
            let there = &self.manifest.minor;
            return Err(Error::Bundle(format!("it is for Python {there}, not {here}")));
        }
        match (&self.manifest.platform, platform) {
            (Some(there), Some(here)) if there != here => {
                Err(Error::Bundle(format!("it is for {there}, not {here}")))
            }
            (Some(_) | None, _) => Ok(()),
        }
    }

    /// Puts it on the base and in its place.
    pub fn finish(
        self,
        base: &Base,
        places: &Places,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let making = Making {
            base_packages: if self.manifest.system_site_packages {
                Packages::Seen
            } else {
                Packages::Hidden
            },
            prompt: self.manifest.prompt.clone(),
            begin_with: BeginWith::Nothing,
            ..Making::default()
        };
        let order = Order { goal: &self.goal, base, making: &making, places };
        create::furnish(&self.stage, &order, &[], progress)?;
        let unpacked = self.stage.tree().join(UNPACKED);
        merge(&unpacked.join(TREE), self.stage.tree())?;
        stage::remove(&unpacked)?;
        let former = [PathBuf::from(&self.manifest.prefix)];
        Relocation { tree: self.stage.tree(), former: &former, goal: &self.goal }.apply()?;
        if progress.interrupted() {
            return Err(Error::Interrupted);
        }
        self.stage.publish()
    }

    fn verify(&self, progress: &dyn Progress) -> Result<(), Error> {
        let tree = self.stage.tree().join(UNPACKED).join(TREE);
        for (path, digest) in &self.manifest.files {
            if progress.interrupted() {
                return Err(Error::Interrupted);
            }
            let file = goal::normal(Path::new("/"), Path::new(path));
            let file = tree.join(file.strip_prefix("/").unwrap_or(&file));
            let found = match fs_err::File::open(&file) {
                Ok(file) => Sha256::of_reader(file)?.to_string(),
                Err(_) => return Err(Error::Bundle(format!("`{path}' is missing in it"))),
            };
            if found != *digest {
                return Err(Error::Bundle(format!("`{path}' in it is not what was bundled")));
            }
        }
        Ok(())
    }
}

/// Moves everything in `from` to `to`; directories that both have become one.
fn merge(from: &Path, to: &Path) -> Result<(), Error> {
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let both = entry.file_type()?.is_dir()
            && fs_err::symlink_metadata(&target).is_ok_and(|there| there.is_dir());
        if both {
            merge(&entry.path(), &target)?;
        } else {
            stage::remove(&target)?;
            fs_err::rename(entry.path(), &target)?;
        }
    }
    Ok(())
}
