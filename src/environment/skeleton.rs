//! The tree of an environment for 3.3 and later (PEP 405): links to the base, and no Python started; and the commands in it
//! that belong to no package: `pydoc`, and what pyenv-virtualenv adds, the base's `python*-config`, which builds of native
//! extensions look for beside the interpreter.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::{Layout as Trees, Version};

use crate::disk::{self, Directory, Kind, Privacy, Way};
use crate::environment::order::{Order, Packages, Programs};
use crate::environment::{Base, Config, Error, Implementation, Layout, config, layout};
use crate::rehash::{self, Console};
use crate::relocate::header;

/// Makes everything but packages and activation scripts below `layout`, as it will be at `goal`.
pub(super) fn make(layout: &Layout, goal: &Path, order: &Order<'_>) -> Result<(), Error> {
    let tree = Directory::open(layout.directory())?;
    tree.make_within(&layout.packages_within())?;
    tree.make_directory("include", Privacy::Program)?;
    name_interpreter(&tree, order)?;
    // Whoever keeps the environment in a repository did not mean to.
    tree.write_new(".gitignore", b"*\n", Privacy::Shared)?;
    configure(layout, goal, order)
}

/// Makes the directory of commands with the interpreter under all its names, linked or copied as the order has it: where
/// copies are asked for there is no symbolic link at all.
pub(super) fn name_interpreter(tree: &Directory, order: &Order<'_>) -> Result<(), Error> {
    let Order { base, making, .. } = *order;
    let commands = tree.make_below(layout::COMMANDS)?;
    if Trees::HERE.has_redirectors() {
        return redirect(&commands, base);
    }
    let python = OsStr::new("python");
    // 2.7 finds its library from where its binary stands.
    if making.programs == Programs::Copies || base.version.major < 3 {
        copy_program(&commands, python, &base.executable)?;
        shared_libraries(tree, base, making.programs)?;
    } else {
        commands.link(python, &base.executable)?;
    }
    for name in other_names(base) {
        match making.programs {
            Programs::Links => commands.link(&name, Path::new(python))?,
            Programs::Copies => share_program(&commands, python, OsStr::new(&name))?,
        }
    }
    if cfg!(target_pointer_width = "64") && making.programs == Programs::Links {
        tree.link("lib64", Path::new("lib"))?;
    }
    Ok(())
}

/// Where venv keeps its redirectors, counted from the library.
const REDIRECTORS: &str = "venv/scripts/nt";

/// What an environment has where no link leads to its base's interpreter, and venv's redirectors for it, the first that is
/// there: 3.13 has launchers by name, what installers write is called as it will be.
const REDIRECTED: [(&str, [&str; 2], Console); 2] = [
    ("python.exe", ["venvlauncher.exe", "python.exe"], Console::Wanted),
    ("pythonw.exe", ["venvwlauncher.exe", "pythonw.exe"], Console::Unwanted),
];

/// Puts the programs that start the base's interpreter into the commands of an environment, over what stands there: venv's
/// own, else our shim, which stands for what `pyvenv.cfg` names. An interpreter that knows of no redirectors is copied,
/// with the libraries beside it.
pub(super) fn redirect(commands: &Directory, base: &Base) -> Result<(), Error> {
    let knows =
        base.implementation == Implementation::CPython && base.version >= Version::new(3, 7, 2);
    let place = base.prefix.join(base.library_within()).join(REDIRECTORS);
    for (name, redirectors, console) in REDIRECTED {
        let program = base.home.join(name);
        let redirector = redirectors.map(|name| place.join(name));
        let redirector = redirector.into_iter().find(|file| disk::is_file(file));
        match redirector.filter(|_| knows) {
            Some(redirector) => copy_program(commands, OsStr::new(name), &redirector)?,
            None if knows => {
                let bytes = rehash::bytes(console);
                commands.replace(OsStr::new(name), &bytes, Privacy::Program)?;
            }
            None if disk::is_file(&program) => copy_program(commands, OsStr::new(name), &program)?,
            None => {}
        }
    }
    if !knows {
        for disk::Entry { name, .. } in disk::entries(&base.home)? {
            let path = PathBuf::from(&name);
            if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("dll")) {
                copy_program(commands, &name, &base.home.join(path))?;
            }
        }
    }
    Ok(())
}

/// Writes `pyvenv.cfg`: last of all, since by it an environment is known.
pub(super) fn configure(layout: &Layout, goal: &Path, order: &Order<'_>) -> Result<(), Error> {
    let base = order.base;
    let home = base.home.to_str().ok_or_else(|| Error::Path {
        path: base.home.clone(),
        why: "pyvenv.cfg cannot carry a base whose path is not UTF-8".into(),
    })?;
    let seen = match order.making.base_packages {
        Packages::Seen => "true",
        Packages::Hidden => "false",
    };
    let mut config = Config::default();
    config.set("home", home);
    config.set("include-system-site-packages", seen);
    config.set("version", base.version.to_string());
    config.set("executable", resolved(&base.executable));
    config.set("command", command(goal, base));
    if base.version.major < 3 {
        // 2.7 cannot say it when asked: `sys.base_prefix` came with 3.3.
        config.set("base-prefix", base.prefix.to_string_lossy());
    }
    if let Some(prompt) = &order.making.prompt {
        config.set_prompt(prompt);
    }
    let tree = Directory::open(layout.directory())?;
    Ok(tree.write_new(config::FILE, config.text().as_bytes(), Privacy::Shared)?)
}

/// The command that makes the same again.
pub(super) fn command(goal: &Path, base: &Base) -> String {
    format!("pyman venv create -p {} {}", base.version, goal.display())
}

pub(super) fn resolved(executable: &Path) -> String {
    let resolved = disk::canonical(executable).unwrap_or_default();
    resolved.unwrap_or_else(|| executable.to_owned()).display().to_string()
}

/// Puts a copy of a program under a name, over what stands there.
pub(super) fn copy_program(to: &Directory, name: &OsStr, program: &Path) -> Result<(), Error> {
    let Some(mut source) = disk::open(program)? else {
        return Err(Error::NoPython(program.to_owned()));
    };
    let copied =
        to.replace_by(name, Privacy::Program, |file| io::copy(&mut source, file).map(drop));
    Ok(copied?)
}

/// Gives a program of the directory another name: it is the same file where that can be, else a copy.
pub(super) fn share_program(
    commands: &Directory,
    program: &OsStr,
    name: &OsStr,
) -> Result<(), Error> {
    match commands.point_hard(name, commands, program) {
        Err(error) if disk::cannot_link(&error) => {
            copy_program(commands, name, &commands.join(program))
        }
        result => Ok(result?),
    }
}

/// Brings the library that a copied interpreter may look for beside itself.
pub(super) fn shared_libraries(
    tree: &Directory,
    base: &Base,
    programs: Programs,
) -> Result<(), Error> {
    let from = base.prefix.join("lib");
    let to = tree.make_below("lib")?;
    for disk::Entry { name, kind, .. } in disk::entries(&from)? {
        if !name.as_encoded_bytes().starts_with(b"libpython") {
            continue;
        }
        match programs {
            Programs::Links => to.point(&name, &from.join(&name))?,
            // The loader asks for the file itself, and never for the archive that programs are linked with.
            Programs::Copies if kind == Kind::File && is_shared(&name) => {
                let from = Directory::open(&from)?;
                disk::copy_file(&from, Path::new(&name), &to, Path::new(&name), &COPIES)?;
            }
            Programs::Copies => {}
        }
    }
    Ok(())
}

/// How the base's files come into an environment that is to have its own.
pub(super) const COPIES: [Way; 2] = [Way::Reflink, Way::Copy];

fn is_shared(name: &OsStr) -> bool {
    name.to_string_lossy().contains(".so")
}

/// The names by which the interpreter is called besides `python`.
pub(super) fn other_names(base: &Base) -> Vec<String> {
    let (major, minor) = (base.version.major, base.minor());
    let plain = format!("{major}.{}", base.version.minor);
    let mut numbers = vec![major.to_string(), minor];
    // As venv: `python3.13` of a free-threaded 3.13 too, which would be another Python's on the rest of PATH.
    if !numbers.contains(&plain) {
        numbers.push(plain);
    }
    let mut names: Vec<String> = numbers.iter().map(|number| format!("python{number}")).collect();
    match base.implementation {
        Implementation::CPython => {}
        Implementation::PyPy => {
            names.push("pypy".to_owned());
            names.extend(numbers.iter().map(|number| format!("pypy{number}")));
        }
    }
    names
}

/// The script, for every version: `pydoc` is a module of the standard library.
const PYDOC: &[u8] = b"import pydoc\n\nif __name__ == \"__main__\":\n    pydoc.cli()\n";

/// Writes `pydoc` below `layout`, as it will be at `goal`.
pub(super) fn document(layout: &Layout, goal: &Layout) -> Result<(), Error> {
    // Nothing runs a script by its first line there, and venv has none either.
    if Trees::HERE.has_redirectors() {
        return Ok(());
    }
    let text = [header(&goal.python(), b""), PYDOC.to_vec()].concat();
    Ok(Directory::open(&layout.commands())?.write_new("pydoc", &text, Privacy::Program)?)
}

/// Puts pyenv-virtualenv's beside the environment's own commands; what is there is left.
pub fn accompany(layout: &Layout, base: &Base) -> Result<(), Error> {
    let commands = Directory::open(&layout.commands())?;
    for disk::Entry { name, .. } in disk::entries(&base.home)? {
        let bytes = name.as_encoded_bytes();
        let is_config = bytes.starts_with(b"python") && bytes.ends_with(b"-config");
        if !is_config || commands.look(&name)?.is_some() {
            continue;
        }
        match commands.link(&name, &base.home.join(&name)) {
            // A convenience, which a file system without links does not have.
            Err(error) if disk::cannot_link(&error) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            result => result?,
        }
    }
    Ok(())
}
