//! Shared by the rules for end-to-end tests: the valid runs, and their failed tests.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan};
use scs_standards::junit::TestOutcome;
use scs_standards::wording::{quoted, truncated};
use scs_standards::{CLUSTER, Fix, Profile, Split, Verdict, Way};

use super::Rec;
use super::exceptions::{Standing, standing};
use crate::conformance::{ConformanceRun, E2eSelection, Exception};
use crate::period::{end_of_period, is_over, later};
use crate::subject::{Cluster, source};
use crate::version::Branch;

/// The lifetime of results in the scope file of the official suite; the scope's text has a year for all of them (C-089).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Through the end of the following month.
    Month,
    /// A year, through the end of the following month.
    Year,
}

/// The tests that a rule requires.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) selection: E2eSelection,
    pub(super) lifetime: Lifetime,
    /// The name of the tests, in the plural.
    pub(super) tests: &'static str,
    /// The command that runs them.
    pub(super) command: &'static str,
}

/// The conformance tests.
pub(super) const CONFORMANCE: Asked = Asked {
    selection: E2eSelection::Conformance,
    lifetime: Lifetime::Year,
    tests: "tests with `[Conformance]`",
    command: "sonobuoy run --mode=certified-conformance --wait",
};

/// The network policy tests.
pub(super) const NETWORK_POLICY: Asked = Asked {
    selection: E2eSelection::NetworkPolicy,
    lifetime: Lifetime::Month,
    tests: "tests of `NetworkPolicy`",
    command: "sonobuoy run --e2e-focus NetworkPolicy --wait",
};

impl Asked {
    /// The fix that runs the tests: they take hours, and create and delete objects in the cluster.
    pub(super) fn run(self) -> Fix {
        run_tests(self.command)
    }
}

/// A test run, which changes nothing in an inventory except the results.
pub(super) fn run_tests(command: &str) -> Fix {
    Fix::choose(
        "May the tests run on this cluster now? Otherwise run them at a better time, or on a cluster like it.",
        [Way::new(command, [])],
    )
}

/// The difference for tests that did not run.
pub(super) const SKIPPED_TESTS: &str = "official-skipped-tests";

/// The Kubernetes branch of a run: its own, or that of the cluster.
pub(super) fn branch_of(cluster: &Cluster, runs: &[&ConformanceRun]) -> Option<Branch> {
    let own = runs.iter().find_map(|run| run.version.as_ref());
    own.or_else(|| cluster.version.data().map(crate::subject::ServerVersion::version))
        .map(crate::version::K8sVersion::branch)
}

/// The valid runs for the tests, this cluster and this time; records findings if there is none.
pub(super) fn runs<'c>(
    cluster: &'c Cluster,
    rec: &mut Rec<'_>,
    asked: Asked,
) -> Option<Vec<&'c ConformanceRun>> {
    let results = rec.needs(&cluster.conformance_results, source::CONFORMANCE_RESULTS)?;
    for (number, error) in results.broken() {
        // It may be a newer run with failures.
        let message = format!("entry {number} of the results is unusable: {error}");
        rec.dnf(source::CONFORMANCE_RESULTS.name, message);
    }
    let of_tests: Vec<_> =
        results.runs().iter().filter(|run| run.executed(asked.selection).next().is_some()).collect();
    if of_tests.is_empty() {
        let dry = results.runs().iter().any(|run| run.dry_run);
        let why =
            if dry { "it was a dry run, which lists tests without running them" } else { "none of them ran" };
        let message = format!("the results have nothing on {}: {why}", asked.tests);
        rec.dnf(source::CONFORMANCE_RESULTS.name, message).repaired_by(asked.run());
        return None;
    }
    let own = cluster.version.data().map(|version| version.version().branch());
    let of_cluster: Vec<_> = of_tests.iter().copied().filter(|run| is_of(run, own)).collect();
    if let (Some(own), Some(version)) = (own, of_tests.iter().find_map(|run| run.version.as_ref()))
        && of_cluster.is_empty()
    {
        let message =
            format!("the results are from {version}, but the cluster runs {own}; run the tests again");
        rec.dnf(source::CONFORMANCE_RESULTS.name, message)
            .compared(own, version.branch())
            .repaired_by(asked.run());
        return None;
    }
    let mut valid = Vec::new();
    let mut invalid = Vec::new();
    for run in of_cluster {
        match outdated(run, rec.context().at, asked.lifetime) {
            None => valid.push(run),
            Some((split, message)) if split.result(rec.context().profile) == Verdict::Pass => {
                rec.split(split, source::CONFORMANCE_RESULTS.name, message);
                valid.push(run);
            }
            // It may be newer than those that pass.
            Some((split, message)) if run.started_at.is_none() && has_failed(run, asked.selection) => {
                rec.split(split, source::CONFORMANCE_RESULTS.name, message);
            }
            Some(outdated) => invalid.push(outdated),
        }
    }
    for run in &valid {
        if let Some(state) = &run.unfinished {
            let message =
                format!("the run is not finished: {state}; wait for its end and provide its results");
            rec.dnf(source::CONFORMANCE_RESULTS.name, message);
        }
        for doubt in &run.doubts {
            let message = format!("{doubt}; provide the results of the whole run");
            // The official suite only counts failed tests.
            rec.split(left_out(Verdict::Dnf), source::CONFORMANCE_RESULTS.name, message)
                .repaired_by(asked.run());
        }
    }
    // One recent run is enough.
    if valid.is_empty() {
        for (split, message) in invalid {
            rec.split(split, source::CONFORMANCE_RESULTS.name, message).repaired_by(asked.run());
        }
        return None;
    }
    // One recent run is enough, so the latest end counts.
    let profile = rec.context().profile;
    let ends = valid.iter().filter_map(|run| run.started_at).map(|started| match profile {
        Profile::Text => end_of_period(started, 1.year()),
        Profile::Official => expires(started, asked.lifetime).checked_sub(1.second()).unwrap_or(started),
    });
    if let Some(end) = ends.max() {
        rec.holds_until(end);
    }
    record_runs(rec, &valid, asked.selection);
    Some(valid)
}

fn has_failed(run: &ConformanceRun, selection: E2eSelection) -> bool {
    run.executed(selection).any(|(_, outcome)| outcome == TestOutcome::Failed)
}

/// The age of a result is that of its oldest required run (scs-0003-v2, *Concept definitions*: the check date).
pub(super) fn record_runs(rec: &mut Rec<'_>, runs: &[&ConformanceRun], selection: E2eSelection) {
    let mut in_order = runs.to_vec();
    in_order.sort_by_key(|run| run.started_at);
    let start_times =
        in_order.iter().flat_map(|run| run.executed(selection).map(|(test, _)| (test, run.started_at)));
    // If a test ran several times, the newest run counts.
    let start_times: BTreeMap<&str, Option<Timestamp>> = start_times.collect();
    if let Some(oldest) = start_times.into_values().flatten().min() {
        rec.rests_on_evidence_of(oldest);
    }
}

/// Whether a run is from this branch, as far as it shows.
pub(super) fn is_of(run: &ConformanceRun, branch: Option<Branch>) -> bool {
    match (&run.version, branch) {
        (Some(version), Some(branch)) => version.branch() == branch,
        _ => true,
    }
}

/// Whether a run is recent enough for the text.
pub(super) fn is_in_time(run: &ConformanceRun, at: Timestamp) -> bool {
    outdated(run, at, Lifetime::Year).is_none_or(|(split, _)| split.text == Verdict::Pass)
}

/// The reason why a run is too old, in the future, or of unknown age.
fn outdated(run: &ConformanceRun, at: Timestamp, lifetime: Lifetime) -> Option<(Split, String)> {
    let Some(started) = run.started_at else {
        let split = Split { text: Verdict::Dnf, official: Verdict::Pass, difference: "C-089" };
        let message = "the time of the run is missing, and a result is only valid for a year; provide JUnit XML or Sonobuoy's archive, which have it, or set `at: 2026-11-24T08:00:00Z` next to the results";
        return Some((split, message.to_owned()));
    };
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    if started > at {
        let split = Split { text: Verdict::Dnf, official: Verdict::Dnf, difference: "C-089" };
        let message = format!("the tests ran on {}, after the time of this check", day(started));
        return Some((split, message));
    }
    let until = end_of_period(started, 1.year());
    let expires = expires(started, lifetime);
    let verdict = |over: bool| if over { Verdict::Dnf } else { Verdict::Pass };
    let split =
        Split { text: verdict(is_over(until, at)), official: verdict(at >= expires), difference: "C-089" };
    if split.text == Verdict::Pass && split.official == Verdict::Pass {
        return None;
    }
    let message = format!(
        "the tests ran on {}; the scope's text requires them every year, next by {}, but its file makes the result valid before {}",
        day(started),
        day(until),
        day(expires)
    );
    Some((split, message))
}

/// The expiry of a result according to the scope file: at the end of the month after its period.
fn expires(started: Timestamp, lifetime: Lifetime) -> Timestamp {
    let months = match lifetime {
        Lifetime::Month => 2,
        Lifetime::Year => 14,
    };
    let zoned = started.to_zoned(jiff::tz::TimeZone::UTC);
    let month = zoned.first_of_month().and_then(|first| first.start_of_day());
    month.map_or(Timestamp::MAX, |month| later(month.timestamp(), months.months()))
}

/// The outcome of each test that ran; the newest run counts.
fn outcomes<'c>(runs: &[&'c ConformanceRun], selection: E2eSelection) -> BTreeMap<&'c str, TestOutcome> {
    let mut in_order = runs.to_vec();
    in_order.sort_by_key(|run| run.started_at);
    in_order.iter().flat_map(|run| run.executed(selection)).collect()
}

/// Failed tests, with the exceptions that apply.
pub(super) type Failures<'c> = BTreeMap<&'c str, Option<&'c Exception>>;

pub(super) fn failures<'c>(
    cluster: &'c Cluster,
    runs: &[&'c ConformanceRun],
    selection: E2eSelection,
) -> Failures<'c> {
    let failed = outcomes(runs, selection).into_iter().filter(|(_, outcome)| *outcome == TestOutcome::Failed);
    failed.map(|(test, _)| (test, cluster.conformance_facts.exception_of(test))).collect()
}

/// Tests with an unknown outcome.
fn unfinished<'c>(runs: &[&'c ConformanceRun], selection: E2eSelection) -> Vec<&'c str> {
    let all = outcomes(runs, selection).into_iter();
    all.filter(|(_, outcome)| *outcome == TestOutcome::Unfinished).map(|(test, _)| test).collect()
}

/// Records failures, and the exceptions that were needed.
pub(super) fn judge(cluster: &Cluster, rec: &mut Rec<'_>, runs: &[&ConformanceRun], asked: Asked) {
    let branch = branch_of(cluster, runs);
    let failures = failures(cluster, runs, asked.selection);
    let mut without = Vec::new();
    let mut used: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (test, exception) in &failures {
        let Some(exception) = exception else {
            without.push(*test);
            continue;
        };
        let (text, message) = match standing(cluster, rec, exception, branch) {
            Standing::Holds => {
                used.entry(exception.reason()).or_default().push(test);
                continue;
            }
            Standing::Gone(why) => {
                (Verdict::Fail, format!("`{}` failed; {why}: {}", shortened(test), exception.reason()))
            }
            Standing::Unknown(result, why) => (
                result,
                format!(
                    "`{}` failed; it is unknown whether the exception for it applies ({}): {why}",
                    shortened(test),
                    exception.reason()
                ),
            ),
        };
        rec.split(Split { text, official: Verdict::Pass, difference: "C-091" }, CLUSTER, message);
    }
    if !without.is_empty() {
        let executed = outcomes(runs, asked.selection).len();
        let message = format!("{} of {executed} {} failed: {}", without.len(), asked.tests, some(&without));
        rec.fail(CLUSTER, message);
    }
    let open = unfinished(runs, asked.selection);
    if !open.is_empty() {
        let message =
            format!("the outcome of {} is unknown; provide the results of the whole run", counted(&open));
        rec.dnf(CLUSTER, message);
    }
    let of_suite: Vec<&str> = runs.iter().flat_map(|run| run.failed_of_suite()).collect();
    if !of_suite.is_empty() {
        let message =
            format!("the suite itself failed, not one of its tests: {}; see its log", some(&of_suite));
        rec.fail(CLUSTER, message);
    }
    for failure in runs
        .iter()
        .filter(|run| !has_failed(run, E2eSelection::All))
        .filter_map(|run| run.suite_failure.as_ref())
    {
        let why = if failure.is_empty() { String::new() } else { format!(" ({})", shortened(failure)) };
        let message =
            format!("the suite reports failure{why}, although none of its tests failed; see its log");
        rec.warn(CLUSTER, message);
    }
    for (reason, tests) in used {
        let message = format!("an exception was needed for {} that failed, as {reason}", counted(&tests));
        rec.note(CLUSTER, message);
    }
}

/// Tests that were skipped in all runs, and are not covered by an exception.
pub(super) fn tests_left_out<'c>(
    cluster: &'c Cluster,
    rec: &Rec<'_>,
    runs: &[&'c ConformanceRun],
    selection: E2eSelection,
) -> Vec<&'c str> {
    let branch = branch_of(cluster, runs);
    let excepted = |test: &str| {
        let exception = cluster.conformance_facts.exception_of(test);
        exception.is_some_and(|exception| standing(cluster, rec, exception, branch) == Standing::Holds)
    };
    skipped_tests(runs, selection).into_iter().filter(|test| !excepted(test)).collect()
}

/// Tests that ran in none of the runs.
fn skipped_tests<'c>(runs: &[&'c ConformanceRun], selection: E2eSelection) -> BTreeSet<&'c str> {
    let ran: BTreeSet<&str> = outcomes(runs, selection).into_keys().collect();
    runs.iter().flat_map(|run| run.skipped(selection)).filter(|test| !ran.contains(test)).collect()
}

/// Whether all network policy tests passed in these runs, except for allowed failures.
pub(super) fn have_passed(cluster: &Cluster, rec: &Rec<'_>, runs: &[&ConformanceRun]) -> bool {
    let selection = E2eSelection::NetworkPolicy;
    let branch = branch_of(cluster, runs);
    let may_fail = |exception: Option<&Exception>| {
        exception.is_some_and(|exception| standing(cluster, rec, exception, branch) == Standing::Holds)
    };
    whole(cluster, runs) == Whole::Yes
        && failures(cluster, runs, selection).into_values().all(may_fail)
        && unfinished(runs, selection).is_empty()
        && tests_left_out(cluster, rec, runs, selection).is_empty()
}

/// Whether the runs have all network policy tests.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// They have all.
    Yes,
    /// Some of the branch's tests are missing.
    Lacks {
        /// The number of tests in the runs.
        have: usize,
        /// The minimum number of tests in the branch.
        known: usize,
        /// The branch.
        branch: Branch,
    },
    /// The number of tests is unknown, and no run shows that it is complete.
    Unknown(Option<Branch>),
}

/// Checks that no network policy test is missing: by their known number in the branch, or a run that shows it. Tests skipped
/// because of an exception are not missing.
pub(super) fn whole(cluster: &Cluster, runs: &[&ConformanceRun]) -> Whole {
    let selection = E2eSelection::NetworkPolicy;
    let branch = branch_of(cluster, runs);
    let known =
        branch.and_then(|branch| Some((branch, cluster.conformance_facts.network_policy_tests_of(branch)?)));
    match known {
        Some((branch, known)) => {
            let have = outcomes(runs, selection).len() + skipped_tests(runs, selection).len();
            if have < known { Whole::Lacks { have, known, branch } } else { Whole::Yes }
        }
        None if runs.iter().any(|run| run.shows_all(selection)) => Whole::Yes,
        None => Whole::Unknown(branch),
    }
}

/// Records tests that did not run, which only matter to the text.
pub(super) const fn left_out(text: Verdict) -> Split {
    Split { text, official: Verdict::Pass, difference: SKIPPED_TESTS }
}

/// The first five tests.
pub(super) fn some(tests: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = quoted(tests.iter().take(SHOWN).map(|test| shortened(test)));
    let more = tests.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{shown}{more}")
}

/// A single test by name, several with their number.
pub(super) fn counted(tests: &[&str]) -> String {
    match tests {
        [one] => format!("the test {}", some(&[*one])),
        many => format!("{} tests ({})", many.len(), some(many)),
    }
}

fn shortened(test: &str) -> Cow<'_, str> {
    truncated(test, 160)
}

#[cfg(test)]
mod tests {
    use Verdict::{Dnf, Pass};

    use super::*;

    #[test]
    fn results_expire_with_the_month_after_their_period() {
        let started: Timestamp = "2026-01-31T12:00:00Z".parse().unwrap();
        let run = ConformanceRun { started_at: Some(started), ..ConformanceRun::default() };
        let verdicts = |at: &str, lifetime| {
            outdated(&run, at.parse().unwrap(), lifetime).map(|(split, _)| (split.text, split.official))
        };
        assert_eq!(verdicts("2026-02-28T23:59:59Z", Lifetime::Month), None);
        assert_eq!(verdicts("2026-03-01T00:00:00Z", Lifetime::Month), Some((Pass, Dnf)));
        assert_eq!(verdicts("2027-01-31T12:00:00Z", Lifetime::Month), Some((Pass, Dnf)));
        assert_eq!(verdicts("2027-01-31T12:00:01Z", Lifetime::Month), Some((Dnf, Dnf)));
        assert_eq!(verdicts("2027-01-31T12:00:01Z", Lifetime::Year), Some((Dnf, Pass)));
        assert_eq!(verdicts("2027-03-01T00:00:00Z", Lifetime::Year), Some((Dnf, Dnf)));
        assert_eq!(verdicts("2026-01-31T11:59:59Z", Lifetime::Year), Some((Dnf, Dnf)));
        let undated = ConformanceRun::default();
        let undated =
            outdated(&undated, started, Lifetime::Month).map(|(split, _)| (split.text, split.official));
        assert_eq!(undated, Some((Dnf, Pass)), "its age is unknown");
    }

    #[test]
    fn long_lists_are_truncated() {
        assert_eq!(some(&["a", "b", "c", "d", "e", "f", "g"]), "`a`, `b`, `c`, `d`, `e` and 2 more");
        assert_eq!(counted(&["a"]), "the test `a`");
        assert!(some(&[&"ä".repeat(400)]).ends_with("…`"));
    }
}
