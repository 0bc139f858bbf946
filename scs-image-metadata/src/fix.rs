//! Fixes for images.

use scs_standards::Change;

/// A fix for an image, independent of the tool that manages it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Repair {
    /// Unknown.
    #[default]
    None,
    /// Changes that make no unknown claims.
    Safe(Vec<Change>),
    /// Several ways, each with the answer to the question.
    Choose(String, Vec<(String, Vec<Change>)>),
    /// A sentence for manual work.
    Advice(String),
}

impl Repair {
    /// Safe changes; `None` if there are no changes.
    pub(crate) fn safe(changes: Vec<Change>) -> Self {
        if changes.is_empty() { Self::None } else { Self::Safe(changes) }
    }

    /// A change of one property, after confirmation.
    pub(crate) fn if_meant(question: impl Into<String>, when: &str, change: Change) -> Self {
        Self::Choose(question.into(), vec![(when.to_owned(), vec![change])])
    }

    /// This fix, or else another one.
    pub(crate) fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self == Self::None { other() } else { self }
    }
}
