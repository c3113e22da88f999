//! The package mirrors this machine is set up with, and where upstream's own tarballs stand in them.
//!
//! Debian and Ubuntu keep the tarballs they build from, bit for bit, so these mirrors serve sources too.

use std::path::{Path, PathBuf};

use pyman_shim::{Version, World as _};

use crate::world::{self, Machine};

/// The largest list of sources that is read.
const LIST_BYTES: usize = 1 << 20;

/// The http and https bases in `etc/apt` below `root`, in the order apt reads them, the distribution's
/// own first and security updates last. Disks, files and mirror lists are passed over.
pub fn mirrors(root: &Path) -> Vec<String> {
    let apt = root.join("etc/apt");
    let mut found = one_line_style(&read(&apt.join("sources.list")));
    for file in parts(&apt.join("sources.list.d")) {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("list") => found.extend(one_line_style(&read(&file))),
            Some("sources") => found.extend(deb822_style(&read(&file))),
            Some(_) | None => {}
        }
    }
    let mut mirrors: Vec<String> = Vec::new();
    for base in found {
        let base = base.trim_end_matches('/').to_owned();
        let fetched = base.starts_with("http://") || base.starts_with("https://");
        if fetched && !mirrors.contains(&base) {
            mirrors.push(base);
        }
    }
    mirrors.sort_by_key(|base| distance(base));
    mirrors
}

/// How unlikely a base is to be the distribution's own archive: other publishers' lists stand beside it.
fn distance(base: &str) -> u8 {
    match base.rsplit('/').next() {
        Some("debian" | "ubuntu" | "ubuntu-ports" | "raspbian") => 0,
        Some(_) | None if base.contains("security") => 2,
        Some(_) | None => 1,
    }
}

/// The path of a version's tarball in a pool, for an upstream file of this name; none for another kind.
pub fn pool_path(version: Version, file: &str) -> Option<String> {
    let extension = match Path::new(file).extension()?.to_str()? {
        "xz" => "xz",
        "gz" | "tgz" => "gz",
        _ => return None,
    };
    let name = format!("python{}.{}", version.major, version.minor);
    // Debian Policy, 5.6.12: `~' sorts before the end of a version, as a release candidate has to.
    let release = Version { pre: None, ..version };
    let pre = version.pre.map(|pre| format!("~{pre}")).unwrap_or_default();
    Some(format!("pool/main/p/{name}/{name}_{release}{pre}.orig.tar.{extension}"))
}

/// `deb [options] URI suite component…`
fn one_line_style(text: &str) -> Vec<String> {
    text.lines().filter_map(one_line).map(str::to_owned).collect()
}

fn one_line(line: &str) -> Option<&str> {
    let line = line.split('#').next()?.trim();
    let rest = line.strip_prefix("deb-src").or_else(|| line.strip_prefix("deb"))?;
    let rest = rest.strip_prefix(char::is_whitespace)?.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(options) => options.split_once(']')?.1,
        None => rest,
    };
    rest.split_whitespace().next()
}

/// Paragraphs with a `URIs` field, which may go on in indented lines; `Enabled: no` switches one off.
fn deb822_style(text: &str) -> Vec<String> {
    let mut bases = Vec::new();
    let (mut found, mut enabled, mut listing) = (Vec::new(), true, false);
    // A last empty line ends the last paragraph as each other.
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            if enabled {
                bases.append(&mut found);
            }
            (found, enabled, listing) = (Vec::new(), true, false);
        } else if line.starts_with('#') {
        } else if line.starts_with([' ', '\t']) {
            if listing {
                found.extend(line.split_whitespace().map(str::to_owned));
            }
        } else if let Some((field, value)) = line.split_once(':') {
            listing = field.eq_ignore_ascii_case("URIs");
            if listing {
                found.extend(value.split_whitespace().map(str::to_owned));
            } else if field.eq_ignore_ascii_case("Enabled") {
                enabled = !matches!(value.trim(), "no" | "false" | "0" | "off" | "without");
            }
        }
    }
    bases
}

/// The files of a directory in order; none when it is not there, or cannot be listed.
fn parts(directory: &Path) -> Vec<PathBuf> {
    let names = Machine.list(world::bytes(directory)).unwrap_or_default();
    let mut files: Vec<_> = names.iter().map(|name| directory.join(world::path(name))).collect();
    files.sort();
    files
}

/// A list's text; an empty one when there is no such file. One that cannot be read takes only a last resort away.
fn read(file: &Path) -> String {
    let text = Machine.read(world::bytes(file), LIST_BYTES).unwrap_or_default();
    String::from_utf8_lossy(&text.unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{mirrors, pool_path};
    use pyman_shim::Version;

    #[test]
    fn both_styles_are_read_and_what_is_no_web_server_is_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let apt = root.path().join("etc/apt/sources.list.d");
        fs_err::create_dir_all(&apt).unwrap();
        fs_err::write(
            root.path().join("etc/apt/sources.list"),
            "# deb http://comment.example/ x main\n\
             deb http://security.example/debian-security trixie-security main\n\
             deb [arch=amd64 signed-by=/x y] https://one.example/debian/ trixie main # all\n\
             deb-src http://two.example/debian trixie main\n\
             deb cdrom:[Debian 13]/ trixie main\n\
             deb file:/srv/mirror trixie main\n\
             deb mirror+https://list.example/ trixie main\n\
             debian http://no.example/ trixie main\n",
        )
        .unwrap();
        fs_err::write(
            apt.join("b.sources"),
            "Types: deb\nURIs: http://three.example/debian http://four.example/debian\n \
             http://five.example/debian\nSuites: trixie\n\n\
             Types: deb\nURIs: http://off.example/debian\nEnabled: no\n\n\
             # a note\nTypes: deb\nURIs: http://one.example/debian/\nSigned-By:\n http://not.example/\n",
        )
        .unwrap();
        fs_err::write(apt.join("a.list"), "deb\thttp://two.example/debian/ x main\n").unwrap();
        fs_err::write(apt.join("c.list.save"), "deb http://saved.example/ x main\n").unwrap();
        assert_eq!(
            mirrors(root.path()),
            [
                "https://one.example/debian",
                "http://two.example/debian",
                "http://three.example/debian",
                "http://four.example/debian",
                "http://five.example/debian",
                "http://one.example/debian",
                "http://security.example/debian-security",
            ]
        );
    }

    #[test]
    fn a_machine_without_apt_has_no_mirrors() {
        assert_eq!(mirrors(tempfile::tempdir().unwrap().path()), [""; 0]);
    }

    #[test]
    fn tarballs_stand_where_the_pools_keep_them() {
        let pre: Version = "3.13.0rc2".parse().unwrap();
        let table = [
            (
                Version::new(3, 13, 5),
                "Python-3.13.5.tar.xz",
                "pool/main/p/python3.13/python3.13_3.13.5.orig.tar.xz",
            ),
            (
                Version::new(2, 7, 18),
                "Python-2.7.18.tgz",
                "pool/main/p/python2.7/python2.7_2.7.18.orig.tar.gz",
            ),
            (
                pre,
                "Python-3.13.0rc2.tgz",
                "pool/main/p/python3.13/python3.13_3.13.0~rc2.orig.tar.gz",
            ),
        ];
        for (version, file, expected) in table {
            assert_eq!(pool_path(version, file).as_deref(), Some(expected));
        }
        assert_eq!(pool_path(Version::new(3, 13, 5), "python.zip"), None);
    }
}
