//! The first minute: the first version is chosen where nothing else is, and who has no shims on PATH is told.

use std::ffi::OsString;

use crate::error::Error;
use crate::operation::Ground;
use crate::operation::doctor;
use crate::operation::pins::{self, Check};

/// Set where `py` installs what it was told to run: nobody began anything then.
pub(crate) const FOR_PY: &str = "_PYMAN_FOR_PY";

/// Makes a version the global one where nothing is selected and PATH has no Python.
pub(crate) fn choose(ground: &Ground, name: &str) -> Result<(), Error> {
    let resolver = ground.resolver();
    let selected = resolver.pins().is_ok_and(|pins| !pins.entries.is_empty());
    if selected || resolver.system_python().is_some() {
        return Ok(());
    }
    let file = ground.root().join("version");
    pins::write(ground, &file, &[OsString::from(name)], Check::Installed)?;
    ground
        .say(&format!("{name} is the global version now: none was chosen, and PATH has no Python"));
    Ok(())
}

/// Says what puts the shims first on PATH where they are not; what is wrong besides is for `doctor`.
pub(crate) fn hint(ground: &Ground) {
    let shims = ground.root().join("shims");
    if ground.machine.search_path().first() == Some(&shims) {
        return;
    }
    let Some(finding) = doctor::of_path(ground) else { return };
    if let Some(mend) = finding.mend {
        ground.say(&format!("hint: run `{mend}': {}", finding.what));
    }
}
