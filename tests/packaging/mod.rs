//! `packaging/install.sh` in real shells, with what really fetches, from what `packaging/build` lays out.
//!
//! The program in the archives is a script that answers as ours does, but where the program itself matters.

mod documents;
mod install;
mod refused;
mod signed;
mod stopped;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use pyman::fetch::Sha256;

use crate::support::archives::{Entry, gz, tar};
use crate::support::sandbox::{Ran, Sandbox};

/// What the script needs beside a shell, and finds in the bare PATH of these tests.
const TOOLS: [&str; 24] = [
    "awk", "cat", "chmod", "cut", "dirname", "grep", "gzip", "head", "kill", "mkdir", "mktemp",
    "mv", "od", "printf", "rm", "rmdir", "sed", "sleep", "sort", "tail", "tar", "tr", "uname",
    "wc",
];

/// Answers `--version`, and writes a start-up line as `setup` does.
const PROGRAM: &str = "#!/bin/sh\n\
    case $1 in\n\
    --version) echo 'pyman VERSION' ;;\n\
    setup) echo line >>\"$HOME/.profile\"; echo \"added to $HOME/.profile:\"; echo '    line' ;;\n\
    *) exit 9 ;;\n\
    esac\n";

/// One who installs: a bare PATH, a place that offers pyman, and somewhere for temporary files.
struct Fair {
    sandbox: Sandbox,
}

/// What this machine's program is called in a place.
fn triple() -> String {
    format!("{}-unknown-linux-musl", env::consts::ARCH)
}

/// Where a program of this machine's stands.
fn found(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin".into()])
        .map(|place| place.join(program))
        .find(|file| file.is_file())
}

/// The script of the repository, told these things as the build tells it.
fn script(dist: &str, key: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/install.sh");
    fs::read_to_string(file).unwrap().replace("@DIST@", dist).replace("@KEY@", key)
}

impl Fair {
    /// `fetchers` are all that can fetch here.
    fn with(fetchers: &[&str]) -> Self {
        let fair = Self { sandbox: Sandbox::new() };
        let bin = fair.path("bin");
        for made in [&bin, &fair.path("tmp"), &fair.path("dist")] {
            fs::create_dir(made).unwrap();
        }
        for tool in TOOLS.iter().chain(["sha256sum"].iter()).chain(fetchers) {
            fair.brings(tool);
        }
        fair.sandbox.write("install.sh", script("", ""));
        fair.offers("0.1.0", "dist");
        fair
    }

    fn path(&self, name: &str) -> PathBuf {
        self.sandbox.path().join(name)
    }

    /// Puts a program of this machine's on the PATH.
    fn brings(&self, tool: &str) {
        let (tool, behind) =
            tool.strip_prefix("busybox ").map_or((tool, tool), |applet| (applet, "busybox"));
        if let Some(file) = found(behind) {
            symlink(file, self.path("bin").join(tool)).unwrap();
        }
    }

    /// A program that lies, or fails.
    fn fakes(&self, tool: &str, body: &str) {
        let file = self.path("bin").join(tool);
        if file.exists() {
            fs::remove_file(&file).unwrap();
        }
        Sandbox::script(&file, body);
    }

    /// Lays out a version as `packaging/build` does.
    fn offers(&self, version: &str, place: &str) -> Vec<u8> {
        self.offers_program(version, place, PROGRAM.replace("VERSION", version).as_bytes())
    }

    fn offers_program(&self, version: &str, place: &str, program: &[u8]) -> Vec<u8> {
        let folder = format!("pyman-{version}-{}", triple());
        let archive = gz(&tar(&[
            Entry::directory(format!("{folder}/")),
            Entry::file(format!("{folder}/LICENSE"), "MIT\n"),
            Entry::file(format!("{folder}/pyman"), program).mode(0o755),
        ]));
        self.sandbox.write(&format!("{place}/{folder}.tar.gz"), &archive);
        let other = "0".repeat(64);
        let sums = format!(
            "{other}  install.sh\n{other}  pyman-{version}-other-unknown-linux-musl.tar.gz\n{}  {folder}.tar.gz\n",
            Sha256::of(&archive)
        );
        self.sandbox.write(&format!("{place}/SHA256SUMS"), sums);
        archive
    }

    /// `sh install.sh …` in this shell; the words after the first are the shell's.
    fn command(&self, shell: &str, dist: &str) -> Command {
        let mut words = shell.split(' ');
        let mut command = self.sandbox.command(found(words.next().unwrap()).unwrap());
        command.args(words).arg(self.path("install.sh"));
        command.env("PATH", self.path("bin")).env("TMPDIR", self.path("tmp"));
        command.env_remove("PYMAN_ROOT").env_remove("PYMAN_OFFLINE").env("PYMAN_DIST", dist);
        command
    }

    /// The same in `/bin/sh`, from the directory.
    fn run<S: AsRef<OsStr>>(&self, dist: &str, arguments: &[S]) -> Ran {
        self.sandbox.ran(self.command("sh", dist).args(arguments))
    }

    fn dist(&self) -> String {
        self.path("dist").display().to_string()
    }

    fn program(&self) -> PathBuf {
        self.sandbox.home().join(".pyman/bin/pyman")
    }

    /// Neither below HOME nor among the temporary files.
    #[track_caller]
    fn left_nothing(&self) {
        for place in [self.sandbox.home(), self.path("tmp")] {
            let left: Vec<_> =
                fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert!(left.is_empty(), "{}: {left:?}", place.display());
        }
    }
}

/// The five lines of a run that did it all.
fn five_lines(dist: &str, version: &str, replaced: &str) -> String {
    let replaced =
        if replaced.is_empty() { String::new() } else { format!(", where {replaced} was") };
    format!(
        "pyman {version} ({}), from {dist}\n\
         checked: its SHA-256; no key was built into this script, so that whose it is was not checked\n\
         in its place: [SANDBOX]/home/.pyman/bin/pyman{replaced}\n\
         pyman setup: added to [SANDBOX]/home/.profile (taken out again by: pyman setup --undo)\n\
         next: open a new shell, and run: pyman install 3.12\n",
        triple()
    )
}
