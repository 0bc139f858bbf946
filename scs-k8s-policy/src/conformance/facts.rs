//! Allowed failures, and the number of conformance tests: dated facts, built-in or supplied (C-091).

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;
use scs_standards::yaml;
use serde::Deserialize;
use thiserror::Error;

use crate::version::{Branch, ParseVersionError};

/// The facts that the conformance rules use.
///
/// ```
/// use scs_k8s_policy::{Branch, ConformanceFacts};
///
/// let facts = ConformanceFacts::embedded();
/// assert_eq!(facts.tests_of(Branch::new(1, 36)), Some(446));
/// let exception = facts.exception_of("[sig-network] Netpol [Feature:SCTPConnectivity] NetworkPolicy should deny").unwrap();
/// assert_eq!(exception.reason(), "SCTP is optional");
/// ```
#[derive(Clone, Debug, Default)]
pub struct ConformanceFacts {
    as_of: Option<Date>,
    exceptions: Vec<Exception>,
    tests: BTreeMap<Branch, usize>,
    network_policy_tests: BTreeMap<Branch, usize>,
}

/// A test that is allowed to fail.
#[derive(Clone, Debug)]
pub struct Exception {
    expression: Regex,
    reason: String,
    before: Option<Branch>,
    when: Option<Reason>,
}

/// A condition on the cluster under which an exception applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A node has no address of type `InternalIP`.
    NoInternalIp,
    /// Its network plug-in is Cilium.
    Cilium,
}

/// Error: not valid conformance facts.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadConformanceFactsError {
    /// It is not YAML, or not conformance facts.
    #[error("{0}")]
    Yaml(String),
    /// A branch is invalid.
    #[error(transparent)]
    Branch(#[from] ParseVersionError),
    /// A regular expression is invalid.
    #[error("`{expression}` is not a regular expression")]
    Expression {
        /// The expression.
        expression: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    as_of: Option<Date>,
    /// In the official file, the exceptions have a different key.
    #[serde(default, alias = "okToFail")]
    ok_to_fail: Vec<FileException>,
    #[serde(default)]
    conformance_tests: Vec<FileTests>,
    #[serde(default)]
    network_policy_tests: Vec<FileTests>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileException {
    #[serde(alias = "regex")]
    expression: String,
    reason: String,
    before: Option<String>,
    when: Option<Reason>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTests {
    branch: String,
    tests: usize,
}

static EMBEDDED: LazyLock<ConformanceFacts> = LazyLock::new(|| {
    include_str!("../../data/conformance.yaml").parse::<ConformanceFacts>().unwrap_or_default()
});

/// Size limit of a compiled expression in bytes.
const MAX_EXPRESSION: usize = 1 << 20;

impl FromStr for ConformanceFacts {
    type Err = ReadConformanceFactsError;

    /// Parses facts in the format of the built-in ones, or the `okToFail` of the official suite.
    ///
    /// # Errors
    ///
    /// If it is neither, or an expression or a branch is invalid.
    ///
    /// ```
    /// use scs_k8s_policy::ConformanceFacts;
    ///
    /// let facts: ConformanceFacts = "okToFail: [{regex: 'a.c', reason: it is flaky}]".parse()?;
    /// assert!(facts.exception_of("[sig-a] abc").is_some());
    /// # Ok::<(), scs_k8s_policy::ReadConformanceFactsError>(())
    /// ```
    fn from_str(yaml: &str) -> Result<Self, Self::Err> {
        let file: File = serde_saphyr::from_str(yaml)
            .map_err(|error| ReadConformanceFactsError::Yaml(yaml::reason(&error)))?;
        let exceptions = file.ok_to_fail.into_iter().map(Exception::of).collect::<Result<_, _>>()?;
        Ok(Self {
            as_of: file.as_of,
            exceptions,
            tests: by_branch(file.conformance_tests)?,
            network_policy_tests: by_branch(file.network_policy_tests)?,
        })
    }
}

impl ConformanceFacts {
    /// The built-in facts.
    #[must_use]
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// The minimum number of network policy tests in a branch.
    #[must_use]
    pub fn network_policy_tests_of(&self, branch: Branch) -> Option<usize> {
        self.network_policy_tests.get(&branch).copied()
    }

    /// Replaces the exceptions, keeping the numbers of tests.
    #[must_use]
    pub fn with_exceptions_of(self, other: Self) -> Self {
        Self { as_of: other.as_of, exceptions: other.exceptions, ..self }
    }

    /// The date of the facts.
    #[must_use]
    pub const fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    /// The exceptions.
    #[must_use]
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// The first exception that applies to a test.
    #[must_use]
    pub fn exception_of(&self, test: &str) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| exception.expression.is_match(test))
    }

    /// The minimum number of conformance tests in a branch.
    #[must_use]
    pub fn tests_of(&self, branch: Branch) -> Option<usize> {
        self.tests.get(&branch).copied()
    }

    /// The branches with a known number of conformance tests.
    #[must_use]
    pub fn branches(&self) -> impl DoubleEndedIterator<Item = Branch> {
        self.tests.keys().copied()
    }
}

fn by_branch(rows: Vec<FileTests>) -> Result<BTreeMap<Branch, usize>, ParseVersionError> {
    rows.into_iter().map(|row| Ok((row.branch.parse()?, row.tests))).collect()
}

impl Exception {
    fn of(row: FileException) -> Result<Self, ReadConformanceFactsError> {
        let expression = regex::RegexBuilder::new(&row.expression).size_limit(MAX_EXPRESSION).build();
        let error = |_| ReadConformanceFactsError::Expression {
            expression: row.expression.chars().take(200).collect(),
        };
        let expression = expression.map_err(error)?;
        let before = row.before.map(|branch| branch.parse()).transpose()?;
        Ok(Self { expression, reason: row.reason, before, when: row.when })
    }

    /// The regular expression, which may match anywhere in the name of a test.
    #[must_use]
    pub fn expression(&self) -> &str {
        self.expression.as_str()
    }

    /// The reason why the tests may fail.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The Kubernetes branch from which on the exception no longer applies.
    #[must_use]
    pub const fn before(&self) -> Option<Branch> {
        self.before
    }

    /// The condition on the cluster.
    #[must_use]
    pub const fn when(&self) -> Option<Reason> {
        self.when
    }

    /// Whether it still applies to a branch; also true if the branch is unknown.
    #[must_use]
    pub fn applies_to(&self, branch: Option<Branch>) -> bool {
        !matches!((self.before, branch), (Some(before), Some(branch)) if branch >= before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_facts_are_readable() {
        let facts: ConformanceFacts = include_str!("../../data/conformance.yaml").parse().unwrap();
        assert_eq!((facts.exceptions().len(), facts.branches().count()), (9, 7));
        let counts: Vec<_> = facts.branches().filter_map(|branch| facts.tests_of(branch)).collect();
        assert!(counts.is_sorted(), "conformance loses no tests: {counts:?}");
        assert!(facts.as_of().is_some());
        let of = |minor| facts.network_policy_tests_of(Branch::new(1, minor));
        assert_eq!([of(33), of(34), of(36), of(37)], [None, Some(50), Some(50), Some(51)]);
        let flaky = facts.exceptions().iter().find(|exception| exception.before().is_some()).unwrap();
        assert!(flaky.applies_to(Some(Branch::new(1, 35))) && flaky.applies_to(None));
        assert!(!flaky.applies_to(Some(Branch::new(1, 36))));
    }

    /// The exceptions in the official repository, if its data files are available.
    #[test]
    fn exceptions_match_the_official_repository() {
        let Ok(standards) = std::env::var("SCS_STANDARDS_DIR") else {
            println!("skipped: SCS_STANDARDS_DIR is not set");
            return;
        };
        let path = format!("{standards}/Tests/kaas/scs-sonobuoy-config-v1.yaml");
        let official: ConformanceFacts = std::fs::read_to_string(path).unwrap().parse().unwrap();
        let expressions = |facts: &ConformanceFacts| {
            facts.exceptions().iter().map(|exception| exception.expression().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(expressions(ConformanceFacts::embedded()), expressions(&official));
    }

    #[test]
    fn invalid_facts_are_errors() {
        for (yaml, expected) in [
            ("okToFail: [{regex: '(', reason: a}]", "not a regular expression"),
            ("okToFail: [{regex: 'a{1000}{1000}', reason: a}]", "not a regular expression"),
            ("okToFail: [{regex: a}]", "reason"),
            ("conformance_tests: [{branch: v1.33.4, tests: 1}]", "third number"),
            ("other: 1", "other"),
        ] {
            let error = yaml.parse::<ConformanceFacts>().unwrap_err().to_string();
            assert!(error.contains(expected), "{yaml}: {error}");
        }
    }
}
