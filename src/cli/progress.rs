//! Work being done, on stderr: bars on a terminal, and for what takes longer than a second without one, a line that says what
//! it is; elsewhere a line when a download begins and one when it ends.

use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::printer::{Board, Printer, TICK};
use crate::cli::process;
use crate::cli::status::Status;
use crate::cli::text::{plain, spinner};
use crate::disk::{self, Bytes};
use crate::error::Error;
use crate::progress::{Progress, Task};
use crate::world::Machine;

/// As wide as what it tells is when the terminal has room for it; the label has what is left.
const BYTES: &str =
    "{wide_msg} [{bar:16}] {bytes:>10}/{total_bytes} {bytes_per_sec:>12} {eta:>4} left";
/// The same on a narrow terminal.
const NARROW: &str = "{wide_msg} {percent:>3} % {bytes_per_sec:>11}";
/// From this many columns on there is room.
const ROOM: u16 = 76;
/// So long a person waits and asks nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Stays beside work that takes long, for as long as somebody watches. Where no thread is to be had nothing is shown.
fn keep_company(board: Board, words: String) {
    let company = thread::Builder::new().spawn(move || {
        let mut since = Instant::now();
        while !board.is_closed() {
            if !board.is_idle() {
                board.clear();
                since = Instant::now();
            } else if since.elapsed() >= PATIENCE {
                board.show(&words, since);
            }
            thread::sleep(TICK);
        }
    });
    drop(company);
}

/// Watches work for as long as it lives: draws, and listens for the signals that ask to stop.
pub(crate) struct Watch {
    board: Board,
    printer: Printer,
    signal: Arc<AtomicUsize>,
}

impl Watch {
    /// `signal` is where what asks to stop is noted.
    pub(crate) fn begin(
        machine: Machine,
        printer: &Printer,
        signal: Arc<AtomicUsize>,
    ) -> Result<Self, Error> {
        let dumb = machine.variable("TERM").is_some_and(|term| term == "dumb");
        let draws = io::stderr().is_terminal() && !dumb && printer.draws();
        let board = if draws { Board::on_terminal() } else { Board::default() };
        let board = printer.draw_on(board).clone();
        if draws {
            board.open();
            keep_company(board.clone(), printer.work().to_owned());
        }
        process::listen(&signal).map_err(Error::Output)?;
        disk::heed(&signal);
        Ok(Self { board, printer: printer.clone(), signal })
    }

    /// 128 + the signal that asked to stop; none came: none.
    pub(crate) fn interruption(&self) -> Option<Status> {
        Status::of_signal(self.signal.load(Ordering::Relaxed))
    }
}

impl Progress for Watch {
    fn begin(&self, label: &str, total: Option<u64>) -> Box<dyn Task> {
        let label = plain(label).into_owned();
        let Some(bars) = self.board.bars() else {
            let printer = self.printer.clone();
            let (size, position) = (AtomicU64::new(total.unwrap_or_default()), AtomicU64::new(0));
            return Box::new(Told { printer, label, size, position, since: Mutex::default() });
        };
        self.board.begin_task();
        let bar = bars.add(ProgressBar::new(total.unwrap_or_default()));
        bar.set_message(label.clone());
        let bar = Bar { drawn: bar, label, board: self.board.clone() };
        bar.style(total.is_some());
        Box::new(bar)
    }

    fn note(&self, line: &str) {
        self.printer.talk(line);
    }

    fn interrupted(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.board.close();
        for left in disk::left_behind() {
            let left = left.display();
            self.note(&format!("`{left}' is left for the next command to clear"));
        }
    }
}

struct Bar {
    drawn: ProgressBar,
    label: String,
    board: Board,
}

impl Bar {
    fn style(&self, sized: bool) {
        if !sized {
            self.drawn.set_style(spinner());
            return tick(&self.drawn);
        }
        let narrow = process::columns().is_some_and(|columns| columns < ROOM);
        let style = ProgressStyle::with_template(if narrow { NARROW } else { BYTES });
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        self.drawn.set_style(style.progress_chars("=> "));
    }
}

/// Keeps the time shown going until the bar is finished; where no thread is to be had it stands still. (indicatif's own
/// ticker panics there.)
fn tick(bar: &ProgressBar) {
    let bar = bar.downgrade();
    let ticking = thread::Builder::new().spawn(move || {
        while let Some(bar) = bar.upgrade().filter(|bar| !bar.is_finished()) {
            bar.tick();
            drop(bar);
            thread::sleep(TICK);
        }
    });
    drop(ticking);
}

impl Task for Bar {
    fn total(&self, bytes: u64) {
        self.drawn.set_length(bytes);
        self.style(true);
    }

    fn position(&self, bytes: u64) {
        self.drawn.set_position(bytes);
    }

    fn source(&self, _: &str) {
        // What an earlier run brought came at no speed of this one.
        self.drawn.reset_eta();
    }

    fn phase(&self, text: &str) {
        let text = plain(text);
        self.drawn.set_message(format!("{}: {text}", self.label));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.drawn.finish_and_clear();
        self.board.end_task();
    }
}

/// A download where nothing is drawn: said when its bytes begin to come, and when all have.
struct Told {
    printer: Printer,
    label: String,
    size: AtomicU64,
    position: AtomicU64,
    since: Mutex<Option<Instant>>,
}

impl Task for Told {
    fn total(&self, bytes: u64) {
        self.size.store(bytes, Ordering::Relaxed);
    }

    fn position(&self, bytes: u64) {
        self.position.store(bytes, Ordering::Relaxed);
    }

    fn source(&self, host: &str) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if since.is_some() {
            return;
        }
        *since = Some(Instant::now());
        let size = match self.size.load(Ordering::Relaxed) {
            0 => String::new(),
            bytes => format!(" ({})", Bytes(bytes)),
        };
        self.printer.talk(&format!("fetching {}{size} from {host}", self.label));
    }

    fn phase(&self, _: &str) {}
}

impl Drop for Told {
    fn drop(&mut self) {
        let since = self.since.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (size, position) =
            (self.size.load(Ordering::Relaxed), self.position.load(Ordering::Relaxed));
        if let Some(since) = since.filter(|_| position > 0 && position >= size) {
            let seconds = since.elapsed().as_secs_f64();
            self.printer.talk(&format!("fetched {} in {seconds:.1} s", self.label));
        }
    }
}
