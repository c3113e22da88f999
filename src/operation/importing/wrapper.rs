//! virtualenvwrapper: its environments stay where `workon` finds them, and become selectable by name.

use crate::disk;
use crate::error::Error;
use crate::operation::Ground;
use crate::operation::importing::step::{Step, absent, link_step, place, trees};

pub(super) fn steps(ground: &Ground) -> Result<Vec<Step>, Error> {
    let directory = place(ground, "WORKON_HOME", ".virtualenvs")?;
    let mut environments = trees(&directory)?;
    environments.retain(|tree| disk::is_file(&tree.join("bin/activate")));
    if environments.is_empty() {
        return Err(absent("virtualenvwrapper", &directory));
    }
    let step = |tree: std::path::PathBuf| {
        let name = tree.file_name().unwrap_or_default().to_owned();
        link_step(ground, &name, tree)
    };
    environments.into_iter().map(step).collect()
}
