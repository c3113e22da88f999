//! What `configure` and `make` are told, decided from the release, its configuration and the variables. Pure.

use std::ffi::OsString;
use std::path::Path;

use pyman_shim::{Variant, Version};

use super::Variables;

/// Binaries find their library beside themselves: in the stage, in the root, wherever the tree is unpacked.
/// Quoted for make, which halves the dollars, and for the shell that make starts.
const RPATH: &str = "-Wl,-rpath,\\$$ORIGIN/../lib";

/// What is to be built, and how.
#[derive(Debug, Clone)]
pub(crate) struct Configuration {
    /// The release's version.
    pub version: Version,
    /// Free-threaded, debug or neither.
    pub variant: Variant,
    /// Profile-guided and link-time optimisation: better, and many times slower to make.
    pub optimized: bool,
    /// Processes at once; every core when none.
    pub jobs: Option<usize>,
}

/// The arguments of each step, and the variables of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recipe {
    pub(super) configure: Vec<String>,
    pub(super) make: Vec<String>,
    pub(super) install: Vec<String>,
    pub(super) environment: Vec<(&'static str, Option<OsString>)>,
}

/// Variables that would have another Python, make or pip meddle with the build.
const REMOVED: [&str; 12] = [
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUSERBASE",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "CDPATH",
    "DESTDIR",
    "MAKEFLAGS",
    "MAKELEVEL",
    "BASH_ENV",
];

/// The recipe for a tree at `prefix`, installed into `destination` first.
pub(super) fn recipe(
    configuration: &Configuration,
    variables: &Variables,
    prefix: &Path,
    destination: &Path,
) -> Recipe {
    // A site's defaults may name `lib64`, where neither the rpath nor the interpreter looks.
    let library = prefix.join("lib");
    let mut configure =
        vec![format!("--prefix={}", prefix.display()), format!("--libdir={}", library.display())];
    configure.extend(options(configuration, variables));
    configure.extend(variables.configure.iter().cloned());

    let mut make = variables.make_options.clone().unwrap_or_default();
    match (configuration.jobs, &variables.make_options) {
        (Some(jobs), _) => make.push(format!("-j{jobs}")),
        (None, None) => make.push(format!("-j{}", cores())),
        // Who sets MAKE_OPTS says how many there, as with python-build.
        (None, Some(_)) => {}
    }
    make.extend(variables.more_make_options.iter().cloned());

    let mut install = vec![variables.install_target.clone().unwrap_or_else(|| "install".into())];
    install.push(format!("DESTDIR={}", destination.display()));
    install.extend(variables.install_options.iter().cloned());

    let mut environment: Vec<_> = REMOVED.iter().map(|name| (*name, None)).collect();
    let ldflags = if is_shared(variables) {
        format!("{RPATH} {}", variables.ldflags)
    } else {
        variables.ldflags.clone()
    };
    environment.push(("PATH", Some(variables.path())));
    environment.push(("LDFLAGS", Some(ldflags.trim().into())));
    for (name, flags) in [("CFLAGS", &variables.cflags), ("CPPFLAGS", &variables.cppflags)] {
        if !flags.is_empty() {
            environment.push((name, Some(flags.into())));
        }
    }
    Recipe { configure, make, install, environment }
}

/// Our own options, but for those the user decided.
fn options(configuration: &Configuration, variables: &Variables) -> Vec<String> {
    let version =
        (configuration.version.major, configuration.version.minor, configuration.version.patch);
    // A stem within the option: `able-shared' is in `--enable-shared' and in `--disable-shared'.
    let told = |stem: &str| variables.configure.iter().any(|option| option.contains(stem));
    let mut options = Vec::new();
    let mut add = |condition: bool, option: &str| {
        if condition {
            options.push(option.to_owned());
        }
    };
    add(is_shared(variables) && !told("able-shared"), "--enable-shared");
    add(
        // pip came along with 3.4 (PEP 453), and with 2.7.9, where it has to be asked for (PEP 477).
        ((2, 7, 9)..(3, 0, 0)).contains(&version) && !told("ensurepip"),
        "--with-ensurepip=install",
    );
    add((3, 4, 0) <= version && !told("ensurepip"), "--with-ensurepip=upgrade");
    add(
        // As distributions build it, for which wheels are made (`cp27mu'); PEP 393 ended the choice.
        ((2, 2, 0)..(3, 3, 0)).contains(&version) && !told("able-unicode"),
        "--enable-unicode=ucs4",
    );
    add((3, 10, 0) <= version && !told("able-test-modules"), "--disable-test-modules");
    add(configuration.optimized && !told("able-optimizations"), "--enable-optimizations");
    add(configuration.optimized && !told("with-lto"), "--with-lto");
    add(configuration.variant == Variant::FreeThreaded, "--disable-gil");
    add(configuration.variant == Variant::Debug, "--with-pydebug");
    options
}

/// A shared library is made unless the user chose otherwise.
fn is_shared(variables: &Variables) -> bool {
    let told = |stem: &str| variables.configure.iter().any(|option| option.starts_with(stem));
    !told("--disable-shared") && !told("--enable-framework") && !told("--enable-shared=no")
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration(version: &str) -> Configuration {
        let version = version.parse().unwrap();
        Configuration { version, variant: Variant::Default, optimized: false, jobs: Some(2) }
    }

    fn configured(configuration: &Configuration, configure: &[&str]) -> String {
        let configure = configure.iter().map(|&option| option.to_owned()).collect();
        let variables = Variables { configure, ..Variables::default() };
        recipe(configuration, &variables, Path::new("/r"), Path::new("/s")).configure.join(" ")
    }

    #[test]
    fn each_line_of_releases_gets_the_options_it_knows() {
        let shared = "--prefix=/r --libdir=/r/lib --enable-shared";
        let cases = [
            ("2.6.9", format!("{shared} --enable-unicode=ucs4")),
            ("2.7.18", format!("{shared} --with-ensurepip=install --enable-unicode=ucs4")),
            ("3.3.7", shared.to_owned()),
            ("3.9.2", format!("{shared} --with-ensurepip=upgrade")),
            ("3.13.5", format!("{shared} --with-ensurepip=upgrade --disable-test-modules")),
        ];
        for (version, expected) in cases {
            assert_eq!(configured(&configuration(version), &[]), expected, "{version}");
        }
    }

    #[test]
    fn configuration_and_the_users_options_decide_the_rest() {
        let mut wanted = configuration("3.13.5");
        wanted.variant = Variant::FreeThreaded;
        wanted.optimized = true;
        let got =
            configured(&wanted, &["--with-lto=thin", "--without-ensurepip", "--disable-shared"]);
        assert_eq!(
            got,
            "--prefix=/r --libdir=/r/lib --disable-test-modules --enable-optimizations --disable-gil \
             --with-lto=thin --without-ensurepip --disable-shared"
        );
    }

    #[test]
    fn flags_and_make_options_are_the_users_with_ours_before() {
        let variables = Variables {
            ldflags: "-L/opt/lib".into(),
            make_options: Some(vec!["-s".into()]),
            more_make_options: vec!["V=1".into()],
            install_options: vec!["X=2".into()],
            install_target: Some("altinstall".into()),
            ..Variables::default()
        };
        let mut wanted = configuration("3.13.5");
        wanted.jobs = None;
        let recipe = recipe(&wanted, &variables, Path::new("/r"), Path::new("/s"));
        assert_eq!(recipe.make, ["-s", "V=1"]);
        assert_eq!(recipe.install, ["altinstall", "DESTDIR=/s", "X=2"]);
        let flags = recipe.environment.iter().find(|(name, _)| *name == "LDFLAGS").unwrap();
        assert_eq!(flags.1, Some("-Wl,-rpath,\\$$ORIGIN/../lib -L/opt/lib".into()));
        assert!(recipe.environment.contains(&("PYTHONHOME", None)));
    }
}
