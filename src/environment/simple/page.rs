//! An index spoken with: the head of an HTTP request, as much of it as is needed; and what is answered, pages (PEP 503) and
//! files. Only names that are in the directory are opened.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Read as _};

use crate::disk::{Directory, File, Kind};
use crate::fetch::Sha256;
use crate::quote::{address, unescaped};

/// No client of an index sends more. In bytes.
const LONGEST: u64 = 16 * 1024;

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The path, decoded; none for a method other than GET and HEAD.
    pub(super) path: Option<String>,
    /// Whether only the head of the answer is wanted.
    pub(super) head_only: bool,
    /// What becomes of the connection.
    pub(super) connection: Connection,
}

/// What becomes of a connection when a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    /// Another request may come.
    Stays,
    /// It is closed: HTTP/1.0, who asks for it, and what has a body that nobody reads.
    Ends,
}

impl Request {
    /// Reads one; none at the end of the connection, and for what is no request.
    pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = reader.take(LONGEST);
        let mut first = Vec::new();
        head.read_until(b'\n', &mut first)?;
        let mut line = Vec::new();
        let mut connection = Connection::Stays;
        loop {
            line.clear();
            if head.read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            if line.trim_ascii().is_empty() {
                break;
            }
            if ends(&line) {
                connection = Connection::Ends;
            }
        }
        let first = String::from_utf8_lossy(&first).into_owned();
        let mut words = first.split_whitespace();
        let (Some(method), Some(target), Some(version)) =
            (words.next(), words.next(), words.next())
        else {
            return Ok(None);
        };
        if !version.starts_with("HTTP/1.") {
            return Ok(None);
        }
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let allowed = matches!(method, "GET" | "HEAD");
        if version == "HTTP/1.0" || !allowed {
            connection = Connection::Ends;
        }
        let path = allowed.then(|| unescaped(path));
        Ok(Some(Self { path, head_only: method == "HEAD", connection }))
    }
}

/// Whether a header ends the connection: it says so, or a body follows.
fn ends(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line).to_ascii_lowercase();
    let Some((name, value)) = line.split_once(':') else { return false };
    match name.trim() {
        "connection" => value.split(',').any(|word| word.trim() == "close"),
        "content-length" => value.trim() != "0",
        "transfer-encoding" => true,
        _ => false,
    }
}

/// What is sent.
#[derive(Debug)]
pub(super) enum Answer {
    Page(String),
    File(File),
    Elsewhere(String),
    Nothing,
    NotAllowed,
}

/// The endings of what pip installs.
const ENDINGS: [&str; 6] = [".whl", ".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".tgz"];

/// The answer to a request.
pub(super) fn answer(request: &Request, directory: &Directory) -> io::Result<Answer> {
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
                let normal = address(normal.as_bytes());
                return Ok(Answer::Elsewhere(format!("/simple/{normal}/")));
            }
            releases(&files, &normal, directory)?.map_or(Answer::Nothing, Answer::Page)
        }
        ["files", file] if files.iter().any(|name| name == file) => {
            directory.open_file(file)?.map_or(Answer::Nothing, Answer::File)
        }
        _ => Answer::Nothing,
    })
}

/// The archives in the directory, sorted: regular files alone, as a link may lead out of it.
fn files(directory: &Directory) -> io::Result<Vec<String>> {
    let entries = directory.entries()?.into_iter();
    let files = entries.filter(|entry| entry.kind == Kind::File);
    let mut found: Vec<String> = files
        .filter_map(|entry| entry.name.into_string().ok())
        .filter(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)))
        .collect();
    found.sort();
    Ok(found)
}

fn projects(files: &[String]) -> String {
    let names: BTreeSet<String> = files.iter().filter_map(|file| project(file)).collect();
    let links = names.iter().map(|name| {
        let (place, text) = (address(name.as_bytes()), escaped(name));
        format!("<a href=\"/simple/{place}/\">{text}</a><br>\n")
    });
    page("Simple index", &links.collect::<String>())
}

fn releases(files: &[String], normal: &str, directory: &Directory) -> io::Result<Option<String>> {
    let mut links = String::new();
    for file in files.iter().filter(|file| project(file).as_deref() == Some(normal)) {
        // Removed since it was listed.
        let Some(opened) = directory.open_file(file)? else { continue };
        let digest = Sha256::of_reader(opened)?.to_string();
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
    use std::path::Path;

    use super::*;

    fn get(directory: &Path, path: &str) -> String {
        let request =
            Request { path: Some(path.into()), head_only: false, connection: Connection::Stays };
        match answer(&request, &Directory::open(directory).unwrap()).unwrap() {
            Answer::Page(text) => text,
            Answer::File(file) => format!("file {}", file.path().display()),
            Answer::Elsewhere(place) => format!("to {place}"),
            Answer::Nothing => "nothing".into(),
            Answer::NotAllowed => "not allowed".into(),
        }
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
        let all = get(at, "/simple/");
        assert_eq!(all.matches("<a href").count(), 1, "{all}");
        let one = get(at, "/simple/my-thing/");
        assert!(one.contains("\"/files/My_Thing-1.0-py3-none-any.whl#sha256=2d71"), "{one}");
        assert!(one.contains("my.thing-0.9.tar.gz</a>"), "{one}");
        assert_eq!(get(at, "/simple/My_Thing/"), "to /simple/my-thing/");
        assert_eq!(get(at, "/simple/my-thing"), "to /simple/my-thing/");
        let wheel = "My_Thing-1.0-py3-none-any.whl";
        assert_eq!(
            get(at, &format!("/files/{wheel}")),
            format!("file {}", at.join(wheel).display())
        );
        for path in
            ["/files/secret.txt", "/files/../x.whl", "/files/..", "/etc/passwd", "/simple/no/"]
        {
            assert_eq!(get(at, path), "nothing", "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nothing_of_the_askers_is_taken_for_a_header_or_a_page_and_no_link_leads_out() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join("served").join(name);
        fs_err::create_dir(folder.path().join("served")).unwrap();
        fs_err::write(folder.path().join("secret"), "x").unwrap();
        fs_err::os::unix::fs::symlink("../secret", at("out-1.0.zip")).unwrap();
        fs_err::write(at("a\"<b>&-1.0-py3-none-any.whl"), "x").unwrap();
        fs_err::write(at("x\r\nSet-Cookie: y-1.0.zip"), "x").unwrap();
        for path in ["/files/out-1.0.zip", "/simple/out/"] {
            assert_eq!(get(&at(""), path), "nothing", "{path}");
        }
        let all = get(&at(""), "/simple/");
        assert!(all.contains("/simple/a%22%3Cb%3E%26/\">a&quot;&lt;b&gt;&amp;</a>"), "{all}");
        assert!(!all.contains("out"), "{all}");
        for path in ["/simple/A\r\nX: y/", "/simple/a\r\nX: y", "/simple/A\u{e9}%/"] {
            let answer = get(&at(""), path);
            assert!(
                answer.starts_with("to /simple/") && !answer.contains(['\r', '\n']),
                "{answer}"
            );
            assert!(answer.is_ascii(), "{answer}");
        }
    }

    fn read(text: &str) -> Option<Request> {
        Request::read(&mut text.as_bytes()).unwrap()
    }

    #[test]
    fn requests_are_read_and_other_bytes_are_none() {
        let get = read("GET /simple/a%2Bb/?x HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        assert_eq!(
            get,
            Request {
                path: Some("/simple/a+b/".into()),
                head_only: false,
                connection: Connection::Stays,
            }
        );
        assert!(read("HEAD / HTTP/1.0\n\n").unwrap().head_only);
        assert_eq!(read("POST / HTTP/1.1\r\n\r\n").unwrap().path, None);
        for text in [
            "GET / HTTP/1.0\n\n",
            "GET / HTTP/1.1\r\nConnection: keep-alive, Close\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
            "POST / HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(read(text).unwrap().connection, Connection::Ends, "{text:?}");
        }
        for text in ["", "GET /", "\x16\x03\x01", "GET / HTTP/2\r\n\r\n", "GET / HTTP/1.1\r\nhalf"]
        {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
