//! `pyman available`: what there is to install, for people and for scripts.

use std::fs;

use crate::support::sandbox::Sandbox;

/// Releases of lines whose days are long over, or far ahead: what is said of them does not change.
const ROWS: &[(&str, &str, &str)] = &[
    ("3.16.0a1", "prebuilt", "default"),
    ("3.8.20", "prebuilt", "default"),
    ("3.8.19", "prebuilt", "default"),
    ("3.7.17", "source", "default"),
    ("2.7.18", "source", "default"),
];

const ASIDE: &str = "the catalogue is of unknown age: `pyman update' asks for what is newer";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let mut rows = Vec::new();
    for (version, kind, variant) in ROWS {
        let platform =
            if *kind == "source" { String::new() } else { format!(r#""platform":"{triple}","#) };
        rows.push(format!(
            "{{\"implementation\":\"cpython\",\"version\":\"{version}\",\"variant\":\"{variant}\",{platform}\
             \"kind\":\"{kind}\",\"file\":\"{version}.tar.gz\",\"url\":\"https://example.org/{version}.tar.gz\",\
             \"sha256\":\"{}\"}}\n",
            "0".repeat(64)
        ));
    }
    rows.push(format!(
        "{{\"implementation\":\"pypy\",\"version\":\"pypy3.10-7.3.17\",\"kind\":\"prebuilt\",\"platform\":\"{triple}\",\
         \"file\":\"p.tar.bz2\",\"url\":\"https://example.org/p.tar.bz2\",\"sha256\":\"{}\"}}\n",
        "0".repeat(64)
    ));
    sandbox.write("catalogue.jsonl", rows.concat());
    sandbox
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> crate::support::sandbox::Ran {
    let mut command = sandbox.pyman(arguments);
    command.env("PYMAN_CATALOGUE", sandbox.path().join("catalogue.jsonl"));
    sandbox.ran(&mut command)
}

#[test]
fn the_newest_of_each_line_is_shown_with_what_is_known_of_it() {
    let sandbox = sandbox();
    sandbox.fake_version("3.8.19", &["python"]);
    sandbox.fake_version("2.7.18", &["python"]);
    run(&sandbox, &["available"]).is(
        "CPython\n\
         \x20 3.8.20  prebuilt   3.8.19 is installed, no security fixes since 2024-10-07\n\
         \x20 3.7.17  source     no security fixes since 2023-06-27\n\
         \x20 2.7.18  source     installed, no security fixes since 2020-01-01\n\
         Pre-releases\n\
         \x20 3.16.0a1  prebuilt\n\
         Others\n\
         \x20 pypy3.10-7.3.17  prebuilt\n",
        &format!("{ASIDE}, `--all' shows every release\n"),
        0,
    );
}

#[test]
fn all_of_a_line_is_shown_where_it_is_asked_for() {
    let sandbox = sandbox();
    let lines = "CPython\n\
                 \x20 3.8.20  prebuilt   no security fixes since 2024-10-07\n\
                 \x20 3.8.19  prebuilt   no security fixes since 2024-10-07\n";
    let aside = format!("{ASIDE}, `--all' shows every release\n");
    run(&sandbox, &["available", "3.8"]).is(lines, &aside, 0);
    let all = run(&sandbox, &["available", "--all"]);
    assert!(all.stdout.contains("  3.8.19  "), "{all:?}");
    assert_eq!(all.stderr, format!("{ASIDE}\n"));
    run(&sandbox, &["available", ">=2.7,<3"]).is(
        "CPython\n  2.7.18  source     no security fixes since 2020-01-01\n",
        &aside,
        0,
    );
    let unknown = run(&sandbox, &["available", "3.9"]);
    assert_eq!((unknown.stdout.as_str(), unknown.status), ("", Some(2)));
    assert!(unknown.stderr.starts_with("python-build: definition not found: 3.9\n"), "{unknown:?}");
}

#[test]
fn scripts_get_every_fact() {
    let sandbox = sandbox();
    let ran = run(&sandbox, &["available", "3.8.20", "--json"]);
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let expected = serde_json::json!({
        "schema": 1,
        "catalogue": null,
        "platform": triple,
        "available": [{
            "name": "3.8.20", "implementation": "cpython", "version": "3.8.20", "variant": "",
            "pre_release": false, "kinds": ["prebuilt"], "installed": null,
            "openssl": null, "openssl_end_of_life": null,
            "support": "none", "first_release": "2019-10-14",
            "end_of_bug_fixes": "2021-05-03", "end_of_life": "2024-10-07",
        }],
    });
    let said: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((said, ran.stderr.as_str(), ran.status), (expected, "", Some(0)));
}

#[test]
fn everything_that_is_embedded_fits_a_screen() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["available"]);
    assert_eq!(ran.status, Some(0));
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(lines.len() < 60, "{} lines", lines.len());
    assert!(lines.iter().all(|line| line.len() <= 80), "{}", ran.stdout);
    let seven = lines.iter().find(|line| line.starts_with("  3.7.17")).unwrap();
    assert!(seven.ends_with("no security fixes since 2023-06-27, nor has OpenSSL 1.1"), "{seven}");
    assert!(!sandbox.root().exists() || fs::read_dir(sandbox.root()).unwrap().next().is_none());
}

#[test]
fn neighbours_words_lead_here_and_completion_offers_minors_first() {
    let sandbox = sandbox();
    sandbox.run(&["ls-remote", "3.12"]).fails(
        "pyman: no such command `ls-remote'\nhint: pyman says this as `pyman available 3.12'\n",
        1,
    );
    let offered = sandbox.run(&["completions", "install"]).stdout;
    let place = |word: &str| offered.lines().position(|line| line == word).unwrap();
    assert!(place("3.12") < place("2.7") && place("2.7") < place("2.1.3"), "{offered}");
}

#[test]
fn of_all_that_there_is_each_line_is_there_once_by_its_newest_and_the_newest_comes_first() {
    let ran = Sandbox::new().run(&["available", "--json"]);
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let finals =
        document["available"].as_array().unwrap().iter().filter(|row| {
            row["implementation"] == "cpython" && !row["pre_release"].as_bool().unwrap()
        });
    let lines: Vec<(Vec<u32>, &str)> = finals
        .map(|row| {
            let version = row["version"].as_str().unwrap();
            let numbers = version.split('.').map(|number| number.parse().unwrap()).collect();
            (numbers, row["variant"].as_str().unwrap())
        })
        .collect();
    assert!(lines.len() > 20, "{lines:?}");
    for pair in lines.windows(2) {
        let ((one, variant), (other, next)) = (&pair[0], &pair[1]);
        assert!(one > other || (one == other && variant < next), "{pair:?}");
        assert!(one[..2] != other[..2] || variant != next, "{pair:?}");
    }
}
