//! Data to stdout, talk to stderr; colour where it is wanted, and nothing said by colour alone. Control characters of names
//! and servers never reach a terminal.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget};

use crate::cli::text::{
    Colour, Lines, Span, bounded, escaped, joined, labelled, plain, shown, spinner, unsteering,
    wrapped,
};
use crate::cli::{process, schema};
use crate::error::Error;

const REDRAWS_A_SECOND: u8 = 10;
/// How often the time that is shown goes on.
pub(super) const TICK: Duration = Duration::from_millis(200);

/// Fewer columns than this have no room for remarks beside what they are about.
const NARROW: u16 = 70;

/// What is the same for all that print for one command line.
#[derive(Debug, Default)]
struct Manner {
    /// Whether a script waits for a document.
    awaited: AtomicBool,
    /// Whether nothing is said but what went wrong.
    quiet: AtomicBool,
    /// Whether work under way is not drawn.
    still: AtomicBool,
    /// A [`Colour`], as a number.
    colour: AtomicU8,
    /// What is being done, in the words it was asked for by.
    work: OnceLock<String>,
    /// Where work under way is drawn, which makes room for what is printed.
    board: OnceLock<Board>,
}

/// Where a command's words go. A clone speaks in the same manner.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    stdout: Arc<io::Stdout>,
    stderr: Arc<io::Stderr>,
    manner: Arc<Manner>,
}

impl Default for Printer {
    fn default() -> Self {
        let (stdout, stderr) = (Arc::new(io::stdout()), Arc::new(io::stderr()));
        Self { stdout, stderr, manner: Arc::default() }
    }
}

impl Printer {
    /// Colours as is asked for.
    pub(crate) fn colour(&self, colour: Colour) {
        self.manner.colour.store(colour as u8, Ordering::Relaxed);
    }

    /// From here on nothing is said but what went wrong.
    pub(crate) fn hush(&self) {
        self.manner.quiet.store(true, Ordering::Relaxed);
    }

    /// From here on work under way is not drawn.
    pub(crate) fn still(&self) {
        self.manner.still.store(true, Ordering::Relaxed);
    }

    /// Whether nothing is said but what went wrong.
    pub(crate) fn is_quiet(&self) -> bool {
        self.manner.quiet.load(Ordering::Relaxed)
    }

    /// Whether work under way may be drawn.
    pub(crate) fn draws(&self) -> bool {
        !self.is_quiet() && !self.manner.still.load(Ordering::Relaxed)
    }

    /// What is being done, in the words it was asked for by.
    pub(crate) fn begin_work(&self, words: String) {
        self.manner.work.get_or_init(|| words);
    }

    /// The same, for who draws it.
    pub(crate) fn work(&self) -> &str {
        self.manner.work.get().map_or("", String::as_str)
    }

    /// Where work under way is drawn from now on: the first board is that of every watch.
    pub(crate) fn draw_on(&self, board: Board) -> &Board {
        self.manner.board.get_or_init(|| board)
    }

    /// While nothing is drawn.
    fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        match self.manner.board.get() {
            Some(board) => board.aside(act),
            None => act(),
        }
    }

    /// From here on somebody else has the terminal: a program in our place, or who answers a question.
    pub(crate) fn yield_terminal(&self) {
        if let Some(board) = self.manner.board.get() {
            board.rest();
        }
    }

    /// It is ours again.
    pub(crate) fn retake_terminal(&self) {
        if let Some(board) = self.manner.board.get() {
            board.resume();
        }
    }

    fn choice(&self, stream: &impl RawStream) -> ColorChoice {
        match self.manner.colour.load(Ordering::Relaxed) {
            colour if colour == Colour::Always as u8 => ColorChoice::Always,
            colour if colour == Colour::Never as u8 => ColorChoice::Never,
            _ => AutoStream::choice(stream),
        }
    }

    /// Data, byte for byte, to stdout. A reader that went away is no error.
    pub(crate) fn out(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        let written = self.aside(|| {
            let mut stdout = self.stdout.lock();
            stdout.write_all(bytes.as_ref()).and_then(|()| stdout.flush())
        });
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(Error::Output),
        }
    }

    /// One line for people, to stdout.
    pub(crate) fn line(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        let mut line = shown(bytes.as_ref(), Lines::One);
        line.push(b'\n');
        self.out(line)
    }

    /// A text of several lines, to stdout.
    pub(crate) fn text(&self, text: impl AsRef<[u8]>) -> Result<(), Error> {
        let mut text = shown(text.as_ref(), Lines::Several);
        text.push(b'\n');
        self.out(text)
    }

    /// The rows of a table, to stdout.
    pub(crate) fn table(
        &self,
        rows: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<(), Error> {
        let rows = rows.into_iter().map(|row| shown(row.as_ref(), Lines::One));
        self.out(joined(rows))
    }

    /// Whether rows that are wider than half a screen would be broken by the terminal.
    pub(crate) fn is_narrow(&self) -> bool {
        self.stdout.is_terminal() && process::columns().is_some_and(|columns| columns < NARROW)
    }

    /// The rows of a table, their words coloured where that is wanted.
    pub(crate) fn toned(&self, rows: impl IntoIterator<Item = Vec<Span>>) -> Result<(), Error> {
        let choice = self.choice(&*self.stdout);
        let rows = rows.into_iter().map(|row| {
            let spans = row.into_iter().map(|(tone, text)| {
                let text = shown(&text, Lines::One);
                match std::str::from_utf8(&text) {
                    Ok(words) if choice != ColorChoice::Never => tone.paint(words).into_bytes(),
                    Ok(_) | Err(_) => text,
                }
            });
            spans.flatten().collect::<Vec<u8>>()
        });
        self.styled(&joined(rows), choice)
    }

    /// A text with styles, which are ours, to stdout.
    pub(crate) fn page(&self, page: &clap::builder::StyledStr) -> Result<(), Error> {
        let choice = self.choice(&*self.stdout);
        let text =
            if choice == ColorChoice::Never { page.to_string() } else { page.ansi().to_string() };
        self.styled(text.as_bytes(), choice)
    }

    fn styled(&self, text: &[u8], choice: ColorChoice) -> Result<(), Error> {
        if choice == ColorChoice::Never {
            return self.out(text);
        }
        let written = self.aside(|| {
            let mut stdout = AutoStream::new(self.stdout.lock(), choice);
            stdout.write_all(text).and_then(|()| stdout.flush())
        });
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(Error::Output),
        }
    }

    /// What was done, a line to stdout for people.
    pub(crate) fn done(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        if self.is_quiet() { Ok(()) } else { self.line(bytes) }
    }

    /// A bare list, which scripts read: byte for byte, but for a person at a terminal.
    pub(crate) fn list(
        &self,
        lines: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<(), Error> {
        if self.stdout.is_terminal() { self.table(lines) } else { self.out(joined(lines)) }
    }

    /// A script has asked for JSON.
    pub(crate) fn expect_json(&self) {
        self.manner.awaited.store(true, Ordering::Relaxed);
    }

    /// A value as JSON, on one line, with the number of its shape; what would steer a terminal only as `\u009b`, which
    /// is the same to a reader.
    pub(crate) fn json(&self, value: &serde_json::Value) -> Result<(), Error> {
        self.manner.awaited.store(false, Ordering::Relaxed);
        self.out(format!("{}\n", unsteering(&schema::numbered(value).to_string())))
    }

    /// What went wrong, where a script has asked for JSON and got none yet; nobody there to read it is no error.
    pub(crate) fn fail(&self, failure: impl FnOnce() -> serde_json::Value) {
        if self.manner.awaited.load(Ordering::Relaxed) {
            match self.json(&failure()) {
                Ok(()) | Err(_) => {}
            }
        }
    }

    /// What has to be said, to stderr; nobody there to hear it is no error.
    pub(crate) fn say(&self, text: &str) {
        let text = plain(text);
        let mut text = bounded(&text);
        if self.stderr.is_terminal()
            && let Some(columns) = process::columns()
        {
            text = Cow::Owned(wrapped(&text, columns.into()));
        }
        let choice = self.choice(&*self.stderr);
        let written = self.aside(|| {
            if choice == ColorChoice::Never {
                writeln!(self.stderr.lock(), "{text}")
            } else {
                writeln!(AutoStream::new(self.stderr.lock(), choice), "{}", labelled(&text))
            }
        });
        match written {
            Ok(()) | Err(_) => {}
        }
    }

    /// Talk: what who wants quiet does not miss.
    pub(crate) fn talk(&self, text: &str) {
        if !self.is_quiet() {
            self.say(text);
        }
    }

    /// The same on one line, whatever is in the text.
    pub(crate) fn remark(&self, text: &str) {
        self.talk(&escaped(text, Lines::One));
    }

    /// Somebody else's stderr, byte for byte.
    pub(crate) fn pass(&self, bytes: &[u8]) -> Result<(), Error> {
        self.aside(|| self.stderr.lock().write_all(bytes)).map_err(Error::Output)
    }

    /// The beginning of a line that somebody else ends, to stderr; until then nothing is drawn.
    pub(crate) fn begin(&self, text: &str) -> Result<(), Error> {
        self.yield_terminal();
        let mut stderr = self.stderr.lock();
        let written =
            write!(stderr, "{} ", escaped(text, Lines::One)).and_then(|()| stderr.flush());
        written.map_err(Error::Output)
    }
}

/// Where work under way is drawn; it makes room for what is printed, and for who is asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Board(Arc<Drawn>);

#[derive(Debug, Default)]
struct Drawn {
    /// None where nothing can be drawn.
    bars: Option<MultiProgress>,
    /// How many pieces of work have bars of their own.
    tasks: AtomicUsize,
    /// Somebody else has the terminal.
    resting: AtomicBool,
    /// Nobody watches any more.
    over: AtomicBool,
    /// What stands there while no piece of work has a bar.
    waiting: Mutex<Option<ProgressBar>>,
}

impl Board {
    /// One at the terminal that stderr is.
    pub(super) fn on_terminal() -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(REDRAWS_A_SECOND);
        let bars = Some(MultiProgress::with_draw_target(target));
        Self(Arc::new(Drawn { bars, ..Drawn::default() }))
    }

    /// Does something while nothing is drawn.
    pub(crate) fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        match &self.0.bars {
            Some(bars) => bars.suspend(act),
            None => act(),
        }
    }

    /// Draws nothing of what is being waited for.
    pub(crate) fn rest(&self) {
        self.0.resting.store(true, Ordering::SeqCst);
        self.clear();
    }

    /// May draw again.
    pub(crate) fn resume(&self) {
        self.0.resting.store(false, Ordering::SeqCst);
    }

    /// What is drawn, where anything can be.
    pub(super) fn bars(&self) -> Option<&MultiProgress> {
        self.0.bars.as_ref()
    }

    /// Whether nobody watches any more.
    pub(super) fn is_closed(&self) -> bool {
        self.0.over.load(Ordering::SeqCst)
    }

    /// Somebody watches.
    pub(super) fn open(&self) {
        self.0.over.store(false, Ordering::SeqCst);
    }

    /// Nobody watches any more.
    pub(super) fn close(&self) {
        self.0.over.store(true, Ordering::SeqCst);
        self.clear();
    }

    /// A piece of work has a bar of its own.
    pub(super) fn begin_task(&self) {
        self.0.tasks.fetch_add(1, Ordering::SeqCst);
        self.clear();
    }

    /// It has none any more.
    pub(super) fn end_task(&self) {
        self.0.tasks.fetch_sub(1, Ordering::SeqCst);
    }

    /// Shows nothing of what is waited for.
    pub(super) fn clear(&self) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = waiting.take() {
            bar.finish_and_clear();
        }
    }

    /// Whether what is waited for may be shown: it has no bar, and nobody else has the terminal.
    pub(super) fn is_idle(&self) -> bool {
        !self.0.resting.load(Ordering::SeqCst) && self.0.tasks.load(Ordering::SeqCst) == 0
    }

    /// Shows what is being waited for since then, or lets its time go on.
    pub(super) fn show(&self, words: &str, since: Instant) {
        let Some(bars) = self.bars() else { return };
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have come to rest meanwhile.
        if self.is_idle() && !self.is_closed() {
            let bar = waiting.get_or_insert_with(|| {
                let bar = bars.add(ProgressBar::new_spinner().with_elapsed(since.elapsed()));
                bar.set_style(spinner());
                bar.set_message(words.to_owned());
                bar
            });
            bar.tick();
        }
    }
}
