//! Interpreters from elsewhere made versions, and versions unmade: for the commands that do so.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use crate::disk::Existing;
use crate::environment;
use crate::error::Error;
use crate::install::{Checkpoints, Place, Removal, Stage};
use crate::interpreter::Interpreter;
use crate::interpreter::link::{self, Adoption};
use crate::inventory::{self, Form, Installation};
use crate::operation::{Ground, dependents, rehash};
use crate::progress::Progress;

/// Makes a probed interpreter the version `name`, without a rehash; gives what stands there now.
pub(crate) fn adopt(
    ground: &Ground,
    interpreter: &Interpreter,
    name: &OsStr,
    progress: &dyn Progress,
) -> Result<Adoption, Error> {
    let places = ground.places();
    link::check_name(name, interpreter)?;
    if link::is_inside(&interpreter.executable, &places.versions()) {
        return Err(link::Error::Ours(interpreter.executable.clone()).into());
    }
    let adoption = Adoption::of(interpreter)?;
    place(ground, name, progress, |tree| adoption.make(tree))?;
    Ok(adoption)
}

/// Makes a whole tree, whatever is in it, the version `name`, without a rehash.
pub(crate) fn adopt_tree(
    ground: &Ground,
    tree: &Path,
    name: &OsStr,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let adoption = Adoption::Tree(tree.to_owned());
    place(ground, name, progress, |place| adoption.make(place))
}

/// Makes a version aside and gives it its name, which must be free.
fn place(
    ground: &Ground,
    name: &OsStr,
    progress: &dyn Progress,
    make: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<(), Error> {
    let places = &ground.places();
    let shown = name.to_string_lossy();
    let _lock = inventory::lock(places, &shown, &format!("linking {shown}"), progress)?;
    let target = places.version(name);
    let existing = match Installation::at(&target)? {
        None => Existing::Keep,
        Some(Installation { form: Form::Dangling(_), .. }) => Existing::Replace,
        Some(_) => {
            // It may be taken by the same command, killed before its end.
            rehash::mend(ground)?;
            return Err(link::Error::Taken(name.to_owned()).into());
        }
    };
    // Those made in a tree that had this name before lead nowhere now, and are forgotten: what has their names in
    // this tree is not ours to remove.
    environment::registered(places)?;
    let stage = Stage::begin(places, &shown, &Checkpoints::default())?;
    make(&stage.tree())?;
    stage.publish(&stage.tree(), &Place::of_version(places, name)?, existing)?;
    Ok(inventory::settle(places, None, progress)?)
}

/// Removes what [`adopt`] made, or a link made by hand to a tree elsewhere; without a rehash.
pub(crate) fn release(ground: &Ground, name: &OsStr, progress: &dyn Progress) -> Result<(), Error> {
    let places = ground.places();
    let path = places.version(name);
    let simple = Path::new(name).components().count() == 1 && path.file_name() == Some(name);
    let absent = || Error::from(link::Error::NotInstalled(name.to_owned()));
    if !simple {
        return Err(absent());
    }
    let shown = name.to_string_lossy();
    let _lock = inventory::lock(&places, &shown, &format!("unlinking {shown}"), progress)?;
    let installation = Installation::at(&path)?.ok_or_else(absent)?;
    let linked = match &installation.form {
        Form::Tree => link::is_adopted(&path)?,
        Form::Link(_) => {
            let inside = link::is_inside(&path, &places.versions());
            !inside && !ground.machine.is_environment(&path)?
        }
        Form::Shut => false,
        Form::Dangling(_) => true,
    };
    if !linked {
        return Err(link::Error::NotLinked(name.to_owned()).into());
    }
    if let Some(removal) = Removal::of(&places, name, &dependents::homes(ground)?)? {
        let inside = removal.links.iter().filter(|link| **link != path);
        if let Some(first) = removal.environments.iter().chain(inside).next() {
            let first = first.strip_prefix(places.versions()).unwrap_or(first).into();
            return Err(link::Error::Inhabited { name: name.to_owned(), first }.into());
        }
    }
    // Links first: so there is no moment at which a minor's leads nowhere.
    inventory::settle(&places, Some(name), progress)?;
    let stage = Stage::begin(&places, &shown, &Checkpoints::default())?;
    stage.take_away(&Place::of_version(&places, name)?)?;
    Ok(inventory::settle(&places, None, progress)?)
}

/// What a version is called when nobody says.
pub(crate) fn usual_name(interpreter: &Interpreter) -> OsString {
    interpreter.name().into()
}
