//! Before anything is downloaded or compiled: is there a compiler, make, and what do the headers promise? And installing
//! what is missing through the system's package manager, when the user asked for that.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pyman_shim::Version;

use crate::disk::{self, Privacy};
use crate::install::compile::modules::{LIBRARIES, Library};
use crate::install::compile::{Error, Variables, variables};
use crate::install::system;
use crate::platform::distribution::{Need, Packager};
use crate::progress::Progress;

/// The tools found, and the modules that will not be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tools {
    /// make.
    pub(super) make: PathBuf,
    /// patch, when it is there.
    pub(super) patch: Option<PathBuf>,
    /// Libraries a build can do without, and has to.
    pub(super) without: Vec<Library>,
    /// What installs packages here.
    pub(super) packager: Option<Packager>,
}

/// Looks for what a build of this version needs; an error when something vital is not there.
pub(crate) fn preflight(
    name: &str,
    version: Version,
    variables: &Variables,
    scratch: &Path,
    packager: Option<Packager>,
) -> Result<Tools, Error> {
    let make = match &variables.make {
        Some(make) => variables.program(make),
        None => ["make", "gmake"].iter().find_map(|make| variables.program(make)),
    };
    // All of it is gathered: one command brings it, and the next run misses nothing more.
    let mut missing = Vec::new();
    let mut needs = Vec::new();
    let mut libraries = Vec::new();
    if let Some((compiler, options)) = compiler(variables) {
        libraries = headers(&compiler, &options, variables, scratch)?;
        libraries.retain(|library| library.is_wanted(version, variables));
    } else {
        needs.push(Need::Compiler);
        missing.push("a C compiler".to_owned());
    }
    if make.is_none() {
        needs.push(Need::Make);
        missing.push("make".to_owned());
    }
    let (vital, without): (Vec<Library>, Vec<Library>) =
        libraries.into_iter().partition(|library| library.is_vital());
    missing.extend(vital.iter().map(|library| format!("the headers of the {}", library.words)));
    let Some(make) = make.filter(|_| missing.is_empty()) else {
        needs.extend(vital.iter().chain(&without).map(|library| library.need));
        let command = packager.and_then(|packager| packager.command(&needs));
        return Err(Error::Missing { name: name.to_owned(), missing, needs, command });
    };
    Ok(Tools { make, patch: variables.program("patch"), without, packager })
}

impl Tools {
    /// What would bring everything that is missing.
    pub(crate) fn needs(&self) -> Vec<Need> {
        let patch = self.patch.is_none().then_some(Need::Patch);
        self.without.iter().map(|library| library.need).chain(patch).collect()
    }

    /// The modules that will be missing, and what would bring them, in a line; none when none will.
    pub(crate) fn warning(&self) -> Option<String> {
        let (modules, command) = self.lacking()?;
        let remedy = command.map(|command| format!(" (`{command}' first brings them)"));
        Some(format!("WARNING: building without {modules}{}", remedy.unwrap_or_default()))
    }

    /// The modules that will be missing, and the command that brings what they need; none when none will.
    pub(crate) fn lacking(&self) -> Option<(String, Option<String>)> {
        let modules: Vec<&str> = self.without.iter().map(|library| library.module).collect();
        (!modules.is_empty()).then(|| {
            (modules.join(", "), {
                let needs: Vec<Need> = self.without.iter().map(|library| library.need).collect();
                self.command(&needs)
            })
        })
    }

    /// The command that installs what these need.
    pub(super) fn command(&self, needs: &[Need]) -> Option<String> {
        self.packager.and_then(|packager| packager.command(needs))
    }
}

/// The compiler that `configure` will take, with the options that CC gives it.
fn compiler(variables: &Variables) -> Option<(PathBuf, Vec<String>)> {
    if let Some((program, options)) = variables.cc.split_first() {
        return Some((variables.program(program)?, options.to_vec()));
    }
    let found = ["gcc", "cc", "clang"].iter().find_map(|name| variables.program(name));
    found.map(|program| (program, Vec::new()))
}

/// The libraries none of whose headers the preprocessor finds. A preprocessor without `__has_include`
/// (before GCC 5) says nothing, and then nothing is missing.
fn headers(
    compiler: &Path,
    options: &[String],
    variables: &Variables,
    scratch: &Path,
) -> Result<Vec<Library>, Error> {
    let source = scratch.join("headers.c");
    disk::replace(&source, question().as_bytes(), Privacy::Shared)?;
    let output = Command::new(compiler)
        .args(options)
        .args(variables::split(&variables.cppflags))
        .args(variables::split(&variables.cflags))
        .args(["-E", "-P"])
        .arg(&source)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    disk::unlink(&source)?;
    if !output.status.success() {
        return Ok(Vec::new());
    }
    let answer = String::from_utf8_lossy(&output.stdout);
    let is_missing = |library: &Library| answer.lines().any(|line| line.trim() == absent(*library));
    Ok(LIBRARIES.into_iter().filter(is_missing).collect())
}

fn question() -> String {
    let one = |library: &Library| {
        let absent_header = |header: &&str| format!("!__has_include(<{header}>)");
        let conditions: Vec<String> = library.headers.iter().map(absent_header).collect();
        format!("#if {}\n{}\n#endif\n", conditions.join(" && "), absent(*library))
    };
    LIBRARIES.iter().map(one).collect::<Vec<_>>().concat()
}

fn absent(library: Library) -> String {
    format!("pyman_absent_{}", library.module)
}

/// Where package managers and what they call stand; a user's PATH need not have all of it.
const SYSTEM_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Installs the packages that bring `needs`, saying so before; without the rights to, it only says what to run.
///
/// A package manager that fails is told of and nothing more: the look at the machine that follows says what is
/// still missing, and what that means.
pub(crate) fn install(
    packager: Packager,
    needs: &[Need],
    variables: &Variables,
    progress: &dyn Progress,
) -> io::Result<()> {
    let wanted = packager.packages(needs);
    let Some(line) = packager.command(needs) else { return Ok(()) };
    if packager.wants_root() && !system::is_root() {
        progress.note(&format!("not root: run `{line}' to install what the build needs"));
        return Ok(());
    }
    progress.note(&format!("installing what the build needs: {}", wanted.join(" ")));
    let task = progress.begin("prerequisites", None);
    let steps = packager.refresh().map(<[_]>::to_vec).into_iter();
    for step in steps.chain([[packager.install(), &wanted].concat()]) {
        let Some((name, arguments)) = step.split_first() else { continue };
        let Some(program) = variables.program(name) else {
            progress.note(&format!("{name} is not here: run `{line}'"));
            return Ok(());
        };
        task.phase(name);
        let output = Command::new(program)
            .args(arguments)
            // debconf(7) would ask, and nobody answers.
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("PATH", SYSTEM_PATH)
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().next_back().unwrap_or_default();
            progress.note(&format!("{name} ended with {}: {last}", output.status));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_names_every_header_once() {
        let question = question();
        for header in LIBRARIES.iter().flat_map(|library| library.headers) {
            assert_eq!(question.matches(&format!("<{header}>")).count(), 1, "{header}");
        }
    }

    #[test]
    fn without_a_compiler_nothing_is_begun_and_the_command_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let variables = Variables { search: vec![folder.path().into()], ..Variables::default() };
        let version = Version::new(3, 13, 5);
        let packager = Some(Packager::Apk);
        let error = preflight("3.13.5", version, &variables, folder.path(), packager).unwrap_err();
        assert_eq!(error.to_string(), "cannot build 3.13.5 here: a C compiler, make are missing");
        assert_eq!(error.hint().unwrap(), "run `sudo apk add build-base make'");
        assert_eq!(error.exit_code(), 7);
    }
}
