//! What could be installed: every build this program knows of, and the answer to a request.
//!
//! Knows tables, rows and the places they come from; never what is installed, never an archive's bytes.
//! The tables of `plugins/` are part of the program (`table`); rows from elsewhere are added.

mod choice;
mod error;
mod family;
mod lifetime;
mod live;
mod load;
mod question;
mod release;
mod row;
mod search;
mod source;
mod store;
mod suggestions;
mod table;

pub use choice::Choice;
pub use error::Error;
pub use family::{Family, Mirrors, Preset};
pub use lifetime::{Date, Lifetime};
pub(crate) use lifetime::{Day, Support};
pub use release::{Build, Kind, Openssl};

pub use live::{Refresh, Refreshed};
pub use load::{Places, damaged};
pub use question::{Options, Route};
pub use release::{CPYTHON, Label, Release};
pub use row::beside;
pub use store::keep_digest;

use table::Group;

/// Every build that could be installed.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// Whether another catalogue stands in for the embedded tables.
    replaced: bool,
    /// The rows from elsewhere, in the order they were read.
    added: Vec<Build>,
    /// When a live list was last asked, in seconds since 1970.
    checked: Option<u64>,
}

impl Catalogue {
    /// What this program was built with.
    pub const fn embedded_only() -> Self {
        Self { replaced: false, added: Vec::new(), checked: None }
    }

    /// The day of what is known, `2026-11-10`: when a live list was last asked, else the newest build in the
    /// tables. None when another catalogue replaces them: it says nothing of its age.
    pub fn as_of(&self) -> Option<String> {
        self.known_day().map(|day| day.to_string())
    }

    /// The day it is, for saying what is looked after: no clock is right that is behind what is known.
    pub(crate) fn today(&self) -> Day {
        let clock = Day::of_clock();
        self.known_day().map_or(clock, |known| known.max(clock))
    }

    /// The day it is by a clock that is behind what is known, and the day that was.
    pub(crate) fn clock_behind(&self) -> Option<(Day, Day)> {
        let clock = Day::of_clock();
        let known = self.known_day()?;
        (clock < known).then_some((clock, known))
    }

    fn known_day(&self) -> Option<Day> {
        let tags = self.embedded().flat_map(|table| table.groups().filter_map(Group::tag));
        let snapshot = tags.filter_map(Day::of_tag).max();
        let asked = self.checked.map(Day::of_seconds);
        snapshot.max(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::{Catalogue, Kind, Options, Route};
    use crate::platform::Platform;
    use pyman_shim::Request;

    fn options(route: Route) -> Options {
        let platform: Platform = "x86_64-unknown-linux-gnu".parse().unwrap();
        Options { platform: Some(platform), route, variant: None }
    }

    fn answer(request: &str, route: Route) -> Vec<String> {
        match Catalogue::embedded_only()
            .answer(&Request::parse(request.as_bytes()), &options(route))
        {
            Ok(builds) => builds.iter().map(|build| build.path.clone()).collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    #[test]
    fn a_request_gets_the_newest_final_version_and_its_best_build() {
        let linux = |version: &str, rest: &str| {
            format!("20261110/cpython-{version}+20261110-x86_64-unknown-linux-gnu-{rest}.tar.gz")
        };
        let table = [
            ("3.15", linux("3.15.2", "install_only_stripped")),
            ("latest", linux("3.15.2", "install_only_stripped")),
            ("3.12:latest", linux("3.12.16", "install_only_stripped")),
            (">=3.11,<3.13", linux("3.12.16", "install_only_stripped")),
            ("3.13t", linux("3.13.18", "freethreaded-install_only_stripped")),
            ("pypy3.10-7.3.17", "pypy3.10-v7.3.17-linux64.tar.bz2".to_owned()),
            ("pypy3.10", "pypy3.10-v7.3.19-linux64.tar.bz2".to_owned()),
            ("pypy", "pypy3.12-v8.0.1-linux64.tar.gz".to_owned()),
            ("graalpy-community-25.0.1", "graal-25.0.1/graalpy-community-25.0.1-linux-amd64.tar.gz".to_owned()),
            ("miniforge3-24.11.0-0", "download/24.11.0-0/Miniforge3-24.11.0-0-Linux-x86_64.sh".to_owned()),
            ("miniforge3", "download/26.1.1-3/Miniforge3-26.1.1-3-Linux-x86_64.sh".to_owned()),
            ("3.12.7+20241016", "20241016/cpython-3.12.7+20241016-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz".to_owned()),
        ];
        for (request, expected) in table {
            assert_eq!(answer(request, Route::OnlyPrebuilt), [expected], "{request}");
        }
    }

    #[test]
    fn what_has_no_prebuilt_is_answered_with_its_sources() {
        let table = [
            ("2.7.18", "2.7.18/Python-2.7.18.tar.xz", "2.7.18/Python-2.7.18.tgz"),
            ("3.13.0-debug", "3.13.0/Python-3.13.0.tar.xz", "3.13.0/Python-3.13.0.tgz"),
        ];
        for (request, first, second) in table {
            assert_eq!(answer(request, Route::PrebuiltFirst), [first, second], "{request}");
        }
        assert_eq!(answer("3.15.0b1", Route::OnlySource)[1], "3.15.0/Python-3.15.0b1.tgz");
        assert_eq!(answer("3.2.0", Route::OnlySource), ["3.2/Python-3.2.tgz"]);
    }

    #[test]
    fn the_sources_follow_the_prebuilt_as_the_fall_back() {
        let paths = answer("3.13.5", Route::PrebuiltFirst);
        assert_eq!(paths.len(), 3);
        assert!(paths[0].ends_with("-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz"));
        assert_eq!(paths[1..], ["3.13.5/Python-3.13.5.tar.xz", "3.13.5/Python-3.13.5.tgz"]);
        assert_eq!(answer("3.12", Route::PrebuiltFirst).len(), 1, "3.12.16 has no sources yet");
        assert_eq!(answer("3.12", Route::OnlySource)[0], "3.12.13/Python-3.12.13.tar.xz");
    }

    #[test]
    fn what_there_is_none_of_is_said_as_python_build_says_it() {
        for (request, route) in [
            ("3.99", Route::PrebuiltFirst),
            ("3.12-dev", Route::PrebuiltFirst),
            ("3.16", Route::PrebuiltFirst),
            ("2.7.18", Route::OnlyPrebuilt),
            ("pypy3.10", Route::OnlySource),
            ("3.12t", Route::OnlySource),
        ] {
            let expected = format!("python-build: definition not found: {request}");
            assert_eq!(answer(request, route), [expected]);
        }
    }

    #[test]
    fn an_unknown_version_is_answered_with_what_there_is() {
        let table = [
            ("3.12.99", "near it: 3.12.16, 3.12.15"),
            ("3.99", "near it: 3.15.2, 3.14.10, 3.13.18"),
            ("3.16", "near it: 3.16.0a2, 3.16.0a1"),
            ("3.12-dev", "near it: 3.12.16"),
            ("pypi3.10-7.3.17", "pypy3.10-7.3.17"),
        ];
        for (request, expected) in table {
            let wanted = Request::parse(request.as_bytes());
            let found = Catalogue::embedded_only().answer(&wanted, &options(Route::PrebuiltFirst));
            let hints = found.err().map(|error| error.hints().concat()).unwrap_or_default();
            assert!(hints.contains(expected), "{request}: {hints}");
        }
    }

    #[test]
    fn the_option_that_stands_in_the_way_is_named() {
        let table = [
            ("2.7.18", Route::OnlyPrebuilt, "there is a `2.7.18' without `--prebuilt'"),
            ("pypy3.10", Route::OnlySource, "there is a `pypy3.10' without `--build'"),
        ];
        for (request, route, expected) in table {
            let request = Request::parse(request.as_bytes());
            let found = Catalogue::embedded_only().answer(&request, &options(route));
            assert_eq!(found.unwrap_err().hints(), [expected]);
        }
    }

    #[test]
    fn a_version_of_other_platforms_names_them() {
        let options = Options {
            platform: Some("i686-unknown-linux-gnu".parse().unwrap()),
            route: Route::OnlyPrebuilt,
            variant: None,
        };
        let error =
            Catalogue::embedded_only().answer(&Request::parse(b"3.15.2"), &options).unwrap_err();
        assert!(error.hints()[0].contains("x86_64-unknown-linux-gnu"), "{:?}", error.hints());
        assert_eq!(error.exit_code(), 2);
    }

    #[test]
    fn every_embedded_row_is_a_build() {
        let mut rows = 0;
        for table in Catalogue::embedded_only().embedded() {
            for group in table.groups() {
                let release = table.release(group).unwrap_or_else(|| panic!("{group:?}"));
                for row in table.rows(group) {
                    let build = table.build(release.clone(), group, row);
                    assert_eq!(build.platform.is_none(), build.kind == Kind::Source, "{build:?}");
                    assert!(!build.file.is_empty() && !build.file.contains("{}"), "{build:?}");
                    rows += 1;
                }
            }
        }
        assert_eq!(rows, 3_593 + 431 + 704 + 120 + 1_765);
    }
}
