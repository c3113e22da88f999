//! A real CPython of this machine, packed as python-build-standalone packs its own: one top
//! directory `python/`, files sorted, no directory entries, relative links, the prefix `/install`.
//!
//! Packed once and kept below `target/tmp`, whatever the number of tests and runs.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use pyman::archive::{Policy, Root, unpack_file};
use pyman::progress::Silent;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::archives::{Entry, gz, tar};
use super::needs::{NOBODY, as_root, began_as_root};

/// Changes whenever what is packed, or how, does: packed archives are kept between runs.
const FORMAT: u32 = 8;

/// The prefix that python-build-standalone builds with.
const INSTALL: &str = "/install";

/// The date tag that the archives carry.
pub(crate) const BUILD: &str = "20240107";

/// What a test that runs Python may import from a [`Contents::Small`] archive.
const IMPORTS: &str = "site os re json ssl hashlib sqlite3 ctypes ctypes.util zlib bz2 lzma \
    readline socket select subprocess threading tempfile shutil pathlib argparse sysconfig venv \
    ensurepip runpy logging platform struct math random datetime decimal zipfile tarfile urllib.request \
    http.client email.message importlib.metadata importlib.resources importlib.util encodings.idna \
    encodings.ascii encodings.latin_1 encodings.cp437 encodings.utf_16 encodings.utf_8_sig \
    _bootsubprocess compileall py_compile inspect traceback unicodedata csv glob configparser \
    getpass pwd grp fcntl termios signal locale gettext optparse textwrap string uuid code";

/// How much of the interpreter is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contents {
    /// What some imports load: a few megabytes, packed in under a second.
    Small,
    /// The standard library without its tests, the headers, and pip.
    Whole,
}

/// An archive and what a catalogue says of it.
#[derive(Debug, Clone)]
pub(crate) struct Prebuilt {
    /// `3.12.1`
    pub(crate) version: String,
    /// `cpython-3.12.1+20240107-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz`
    pub(crate) file: String,
    pub(crate) path: PathBuf,
    /// In hexadecimal.
    pub(crate) sha256: String,
    pub(crate) size: u64,
}

/// What an interpreter says of itself (`loaded.py`).
#[derive(Debug, Clone, Deserialize)]
struct Loaded {
    version: String,
    r#final: bool,
    prefix: PathBuf,
    executable: PathBuf,
    library: PathBuf,
    headers: PathBuf,
    makefile: PathBuf,
    files: Vec<PathBuf>,
}

impl Prebuilt {
    /// The newest Python of this machine, as [`Contents::Small`].
    pub(crate) fn small() -> &'static Self {
        static PACKED: OnceLock<Prebuilt> = OnceLock::new();
        PACKED.get_or_init(|| Self::pack(newest(), Contents::Small))
    }

    /// The same as [`Contents::Whole`].
    pub(crate) fn whole() -> &'static Self {
        static PACKED: OnceLock<Prebuilt> = OnceLock::new();
        PACKED.get_or_init(|| Self::pack(newest(), Contents::Whole))
    }

    /// The Python of this minor (`3.9`) as [`Contents::Whole`].
    pub(crate) fn of(minor: &str) -> Self {
        let wanted = |loaded: &&Loaded| loaded.version.rsplit_once('.').unwrap().0 == minor;
        let found = found();
        let loaded = found.iter().find(wanted);
        let loaded = loaded.unwrap_or_else(|| panic!("this machine has no Python {minor} to pack"));
        Self::pack(loaded, Contents::Whole)
    }

    /// Every Python of this machine that can be packed, newest first, as [`Contents::Small`].
    pub(crate) fn all() -> &'static [Self] {
        static PACKED: OnceLock<Vec<Prebuilt>> = OnceLock::new();
        PACKED.get_or_init(|| {
            found().iter().map(|loaded| Self::pack(loaded, Contents::Small)).collect()
        })
    }

    /// The platform the archive is for, as a triple.
    pub(crate) fn platform() -> String {
        format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
    }

    /// A line of a catalogue that has this archive under a URL.
    pub(crate) fn row(&self, url: &str) -> String {
        let row = serde_json::json!({
            "implementation": "cpython",
            "version": self.version,
            "variant": "default",
            "kind": "prebuilt",
            "build": BUILD,
            "platform": Self::platform(),
            "file": self.file,
            "url": url,
            "sha256": self.sha256,
            "size": self.size,
        });
        format!("{row}\n")
    }

    fn pack(loaded: &Loaded, contents: Contents) -> Self {
        let version = &loaded.version;
        let kind = match contents {
            Contents::Small => "install_only_stripped",
            Contents::Whole => "install_only",
        };
        let file = format!("cpython-{version}+{BUILD}-{}-{kind}.tar.gz", Self::platform());
        let origin = Sha256::digest(loaded.executable.as_os_str().as_encoded_bytes());
        let changed = fs::metadata(&loaded.executable).unwrap().mtime();
        let key = format!("{FORMAT}-{changed}-{}", &hexadecimal(&origin)[..8]);
        let store = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prebuilt").join(key);
        as_root(|| {
            fs::create_dir_all(&store).unwrap();
            if began_as_root() {
                chown(&store, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        });
        let lock = File::create(store.join("lock")).unwrap();
        lock.lock().unwrap();
        let path = store.join(&file);
        if !path.exists() {
            let entries: Vec<Entry> = tree(loaded, contents).into_values().collect();
            let aside = store.join("unfinished");
            fs::write(&aside, gz(&tar(&entries))).unwrap();
            fs::rename(&aside, &path).unwrap();
        }
        let bytes = fs::read(&path).unwrap();
        Self {
            version: version.clone(),
            file,
            sha256: hexadecimal(&Sha256::digest(&bytes)),
            size: u64::try_from(bytes.len()).unwrap(),
            path,
        }
    }
}

fn newest() -> &'static Loaded {
    static NEWEST: OnceLock<Loaded> = OnceLock::new();
    NEWEST.get_or_init(|| {
        let newest = candidates().iter().find_map(|candidate| ask(candidate));
        newest.unwrap_or_else(|| panic!("this machine has no Python 3.8 or newer to pack"))
    })
}

fn found() -> Vec<Loaded> {
    let mut found: Vec<Loaded> =
        candidates().iter().filter_map(|candidate| ask(candidate)).collect();
    found.dedup_by(|one, other| one.version == other.version);
    found
}

/// Where Pythons may be, newest first; the distribution's own last, because its maker changed it.
fn candidates() -> Vec<PathBuf> {
    let trees = std::env::home_dir().unwrap().join(".pyenv/versions");
    let mut names: Vec<PathBuf> =
        fs::read_dir(&trees).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    names.sort_by_key(|path| {
        std::cmp::Reverse(numbers(&path.file_name().unwrap().to_string_lossy()))
    });
    let mut candidates: Vec<PathBuf> = names.iter().map(|path| path.join("bin/python3")).collect();
    candidates.push("/usr/bin/python3".into());
    candidates
}

fn ask(executable: &Path) -> Option<Loaded> {
    let output = Command::new(executable)
        .args(["-I", "-S", "-B", "-c", include_str!("loaded.py")])
        .args(IMPORTS.split_whitespace())
        .env_clear()
        .output()
        .ok()?;
    let loaded: Loaded = serde_json::from_slice(&output.stdout).ok()?;
    (loaded.r#final && numbers(&loaded.version) >= vec![3, 8]).then_some(loaded)
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|number| number.parse().ok()).collect()
}

/// Every file and link of the archive, by name.
fn tree(loaded: &Loaded, contents: Contents) -> BTreeMap<String, Entry> {
    let minor = loaded.version.rsplit_once('.').unwrap().0;
    let library = format!("lib/python{minor}");
    let mut places: BTreeMap<String, PathBuf> = BTreeMap::new();
    places.insert(format!("bin/python{minor}"), loaded.executable.clone());
    let files = match contents {
        Contents::Small => loaded.files.clone(),
        Contents::Whole => below(&loaded.library, &is_wanted),
    };
    for file in files {
        if let Ok(inside) = file.strip_prefix(&loaded.library) {
            places.insert(format!("{library}/{}", inside.display()), file);
        }
    }
    let own = loaded.prefix != Path::new("/usr");
    let mut beside = vec![
        (loaded.makefile.clone(), loaded.library.clone(), library.clone()),
        (
            loaded.prefix.join(format!("bin/python{minor}-config")),
            loaded.prefix.clone(),
            String::new(),
        ),
    ];
    if own {
        let directory = loaded.prefix.join("lib");
        for file in below(&directory, &|path: &Path| {
            path.starts_with("pkgconfig") || path.to_string_lossy().starts_with("libpython")
        }) {
            beside.push((file, loaded.prefix.clone(), String::new()));
        }
    }
    if contents == Contents::Whole {
        for file in below(&loaded.headers, &|_| true) {
            beside.push((file, loaded.headers.clone(), format!("include/python{minor}")));
        }
    }
    for (file, base, place) in beside {
        if file.is_file() && !is_static_library(&file) {
            let inside = file.strip_prefix(&base).unwrap().display().to_string();
            places.insert(format!("{place}/{inside}").trim_start_matches('/').to_owned(), file);
        }
    }
    // The distribution's `site`, which is frozen, looks nowhere else.
    let packages = format!("{library}/{}", if own { "site-packages" } else { "dist-packages" });
    let pip = format!("{packages}/pip/__init__.py");
    let environment = tempfile::tempdir().unwrap();
    if contents == Contents::Whole && !places.contains_key(&pip) {
        let ensured = ensured_packages(loaded, environment.path());
        for file in below(&ensured, &is_wanted) {
            let inside = file.strip_prefix(&ensured).unwrap().display().to_string();
            places.insert(format!("{packages}/{inside}"), file);
        }
    }
    let mut entries = files_of(loaded, &places);
    if contents == Contents::Whole {
        let entry = Entry::file("python/share/terminfo/d/dumb", "a terminal");
        entries.insert("share/terminfo/d/dumb".to_owned(), entry);
    }
    let mut link = |name: &str, target: &str| {
        entries.insert(name.to_owned(), Entry::symlink(format!("python/{name}"), target));
    };
    link("bin/python", &format!("python{minor}"));
    link("bin/python3", &format!("python{minor}"));
    if places.contains_key(&format!("bin/python{minor}-config")) {
        link("bin/python3-config", &format!("python{minor}-config"));
    }
    let library = format!("libpython{minor}.so");
    if places.contains_key(&format!("lib/{library}.1.0")) {
        link(&format!("lib/{library}"), &format!("{library}.1.0"));
    }
    if places.contains_key(&pip) {
        link("bin/pip", &format!("pip{minor}"));
        link("bin/pip3", &format!("pip{minor}"));
        let script = script(minor, "from pip._internal.cli.main import main");
        let name = format!("bin/pip{minor}");
        let entry = Entry::file(format!("python/{name}"), script).mode(0o755);
        entries.insert(name, entry);
    }
    entries
}

/// The site-packages of an environment with the pip that the interpreter's own ensurepip brings, for the
/// distribution's Python, which is installed without one.
fn ensured_packages(loaded: &Loaded, place: &Path) -> PathBuf {
    let made = Command::new(&loaded.executable).args(["-I", "-m", "venv"]).arg(place).output();
    let made = made.unwrap();
    let said = String::from_utf8_lossy(&made.stdout);
    assert!(made.status.success(), "{} has no ensurepip: {said}", loaded.executable.display());
    let minor = loaded.version.rsplit_once('.').unwrap().0;
    place.join(format!("lib/python{minor}/site-packages"))
}

/// A console script that finds its interpreter beside itself, as python-build-standalone has them.
fn script(minor: &str, import: &str) -> String {
    format!(
        "#!/bin/sh\n\
         '''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")/python{minor}\" \"$0\" \"$@\"\n\
         ' '''\n\
         import sys\n\
         {import}\n\
         if __name__ == '__main__':\n    sys.exit(main())\n"
    )
}

/// Reads every file, without debugging symbols and without the place it was built for.
fn files_of(loaded: &Loaded, places: &BTreeMap<String, PathBuf>) -> BTreeMap<String, Entry> {
    let stripped = tempfile::tempdir().unwrap();
    let mut strip = Command::new("strip");
    strip.arg("--strip-unneeded").current_dir(&stripped);
    let mut entries = BTreeMap::new();
    let mut binaries = Vec::new();
    for (number, (name, file)) in places.iter().enumerate() {
        let bytes = fs::read(file).unwrap();
        let mode = if name.starts_with("bin/") { 0o755 } else { 0o644 };
        let entry = named(name).mode(mode);
        if bytes.starts_with(b"\x7fELF") {
            fs::write(stripped.path().join(number.to_string()), &bytes).unwrap();
            strip.arg(number.to_string());
            binaries.push((name.clone(), number, entry.mode(0o755)));
        } else {
            entries.insert(name.clone(), entry.content(elsewhere(loaded, name, bytes)));
        }
    }
    if let Err(error) = strip.output() {
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound); // without binutils: only larger
    }
    for (name, number, entry) in binaries {
        let bytes = fs::read(stripped.path().join(number.to_string())).unwrap();
        let bytes = relocated(&loaded.prefix, &name, bytes);
        entries.insert(name, entry.content(bytes));
    }
    entries
}

/// A header for a file, its name split as ustar wants when it is long.
fn named(name: &str) -> Entry {
    let name = format!("python/{name}");
    if name.len() <= 100 {
        return Entry::file(name, "");
    }
    let (prefix, rest) = name.split_at(name[..150.min(name.len())].rfind('/').unwrap());
    Entry::file(rest.trim_start_matches('/'), "").prefix(prefix)
}

/// A text with the build's prefix as python-build-standalone has it. The distribution's own Python
/// has `/usr`, which is also everything else's, and installs into `local/`.
fn elsewhere(loaded: &Loaded, name: &str, bytes: Vec<u8>) -> Vec<u8> {
    let Ok(text) = String::from_utf8(bytes.clone()) else {
        return bytes;
    };
    let prefix = loaded.prefix.to_str().unwrap();
    if prefix != "/usr" {
        return published(name, &text.replace(prefix, INSTALL)).into_bytes();
    }
    let mut text = text.replace("'DEB_PYTHON_INSTALL_LAYOUT', 'posix_local'", "'', 'posix_prefix'");
    text = text.replace("prefix_scheme = 'posix_local'", "prefix_scheme = 'posix_prefix'");
    if name.contains("_sysconfigdata") {
        for place in ["'", "/lib", "/include", "/share", "/bin'"] {
            text = text.replace(&format!("'/usr{place}"), &format!("'{INSTALL}{place}"));
        }
    }
    published(name, &text).into_bytes()
}

/// The record of a build as python-build-standalone's compiler left it: clang, with an option gcc does not know.
fn published(name: &str, text: &str) -> String {
    let compiler = |line: &str| {
        let is = |key: &str| {
            let line = line.trim_start().trim_start_matches("build_time_vars = {");
            line.starts_with(&format!("'{key}':")) || line.starts_with(&format!("{key}=\t"))
        };
        let tools = ["CC", "CXX", "LDSHARED", "LDCXXSHARED", "BLDSHARED", "LINKCC"];
        let mut line = line.to_owned();
        if tools.iter().any(|tool| is(tool)) {
            for gcc in ["x86_64-linux-gnu-g", "aarch64-linux-gnu-g", "g"] {
                line = line
                    .replace(&format!("{gcc}cc"), "clang")
                    .replace(&format!("{gcc}++"), "clang++");
            }
        }
        if is("AR") {
            for prefix in ["x86_64-linux-gnu-", "aarch64-linux-gnu-", "gcc-"] {
                line = line.replace(prefix, "");
            }
            line = line.replace("'ar'", "'/tools/llvm/bin/llvm-ar'");
        }
        if ["CFLAGS", "PY_CFLAGS", "OPT", "CONFIG_ARGS"].iter().any(|flags| is(flags)) {
            line = line.replace(" -g", " -fdebug-default-version=4 -g");
        }
        line
    };
    let record = name.contains("_sysconfigdata") || name.ends_with("/Makefile");
    if record { text.split_inclusive('\n').map(compiler).collect() } else { text.to_owned() }
}

/// A program or library that looks for its own beside itself: the search path becomes relative, the
/// prefix `/install`.
fn relocated(prefix: &Path, name: &str, mut bytes: Vec<u8>) -> Vec<u8> {
    let prefix = prefix.to_str().unwrap();
    if prefix == "/usr" {
        return bytes;
    }
    let origin = if name.contains("lib-dynload") {
        "$ORIGIN/../.."
    } else if name.starts_with("lib/") {
        "$ORIGIN"
    } else {
        "$ORIGIN/../lib"
    };
    let search = format!("\0{prefix}/lib\0");
    let mut relative = format!("\0{origin}");
    assert!(relative.len() < search.len(), "{prefix} is too short a prefix to be overwritten");
    relative.extend(std::iter::repeat_n('\0', search.len() - relative.len()));
    overwrite(&mut bytes, search.as_bytes(), relative.as_bytes());
    // The linker lets strings share their ends: `3.13.0` may be the end of the prefix.
    let shared = &prefix[prefix.rfind('/').unwrap()..];
    let install = format!("{INSTALL:\0<width$}{shared}", width = prefix.len() - shared.len());
    overwrite(&mut bytes, prefix.as_bytes(), install.as_bytes());
    bytes
}

fn overwrite(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let first = from[0];
    let mut at = 0;
    while at + from.len() <= bytes.len() {
        if bytes[at] == first && bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        at += 1;
    }
}

/// Every file below a directory whose path in it is wanted; no links.
fn below(directory: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let entry = entry.unwrap();
            let path = entry.path();
            let kind = entry.file_type().unwrap();
            let inside = path.strip_prefix(directory).unwrap();
            if kind.is_dir() {
                pending.push(path);
            } else if kind.is_file() && wanted(inside) {
                found.push(path);
            }
        }
    }
    found
}

/// Of a standard library: neither tests, nor windows on a screen, nor what Python makes itself.
fn is_wanted(path: &Path) -> bool {
    let unwanted = [
        "test",
        "tests",
        "idle_test",
        "__pycache__",
        "idlelib",
        "turtledemo",
        "tkinter",
        "lib2to3",
        "pydoc_data",
    ];
    let name = path.file_name().unwrap().to_string_lossy();
    let packages =
        path.strip_prefix("site-packages").or_else(|_| path.strip_prefix("dist-packages"));
    let package = packages.ok().and_then(|inside| inside.iter().next());
    let ours = package.is_none_or(|name| name.to_string_lossy().starts_with("pip"));
    let built = path.to_string_lossy().starts_with("config-");
    ours && !built
        && !path.iter().any(|part| unwanted.iter().any(|unwanted| part == *unwanted))
        && !name.starts_with("_test")
        && name != "EXTERNALLY-MANAGED"
        && path.extension().is_none_or(|extension| extension != "pyc")
}

fn is_static_library(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "a")
}

pub(crate) fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// Unpacks an archive and runs a program with what is in it; gives the directory and the output.
fn unpacked_and_run(packed: &Prebuilt, program: &str) -> (tempfile::TempDir, String) {
    let place = tempfile::tempdir().unwrap();
    let policy = Policy::limited(Root::Below(b"python".into()));
    unpack_file(&packed.path, place.path(), &policy, &Silent).unwrap();
    let output = Command::new(place.path().join("bin/python3"))
        .args(["-I", "-B", "-c", program])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (place, String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_packed_interpreter_runs_wherever_it_is_unpacked() {
    for (packed, modules) in [
        (Prebuilt::small(), "ssl, sqlite3, ctypes, zlib, hashlib"),
        (Prebuilt::whole(), "ssl, asyncio, unittest"),
    ] {
        let program = format!(
            "import sys, os, sysconfig, {modules}\n\
             maps = open('/proc/self/maps').read()\n\
             loaded = [line.split()[-1] for line in maps.splitlines() if 'python' in line]\n\
             print(sys.version.split()[0], sys.prefix, os.__file__.startswith(sys.prefix))\n\
             print([file for file in loaded if not file.startswith(sys.prefix)])\n\
             print(sysconfig.get_paths()['purelib'].startswith(sys.prefix + '/lib/python'))\n"
        );
        let (place, output) = unpacked_and_run(packed, &program);
        let place = place.path().canonicalize().unwrap();
        let expected = format!("{} {} True\n[]\nTrue\n", packed.version, place.display());
        assert_eq!(output, expected);
    }
}

#[test]
fn every_python_of_this_machine_can_be_packed() {
    assert!(!Prebuilt::all().is_empty());
    for packed in Prebuilt::all() {
        let (_, version) = unpacked_and_run(packed, "import sys; print(sys.version.split()[0])");
        assert_eq!(version.trim_end(), packed.version);
        let row: serde_json::Value = serde_json::from_str(&packed.row("file.tar.gz")).unwrap();
        assert_eq!(row["version"], *packed.version);
        assert_eq!(row["size"], fs::metadata(&packed.path).unwrap().len());
    }
}
