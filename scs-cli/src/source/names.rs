//! Flavor names from arguments, standard input or a file.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use scs_standards::written::is_tricky;

use crate::app::diagnostic::Place;
use crate::app::failure::Failure;
use crate::app::input::{Lines, Source};

/// A name as it was given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// Its bytes, which may be invalid UTF-8.
    pub(crate) bytes: &'a [u8],
    /// Whether the line was too long and was cut.
    pub(crate) cut: bool,
    /// Its location, unless it is an argument.
    pub(crate) place: Option<Place<'a>>,
}

/// Calls `receive` with the names from the arguments, where `-` means standard input, then those from a file, each as soon as
/// it is read.
///
/// # Errors
///
/// If an input cannot be read, if there are no names, and if the receiver fails.
pub(crate) fn for_each(
    arguments: &[String],
    file: Option<&Path>,
    mut receiver: impl FnMut(Given<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for argument in arguments {
        if argument == "-" {
            for_each_line(&Source::StandardInput, &mut receiver)?;
        } else {
            receiver(Given { bytes: argument.as_bytes(), cut: false, place: None })?;
        }
    }
    match file {
        Some(path) => for_each_line(&Source::from(path), &mut receiver),
        None => Ok(()),
    }
}

fn for_each_line(
    source: &Source,
    receiver: &mut impl FnMut(Given<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let opened = source.open()?;
    let input = opened.name;
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, opened.reader));
    let mut any = false;
    while let Some(line) = lines.next_filled().map_err(|error| Failure::unreadable(&input, &error))? {
        any = true;
        if let Some(foreign) = Foreign::of(line.bytes) {
            return Err(foreign.failure(&input));
        }
        let place = Place { input: &input, line: line.number };
        receiver(Given { bytes: line.bytes, cut: line.cut, place: Some(place) })?;
    }
    if any { Ok(()) } else { Err(empty_list(&input)) }
}

/// A kind of file that is not a list of names, recognized by a line that is neither a valid nor an invalid name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    Table,
    Csv,
    Markup,
}

impl Foreign {
    /// Recognizes the kind of file by a line.
    pub(crate) fn of(line: &[u8]) -> Option<Self> {
        let line = line.trim_ascii();
        let is_rule = line.len() > 2
            && line.starts_with(b"+")
            && line.ends_with(b"+")
            && line.iter().all(|byte| matches!(byte, b'+' | b'-' | b'='));
        if is_rule || line.len() > 1 && line.starts_with(b"|") && line.ends_with(b"|") {
            return Some(Self::Table);
        }
        if line.len() > 2 && line.starts_with(b"<") && line.ends_with(b">") {
            return Some(Self::Markup);
        }
        let is_quoted = line.len() > 1 && line.starts_with(b"\"") && line.ends_with(b"\"");
        let is_head = || {
            let mut columns = line.split(|byte| matches!(byte, b',' | b';'));
            columns.clone().count() > 1
                && columns.any(|column| matches!(column.trim_ascii(), b"Name" | b"ID" | b"name" | b"id"))
        };
        // A row of values with a quoted value first.
        let is_row = || line.starts_with(b"\"") && memchr::memmem::find(line, b"\",").is_some();
        (is_quoted || is_row() || is_head()).then_some(Self::Csv)
    }

    /// Whether an SCS name follows something else on the line, as in a later column: after a column separator, or after only
    /// blanks and invisible characters.
    pub(crate) fn holds_a_name(line: &[u8]) -> bool {
        let Some(before) = memchr::memmem::find(line, b"SCS-").and_then(|at| line.get(..at)) else {
            return false;
        };
        let is_separated = before
            .last()
            .is_some_and(|byte| matches!(byte, b',' | b';' | b'|' | b'"' | b'\'' | b'\t' | b' '));
        let is_unseen = |text: &str| text.chars().all(|letter| letter.is_whitespace() || is_tricky(letter));
        is_separated || !before.is_empty() && std::str::from_utf8(before).is_ok_and(is_unseen)
    }

    /// The error for such an input.
    pub(crate) fn failure(self, input: &str) -> Failure {
        let what = match self {
            Self::Table => "a table for people",
            Self::Csv => "comma-separated values",
            Self::Markup => "an HTML or XML page, such as an error page of a service",
        };
        Failure::new(format!("{input} is not a list of names: it is {what}")).hint(RIGHT)
    }
}

/// The commands that print the expected input.
const RIGHT: &str = "`openstack flavor list --long -f json` prints flavors with all data, \
     `openstack flavor list -f value -c Name` only their names";

/// The error for an input with names in a later column.
pub(crate) fn names_elsewhere(input: &str) -> Failure {
    Failure::new(format!("{input} is not a list of names: the names are not at the start of its lines"))
        .hint(RIGHT)
}

/// The error for an input without names, which is more likely a mistake than a cloud without flavors.
pub(crate) fn empty_list(input: &str) -> Failure {
    Failure::new(format!("{input} is empty: expected flavor names"))
        .hint("expected one name per line, as printed by `openstack flavor list -f value -c Name`")
}

/// Whether the only argument is a name, for which JSON is an object instead of a list.
pub(crate) fn is_single(arguments: &[String], file: Option<&PathBuf>) -> bool {
    file.is_none() && matches!(arguments, [only] if only != "-")
}
