//! What a command comes to: the file that a shim runs and `which` prints, decided from every source in its order.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::constraint::Constraint;
use crate::error::{Error, NotFound, NotInstalled};
use crate::installed::{Installation, Resolution};
use crate::layout::Layout;
use crate::name::Name;
use crate::note::Note;
use crate::origin::Origin;
use crate::path;
use crate::request::{Request, Wanted};
use crate::resolver::Resolver;
use crate::selection::Selection;
use crate::series::Series;
use crate::shown::Shown;
use crate::variant::Variant;

/// A question: what does this command come to?
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The name of the command, without a directory.
    pub command: &'a [u8],
    /// Whether an active environment answers first: for shims and `which`, not for `exec`.
    pub environment: Environment,
    /// Whether PATH is searched for what no selected version has (`--nosystem`).
    pub fallback: Fallback,
}

/// Whether `VIRTUAL_ENV` is a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// First of all.
    Counts,
    /// Pins alone.
    Ignored,
}

/// Where a command is looked for that the selected versions do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// On PATH, without shims.
    Path,
    /// Nowhere.
    Nowhere,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file to run.
    pub program: Vec<u8>,
    /// Where it stands.
    pub place: Place,
    /// Which source led there.
    pub origin: Origin,
}

/// Where a command was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the active virtual environment, of this path.
    Environment(Vec<u8>),
    /// In an installation.
    Installed(Installation),
    /// On PATH.
    Path,
}

/// The variable of an activated environment.
pub const VIRTUAL_ENV: &str = "VIRTUAL_ENV";

impl<'a> Ask<'a> {
    /// What a shim of this name asks.
    pub const fn shim(command: &'a [u8]) -> Self {
        Self { command, environment: Environment::Counts, fallback: Fallback::Path }
    }

    /// What `pyman exec` asks: pins alone.
    pub const fn exec(command: &'a [u8]) -> Self {
        Self { environment: Environment::Ignored, ..Self::shim(command) }
    }
}

impl Resolver<'_> {
    /// The file that runs for a command.
    pub fn which(&self, ask: Ask<'_>) -> Result<Found, Error> {
        let found = self.sought(ask)?;
        if self.world().is_debugged() {
            let decided = match &found.origin {
                Origin::System => "nothing selects another".to_string(),
                origin => format!("{origin} decides"),
            };
            self.note(Note::Step(format!("runs {}: {decided}", Shown(&found.program))));
        }
        Ok(found)
    }

    fn sought(&self, ask: Ask<'_>) -> Result<Found, Error> {
        if path::has_directory(ask.command) {
            return self.on_path_only(ask, Vec::new());
        }
        let constraint = Constraint::of_command(ask.command);
        if ask.environment == Environment::Counts
            && let Some(found) = self.in_environment(ask.command)
        {
            return Ok(found);
        }
        let mut system_named = false;
        let sources: [&dyn Fn() -> Result<Option<Selection>, Error>; 3] =
            [&|| Ok(self.variable()), &|| self.local(), &|| Ok(Some(self.global()))];
        for source in sources {
            let Some(selection) = source()? else {
                continue;
            };
            system_named |= selection.entries.iter().any(|entry| *entry.wanted() == Wanted::System);
            if let Some(answer) = self.by_selection(ask, &constraint, &selection) {
                return answer;
            }
            self.note(Note::PassedOver {
                origin: selection.origin,
                wanted: constraint.to_string(),
            });
        }
        self.unselected(ask, &constraint, system_named)
    }

    /// The active environment's own command.
    fn in_environment(&self, command: &[u8]) -> Option<Found> {
        let directory = &*self.world().variable(VIRTUAL_ENV.as_bytes())?;
        if !path::is_absolute(directory) {
            return None;
        }
        let program = path::program(&Layout::HERE.scripts_of(directory), command);
        self.runnable(&program).then(|| Found {
            program,
            place: Place::Environment(path::trimmed(directory).to_vec()),
            origin: Origin::Variable(VIRTUAL_ENV),
        })
    }

    /// What a selection decides; none when no entry of it agrees with C.
    fn by_selection(
        &self,
        ask: Ask<'_>,
        constraint: &Constraint,
        selection: &Selection,
    ) -> Option<Result<Found, Error>> {
        let found = |program, place| Found { program, place, origin: selection.origin.clone() };
        if selection.stands_for_system() {
            return self.by_silence(ask, constraint, selection);
        }
        let mut missing = Vec::new();
        let mut present = false;
        for entry in &selection.entries {
            match self.resolve(entry) {
                Resolution::System => match self.on_path(ask.command) {
                    Some(program) => return Some(Ok(found(program, Place::Path))),
                    None => present |= constraint.is_none(),
                },
                Resolution::Installed(installation) => {
                    if !self.agrees(&installation, constraint, Some(ask.command)) {
                        continue;
                    }
                    present = true;
                    if let Some(program) = self.has(&installation, ask.command) {
                        return Some(Ok(found(program, Place::Installed(installation))));
                    }
                }
                Resolution::Missing if constraint.could_agree(entry) => {
                    missing.push(NotInstalled {
                        request: entry.text().to_vec(),
                        origin: selection.origin.clone(),
                    });
                }
                Resolution::Missing => {}
            }
        }
        match (present, missing.is_empty()) {
            (false, true) => None,
            (false, false) => Some(Err(self.not_found(ask, missing, true))),
            (true, _) => Some(self.on_path_only(ask, missing)),
        }
    }

    /// A source without entries is `system`, as in pyenv; but where C asks for a version, a global file that is
    /// empty or not there at all says nothing.
    fn by_silence(
        &self,
        ask: Ask<'_>,
        constraint: &Constraint,
        selection: &Selection,
    ) -> Option<Result<Found, Error>> {
        if constraint.is_none() {
            let ask = Ask { fallback: Fallback::Path, ..ask };
            return Some(self.on_path_only(ask, Vec::new()));
        }
        if matches!(selection.origin, Origin::Global(_)) {
            return None;
        }
        let program = self.on_path(ask.command)?;
        Some(Ok(Found { program, place: Place::Path, origin: selection.origin.clone() }))
    }

    /// What runs when no source decides: for `pythonX.Y` the newest installed X.Y, unless a source says `system`
    /// (tox and nox rely on it), and then whatever is on PATH.
    fn unselected(
        &self,
        ask: Ask<'_>,
        constraint: &Constraint,
        system_named: bool,
    ) -> Result<Found, Error> {
        let interpreter = || {
            let tag = ask.command.strip_prefix(b"python")?;
            if tag.ends_with(b"-config") {
                return None;
            }
            let series = constraint.series.filter(|series| matches!(series, Series::Minor(..)))?;
            let variant = constraint.variant.unwrap_or(Variant::Default);
            let installation = self.newest(&Request::of_series(series, variant))?;
            let program = self.has(&installation, ask.command)?;
            Some(Found { program, place: Place::Installed(installation), origin: Origin::System })
        };
        if !system_named && let Some(found) = interpreter() {
            return Ok(found);
        }
        self.on_path_only(ask, Vec::new())
    }

    fn on_path_only(&self, ask: Ask<'_>, missing: Vec<NotInstalled>) -> Result<Found, Error> {
        let program = match ask.fallback {
            Fallback::Path => self.on_path(ask.command),
            Fallback::Nowhere => None,
        };
        program
            .map(|program| Found { program, place: Place::Path, origin: Origin::System })
            .ok_or_else(|| self.not_found(ask, missing, false))
    }

    fn not_found(&self, ask: Ask<'_>, missing: Vec<NotInstalled>, pinned: bool) -> Error {
        let names = |installations: Vec<Installation>| {
            installations.into_iter().map(|installation| installation.name).collect::<Vec<_>>()
        };
        let mut installed = names(self.installations());
        installed.retain(|name| Name::parse(name).is_release());
        Error::NotFound(NotFound {
            command: ask.command.to_vec(),
            missing,
            pinned,
            having: names(self.having(ask.command)),
            installed,
            advice: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::String;

    use super::*;
    use crate::fixtures::{answer, install, shim, which, world};
    use crate::home::Home;
    use crate::memory::Memory;

    /// A version's command.
    fn of(version: &str, command: &str) -> String {
        format!("/r/versions/{version}/bin/{command}")
    }

    fn notes(world: &Memory, command: &str) -> Vec<Note> {
        let resolver = Resolver::new(world, Home::new(b"/r"));
        resolver.which(Ask::shim(command.as_bytes())).unwrap();
        resolver.take_notes()
    }

    #[test]
    fn sources_are_asked_in_order() {
        let pin = |world: Memory| world.file("/w/.python-version", "3.9");
        let global = |world: Memory| world.file("/r/version", "3.10");
        let variable = |world: Memory| world.variable("PYMAN_VERSION", "3.8");
        let venv =
            |world: Memory| world.program("/venv/bin/python", "").variable("VIRTUAL_ENV", "/venv");
        let cases = [
            (venv(variable(pin(global(world())))), "/venv/bin/python".into()),
            (variable(pin(global(world()))), of("3.8.18", "python")),
            (pin(global(world())), of("3.9.18", "python")),
            (global(world()), of("3.10.13", "python")),
            (variable(pin(world())).variable("PYMAN_VERSION", ""), of("3.9.18", "python")),
            (venv(global(world())).variable("VIRTUAL_ENV", ""), of("3.10.13", "python")),
            (venv(global(world())).variable("VIRTUAL_ENV", "venv"), of("3.10.13", "python")),
            (
                world().variable("VIRTUAL_ENV", "/gone"),
                "127 pyman: python: command not found".into(),
            ),
            (world().program("/usr/bin/python", ""), "/usr/bin/python".into()),
        ];
        for (world, expected) in cases {
            assert_eq!(answer(&world, "python"), expected);
        }
    }

    #[test]
    fn a_name_with_a_version_passes_over_what_does_not_agree() {
        let cases = [
            ("3.9", "", "python3", of("3.9.18", "python3")),
            ("3.9", "", "python3.9", of("3.9.18", "python3.9")),
            ("2.7", "3.9", "python3", of("3.9.18", "python3")),
            ("2.7", "", "python3", "/usr/bin/python3".into()),
            ("2.7", "", "pip2.7", of("2.7.18", "pip2.7")),
            ("3.9\n2.7", "", "pip2", of("2.7.18", "pip2")),
            ("3.9\n2.7", "", "python", of("3.9.18", "python")),
            ("3.99.1", "3.9", "python3.9", of("3.9.18", "python3.9")),
            (
                "3.99.1",
                "3.9",
                "python3",
                "127 pyman: version `3.99.1' is not installed (set by /w/.python-version)".into(),
            ),
            (">=3.10", "", "python3.9", of("3.9.18", "python3.9")),
        ];
        for (pin, global, command, expected) in cases {
            let world = world().file("/w/.python-version", pin).file("/r/version", global);
            assert_eq!(answer(&world, command), expected, "{pin:?} {global:?} {command}");
        }
    }

    #[test]
    fn of_one_source_the_first_installed_entry_runs() {
        let cases = [
            ("3.99.1\n3.12.1\n3.9", of("3.12.1", "python")),
            ("python-3.10", of("3.10.13", "python")),
            ("system\n3.9", of("3.9.18", "python")),
            ("../../x\n3.9", of("3.9.18", "python")),
        ];
        for (pin, expected) in cases {
            let world = world().file("/w/p/.python-version", pin);
            assert_eq!(answer(&world, "python"), expected, "{pin:?}");
        }
    }

    #[test]
    fn a_pin_that_is_not_installed_is_an_error_and_path_is_not_tried() {
        let world = world().file("/w/.python-version", "3.13").program("/usr/bin/python", "");
        let error = which(&world, "python").unwrap_err();
        assert_eq!(error.exit_code(), 127);
        let report = error.report();
        assert!(report.starts_with(
            "pyman: version `3.13' is not installed (set by /w/.python-version)\n\
             pyman: python: command not found\n\n\
             The `python' command exists in these Python versions:\n  2.7.18\n  3.8.18\n"
        ));
        assert!(report.ends_with(
            "hint: run `pyman install 3.13`, or pick one of the installed: \
             2.7.18, 3.8.18, 3.9.18, 3.10.13, 3.12.1\n"
        ));
    }

    #[test]
    fn what_the_versions_lack_is_looked_for_on_path_alone() {
        let world = world()
            .file("/w/.python-version", "3.9\n3.99.1")
            .program("/r/versions/3.12.1/bin/black", "");
        assert_eq!(answer(&world, "ls"), "/usr/bin/ls");
        let error = which(&world, "black").unwrap_err();
        assert_eq!(
            error.report(),
            "pyman: version `3.99.1' is not installed (set by /w/.python-version)\n\
             pyman: black: command not found\n\n\
             The `black' command exists in these Python versions:\n  3.12.1\n\n\
             Note: See 'pyman help global' for tips on allowing multiple\n      \
             Python versions to be found at the same time.\n\
             hint: run `PYMAN_VERSION=3.12.1 black`\n"
        );
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let nowhere = Ask { fallback: Fallback::Nowhere, ..Ask::shim(b"ls") };
        assert_eq!(resolver.which(nowhere).unwrap_err().exit_code(), 127);
    }

    #[test]
    fn a_version_that_no_source_selects_is_the_newest_installed() {
        let bare = || install(world(), "3.9.2").program("/usr/bin/python3.9", "");
        let cases = [
            (bare(), "python3.9", of("3.9.18", "python3.9")),
            (bare().file("/r/version", "3.12"), "python3.9", of("3.9.18", "python3.9")),
            (bare().file("/r/version", "system"), "python3.9", "/usr/bin/python3.9".into()),
            (bare().file("/r/version", "3.12\nsystem"), "python3.9", "/usr/bin/python3.9".into()),
            (
                world().file("/r/version", "system"),
                "python3.9",
                "127 pyman: python3.9: command not found".into(),
            ),
            (world(), "python3.11", "/usr/bin/python3.11".into()),
            (world(), "pip3.9", "127 pyman: pip3.9: command not found".into()),
            (world(), "python3.13", "127 pyman: python3.13: command not found".into()),
            (
                install(world(), "3.13.0t"),
                "python3.13",
                "127 pyman: python3.13: command not found".into(),
            ),
            (
                install(world(), "3.13.0t").program("/r/versions/3.13.0t/bin/python3.13t", ""),
                "python3.13t",
                of("3.13.0t", "python3.13t"),
            ),
            (install(world(), "3.14.0rc1"), "python3.14", of("3.14.0rc1", "python3.14")),
        ];
        for (world, command, expected) in cases {
            assert_eq!(answer(&world, command), expected, "{command}");
        }
    }

    #[test]
    fn a_pinned_free_threaded_build_answers_to_its_number() {
        let world = install(world(), "3.13.0t").file("/w/.python-version", "3.13.0t");
        assert_eq!(answer(&world, "python3.13"), of("3.13.0t", "python3.13"));
        assert_eq!(answer(&world, "python3"), of("3.13.0t", "python3"));
    }

    #[test]
    fn what_has_no_version_in_its_name_agrees_when_it_has_the_command() {
        let named = world().program("/r/versions/web/bin/python3.9", "");
        let cases = [
            ("web", "python3.9", of("web", "python3.9")),
            ("web", "pip3.9", "127 pyman: pip3.9: command not found".into()),
            ("3.12.1/envs/app", "python3.12", of("3.12.1/envs/app", "python3.12")),
            ("pypy3.10-7.3.17", "python3.10", of("pypy3.10-7.3.17", "python3.10")),
            ("pypy3.10-7.3.17", "pypy3", of("pypy3.10-7.3.17", "pypy3")),
            ("miniforge3", "python3.11", of("miniforge3-24.11.0-0", "python3.11")),
            ("miniforge3", "conda", of("miniforge3-24.11.0-0", "conda")),
        ];
        let world = [
            "3.12.1/envs/app/bin/python3.12",
            "pypy3.10-7.3.17/bin/python3.10",
            "pypy3.10-7.3.17/bin/pypy3",
            "miniforge3-24.11.0-0/bin/python3.11",
            "miniforge3-24.11.0-0/bin/conda",
        ]
        .into_iter()
        .fold(named, |world, path| world.program(&format!("/r/versions/{path}"), ""));
        for (pin, command, expected) in cases {
            let world = Memory::clone(&world).variable("PYMAN_VERSION", pin);
            assert_eq!(answer(&world, command), expected, "{pin} {command}");
        }
    }

    #[test]
    fn an_empty_file_stands_for_the_system() {
        let global = || world().file("/r/version", "3.12").program("/usr/bin/python", "");
        for text in ["", "\n", "# nothing\n", "/abs\n"] {
            let world = global().file("/w/.python-version", text);
            assert_eq!(answer(&world, "python"), "/usr/bin/python");
            assert_eq!(answer(&world, "python3"), "/usr/bin/python3");
            assert_eq!(answer(&world, "python3.12"), of("3.12.1", "python3.12"));
        }
        let empty = world().file("/r/version", "");
        assert_eq!(answer(&empty, "python3.9"), of("3.9.18", "python3.9"));
    }

    #[test]
    fn refused_entries_and_sources_passed_over_are_told() {
        let pins = || world().file("/w/.python-version", "../x\n2.7\n").file("/r/version", "3.9\n");
        let (world, asking) = (pins(), pins().variable("PYMAN_DEBUG", "1"));
        let notes: Vec<_> = notes(&world, "python3")
            .iter()
            .map(|note| (note.is_debug(), note.to_string()))
            .collect();
        assert_eq!(
            notes,
            [
                (false, "invalid version `../x' ignored in `/w/.python-version'".to_string()),
                (true, "/w/.python-version does not agree with 3, passed over".to_string()),
            ]
        );
        let silent = self::notes(&pins().variable("PYMAN_DEBUG", "0"), "python");
        assert!(!silent.iter().any(|note| note.to_string().starts_with("runs ")));
        for (command, reason) in
            [("python", "/w/.python-version decides"), ("python3.8", "nothing selects another")]
        {
            let asked = self::notes(&asking, command);
            let last = asked.last().map(ToString::to_string).unwrap_or_default();
            assert!(last.starts_with("runs ") && last.ends_with(reason), "{last}");
        }
    }

    #[test]
    fn exec_speaks_of_pins_alone() {
        let world = world()
            .program("/venv/bin/python", "")
            .variable("VIRTUAL_ENV", "/venv")
            .variable("PYMAN_VERSION", "3.8");
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let found = resolver.which(Ask::exec(b"python")).unwrap();
        assert_eq!(found.program, of("3.8.18", "python").into_bytes());
        assert_eq!(found.origin, Origin::Variable("PYMAN_VERSION"));
    }

    #[test]
    fn a_command_with_a_directory_is_that_file() {
        let world = world().file("/r/version", "3.12").program("/w/p/tool", "");
        assert_eq!(answer(&world, "/usr/bin/ls"), "/usr/bin/ls");
        assert_eq!(answer(&world, "./tool"), "./tool");
        let up = "../../../../usr/bin/ls";
        assert_eq!(answer(&world, "bin/python"), "127 pyman: bin/python: command not found");
        assert_eq!(answer(&world, up), up);
    }

    #[test]
    fn an_environment_or_version_whose_python_is_our_shim_is_passed_over() {
        let linked = world()
            .link("/venv/bin/python", "/r/shims/python")
            .variable("VIRTUAL_ENV", "/venv")
            .file("/r/version", "3.12");
        assert_eq!(answer(&linked, "python"), of("3.12.1", "python"));
        let copied = world()
            .program("/r/versions/odd/bin/python", shim())
            .program("/usr/bin/python", "")
            .file("/r/version", "odd");
        assert_eq!(answer(&copied, "python"), "/usr/bin/python");
    }

    #[test]
    fn an_exact_pin_costs_a_handful_of_questions_whatever_is_installed() {
        let asked = |world: Memory| {
            let world = world.file("/w/p/.python-version", "3.12.1").variable("PWD", "/w/p");
            assert_eq!(answer(&world, "python"), of("3.12.1", "python"));
            world.asked()
        };
        let many = (0..100).fold(world(), |world, patch| install(world, &format!("3.11.{patch}")));
        assert_eq!(asked(world()), 5);
        assert_eq!(asked(many), 5);
    }

    #[test]
    fn a_prefix_costs_one_listing_more() {
        let asked = |pin: &str| {
            let world = world().file("/w/p/.python-version", pin);
            assert_eq!(answer(&world, "python"), of("3.12.1", "python"));
            world.asked()
        };
        // Not a directory of that name, the listing, the directory found instead.
        assert_eq!(asked("3.12"), asked("3.12.1") + 2);
    }
}
