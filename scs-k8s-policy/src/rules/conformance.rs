//! scs-0201: all Kubernetes conformance tests pass; scs-0200: the tool for running them.

use std::collections::BTreeSet;

use scs_standards::{CLUSTER, DocumentId, Heading, Level, Rule, Verdict};

use super::Rec;
use super::e2e::{CONFORMANCE, branch_of, counted, failures, judge, left_out, run_tests, runs, some};
use super::exceptions::{Standing, standing};
use crate::conformance::{ConformanceRun, E2eSelection};
use crate::subject::{Cluster, source};

const REGULATIONS: Heading = Heading { documents: &[DocumentId::version(201, 1)], section: "Regulations" };
const SONOBUOY: Heading = Heading { documents: &[DocumentId::version(200, 1)], section: "Decision" };

/// The rules for conformance.
pub(crate) static RULES: &[Rule<Cluster>] = &[
    SONOBUOY.rule("scs-0200-smoke", Level::May, "the test plug-in works: at least one test ran", smoke),
    REGULATIONS.case(
        "cncf-k8s-conformance",
        Level::Must,
        "every conformance test passes, except for allowed failures",
        conformance,
    ),
    REGULATIONS
        .rule(
            "scs-0201-complete",
            Level::Must,
            "all conformance tests of the cluster's version were run, without any left out",
            complete,
        )
        .for_test_case("cncf-k8s-conformance"),
    REGULATIONS.rule(
        "scs-0201-exceptions-used",
        Level::May,
        "failed tests are covered by an exception",
        exceptions_used,
    ),
];

fn smoke(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(results) = rec.needs(&cluster.conformance_results, source::CONFORMANCE_RESULTS) else { return };
    let ran: usize = results.runs().iter().map(|run| run.executed(E2eSelection::All).count()).sum();
    if ran == 0 {
        rec.dnf(source::CONFORMANCE_RESULTS.name, "no test ran")
            .repaired_by(run_tests("sonobuoy run --mode=quick --wait"));
    } else {
        rec.note(source::CONFORMANCE_RESULTS.name, format!("{ran} tests ran"));
    }
}

fn conformance(cluster: &Cluster, rec: &mut Rec<'_>) {
    if let Some(runs) = runs(cluster, rec, CONFORMANCE) {
        judge(cluster, rec, &runs, CONFORMANCE);
    }
}

/// The number of tests is known from runs published by the CNCF: later patches of a branch do not have fewer.
fn complete(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(runs) = runs(cluster, rec, CONFORMANCE) else { return };
    let executed: BTreeSet<&str> =
        runs.iter().flat_map(|run| run.executed(CONFORMANCE.selection)).map(|(test, _)| test).collect();
    let skipped: BTreeSet<&str> = runs
        .iter()
        .flat_map(|run| run.skipped(CONFORMANCE.selection))
        .filter(|test| !executed.contains(test))
        .collect();
    if !skipped.is_empty() {
        let skipped: Vec<&str> = skipped.into_iter().collect();
        let message = format!(
            "{} {} were left out{}: {}",
            skipped.len(),
            CONFORMANCE.tests,
            why(&runs, &skipped),
            some(&skipped)
        );
        rec.split(left_out(Verdict::Fail), CLUSTER, message).repaired_by(CONFORMANCE.run());
        return;
    }
    let Some(branch) = branch_of(cluster, &runs) else {
        // The number of tests depends on the version.
        rec.needs(&cluster.version, source::VERSION);
        return;
    };
    let facts = &cluster.conformance_facts;
    let ran = executed.len();
    match facts.tests_of(branch) {
        Some(known) if ran < known => {
            let message = format!("{ran} conformance tests ran, but {branch} has at least {known}");
            rec.split(left_out(Verdict::Fail), CLUSTER, message)
                .compared(format!("{known} tests"), format!("{ran} tests"))
                .repaired_by(CONFORMANCE.run());
        }
        Some(_) => {}
        None => {
            let known = match (facts.branches().next(), facts.branches().next_back()) {
                (Some(first), Some(last)) => format!("known are {first} to {last}"),
                _ => "none is known".to_owned(),
            };
            let message =
                format!("{ran} conformance tests ran, but it is unknown how many {branch} has; {known}");
            rec.split(left_out(Verdict::Dnf), CLUSTER, message);
        }
    }
}

/// The reason why tests were skipped, as far as the runs show.
fn why(runs: &[&ConformanceRun], skipped: &[&str]) -> String {
    if skipped.iter().all(|test| test.contains("[Serial]")) {
        return ", all of them `[Serial]`, which `--e2e-parallel` leaves out".to_owned();
    }
    let filter = |name: &str, filter: Option<&str>| filter.map(|filter| format!(" by the {name} `{filter}`"));
    let skip = runs.iter().find_map(|run| filter("filter", run.skip.as_deref()));
    let focus = || runs.iter().find_map(|run| filter("focus", run.focus.as_deref()));
    skip.or_else(focus).unwrap_or_default()
}

/// The exceptions that were needed, with their reasons, and whether they apply to the cluster.
fn exceptions_used(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(results) = rec.needs(&cluster.conformance_results, source::CONFORMANCE_RESULTS) else { return };
    let runs: Vec<&ConformanceRun> = results.runs().iter().collect();
    let failures = failures(cluster, &runs, E2eSelection::All);
    for exception in cluster.conformance_facts.exceptions() {
        let tests: Vec<&str> = failures
            .iter()
            .filter(|(_, used)| used.is_some_and(|used| std::ptr::eq(used, exception)))
            .map(|(test, _)| *test)
            .collect();
        if tests.is_empty() {
            continue;
        }
        let message = format!(
            "the exception `{}` was needed for {}: {}",
            exception.expression(),
            counted(&tests),
            exception.reason()
        );
        match standing(cluster, rec, exception, branch_of(cluster, &runs)) {
            Standing::Gone(why) => rec.warn(CLUSTER, format!("{message}; but {why}")),
            Standing::Holds | Standing::Unknown(..) => rec.note(CLUSTER, message),
        };
    }
}
