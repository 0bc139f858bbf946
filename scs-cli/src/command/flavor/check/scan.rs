//! The fast path: scans a block of lines, counts, and remembers the lines to report.

use memchr::memchr;
use scs_flavor_naming::{Dialect, Disk, Parsed, Parser, Remark, Remarks, Syntax};
use scs_standards::Profile;

use super::plain::Plain;
use super::rules::Note;
use crate::app::input::{content, is_blank};
use crate::source::names::Foreign;

/// The number of examples kept for each note.
pub(super) const EXAMPLES: usize = 3;

/// The number of lines of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) lines: u64,
    pub(super) valid: u64,
    pub(super) invalid: u64,
    pub(super) not_scs: u64,
    pub(super) empty: u64,
    /// Other names that have an SCS name in a later column.
    pub(super) elsewhere: u64,
}

impl Totals {
    /// Adds the counts of another part.
    pub(super) const fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.valid += other.valid;
        self.invalid += other.invalid;
        self.not_scs += other.not_scs;
        self.empty += other.empty;
        self.elsewhere += other.elsewhere;
    }
}

/// A line to report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// The index of the line in the block.
    pub(super) line: u32,
    /// The range of the line in the block, which is far shorter than 4 GiB.
    start: u32,
    end: u32,
    /// Whether the name is valid.
    pub(super) valid: bool,
}

impl Event {
    #[inline]
    const fn at(line: u32, start: usize, length: usize) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a block is at most one overlong line of 16 MiB")]
        let (start, end) = (start as u32, (start + length) as u32);
        Self { line, start, end, valid: false }
    }

    /// The content of the line.
    pub(super) fn of<'a>(&self, block: &'a [u8]) -> &'a [u8] {
        block.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// The location of a name for a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Example {
    /// The index of the line in the block.
    pub(super) line: u32,
    pub(super) name: Box<[u8]>,
}

/// The number of possible sets of remarks.
const SETS: usize = 1 << u8::BITS;

/// The result of a scan. Reused for the next blocks.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) totals: Totals,
    /// The other kind of file, if a line shows one.
    pub(super) foreign: Option<Foreign>,
    /// The lines to report, in order.
    pub(super) events: Vec<Event>,
    /// The number of names with each set of remarks: counting by set avoids unpredictable branches.
    sets: [u64; SETS],
    /// The number of names that the other profile rejects.
    differing: u64,
    /// The first names with each note.
    pub(super) examples: [Vec<Example>; Note::COUNT],
    /// The remarks with enough examples.
    enough: u8,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            totals: Totals::default(),
            foreign: None,
            events: Vec::new(),
            sets: [0; SETS],
            differing: 0,
            examples: Default::default(),
            enough: 0,
        }
    }
}

impl Found {
    fn clear(&mut self) {
        self.totals = Totals::default();
        self.foreign = None;
        self.events.clear();
        self.sets = [0; SETS];
        self.differing = 0;
        self.examples.iter_mut().for_each(Vec::clear);
        self.enough = 0;
    }

    /// The number of names with each note.
    pub(super) fn notes(&self) -> [u64; Note::COUNT] {
        let mut notes = [0; Note::COUNT];
        for (bits, count) in (0..=u8::MAX).zip(self.sets).filter(|(_, count)| *count > 0) {
            for remark in Remarks::from_bits(bits).iter() {
                notes[Note::Remark(remark).index()] += count;
            }
        }
        notes[Note::OtherProfile.index()] = self.differing;
        notes
    }
}

/// Scans blocks with the parser of a profile.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    profile: Profile,
    /// The automaton, for large inputs.
    plain: Option<Plain>,
    parser: Parser,
    other: Parser,
    /// Whether notes are reported and not only counted.
    notes_are_events: bool,
}

/// The newest version, which accepts nearly all names.
const TEXT: Dialect = Dialect::of(Syntax::V3, Profile::Text);
const OFFICIAL: Dialect = Dialect::of(Syntax::V3, Profile::Official);

impl Scan {
    pub(super) fn new(profile: Profile, notes_are_events: bool, is_large: bool) -> Self {
        let plain = if is_large { Plain::new() } else { None };
        Self {
            profile,
            plain,
            parser: Parser::new(profile),
            other: Parser::new(profile.other()),
            notes_are_events,
        }
    }

    /// Scans a block of whole lines.
    pub(super) fn block(&self, block: &[u8], is_first: bool, found: &mut Found) {
        found.clear();
        let (mut valid, mut lines) = (0u64, 0u32);
        let mut start = 0;
        while start < block.len() {
            let rest = &block[start..];
            let (length, plain) = match &self.plain {
                Some(plain) => plain.first_line(rest),
                None => (memchr(b'\n', rest).unwrap_or(rest.len()), None),
            };
            let line = &rest[..length];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let event = Event::at(lines, start, line.len());
            if let Some(remarks) = plain {
                valid += 1;
                self.count(event, remarks, false, block, found);
            } else if let Some(parsed) = self.newest(line) {
                valid += 1;
                self.accepted(event, line, &parsed, block, found);
            } else {
                self.not_newest(event, block, is_first, found);
            }
            start += length + 1;
            lines += 1;
        }
        found.totals.lines = u64::from(lines);
        found.totals.valid += valid;
    }

    #[inline]
    fn newest(&self, line: &[u8]) -> Option<Parsed> {
        match self.profile {
            Profile::Text => TEXT.accept(line),
            Profile::Official => OFFICIAL.accept(line),
        }
    }

    /// Reports the start of an overlong line as an invalid name.
    pub(super) fn cut_line(length: usize, found: &mut Found) {
        found.clear();
        found.totals = Totals { lines: 1, invalid: 1, ..Totals::default() };
        found.events.push(Event::at(0, 0, length));
    }

    #[inline]
    fn accepted(&self, event: Event, line: &[u8], parsed: &Parsed, block: &[u8], found: &mut Found) {
        let remarks = Remarks::about(line, parsed, self.profile);
        self.count(event, remarks, may_differ(parsed, remarks, self.profile), block, found);
    }

    #[inline]
    fn count(&self, event: Event, remarks: Remarks, may_differ: bool, block: &[u8], found: &mut Found) {
        found.sets[usize::from(remarks.bits())] += 1;
        let wanted = remarks.bits() & !found.enough != 0;
        if may_differ || wanted || self.notes_are_events && !remarks.is_empty() {
            self.look_closer(event, remarks, may_differ, block, found);
        }
    }

    fn look_closer(&self, event: Event, remarks: Remarks, may_differ: bool, block: &[u8], found: &mut Found) {
        let differs = may_differ && self.other.accept(event.of(block)).is_none();
        found.differing += u64::from(differs);
        for note in remarks.iter().map(Note::Remark).chain(differs.then_some(Note::OtherProfile)) {
            let examples = &mut found.examples[note.index()];
            if examples.len() < EXAMPLES {
                examples.push(Example { line: event.line, name: event.of(block).into() });
            } else if let Note::Remark(remark) = note {
                found.enough |= 1 << remark as u8;
            }
        }
        if self.notes_are_events && (differs || !remarks.is_empty()) {
            found.events.push(Event { valid: true, ..event });
        }
    }

    /// Handles a line that is not a name of the newest version: an older, empty, other or invalid one.
    #[cold]
    fn not_newest(&self, event: Event, block: &[u8], is_first: bool, found: &mut Found) {
        let line = event.of(block);
        let content = content(line, is_first && event.line == 0);
        let mark = line.len() - content.len();
        let event = Event::at(event.line, event.start as usize + mark, content.len());
        if let Some(parsed) = self.parser.accept(content) {
            found.totals.valid += 1;
            self.accepted(event, content, &parsed, block, found);
        } else if is_blank(content) {
            found.totals.empty += 1;
        } else if !content.starts_with(b"SCS-") && std::str::from_utf8(content).is_ok() {
            found.totals.not_scs += 1;
            found.foreign = found.foreign.or_else(|| Foreign::of(content));
            found.totals.elsewhere += u64::from(Foreign::holds_a_name(content));
        } else {
            found.totals.invalid += 1;
            found.events.push(event);
        }
    }
}

/// Whether the profiles may disagree about a name that one of them accepts. For most names the parts show that they do not:
/// they differ only on GPUs and on odd or old spellings, which have a remark.
#[inline]
fn may_differ(parsed: &Parsed, remarks: Remarks, profile: Profile) -> bool {
    let name = &parsed.name;
    let odd = [Remark::OldSyntax, Remark::GenerationZero, Remark::NotCanonical, Remark::UnknownGpuGeneration];
    name.gpu().is_some_and(|gpu| match profile {
        // The official parser reads `_ib` as part of a generation that nothing else terminates.
        Profile::Text => gpu.units().is_none() && name.infiniband(),
        Profile::Official => true,
    }) || name.disk().is_some_and(Disk::is_sizeless_multidisk)
        || !remarks.is_empty() && odd.into_iter().any(|remark| remarks.contains(remark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &[u8]) -> Found {
        let mut found = Found::default();
        Scan::new(Profile::Text, true, false).block(text, true, &mut found);
        found
    }

    #[test]
    fn kinds_of_lines_are_distinguished() {
        let found = found(b"\xEF\xBB\xBFSCS-2V-4\r\n\n \nm1.small\nSCS-2v-4\n\xFF\nSCS-2V:4:7\nSCS-4V-8");
        let totals = Totals { lines: 8, valid: 3, invalid: 2, not_scs: 1, empty: 2, elsewhere: 0 };
        assert_eq!(found.totals, totals);
        let events: Vec<_> = found.events.iter().map(|event| (event.line, event.valid)).collect();
        assert_eq!(events, [(4, false), (5, false), (6, true)]);
    }

    #[test]
    fn names_that_need_no_closer_look_are_judged_alike_by_both_profiles() {
        for name in [
            "SCS-2V-4",
            "SCS-2V-4-10n_kvm_hwv_i3h_ib",
            "SCS-1L-0.5u-3x10p_z",
            "SCS-2C-4-_r",
            "SCS-2C-4_a5hh",
            "SCS-16T-64-200s_GNa-72_ib",
        ] {
            for profile in Profile::ALL {
                if profile == Profile::Official && name.contains('G') {
                    continue;
                }
                let parsed = Parser::new(profile).parse(name).unwrap();
                assert!(
                    !may_differ(&parsed, Remarks::about(name.as_bytes(), &parsed, profile), profile),
                    "{name}"
                );
                assert!(Parser::new(profile.other()).parse(name).is_ok(), "{name}");
            }
        }
    }
}
