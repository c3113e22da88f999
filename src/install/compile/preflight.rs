//! Before anything is downloaded or compiled: is there a compiler, make, and what do the headers promise?

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pyman_shim::Version;

use super::need::Need;
use super::{Error, Variables, words};

/// The tools found, and what is missing that a build can do without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tools {
    /// make.
    pub make: PathBuf,
    /// patch, when it is there.
    pub patch: Option<PathBuf>,
    /// Libraries whose modules will not be built.
    pub without: Vec<Need>,
}

/// Names the command that installs these, on distributions that are known.
pub type Packages<'a> = &'a dyn Fn(&[Need]) -> Option<String>;

/// Looks for what a build of this version needs; an error when something vital is not there.
pub fn preflight(
    name: &str,
    version: Version,
    variables: &Variables,
    scratch: &Path,
    packages: Packages<'_>,
) -> Result<Tools, Error> {
    let compiler = compiler(variables);
    let make = match &variables.make {
        Some(make) => variables.program(make),
        None => ["make", "gmake"].iter().find_map(|make| variables.program(make)),
    };
    let mut missing = Vec::new();
    match &compiler {
        Some((compiler, options)) => {
            missing.extend(headers(compiler, options, variables, scratch)?);
        }
        None => missing.push(Need::Compiler),
    }
    if make.is_none() {
        missing.push(Need::Make);
    }
    missing.retain(|need| is_needed(*need, version, variables));
    let (vital, without): (Vec<Need>, Vec<Need>) =
        missing.into_iter().partition(|need| need.is_vital());
    let Some(make) = make.filter(|_| vital.is_empty()) else {
        let command = packages(&[vital.clone(), without].concat());
        let missing = vital.iter().map(|need| describe(*need)).collect();
        return Err(Error::Missing { name: name.to_owned(), missing, command });
    };
    Ok(Tools { make, patch: variables.program("patch"), without })
}

fn describe(need: Need) -> String {
    let headers = if need.headers().is_empty() { "" } else { " (its headers)" };
    format!("{}{headers}", need.describe())
}

/// The compiler that `configure` will take, with the options that CC gives it.
fn compiler(variables: &Variables) -> Option<(PathBuf, Vec<String>)> {
    if let Some((program, options)) = variables.cc.split_first() {
        return Some((variables.program(program)?, options.to_vec()));
    }
    let found = ["gcc", "cc", "clang"].iter().find_map(|name| variables.program(name));
    found.map(|program| (program, Vec::new()))
}

/// `lzma` came with 3.3; and who points `configure` at an OpenSSL of his own has one.
fn is_needed(need: Need, version: Version, variables: &Variables) -> bool {
    let told = |stem: &str| variables.configure.iter().any(|option| option.starts_with(stem));
    match need {
        Need::Lzma => version >= Version::new(3, 3, 0),
        Need::Openssl => !told("--with-openssl"),
        Need::Tk => !told("--with-tcltk"),
        Need::Compiler
        | Need::Make
        | Need::Patch
        | Need::Zlib
        | Need::Readline
        | Need::Bzip2
        | Need::Curses
        | Need::Ffi
        | Need::Sqlite => true,
    }
}

/// The libraries none of whose headers the preprocessor finds. A preprocessor without `__has_include`
/// (before GCC 5) says nothing, and then nothing is missing.
fn headers(
    compiler: &Path,
    options: &[String],
    variables: &Variables,
    scratch: &Path,
) -> Result<Vec<Need>, Error> {
    let source = scratch.join("headers.c");
    fs_err::write(&source, question())?;
    let output = Command::new(compiler)
        .args(options)
        .args(words::split(&variables.cppflags))
        .args(words::split(&variables.cflags))
        .args(["-E", "-P"])
        .arg(&source)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    fs_err::remove_file(&source)?;
    if !output.status.success() {
        return Ok(Vec::new());
    }
    let answer = String::from_utf8_lossy(&output.stdout);
    let is_missing = |need: &Need| answer.lines().any(|line| line.trim() == absent(*need));
    Ok(Need::LIBRARIES.into_iter().filter(is_missing).collect())
}

fn question() -> String {
    let one = |need: &Need| {
        let conditions: Vec<String> =
            need.headers().iter().map(|header| format!("!__has_include(<{header}>)")).collect();
        format!("#if {}\n{}\n#endif\n", conditions.join(" && "), absent(*need))
    };
    Need::LIBRARIES.iter().map(one).collect::<Vec<_>>().concat()
}

fn absent(need: Need) -> String {
    format!("pyman_absent_{need:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_names_every_header_once() {
        let question = question();
        for need in Need::LIBRARIES {
            for header in need.headers() {
                assert_eq!(question.matches(&format!("<{header}>")).count(), 1, "{header}");
            }
        }
    }

    #[test]
    fn without_a_compiler_nothing_is_begun_and_the_command_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let variables = Variables { search: vec![folder.path().into()], ..Variables::default() };
        let packages = |needs: &[Need]| Some(format!("install {needs:?}"));
        let version = Version::new(3, 13, 5);
        let error = preflight("3.13.5", version, &variables, folder.path(), &packages).unwrap_err();
        assert_eq!(error.to_string(), "cannot build 3.13.5 here: a C compiler, make are missing");
        assert_eq!(error.hint().unwrap(), "run `install [Compiler, Make]'");
        assert_eq!(error.exit_code(), 7);
    }
}
