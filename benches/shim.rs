//! What a shim costs over running the program itself, and what a rehash costs.
//!
//! `cargo bench --bench shim`. Runs are interleaved and medians compared, so that a busy machine
//! slows all of them alike; times are wall-clock, in milliseconds. Where a pyenv is installed in
//! `~/.pyenv`, its shim and its rehash are measured in the same run.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made is none")]
#![expect(clippy::print_stdout, reason = "it prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "it sets up a world of its own")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pyman::rehash::{Order, rehash};

/// Runs of each program.
const RUNS: usize = 300;

/// How deep the working directory lies below the one that is searched for version files.
const DEPTH: usize = 8;

/// A root of a bench's own, with so many versions, each with a command `probe`.
struct Root(tempfile::TempDir);

impl Root {
    fn new(versions: usize) -> Self {
        let root = Self(tempfile::tempdir().unwrap());
        for patch in 0..versions {
            let bin = root.at(&format!("versions/3.12.{patch}/bin"));
            fs::create_dir_all(&bin).unwrap();
            symlink("/bin/true", bin.join("probe")).unwrap();
        }
        fs::create_dir_all(root.work()).unwrap();
        root
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn work(&self) -> PathBuf {
        (0..DEPTH).fold(self.at("work"), |directory, _| directory.join("deeper"))
    }

    fn rehash(&self) {
        rehash(Order { root: self.0.path(), manager: Path::new("/bin/true"), hooked: false })
            .unwrap();
    }

    fn direct(&self) -> Command {
        self.command(&self.at("versions/3.12.0/bin/probe"))
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("PYMAN_ROOT", self.0.path())
            .env("PWD", self.work())
            .current_dir(self.work())
            .stdout(Stdio::null());
        command
    }
}

fn main() {
    for versions in [1, 10, 100] {
        shim(versions);
    }
    for commands in [128, 10_000] {
        rehashing(commands);
    }
}

/// A shim whose version is pinned exactly, by a prefix, and globally.
fn shim(versions: usize) {
    let root = Root::new(versions);
    root.rehash();
    let shim = || root.command(&root.at("shims/probe"));
    fs::write(root.at("version"), "3.12\n").unwrap();
    let mut exact = shim();
    exact.env("PYMAN_VERSION", "3.12.0");
    let mut prefix = shim();
    prefix.env("PYMAN_VERSION", "3.12");
    let mut cases = vec![("exact", exact), ("prefix", prefix), ("global", shim())];
    if let Some(pyenv) = pyenv() {
        let mut rehash = pyenv_command(&root, &pyenv.join("bin/pyenv"));
        assert!(rehash.arg("rehash").status().unwrap().success());
        cases.push(("pyenv", pyenv_command(&root, &root.at("pyenv/shims/probe"))));
    }
    let mut direct = root.direct();
    let base = medians(&mut direct, &mut cases);
    println!("shim, {versions} versions installed; directly {:.3} ms", milliseconds(base.0));
    for ((name, _), median) in cases.iter().zip(base.1) {
        let added = milliseconds(median.saturating_sub(base.0));
        let ratio = milliseconds(median) / milliseconds(base.0);
        println!("  {name:<8} +{added:.3} ms  ({ratio:.2} times)");
    }
}

/// The median of the first program, and of each other, all run in turn.
fn medians(direct: &mut Command, cases: &mut [(&str, Command)]) -> (Duration, Vec<Duration>) {
    let mut times = vec![Vec::with_capacity(RUNS); cases.len() + 1];
    for _ in 0..RUNS {
        let programs =
            std::iter::once(&mut *direct).chain(cases.iter_mut().map(|case| &mut case.1));
        for (program, times) in programs.zip(&mut times) {
            times.push(time(|| assert!(program.status().unwrap().success())));
        }
    }
    let mut medians = times.into_iter().map(median);
    (medians.next().unwrap(), medians.collect())
}

/// The first rehash and one that finds nothing to do.
fn rehashing(commands: usize) {
    let root = Root::new(1);
    let bin = root.at("versions/3.12.0/bin");
    for number in 0..commands {
        let path = bin.join(format!("command{number}"));
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let first = time(|| root.rehash());
    let again = median((0..20).map(|_| time(|| root.rehash())).collect());
    println!("rehash, {commands} commands");
    println!("  first    {:.3} ms", milliseconds(first));
    println!("  again    {:.3} ms", milliseconds(again));
    if let Some(pyenv) = pyenv().filter(|_| commands < 1_000) {
        let mut rehash = pyenv_command(&root, &pyenv.join("bin/pyenv"));
        rehash.arg("rehash");
        let theirs = (0..5).map(|_| time(|| assert!(rehash.status().unwrap().success()))).collect();
        let theirs = milliseconds(median(theirs));
        println!("  pyenv    {theirs:.3} ms  ({:.1} times)", theirs / milliseconds(again));
    }
}

/// pyenv in a root of its own beside ours, with the same versions.
fn pyenv_command(root: &Root, program: &Path) -> Command {
    let theirs = root.at("pyenv");
    if !theirs.is_dir() {
        fs::create_dir(&theirs).unwrap();
        symlink(root.at("versions"), theirs.join("versions")).unwrap();
    }
    let mut command = root.command(program);
    command.env("PYENV_ROOT", theirs).env("PYENV_VERSION", "3.12.0");
    command
}

/// A pyenv on this machine.
fn pyenv() -> Option<PathBuf> {
    let pyenv = PathBuf::from(std::env::var_os("HOME")?).join(".pyenv");
    pyenv.join("bin/pyenv").is_file().then_some(pyenv)
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
