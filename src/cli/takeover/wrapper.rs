//! virtualenvwrapper: its environments stay where `workon` finds them, and become selectable by name.

use crate::cli::context::Context;
use crate::cli::takeover::step::{Step, absent, link_step, place, trees};
use crate::disk;
use crate::error::Error;

pub(super) fn steps(context: &Context) -> Result<Vec<Step>, Error> {
    let directory = place(context, "WORKON_HOME", ".virtualenvs")?;
    let mut environments = trees(&directory)?;
    environments.retain(|tree| disk::is_file(&tree.join("bin/activate")));
    if environments.is_empty() {
        return Err(absent("virtualenvwrapper", &directory));
    }
    let step = |tree: std::path::PathBuf| {
        let name = tree.file_name().unwrap_or_default().to_owned();
        link_step(context, &name, tree)
    };
    environments.into_iter().map(step).collect()
}
