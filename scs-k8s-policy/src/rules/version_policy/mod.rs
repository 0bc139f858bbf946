//! scs-0210: which versions of Kubernetes are in use and on offer.

mod cluster;
mod components;
mod kubelets;
mod offer;
mod tested;
mod update;

pub(crate) use cluster::{advise_against_ended, is_up_to_date, rest_on_facts, update_of};
pub(crate) use components::judge as judge_components;
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
        "the cluster's patch is no older than allowed, lacks no critical fix, and its branch is maintained",
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
        "a patch that mends a critical CVE is offered within two weeks",
        offer::critical_patch,
    ),
    DECISION.rule(
        "scs-0210-patch-critical-fast",
        Level::Should,
        "a patch that mends a critical CVE is offered within two days",
        offer::critical_patch_fast,
    ),
    DECISION
        .rule(
            "scs-0210-tested",
            Level::Must,
            "versions are tested before they are rolled out",
            tested::tested,
        )
        .asking(
            "the document that shows its test, for each offered version",
            "{v1.36.5: reports/v1.36.5.html}",
        ),
    DECISION
        .rule(
            "scs-0210-tested-e2e",
            Level::Should,
            "versions pass the CNCF's end-to-end tests before they are rolled out",
            tested::tested_end_to_end,
        )
        .asking(
            "how many end-to-end tests passed and failed, for each offered version",
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
        "a branch that the project does not maintain any more is offered",
        offer::no_ended_branch,
    ),
    DECISION.rule(
        "scs-0210-eol-data-fresh",
        Level::May,
        "the ends of life that are known include the newest minor version",
        offer::facts_are_complete,
    ),
];

/// The first version of the standard, which was replaced.
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
        "a patch that mends a critical CVE is offered faster than others",
        offer::critical_patch_of_version_1,
    ),
];
