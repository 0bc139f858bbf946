//! The cell of a subject or a group in the table.

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

/// The cell for one or several subjects, of which the worst represents all. A subject without results is `None`.
pub(crate) fn summary<'e>(evaluations: impl IntoIterator<Item = Option<&'e Evaluation>>) -> String {
    let score = |evaluation: Option<&Evaluation>| match evaluation.map(|it| number(it.verdict)) {
        Some(Some(-1)) => 0,
        Some(None) => 1,
        None => 2,
        Some(Some(0)) => 3,
        Some(Some(_)) => 4,
    };
    let Some(Some(evaluation)) = evaluations.into_iter().min_by_key(|evaluation| score(*evaluation)) else {
        return "🛑 –".to_owned();
    };
    let color = match evaluation.verdict {
        Verdict::Fail => "🛑",
        Verdict::Miss => "🟧",
        Verdict::Dnf => "✅*",
        Verdict::Pass => "✅",
    };
    let color = match best_validity(evaluation) {
        _ if evaluation.verdict == Verdict::Fail => color,
        Validity::Warn => "🟧",
        Validity::Deprecated => "🛑",
        _ => color,
    };
    let passed = passed_text(evaluation);
    format!("{color} {}", if passed.is_empty() { "–" } else { &passed })
}
