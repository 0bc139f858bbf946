//! scs-0210: Kubernetes versions in use and on offer.

mod cluster;
mod components;
mod judged;
mod kubelets;
mod offer;
mod tested;
mod update;

pub(crate) use cluster::{is_up_to_date, record_facts, update_of, warn_of_end_of_life};
pub(crate) use components::judge as judge_components;
pub(crate) use judged::Judged;
pub(crate) use kubelets::judge as judge_kubelets;
use scs_standards::{DocumentId, Heading, Level, Rule};

use crate::subject::Cluster;

const V1: DocumentId = DocumentId::version(210, 1);
const V2: DocumentId = DocumentId::version(210, 2);

const DECISION: Heading = Heading { documents: &[V2], section: "Decision" };
const DECISION_V1: Heading = Heading { documents: &[V1], section: "Decision" };

pub(crate) static RULES: &[Rule<Cluster>] = &[
    DECISION.case(
        "version-policy-check",
        Level::Must,
        "the cluster runs a recent enough patch with all critical fixes, from a maintained branch",
        cluster::version_policy,
    ),
    DECISION.rule(
        "scs-0210-minor",
        Level::Must,
        "the newest minor version is offered within four months",
        offer::newest_minor,
    ),
    DECISION.rule(
        "scs-0210-patch",
        Level::Must,
        "the newest patch of each branch is offered within a month",
        offer::newest_patch,
    ),
    DECISION.rule(
        "scs-0210-patch-critical",
        Level::Must,
        "a patch that fixes a critical CVE is offered within two weeks",
        offer::critical_patch,
    ),
    DECISION.rule(
        "scs-0210-patch-critical-fast",
        Level::Should,
        "a patch that fixes a critical CVE is offered within two days",
        offer::critical_patch_fast,
    ),
    DECISION
        .rule(
            "scs-0210-tested",
            Level::Must,
            "versions are tested before they are rolled out",
            tested::tested,
        )
        .asking("the test report of each offered version", "{v1.36.5: reports/v1.36.5.html}"),
    DECISION
        .rule(
            "scs-0210-tested-e2e",
            Level::Should,
            "versions pass the CNCF's end-to-end tests before they are rolled out",
            tested::tested_end_to_end,
        )
        .asking(
            "the number of passed and failed end-to-end tests of each offered version",
            "{v1.36.5: {passed: 411, failed: 0}}",
        ),
    DECISION.rule(
        "scs-0210-branches-offered",
        Level::Must,
        "every branch that the project maintains is offered",
        offer::all_branches,
    ),
    DECISION.rule(
        "scs-0210-eol-not-offered",
        Level::ShouldNot,
        "a branch that the project no longer maintains is offered",
        offer::no_branch_past_end_of_life,
    ),
    DECISION.rule(
        "scs-0210-eol-data-fresh",
        Level::May,
        "the end-of-life data include the newest minor version",
        offer::facts_are_complete,
    ),
];

/// The first version of the standard, which has been replaced.
pub(crate) static RULES_V1: &[Rule<Cluster>] = &[
    DECISION_V1.rule(
        "scs-0210-v1-minor",
        Level::Must,
        "the newest minor version is offered within four months",
        offer::newest_minor,
    ),
    DECISION_V1.rule(
        "scs-0210-v1-patch",
        Level::Must,
        "the newest patch of each branch is offered within a week",
        offer::patch_of_version_1,
    ),
    DECISION_V1.rule(
        "scs-0210-v1-cve",
        Level::Should,
        "a patch that fixes a critical CVE is offered faster than others",
        offer::critical_patch_of_version_1,
    ),
];
