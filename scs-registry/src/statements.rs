//! What a provider states in an inventory, held against what there is to state: entries that answer nothing, exceptions, and the
//! questions that are still open.

use std::collections::BTreeSet;

use jiff::civil::Date;
use scs_certificates::CertificationLevel;
use scs_certificates::oss_health::QUESTIONS;
use scs_standards::{Answer, Cause, Declarations, Question, Verdict};

use crate::check::Checked;
use crate::domain::RuleInfo;
use crate::registry::Registry;

/// Topics that are no questions of a rule: what a rule takes into account where it is declared.
const FURTHER_TOPICS: [&str; 1] = ["architecture"];

/// What is wrong with entries, for whoever wrote them.
pub(crate) fn notices(declarations: &Declarations, registry: &Registry, today: Date) -> Vec<String> {
    let mut notices: Vec<String> = declarations.unusable().map(ToString::to_string).collect();
    let known = topics(registry);
    let mut told = BTreeSet::new();
    for declaration in declarations.iter().filter(|declaration| !known.contains(declaration.rule.as_str())) {
        if !told.insert(&declaration.rule) {
            continue;
        }
        let given = &declaration.rule;
        notices.push(if registry.rule(given).is_empty() {
            let meant = known
                .iter()
                .map(|name| (strsim::damerau_levenshtein(name, given), name))
                .min()
                .filter(|(distance, name)| *distance <= 3 && 3 * distance < name.len());
            let hint = meant.map(|(_, name)| format!("; did you mean `{name}`?")).unwrap_or_default();
            format!("a declaration is about `{given}`, which is no rule and no topic{hint}")
        } else {
            format!("a declaration is about `{given}`, which is decided by what the cloud shows and not by what is declared")
        });
    }
    for exception in declarations.exceptions() {
        let id = &exception.exception;
        if registry.test_case(id).is_none() && registry.rule(id).is_empty() {
            notices.push(format!("an exception is claimed for `{id}`, which is no test case and no rule"));
        }
        if exception.valid_until < today {
            notices.push(format!("the exception for `{id}` has expired on {}", exception.valid_until));
        }
    }
    notices
}

/// Everything that can be declared.
fn topics(registry: &Registry) -> BTreeSet<&'static str> {
    let of_rules = registry.rules().filter_map(|rule| rule.question.map(|question| key(rule, question)));
    let of_levels =
        CertificationLevel::ALL.into_iter().flat_map(CertificationLevel::asks).map(|item| item.topic);
    let of_software = QUESTIONS.iter().map(|question| question.topic);
    of_rules.chain(of_levels).chain(of_software).chain(FURTHER_TOPICS).collect()
}

/// The name under which a question is answered.
fn key(rule: &RuleInfo, question: Question) -> &'static str {
    question.topic.unwrap_or(rule.id)
}

/// A question that waits for an answer.
#[derive(Clone, Debug)]
pub struct OpenQuestion<'c> {
    /// The rules that wait for it; the first one asks.
    pub rules: Vec<&'c RuleInfo>,
    /// What is asked.
    pub question: Question,
    /// Under which name it is answered.
    pub name: &'static str,
    /// Why it is open: what the rule says.
    pub reason: Option<&'c str>,
}

/// The questions that wait for an answer on a day, in the order of the rules: those of rules that are MISS or DNF, and for
/// which nothing in force is declared.
///
/// ```
/// use scs_certificates::Scope;
/// use scs_registry::{CheckOptions, Inventory, Kind, check, open_questions};
/// use scs_standards::Profile;
///
/// // Without an inventory everything is asked that a provider may be asked.
/// let options = CheckOptions::new(Scope::compatible_iaas(), "2026-11-24T00:00:00Z".parse()?, Profile::Text);
/// let inventory = Inventory::new(Kind::Cloud);
/// let checked = check(&inventory, &options)?;
/// let open = open_questions(&checked, inventory.declarations(), "2026-11-24".parse()?);
/// assert!(open.iter().any(|question| question.name == "scs-0121-fire-zones"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn open_questions<'c>(
    checked: &'c Checked,
    declarations: &Declarations,
    today: Date,
) -> Vec<OpenQuestion<'c>> {
    let mut open: Vec<OpenQuestion<'c>> = Vec::new();
    for (rule, answer) in &checked.answers {
        let Some(question) = rule.question else { continue };
        let name = key(rule, question);
        if !waits(answer, declarations, name, today) {
            continue;
        }
        if let Some(known) = open.iter_mut().find(|known| known.name == name) {
            known.rules.push(rule);
            continue;
        }
        let reason = answer.findings.iter().find(|finding| finding.result == answer.verdict);
        let reason = reason.map(|finding| finding.message.as_str());
        open.push(OpenQuestion { rules: vec![rule], question, name, reason });
    }
    open
}

fn waits(answer: &Answer, declarations: &Declarations, name: &str, today: Date) -> bool {
    let in_force = declarations
        .iter()
        .any(|statement| statement.rule == name && statement.date <= today && today <= statement.valid_until);
    let undeclared = answer.findings.iter().any(|finding| finding.cause == Cause::Undeclared);
    match answer.verdict {
        Verdict::Pass => false,
        // A declaration may say that what fails is not asked.
        Verdict::Fail => undeclared,
        Verdict::Miss | Verdict::Dnf => !in_force || undeclared,
    }
}

/// A claimed exception beside the result that it is claimed for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct ShownException {
    /// The test case, or the rule.
    pub exception: String,
    /// Why the requirement is not met.
    pub reason: String,
    /// Who granted it.
    pub granted_by: Option<String>,
    /// Its last day.
    pub valid_until: String,
    /// Whether it is in force.
    pub in_force: bool,
    /// The result that stands all the same.
    pub result: Option<Verdict>,
}

/// The exceptions of a provider with the results that they are claimed for, which they do not change.
#[must_use]
pub fn exceptions(checked: &Checked, declarations: &Declarations, today: Date) -> Vec<ShownException> {
    let results = checked.results();
    let of_rule = |id: &str| {
        let answers = checked.answers.iter().filter(|(rule, _)| rule.id == id);
        Verdict::topmost(answers.map(|(_, answer)| answer.verdict))
    };
    declarations
        .exceptions()
        .map(|claimed| ShownException {
            exception: claimed.exception.clone(),
            reason: claimed.reason.clone(),
            granted_by: claimed.granted_by.clone(),
            valid_until: claimed.valid_until.to_string(),
            in_force: today <= claimed.valid_until && claimed.date.is_none_or(|from| from <= today),
            result: results.get(&claimed.exception).copied().or_else(|| of_rule(&claimed.exception)),
        })
        .collect()
}
