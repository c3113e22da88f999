//! `pyman update`'s lists: they add, never change, and leave everything as it was when they fail.

use std::fs;
use std::path::Path;

use pyman::catalogue::{Catalogue, Error, Refresh, Refreshed, Route};
use pyman::fetch::Address;
use pyman::progress::Silent;

use super::{DIGEST, OTHER, answer, client, load, prebuilt};
use crate::support::server::{Reply, Server};

const NDJSON: &str = "/python-build-standalone.ndjson";
const LATEST: &str = "/latest-release/latest-release.json";
const RELEASES: &str = "/api/v2/downloads/release/?is_published=true&version=3";
const PYPY: &str = "/pypy/versions.json";

/// The file of the newest 3.15.2 in the tables.
const KNOWN: &str =
    "cpython-3.15.2%2B20261110-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz";

/// A line of the list, as python-build-standalone's is.
fn line(version: &str, tag: &str, sha256: &str) -> String {
    let artifact = |flavour: &str, ending: &str| {
        let file = format!("cpython-{version}%2B{tag}-x86_64-unknown-linux-gnu-{flavour}.{ending}");
        format!(
            r#"{{"platform":"x86_64-unknown-linux-gnu","variant":"{flavour}","url":"https://github.com/astral-sh/python-build-standalone/releases/download/{tag}/{file}","archive_format":"{ending}","sha256":"{sha256}"}}"#
        )
    };
    let artifacts = [
        artifact("debug-full", "tar.zst"),
        artifact("install_only", "tar.gz"),
        artifact("install_only_stripped", "tar.gz"),
        artifact("freethreaded+pgo+lto-full", "tar.zst"),
    ];
    format!(
        r#"{{"version":"{version}+{tag}","date":"2099-01-01T00:00:00Z","artifacts":[{}]}}"#,
        artifacts.join(",")
    )
}

fn refresh(directory: &Path, base: &str) -> Vec<Refreshed> {
    let catalogue = load(directory, None).unwrap();
    let client = client();
    let base = Address::from(base);
    let refresh = Refresh { directory, base: Some(&base), client: &client, progress: &Silent };
    catalogue.refresh(&refresh).unwrap()
}

/// How many builds each list added; none for one that could not be used.
fn counts(refreshed: &[Refreshed]) -> Vec<Option<usize>> {
    refreshed.iter().map(|list| list.added.as_ref().ok().map(Vec::len)).collect()
}

fn catalogue(directory: &Path) -> Catalogue {
    load(directory, None).unwrap()
}

#[test]
fn the_head_of_the_list_is_read_down_to_what_is_known() {
    let below = "this line is never read\n".repeat(1000);
    let known = line("3.9.1", "20200101", OTHER);
    let text = format!(
        "{}\n{}\n{known}\n{below}",
        line("3.15.3", "20990101", DIGEST),
        line("3.14.11", "20990101", DIGEST)
    );
    let server = Server::serving(&[(NDJSON, text.as_bytes())]);
    let root = tempfile::tempdir().unwrap();
    assert_eq!(counts(&refresh(root.path(), &server.url("")))[0], Some(4));
    let found = catalogue(root.path());
    let stripped = |version: &str| {
        format!(
            "20990101/cpython-{version}+20990101-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz"
        )
    };
    assert_eq!(prebuilt(&found, "3.15"), stripped("3.15.3"));
    assert_eq!(prebuilt(&found, "3.14"), stripped("3.14.11"));
    assert!(prebuilt(&found, "3.15t").ends_with("freethreaded+pgo+lto-full.tar.zst"));
    assert!(prebuilt(&found, "3.9").contains("cpython-3.9.25+"), "{}", prebuilt(&found, "3.9"));
}

#[test]
fn a_list_that_did_not_change_is_not_sent_again_and_nothing_is_lost() {
    let text = line("3.15.3", "20990101", DIGEST);
    let server = Server::serving(&[(NDJSON, text.as_bytes())]);
    let root = tempfile::tempdir().unwrap();
    assert_eq!(counts(&refresh(root.path(), &server.url("")))[0], Some(2));
    assert_eq!(counts(&refresh(root.path(), &server.url("")))[0], Some(0));
    let asked: Vec<String> = server
        .requests()
        .into_iter()
        .filter(|request| request.path == NDJSON)
        .map(|request| request.headers.get("if-none-match").cloned().unwrap_or_default())
        .collect();
    assert!(asked[0].is_empty() && !asked[1].is_empty(), "{asked:?}");
    assert!(prebuilt(&catalogue(root.path()), "3.15").contains("3.15.3"));
}

#[test]
fn another_digest_for_a_known_file_refuses_the_list() {
    let known = format!(
        r#"{{"version":"3.15.2+20261110","artifacts":[{{"platform":"x86_64-unknown-linux-gnu","variant":"install_only_stripped","url":"https://evil.example/{KNOWN}","sha256":"{OTHER}"}}]}}"#
    );
    let text = format!("{}\n{known}\n", line("3.15.3", "20990101", DIGEST));
    let server = Server::serving(&[(NDJSON, text.as_bytes())]);
    let root = tempfile::tempdir().unwrap();
    let outcome = refresh(root.path(), &server.url("")).remove(0);
    let error = outcome.added.unwrap_err();
    assert!(matches!(error, Error::Contradiction { .. }), "{error}");
    assert_eq!(error.exit_code(), 4);
    assert!(error.to_string().contains(OTHER), "{error}");
    assert!(prebuilt(&catalogue(root.path()), "3.15").contains("3.15.2"));
    assert!(!root.path().join("live-prebuilt.jsonl").exists());
}

#[test]
fn an_older_or_broken_list_changes_nothing() {
    let broken = format!("{}\n{{\"version\":\"3.15.4+2099", line("3.15.3", "20990101", DIGEST));
    let wrong = line("3.15.3", "20990101", "not a digest");
    let older = line("3.12.0", "20230102", OTHER);
    for (text, added) in
        [(broken, None), (wrong, None), (older, Some(0)), ("<html>".to_owned(), None)]
    {
        let server = Server::serving(&[(NDJSON, text.as_bytes())]);
        let root = tempfile::tempdir().unwrap();
        assert_eq!(counts(&refresh(root.path(), &server.url("")))[0], added, "{text}");
        assert!(prebuilt(&catalogue(root.path()), "latest").contains("3.15.2+20261110"));
    }
}

#[test]
fn a_drop_in_the_middle_of_the_list_leaves_what_was_there() {
    let text = format!("{}\n", line("3.15.3", "20990101", DIGEST)).repeat(50);
    let server = Server::start(move |request| match request.path.as_str() {
        NDJSON => Reply::body(text.as_bytes()).cut(text.len() / 2),
        _ => Reply::status(404),
    });
    let root = tempfile::tempdir().unwrap();
    assert_eq!(counts(&refresh(root.path(), &server.url(""))), [None, None, None]);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

#[test]
fn where_the_list_is_not_served_the_newest_sums_stand_in() {
    let name = "cpython-3.15.3+20990101-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz";
    let latest = r#"{"version":1,"tag":"20990101","release_url":"https://x.example/","asset_url_prefix":"PREFIX"}"#;
    let sums = format!(
        "{DIGEST}  {name}\n{OTHER}  cpython-3.15.3+20990101-x86_64-unknown-linux-gnu-debug-full.tar.zst\n"
    );
    let server = Server::start(move |request| match request.path.as_str() {
        LATEST => {
            let host = request.headers.get("host").cloned().unwrap_or_default();
            Reply::file(
                request,
                latest.replace("PREFIX", &format!("http://{host}/dl/20990101")).as_bytes(),
            )
        }
        "/dl/20990101/SHA256SUMS" => Reply::file(request, sums.as_bytes()),
        _ => Reply::status(404),
    });
    let root = tempfile::tempdir().unwrap();
    assert_eq!(counts(&refresh(root.path(), &server.url("")))[0], Some(1));
    let found = prebuilt(&catalogue(root.path()), "3.15");
    assert_eq!(found, server.url(&format!("/dl/20990101/{}", name.replace('+', "%2B"))));
}

#[test]
fn new_sources_come_with_the_digests_of_their_publisher() {
    let releases = r#"[
        {"name":"Python 3.13.0","slug":"python-3130","version":3,"is_published":true,"pre_release":false,"resource_uri":"https://www.python.org/api/v2/downloads/release/1/"},
        {"name":"Python 3.14.6","slug":"python-3146","version":3,"is_published":true,"pre_release":false,"resource_uri":"https://www.python.org/api/v2/downloads/release/77/"},
        {"name":"Python install manager 26.0","slug":"pymanager","version":100,"is_published":true,"resource_uri":"https://www.python.org/api/v2/downloads/release/78/"},
        {"name":"Python 3.15.0b2","slug":"python-3150b2","version":3,"is_published":true,"pre_release":true,"resource_uri":"https://www.python.org/api/v2/downloads/release/79/"}]"#;
    let files = |version: &str, folder: &str| {
        format!(
            r#"[{{"name":"Gzipped source tarball","os":"https://www.python.org/api/v2/downloads/os/3/","release":"x","is_source":true,"url":"https://www.python.org/ftp/python/{folder}/Python-{version}.tgz","md5_sum":"0","filesize":9,"sha256_sum":"{DIGEST}"}},
               {{"name":"XZ compressed source tarball","is_source":true,"url":"https://www.python.org/ftp/python/{folder}/Python-{version}.tar.xz","filesize":8,"sha256_sum":"{OTHER}"}},
               {{"name":"Windows installer (64-bit)","is_source":false,"url":"https://www.python.org/ftp/python/{folder}/python-{version}-amd64.exe","filesize":7,"sha256_sum":"{OTHER}"}}]"#
        )
    };
    let (final_release, pre_release) = (files("3.14.6", "3.14.6"), files("3.15.0b2", "3.15.0"));
    let server = Server::serving(&[
        (RELEASES, releases.as_bytes()),
        ("/api/v2/downloads/release_file/?release=77", final_release.as_bytes()),
        ("/api/v2/downloads/release_file/?release=79", pre_release.as_bytes()),
    ]);
    let root = tempfile::tempdir().unwrap();
    assert_eq!(counts(&refresh(root.path(), &server.url("")))[1], Some(4));
    let found = catalogue(root.path());
    assert_eq!(
        answer(&found, "3.14", Route::OnlySource),
        ["3.14.6/Python-3.14.6.tar.xz", "3.14.6/Python-3.14.6.tgz"]
    );
    assert_eq!(answer(&found, "3.15.0b2", Route::OnlySource)[1], "3.15.0/Python-3.15.0b2.tgz");
    assert_eq!(counts(&refresh(root.path(), &server.url("")))[1], Some(0));
}

#[test]
fn a_new_pypy_is_listed_without_a_digest() {
    let versions = r#"[
        {"pypy_version":"9.0.0","python_version":"3.13.1","stable":true,"latest_pypy":true,"date":"2099-01-01","files":[
            {"filename":"pypy3.13-v9.0.0-linux64.tar.bz2","arch":"x64","platform":"linux","download_url":"https://downloads.python.org/pypy/pypy3.13-v9.0.0-linux64.tar.bz2"},
            {"filename":"pypy3.13-v9.0.0-win64.zip","arch":"x64","platform":"win64","download_url":"https://downloads.python.org/pypy/pypy3.13-v9.0.0-win64.zip"}]},
        {"pypy_version":"nightly","python_version":"3.13","stable":false,"files":[]},
        {"pypy_version":"7.3.17","python_version":"3.10.14","stable":true,"files":[
            {"filename":"pypy3.10-v7.3.17-linux64.tar.bz2","arch":"x64","platform":"linux","download_url":"https://downloads.python.org/pypy/pypy3.10-v7.3.17-linux64.tar.bz2"}]}]"#;
    let server = Server::serving(&[(PYPY, versions.as_bytes())]);
    let root = tempfile::tempdir().unwrap();
    let refreshed = refresh(root.path(), &server.url(""));
    assert_eq!(counts(&refreshed)[2], Some(2));
    assert!(refreshed[2].added.as_ref().unwrap().iter().all(|build| build.sha256.is_none()));
    assert_eq!(prebuilt(&catalogue(root.path()), "pypy"), "pypy3.13-v9.0.0-linux64.tar.bz2");
}

#[test]
fn lists_that_are_dead_leave_everything_as_it_was() {
    let server = Server::start(|_| Reply::status(503));
    let root = tempfile::tempdir().unwrap();
    let refreshed = refresh(root.path(), &server.url(""));
    for list in &refreshed {
        let error = list.added.as_ref().unwrap_err();
        assert_eq!(error.exit_code(), 3, "{error}");
    }
    assert_eq!(refreshed.len(), 3);
    assert!(prebuilt(&catalogue(root.path()), "3.15").contains("3.15.2"));
}
