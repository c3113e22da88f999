//! What an index answers: its pages (PEP 503) and its files. Only names that are in the directory are opened.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::request::Request;
use crate::fetch::Sha256;
use crate::quote::address;

/// What is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Page(String),
    File(PathBuf),
    Elsewhere(String),
    Nothing,
    NotAllowed,
}

/// The endings of what pip installs.
const ENDINGS: [&str; 6] = [".whl", ".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".tgz"];

/// The answer to a request.
pub(super) fn answer(request: &Request, directory: &Path) -> io::Result<Answer> {
    let Some(path) = &request.path else {
        return Ok(Answer::NotAllowed);
    };
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let files = files(directory)?;
    Ok(match parts.as_slice() {
        [] => Answer::Elsewhere("/simple/".into()),
        ["simple", ..] if parts.len() < 3 && !path.ends_with('/') => {
            Answer::Elsewhere(format!("{}/", address(path.as_bytes())))
        }
        ["simple"] => Answer::Page(projects(&files)),
        ["simple", name] => {
            let normal = normal(name);
            if normal != *name {
                return Ok(Answer::Elsewhere(format!("/simple/{normal}/")));
            }
            releases(&files, &normal, directory)?.map_or(Answer::Nothing, Answer::Page)
        }
        ["files", file] if files.iter().any(|name| name == file) => {
            Answer::File(directory.join(file))
        }
        _ => Answer::Nothing,
    })
}

/// The archives in the directory, sorted.
fn files(directory: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && ENDINGS.iter().any(|ending| name.ends_with(ending))
            && entry.path().is_file()
        {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

fn projects(files: &[String]) -> String {
    let names: BTreeSet<String> = files.iter().filter_map(|file| project(file)).collect();
    let links = names.iter().map(|name| format!("<a href=\"/simple/{name}/\">{name}</a><br>\n"));
    page("Simple index", &links.collect::<String>())
}

fn releases(files: &[String], normal: &str, directory: &Path) -> io::Result<Option<String>> {
    let mut links = String::new();
    for file in files.iter().filter(|file| project(file).as_deref() == Some(normal)) {
        let digest = Sha256::of_reader(fs_err::File::open(directory.join(file))?)?.to_string();
        let (place, text) = (address(file.as_bytes()), escaped(file));
        let link = ["<a href=\"/files/", &place, "#sha256=", &digest, "\">", &text, "</a><br>\n"];
        links.extend(link);
    }
    Ok((!links.is_empty()).then(|| page(normal, &links)))
}

fn page(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html><head><meta name=\"pypi:repository-version\" content=\"1.0\">\
         <title>{title}</title></head><body>\n{body}</body></html>\n"
    )
}

/// The project of a file, its name normal: `My_Thing-1.0-py3-none-any.whl`, `my-thing-1.0.tar.gz`.
fn project(file: &str) -> Option<String> {
    if let Some(stem) = file.strip_suffix(".whl") {
        return stem.split('-').next().map(normal);
    }
    let stem = ENDINGS.iter().find_map(|ending| file.strip_suffix(ending))?;
    let begins = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let dash = stem.match_indices('-').find(|(at, _)| stem.get(at + 1..).is_some_and(begins))?.0;
    stem.get(..dash).map(normal)
}

/// PEP 503: small letters, runs of `-`, `_` and `.` as one hyphen.
fn normal(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(directory: &Path, path: &str) -> Answer {
        let request = Request { path: Some(path.into()), head_only: false };
        answer(&request, directory).unwrap()
    }

    #[test]
    fn only_what_is_in_the_directory_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        for name in
            ["My_Thing-1.0-py3-none-any.whl", "my.thing-0.9.tar.gz", "secret.txt", "a-b.zip"]
        {
            fs_err::write(at.join(name), "x").unwrap();
        }
        let Answer::Page(all) = get(at, "/simple/") else { panic!("no page") };
        assert_eq!(all.matches("<a href").count(), 1, "{all}");
        let Answer::Page(one) = get(at, "/simple/my-thing/") else { panic!("no page") };
        assert!(one.contains("\"/files/My_Thing-1.0-py3-none-any.whl#sha256=2d71"), "{one}");
        assert!(one.contains("my.thing-0.9.tar.gz</a>"), "{one}");
        assert_eq!(get(at, "/simple/My_Thing/"), Answer::Elsewhere("/simple/my-thing/".into()));
        assert_eq!(get(at, "/simple/my-thing"), Answer::Elsewhere("/simple/my-thing/".into()));
        let wheel = "My_Thing-1.0-py3-none-any.whl";
        assert_eq!(get(at, &format!("/files/{wheel}")), Answer::File(at.join(wheel)));
        for path in
            ["/files/secret.txt", "/files/../x.whl", "/files/..", "/etc/passwd", "/simple/no/"]
        {
            assert_eq!(get(at, path), Answer::Nothing, "{path}");
        }
    }
}
