//! A line on the terminal that says how far a command has come, once it takes longer than a second.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a command may take before it says what it is doing.
const PATIENCE: Duration = Duration::from_secs(1);
const BEAT: Duration = Duration::from_millis(200);

/// The line; where standard error is no terminal there is none.
pub(crate) struct Progress {
    bar: ProgressBar,
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to wait.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let waiting = io::stderr().is_terminal().then(|| {
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            let (done, over) = channel();
            let shown = bar.clone();
            let wait = move || {
                if over.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    shown.set_draw_target(ProgressDrawTarget::stderr());
                    shown.enable_steady_tick(BEAT);
                }
            };
            (done, std::thread::spawn(wait))
        });
        Self { bar, waiting }
    }

    /// Says how many records of a file are read.
    pub(crate) fn read(&self, name: &str, rows: usize) {
        if self.waiting.is_some() {
            self.bar.set_message(format!("reading {name}: {rows} records"));
        }
    }

    /// Says what is being done.
    pub(crate) fn say(&self, what: &'static str) {
        self.bar.set_message(what);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, waiting)) = self.waiting.take() {
            drop(done);
            // A thread that only waits and draws has nothing to report.
            let _ = waiting.join();
        }
        self.bar.finish_and_clear();
    }
}
