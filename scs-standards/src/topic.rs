//! Topics: what is declared once and asked for by several rules.

use crate::declaration::{Declared, DeclaredValue};
use crate::judgement::{Judgement, judge_named, not_in_force, whole};
use crate::placeholder::has_placeholder;
use crate::rule::Recorder;

/// What is declared under a name, in force at the date.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<'a> {
    /// Nothing.
    Not,
    /// Something that cannot be used, for this reason.
    Unusable(String),
    /// This.
    Is(&'a DeclaredValue),
}

/// What is declared of the whole cloud or cluster under the first of these names, rules or topics, that anything is declared
/// under.
///
/// ```
/// use scs_standards::{DocumentId, Fact, Heading, Level, Recorder, Rule, fact};
///
/// const POWER: Heading = Heading { documents: &[DocumentId::version(999, 1)], section: "Power" };
/// static RULE: Rule<()> = POWER.rule("scs-0999-feeds", Level::Must, "there are two power feeds", feeds);
///
/// fn feeds(_: &(), rec: &mut Recorder<'_, ()>) {
///     match fact(rec, &["power-feeds"]) {
///         Fact::Is(value) if value.number() >= Some(2.0) => {}
///         Fact::Is(value) => {
///             rec.fail("cloud", format!("{value} feeds are no redundancy"));
///         }
///         Fact::Unusable(reason) => {
///             rec.dnf("cloud", reason);
///         }
///         Fact::Not => {
///             rec.miss("cloud", "how many power feeds there are is not declared");
///         }
///     }
/// }
/// # let _ = &RULE;
/// ```
#[must_use]
pub fn fact<'a, S>(rec: &Recorder<'a, S>, names: &[&str]) -> Fact<'a> {
    let context = rec.context();
    let whole = whole(rec.rule().document());
    for name in names {
        match context.declarations.about(name, whole, context.date()) {
            Declared::Nothing => {}
            Declared::NotInForce(declaration) => return Fact::Unusable(not_in_force(declaration, "")),
            Declared::Unusable(reason) => return Fact::Unusable(reason.to_owned()),
            // What is still to be filled in answers no rule.
            Declared::InForce(declaration) if has_placeholder(&declaration.value) => {
                return Fact::Unusable(format!("{declaration}, which is still to be filled in"));
            }
            Declared::InForce(declaration) => return Fact::Is(&declaration.value),
        }
    }
    Fact::Not
}

/// The declared value; where there is none, a finding says what to declare. `names` are those that [`fact`] looks at, and
/// `values` what it can be.
pub fn needed_fact<'a, S>(
    rec: &mut Recorder<'a, S>,
    names: &[&str],
    values: &str,
) -> Option<&'a DeclaredValue> {
    let whole = whole(rec.rule().document());
    let name = names.first().copied().unwrap_or_default();
    match fact(rec, names) {
        Fact::Is(value) => Some(value),
        Fact::Unusable(reason) => {
            let message = format!("what is said under `{name}` cannot be used: {reason}; declare {values}");
            rec.dnf(whole, message);
            None
        }
        Fact::Not => {
            // In these words the rule's own question is open; another one is open elsewhere.
            let rule = rec.rule();
            let own = rule.question.is_some_and(|question| question.topic.unwrap_or(rule.id) == name);
            let open = if own { "not declared" } else { "it depends on what is not said" };
            rec.miss(whole, format!("{open}: {values}; declare it under `{name}`"));
            None
        }
    }
}

/// Whether anything is declared under the rule's id or the topic that it asks about.
#[must_use]
pub fn is_spoken_of<S>(rec: &Recorder<'_, S>) -> bool {
    let declarations = rec.context().declarations;
    let rule = rec.rule();
    let topic = rule.question.and_then(|question| question.topic);
    declarations.speak_of_rule(rule.id) || topic.is_some_and(|topic| declarations.speak_of_rule(topic))
}

/// Judges what is declared of the whole cloud or cluster under the rule's id or, where nothing is, under the topic that it asks
/// about. What holds of [`judge`](crate::judge()) holds here.
pub fn judge_topic<S>(rec: &mut Recorder<'_, S>, judgement: impl Fn(&DeclaredValue) -> Judgement) {
    let rule = rec.rule();
    let topic = rule.question.and_then(|question| question.topic);
    let topic = topic.filter(|_| !rec.context().declarations.speak_of_rule(rule.id));
    judge_whole(rec, topic.unwrap_or(rule.id), judgement);
}

/// The same for a rule whose question another topic answers as well.
pub fn judge_or_topic<S>(
    rec: &mut Recorder<'_, S>,
    topic: &str,
    judgement: impl Fn(&DeclaredValue) -> Judgement,
) {
    let declarations = rec.context().declarations;
    let own = rec.rule().id;
    let by_topic = !declarations.speak_of_rule(own) && declarations.speak_of_rule(topic);
    judge_whole(rec, if by_topic { topic } else { own }, judgement);
}

fn judge_whole<S>(rec: &mut Recorder<'_, S>, name: &str, judgement: impl Fn(&DeclaredValue) -> Judgement) {
    let whole = whole(rec.rule().document());
    judge_named(rec, name, [whole], |_, declaration| judgement(&declaration.value));
}
