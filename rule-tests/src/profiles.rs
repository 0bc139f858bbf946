//! Verdicts of both profiles for one subject.

use scs_standards::{Answer, Context, Declarations, Profile, Rule, Verdict};

use crate::AT;

/// The answer of a rule about a subject, without declarations.
///
/// # Panics
///
/// If there is no such rule.
pub fn answer<S: 'static>(
    rules: impl IntoIterator<Item = &'static Rule<S>>,
    rule: &str,
    subject: &S,
    profile: Profile,
) -> Answer {
    let declarations = Declarations::default();
    let context = Context { at: AT.parse().expect("a time"), profile, declarations: &declarations };
    let known = rules.into_iter().find(|known| known.id == rule);
    known.unwrap_or_else(|| panic!("there is no rule {rule}")).answer(subject, &context)
}

/// Asserts the verdicts of both profiles, and that the difference is mentioned exactly where they differ.
///
/// # Panics
///
/// If not.
#[track_caller]
pub fn differ(
    key: &str,
    rule: &str,
    answer: impl Fn(&str, Profile) -> Answer,
    text: Verdict,
    official: Verdict,
) {
    for (profile, expected, other) in [(Profile::Text, text, official), (Profile::Official, official, text)] {
        let answer = answer(rule, profile);
        assert_eq!(answer.verdict, expected, "{key}, {rule}, {profile}: {:#?}", answer.findings);
        let told = answer.findings.iter().filter_map(|finding| finding.other_profile.as_ref());
        let told: Vec<_> = told.map(|it| (it.result, &*it.difference)).collect();
        assert_eq!(told.contains(&(other, key)), expected != other, "{key}, {rule}, {profile}: {told:?}");
    }
}
