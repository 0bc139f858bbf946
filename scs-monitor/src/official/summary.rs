//! The cell of a subject or a group in the table.

use std::fmt;

use scs_certificates::{Evaluation, Validity};
use scs_standards::Verdict;

use super::number;

/// The mark behind a version that is not in effect.
const fn mark(validity: Validity) -> &'static str {
    match validity {
        Validity::Draft => "*",
        Validity::Warn => "†",
        Validity::Deprecated => "††",
        Validity::Effective => "",
    }
}

/// The validity of a version in an evaluation.
fn validity(evaluation: &Evaluation, version: &str) -> Validity {
    let outcome = evaluation.versions.iter().find(|(name, _)| name == version);
    outcome.map_or(Validity::Deprecated, |(_, outcome)| outcome.validity)
}

/// The mark of a version in an evaluation.
pub(crate) fn mark_of(evaluation: &Evaluation, version: &str) -> &'static str {
    mark(validity(evaluation, version))
}

/// The passed versions with their marks, such as `v5.1, v4†`.
pub(crate) fn passed_text(evaluation: &Evaluation) -> String {
    let marked = |version: &String| format!("{version}{}", mark_of(evaluation, version));
    evaluation.passed.iter().map(marked).collect::<Vec<_>>().join(", ")
}

/// The validity of the best passed version; deprecated if there is none.
pub(crate) fn best_validity(evaluation: &Evaluation) -> Validity {
    evaluation.best.as_deref().map_or(Validity::Deprecated, |best| validity(evaluation, best))
}

/// The color of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Light {
    /// Passed.
    Green,
    /// Passed, except for tests that did not finish.
    GreenWithStar,
    /// Results are missing, or the version is about to be deprecated.
    Orange,
    /// Failed, deprecated, or without results.
    Red,
}

impl Light {
    /// The symbol in the cell.
    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::Green => "✅",
            Self::GreenWithStar => "✅*",
            Self::Orange => "🟧",
            Self::Red => "🛑",
        }
    }

    /// The class of the symbol in style sheets.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Green => "passed",
            Self::GreenWithStar => "unfinished",
            Self::Orange => "attention",
            Self::Red => "failed",
        }
    }
}

/// The cell of a subject or a group: the color, and the passed versions with their marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) light: Light,
    /// The passed versions, such as `v5.1, v4†`; a dash if there are none.
    pub(crate) versions: String,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.light.symbol(), self.versions)
    }
}

/// The passed versions of a cell without any.
pub(crate) const NONE: &str = "–";

/// The cell for one or several subjects, of which the worst represents all. A subject without results is `None`.
pub(crate) fn summary<'e>(evaluations: impl IntoIterator<Item = Option<&'e Evaluation>>) -> Summary {
    let score = |evaluation: Option<&Evaluation>| match evaluation.map(|it| number(it.verdict)) {
        Some(Some(-1)) => 0,
        Some(None) => 1,
        None => 2,
        Some(Some(0)) => 3,
        Some(Some(_)) => 4,
    };
    let Some(Some(evaluation)) = evaluations.into_iter().min_by_key(|evaluation| score(*evaluation)) else {
        return Summary { light: Light::Red, versions: NONE.to_owned() };
    };
    let light = match (evaluation.verdict, best_validity(evaluation)) {
        (Verdict::Fail, _) | (_, Validity::Deprecated) => Light::Red,
        (_, Validity::Warn) | (Verdict::Miss, _) => Light::Orange,
        (Verdict::Dnf, _) => Light::GreenWithStar,
        (Verdict::Pass, _) => Light::Green,
    };
    let passed = passed_text(evaluation);
    Summary { light, versions: if passed.is_empty() { NONE.to_owned() } else { passed } }
}
