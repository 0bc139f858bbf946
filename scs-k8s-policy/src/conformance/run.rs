//! One run of the suite, and its tests.

use jiff::Timestamp;
use scs_standards::junit::{TestOutcome, TestResults};

use super::sonobuoy::Summary;
use crate::version::K8sVersion;

/// One run of the suite, with its metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConformanceRun {
    /// The tests by name, without Ginkgo's prefix.
    pub tests: TestResults,
    /// The version of the tested cluster.
    pub version: Option<K8sVersion>,
    /// Its start time, in UTC.
    pub started_at: Option<Timestamp>,
    /// The regular expression of selected tests.
    pub focus: Option<String>,
    /// The regular expression of skipped tests.
    pub skip: Option<String>,
    /// Whether it was a dry run, which only lists tests.
    pub dry_run: bool,
    /// The unfinished part according to Sonobuoy.
    pub unfinished: Option<String>,
    /// Doubts about the run that its tests do not show, such as failures that are not listed.
    pub doubts: Vec<String>,
    /// The reason why the suite reports failure, if it does: a timeout, or just failed tests.
    pub suite_failure: Option<String>,
}

/// A selection of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum E2eSelection {
    /// Tests with the tag `[Conformance]`.
    Conformance,
    /// Tests with `NetworkPolicy` in their names.
    NetworkPolicy,
    /// All tests.
    All,
}

impl E2eSelection {
    /// Whether a test is selected; suite nodes that are not tests never are.
    ///
    /// ```
    /// use scs_k8s_policy::E2eSelection;
    ///
    /// assert!(E2eSelection::Conformance.has("[sig-node] Pods should run [Conformance]"));
    /// assert!(!E2eSelection::All.has("[SynchronizedBeforeSuite]"));
    /// ```
    #[must_use]
    pub fn has(self, test: &str) -> bool {
        !is_of_suite(test)
            && match self {
                Self::Conformance => test.contains("[Conformance]"),
                Self::NetworkPolicy => test.contains("NetworkPolicy"),
                Self::All => true,
            }
    }
}

/// Whether it is a suite node rather than a test: `[ReportAfterSuite] …`.
fn is_of_suite(test: &str) -> bool {
    let tag = test.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    tag.is_some_and(|(tag, _)| tag.contains("Suite"))
}

/// The name of a test without the suite and Ginkgo's `[It]`.
fn plain(name: &str) -> &str {
    let name = name.strip_prefix("Kubernetes e2e suite.").unwrap_or(name);
    name.strip_prefix("[It] ").unwrap_or(name)
}

impl ConformanceRun {
    /// A run with metadata from the suite's properties.
    pub(super) fn of(tests: TestResults) -> Self {
        let text = |name: &str| tests.property(name).filter(|value| !value.is_empty()).map(str::to_owned);
        let dry_run = tests.property("DryRun") == Some("true");
        let (focus, skip) = (text("FocusStrings"), text("SkipStrings"));
        let started_at = tests.started().and_then(moment);
        let suite_failure = (tests.property("SuiteSucceeded") == Some("false"))
            .then(|| text("SpecialSuiteFailureReason").unwrap_or_default());
        let doubts = tests
            .unlisted()
            .map(|unlisted| format!("the results count {unlisted} that they do not list"))
            .into_iter()
            .collect();
        Self {
            started_at,
            focus,
            skip,
            dry_run,
            suite_failure,
            doubts,
            version: None,
            unfinished: None,
            tests: tests.renamed(plain),
        }
    }

    /// Adds Sonobuoy's summary of the same run, whose failures take precedence over the tests.
    pub(super) fn summarized_by(mut self, summary: Summary) -> Self {
        self.tests = self.tests.worsened_by(&summary.tests.renamed(plain));
        self.unfinished = self.unfinished.or(summary.unfinished);
        let shows_it = self.tests.iter().any(|(_, outcome)| outcome == TestOutcome::Failed);
        if summary.has_failed && !shows_it {
            self.doubts.push("Sonobuoy reports the run as failed, but none of its tests failed".to_owned());
        }
        self
    }

    /// The selected tests with their outcomes.
    pub fn of_selection(&self, selection: E2eSelection) -> impl Iterator<Item = (&str, TestOutcome)> {
        self.tests.iter().filter(move |(test, _)| selection.has(test))
    }

    /// The selected tests that ran; none in a dry run.
    pub fn executed(&self, selection: E2eSelection) -> impl Iterator<Item = (&str, TestOutcome)> {
        let ran = !self.dry_run;
        self.of_selection(selection).filter(move |(_, outcome)| ran && *outcome != TestOutcome::Skipped)
    }

    /// Whether the run is complete by its own account: it selected the tests by name only or selected all tests, excluded
    /// none of them with a filter, and lists other skipped tests.
    ///
    /// ```
    /// use scs_k8s_policy::{ConformanceResults, E2eSelection};
    ///
    /// let whole = |focus: &str, skip: &str| {
    ///     let xml = format!(
    ///         r#"<testsuite><properties><property name="FocusStrings" value="{focus}"/><property name="SkipStrings" value="{skip}"/></properties>
    ///            <testcase name="[sig-network] Netpol NetworkPolicy should deny"/><testcase name="[sig-apps] Job"><skipped/></testcase></testsuite>"#
    ///     );
    ///     ConformanceResults::read_text(&xml).map(|read| read.runs()[0].shows_all(E2eSelection::NetworkPolicy))
    /// };
    /// assert!(whole("NetworkPolicy", "")? && whole("NetworkPolicy", r"\[Disruptive\]")?);
    /// assert!(!whole("NetworkPolicy.*deny", "")? && !whole("NetworkPolicy", "egress|deny")?);
    /// # Ok::<(), scs_k8s_policy::ReadConformanceError>(())
    /// ```
    #[must_use]
    pub fn shows_all(&self, selection: E2eSelection) -> bool {
        let name = match selection {
            E2eSelection::Conformance => r"\[Conformance\]",
            E2eSelection::NetworkPolicy => "NetworkPolicy",
            E2eSelection::All => "",
        };
        let chose = self.focus.as_deref().is_none_or(|focus| focus == name);
        let skips = |skip: &str| {
            regex::Regex::new(skip)
                .map_or(true, |skip| self.of_selection(selection).any(|(test, _)| skip.is_match(test)))
        };
        let lists = self.skipped(E2eSelection::All).any(|test| !selection.has(test));
        chose && lists && !self.dry_run && !self.skip.as_deref().is_some_and(skips)
    }

    /// The selected tests that were skipped.
    pub fn skipped(&self, selection: E2eSelection) -> impl Iterator<Item = &str> {
        let skipped = |outcome| outcome == TestOutcome::Skipped;
        self.of_selection(selection).filter(move |(_, outcome)| skipped(*outcome)).map(|(test, _)| test)
    }

    /// Failed suite nodes that are not tests.
    pub fn failed_of_suite(&self) -> impl Iterator<Item = &str> {
        let failed =
            |(test, outcome): &(&str, TestOutcome)| *outcome == TestOutcome::Failed && is_of_suite(test);
        self.tests.iter().filter(failed).map(|(test, _)| test)
    }
}

/// A time as suites write it; without a time zone it is in UTC, in which the tests run.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse::<Timestamp>().ok().or_else(|| {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stripped_of_prefixes() {
        for (written, name) in [
            ("Kubernetes e2e suite.[It] [sig-a] b [Conformance]", "[sig-a] b [Conformance]"),
            ("[It] [sig-a] b", "[sig-a] b"),
            ("[sig-a] b", "[sig-a] b"),
            ("Kubernetes e2e suite.[ReportAfterSuite] x", "[ReportAfterSuite] x"),
        ] {
            assert_eq!(plain(written), name);
        }
        assert!(is_of_suite("[DeferCleanup (Suite)]") && is_of_suite("[AfterSuite] x"));
        assert!(!is_of_suite("[sig-a] a Suite") && !is_of_suite(""));
    }

    #[test]
    fn times_without_a_zone_are_in_utc() {
        let parsed = moment("2026-05-21T20:59:45").unwrap();
        assert_eq!(moment("2026-05-21T22:59:45+02:00"), Some(parsed));
        assert_eq!(moment("yesterday"), None);
    }
}
