//! The positions of images.

use std::fmt;

/// The position of an entry in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImagePlace {
    /// The position in the list, counted from 1.
    pub number: usize,
    /// The line on which it begins, counted from 1, if known.
    pub line: Option<usize>,
    /// The index of its definition in `ImageList::definitions`.
    pub(super) definition: Option<u32>,
    /// Whether its properties are in a nested object.
    pub(crate) nested: bool,
}

impl ImagePlace {
    /// The position of an entry whose line is unknown.
    pub(super) const fn numbered(number: usize) -> Self {
        Self { number, line: None, definition: None, nested: false }
    }

    /// The index of its definition in `ImageList::definitions`.
    pub(crate) fn definition(self) -> Option<usize> {
        self.definition.and_then(|at| usize::try_from(at).ok())
    }
}

impl fmt::Display for ImagePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "image {}", self.number)?;
        self.line.map_or(Ok(()), |line| write!(f, " (line {line})"))
    }
}
