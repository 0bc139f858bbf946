//! Topics: facts that are declared once and used by several rules.

use jiff::civil::Date;

use crate::declaration::{Declarations, Declared, DeclaredValue};
use crate::judgment::{Judgment, contradictory, judge_named, not_in_force, whole};
use crate::placeholder::has_placeholder;
use crate::rule::Recorder;

/// The declaration under a name that is valid on the date.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<'a> {
    /// Not declared.
    Undeclared,
    /// Declared but unusable, with the reason.
    Unusable(String),
    /// A declared value.
    Declared(&'a DeclaredValue),
}

impl<'a> Fact<'a> {
    /// Looks up the declaration of a subject under a name.
    #[must_use]
    pub fn of(declarations: &'a Declarations, name: &str, subject: &str, date: Date) -> Self {
        match declarations.about(name, subject, date) {
            Declared::Nothing => Self::Undeclared,
            Declared::NotInForce(declaration) => Self::Unusable(not_in_force(declaration, "")),
            Declared::Contradictory(one, other) => Self::Unusable(contradictory(one, other, "")),
            Declared::Unusable(reason) => Self::Unusable(reason.to_owned()),
            // A placeholder does not answer any rule.
            Declared::InForce(declaration) if has_placeholder(&declaration.value) => {
                Self::Unusable(format!("{declaration}, which is still a placeholder"))
            }
            Declared::InForce(declaration) => Self::Declared(&declaration.value),
        }
    }
}

/// The declaration for the whole cloud or cluster under the first of these names, rules or topics, that has
/// any.
///
/// ```
/// use scs_standards::{DocumentId, Fact, Heading, Level, Recorder, Rule, fact};
///
/// const POWER: Heading = Heading { documents: &[DocumentId::version(999, 1)], section: "Power" };
/// static RULE: Rule<()> = POWER.rule("scs-0999-feeds", Level::Must, "there are two power feeds", feeds);
///
/// fn feeds(_: &(), rec: &mut Recorder<'_, ()>) {
///     match fact(rec, &["power-feeds"]) {
///         Fact::Declared(value) if value.number() >= Some(2.0) => {}
///         Fact::Declared(value) => {
///             rec.fail("cloud", format!("{value} feeds are not redundant"));
///         }
///         Fact::Unusable(reason) => {
///             rec.dnf("cloud", reason);
///         }
///         Fact::Undeclared => {
///             rec.miss("cloud", "the number of power feeds is not declared");
///         }
///     }
/// }
/// # let _ = &RULE;
/// ```
#[must_use]
pub fn fact<'a, S>(rec: &Recorder<'a, S>, names: &[&str]) -> Fact<'a> {
    let context = rec.context();
    let whole = whole(rec.rule().document());
    let of = |name: &&str| Fact::of(context.declarations, name, whole, context.date());
    names.iter().map(of).find(|fact| *fact != Fact::Undeclared).unwrap_or(Fact::Undeclared)
}

/// Returns the declared value, or records a finding that explains what to declare. `names` are those passed to [`fact`], and
/// `values` describes the accepted values.
pub fn needed_fact<'a, S>(
    rec: &mut Recorder<'a, S>,
    names: &[&str],
    values: &str,
) -> Option<&'a DeclaredValue> {
    let whole = whole(rec.rule().document());
    let name = names.first().copied().unwrap_or_default();
    match fact(rec, names) {
        Fact::Declared(value) => Some(value),
        Fact::Unusable(reason) => {
            let message =
                format!("the declaration under `{name}` cannot be used: {reason}; declare {values}");
            rec.dnf(whole, message);
            None
        }
        Fact::Undeclared => {
            // If the question belongs to another rule, that rule asks it.
            let rule = rec.rule();
            let own = rule.question.is_some_and(|question| question.topic.unwrap_or(rule.id) == name);
            let reason = if own { "" } else { "depends on an undeclared fact: " };
            let entry = rec.miss(whole, format!("{reason}declare {values} under `{name}`"));
            if own {
                entry.undeclared();
            }
            None
        }
    }
}

/// Whether there is any declaration under the rule's id or its topic.
#[must_use]
pub fn is_declared<S>(rec: &Recorder<'_, S>) -> bool {
    let declarations = rec.context().declarations;
    let rule = rec.rule();
    let topic = rule.question.and_then(|question| question.topic);
    declarations.has_entry_for(rule.id) || topic.is_some_and(|topic| declarations.has_entry_for(topic))
}

/// Judges the declaration about the whole cloud or cluster under the rule's id or, if there is none, under its topic.
/// Otherwise like [`judge`](crate::judge()).
pub fn judge_topic<S>(rec: &mut Recorder<'_, S>, judgment: impl Fn(&DeclaredValue) -> Judgment) {
    let rule = rec.rule();
    let topic = rule.question.and_then(|question| question.topic);
    let topic = topic.filter(|_| !rec.context().declarations.has_entry_for(rule.id));
    judge_whole(rec, topic.unwrap_or(rule.id), judgment);
}

/// Like [`judge_topic`], but only under this name, if the rule's id stands for a different question: an answer to another
/// version's question does not answer this one.
pub fn judge_under<S>(rec: &mut Recorder<'_, S>, name: &str, judgment: impl Fn(&DeclaredValue) -> Judgment) {
    judge_whole(rec, name, judgment);
}

/// Like [`judge_topic`], for a rule whose question can also be answered under another topic.
pub fn judge_or_topic<S>(
    rec: &mut Recorder<'_, S>,
    topic: &str,
    judgment: impl Fn(&DeclaredValue) -> Judgment,
) {
    let declarations = rec.context().declarations;
    let own = rec.rule().id;
    let by_topic = !declarations.has_entry_for(own) && declarations.has_entry_for(topic);
    judge_whole(rec, if by_topic { topic } else { own }, judgment);
}

fn judge_whole<S>(rec: &mut Recorder<'_, S>, name: &str, judgment: impl Fn(&DeclaredValue) -> Judgment) {
    let whole = whole(rec.rule().document());
    judge_named(rec, name, [whole], |_, declaration| judgment(&declaration.value));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Declaration, DocumentId, Heading, Level, Profile, Recorder, Rule, Verdict};

    /// The subject of the rules, which they ignore.
    type Site = String;

    const POWER: Heading = Heading { documents: &[DocumentId::version(999, 1)], section: "Power" };
    const FEEDS: &str = "power-feeds";

    static ASKING: Rule<Site> = POWER
        .case("scs-0999-feeds", Level::Must, "there are power feeds", judged)
        .asking_about(FEEDS, "how many", "2");
    static ANSWERED: Rule<Site> =
        POWER.rule("scs-0999-other", Level::Must, "there are others", or_judged).asking("how many", "2");
    static NEEDING: Rule<Site> = POWER.rule("scs-0999-needing", Level::Must, "it rests on them", needing);

    // Satisfied with any value.
    fn judged(_: &Site, rec: &mut Recorder<'_, Site>) {
        judge_topic(rec, |_| Judgment::Satisfies);
    }

    fn or_judged(_: &Site, rec: &mut Recorder<'_, Site>) {
        judge_or_topic(rec, FEEDS, |_| Judgment::Satisfies);
    }

    fn needing(_: &Site, rec: &mut Recorder<'_, Site>) {
        needed_fact(rec, &[FEEDS], "how many power feeds there are");
    }

    fn verdicts(declared: &[(&str, &str, &str)]) -> [Verdict; 3] {
        let declaration = |(rule, value, date): &(&str, &str, &str)| Declaration {
            rule: (*rule).to_owned(),
            value: DeclaredValue::Text((*value).to_owned()),
            subjects: Vec::new(),
            statement: None,
            document: None,
            date: date.parse().unwrap(),
            valid_until: "2026-12-31".parse().unwrap(),
            responsible: None,
        };
        let declarations: Declarations = declared.iter().map(declaration).collect();
        let at = "2026-11-24T00:00:00Z".parse().unwrap();
        let context = Context { at, profile: Profile::Text, declarations: &declarations };
        [&ASKING, &ANSWERED, &NEEDING].map(|rule| rule.answer(&Site::new(), &context).verdict)
    }

    #[test]
    fn topics_are_judged_like_rules() {
        use Verdict::{Dnf, Miss, Pass};

        assert_eq!(verdicts(&[]), [Miss, Miss, Miss]);
        assert_eq!(verdicts(&[(FEEDS, "two", "2026-11-01")]), [Pass, Pass, Pass]);
        // A placeholder.
        assert_eq!(verdicts(&[(FEEDS, "TODO", "2026-11-01")]), [Dnf, Dnf, Dnf]);
        // Not valid yet.
        assert_eq!(verdicts(&[(FEEDS, "two", "2026-11-25")]), [Dnf, Dnf, Dnf]);
        // A manual check is repeated every quarter; the other rules have no test case.
        assert_eq!(verdicts(&[(FEEDS, "two", "2026-08-01")]), [Dnf, Pass, Pass]);
        // The rule's own declaration takes precedence.
        let own = [("scs-0999-feeds", "TODO", "2026-11-01"), (FEEDS, "two", "2026-11-01")];
        assert_eq!(verdicts(&own), [Dnf, Pass, Pass]);
    }
}
