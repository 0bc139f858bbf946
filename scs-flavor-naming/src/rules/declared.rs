//! Rules that rest on what the provider declares.

use scs_standards::{Declaration, Declared, DeclaredValue, Recorder};

/// How a declared value stands to the rule.
pub(super) enum Judgement {
    /// It satisfies the rule.
    Satisfies,
    /// It breaks the rule, for this reason.
    Breaks(String),
    /// It satisfies the rule but not an advice beside it.
    Warns(String),
    /// It is not a value that the rule understands.
    Unusable,
}

/// The subject of what is declared of the whole cloud.
pub(super) const CLOUD: &str = "cloud";

/// Judges what is declared about subjects, in one sentence each; where nothing at all is declared, one MISS stands for
/// all of them. `values` says what the rule understands.
pub(super) fn judge<'s, S>(
    rec: &mut Recorder<'_, S>,
    subjects: impl IntoIterator<Item = &'s str>,
    values: &str,
    judgement: impl Fn(&str, &DeclaredValue) -> Judgement,
) {
    let context = *rec.context();
    let rule = rec.rule();
    let subjects: Vec<&str> = subjects.into_iter().collect();
    if !subjects.is_empty() && !context.declarations.iter().any(|declaration| declaration.rule == rule.id) {
        let about = if subjects == [CLOUD] { String::new() } else { format!(" of {}", some(&subjects)) };
        rec.miss(CLOUD, format!("not declared{about}: {}; declare {values}", rule.summary));
        return;
    }
    // What is wrong with a declaration about all subjects is said once, not for each of them.
    let mut said: Vec<&Declaration> = Vec::new();
    for subject in subjects {
        match context.declarations.about(rule.id, subject, context.date()) {
            Declared::Nothing => {
                rec.miss(subject, format!("not declared: {}; declare {values}", rule.summary));
            }
            Declared::NotInForce(declaration) => {
                let message = format!(
                    "{declaration}, which holds from {} to {} only",
                    declaration.date, declaration.valid_until
                );
                if let Some(subject) = once(&mut said, declaration, subject) {
                    rec.dnf(subject, message);
                }
            }
            Declared::InForce(declaration) => {
                let judged = judgement(subject, &declaration.value);
                let unusable = matches!(judged, Judgement::Unusable);
                let subject = if unusable { once(&mut said, declaration, subject) } else { Some(subject) };
                if let Some(subject) = subject {
                    report(rec, subject, values, declaration, judged);
                }
            }
        }
    }
}

/// The subject of a complaint about a declaration, the cloud for one about all subjects; `None` the second time.
fn once<'d, 's>(
    said: &mut Vec<&'d Declaration>,
    declaration: &'d Declaration,
    subject: &'s str,
) -> Option<&'s str> {
    if !declaration.subjects.is_empty() {
        return Some(subject);
    }
    if said.contains(&declaration) {
        return None;
    }
    said.push(declaration);
    Some(CLOUD)
}

fn report<S>(
    rec: &mut Recorder<'_, S>,
    subject: &str,
    values: &str,
    declaration: &Declaration,
    judged: Judgement,
) {
    match judged {
        Judgement::Satisfies => {
            rec.note(subject, declaration.to_string());
        }
        Judgement::Warns(advice) => {
            rec.warn(subject, format!("{advice} ({declaration})"));
        }
        Judgement::Breaks(reason) => {
            rec.fail(subject, format!("{reason} ({declaration})")).compared(values, &declaration.value);
        }
        Judgement::Unusable => {
            rec.dnf(subject, format!("{declaration}, which is not {values}"))
                .compared(values, &declaration.value);
        }
    }
}

/// The first names of a list.
fn some(names: &[&str]) -> String {
    match names {
        [one] => format!("`{one}`"),
        [first, rest @ ..] => format!("`{first}` and {} more", rest.len()),
        [] => String::new(),
    }
}

/// A value that is one of two words: whether it is the good one.
pub(super) fn either(value: &DeclaredValue, good: &str, bad: &str) -> Option<bool> {
    match value.text()? {
        text if text == good => Some(true),
        text if text == bad => Some(false),
        _ => None,
    }
}
