//! Checks lists of names of any length: threads process blocks, and their findings are printed in the order of the lines, as
//! soon as everything before them is printed.

use std::io::{self, IsTerminal, Read, Write, stderr, stdout};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use indicatif::{ProgressBar, ProgressStyle};
use scs_registry::{Report, SubjectKind};
use scs_report::Shown;
use scs_standards::Context;
use serde_json::{Map, Value};

use super::blocks::{BLOCK, Block, Feed};
use super::order::Order;
use super::plain::WORTH;
use super::report::{Reported, Reporter};
use super::rules::Deciding;
use super::scan::{Found, Scan, Totals};
use super::summary::Summary;
use super::{Check, Stream};
use crate::app::at::now;
use crate::app::color::Palette;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::input::Opened;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::print::report::Extent;
use crate::source::names::{empty_list, names_elsewhere};

/// The minimum size in bytes for a progress bar.
const LARGE: u64 = 32 << 20;

/// How many bytes of output a thread buffers before it waits for its turn.
const GATHERED: usize = 1 << 18;

/// Checks lists of names.
pub(super) fn check_names(inputs: Vec<Opened>, check: &Check, common: &Common) -> Result<Exit, Failure> {
    let profile = common.profile();
    let context = Context::at(now(common.at)).with_profile(profile);
    let deciding = Deciding::new(profile);
    // Other formats print the report once it is complete.
    let (stream, output) = match Stream::of(&check.report) {
        Some(stream) => (stream, Output::open(common.output.as_deref())?),
        None => (Stream::Json, Output::Memory(Vec::new())),
    };
    let colored = common.colors_results(&output);
    let names: Vec<_> = inputs.iter().map(|input| input.name.clone()).collect();
    let mut sink = Sink { output, stream, head: head(stream, &names, &context)?, any: false, bar: None };
    let mut summary = Summary::default();
    let several_inputs = inputs.len() > 1;
    for (index, input) in inputs.into_iter().enumerate() {
        let threads = match input.length {
            // Not worth a thread.
            Some(length) if length <= 2 * BLOCK as u64 => 1,
            _ => check.threads(),
        };
        sink.bar = progress_bar(&input);
        let run = Run {
            index,
            // A pipe may have any number of names.
            scan: Scan::new(
                profile,
                check.report.all || stream != Stream::Text,
                input.length.is_none_or(|length| length > WORTH),
            ),
            reporter: Reporter {
                stream,
                context,
                deciding: &deciding,
                colored,
                input: &input.name,
                several_inputs,
            },
            feed: Mutex::new(Feed::new(input.reader)),
            order: Order::after(summary.totals.invalid),
            sink: Mutex::new(sink),
            summary: Mutex::new(summary),
            failure: Mutex::new(None),
        };
        run.with_threads(threads);
        let lines_before = run.order.into_lines_before();
        if let Some(failure) = into_inner(run.failure) {
            return Err(failure);
        }
        (sink, summary) = (into_inner(run.sink), into_inner(run.summary));
        summary.add_input(input.name, lines_before);
        if let Some(bar) = sink.bar.take() {
            bar.finish_and_clear();
        }
    }
    let Totals { valid, invalid, not_scs, elsewhere, .. } = summary.totals;
    if valid + invalid + not_scs == 0 {
        return Err(empty_list(&names.join(", ")));
    }
    if valid + invalid == 0 && elsewhere > 0 {
        return Err(names_elsewhere(&names.join(", ")));
    }
    let report = summary.report(unanswered(&names, &context), &deciding);
    let output = sink.end(&summary, &Palette::new(colored), check.report.all, &report)?;
    if let Output::Memory(json) = output {
        let report: Report = serde_json::from_slice(&json)?;
        let shown = Shown::new(&report).in_file(&report.subject);
        return check.report.print(&[shown], &Extent::default(), common);
    }
    output.finish()?;
    Ok(Exit::success_if(invalid == 0))
}

/// The shared state of the threads.
struct Run<'a, R> {
    /// The index of the input.
    index: usize,
    scan: Scan,
    reporter: Reporter<'a>,
    feed: Mutex<Feed<R>>,
    order: Order,
    sink: Mutex<Sink>,
    summary: Mutex<Summary>,
    failure: Mutex<Option<Failure>>,
}

impl<R: Read + Send> Run<'_, R> {
    fn with_threads(&self, threads: usize) {
        thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| self.work());
            }
            self.work();
        });
    }

    /// Processes blocks until the end, or until a thread fails.
    fn work(&self) {
        if let Err(failure) = self.process_blocks() {
            lock(&self.failure).get_or_insert(failure);
            self.order.stop();
        }
    }

    fn process_blocks(&self) -> Result<(), Failure> {
        let mut buffer = Vec::new();
        let mut found = Found::default();
        let mut reported = Reported::default();
        while !self.order.is_stopped() {
            let next = lock(&self.feed).next(&mut buffer);
            let Some(block) = next.map_err(|error| Failure::unreadable(self.reporter.input, &error))? else {
                break;
            };
            if block.cut {
                Scan::cut_line(buffer.len(), &mut found);
            } else {
                self.scan.block(&buffer, block.number == 0, &mut found);
            }
            if let Some(foreign) = found.foreign {
                return Err(foreign.failure(self.reporter.input));
            }
            self.order.counted(block.number, found.totals);
            lock(&self.summary).add(self.index, block.number, &mut found);
            if !found.events.is_empty() && !self.print(block, &buffer, &found, &mut reported)? {
                break;
            }
            self.order.done(block.number);
            self.advance(block.consumed);
        }
        lock(&self.summary).answers.merge(&reported.answers);
        Ok(())
    }

    /// Prints the findings of a block; `false` if another thread has failed.
    fn print(
        &self,
        block: Block,
        buffer: &[u8],
        found: &Found,
        reported: &mut Reported,
    ) -> Result<bool, Failure> {
        let Some(before) = self.order.before(block.number) else { return Ok(false) };
        let mut number = before.invalid;
        for event in &found.events {
            let line = before.lines + u64::from(event.line) + 1;
            if event.valid {
                self.reporter.valid(reported, event.of(buffer), line);
            } else {
                self.reporter.invalid(reported, event.of(buffer), block.cut, line, number);
                number += 1;
            }
            if reported.bytes.len() > GATHERED && !self.write(block, &mut reported.bytes)? {
                return Ok(false);
            }
        }
        self.write(block, &mut reported.bytes)
    }

    /// Writes the buffered output of a block when it is its turn.
    fn write(&self, block: Block, printed: &mut Vec<u8>) -> Result<bool, Failure> {
        if !self.order.turn_of(block.number) {
            return Ok(false);
        }
        let written = lock(&self.sink).write(printed);
        printed.clear();
        written.map(|()| true)
    }

    fn advance(&self, bytes: u64) {
        if let Some(bar) = &lock(&self.sink).bar {
            bar.inc(bytes);
        }
    }
}

/// Locks a mutex, ignoring poisoning.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The destination of findings.
struct Sink {
    output: Output,
    stream: Stream,
    /// The start of the output, written together with the first finding, so that a check that fails early prints nothing.
    head: String,
    any: bool,
    bar: Option<ProgressBar>,
}

impl Sink {
    /// Writes findings, each of which starts with its separator.
    fn write(&mut self, findings: &[u8]) -> Result<(), Failure> {
        let first = !std::mem::replace(&mut self.any, true);
        let separator = match self.stream {
            Stream::Text => 0,
            // Keep the newline after the bracket.
            Stream::Json | Stream::Jsonl => 1,
        };
        let findings = if first { findings.get(separator..).unwrap_or_default() } else { findings };
        let head = if first { std::mem::take(&mut self.head) } else { String::new() };
        let output = &mut self.output;
        let mut write = || -> io::Result<()> {
            output.write_all(head.as_bytes())?;
            output.write_all(findings)
        };
        match &self.bar {
            Some(bar) => bar.suspend(write)?,
            None => write()?,
        }
        Ok(())
    }

    fn end(
        mut self,
        summary: &Summary,
        palette: &Palette,
        all: bool,
        report: &Report,
    ) -> Result<Output, Failure> {
        let any = self.any;
        self.output.write_all(self.head.as_bytes())?;
        match self.stream {
            Stream::Text => {
                self.output.write_all(summary.to_text(palette, all, report.profile).as_bytes())?;
            }
            Stream::Json => {
                // Continue the object that the head started after its list of findings.
                let mut rest = keys(report)?;
                rest.retain(|key, _| !HEAD.contains(&key.as_str()));
                let rest = serde_json::to_string(&rest)?;
                self.output.write_all(if any { b"\n]," } else { b"]," })?;
                self.output.write_all(rest.trim_start_matches('{').as_bytes())?;
                self.output.write_all(b"\n")?;
            }
            Stream::Jsonl => {
                if any {
                    self.output.write_all(b"\n")?;
                }
                // The report; its findings are the previous lines.
                serde_json::to_writer(&mut self.output, report)?;
                self.output.write_all(b"\n")?;
            }
        }
        Ok(self.output)
    }
}

/// The keys of a report that are written before its findings.
const HEAD: [&str; 6] = ["schema", "subject", "kind", "profile", "checked_at", "at"];

/// The report without results.
fn unanswered(names: &[String], context: &Context<'_>) -> Report {
    Report::unanswered(names.join(", "), SubjectKind::Names, context)
}

/// The keys of a report except for its findings, which are streamed.
fn keys(report: &Report) -> Result<Map<String, Value>, Failure> {
    let Value::Object(mut keys) = serde_json::to_value(report)? else { return Ok(Map::new()) };
    keys.shift_remove("findings");
    Ok(keys)
}

/// The start of the output.
fn head(stream: Stream, names: &[String], context: &Context<'_>) -> Result<String, Failure> {
    Ok(match stream {
        Stream::Json => {
            let mut head = keys(&unanswered(names, context))?;
            head.retain(|key, _| HEAD.contains(&key.as_str()));
            format!("{},\"findings\":[", serde_json::to_string(&head)?.trim_end_matches('}'))
        }
        Stream::Text | Stream::Jsonl => String::new(),
    })
}

/// A progress bar on a terminal, for large files.
fn progress_bar(input: &Opened) -> Option<ProgressBar> {
    let length = input.length.filter(|&length| length > LARGE)?;
    if !stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {eta} left") {
        bar.set_style(style);
    }
    // Findings on the same terminal are printed above the bar.
    if stdout().is_terminal() {
        bar.tick();
    }
    Some(bar)
}
