//! The reasons why results cannot be read.

use scs_standards::junit::ReadResultsError;
use thiserror::Error;

/// Error: not valid results of the suite.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadConformanceError {
    /// It is not JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// It is of an unexpected type.
    #[error(
        "expected JUnit XML or `sonobuoy_results.yaml` as a string, `{{\"junit\": …}}`, `{{\"sonobuoy_tarball\": …}}`, or tests with `passed`, `failed` or `skipped`; found {0}"
    )]
    Shape(&'static str),
    /// A mapping with keys of results but no results.
    #[error("no results: expected `junit`, `sonobuoy_results`, `sonobuoy_tarball` or `tests`; found {0}")]
    Keys(String),
    /// A test with an invalid outcome.
    #[error("`{test}` is `{word}`; it must be `passed`, `failed` or `skipped`")]
    Outcome {
        /// The test.
        test: String,
        /// The invalid outcome.
        word: String,
    },
    /// The JUnit XML is invalid.
    #[error("JUnit: {0}")]
    Junit(#[from] ReadResultsError),
    /// Sonobuoy's results are invalid.
    #[error("`sonobuoy_results.yaml`: {0}")]
    Sonobuoy(String),
    /// The archive is not base64.
    #[error("`sonobuoy_tarball` is not base64: {0}")]
    Base64(String),
    /// The archive is invalid.
    #[error("the archive: {0}")]
    Archive(#[from] ReadArchiveError),
    /// The version next to the results is invalid.
    #[error("`version`: {0}")]
    Version(#[from] crate::version::ParseVersionError),
    /// The version next to the results differs from theirs.
    #[error("the results are from {own}, but `version` next to them says {beside}; remove it")]
    OtherVersion {
        /// The version in the results.
        own: String,
        /// The version next to them.
        beside: String,
    },
    /// The time next to the results is invalid.
    #[error("`at` is `{0}`, not a time such as 2026-11-24T08:00:00Z")]
    At(String),
    /// It has no tests.
    #[error("it has no tests; a run without tests proves nothing")]
    NoTest,
}

/// Error: an archive that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadArchiveError {
    /// It is not a `tar.gz`, or is truncated.
    #[error("not a readable `tar.gz`: {0}")]
    Broken(String),
    /// It is larger than the limit.
    #[error("more than {0} bytes when unpacked")]
    TooLarge(u64),
    /// It has more entries than the limit.
    #[error("it has more than {0} entries")]
    TooMany(u64),
    /// It has more gzip members than the limit.
    #[error("it has more than {0} gzip members")]
    TooManyMembers(u64),
    /// A file is larger than the limit.
    #[error("`{name}` has more than {limit} bytes")]
    FileTooLarge {
        /// The file.
        name: String,
        /// The limit.
        limit: u64,
    },
    /// A name points outside the archive.
    #[error("`{0}` points outside the archive; Sonobuoy's archives have no such names")]
    Outside(String),
    /// A results file is not text.
    #[error("`{0}` is not UTF-8")]
    NotText(String),
    /// A file about the test run is truncated, or invalid.
    #[error("`{0}` is not valid JSON")]
    NotJson(String),
    /// The file with the cluster's version lacks it.
    #[error("`{0}` has no `gitVersion`")]
    NoVersion(String),
    /// It has no test results.
    #[error(
        "it has neither `plugins/e2e/results/global/junit_*.xml` nor `plugins/e2e/sonobuoy_results.yaml`"
    )]
    NoResults,
}
