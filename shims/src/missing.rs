//! What was selected and cannot run, and what can be said when a command is not found: in pyenv's words, bounded, with
//! hints that mean the thing.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt::{self, Write};

use crate::constraint::Constraint;
use crate::name::{Form, Name};
use crate::request::Origin;
use crate::request::{Request, Wanted};
use crate::series::Series;
use crate::shown::{Cut, Shown};
use crate::specifier::Specifiers;
use crate::version::Version;
use crate::world::Fault;

/// A request that nothing installed answers, and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotInstalled {
    /// What was asked for, as written.
    pub request: Vec<u8>,
    /// Where.
    pub origin: Origin,
    /// What is the matter with it.
    pub why: Why,
}

/// What is the matter with a version that cannot run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is not there.
    Absent,
    /// It is there, and this user may not read it.
    Unreadable(Fault),
    /// There is a directory of that name, and no interpreter in it.
    Empty,
    /// It says nothing: bounds that are none. With the line of the file, where it stands in one.
    Unclear {
        /// From 1.
        line: Option<usize>,
    },
}

/// What can be said when a command is not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// The command asked for.
    pub command: Vec<u8>,
    /// What was selected and is not installed.
    pub missing: Vec<NotInstalled>,
    /// Whether nothing that was selected is installed.
    pub pinned: bool,
    /// The versions and environments that have the command.
    pub having: Vec<Vec<u8>>,
    /// Of them the newest version: no environment.
    pub newest: Option<Vec<u8>>,
    /// The releases that are installed.
    pub installed: Vec<Vec<u8>>,
    /// What keeps a version that nothing selects from running: a variable, or a setting.
    pub refused: Option<&'static str>,
    /// How much of this is wanted.
    pub detail: Detail,
}

/// How much is said when a command is not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What is not there (`--skip-advice`).
    Lines,
    /// And what to do about it; which versions have the command, unless the pin itself is missing: a shim, `exec`.
    Hints,
    /// Everything (`which`).
    All,
}

/// Of many, so many are named and the others counted.
pub(crate) const NAMED: usize = 3;

/// So many of what is installed are named as near.
const NEAR: usize = 5;

/// So many of the versions that have a command are listed.
const LISTED: usize = 20;

impl NotInstalled {
    /// What is simply not there.
    pub const fn new(request: Vec<u8>, origin: Origin) -> Self {
        Self { request, origin, why: Why::Absent }
    }

    /// What to do about it, given what is installed.
    pub fn hint(&self, installed: &[Vec<u8>]) -> Option<String> {
        hint(core::slice::from_ref(self), installed, &|_| true)
    }

    /// The same from who knows what can be installed.
    pub fn hint_of(
        &self,
        installed: &[Vec<u8>],
        offered: &dyn Fn(&Request) -> bool,
    ) -> Option<String> {
        hint(core::slice::from_ref(self), installed, offered)
    }

    /// A line for each, of many for the first few and how many more there are; none is ended.
    pub fn lines(all: &[Self]) -> impl Iterator<Item = String> {
        let named = if all.len() > NAMED + 1 { NAMED } else { all.len() };
        let more = all.len() - named;
        let counted = all
            .last()
            .filter(|_| more > 0)
            .map(|last| format!("{more} more versions are not installed (set by {})", last.origin));
        all.iter().take(named).map(ToString::to_string).chain(counted)
    }
}

/// What is the matter with a version, in the words of whoever says where it was asked for.
pub(crate) fn tell(
    formatter: &mut fmt::Formatter<'_>,
    request: &[u8],
    why: Why,
    place: Option<&dyn fmt::Display>,
) -> fmt::Result {
    let request = Cut(request);
    match why {
        Why::Absent => write!(formatter, "version `{request}' is not installed")?,
        Why::Unreadable(fault) => write!(formatter, "version `{request}' cannot be read: {fault}")?,
        Why::Empty => write!(formatter, "version `{request}' has no interpreter")?,
        Why::Unclear { .. } => write!(formatter, "`{request}' is no version")?,
    }
    let Some(place) = place else {
        return Ok(());
    };
    write!(formatter, " (set by {place}")?;
    if let Why::Unclear { line: Some(line) } = why {
        write!(formatter, ":{line}")?;
    }
    formatter.write_char(')')
}

impl fmt::Display for NotInstalled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place: Option<&dyn fmt::Display> = match &self.origin {
            Origin::Argument => None,
            origin => Some(origin),
        };
        tell(formatter, &self.request, self.why, place)
    }
}

impl NotFound {
    /// What to do about it.
    pub fn hints(&self) -> Vec<String> {
        match self.detail {
            Detail::Lines => return Vec::new(),
            Detail::Hints | Detail::All => {}
        }
        if self.pinned {
            return hint(&self.missing, &self.installed, &|_| true).into_iter().collect();
        }
        let Some(newest) = &self.newest else {
            return self.install().into_iter().collect();
        };
        let (version, command) = (Shown(newest), Cut(&self.command));
        let refused = self.refused.map(|refused| {
            format!("{version} has it and is not selected: {refused} keeps it from running")
        });
        let select = format!("run `PYMAN_VERSION={version} {command}`");
        refused.into_iter().chain([select]).collect()
    }

    /// What to install so that there is such a command.
    fn install(&self) -> Option<String> {
        if self.missing.iter().any(|missing| matches!(missing.why, Why::Unreadable(_))) {
            return None;
        }
        let wanted = match Constraint::of_command(&self.command) {
            Constraint { series: Some(series), .. } if is_plausible(series) => series.to_string(),
            Constraint { series: Some(_), .. } => return None,
            _ if self.installed.is_empty() => "3".to_string(),
            _ => return None,
        };
        Some(format!("run `pyman install {wanted}`"))
    }

    /// Whether the versions that have the command are listed.
    const fn is_listed(&self) -> bool {
        !self.having.is_empty()
            && match self.detail {
                Detail::Lines => false,
                Detail::Hints => !self.pinned,
                Detail::All => true,
            }
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in NotInstalled::lines(&self.missing) {
            write!(formatter, "{line}\npyman: ")?;
        }
        let command = Cut(&self.command);
        write!(formatter, "{command}: command not found")?;
        if !self.is_listed() {
            return Ok(());
        }
        writeln!(formatter, "\n\nThe `{command}' command exists in these Python versions:")?;
        let more = self.having.len().saturating_sub(LISTED);
        for name in self.having.iter().skip(if more > 1 { more } else { 0 }) {
            writeln!(formatter, "  {}", Shown(name))?;
        }
        if more > 1 {
            writeln!(formatter, "  (and {more} more: `pyman whence {command}')")?;
        }
        formatter.write_char('\n')?;
        formatter.write_str("Note: See 'pyman help global' for tips on allowing multiple\n")?;
        formatter.write_str("      Python versions to be found at the same time.")
    }
}

/// ``run `pyman install 3.13`, or pick one of the installed: 3.11.9, 3.12.7``; of what is installed the nearest.
fn hint(
    missing: &[NotInstalled],
    installed: &[Vec<u8>],
    offered: &dyn Fn(&Request) -> bool,
) -> Option<String> {
    if let Some(NotInstalled { request, .. }) =
        missing.iter().find(|missing| matches!(missing.why, Why::Unclear { .. }))
    {
        return Some(joined(request).map_or_else(
            || "write bounds as `>=3.10,<3.13', or a version".to_string(),
            |joined| format!("write `{joined}'"),
        ));
    }
    let mut command = String::new();
    for NotInstalled { request, why, .. } in missing.iter().take(NAMED) {
        // What is there and may not be read is not mended by another one.
        if matches!(why, Why::Unreadable(_)) {
            continue;
        }
        let request = Request::parse(request);
        if may_be_installed(&request) && offered(&request) {
            let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_+@:".contains(byte);
            let quote = if request.text().iter().all(plain) { "" } else { "'" };
            command.extend([" ", quote, &Shown(request.text()).to_string(), quote]);
        }
    }
    let near = near(missing, installed).join(", ");
    match (command.is_empty(), near.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("pick one of the installed: {near}")),
        (false, true) => Some(format!("run `pyman install{command}`")),
        (false, false) => {
            Some(format!("run `pyman install{command}`, or pick one of the installed: {near}"))
        }
    }
}

/// The clauses of bounds that lack their commas, with them: `>=3.9,<3.11` for `>=3.9 <3.11`.
fn joined(bounds: &[u8]) -> Option<String> {
    let mut joined = Vec::new();
    for byte in bounds.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        let begins = b"<>=!~".contains(byte);
        let after_number = joined.last().is_some_and(|last: &u8| last.is_ascii_alphanumeric());
        if begins && after_number {
            joined.push(b',');
        }
        joined.push(*byte);
    }
    let within = bounds.split(|byte| !(byte.is_ascii_whitespace() || byte.is_ascii_alphanumeric()));
    // Two numbers with a blank between them may be anything.
    let torn = within.map(<[u8]>::trim_ascii).any(|word| word.iter().any(u8::is_ascii_whitespace));
    Specifiers::parse(&joined).filter(|_| !torn).map(|bounds| bounds.to_string())
}

/// The installed that are nearest to what is missing, in their order: of the same implementation, of the same X.Y, the
/// newest.
fn near(missing: &[NotInstalled], installed: &[Vec<u8>]) -> Vec<String> {
    let wanted = missing.first().map(|missing| Request::parse(&missing.request));
    let far = |name: &Name<'_>| {
        let (family, minor) = match (wanted.as_ref().map(Request::wanted), name.form()) {
            (Some(Wanted::Stem(stem)), Form::Family { .. }) => {
                (name.implementation().is_some_and(|word| stem.starts_with(word)), true)
            }
            (Some(Wanted::Series { series: wanted, .. }), Form::CPython { series, .. }) => {
                (true, wanted.minor().is_some_and(|_| same_minor(*wanted, series)))
            }
            (Some(Wanted::Stem(_)), _) => (false, false),
            (_, form) => (matches!(form, Form::CPython { .. }), false),
        };
        (!family, !minor)
    };
    let mut nearest: Vec<Name<'_>> = installed.iter().map(|name| Name::parse(name)).collect();
    // Who means a version picks no environment.
    let is_plain = |name: &Name<'_>| matches!(name.form(), Form::Plain);
    if !nearest.iter().all(is_plain) {
        nearest.retain(|name| !is_plain(name));
    }
    nearest.sort_by_key(|name| (far(name), Reverse(*name)));
    nearest.truncate(NEAR);
    nearest.sort_unstable();
    nearest.iter().map(|name| Shown(name.text()).to_string()).collect()
}

fn same_minor(one: Series, other: Series) -> bool {
    (one.major(), one.minor()) == (other.major(), other.minor())
}

/// Whether there may be such a release. The shim has no catalogue, and does not advise to install what can be none.
fn may_be_installed(request: &Request) -> bool {
    match request.wanted() {
        Wanted::Series { series, .. } => is_plausible(*series),
        Wanted::Specifier { specifiers, .. } => {
            (0..=LAST_MINOR).any(|minor| specifiers.allow_some(Series::Minor(3, minor)))
        }
        Wanted::Stem(stem) => match stem.strip_prefix(b"pypy").and_then(Series::head) {
            Some((series, _)) => is_plausible(series),
            None => true,
        },
        Wanted::System | Wanted::Exact => false,
    }
}

/// The last 3.x that may come out while this program is in use: one comes a year, 3.15 in October 2026.
const LAST_MINOR: u32 = 18;

/// No X.Y has come to more patches.
const LAST_PATCH: u32 = 30;

fn is_plausible(series: Series) -> bool {
    let minor = |major, minor| match major {
        2 => minor <= 7,
        3 => minor <= LAST_MINOR,
        _ => false,
    };
    match series {
        Series::Major(major) => minor(major, 0),
        Series::Minor(major, number) => minor(major, number),
        Series::Patch(Version { major, minor: number, patch, .. }) => {
            minor(major, number) && patch <= LAST_PATCH
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(request: &str) -> NotInstalled {
        let origin = Origin::File(b"/home/ada/engine/.python-version".to_vec());
        NotInstalled::new(request.as_bytes().to_vec(), origin)
    }

    fn names(names: &[&str]) -> Vec<Vec<u8>> {
        names.iter().map(|name| name.as_bytes().to_vec()).collect()
    }

    fn not_found(command: &str, installed: &[&str]) -> NotFound {
        NotFound {
            command: command.as_bytes().to_vec(),
            missing: Vec::new(),
            pinned: false,
            having: Vec::new(),
            newest: None,
            installed: names(installed),
            refused: None,
            detail: Detail::Hints,
        }
    }

    #[test]
    fn hints_are_commands_that_work_when_pasted() {
        let installed = names(&["3.11.9", "3.12.7"]);
        let pick = "pick one of the installed: 3.11.9, 3.12.7";
        let cases = [
            ("3.13", Some("3.13")),
            ("3.12.9", Some("3.12.9")),
            (">=3.13", Some("'>=3.13'")),
            ("pypy3.9", Some("pypy3.9")),
            ("2.7", Some("2.7")),
            ("latest", Some("latest")),
            ("web", None),
            ("3.99.1", None),
            ("3.12.99", None),
            ("4.0", None),
            ("2.8", None),
            ("pypy3.99", None),
            (">=3.99", None),
            ("^3.11", None),
        ];
        for (request, command) in cases {
            let alone = command.map(|command| format!("run `pyman install {command}`"));
            let both = alone.as_ref().map(|run| format!("{run}, or {pick}"));
            assert_eq!(missing(request).hint(&installed), both.or(Some(pick.into())), "{request}");
            assert_eq!(missing(request).hint(&[]), alone, "{request}");
        }
    }

    #[test]
    fn of_much_that_is_installed_the_nearest_is_named() {
        let installed = [
            "2.7.18",
            "3.8.1",
            "3.8.18",
            "3.9.1",
            "3.10.1",
            "3.11.1",
            "3.12.1",
            "pypy3.10-7.3.17",
            "zed",
        ];
        let cases = [
            ("3.8.19", "3.8.1, 3.8.18, 3.10.1, 3.11.1, 3.12.1"),
            ("3.99", "3.8.18, 3.9.1, 3.10.1, 3.11.1, 3.12.1"),
            ("pypy3.99", "3.9.1, 3.10.1, 3.11.1, 3.12.1, pypy3.10-7.3.17"),
            ("web", "3.8.18, 3.9.1, 3.10.1, 3.11.1, 3.12.1"),
        ];
        for (request, expected) in cases {
            let hint = missing(request).hint(&names(&installed)).unwrap();
            assert!(hint.ends_with(&format!("installed: {expected}")), "{request}: {hint}");
        }
    }

    #[test]
    fn a_command_that_nobody_has_is_hinted_at_by_its_number() {
        let cases = [
            (not_found("python3.13", &["3.12.7"]), Some("run `pyman install 3.13`")),
            (not_found("python3.99", &["3.12.7"]), None),
            (not_found("python", &[]), Some("run `pyman install 3`")),
            (not_found("black", &["3.12.7"]), None),
        ];
        for (error, expected) in cases {
            assert_eq!(error.hints().first().map(String::as_str), expected);
            assert!(NotFound { detail: Detail::Lines, ..error }.hints().is_empty());
        }
    }

    #[test]
    fn what_may_not_be_read_is_not_to_be_installed() {
        let unreadable =
            |request| NotInstalled { why: Why::Unreadable(Fault(13)), ..missing(request) };
        assert_eq!(unreadable("3.12").hint(&[]), None);
        let both = [unreadable("3.12"), missing("3.9")];
        assert_eq!(hint(&both, &[], &|_| true).unwrap(), "run `pyman install 3.9`");
    }

    #[test]
    fn what_is_the_matter_is_said() {
        let cases = [
            (Why::Absent, "version `3.12' is not installed (set by /w/v)"),
            (
                Why::Unreadable(Fault(13)),
                "version `3.12' cannot be read: Permission denied (set by /w/v)",
            ),
            (Why::Empty, "version `3.12' has no interpreter (set by /w/v)"),
            (Why::Unclear { line: Some(7) }, "`3.12' is no version (set by /w/v:7)"),
            (Why::Unclear { line: None }, "`3.12' is no version (set by /w/v)"),
        ];
        for (why, expected) in cases {
            let origin = Origin::File(b"/w/v".to_vec());
            let told = NotInstalled { request: b"3.12".to_vec(), origin, why };
            assert_eq!(told.to_string(), expected);
        }
        let typed = NotInstalled::new(b"3.12".to_vec(), Origin::Argument);
        assert_eq!(typed.to_string(), "version `3.12' is not installed");
    }

    #[test]
    fn bounds_without_their_commas_are_shown_with_them() {
        let cases = [
            (">=3.9 <3.11", Some(">=3.9,<3.11")),
            (">=3.9<3.11", Some(">=3.9,<3.11")),
            (">= 3.9 <= 3.11 , != 3.10", Some(">=3.9,<=3.11,!=3.10")),
            (">=3.9 3.11", None),
            (">=3.9 || <3.8", None),
            (">=", None),
        ];
        for (bounds, expected) in cases {
            assert_eq!(joined(bounds.as_bytes()).as_deref(), expected, "{bounds}");
        }
    }

    #[test]
    fn of_many_the_first_few_are_named_and_the_others_counted() {
        let all: Vec<NotInstalled> =
            (0..9000).map(|patch| missing(&format!("3.99.{patch}"))).collect();
        let told =
            |count: usize| NotInstalled::lines(all.get(..count).unwrap()).collect::<Vec<_>>();
        assert_eq!(told(4).len(), 4);
        assert_eq!(told(9000).len(), 4);
        assert_eq!(
            told(9000).last().map(String::as_str),
            Some("8997 more versions are not installed (set by /home/ada/engine/.python-version)")
        );
        let long = NotInstalled::new(b"3".repeat(60_000), Origin::Argument).to_string();
        assert!(long.chars().count() < 120, "{long}");
    }

    #[test]
    fn a_long_list_of_versions_ends_in_a_count() {
        let having: Vec<Vec<u8>> = (0..100).map(|n| format!("3.12.{n}").into_bytes()).collect();
        let error = NotFound { having, ..not_found("black", &[]) };
        let told = error.to_string();
        assert!(told.contains("  3.12.99\n  (and 80 more: `pyman whence black')\n"), "{told}");
        assert_eq!(told.lines().count(), 27);
    }
}
