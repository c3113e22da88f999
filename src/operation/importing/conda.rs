//! conda and its distributions: their trees as versions, and the environments that stand elsewhere.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::error::Error;
use crate::operation::Ground;
use crate::operation::importing::step::{Step, absent, link_step, text};

/// Where its installers put it when nobody says otherwise.
const USUAL: [&str; 5] = ["miniforge3", "miniconda3", "anaconda3", "mambaforge", "micromamba"];

pub(super) fn steps(ground: &Ground) -> Result<Vec<Step>, Error> {
    let home = ground.machine.home().ok_or(Error::NoHome)?;
    let usual = USUAL.iter().flat_map(|name| [home.join(name), Path::new("/opt").join(name)]);
    let mut found: Vec<PathBuf> =
        usual.chain(["/opt/conda".into()]).filter(|tree| is_conda(tree)).collect();
    let bases = found.clone();
    let listed = text(&home.join(".conda/environments.txt"))?;
    for tree in listed.lines().map(str::trim).filter(|line| !line.is_empty()).map(PathBuf::from) {
        // What stands inside a base is listed with it: `miniforge3/envs/web`.
        let within = bases.iter().any(|base| tree.starts_with(base));
        if !within && is_conda(&tree) && !found.contains(&tree) {
            found.push(tree);
        }
    }
    if found.is_empty() {
        return Err(absent("conda", &home.join("miniforge3")));
    }
    let name = |tree: &Path| tree.file_name().unwrap_or(OsStr::new("conda")).to_owned();
    found.into_iter().map(|tree| link_step(ground, &name(&tree), tree)).collect()
}

/// Every tree of conda's has this directory.
fn is_conda(tree: &Path) -> bool {
    disk::is_directory(&tree.join("conda-meta"))
}
