//! What is declared of a cluster under names that several rules look at.

use scs_standards::{CLUSTER, Declared, DeclaredValue, Judgement, judge};

use super::Rec;

/// What is declared under a name, in force at the date.
pub(super) enum Fact<'a> {
    /// Nothing.
    Not,
    /// Something that cannot be used, for this reason.
    Unusable(String),
    /// This.
    Is(&'a DeclaredValue),
}

/// What is declared of the cluster under a rule's id or a topic.
pub(super) fn fact<'a>(rec: &Rec<'a>, name: &str) -> Fact<'a> {
    let context = rec.context();
    match context.declarations.about(name, CLUSTER, context.date()) {
        Declared::Nothing => Fact::Not,
        Declared::NotInForce(declaration) => Fact::Unusable(format!(
            "{declaration}, which holds from {} to {} only",
            declaration.date, declaration.valid_until
        )),
        Declared::Unusable(reason) => Fact::Unusable(reason.to_owned()),
        Declared::InForce(declaration) => Fact::Is(&declaration.value),
    }
}

/// The topic that the rule asks about.
fn topic(rec: &Rec<'_>) -> Option<&'static str> {
    rec.rule().question.and_then(|question| question.topic)
}

/// Whether anything is declared under the rule's id or its topic.
pub(super) fn is_spoken_of(rec: &Rec<'_>) -> bool {
    let declarations = rec.context().declarations;
    let under = |name| declarations.speak_of_rule(name);
    under(rec.rule().id) || topic(rec).is_some_and(under)
}

/// Judges what is declared of the cluster under the rule's id or, where nothing is, under the topic that it asks about.
pub(super) fn judge_cluster(rec: &mut Rec<'_>, judgement: impl Fn(&DeclaredValue) -> Judgement) {
    let by_rule = rec.context().declarations.speak_of_rule(rec.rule().id);
    let Some(topic) = topic(rec).filter(|_| !by_rule) else {
        return judge(rec, [CLUSTER], |_, value| judgement(value));
    };
    let values = rec.rule().question.map_or("a value", |question| question.values);
    let value = match fact(rec, topic) {
        Fact::Is(value) => value,
        Fact::Unusable(reason) => {
            rec.dnf(
                CLUSTER,
                format!("what is said under `{topic}` cannot be used: {reason}; declare {values}"),
            );
            return;
        }
        Fact::Not => {
            let summary = rec.rule().summary;
            rec.miss(CLUSTER, format!("not declared: {summary}; declare {values} under `{topic}`"));
            return;
        }
    };
    let said = format!("`{topic}` is declared as {value}");
    match judgement(value) {
        Judgement::Satisfies => rec.note(CLUSTER, said),
        Judgement::Warns(advice) => rec.warn(CLUSTER, format!("{advice} ({said})")),
        Judgement::Breaks(reason) => rec.fail(CLUSTER, format!("{reason} ({said})")).compared(values, value),
        Judgement::Contradicts(shown) => rec.dnf(CLUSTER, format!("{shown} ({said})")),
        Judgement::Unusable => rec.dnf(CLUSTER, format!("{said}, which is not {values}")),
    };
}
