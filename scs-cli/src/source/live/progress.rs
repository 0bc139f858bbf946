//! Progress lines, only on a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use scs_collector::Event;

use crate::app::diagnostic::visible;

/// The progress of all clouds, a line for each.
#[derive(Debug)]
pub(crate) struct Progress(Option<MultiProgress>);

/// The progress line of a cloud.
#[derive(Debug)]
pub(crate) struct Line {
    bar: Option<ProgressBar>,
    begun: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self(io::stderr().is_terminal().then(MultiProgress::new))
    }

    pub(crate) fn line(&self, title: &str) -> Line {
        let bar = self.0.as_ref().map(|lines| {
            let bar = lines.add(ProgressBar::new_spinner().with_prefix(title.to_owned()));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Line { bar, begun: AtomicUsize::new(0), done: AtomicUsize::new(0) }
    }

    /// Prints a line, which may contain untrusted text from a cloud.
    pub(crate) fn say(&self, text: &str) {
        let text = visible(text);
        let said = self.0.as_ref().is_some_and(|lines| lines.println(&text).is_ok());
        if !said {
            // If standard error is closed, continue.
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    pub(crate) fn cancelled(&self) {
        self.say("cleaning up; Ctrl-C again skips it");
    }
}

impl Line {
    pub(crate) fn tell(&self, event: Event<'_>) {
        let Some(bar) = &self.bar else { return };
        match event {
            Event::Started(_) => {
                self.begun.fetch_add(1, Ordering::Relaxed);
            }
            Event::Page(part, entries) => bar.set_message(format!("{part}, {entries} so far")),
            Event::Done(part) => {
                let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
                bar.set_message(format!("{part}, {done} of {} parts", self.begun.load(Ordering::Relaxed)));
            }
            Event::Said(program, line) => bar.set_message(format!("{program}: {line}")),
            Event::Step(probe, step) => bar.set_message(format!("{probe}: {step}")),
            _ => {}
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
