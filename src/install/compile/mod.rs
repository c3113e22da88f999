//! Sources become a tree: looked at first, patched, configured for the final prefix, made, and installed aside.
//!
//! Nothing is fetched or published here; the tree comes out below a destination in the stage.

mod error;
mod modules;
mod patches;
mod preflight;
mod recipe;
mod runner;
mod variables;
mod workplace;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use pyman_shim::Version;

use crate::disk::{self, Privacy};
use crate::install::checkpoint::Moment;
use crate::install::stage::Stage;
use crate::inventory::{Folder, Places};
use crate::progress::Progress;
use recipe::Recipe;
use workplace::Workplace;

pub(crate) use error::{Error, Failure};
pub(crate) use preflight::{Tools, install as install_prerequisites, preflight};
pub(crate) use recipe::Configuration;
pub(super) use runner::{Ended, Runner, Surroundings};
pub(crate) use variables::Variables;
pub(crate) use workplace::{Keep, WorkingTree, check_temporary};

/// What a build says, in its stage; of one that fails it is kept.
pub(crate) const LOG: &str = "build.log";

/// A build about to begin: everything decided.
pub(crate) struct Order<'a> {
    /// What is unpacked or copied, under which name and where.
    pub tree: WorkingTree<'a>,
    /// What to build, and how.
    pub configuration: &'a Configuration,
    /// The prefix that the result is to name.
    pub prefix: &'a Path,
    /// What the machine has.
    pub tools: &'a Tools,
    /// A patch of the user's own.
    pub patch: Option<&'a [u8]>,
    /// Whether the user sees what the programs say.
    pub verbose: bool,
    /// This machine and this program, in words: `Debian GNU/Linux 12 using pyman 0.1.0`.
    pub machine: &'a str,
}

/// A tree that was built, still in the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compiled {
    /// Where it is.
    pub tree: PathBuf,
    /// What `configure` was told.
    pub configure: Vec<String>,
}

impl Order<'_> {
    /// What distinguishes this build from others of the same sources: options, patches, flags.
    pub(crate) fn traits(&self) -> Vec<String> {
        let mut traits = self.configure();
        let prefix = self.prefix.display();
        let place = [format!("--prefix={prefix}"), format!("--libdir={prefix}/lib")];
        // Where it is to stand makes no other build: a kept one is relocated like any tree.
        traits.retain(|option| !place.contains(option));
        traits.extend(patches::names(self.configuration.version).iter().map(ToString::to_string));
        let variables = self.tree.variables;
        for flags in [&variables.cflags, &variables.cppflags, &variables.ldflags] {
            traits.push(flags.clone());
        }
        traits.push(variables.cc.join(" "));
        traits.push(self.machine.to_owned());
        traits
    }

    /// What `configure` is told.
    pub(crate) fn configure(&self) -> Vec<String> {
        self.recipe(Path::new("/")).configure
    }

    /// Whether the working tree stays, and so has to be made.
    pub(crate) fn keeps(&self) -> bool {
        self.tree.keep == Keep::Yes || self.tree.variables.build_root.is_some()
    }

    fn recipe(&self, destination: &Path) -> Recipe {
        recipe::recipe(self.configuration, self.tree.variables, self.prefix, destination)
    }
}

/// Builds the sources that `unpack` puts into the directory it is given.
///
/// The log is in the stage until a step fails; then it moves to `logs/`, and the error says where.
pub(crate) fn compile<E: From<Error>>(
    order: &Order<'_>,
    places: &Places,
    stage: &Stage,
    unpack: impl FnOnce(&Path) -> Result<PathBuf, E>,
    progress: &dyn Progress,
) -> Result<Compiled, E> {
    let workplace = Workplace::prepare(&order.tree, places, stage)?;
    let sources = unpack(&workplace.directory)?;
    stage.reach(Moment::Building);
    let built = build(order, &sources, places, stage, &workplace, progress);
    // Left in either case; what went wrong with the build is told first.
    let left = workplace.leave().map_err(Error::from);
    let compiled = built?;
    left?;
    Ok(compiled)
}

fn build(
    order: &Order<'_>,
    sources: &Path,
    places: &Places,
    stage: &Stage,
    workplace: &Workplace,
    progress: &dyn Progress,
) -> Result<Compiled, Error> {
    if !disk::is_file(&sources.join("configure")) {
        return Err(Error::NoSources(sources.to_owned()));
    }
    let destination = stage.path("destination");
    let recipe = order.recipe(&destination);
    let log = stage.path(LOG);
    let runner = Runner {
        directory: sources,
        surroundings: Surroundings::Changed(&recipe.environment),
        log,
        verbose: order.verbose,
        progress,
    };
    let failed =
        |step: &str, ended: Ended| fail(order, &runner, places, stage, workplace, step, ended);
    let mut task = progress.begin(&format!("building {}", order.tree.name), None);

    task.phase("patch");
    patches::apply(order.configuration.version, order.patch, order.tools, &runner)?
        .map_err(|ended| failed("patch", ended))?;
    task.phase("configure");
    runner
        .run(&sources.join("configure"), &recipe.configure, None)?
        .map_err(|ended| failed("configure", ended))?;
    task.phase("make");
    let about = objects(&disk::read_text(&sources.join("Makefile"))?.unwrap_or_default());
    let (told, mut compiled) = (&mut task, 0_usize);
    let mut hear = move |line: &str| {
        if compiles(line) {
            compiled = compiled.saturating_add(1);
            told.phase(&counted(compiled, about));
        }
    };
    runner
        .run_heard(&order.tools.make, &recipe.make, None, &mut hear)?
        .map_err(|ended| failed("make", ended))?;
    task.phase("make install");
    runner
        .run(&order.tools.make, &recipe.install, None)?
        .map_err(|ended| failed("make install", ended))?;

    // `make install' writes to DESTDIR followed by the whole prefix.
    let inside = order.prefix.strip_prefix("/").unwrap_or(order.prefix);
    Ok(Compiled { tree: destination.join(inside), configure: recipe.configure.clone() })
}

/// Whether a line of `make` compiles a file.
fn compiles(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    words.any(|word| word == "-c") && line.contains(".c")
}

/// About how many files will be compiled: the objects that a Makefile names.
fn objects(makefile: &str) -> usize {
    let words = makefile.split(|one: char| one.is_ascii_whitespace() || one == ':');
    let objects = words.filter(|word| {
        word.strip_suffix(".o").is_some_and(|name| !name.contains(['$', '%', '*', '=']))
    });
    objects.collect::<BTreeSet<_>>().len()
}

/// `compiling 412 of about 1030`: of how many is said as long as it can be so.
fn counted(compiled: usize, about: usize) -> String {
    if compiled <= about {
        format!("compiling {compiled} of about {about}")
    } else {
        format!("compiling {compiled}")
    }
}

/// The error for a failed step, its log moved to where it stays.
fn fail(
    order: &Order<'_>,
    runner: &Runner<'_>,
    places: &Places,
    stage: &Stage,
    workplace: &Workplace,
    step: &str,
    ended: Ended,
) -> Error {
    let kept = || {
        let (logs, name) = (places.make(Folder::Logs)?, format!("{}.log", order.tree.name));
        let log = runner.log.file_name().unwrap_or_default();
        match stage.directory().rename(log, &logs, &name) {
            // `versions/` has a stage of its own where it is on another disk than the root.
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                let text = disk::read(&runner.log)?.unwrap_or_default();
                logs.replace(&name, &text, Privacy::Shared)?;
            }
            result => result?,
        }
        Ok(logs.join(name))
    };
    match kept() {
        Ok(log) => Error::Step(Box::new(Failure {
            step: step.to_owned(),
            status: ended.status,
            machine: order.machine.to_owned(),
            log,
            tail: ended.tail,
            kept: workplace.kept().map(Path::to_owned),
        })),
        Err(error) => Error::Disk(error),
    }
}

/// Asks the staged interpreter for its modules; without ssl or zlib the build has failed, what was not
/// foretold is said.
pub(crate) fn check_modules(
    order: &Order<'_>,
    interpreter: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    for library in modules::missing(interpreter, order.configuration.version)? {
        let command = order.tools.command(&[library.need]);
        let (module, words) = (library.module, library.words);
        if library.is_vital() {
            return Err(Error::Module { module, library: words, command });
        }
        if order.tools.without.contains(&library) {
            continue;
        }
        let remedy = command.map(|command| format!(" (`{command}')")).unwrap_or_default();
        progress.note(&format!(
            "WARNING: The Python {module} extension was not compiled. Missing the {words}?{remedy}"
        ));
    }
    Ok(())
}

/// The version of the sources in `directory`; none when it holds none.
pub(super) fn stated_version(directory: &Path) -> io::Result<Option<Version>> {
    let header = disk::read_text(&directory.join("Include/patchlevel.h"))?;
    Ok(header.as_deref().and_then(stated))
}

/// The value of `PY_VERSION`, without the `+` of a checkout.
fn stated(header: &str) -> Option<Version> {
    let line = header.lines().find_map(|line| line.strip_prefix("#define PY_VERSION"))?;
    let text = line.trim().trim_matches('"').trim_end_matches('+');
    // The first of a series called itself `2.7' or `3.2', until 3.3.0.
    let whole = if text.matches('.').count() == 1 { format!("{text}.0") } else { text.to_owned() };
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{compiles, counted, objects, stated};

    #[test]
    fn files_that_are_compiled_are_counted() {
        let makefile = "OBJS=\\\n\tPython/a.o \\\n\tPython/b.o\nParser/c.o: Parser/c.c\n%.o: x\nPython/a.o: y\n";
        assert_eq!(objects(makefile), 3);
        assert!(compiles("gcc -c -Wall -o Python/a.o ./Python/a.c"));
        assert!(!compiles("gcc -shared -o lib.so a.o") && !compiles("ar rcs libpython.a a.o"));
        assert_eq!(counted(2, 3), "compiling 2 of about 3");
        assert_eq!(counted(4, 3), "compiling 4");
    }

    #[test]
    fn the_header_states_the_version() {
        let cases = [
            ("#define PY_VERSION      \t\"3.13.5\"\n", Some("3.13.5")),
            ("x\n#define PY_VERSION \"3.15.0a2+\"\n", Some("3.15.0a2")),
            ("#define PY_VERSION \"3.2\"\n", Some("3.2.0")),
            ("#define PY_MAJOR_VERSION 3\n", None),
        ];
        for (header, expected) in cases {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(stated(header), expected, "{header}");
        }
    }
}
