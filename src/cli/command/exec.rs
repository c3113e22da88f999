//! `pyman exec`: running a command under the selected version; or under each of several at once, their lines as they come
//! with the version in front, at the end a table of how each ended.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pyman_shim::{Ask, Installation, Resolver};

use crate::cli::context::Context;
use crate::cli::printer::Printer;
use crate::cli::run::{self, Run, Status};
use crate::cli::text::{Span, Tone};
use crate::cli::{foreground, process};
use crate::error::Error;
use crate::operation::selection::{self, Resolved};
use crate::plugin::Event;
use crate::world::{self, parallel::together};

/// How long a run is left alone between two looks at whether another one failed.
const PAUSE: Duration = Duration::from_millis(10);

/// Run a command under the selected version
#[derive(clap::Parser)]
pub(crate) struct Exec {
    /// Run it under each of these versions, in parallel; `all` versions, the `pinned` ones; the status is the worst
    #[arg(long, value_name = "VERSION,…", value_delimiter = ',')]
    each: Vec<String>,
    /// With --each: end the others when one fails
    #[arg(long, requires = "each")]
    fail_fast: bool,
    /// With --each: so many at a time
    #[arg(short, long, value_name = "N", requires = "each")]
    jobs: Option<usize>,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

impl Run for Exec {
    fn run(self, context: &Context) -> Result<Status, Error> {
        let called = self.command.split_first().filter(|(name, _)| !name.is_empty());
        let Some((name, arguments)) = called else {
            return run::without_words(context, "exec");
        };
        if !self.each.is_empty() {
            let mut runs = planned(context, &self.each, name, arguments)?;
            let matrix = Matrix {
                printer: &context.printer,
                marks: marks(context),
                fail_fast: self.fail_fast,
                failed: AtomicBool::new(false),
            };
            return matrix.run(&mut runs, self.jobs);
        }
        let resolver = context.ground.resolver();
        let found = resolver.which(Ask::exec(name.as_encoded_bytes()));
        selection::say_notes(&context.ground, &resolver);
        let found = found?;
        let program = world::path(&found.program).into_owned();
        let told = [("command", &*name.to_string_lossy()), ("path", &*program.to_string_lossy())];
        context.ground.tell(Event::Exec, &told);
        let mut command = Command::new(&program);
        command.args(arguments);
        if let Some(path) = resolver.first_on_path(&found) {
            command.env("PATH", world::path(&path).as_os_str());
        }
        foreground::run(context, context.root(), &mut command)
    }
}

/// A command to be run under one version.
struct Planned {
    version: String,
    command: Command,
}

/// How a run ended.
enum Ended {
    /// By itself.
    With(Status, Duration),
    /// It was ended, as another had failed.
    Stopped,
    /// It was not begun, as another had failed.
    NotBegun,
}

/// The command under each version; every version must be installed, and have it, before any is run.
fn planned(
    context: &Context,
    versions: &[String],
    name: &OsStr,
    arguments: &[OsString],
) -> Result<Vec<Planned>, Error> {
    let resolver = context.ground.resolver();
    let mut runs: Vec<Planned> = Vec::new();
    for version in meant(context, &resolver, versions)? {
        let found = selection::require(&context.ground, &resolver, &version)?;
        let typed = String::from_utf8_lossy(&version).into_owned();
        let version =
            found.as_ref().map_or(typed, |found| String::from_utf8_lossy(&found.name).into_owned());
        if runs.iter().any(|run| run.version == version) {
            continue;
        }
        let program = program(&resolver, found.as_ref(), name.as_encoded_bytes());
        let program = program.ok_or_else(|| Error::NoSuchProgram {
            command: name.to_string_lossy().into_owned(),
            version: version.clone(),
        })?;
        let mut command = Command::new(&*world::path(&program));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(found) = &found {
            command.env("PATH", world::path(&resolver.search_path(found)).as_os_str());
        }
        runs.push(Planned { version, command });
    }
    Ok(runs)
}

/// The versions that were meant: `all` that are installed, the `pinned` ones, or what was typed.
fn meant(
    context: &Context,
    resolver: &Resolver<'_>,
    versions: &[String],
) -> Result<Vec<Vec<u8>>, Error> {
    let mut meant = Vec::new();
    for version in versions {
        match version.as_str() {
            "all" if resolver.exactly(b"all").is_none() => {
                let all = selection::installed_names(resolver).into_iter();
                meant.extend(
                    all.filter(|name| resolver.exactly(name).is_some_and(|one| is_version(&one))),
                );
            }
            "pinned" if resolver.exactly(b"pinned").is_none() => {
                let pins = selection::pins(&context.ground, resolver)?;
                let pinned = Resolved::of(resolver, &pins);
                pinned.say_missing(&context.ground, resolver);
                meant.extend(pinned.names);
            }
            typed => meant.push(typed.as_bytes().to_vec()),
        }
    }
    Ok(meant)
}

/// Whether it is no environment.
fn is_version(installation: &Installation) -> bool {
    let environment = crate::environment::Environment::at(&world::path(&installation.directory));
    !installation.name.contains(&b'/') && environment.is_ok_and(|found| found.is_none())
}

/// The version's own, else, of what no version has, that on PATH, as without `--each`.
fn program(resolver: &Resolver<'_>, found: Option<&Installation>, name: &[u8]) -> Option<Vec<u8>> {
    match found {
        None => resolver.on_path(name),
        Some(found) => resolver.has(found, name).or_else(|| {
            if resolver.having(name).is_empty() { resolver.on_path(name) } else { None }
        }),
    }
}

/// A command under several versions at once.
struct Matrix<'a> {
    printer: &'a Printer,
    marks: [&'static str; 2],
    fail_fast: bool,
    failed: AtomicBool,
}

impl Matrix<'_> {
    fn run(&self, runs: &mut [Planned], jobs: Option<usize>) -> Result<Status, Error> {
        let at_once = jobs.unwrap_or(runs.len());
        let width = runs.iter().map(|run| run.version.chars().count()).max().unwrap_or_default();
        let versions: Vec<String> = runs.iter().map(|run| run.version.clone()).collect();
        let ended = together(runs, at_once, |run| self.one(run, width));
        let mut worst = Status::SUCCESS;
        for (version, ended) in versions.iter().zip(ended) {
            let ended = ended?;
            if let Ended::With(status, _) = ended {
                worst = worst.worst(status);
            }
            self.printer.toned([row(self.marks, version, width, &ended)])?;
        }
        Ok(worst)
    }

    fn one(&self, run: &mut Planned, width: usize) -> Result<Ended, Error> {
        let began = Instant::now();
        if self.is_over() {
            return Ok(Ended::NotBegun);
        }
        let mut child = run.command.spawn()?;
        let front = format!("{:width$}  ", run.version);
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let printer = self.printer;
        let status = thread::scope(|scope| {
            let said = scope.spawn(|| lines(err, &front, |line| printer.pass(line)));
            let waiting = scope.spawn(|| self.wait(child));
            let told = lines(out, &front, |line| printer.out(line));
            let said = said.join().unwrap_or(Ok(()));
            let status = waiting.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
            told.and(said).and(status.map_err(Error::from))
        })?;
        let Some(status) = status else { return Ok(Ended::Stopped) };
        if status.code() != 0 {
            self.failed.store(true, Ordering::Relaxed);
        }
        Ok(Ended::With(status, began.elapsed()))
    }

    fn is_over(&self) -> bool {
        self.fail_fast && self.failed.load(Ordering::Relaxed)
    }

    /// Waits for a run; ends it when another failed and that is to end all.
    fn wait(&self, mut child: Child) -> io::Result<Option<Status>> {
        if !self.fail_fast {
            return child.wait().map(|ended| Some(process::status(ended)));
        }
        loop {
            if let Some(ended) = child.try_wait()? {
                return Ok(Some(process::status(ended)));
            }
            if self.is_over() {
                child.kill()?;
                return child.wait().map(|_| None);
            }
            thread::sleep(PAUSE);
        }
    }
}

/// Hands on each line as it comes, with something in front; the last one ended where it was not.
fn lines(
    stream: Option<impl Read>,
    front: &str,
    mut print: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(stream) = stream else { return Ok(()) };
    let mut stream = BufReader::new(stream);
    let mut line = front.as_bytes().to_vec();
    while stream.read_until(b'\n', &mut line)? > 0 {
        if !line.ends_with(b"\n") {
            line.push(b'\n');
        }
        print(&line)?;
        line.truncate(front.len());
    }
    Ok(())
}

/// A row of the table: `✓ 3.9.18  0.8 s`, `✗ 3.12.1  status 1`.
fn row([good, bad]: [&str; 2], version: &str, width: usize, ended: &Ended) -> Vec<Span> {
    let (tone, mark, said) = match ended {
        Ended::With(status, took) if status.code() == 0 => {
            (Tone::Good, good, format!("{:.1} s", took.as_secs_f64()))
        }
        Ended::With(status, _) => (Tone::Bad, bad, format!("status {}", status.code())),
        Ended::Stopped => (Tone::Bad, bad, "stopped".to_owned()),
        Ended::NotBegun => (Tone::Bad, bad, "not run".to_owned()),
    };
    let rest = format!(" {version:width$}  {said}");
    vec![(tone, mark.into()), (Tone::Plain, rest.into_bytes())]
}

/// What ended well and what did not: as signs where the locale says that who reads knows more than ASCII, else as words.
fn marks(context: &Context) -> [&'static str; 2] {
    let mut locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(|name| context.machine.variable(name).filter(|value| !value.is_empty()));
    let locale = locale.next().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if locale.contains("utf-8") || locale.contains("utf8") {
        ["✓", "✗"]
    } else {
        ["ok    ", "failed"]
    }
}
