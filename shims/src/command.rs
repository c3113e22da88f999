//! What a command comes to: the file that a shim runs and `which` prints, decided from every source in its order.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::constraint::{Constraint, is_pip, is_pythons_own};
use crate::error::Error;
use crate::installed::{Installation, Resolution};
use crate::layout::Layout;
use crate::missing::{Detail, NotFound};
use crate::note::Note;
use crate::path;
use crate::request::Origin;
use crate::request::Request;
use crate::resolver::Resolver;
use crate::selection::Selection;
use crate::series::Series;
use crate::shown::{Cut, Shown};
use crate::version::Variant;

/// A question: what does this command come to?
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The name of the command, without a directory.
    pub command: &'a [u8],
    /// Whether an active environment answers first: for shims and `which`, not for `exec`.
    pub environment: Environment,
    /// Whether PATH is searched for what no selected version has (`--nosystem`).
    pub fallback: Fallback,
    /// How much is said when there is no answer.
    pub detail: Detail,
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
    /// The version that is selected where the command was found on PATH: its own commands come first there.
    pub selected: Option<Installation>,
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

/// `refuse`: a command of an X.Y that nothing selects is not run, as in pyenv.
pub const UNSELECTED: &str = "PYMAN_UNSELECTED";

/// There, in the root, while the settings say the same.
pub const REFUSED: &[u8] = b".unselected-refused";

impl<'a> Ask<'a> {
    /// What a shim of this name asks.
    pub const fn shim(command: &'a [u8]) -> Self {
        Self {
            command,
            environment: Environment::Counts,
            fallback: Fallback::Path,
            detail: Detail::Hints,
        }
    }

    /// What `pyman which` asks: the same, and all that can be said when there is no answer.
    pub const fn which(command: &'a [u8]) -> Self {
        Self { detail: Detail::All, ..Self::shim(command) }
    }

    /// What `pyman exec` asks: pins alone.
    pub const fn exec(command: &'a [u8]) -> Self {
        Self { environment: Environment::Ignored, ..Self::shim(command) }
    }
}

/// An answer, and why it is this one where its origin does not say.
struct Decision {
    found: Found,
    because: Option<String>,
}

impl From<Found> for Decision {
    fn from(found: Found) -> Self {
        Self { found, because: None }
    }
}

impl Resolver<'_> {
    /// The file that runs for a command.
    pub fn which(&self, ask: Ask<'_>) -> Result<Found, Error> {
        let Decision { mut found, because } = self.sought(ask)?;
        if self.world().is_debugged() {
            let decided = because.unwrap_or_else(|| match &found.origin {
                Origin::System => "nothing selects another".to_string(),
                origin => format!("{origin} decides"),
            });
            self.note(Note::Step(format!("runs {}: {decided}", Shown(&found.program))));
        }
        if ask.environment == Environment::Counts
            && let Some(active) = self.active()
        {
            self.warn_of_pip(ask.command, &active, &found);
            // Its own commands are first on PATH already.
            found.selected.take_if(|_| self.world().is_directory(&active));
        }
        Ok(found)
    }

    fn sought(&self, ask: Ask<'_>) -> Result<Decision, Error> {
        if path::has_directory(ask.command) {
            let selected = self.first_pinned()?;
            return self.on_path_only(ask, selected);
        }
        let constraint = Constraint::of_command(ask.command);
        if ask.environment == Environment::Counts
            && let Some(found) = self.in_environment(ask.command)
        {
            return Ok(found.into());
        }
        let sources: [&dyn Fn() -> Result<Option<Selection>, Error>; 3] =
            [&|| Ok(self.variable()), &|| self.local(), &|| Ok(Some(self.global()))];
        for source in sources {
            let Some(selection) = source()? else {
                continue;
            };
            if let Some(answer) = self.by_selection(ask, &constraint, &selection) {
                return answer;
            }
            self.note(Note::PassedOver {
                origin: selection.origin,
                wanted: constraint.to_string(),
            });
        }
        self.unselected(ask, &constraint)
    }

    /// The directory of the active environment, if it can be one.
    fn active(&self) -> Option<Vec<u8>> {
        let directory = &*self.world().variable(VIRTUAL_ENV.as_bytes())?;
        path::is_absolute(directory).then(|| path::trimmed(directory).to_vec())
    }

    /// The active environment's own command.
    fn in_environment(&self, command: &[u8]) -> Option<Found> {
        let directory = self.active()?;
        let scripts = Layout::HERE.scripts_of(&directory);
        let program = path::programs(&scripts, command)
            .chain(Layout::HERE.stem_of_three(command).map(|stem| path::program(&scripts, stem)))
            .find(|program| self.runnable(program))?;
        Some(Found {
            program,
            place: Place::Environment(directory),
            origin: Origin::Variable(VIRTUAL_ENV),
            selected: None,
        })
    }

    /// A pip that is not the active environment's installs elsewhere, which nobody may notice.
    fn warn_of_pip(&self, command: &[u8], active: &[u8], found: &Found) {
        let runs = match &found.place {
            Place::Environment(_) => return,
            Place::Installed(installation) => Shown(&installation.name),
            Place::Path => Shown(b"the system"),
        };
        let scripts = Layout::HERE.scripts_of(active);
        let is_of = |series: Series| {
            let python = format!("python{series}");
            self.world().is_executable(&path::program(&scripts, python.as_bytes()))
        };
        // Who asks for another Python's pip gets it.
        if is_pip(command) && Constraint::of_command(command).series.is_none_or(is_of) {
            let (active, command, program) = (Shown(active), Cut(command), Shown(&found.program));
            let text = format!(
                "the active environment {active} has no {command}: that of {runs} runs ({program})"
            );
            self.note(Note::Warning(text));
        }
    }

    /// What a selection decides; none when no entry of it agrees with C.
    fn by_selection(
        &self,
        ask: Ask<'_>,
        constraint: &Constraint,
        selection: &Selection,
    ) -> Option<Result<Decision, Error>> {
        if selection.stands_for_system() {
            return self.by_silence(ask, constraint, selection);
        }
        let is_own = is_pythons_own(ask.command);
        if is_own && let Some(unclear) = selection.entries.iter().find(|entry| entry.is_unclear()) {
            return Some(Err(self.lacking(ask, &[unclear], &selection.origin)));
        }
        let found = |program, place, selected| {
            let origin = selection.origin.clone();
            Some(Ok(Found { program, place, origin, selected }.into()))
        };
        // Of what agrees with C: what is not there, and the first that is, whose commands go first on PATH.
        let (mut missing, mut lacking) = (Vec::new(), Vec::new());
        let mut first: Option<Option<Installation>> = None;
        let mut is_whole = false;
        for entry in &selection.entries {
            match self.resolve(entry) {
                Resolution::System => match self.on_path(ask.command) {
                    Some(program) => return found(program, Place::Path, first.flatten()),
                    None if constraint.is_none() => {
                        first = first.or(Some(None));
                        is_whole = true;
                    }
                    None => {}
                },
                Resolution::Installed(installation) => {
                    if !self.agrees(&installation, constraint, Some(ask.command)) {
                        continue;
                    }
                    if let Some(program) = self.has(&installation, ask.command) {
                        return found(program, Place::Installed(installation), None);
                    }
                    if is_own && self.is_bare(&installation) {
                        missing.push(entry);
                    } else {
                        is_whole = true;
                        lacking.push(entry);
                    }
                    first = first.or(Some(Some(installation)));
                }
                Resolution::Missing if constraint.could_agree(entry) => missing.push(entry),
                Resolution::Missing => {}
            }
        }
        match (is_whole, missing.is_empty()) {
            (false, true) => None,
            (false, false) => Some(self.by_missing(ask, &missing, selection, first.flatten())),
            (true, _) => Some(self.path_alone(ask, first.flatten()).ok_or_else(|| {
                missing.extend(lacking.into_iter().filter(|entry| self.is_unreadable(entry)));
                let missing = self.named(&missing, &selection.origin);
                self.not_found(ask, missing, false)
            })),
        }
    }

    /// What runs where nothing that is pinned can: what is not Python's own, and PATH has.
    fn by_missing(
        &self,
        ask: Ask<'_>,
        missing: &[&Request],
        selection: &Selection,
        selected: Option<Installation>,
    ) -> Result<Decision, Error> {
        let is_free = !is_pythons_own(ask.command) && ask.fallback == Fallback::Path;
        let Some(program) = is_free.then(|| self.on_path(ask.command)).flatten() else {
            return Err(self.lacking(ask, missing, &selection.origin));
        };
        let told = || missing.first().map(|first| self.missing(first, &selection.origin));
        let because = self.world().is_debugged().then(told).flatten().map(|told| told.to_string());
        let found = Found { program, place: Place::Path, origin: Origin::System, selected };
        Ok(Decision { found, because })
    }

    /// A source without entries is `system`, as in pyenv; but where C asks for a version, a global file that is
    /// empty or not there at all says nothing.
    fn by_silence(
        &self,
        ask: Ask<'_>,
        constraint: &Constraint,
        selection: &Selection,
    ) -> Option<Result<Decision, Error>> {
        if constraint.is_none() {
            let ask = Ask { fallback: Fallback::Path, ..ask };
            return Some(self.on_path_only(ask, None));
        }
        if matches!(selection.origin, Origin::Global(_)) {
            return None;
        }
        let (program, origin) = (self.on_path(ask.command)?, selection.origin.clone());
        Some(Ok(Found { program, place: Place::Path, origin, selected: None }.into()))
    }

    /// What runs when no source decides: for a command of an X.Y that of the newest installed X.Y, unless somebody
    /// wants that refused; then whatever is on PATH. (Where a source says `system`, PATH's was found already.)
    fn unselected(&self, ask: Ask<'_>, constraint: &Constraint) -> Result<Decision, Error> {
        let minor = constraint.series.filter(|series| matches!(series, Series::Minor(..)));
        let wanted = minor.map(|series| {
            Request::of_series(series, constraint.variant.unwrap_or(Variant::Default))
        });
        let newest = || {
            let installation = self.newest(wanted.as_ref()?)?;
            Some((self.has(&installation, ask.command)?, installation))
        };
        let Some((program, installation)) = newest() else {
            return self.path_alone(ask, None).ok_or_else(|| {
                let unreadable = wanted.iter().filter(|wanted| self.is_unreadable(wanted));
                let missing = unreadable.map(|wanted| self.missing(wanted, &Origin::Argument));
                self.not_found(ask, missing.collect(), false)
            });
        };
        let Some(refused) = self.refused() else {
            let (place, origin) = (Place::Installed(installation), Origin::System);
            return Ok(Found { program, place, origin, selected: None }.into());
        };
        self.on_path_only(ask, None).map_err(|error| match error {
            Error::NotFound(found) => {
                Error::NotFound(Box::new(NotFound { refused: Some(refused), ..*found }))
            }
            error => error,
        })
    }

    /// What keeps a version that nothing selects from running, if anything does.
    fn refused(&self) -> Option<&'static str> {
        if let Some(value) = self.world().variable(UNSELECTED.as_bytes()) {
            return (*value == *b"refuse").then_some("PYMAN_UNSELECTED=refuse");
        }
        let mark = self.world().read(&self.home().join(REFUSED), 0);
        mark.is_ok_and(|mark| mark.is_some()).then_some("`unselected = \"refuse\"' in the settings")
    }

    fn on_path_only(
        &self,
        ask: Ask<'_>,
        selected: Option<Installation>,
    ) -> Result<Decision, Error> {
        self.path_alone(ask, selected).ok_or_else(|| self.not_found(ask, Vec::new(), false))
    }

    /// What PATH has, where it is searched.
    fn path_alone(&self, ask: Ask<'_>, selected: Option<Installation>) -> Option<Decision> {
        let program = match ask.fallback {
            Fallback::Path => self.on_path(ask.command)?,
            Fallback::Nowhere => return None,
        };
        Some(Found { program, place: Place::Path, origin: Origin::System, selected }.into())
    }

    /// The first of the pinned that is there, unless that is `system`.
    fn first_pinned(&self) -> Result<Option<Installation>, Error> {
        let entries = self.pins()?.entries;
        let mut resolved = entries.iter().map(|entry| self.resolve(entry));
        Ok(match resolved.find(|resolution| *resolution != Resolution::Missing) {
            Some(Resolution::Installed(installation)) => Some(installation),
            Some(Resolution::System | Resolution::Missing) | None => None,
        })
    }

    /// Whether the installation is a directory without any interpreter.
    fn is_bare(&self, installation: &Installation) -> bool {
        // One that is our own shim is passed over, not missed.
        !self.is_whole(installation)
            && !self.world().is_executable(&installation.command(b"python"))
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
        let lines = "pyman: version `3.13' is not installed (set by /w/.python-version)\n\
                     pyman: python: command not found\n";
        let hint = "hint: run `pyman install 3.13`, or pick one of the installed: \
                    2.7.18, 3.8.18, 3.9.18, 3.10.13, 3.12.1\n";
        assert_eq!(report, format!("{lines}{hint}"));
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let report = resolver.which(Ask::which(b"python")).unwrap_err().report();
        let list = "\nThe `python' command exists in these Python versions:\n  2.7.18\n  3.8.18\n";
        assert!(
            report.starts_with(&format!("{lines}{list}")) && report.ends_with(hint),
            "{report}"
        );
    }

    #[test]
    fn a_missing_pin_stops_what_is_pythons_own_and_what_only_versions_have() {
        let world = world()
            .file("/w/.python-version", "3.13")
            .program("/usr/bin/python", "")
            .program("/usr/bin/pip", "")
            .program("/usr/bin/flask", "")
            .program("/usr/bin/pipx", "")
            .program("/r/versions/3.12.1/bin/flask", "")
            .program("/r/versions/3.12.1/bin/black", "");
        let missing = "127 pyman: version `3.13' is not installed (set by /w/.python-version)";
        for (command, expected) in [
            ("python", missing),
            ("python3", missing),
            ("pip", missing),
            ("idle3", missing),
            ("black", missing),
            ("flask", "/usr/bin/flask"),
            ("pipx", "/usr/bin/pipx"),
            ("ls", "/usr/bin/ls"),
        ] {
            assert_eq!(answer(&world, command), expected, "{command}");
        }
        let quiet = notes(&world, "flask");
        assert!(quiet.iter().all(Note::is_debug));
        let asked = notes(&world.variable("PYMAN_DEBUG", "1"), "flask");
        let told: Vec<String> = asked.iter().map(ToString::to_string).collect();
        let line =
            "runs /usr/bin/flask: version `3.13' is not installed (set by /w/.python-version)";
        assert_eq!(told, [line]);
    }

    #[test]
    fn a_pin_of_nine_thousand_lines_makes_ten_lines() {
        let refused = (0..4000).map(|line| format!("../{line}\n"));
        let missing = (0..5000).map(|line| format!("3.99.{line}\n"));
        let pin = refused.chain(missing).collect::<Vec<_>>().concat();
        let world = world().file("/w/.python-version", pin);
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        let report = resolver.which(Ask::shim(b"python")).unwrap_err().report();
        let notes = resolver.take_notes();
        assert!(report.lines().count() + notes.len() <= 10, "{report}{notes:?}");
        assert_eq!(report.lines().count(), 6);
        assert!(report.contains(" more versions are not installed"), "{report}");
        assert!(notes.iter().any(|note| note.to_string().starts_with("3998 more invalid")));
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
            (world().file("/r/version", "system"), "python3.9", of("3.9.18", "python3.9")),
            (
                world().file("/r/version", "system").file("/w/.python-version", "3.8"),
                "python3.9",
                of("3.9.18", "python3.9"),
            ),
            (world(), "python3.11", "/usr/bin/python3.11".into()),
            (world(), "pip3.9", of("3.9.18", "pip3.9")),
            (world().file("/r/version", "system"), "pip3.9", of("3.9.18", "pip3.9")),
            (
                world().file("/r/version", "system").program("/usr/bin/pip3.9", ""),
                "pip3.9",
                "/usr/bin/pip3.9".into(),
            ),
            (world(), "pip3.12", of("3.12.1", "pip3.12")),
            (
                world().program("/r/versions/3.9.18/bin/pydoc3.9", ""),
                "pydoc3.9",
                of("3.9.18", "pydoc3.9"),
            ),
            (
                world().program("/r/versions/3.9.18/bin/2to3-3.9", ""),
                "2to3-3.9",
                of("3.9.18", "2to3-3.9"),
            ),
            (
                world().program("/r/versions/3.9.18/bin/idle3.9", ""),
                "idle3.9",
                of("3.9.18", "idle3.9"),
            ),
            (
                world().program("/r/versions/3.9.18/bin/python3.9-config", ""),
                "python3.9-config",
                of("3.9.18", "python3.9-config"),
            ),
            (
                world().program("/r/versions/3.9.18/bin/tool3.9", ""),
                "tool3.9",
                "127 pyman: tool3.9: command not found".into(),
            ),
            (world().directory("/r/versions/3.9.99/bin"), "python3.9", of("3.9.18", "python3.9")),
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
    fn what_nothing_selects_can_be_refused() {
        let pinned = || world().file("/w/.python-version", "3.12");
        let refusing = [
            (pinned().variable("PYMAN_UNSELECTED", "refuse"), "PYMAN_UNSELECTED=refuse"),
            (
                pinned().file("/r/.unselected-refused", ""),
                "`unselected = \"refuse\"' in the settings",
            ),
        ];
        for (world, refused) in refusing {
            assert_eq!(answer(&world, "python3.12"), of("3.12.1", "python3.12"));
            assert_eq!(answer(&world, "python3.11"), "/usr/bin/python3.11");
            let error = which(&world, "python3.9").unwrap_err();
            assert_eq!(error.exit_code(), 127);
            assert_eq!(
                error.report(),
                format!(
                    "pyman: python3.9: command not found\n\n\
                     The `python3.9' command exists in these Python versions:\n  3.9.18\n\n\
                     Note: See 'pyman help global' for tips on allowing multiple\n      \
                     Python versions to be found at the same time.\n\
                     hint: 3.9.18 has it and is not selected: {refused} keeps it from running\n\
                     hint: run `PYMAN_VERSION=3.9.18 python3.9`\n"
                )
            );
        }
        let run = pinned().file("/r/.unselected-refused", "").variable("PYMAN_UNSELECTED", "run");
        assert_eq!(answer(&run, "python3.9"), of("3.9.18", "python3.9"));
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
            ("web", "pip3.9", of("3.9.18", "pip3.9")),
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
    fn lines_are_understood_as_people_mean_them() {
        let unclear = "127 pyman: `>=3.9 <3.11' is no version (set by /w/.python-version:2)";
        let cases = [
            (">=3.9, <3.12", of("3.10.13", "python")),
            ("python 3.9.18", of("3.9.18", "python")),
            ("cpython 3.8", of("3.8.18", "python")),
            ("python >=3.9, <3.10", of("3.9.18", "python")),
            ("# x\n>=3.9 <3.11\n", unclear.into()),
            ("3.12\n>=3.9 <3.11\n", unclear.into()),
        ];
        for (pin, expected) in cases {
            let world = world().file("/w/.python-version", pin).program("/usr/bin/python", "");
            assert_eq!(answer(&world, "python"), expected, "{pin:?}");
            assert_eq!(answer(&world, "ls"), "/usr/bin/ls", "{pin:?}");
        }
        let world = world().file("/w/.python-version", ">=3.9 <3.11");
        let report = which(&world, "python").unwrap_err().report();
        assert!(report.ends_with("hint: write `>=3.9,<3.11'\n"), "{report}");
    }

    #[test]
    fn a_directory_without_an_interpreter_counts_when_it_is_named() {
        let world = || {
            world()
                .directory("/r/versions/3.8.99")
                .directory("/r/versions/.pyman-3.8.98/bin")
                .program("/r/versions/.pyman-3.8.98/bin/python", "")
                .program("/usr/bin/python", "")
        };
        let empty = "127 pyman: version `3.8.99' has no interpreter (set by /w/.python-version)";
        let cases = [
            ("", "python3.8", of("3.8.18", "python3.8")),
            ("3.8", "python", of("3.8.18", "python")),
            (">=3.8,<3.9", "python", of("3.8.18", "python")),
            ("3.8.99", "python", empty.into()),
            ("3.8.99", "python3.8", empty.into()),
            ("3.8.99", "ls", "/usr/bin/ls".into()),
            ("3.8.99\n3.9", "python", of("3.9.18", "python")),
            (
                ".pyman-3.8.98",
                "python",
                "127 pyman: version `.pyman-3.8.98' is not installed (set by /w/.python-version)"
                    .into(),
            ),
        ];
        for (pin, command, expected) in cases {
            let world = match pin {
                "" => world(),
                pin => world().file("/w/.python-version", pin),
            };
            assert_eq!(answer(&world, command), expected, "{pin:?} {command}");
        }
        let world = world();
        let resolver = Resolver::new(&world, Home::new(b"/r"));
        assert!(resolver.installations().iter().all(|one| !one.name.starts_with(b".pyman-")));
    }

    #[test]
    fn what_may_not_be_read_is_named_with_the_reason() {
        let theirs = || {
            world()
                .program("/theirs/3.11.4/bin/python", "")
                .link("/r/versions/3.11.4", "/theirs/3.11.4")
                .denied("/theirs")
                .program("/usr/bin/python", "")
        };
        let said = |version: &str| {
            format!(
                "127 pyman: version `{version}' cannot be read: Permission denied \
                 (set by /w/.python-version)"
            )
        };
        let shut =
            || theirs().program("/r/versions/3.7.1/bin/python", "").denied("/r/versions/3.7.1");
        for version in ["3.11.4", "3.11", "3.7.1", "3.7"] {
            let world = shut().file("/w/.python-version", version);
            assert_eq!(answer(&world, "python"), said(version));
        }
        // Nothing selects it.
        assert_eq!(
            answer(&shut(), "python3.7"),
            "127 pyman: version `3.7' cannot be read: Permission denied"
        );
        // Where another match can be read, that one runs.
        let other = install(shut(), "3.7.0").file("/w/.python-version", "3.7");
        assert_eq!(answer(&other, "python"), of("3.7.0", "python"));
    }

    #[test]
    fn the_selected_version_comes_first_on_path_for_whatever_runs() {
        let selected = |world: &Memory, ask: Ask<'_>| {
            let found = Resolver::new(world, Home::new(b"/r")).which(ask).unwrap();
            found.selected.map(|selected| String::from_utf8(selected.name).unwrap())
        };
        let cases = [
            ("3.9", Some("3.9.18")),
            ("3.99.1\n3.9\n3.8", Some("3.9.18")),
            ("system\n3.9", None),
            ("3.9\nsystem", Some("3.9.18")),
            ("3.99.1", None),
            ("", None),
        ];
        for (pin, expected) in cases {
            let world = world().file("/w/.python-version", pin).program("/w/p/tool", "");
            for ask in [Ask::shim(b"ls"), Ask::exec(b"ls"), Ask::exec(b"./tool")] {
                assert_eq!(selected(&world, ask).as_deref(), expected, "{pin:?} {ask:?}");
            }
            let active = world.program("/venv/bin/python", "").variable("VIRTUAL_ENV", "/venv");
            assert_eq!(selected(&active, Ask::shim(b"ls")), None);
            assert_eq!(selected(&active, Ask::exec(b"ls")).as_deref(), expected);
        }
    }

    #[test]
    fn a_pip_that_is_not_the_environments_is_told() {
        let active = || {
            world()
                .file("/w/.python-version", "3.12")
                .program("/venv/bin/python", "")
                .program("/venv/bin/python3", "")
                .program("/venv/bin/python3.12", "")
                .variable("VIRTUAL_ENV", "/venv")
        };
        let told = |world: &Memory, command: &str| {
            let notes = notes(world, command);
            notes
                .iter()
                .filter(|note| !note.is_debug())
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        for command in ["pip", "pip3", "pip3.12"] {
            let line = format!(
                "the active environment /venv has no {command}: \
                 that of 3.12.1 runs (/r/versions/3.12.1/bin/{command})"
            );
            assert_eq!(told(&active(), command), [line]);
        }
        for command in ["pip3.9", "python", "python3.9", "ls"] {
            assert_eq!(told(&active(), command), [""; 0], "{command}");
        }
        let own = active().program("/venv/bin/pip", "");
        assert_eq!(told(&own, "pip"), [""; 0]);
    }

    #[test]
    fn the_hint_names_the_newest_version_and_no_environment() {
        let black =
            |world: Memory, name: &str| world.program(&format!("/r/versions/{name}/bin/black"), "");
        let hint = |world: &Memory| {
            let hints = which(world, "black").unwrap_err().hints();
            hints.first().cloned().unwrap_or_default()
        };
        let venv = |world: Memory, name: &str| {
            black(world, name).file(&format!("/r/versions/{name}/pyvenv.cfg"), "")
        };
        let all = ["3.8.18", "3.10.13", "pypy3.10-7.3.17"].into_iter().fold(world(), black);
        let all = venv(venv(venv(all, "web"), "3.12.1/envs/app"), "3.12.5");
        assert_eq!(hint(&all), "run `PYMAN_VERSION=3.10.13 black`");
        assert_eq!(hint(&venv(world(), "web")), "");
        assert_eq!(hint(&black(world(), "linked")), "run `PYMAN_VERSION=linked black`");
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
