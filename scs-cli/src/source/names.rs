//! Names as commands are given them: as arguments, from standard input, from a file.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use scs_standards::written::is_tricky;

use crate::app::diagnostic::Place;
use crate::app::failure::Failure;
use crate::app::input::{Lines, Source};

/// A name as given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// Its bytes, which need not be text.
    pub(crate) bytes: &'a [u8],
    /// Whether the rest of an overlong line was left out.
    pub(crate) cut: bool,
    /// Where it stands, unless on the command line.
    pub(crate) place: Option<Place<'a>>,
}

/// Hands over the names of the arguments, where `-` stands for standard input, then those of a file, each as soon as it
/// is read.
///
/// # Errors
///
/// Where an input cannot be read, where there is no name at all, and what the receiver returns.
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
    if any { Ok(()) } else { Err(no_names(&input)) }
}

/// A line of what the client prints for people or for spreadsheets: no name, though no name that breaks the standard either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    Table,
    Csv,
    Markup,
}

impl Foreign {
    /// What a line shows of the kind of its file.
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
        // Values of a row that begins with a quoted one.
        let is_row = || line.starts_with(b"\"") && memchr::memmem::find(line, b"\",").is_some();
        (is_quoted || is_row() || is_head()).then_some(Self::Csv)
    }

    /// Whether a name of the standard stands behind something else on a line, as in a column of its own: behind what separates
    /// columns, or behind nothing but blanks and characters that nobody sees.
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

    /// Why the input is not read.
    pub(crate) fn failure(self, input: &str) -> Failure {
        let what = match self {
            Self::Table => "a table for people",
            Self::Csv => "comma-separated values",
            Self::Markup => "a page of HTML or XML, as a service prints it that refuses",
        };
        Failure::new(format!("{input} is not a list of names: it is {what}")).hint(RIGHT)
    }
}

/// The commands that print what is read.
const RIGHT: &str = "`openstack flavor list --long -f json` prints flavors with all that can be checked, \
     `openstack flavor list -f value -c Name` their names alone";

/// An input in which names stand in columns behind others.
pub(crate) fn names_elsewhere(input: &str) -> Failure {
    Failure::new(format!(
        "{input} is not a list of names: they do not stand at the beginning of its lines, but behind blanks or something else"
    ))
        .hint(RIGHT)
}

/// An input without a single name, which more likely is a mistake than a cloud without flavors.
pub(crate) fn no_names(input: &str) -> Failure {
    Failure::new(format!("{input} is empty: there is no flavor name in it"))
        .hint("names are read one per line, as `openstack flavor list -f value -c Name` prints them")
}

/// Whether the arguments are one name and nothing else, for which JSON is an object and not a list.
pub(crate) fn is_single(arguments: &[String], file: Option<&PathBuf>) -> bool {
    file.is_none() && matches!(arguments, [only] if only != "-")
}
