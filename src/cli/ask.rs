//! Questions to a person, and leaving them: a signal ends the process at once, and what is typed later answers nothing.

use std::cell::OnceCell;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::cli::printer::Printer;
use crate::cli::process;
use crate::cli::status::Status;
use crate::error::Error;
use crate::operation::Ask;

/// Asks yes or no, on stderr.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    printer: Printer,
    /// While somebody is being asked.
    asking: Arc<AtomicBool>,
    /// While no work is watched that would have to end by itself.
    unwatched: Arc<AtomicBool>,
    /// The signal that asked watched work to stop; 0 while none did.
    noted: Arc<AtomicUsize>,
    heard: OnceCell<()>,
}

impl Questions {
    /// Asks where this prints.
    pub(crate) fn by(printer: Printer) -> Self {
        Self { printer, ..Self::default() }
    }

    /// From here on signals are noted for who watches the work, and end the process only while somebody is asked.
    pub(crate) fn leave_to_watch(&self) -> Result<Arc<AtomicUsize>, Error> {
        self.unwatched.store(false, Ordering::SeqCst);
        self.hear()?;
        Ok(Arc::clone(&self.noted))
    }

    /// 128 + the signal that asked watched work to stop; none came: none.
    pub(crate) fn interruption(&self) -> Option<Status> {
        Status::of_signal(self.noted.load(Ordering::SeqCst))
    }

    fn listen(&self) -> Result<(), Error> {
        if self.heard.get().is_none() {
            self.unwatched.store(true, Ordering::SeqCst);
        }
        self.hear()
    }

    fn hear(&self) -> Result<(), Error> {
        if self.heard.get().is_none() {
            process::leave_questions(&self.asking, &self.unwatched).map_err(Error::Output)?;
            self.heard.get_or_init(|| ());
        }
        Ok(())
    }
}

impl Ask for Questions {
    /// Asks, and reads the answer from stdin whatever that is; end of input is no.
    fn anybody(&self, question: &str) -> Result<bool, Error> {
        self.listen()?;
        let mut answer = Vec::new();
        self.asking.store(true, Ordering::SeqCst);
        // Who asked to stop before the question was there is not asked: the signal comes again, and ends it.
        process::raise(self.noted.load(Ordering::SeqCst)).map_err(Error::Output)?;
        self.printer.begin(question)?;
        let read = io::stdin().lock().read_until(b'\n', &mut answer);
        self.printer.retake_terminal();
        self.asking.store(false, Ordering::SeqCst);
        read.map_err(Error::Output)?;
        if answer.is_empty() {
            self.printer.say("");
        }
        let answer = answer.trim_ascii().to_ascii_lowercase();
        Ok(answer == b"y" || answer == b"yes")
    }

    /// Asks who sits at a terminal.
    fn person(&self, question: &str) -> Result<Option<bool>, Error> {
        if !io::stdin().is_terminal() {
            return Ok(None);
        }
        self.anybody(question).map(Some)
    }

    fn say(&self, line: &str) {
        self.printer.say(line);
    }

    fn talk(&self, line: &str) {
        self.printer.talk(line);
    }
}
