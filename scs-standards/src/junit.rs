//! Test results: JUnit XML, as written by Tempest (through `subunit2junitxml`) and Kubernetes end-to-end tests, and
//! the output of stestr.

use std::collections::BTreeMap;
use std::fmt;
use std::io::BufRead;

use thiserror::Error;

use crate::wording::counted;
use crate::xml::{DocumentTypes, Element, ReadXmlError, Tag, walk};

/// The outcome of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TestOutcome {
    /// It failed or ended with an error.
    Failed,
    /// It started or was scheduled, but its outcome is unknown.
    Unfinished,
    /// It passed.
    Passed,
    /// It was not run.
    Skipped,
}

/// Tests with their outcomes. If a test ran several times, the worst outcome counts.
///
/// ```
/// use scs_standards::junit::{TestOutcome, TestResults};
///
/// let results = TestResults::read(
///     r#"<testsuite><testcase classname="a.B" name="test_c[id-1]"/><testcase classname="a.B" name="test_d"><skipped/></testcase></testsuite>"#,
/// )?;
/// assert_eq!(results.of("a.B.test_c[id-1]"), Some(TestOutcome::Passed));
/// assert_eq!(results.of("a.B.test_d"), Some(TestOutcome::Skipped));
/// # Ok::<(), scs_standards::junit::ReadResultsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestResults {
    outcomes: BTreeMap<String, TestOutcome>,
    properties: BTreeMap<String, String>,
    started: Option<String>,
    unlisted: Unlisted,
}

/// Tests and failures that suites announce but do not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unlisted {
    /// The number of tests that are announced but not listed.
    pub tests: usize,
    /// The number of failures and errors that are announced but not listed, including those of nested suites.
    pub failures: usize,
}

impl Unlisted {
    fn is_none(self) -> bool {
        self == Self::default()
    }

    fn joined(self, other: Self) -> Self {
        let sum = usize::saturating_add;
        Self { tests: sum(self.tests, other.tests), failures: sum(self.failures, other.failures) }
    }
}

impl fmt::Display for Unlisted {
    /// A description such as `2 tests and 1 failure`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.tests, self.failures) {
            (tests, 0) => f.write_str(&counted(tests, "test")),
            (0, failures) => f.write_str(&counted(failures, "failure")),
            (tests, failures) => {
                write!(f, "{} and {}", counted(tests, "test"), counted(failures, "failure"))
            }
        }
    }
}

/// A suite that is being read: its announced and its actual counts.
#[derive(Debug, Default)]
struct Suite {
    announced: Unlisted,
    listed: Unlisted,
    /// The counts of tests that nested suites do not list.
    inner: Unlisted,
}

impl Suite {
    /// The missing tests and failures; those of nested suites may be the ones that this suite announces.
    fn unlisted(&self) -> Unlisted {
        let lacks =
            |announced: usize, listed: usize, inner: usize| announced.saturating_sub(listed).max(inner);
        let Self { announced, listed, inner } = self;
        Unlisted {
            tests: lacks(announced.tests, listed.tests, inner.tests),
            failures: lacks(announced.failures, listed.failures, inner.failures),
        }
    }
}

/// The elements that are open while reading XML.
#[derive(Debug, Default)]
struct Open {
    suites: Vec<Suite>,
    cases: Vec<(String, TestOutcome)>,
}

/// Error: not the result of a test run.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadResultsError {
    /// Not XML.
    #[error("not valid XML at byte {at} (counted from 0): {message}")]
    Xml {
        /// The byte offset.
        at: u64,
        /// The reason.
        message: String,
    },
    /// It declares a document type or entities, which test results never do.
    #[error("document type declarations are not allowed in test results")]
    DocumentType,
    /// The text is truncated.
    #[error("truncated within `{0}`")]
    BreaksOff(String),
    /// It exceeds the size limit.
    #[error("the test names exceed {0} bytes")]
    TooLarge(usize),
    /// It contains no test.
    #[error("no tests found")]
    NoTest,
}

impl From<ReadXmlError<String>> for ReadResultsError {
    fn from(error: ReadXmlError<String>) -> Self {
        match error {
            ReadXmlError::Xml { at, message } | ReadXmlError::Element { at, error: message } => {
                Self::Xml { at, message }
            }
            ReadXmlError::DocumentType => Self::DocumentType,
            ReadXmlError::BreaksOff(name) => Self::BreaksOff(name),
        }
    }
}

/// The relevant elements.
const KEPT: [&str; 8] =
    ["testsuites", "testsuite", "testcase", "failure", "error", "skipped", "properties", "property"];
/// The relevant elements whose content does not matter.
const LEAVES: [&str; 4] = ["failure", "error", "skipped", "property"];
/// The relevant attributes.
const KEPT_ATTRIBUTES: [&str; 8] =
    ["name", "classname", "timestamp", "value", "tests", "failures", "errors", "status"];
/// The maximum number of properties per suite; further ones are ignored.
const MOST_PROPERTIES: usize = 1024;

/// The outcome given by the attribute `status`, which Ginkgo writes in addition to the usual elements.
fn status_outcome(status: &str) -> TestOutcome {
    match status.trim().to_ascii_lowercase().as_str() {
        "" | "passed" | "pass" | "ok" | "success" | "successful" | "succeeded" | "run" | "completed"
        | "executed" | "flaky" => TestOutcome::Passed,
        "skipped" | "skip" | "pending" | "disabled" | "ignored" | "notrun" => TestOutcome::Skipped,
        "failed" | "fail" | "failure" | "error" | "panicked" | "timedout" | "timeout" | "aborted"
        | "interrupted" => TestOutcome::Failed,
        _ => TestOutcome::Unfinished,
    }
}

impl TestResults {
    /// Reads JUnit XML or the output of stestr; the format is detected.
    ///
    /// # Errors
    ///
    /// If it is neither, has a document type, or contains no test.
    pub fn read(text: &str) -> Result<Self, ReadResultsError> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let results = if text.starts_with('<') { Self::from_xml(text)? } else { Self::from_lines(text) };
        if results.outcomes.is_empty() { Err(ReadResultsError::NoTest) } else { Ok(results) }
    }

    fn from_xml(text: &str) -> Result<Self, ReadResultsError> {
        let mut results = Self::default();
        let mut within = Open::default();
        walk(text.as_bytes(), DocumentTypes::None, |tag| {
            match tag {
                Tag::Start(element) => results.element(&element, &mut within)?,
                Tag::End { name, .. } => results.end_element(name, &mut within),
            }
            Ok::<_, String>(())
        })?;
        Ok(results)
    }

    /// XML reduced to what [`TestResults::read`] needs, so that the output of tests, usually most of the
    /// file, is never held in memory. At most `limit` bytes.
    ///
    /// # Errors
    ///
    /// If it is not XML, has a document type, is truncated, or still exceeds `limit` bytes.
    ///
    /// ```
    /// use scs_standards::junit::TestResults;
    ///
    /// let text = "<testsuite><testcase name='a &amp; b' time='1'><failure>long</failure></testcase></testsuite>";
    /// let slim = TestResults::slimmed(text.as_bytes(), 1000)?;
    /// assert_eq!(slim, r#"<testsuite><testcase name="a &amp; b"><failure/></testcase></testsuite>"#);
    /// # Ok::<(), scs_standards::junit::ReadResultsError>(())
    /// ```
    pub fn slimmed(text: impl BufRead, limit: usize) -> Result<String, ReadResultsError> {
        let mut slim = String::new();
        let walked = walk(text, DocumentTypes::None, |tag| {
            match tag {
                Tag::Start(element) if KEPT.contains(&element.name) => {
                    slim.extend(["<", element.name]);
                    for (key, value) in element.written_attributes() {
                        if KEPT_ATTRIBUTES.contains(&key.as_str()) {
                            slim.extend([" ", &key, "=\"", &value.replace('"', "&quot;"), "\""]);
                        }
                    }
                    let is_leaf = element.is_empty || LEAVES.contains(&element.name);
                    slim.push_str(if is_leaf { "/>" } else { ">" });
                }
                Tag::End { name, is_empty: false } if KEPT.contains(&name) && !LEAVES.contains(&name) => {
                    slim.extend(["</", name, ">"]);
                }
                _ => {}
            }
            // The only error, which becomes the one of the limit.
            if slim.len() > limit { Err(String::new()) } else { Ok(()) }
        });
        match walked {
            Ok(()) => Ok(slim),
            Err(ReadXmlError::Element { .. }) => Err(ReadResultsError::TooLarge(limit)),
            Err(error) => Err(error.into()),
        }
    }

    fn element(&mut self, element: &Element<'_>, open: &mut Open) -> Result<(), String> {
        let name = element.name;
        let attribute = |name: &str| element.attribute(name);
        let count = |name: &str| -> Result<usize, String> {
            let Some(text) = attribute(name)?.filter(|text| !text.trim().is_empty()) else { return Ok(0) };
            let shown = || text.chars().take(40).collect::<String>();
            text.trim().parse().map_err(|_| format!("`{name}` is `{}`, not a number", shown()))
        };
        match name {
            "testcase" => {
                let test = attribute("name")?.unwrap_or_default();
                let class = attribute("classname")?.filter(|class| !class.is_empty());
                let full = class.map_or_else(|| test.clone(), |class| format!("{class}.{test}"));
                let outcome =
                    attribute("status")?.map_or(TestOutcome::Passed, |status| status_outcome(&status));
                open.cases.push((full, outcome));
                if let Some(suite) = open.suites.last_mut() {
                    suite.listed.tests += 1;
                    suite.listed.failures += usize::from(outcome == TestOutcome::Failed);
                }
            }
            "testsuites" | "testsuite" => {
                if name == "testsuite" && open.cases.is_empty() {
                    self.starts(attribute("timestamp")?);
                }
                let failures = count("failures")?.saturating_add(count("errors")?);
                let announced = Unlisted { tests: count("tests")?, failures };
                open.suites.push(Suite { announced, ..Suite::default() });
            }
            "property" if open.cases.is_empty() && self.properties.len() < MOST_PROPERTIES => {
                if let (Some(name), Some(value)) = (attribute("name")?, attribute("value")?) {
                    self.properties.entry(name).or_insert(value);
                }
            }
            "failure" | "error" => match (open.cases.last_mut(), open.suites.last_mut()) {
                (Some((_, outcome)), suite) => {
                    // A failure given by both the status and an element counts once.
                    if let Some(suite) = suite.filter(|_| *outcome != TestOutcome::Failed) {
                        suite.listed.failures += 1;
                    }
                    *outcome = TestOutcome::Failed;
                }
                // The failure does not belong to a named test.
                (None, Some(suite)) => suite.inner.failures += 1,
                (None, None) => self.unlisted.failures += 1,
            },
            "skipped" => {
                if let Some((_, outcome)) = open.cases.last_mut()
                    && *outcome == TestOutcome::Passed
                {
                    *outcome = TestOutcome::Skipped;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Handles the end of an element.
    fn end_element(&mut self, name: &str, open: &mut Open) {
        match name {
            "testcase" => {
                let case = open.cases.pop();
                self.take(case);
            }
            "testsuites" | "testsuite" => {
                let Some(closed) = open.suites.pop() else { return };
                match open.suites.last_mut() {
                    Some(outer) => {
                        outer.listed = outer.listed.joined(closed.listed);
                        outer.inner = outer.inner.joined(closed.unlisted());
                    }
                    None => self.unlisted = self.unlisted.joined(closed.unlisted()),
                }
            }
            _ => {}
        }
    }

    /// `{0} tempest.api.x.Y.test_z [0.1s] ... ok`.
    fn from_lines(text: &str) -> Self {
        let mut results = Self::default();
        for line in text.lines() {
            let Some((before, after)) = line.rsplit_once(" ... ") else { continue };
            let outcome = match after.split([' ', ':']).next() {
                Some("ok") => TestOutcome::Passed,
                Some("FAILED" | "ERROR") => TestOutcome::Failed,
                Some("SKIPPED") => TestOutcome::Skipped,
                _ => continue,
            };
            let name =
                before.split_whitespace().find(|word| word.contains('.') && !word.starts_with(['[', '{']));
            results.take(name.map(|name| (name.to_owned(), outcome)));
        }
        results
    }

    fn take(&mut self, case: Option<(String, TestOutcome)>) {
        let Some((name, outcome)) = case else { return };
        let known = self.outcomes.entry(name).or_insert(outcome);
        // A test that was skipped in one run and executed in another counts as executed.
        *known = (*known).min(outcome);
    }

    /// Records a start time; the earliest one counts.
    fn starts(&mut self, started: Option<String>) {
        let started = started.filter(|text| !text.trim().is_empty());
        self.started = match (self.started.take(), started) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// A property of the suite, such as the filter it ran with. If several suites have it, the first value counts.
    ///
    /// ```
    /// use scs_standards::junit::TestResults;
    ///
    /// let results = TestResults::read(
    ///     r#"<testsuite timestamp="2026-05-21T20:59:45"><properties><property name="DryRun" value="false"/></properties><testcase name="a"/></testsuite>"#,
    /// )?;
    /// assert_eq!(results.property("DryRun"), Some("false"));
    /// assert_eq!(results.started(), Some("2026-05-21T20:59:45"));
    /// # Ok::<(), scs_standards::junit::ReadResultsError>(())
    /// ```
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.get(name).map(String::as_str)
    }

    /// The start time of the first suite, as written in the file.
    #[must_use]
    pub fn started(&self) -> Option<&str> {
        self.started.as_deref()
    }

    /// Adds the results of further suites of the same run.
    #[must_use]
    pub fn joined(mut self, other: Self) -> Self {
        for case in other.outcomes {
            self.take(Some(case));
        }
        for (name, value) in other.properties {
            self.properties.entry(name).or_insert(value);
        }
        self.starts(other.started);
        self.unlisted = self.unlisted.joined(other.unlisted);
        self
    }

    /// The tests and failures that suites announce in `tests`, `failures` and `errors` but do not list; `None` if everything
    /// is listed. A suite may list more than it announces, since some count only executed tests.
    ///
    /// ```
    /// use scs_standards::junit::TestResults;
    ///
    /// let results = TestResults::read(r#"<testsuite tests="3" failures="1"><testcase name="a"/></testsuite>"#)?;
    /// assert_eq!(results.unlisted().map(|it| it.to_string()).as_deref(), Some("2 tests and 1 failure"));
    /// let results = TestResults::read(r#"<testsuite tests="1"><testcase name="a"/></testsuite>"#)?;
    /// assert_eq!(results.unlisted(), None);
    /// # Ok::<(), scs_standards::junit::ReadResultsError>(())
    /// ```
    #[must_use]
    pub fn unlisted(&self) -> Option<Unlisted> {
        Some(self.unlisted).filter(|unlisted| !unlisted.is_none())
    }

    /// Merges results of the same tests from another source where those are worse: a test that failed or is unfinished there counts
    /// as such here.
    #[must_use]
    pub fn worsened_by(mut self, other: &Self) -> Self {
        for (name, outcome) in &other.outcomes {
            if matches!(outcome, TestOutcome::Failed | TestOutcome::Unfinished) {
                self.take(Some((name.clone(), *outcome)));
            }
        }
        self
    }

    /// Renames the tests with `name`.
    #[must_use]
    pub fn renamed(self, name: impl Fn(&str) -> &str) -> Self {
        let Self { outcomes, properties, started, unlisted } = self;
        let mut renamed = Self { properties, started, unlisted, outcomes: BTreeMap::new() };
        for (full, outcome) in outcomes {
            let name = name(&full);
            let name = if name.len() == full.len() { full } else { name.to_owned() };
            renamed.take(Some((name, outcome)));
        }
        renamed
    }

    /// The outcome of a test; `None` if it is not listed.
    #[must_use]
    pub fn of(&self, test: &str) -> Option<TestOutcome> {
        self.outcomes.get(test).copied()
    }

    /// All tests, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, TestOutcome)> {
        self.outcomes.iter().map(|(name, outcome)| (name.as_str(), *outcome))
    }

    /// The number of tests.
    #[must_use]
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Whether there are no tests.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }
}

impl FromIterator<(String, TestOutcome)> for TestResults {
    fn from_iter<I: IntoIterator<Item = (String, TestOutcome)>>(cases: I) -> Self {
        let mut results = Self::default();
        for case in cases {
            results.take(Some(case));
        }
        results
    }
}

#[cfg(test)]
mod tests {
    use super::TestOutcome::{Failed, Passed};
    use super::*;

    #[test]
    fn the_worst_of_several_runs_counts() {
        let results = TestResults::read(
            "<?xml version='1.0'?><testsuites><testsuite>\
             <testcase name='a'><failure message='x'>text &lt;</failure></testcase>\
             <testcase name='b'><error/></testcase><testcase name='c'/>\
             <testcase name='a'/><testcase name='d'><system-out>failure</system-out></testcase>\
             </testsuite></testsuites>",
        )
        .unwrap();
        let outcomes: Vec<_> = results.iter().collect();
        assert_eq!(outcomes, [("a", Failed), ("b", Failed), ("c", Passed), ("d", Passed)]);
    }

    #[test]
    fn invalid_results_are_rejected() {
        for (text, expected) in [
            ("<!DOCTYPE x [<!ENTITY a 'b'>]><testsuite/>", ReadResultsError::DocumentType),
            ("<testsuite><testcase name='a'/>", ReadResultsError::BreaksOff("testsuite".to_owned())),
            ("<testsuite/>", ReadResultsError::NoTest),
            ("no results here", ReadResultsError::NoTest),
            ("", ReadResultsError::NoTest),
        ] {
            assert_eq!(TestResults::read(text), Err(expected), "{text}");
        }
        assert!(matches!(TestResults::read("<a></b>"), Err(ReadResultsError::Xml { .. })));
        assert!(matches!(TestResults::read(&"<a>".repeat(100)), Err(ReadResultsError::Xml { .. })));
    }

    #[test]
    fn unlisted_tests_are_reported() {
        let unlisted = |text: &str| {
            let results = TestResults::read(text).unwrap().unlisted();
            results.map_or((0, 0), |unlisted| (unlisted.tests, unlisted.failures))
        };
        for (text, expected) in [
            ("<testsuite tests='2'><testcase name='a'/><testcase name='a'/></testsuite>", (0, 0)),
            // Ginkgo's first version announces the executed tests, but also lists skipped ones.
            (
                "<testsuite tests='1'><testcase name='a'/><testcase name='b'><skipped/></testcase></testsuite>",
                (0, 0),
            ),
            ("<testsuite tests='900'><testcase name='a'/></testsuite>", (899, 0)),
            ("<testsuite failures='1' errors='1'><testcase name='a'><error/></testcase></testsuite>", (0, 1)),
            (
                "<testsuite failures='1'><testcase name='a' status='failed'><failure/></testcase></testsuite>",
                (0, 0),
            ),
            // A failure of a suite does not belong to a test.
            ("<testsuite><testcase name='a'/><error/></testsuite>", (0, 1)),
            // Tests announced on both levels are missing once.
            (
                "<testsuites tests='2'><testsuite tests='2'><testcase name='a'/></testsuite></testsuites>",
                (1, 0),
            ),
            (
                "<testsuites tests='5'><testsuite tests='1'><testcase name='a'/></testsuite><testsuite tests='2'><testcase name='b'/></testsuite></testsuites>",
                (3, 0),
            ),
        ] {
            assert_eq!(unlisted(text), expected, "{text}");
            let slim = TestResults::slimmed(text.as_bytes(), 10_000).unwrap();
            assert_eq!(unlisted(&slim), expected, "{slim}");
        }
        assert!(TestResults::read("<testsuite tests='all'><testcase name='a'/></testsuite>").is_err());
    }

    #[test]
    fn a_status_counts_like_an_element() {
        let of = |text: &str| TestResults::read(text).unwrap().of("a");
        for (status, expected) in [
            ("failed", Failed),
            ("timedout", Failed),
            ("passed", Passed),
            ("Skipped", TestOutcome::Skipped),
            ("strange", TestOutcome::Unfinished),
        ] {
            let text = format!("<testsuite><testcase name='a' status='{status}'/></testsuite>");
            assert_eq!(of(&text), Some(expected), "{status}");
        }
        assert_eq!(
            of("<testsuite><testcase name='a' status='failed'><skipped/></testcase></testsuite>"),
            Some(Failed)
        );
        // A nested case does not affect the outer one.
        let nested = "<testsuite><testcase name='a'><failure/><testcase name='b'/></testcase></testsuite>";
        assert_eq!(of(nested), Some(Failed));
    }

    #[test]
    fn suites_of_a_run_are_joined() {
        let read = |text: &str| TestResults::read(text).unwrap();
        let one = read(
            "<testsuite timestamp='2026-02-02T00:00:00'><property name='p' value='1'/><testcase name='x a'/></testsuite>",
        );
        let other = read(
            "<testsuite timestamp='2026-02-01T00:00:00'><property name='p' value='2'/><testcase name='x a'><skipped/></testcase>\
             <testcase name='x b'><error/><properties><property name='q' value='1'/></properties></testcase></testsuite>",
        );
        let both = one.joined(other).renamed(|name| name.trim_start_matches("x "));
        assert_eq!(both.iter().collect::<Vec<_>>(), [("a", Passed), ("b", Failed)]);
        assert_eq!((both.property("p"), both.property("q")), (Some("1"), None));
        assert_eq!(both.started(), Some("2026-02-01T00:00:00"));
    }

    #[test]
    fn stestr_output_is_parsed() {
        let results = TestResults::read(
            "{1} setUpClass (tempest.a.B) [0.0s] ... FAILED\n{0} tempest.a.C.test_d[id-1,smoke] [0.12s] ... ok\n\
             tempest.a.C.test_e [] ... SKIPPED: not enabled\n",
        )
        .unwrap();
        assert_eq!(results.of("tempest.a.C.test_d[id-1,smoke]"), Some(TestOutcome::Passed));
        assert_eq!(results.of("tempest.a.C.test_e"), Some(TestOutcome::Skipped));
        assert_eq!(results.of("(tempest.a.B)"), Some(TestOutcome::Failed));
    }
}
