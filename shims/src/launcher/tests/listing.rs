//! `py -0` and `py -0p`.

use super::{five, in_venv, installed, none, notes, outcome, pinned, venv};

#[test]
fn the_newest_comes_first_and_one_star_marks_the_default() {
    let world = pinned(five(), "3.9");
    assert_eq!(
        outcome(&world, "py -0"),
        " -V:3.12.1        Python 3.12.1\n -V:3.10.13       Python 3.10.13\n \
         -V:3.9.18 *      Python 3.9.18\n -V:3.8.18        Python 3.8.18\n \
         -V:2.7.18        Python 2.7.18\n"
    );
    assert_eq!(outcome(&world, "py --list"), outcome(&world, "py -0"));
    assert_eq!(
        outcome(&pinned(installed(none(), "3.9.18", "3.9.18"), "3.9"), "py -0p"),
        " -V:3.9.18 *      /r/versions/3.9.18/bin/python\n"
    );
}

#[test]
fn an_active_environment_is_first_and_the_default() {
    let world = in_venv(installed(none(), "3.9.18", "3.9.18"));
    assert_eq!(
        outcome(&world, "py --list-paths"),
        "  *               /venv/bin/python\n -V:3.9.18        /r/versions/3.9.18/bin/python\n"
    );
}

#[test]
fn what_is_warned_of_is_warned_of_once() {
    let world = five().variable("VIRTUAL_ENV", "/gone");
    assert_eq!(notes(&world, "py -0"), ["no Python in VIRTUAL_ENV=/gone, passed over"]);
    let bare = none().program("/usr/bin/python3", "");
    assert_eq!(outcome(&bare, "py -0"), " -V: *            Python (on PATH)\n");
}

#[test]
fn other_builds_links_and_paths_are_listed_and_environments_are_not() {
    let world = installed(installed(none(), "3.13.0t", "3.13.0t"), "3.13.0", "3.13.0");
    let world = installed(world, "pypy3.10-7.3.17", "3.10");
    let world = installed(world, "brew", "3.11").link("/r/versions/3.13", "3.13.0");
    let world = venv(world, "/r/versions/web", "3.9.18").directory("/r/versions/torn");
    assert_eq!(
        outcome(&world, "py -0"),
        " -V:3.13.0t       Python 3.13.0t (free-threaded)\n -V:3.13.0 *      Python 3.13.0\n \
         -V:3.13          Python 3.13\n -V:pypy/3.10-7.3.17 pypy3.10-7.3.17 (Python 3.10)\n \
         -V:brew          brew (Python 3.11)\n"
    );
    let graalpy = pinned(installed(none(), "graalpy-24.1.1", "3.11"), "graalpy");
    assert_eq!(outcome(&graalpy, "py -0"), " -V:graalpy/24.1.1 * graalpy-24.1.1 (Python 3.11)\n");
    let on_path = none().program("/usr/bin/python3.11", "");
    assert_eq!(outcome(&on_path, "py -0"), " -V:3.11 *        Python 3.11 (on PATH)\n");
}

#[test]
fn a_default_that_cannot_be_found_is_a_warning() {
    let world = pinned(installed(none(), "3.9.18", "3.9.18"), "3.99");
    assert_eq!(outcome(&world, "py -0"), " -V:3.9.18        Python 3.9.18\n");
    assert_eq!(
        notes(&world, "py -0"),
        ["version `3.99' is not installed (set by /w/.python-version:1)"]
    );
}
