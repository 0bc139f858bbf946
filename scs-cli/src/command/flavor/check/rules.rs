//! The rules for single names, and the summary of their findings.

use jiff::civil::Date;
use scs_flavor_naming::{FlavorSet, Remark, flavor_rules};
use scs_registry::{Decision, RuleInfo, RuleReport, Selection};
use scs_standards::{
    Answer, Cause, Context, DocumentId, Finding, Profile, Rule, Severity, Strength, Verdict,
};

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

/// The decision about names, according to the version of the standard in force.
fn decision(profile: Profile) -> Decision {
    let documents = vec![DocumentId::version(100, 3)];
    Selection::of_documents([(String::new(), documents)], Date::MAX).decision_by(profile)
}

/// Whether a finding decides the verdict about names.
pub(super) fn decides(finding: &Finding, profile: Profile) -> bool {
    let counts = finding.test_case.as_deref() == Some(SYNTAX_CHECK) || profile == Profile::Text;
    counts && finding.result != Verdict::Pass && finding.level.strength() == Strength::Must
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

    /// The result of each rule, and whether it decides.
    pub(super) fn results(&self, profile: Profile) -> Vec<RuleReport> {
        let decision = decision(profile);
        IDS.into_iter()
            .zip(self.0)
            .filter_map(|(id, verdict)| {
                let rule = RuleInfo::from(rules().find(|rule| rule.id == id)?);
                let of_names = Answer {
                    rule: id,
                    verdict: Verdict::Pass,
                    findings: Vec::new(),
                    evidence_at: None,
                    facts_as_of: None,
                };
                Some(RuleReport::new(&rule, verdict, decision.of_answer(&rule, &of_names)))
            })
            .collect()
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
