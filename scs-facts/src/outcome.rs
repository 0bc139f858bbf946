//! What an update came to.

use jiff::Timestamp;
use thiserror::Error;

use crate::error::RequestError;
use crate::fact::{Fact, Key};
use crate::metadata::Metadata;
use crate::plausible::Basis;
use crate::store::{BrokenFact, StoreError, Stored};
use crate::summary::Summary;

/// The outcome for one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The fact.
    pub key: Key,
    /// What happened.
    pub change: Change,
    /// The metadata of the fact that is now in the directory; `None` if there is none.
    pub metadata: Option<Metadata>,
    /// What else is worth knowing, such as a source that did not answer.
    pub notices: Vec<String>,
}

/// A change of a stored fact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// There is a new edition.
    Updated,
    /// The known edition is still the current one; its date is renewed.
    Unchanged,
    /// The known edition was kept, for this reason.
    Kept(Reason),
}

/// The reason why a fact was not replaced.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Reason {
    /// A source did not provide it.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The fact's own reader rejects the new edition.
    #[error("not usable: {0}")]
    Unusable(String),
    /// The new edition is much shorter than the known one.
    #[error("much shorter than what is known: {}, instead of {}", new.entries, known.entries)]
    Shorter {
        /// The new edition.
        new: Summary,
        /// The known one.
        known: Summary,
    },
    /// The new edition is older than the known one.
    #[error("older than what is known: its newest entry is {}, instead of {}", new.newest, known.newest)]
    Older {
        /// The new edition.
        new: Summary,
        /// The known one.
        known: Summary,
    },
    /// The new edition has an entry that is dated after the time of the update.
    #[error("its newest entry, {}, is dated {published}, which is in the future", new.newest)]
    Future {
        /// The new edition.
        new: Summary,
        /// The date of its newest entry.
        published: Timestamp,
    },
    /// The new edition says something that cannot be, such as a branch far in the future.
    #[error("not plausible: {0}")]
    Implausible(String),
    /// The other directory does not have it.
    #[error("the directory does not have it")]
    Missing,
    /// The other directory has it, but it must not be used.
    #[error(transparent)]
    Broken(#[from] BrokenFact),
    /// It cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Outcome {
    /// Whether the fact could not be updated.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        matches!(self.change, Change::Kept(_))
    }
}

/// Checks a new edition for a time, and against the edition that is there: the known or else the embedded one.
pub(crate) fn plausible(
    fact: &Fact,
    new: &Summary,
    text: &str,
    known: Option<&Stored>,
    at: Timestamp,
) -> Result<(), Reason> {
    if let Some(published) = new.is_after(at) {
        return Err(Reason::Future { new: new.clone(), published });
    }
    let embedded = fact.embedded();
    match known.map(|known| &known.summary).or(embedded.as_ref()) {
        Some(known) => compared(new, Some(known))?,
        None => fact.first.map_or(Ok(()), |check| check(new, at)).map_err(Reason::Unusable)?,
    }
    (fact.check)(text, Basis { known, at }).map_err(Reason::Implausible)
}

/// Compares a new edition with the known one.
pub(crate) fn compared(new: &Summary, known: Option<&Summary>) -> Result<(), Reason> {
    let Some(known) = known else { return Ok(()) };
    let both = || (new.clone(), known.clone());
    if new.is_much_shorter_than(known) {
        let (new, known) = both();
        return Err(Reason::Shorter { new, known });
    }
    if new.is_older_than(known) {
        let (new, known) = both();
        return Err(Reason::Older { new, known });
    }
    Ok(())
}
