//! The fast path: runs over a block of lines, counts, and remembers where something is to be said.

use memchr::memchr;
use scs_flavor_naming::{Dialect, Parsed, Parser, Remark, Remarks, Syntax};
use scs_standards::Profile;

use crate::input::{content, is_blank};

/// How many examples of a remark are kept.
pub(super) const EXAMPLES: usize = 3;

/// How many lines are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) lines: u64,
    pub(super) valid: u64,
    pub(super) invalid: u64,
    pub(super) not_scs: u64,
    pub(super) empty: u64,
}

impl Totals {
    /// Adds those of another part.
    pub(super) const fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.valid += other.valid;
        self.invalid += other.invalid;
        self.not_scs += other.not_scs;
        self.empty += other.empty;
    }
}

/// Something to say about a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// The line in the block, from 0.
    pub(super) line: u32,
    /// The line's content in the block.
    start: u32,
    end: u32,
    /// About a valid name; empty for an invalid one.
    pub(super) remarks: Remarks,
}

impl Event {
    /// The line's content.
    pub(super) fn of<'a>(&self, block: &'a [u8]) -> &'a [u8] {
        block.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A name for a remark, by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Example {
    /// The line in the block, from 0.
    pub(super) line: u32,
    pub(super) name: Box<[u8]>,
}

/// What a scan yields. Used again for block after block.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) totals: Totals,
    /// In the order of the lines.
    pub(super) events: Vec<Event>,
    /// How often each remark was made.
    pub(super) remarks: [u64; Remark::ALL.len()],
    /// The first names of each remark.
    pub(super) examples: [Vec<Example>; Remark::ALL.len()],
}

impl Found {
    fn clear(&mut self) {
        self.totals = Totals::default();
        self.events.clear();
        self.remarks = Default::default();
        self.examples.iter_mut().for_each(Vec::clear);
    }
}

/// Scans blocks by a parser.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    pub(super) parser: Parser,
    pub(super) profile: Profile,
    /// Whether remarks are events, too, and not only counted.
    pub(super) remarks_are_events: bool,
}

/// The newest version, which takes nearly all names, as constants: the compiler then makes a parser of its own for each.
const TEXT: Dialect = Dialect::of(Syntax::V3, Profile::Text);
const OFFICIAL: Dialect = Dialect::of(Syntax::V3, Profile::Official);

impl Scan {
    /// Scans a block of whole lines.
    pub(super) fn block(&self, block: &[u8], is_first: bool, found: &mut Found) {
        found.clear();
        let (mut valid, mut lines) = (0u64, 0u32);
        let mut start = 0;
        while start < block.len() {
            let rest = &block[start..];
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &rest[..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let parsed = match self.profile {
                Profile::Text => TEXT.accept(line),
                Profile::Official => OFFICIAL.accept(line),
            };
            match parsed.or_else(|| self.accept_older(line)) {
                Some(parsed) => {
                    valid += 1;
                    let remarks = Remarks::about(line, &parsed, self.profile);
                    if !remarks.is_empty() {
                        self.remark(Event::at(lines, start, line.len(), remarks), block, found);
                    }
                }
                None => self.reject(Event::at(lines, start, line.len(), Remarks::default()), block, is_first, found),
            }
            start += end + 1;
            lines += 1;
        }
        found.totals.lines = u64::from(lines);
        found.totals.valid += valid;
    }

    /// Takes the beginning of an endless line for an invalid name.
    pub(super) fn cut_line(length: usize, found: &mut Found) {
        found.clear();
        found.totals = Totals { lines: 1, invalid: 1, ..Totals::default() };
        found.events.push(Event::at(0, 0, length, Remarks::default()));
    }

    /// What the newest version does not take.
    #[cold]
    fn accept_older(&self, line: &[u8]) -> Option<Parsed> {
        self.parser.accept(line)
    }

    fn remark(&self, event: Event, block: &[u8], found: &mut Found) {
        for remark in event.remarks.iter() {
            let index = remark as usize;
            found.remarks[index] += 1;
            if found.examples[index].len() < EXAMPLES {
                found.examples[index].push(Example { line: event.line, name: event.of(block).into() });
            }
        }
        if self.remarks_are_events {
            found.events.push(event);
        }
    }

    /// A line that is no name of the standard: empty, another name, or an invalid one.
    #[cold]
    fn reject(&self, event: Event, block: &[u8], is_first: bool, found: &mut Found) {
        let line = event.of(block);
        if is_first && event.line == 0 {
            let content = content(line, true);
            if content.len() < line.len() {
                let start = (line.len() - content.len()) as u32;
                let event = Event { start: event.start + start, ..event };
                return match self.parser.accept(content) {
                    Some(parsed) => {
                        found.totals.valid += 1;
                        let remarks = Remarks::about(content, &parsed, self.profile);
                        if !remarks.is_empty() {
                            self.remark(Event { remarks, ..event }, block, found);
                        }
                    }
                    None => self.reject(event, block, false, found),
                };
            }
        }
        if is_blank(line) {
            found.totals.empty += 1;
        } else if !line.starts_with(b"SCS-") && std::str::from_utf8(line).is_ok() {
            found.totals.not_scs += 1;
        } else {
            found.totals.invalid += 1;
            found.events.push(event);
        }
    }
}

impl Event {
    /// Blocks are far shorter than 4 GiB.
    #[inline]
    const fn at(line: u32, start: usize, length: usize, remarks: Remarks) -> Self {
        Self { line, start: start as u32, end: (start + length) as u32, remarks }
    }
}
