//! What is declared about things that several rules ask about.

use scs_standards::{CLOUD, Declared, DeclaredValue, Judgement, judge};

use super::Rec;

/// What is declared under a name, in force at the date.
pub(crate) enum Fact<'a> {
    /// Nothing.
    Not,
    /// Something that cannot be used, for this reason.
    Unusable(String),
    /// This.
    Is(&'a DeclaredValue),
}

/// What is declared under the first of these names, rules or topics, that anything is declared under.
pub(crate) fn fact<'a>(rec: &Rec<'a>, names: &[&str]) -> Fact<'a> {
    let context = rec.context();
    for name in names {
        match context.declarations.about(name, CLOUD, context.date()) {
            Declared::Nothing => {}
            Declared::NotInForce(declaration) => {
                return Fact::Unusable(format!(
                    "{declaration}, which holds from {} to {} only",
                    declaration.date, declaration.valid_until
                ));
            }
            Declared::Unusable(reason) => return Fact::Unusable(reason.to_owned()),
            Declared::InForce(declaration) => return Fact::Is(&declaration.value),
        }
    }
    Fact::Not
}

/// The declared value; where there is none, a finding says what to declare. `names` are those that [`fact`] looks at.
pub(crate) fn needed<'a>(rec: &mut Rec<'a>, names: &[&str], values: &str) -> Option<&'a DeclaredValue> {
    let name = names.first().copied().unwrap_or_default();
    match fact(rec, names) {
        Fact::Is(value) => Some(value),
        Fact::Unusable(reason) => {
            rec.dnf(CLOUD, format!("what is said under `{name}` cannot be used: {reason}; declare {values}"));
            None
        }
        Fact::Not => {
            // In these words the rule's own question is open; another one is open elsewhere.
            let rule = rec.rule();
            let own = rule.question.is_some_and(|question| question.topic.unwrap_or(rule.id) == name);
            let open = if own { "not declared" } else { "it depends on what is not said" };
            rec.miss(CLOUD, format!("{open}: {values}; declare it under `{name}`"));
            None
        }
    }
}

/// Judges what is declared of the whole cloud under the rule's own id or, where nothing is, under a topic.
pub(crate) fn judge_under(rec: &mut Rec<'_>, topic: &str, judgement: impl Fn(&DeclaredValue) -> Judgement) {
    let of_rule = rec.context().declarations.speak_of_rule(rec.rule().id);
    let value = match fact(rec, &[topic]) {
        Fact::Is(value) if !of_rule => value,
        _ => return judge(rec, [CLOUD], |_, value| judgement(value)),
    };
    let said = format!("`{topic}` is declared as {value}");
    match judgement(value) {
        Judgement::Satisfies => rec.note(CLOUD, said),
        Judgement::Warns(advice) => rec.warn(CLOUD, format!("{advice} ({said})")),
        Judgement::Breaks(reason) => rec.fail(CLOUD, format!("{reason} ({said})")),
        Judgement::Contradicts(shown) => rec.dnf(CLOUD, format!("{shown} ({said})")),
        Judgement::Unusable => {
            let values = rec.rule().question.map_or("a value", |question| question.values);
            rec.dnf(CLOUD, format!("{said}, which is not {values}"))
        }
    };
}

/// The topic that says whether anybody can become a customer of the cloud.
pub(crate) const PUBLIC_CLOUD: &str = "public-cloud";
/// What is asked about it.
pub(crate) const KINDS: &str = "whether the cloud is open to the public, `public` or `private`";

/// Whether the cloud is a public one; `None` where that is not said, or cannot be used.
pub(crate) fn said_public(rec: &Rec<'_>) -> Option<bool> {
    match fact(rec, &[PUBLIC_CLOUD]) {
        Fact::Is(value) => kind(value),
        Fact::Not | Fact::Unusable(_) => None,
    }
}

/// Whether the cloud is a public one; where that is not known, a finding says so.
pub(crate) fn is_public(rec: &mut Rec<'_>) -> Option<bool> {
    let value = needed(rec, &[PUBLIC_CLOUD], KINDS)?;
    let public = kind(value);
    if public.is_none() {
        rec.dnf(CLOUD, format!("`{value}` under `{PUBLIC_CLOUD}` is neither `public` nor `private`"));
    }
    public
}

fn kind(value: &DeclaredValue) -> Option<bool> {
    match value {
        DeclaredValue::Flag(public) => Some(*public),
        value => scs_standards::either(value, "public", "private"),
    }
}
