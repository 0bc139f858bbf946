//! Rules that are based on declarations.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::declaration::{Declaration, Declared, DeclaredValue};
use crate::document::{DocumentId, Track};
use crate::placeholder::has_placeholder;
pub use crate::question::Question;
use crate::rule::Recorder;
use crate::wording::counted;

/// How a declared value relates to the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgment {
    /// It satisfies the rule.
    Satisfies,
    /// It breaks the rule, with the reason.
    Breaks(String),
    /// It satisfies the rule, but not a related recommendation.
    Warns(String),
    /// It contradicts the observed state of the cloud, so the result is unknown.
    Contradicts(String),
    /// It is not a value that the rule accepts.
    Unusable,
}

/// How to fix a declaration that is not in force.
const RENEW: &str = "declare it again";

/// The subject of declarations about the whole cloud.
pub const CLOUD: &str = "cloud";

/// The subject of declarations about the whole cluster.
pub const CLUSTER: &str = "cluster";

/// The subject for findings about the cloud or cluster as a whole, by the track of the document.
pub(crate) fn whole(document: DocumentId) -> &'static str {
    match document.standard().track() {
        Some(Track::Kaas) => CLUSTER,
        _ => CLOUD,
    }
}

/// Judges the declarations about subjects, each with its own finding; if nothing at all is declared, a single MISS covers
/// all of them. The rule's [`Question`] describes the accepted values.
///
/// A rule that counts for an official test case is a manual check, which must be repeated every quarter (scs-0004-v1,
/// *Regulations*): an older declaration is DNF, whatever its `valid_until`.
pub fn judge<'s, S>(
    rec: &mut Recorder<'_, S>,
    subjects: impl IntoIterator<Item = &'s str>,
    judgment: impl Fn(&str, &DeclaredValue) -> Judgment,
) {
    judge_declarations(rec, subjects, |subject, declaration| judgment(subject, &declaration.value));
}

/// Like [`judge`], but passes the whole declaration, for rules that also need the supporting document.
pub fn judge_declarations<'s, S>(
    rec: &mut Recorder<'_, S>,
    subjects: impl IntoIterator<Item = &'s str>,
    judgment: impl Fn(&str, &Declaration) -> Judgment,
) {
    judge_named(rec, rec.rule().id, subjects, judgment);
}

/// Like [`judge_declarations`], for declarations under the rule's own id or under the name of a topic.
pub(crate) fn judge_named<'s, S>(
    rec: &mut Recorder<'_, S>,
    name: &str,
    subjects: impl IntoIterator<Item = &'s str>,
    judgment: impl Fn(&str, &Declaration) -> Judgment,
) {
    let context = *rec.context();
    let rule = rec.rule();
    let values = rule.question.map_or("a value", |question| question.values);
    let under = if name == rule.id { String::new() } else { format!(" under `{name}`") };
    let whole = whole(rule.document());
    let subjects: Vec<&str> = subjects.into_iter().collect();
    if !subjects.is_empty() && !context.declarations.has_entry_for(name) {
        let about =
            if subjects == [whole] { String::new() } else { format!("for {}, ", first_and_count(&subjects)) };
        rec.miss(whole, format!("{about}declare {values}{under}")).undeclared();
        return;
    }
    // A problem with a declaration about all subjects is reported once, not for each of them.
    let mut said: Vec<&Declaration> = Vec::new();
    let mut said_unusable = false;
    for subject in subjects {
        match context.declarations.about(name, subject, context.date()) {
            Declared::Nothing => {
                rec.miss(subject, format!("declare {values}{under}")).undeclared();
            }
            Declared::NotInForce(declaration) => {
                let message = format!("{}; {RENEW}", not_in_force(declaration, &under));
                if let Some(subject) = first_report(&mut said, declaration, subject, whole) {
                    rec.dnf(subject, message);
                }
            }
            Declared::Contradictory(one, other) => {
                if let Some(subject) = first_report(&mut said, one, subject, whole) {
                    rec.dnf(subject, contradictory(one, other, &under));
                }
            }
            Declared::Unusable(reason) => {
                if !said_unusable {
                    let message =
                        format!("the declaration{under} cannot be used: {reason}; declare {values}");
                    rec.dnf(whole, message);
                }
                said_unusable = true;
            }
            Declared::InForce(declaration) if is_overdue(rec, declaration) => {
                if let Some(subject) = first_report(&mut said, declaration, subject, whole) {
                    let message = format!(
                        "{declaration}{under}, more than a quarter ago; manual checks are repeated every quarter (scs-0004-v1, Regulations); {RENEW}"
                    );
                    rec.dnf(subject, message);
                }
            }
            Declared::InForce(declaration) => {
                // A placeholder does not answer any rule.
                let judged = if has_placeholder(&declaration.value) {
                    Judgment::Unusable
                } else {
                    judgment(subject, declaration)
                };
                if let Ok(day) = declaration.date.to_zoned(TimeZone::UTC) {
                    rec.rests_on_evidence_of(day.timestamp());
                }
                rec.holds_through(last_day(rec, declaration));
                let unusable = matches!(judged, Judgment::Unusable);
                let subject = if unusable {
                    first_report(&mut said, declaration, subject, whole)
                } else {
                    Some(subject)
                };
                if let Some(subject) = subject {
                    report(rec, subject, values, (declaration, &under), judged);
                }
            }
        }
    }
}

/// The last day on which a declaration answers the rule.
fn last_day<S>(rec: &Recorder<'_, S>, declaration: &Declaration) -> Date {
    let due = declaration.date.checked_add(3.months()).ok().filter(|_| rec.rule().test_case.is_some());
    due.map_or(declaration.valid_until, |due| due.min(declaration.valid_until))
}

/// Whether a manual check is due again.
fn is_overdue<S>(rec: &Recorder<'_, S>, declaration: &Declaration) -> bool {
    let due = declaration.date.checked_add(3.months());
    rec.rule().test_case.is_some() && due.is_ok_and(|due| due < rec.context().date())
}

/// The subject for a problem with a declaration, the whole for one about all subjects; `None` if it was already reported.
fn first_report<'d, 's>(
    said: &mut Vec<&'d Declaration>,
    declaration: &'d Declaration,
    subject: &'s str,
    whole: &'static str,
) -> Option<&'s str> {
    if !declaration.subjects.is_empty() {
        return Some(subject);
    }
    if said.contains(&declaration) {
        return None;
    }
    said.push(declaration);
    Some(whole)
}

fn report<S>(
    rec: &mut Recorder<'_, S>,
    subject: &str,
    values: &str,
    (declaration, under): (&Declaration, &str),
    judged: Judgment,
) {
    let said = format!("{declaration}{under}");
    match judged {
        Judgment::Satisfies => {
            rec.note(subject, said);
        }
        Judgment::Warns(advice) => {
            rec.warn(subject, format!("{advice} ({said})"));
        }
        Judgment::Breaks(reason) => {
            rec.fail(subject, format!("{reason} ({said})")).compared(values, &declaration.value);
        }
        Judgment::Contradicts(shown) => {
            rec.dnf(subject, format!("{shown} ({said})")).compared(values, &declaration.value);
        }
        Judgment::Unusable => {
            rec.dnf(subject, format!("{said}, which is not a valid value; declare {values}"))
                .compared(values, &declaration.value);
        }
    }
}

/// The message for a declaration that is not valid on the day of the check.
pub(crate) fn not_in_force(declaration: &Declaration, under: &str) -> String {
    let (from, to) = (declaration.date, declaration.valid_until);
    format!("{declaration}{under}, valid only from {from} to {to}")
}

/// The message for two declarations of the same day that differ.
pub(crate) fn contradictory(one: &Declaration, other: &Declaration, under: &str) -> String {
    format!(
        "{} and {} are both declared on {}{under}; keep the one that is true",
        one.value, other.value, one.date
    )
}

/// The first name of a list and the number of others.
fn first_and_count(names: &[&str]) -> String {
    match names {
        [one] => format!("`{one}`"),
        [first, rest @ ..] => format!("`{first}` and {}", counted(rest.len(), "other")),
        [] => String::new(),
    }
}

/// For a value that is one of two words: whether it is the good one; `None` for anything else.
#[must_use]
pub fn either(value: &DeclaredValue, good: &str, bad: &str) -> Option<bool> {
    match value.text()? {
        text if text == good => Some(true),
        text if text == bad => Some(false),
        _ => None,
    }
}
