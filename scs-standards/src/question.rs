//! Questions to the provider, which rules ask and declarations answer.

/// A question to the provider about a fact that no API shows.
///
/// ```
/// use scs_standards::{DocumentId, Heading, Judgment, Level, Question, Recorder, Rule, judge};
///
/// const POWER: Heading = Heading { documents: &[DocumentId::version(999, 1)], section: "Power" };
/// static RULES: &[Rule<()>] = &[POWER
///     .rule("scs-0999-feeds", Level::Must, "there are two power feeds", feeds)
///     .asking("how many power feeds there are", "2")];
///
/// fn feeds(_: &(), rec: &mut Recorder<'_, ()>) {
///     judge(rec, ["cloud"], |_, value| match value.number() {
///         Some(feeds) if feeds >= 2.0 => Judgment::Satisfies,
///         Some(feeds) => Judgment::Breaks(format!("{feeds} feeds are not redundant")),
///         None => Judgment::Unusable,
///     });
/// }
/// assert_eq!(RULES[0].question, Some(Question::new("how many power feeds there are", "2")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The topic, if several rules share the question; otherwise the declaration names the rule itself.
    pub topic: Option<&'static str>,
    /// A description of the accepted values.
    pub values: &'static str,
    /// A value that satisfies the rule, in YAML on one line.
    pub example: &'static str,
}

impl Question {
    /// A question whose answer is declared under the rule's own id.
    #[must_use]
    pub const fn new(values: &'static str, example: &'static str) -> Self {
        Self { topic: None, values, example }
    }
}
