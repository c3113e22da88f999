//! Work being done, on stderr: bars on a terminal, a line for what matters elsewhere.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::printer::{Printer, plain};
use crate::cli::process;
use crate::cli::status::Status;
use crate::disk;
use crate::error::Error;
use crate::progress::{Progress, Task};
use crate::world::Machine;

const BYTES: &str =
    "{msg:28!} [{bar:24}] {bytes:>10}/{total_bytes} {bytes_per_sec:>12} {eta:>4} left";
const SPINNER: &str = "{msg} {spinner} {elapsed}";
const REDRAWS_A_SECOND: u8 = 10;
const TICK: Duration = Duration::from_millis(200);

/// Watches work for as long as it lives: draws, and listens for the signals that ask to stop.
pub(crate) struct Watch {
    bars: Option<MultiProgress>,
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
        let bars = (io::stderr().is_terminal() && !dumb && printer.draws()).then(|| {
            MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(REDRAWS_A_SECOND))
        });
        process::listen(&signal).map_err(Error::Output)?;
        disk::heed(&signal);
        Ok(Self { bars, printer: printer.clone(), signal })
    }

    /// 128 + the signal that asked to stop; none came: none.
    pub(crate) fn interruption(&self) -> Option<Status> {
        Status::of_signal(self.signal.load(Ordering::Relaxed))
    }
}

impl Progress for Watch {
    fn begin(&self, label: &str, total: Option<u64>) -> Box<dyn Task> {
        let label = plain(label).into_owned();
        let Some(bars) = &self.bars else {
            return Box::new(crate::progress::Silent);
        };
        let bar = bars.add(ProgressBar::new(total.unwrap_or_default()));
        bar.set_message(label.clone());
        let bar = Bar { bar, label };
        bar.style(total.is_some());
        Box::new(bar)
    }

    fn note(&self, line: &str) {
        match &self.bars {
            Some(bars) => bars.suspend(|| self.printer.talk(line)),
            None => self.printer.talk(line),
        }
    }

    fn interrupted(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        for left in disk::left_behind() {
            let left = left.display();
            self.note(&format!("`{left}' is left for the next command to clear"));
        }
    }
}

struct Bar {
    bar: ProgressBar,
    label: String,
}

impl Bar {
    fn style(&self, sized: bool) {
        let template = if sized { BYTES } else { SPINNER };
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar.set_style(style.progress_chars("=> "));
        if !sized {
            tick(&self.bar);
        }
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
        self.bar.set_length(bytes);
        self.style(true);
    }

    fn position(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    fn phase(&self, text: &str) {
        let text = plain(text);
        self.bar.set_message(format!("{}: {text}", self.label));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
