//! Names as commands are given them: as arguments, from standard input, from a file.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use crate::diagnostic::Place;
use crate::failure::Failure;
use crate::input::{Lines, Source};

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
        let place = Place { input: &input, line: line.number };
        receiver(Given { bytes: line.bytes, cut: line.cut, place: Some(place) })?;
    }
    if any { Ok(()) } else { Err(no_names(&input)) }
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
