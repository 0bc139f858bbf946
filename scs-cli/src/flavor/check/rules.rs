//! What the rules that speak of names alone ask for, and how much each weighs.

use scs_flavor_naming::{Remark, Syntax};
use scs_standards::{DocumentId, Level, Severity, Verdict};

/// A rule over names.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameRule {
    pub(super) id: &'static str,
    pub(super) test_case: Option<&'static str>,
    pub(super) level: Level,
    pub(super) document: DocumentId,
    pub(super) section: &'static str,
    /// How a finding weighs.
    pub(super) severity: Severity,
    /// What a finding means for the rule.
    pub(super) result: Verdict,
    /// What is the matter with the names that it finds, in words that follow on "3 names".
    pub(super) summary: &'static str,
}

/// The official test case that names decide.
pub(super) const SYNTAX_CHECK: &str = "scs-0100-syntax-check";

/// Names that start with `SCS-` follow the syntax.
pub(super) const SYNTAX: NameRule = NameRule {
    id: SYNTAX_CHECK,
    test_case: Some(SYNTAX_CHECK),
    level: Level::Must,
    document: Syntax::V3.document(),
    section: "Naming policy compliance",
    severity: Severity::Error,
    result: Verdict::Fail,
    summary: "that break the syntax",
};

const fn row(
    remark: Remark,
    level: Level,
    result: Verdict,
    severity: Severity,
    section: &'static str,
    summary: &'static str,
) -> NameRule {
    NameRule { id: remark.rule(), test_case: None, level, document: Syntax::V3.document(), section, severity, result, summary }
}

/// The rule behind a remark.
pub(super) const fn rule_of(remark: Remark) -> NameRule {
    use Level::{May, Must, Should, ShouldNot};
    use Severity::{Info, Warning};
    use Verdict::{Fail, Pass};
    match remark {
        Remark::OldSyntax => {
            row(remark, ShouldNot, Fail, Warning, "Previous standard versions", "in an old version of the syntax")
        }
        Remark::HalfGibLarge => {
            row(remark, ShouldNot, Fail, Warning, "Memory", "with half a GiB of memory on top of 10 or more")
        }
        Remark::GenerationZero => {
            row(remark, ShouldNot, Fail, Warning, "Generation and Vendor", "with the CPU generation 0, which is to be left out")
        }
        Remark::UnscheduledDisk => {
            let rule = row(remark, Should, Fail, Warning, "Recommended, part 2", "with a disk size outside of 5, 10, 20, 50, 100, 200, 500, 1000 GB");
            NameRule { document: DocumentId::version(103, 1), ..rule }
        }
        Remark::UnknownGpuGeneration => {
            row(remark, Must, Pass, Warning, "GPU support", "with a GPU generation that nobody knows")
        }
        Remark::UnknownCard => {
            row(remark, May, Pass, Info, "GPU support", "with a GPU that is no card of the supplement's table")
        }
        Remark::NotCanonical => row(remark, May, Pass, Info, "Complete proposal for systematic flavor naming", "not written in the simplest way"),
        // A note beside the rule on the syntax, which the name follows.
        Remark::NotALabel => {
            NameRule { severity: Info, result: Pass, summary: "that cannot be values of a Kubernetes label", ..SYNTAX }
        }
        // The remarks grow with the standard; a new one is told before its weight is known here.
        _ => row(remark, May, Pass, Info, "", "that are remarkable"),
    }
}
