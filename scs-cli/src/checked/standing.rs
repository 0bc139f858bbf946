//! Findings by what they mean for a certificate: what blocks it, what breaks a standard all the same, what is advice.

use scs_registry::Standing;
use scs_standards::{Answer, Finding};

/// A finding as it is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) finding: &'a Finding,
    /// What it means for a certificate; none where no certificate is in question.
    pub(crate) standing: Option<Standing>,
}

impl<'a> Told<'a> {
    /// A finding that decides about a certificate, or not.
    pub(crate) fn decided(finding: &'a Finding, decides: bool) -> Self {
        Self { finding, standing: Some(Standing::of(finding, decides)) }
    }

    /// Findings of which no certificate depends.
    pub(crate) fn all(answers: &'a [Answer]) -> Vec<Self> {
        answers
            .iter()
            .flat_map(|answer| &answer.findings)
            .map(|finding| Self { finding, standing: None })
            .collect()
    }
}

/// The blocks in which findings are told, the weightiest first; one where no certificate is in question.
pub(super) const BLOCKS: [Option<Standing>; 5] =
    [None, Some(Standing::Blocks), Some(Standing::Violates), Some(Standing::Open), Some(Standing::Advice)];

/// The heading of a block.
pub(crate) const fn heading(standing: Standing) -> &'static str {
    match standing {
        Standing::Blocks => "Blocks the certificate",
        Standing::Violates => "Violates a standard, does not block the certificate",
        Standing::Open => "Not answered, does not block the certificate",
        Standing::Advice => "Advice",
    }
}
