//! The rules for single names, and the summary of their findings.

use jiff::civil::Date;
use scs_flavor_naming::{FlavorSet, Remark, flavor_rules};
use scs_registry::{Decision, RuleInfo, RuleReport, Selection};
use scs_standards::{Answer, Cause, Context, DocumentId, Finding, Profile, Rule, Severity, Verdict};

/// The official test case about names.
pub(super) const SYNTAX_CHECK: &str = "scs-0100-syntax-check";

/// The rules that need only a name, without the other flavors or the properties of the flavor.
const IDS: [&str; 13] = [
    SYNTAX_CHECK,
    "scs-0100-disk-whole",
    "scs-0100-extension-order",
    "scs-0100-no-own-extensions",
    "scs-0100-gen-needs-vendor",
    "scs-0100-gpu-generation",
    "scs-0100-gpu-vram-integer",
    "scs-0100-half-gib-large",
    "scs-0100-gen-zero",
    "scs-0100-gpu-known-card",
    "scs-0100-old-syntax",
    "scs-0100-disk-schedule",
    "scs-0100-canonical",
];

/// The rules in [`IDS`].
fn rules() -> impl Iterator<Item = &'static Rule<FlavorSet>> {
    flavor_rules().filter(|rule| IDS.contains(&rule.id))
}

/// The rules in [`IDS`] with the decision about them, according to the version of the standard in force.
#[derive(Debug)]
pub(super) struct Deciding {
    decision: Decision,
    rules: Vec<RuleInfo>,
}

impl Deciding {
    pub(super) fn new(profile: Profile) -> Self {
        let documents = vec![DocumentId::version(100, 3)];
        let selection = Selection::of_documents([(String::new(), documents)], Date::MAX);
        Self { decision: selection.decision_by(profile), rules: rules().map(RuleInfo::from).collect() }
    }

    /// Whether a finding decides the verdict about names.
    pub(super) fn decides(&self, finding: &Finding) -> bool {
        let rule = self.rules.iter().find(|rule| rule.id == finding.rule);
        rule.is_some_and(|rule| self.decision.of_finding(rule, finding))
    }

    /// The result of each rule, and whether it decides.
    pub(super) fn results(&self, answers: &Answers) -> Vec<RuleReport> {
        let result = |rule: &RuleInfo| {
            let verdict = IDS.iter().zip(answers.0).find(|(id, _)| **id == rule.id)?.1;
            let passed = Answer {
                rule: rule.id,
                verdict: Verdict::Pass,
                findings: Vec::new(),
                evidence_at: None,
                facts_as_of: None,
                holds_until: None,
            };
            Some(RuleReport::new(rule, verdict, self.decision.of_answer(rule, &passed)))
        };
        self.rules.iter().filter_map(result).collect()
    }
}

/// The findings about a name.
pub(super) fn findings(name: &str, context: &Context<'_>) -> Vec<Finding> {
    let set = FlavorSet::from_names([name]);
    rules().flat_map(|rule| rule.answer(&set, context).findings).collect()
}

/// The finding for a line that is not a name at all, so that the rules cannot be evaluated.
pub(super) fn invalid_line(subject: String, message: String) -> Option<Finding> {
    let rule = rules().find(|rule| rule.id == SYNTAX_CHECK)?;
    Some(Finding {
        rule: rule.id.into(),
        test_case: rule.test_case.map(Into::into),
        level: rule.level,
        document: rule.document(),
        section: rule.section.into(),
        severity: Severity::Error,
        result: Verdict::Fail,
        cause: Cause::Broken,
        subject,
        message,
        expected: Some("a line of text with one name".to_owned()),
        actual: Some("something else".to_owned()),
        fix: None,
        hint: None,
        other_profile: None,
    })
}

/// The combined results of the rules for all names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answers([Verdict; IDS.len()]);

impl Default for Answers {
    fn default() -> Self {
        Self([Verdict::Pass; IDS.len()])
    }
}

impl Answers {
    /// Adds a finding.
    pub(super) fn add(&mut self, finding: &Finding) {
        for (id, answer) in IDS.iter().zip(&mut self.0) {
            if *id == finding.rule {
                *answer = finding.result.min(*answer);
            }
        }
    }

    /// Adds the results for other names.
    pub(super) fn merge(&mut self, others: &Self) {
        for (answer, other) in self.0.iter_mut().zip(others.0) {
            *answer = other.min(*answer);
        }
    }
}

/// A remark about valid names; text output shows a count with examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// One of the library's remarks.
    Remark(Remark),
    /// The other profile rejects the name.
    OtherProfile,
}

impl Note {
    /// The number of notes.
    pub(super) const COUNT: usize = Remark::ALL.len() + 1;

    /// All notes.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Remark::ALL.into_iter().map(Self::Remark).chain([Self::OtherProfile])
    }

    /// The index of the note.
    pub(super) const fn index(self) -> usize {
        match self {
            Self::Remark(remark) => remark as usize,
            Self::OtherProfile => Remark::ALL.len(),
        }
    }

    /// The rule for the note.
    pub(super) const fn rule(self) -> &'static str {
        match self {
            Self::Remark(remark) => remark.rule(),
            Self::OtherProfile => SYNTAX_CHECK,
        }
    }

    /// The severity.
    pub(super) const fn severity(self, profile: Profile) -> Severity {
        match self {
            // The official suite silently accepts these (C-014, C-015).
            Self::Remark(Remark::OldSyntax | Remark::HalfGibLarge)
                if matches!(profile, Profile::Official) =>
            {
                Severity::Info
            }
            Self::Remark(Remark::UnknownCard | Remark::NotCanonical | Remark::NotALabel) => Severity::Info,
            _ => Severity::Warning,
        }
    }

    /// The text that follows "3 names".
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Remark(Remark::OldSyntax) => "in an old version of the syntax",
            Self::Remark(Remark::HalfGibLarge) => "with half a GiB of memory on top of 10 or more",
            Self::Remark(Remark::GenerationZero) => "with CPU generation 0, which should be left out",
            Self::Remark(Remark::UnscheduledDisk) => {
                "with a disk size other than 5, 10, 20, 50, 100, 200, 500 or 1000 GB"
            }
            Self::Remark(Remark::UnknownGpuGeneration) => "with an unknown GPU generation",
            Self::Remark(Remark::UnknownCard) => "with a GPU that is not in the supplement's table of cards",
            Self::Remark(Remark::NotCanonical) => "not in canonical form",
            Self::Remark(Remark::NotALabel) => "unusable as the value of a Kubernetes label",
            Self::OtherProfile => "on which the wording of the standard and the official test suite differ",
            // New remarks may be added; the rule explains them.
            Self::Remark(_) => "with other remarks",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_exists() {
        assert_eq!(rules().count(), IDS.len());
        for note in Note::all() {
            assert!(IDS.contains(&note.rule()), "{note:?}");
        }
    }
}
