//! Rules that rest on what the provider declares.

use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::declaration::{Declaration, Declared, DeclaredValue};
use crate::document::{DocumentId, Track};
use crate::placeholder::has_placeholder;
use crate::rule::Recorder;

/// What a provider is asked where no API answers.
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
///         Some(feeds) => Judgment::Breaks(format!("{feeds} feeds are no redundancy")),
///         None => Judgment::Unusable,
///     });
/// }
/// assert_eq!(RULES[0].question, Some(Question::new("how many power feeds there are", "2")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The topic, where several rules ask for the same; otherwise the rule itself is declared.
    pub topic: Option<&'static str>,
    /// The values that the rule understands.
    pub values: &'static str,
    /// A value that satisfies it, as YAML writes it on one line.
    pub example: &'static str,
}

impl Question {
    /// A question that the rule asks for itself.
    #[must_use]
    pub const fn new(values: &'static str, example: &'static str) -> Self {
        Self { topic: None, values, example }
    }
}

/// How a declared value stands to the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgment {
    /// It satisfies the rule.
    Satisfies,
    /// It breaks the rule, for this reason.
    Breaks(String),
    /// It satisfies the rule but not an advice beside it.
    Warns(String),
    /// It says something else than the cloud shows, so that nothing can be said.
    Contradicts(String),
    /// It is not a value that the rule understands.
    Unusable,
}

/// What to do about a declaration that is not in force.
const RENEW: &str = "declare it anew: `scs certificate questionnaire INVENTORY` prints the entry to fill in";

/// The subject of what is declared of the whole cloud.
pub const CLOUD: &str = "cloud";

/// The subject of what is declared of the whole cluster.
pub const CLUSTER: &str = "cluster";

/// What the document of a rule is about as a whole.
pub(crate) fn whole(document: DocumentId) -> &'static str {
    match document.standard().track() {
        Some(Track::Kaas) => CLUSTER,
        _ => CLOUD,
    }
}

/// Judges what is declared about subjects, in one sentence each; where nothing at all is declared, one MISS stands for
/// all of them. The rule's [`Question`] says what it understands.
///
/// A rule that counts for an official test case is a manual check, which is repeated every quarter (scs-0004-v1,
/// *Regulations*): an older declaration is DNF, whatever its last day.
pub fn judge<'s, S>(
    rec: &mut Recorder<'_, S>,
    subjects: impl IntoIterator<Item = &'s str>,
    judgment: impl Fn(&str, &DeclaredValue) -> Judgment,
) {
    judge_declarations(rec, subjects, |subject, declaration| judgment(subject, &declaration.value));
}

/// The same where the rule judges more than the value, such as the document that shows it.
pub fn judge_declarations<'s, S>(
    rec: &mut Recorder<'_, S>,
    subjects: impl IntoIterator<Item = &'s str>,
    judgment: impl Fn(&str, &Declaration) -> Judgment,
) {
    judge_named(rec, rec.rule().id, subjects, judgment);
}

/// The same under the rule's own id or the name of a topic.
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
        let about = if subjects == [whole] { String::new() } else { format!(" of {}", some(&subjects)) };
        rec.miss(whole, format!("not declared{about}: {}; declare {values}{under}", rule.summary))
            .undeclared();
        return;
    }
    // What is wrong with a declaration about all subjects is said once, not for each of them.
    let mut said: Vec<&Declaration> = Vec::new();
    let mut said_unusable = false;
    for subject in subjects {
        match context.declarations.about(name, subject, context.date()) {
            Declared::Nothing => {
                rec.miss(subject, format!("not declared: {}; declare {values}{under}", rule.summary))
                    .undeclared();
            }
            Declared::NotInForce(declaration) => {
                let message = format!("{}; {RENEW}", not_in_force(declaration, &under));
                if let Some(subject) = once(&mut said, declaration, subject, whole) {
                    rec.dnf(subject, message);
                }
            }
            Declared::Contradictory(one, other) => {
                if let Some(subject) = once(&mut said, one, subject, whole) {
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
                if let Some(subject) = once(&mut said, declaration, subject, whole) {
                    let message = format!(
                        "{declaration}{under}, more than a quarter ago; manual checks are repeated every quarter (scs-0004-v1, Regulations); {RENEW}"
                    );
                    rec.dnf(subject, message);
                }
            }
            Declared::InForce(declaration) => {
                // What is still to be filled in answers no rule.
                let judged = if has_placeholder(&declaration.value) {
                    Judgment::Unusable
                } else {
                    judgment(subject, declaration)
                };
                if let Ok(day) = declaration.date.to_zoned(TimeZone::UTC) {
                    rec.rests_on_evidence_of(day.timestamp());
                }
                let unusable = matches!(judged, Judgment::Unusable);
                let subject =
                    if unusable { once(&mut said, declaration, subject, whole) } else { Some(subject) };
                if let Some(subject) = subject {
                    report(rec, subject, values, (declaration, &under), judged);
                }
            }
        }
    }
}

/// Whether a manual check has to be repeated.
fn is_overdue<S>(rec: &Recorder<'_, S>, declaration: &Declaration) -> bool {
    let due = declaration.date.checked_add(3.months());
    rec.rule().test_case.is_some() && due.is_ok_and(|due| due < rec.context().date())
}

/// The subject of a complaint about a declaration, the whole for one about all subjects; `None` the second time.
fn once<'d, 's>(
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
            rec.dnf(subject, format!("{said}, which is not {values}")).compared(values, &declaration.value);
        }
    }
}

/// What is said of a declaration at another time than its own.
pub(crate) fn not_in_force(declaration: &Declaration, under: &str) -> String {
    let (from, to) = (declaration.date, declaration.valid_until);
    format!("{declaration}{under}, which holds from {from} to {to} only")
}

/// What is said of two declarations of one day that differ.
pub(crate) fn contradictory(one: &Declaration, other: &Declaration, under: &str) -> String {
    format!(
        "{} and {} are both declared on {}{under}; keep the one that is true",
        one.value, other.value, one.date
    )
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
#[must_use]
pub fn either(value: &DeclaredValue, good: &str, bad: &str) -> Option<bool> {
    match value.text()? {
        text if text == good => Some(true),
        text if text == bad => Some(false),
        _ => None,
    }
}
