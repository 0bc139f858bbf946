//! The part of an inventory that has the results, in whatever form they come.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_standards::junit::{ReadResultsError, TestOutcome, TestResults};
use scs_standards::listed::kind_of;
use serde_json::{Map, Value};
use thiserror::Error;

use super::archive::{ArchiveLimits, ReadArchiveError};
use super::{ConformanceResults, ConformanceRun};

/// What is no result of the suite.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadConformanceError {
    /// It is no JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// It is something else.
    #[error(
        "expected JUnit XML or `sonobuoy_results.yaml` as a text, `{{\"junit\": …}}`, `{{\"sonobuoy_tarball\": …}}`, or tests with `passed`, `failed` or `skipped`; found {0}"
    )]
    Shape(&'static str),
    /// A mapping that says something of results and has none.
    #[error(
        "there are no results in it: expected `junit`, `sonobuoy_results`, `sonobuoy_tarball` or `tests`; found {0}"
    )]
    Keys(String),
    /// A test with another outcome.
    #[error("`{test}` is `{word}`; it must be `passed`, `failed` or `skipped`")]
    Outcome {
        /// The test.
        test: String,
        /// What is said of it.
        word: String,
    },
    /// The JUnit XML cannot be read.
    #[error("JUnit: {0}")]
    Junit(#[from] ReadResultsError),
    /// The results of Sonobuoy cannot be read.
    #[error("`sonobuoy_results.yaml`: {0}")]
    Sonobuoy(String),
    /// The archive is no base64 text.
    #[error("`sonobuoy_tarball` is not base64: {0}")]
    Base64(String),
    /// The archive cannot be read.
    #[error("the archive: {0}")]
    Archive(#[from] ReadArchiveError),
    /// The version beside the results is none.
    #[error("`version`: {0}")]
    Version(#[from] crate::version::ParseVersionError),
    /// The version beside the results is not the one that they say.
    #[error("the results say that they are of {own}, and `version` beside them says {beside}; remove it")]
    OtherVersion {
        /// What the results say.
        own: String,
        /// What stands beside them.
        beside: String,
    },
    /// The time beside the results is none.
    #[error("`at` is `{0}`, no time such as 2026-11-24T08:00:00Z")]
    At(String),
    /// There is no test in it.
    #[error("it has no test; a run without tests shows nothing")]
    NoTest,
}

/// Keys that stand beside results.
const BESIDE: [&str; 4] = ["version", "at", "focus", "skip"];
/// How many keys a message names.
const SHOWN_KEYS: usize = 5;
/// Keys of a mapping that has results in a file's form.
const FILES: [&str; 4] = ["junit", "sonobuoy_tarball", "sonobuoy_results", "tests"];

impl ConformanceResults {
    /// Reads the part: JUnit XML or `sonobuoy_results.yaml` as a text; `{"junit": …}`, `{"sonobuoy_results": …}`,
    /// `{"sonobuoy_tarball": …}`, the archive as base64, or `{"tests": …}`, with the `version` of the cluster and the time `at`
    /// which the tests began beside it where these are known and the results do not say it; a mapping of tests to `passed`,
    /// `failed` or `skipped`; or a list of these, one for each run.
    ///
    /// # Errors
    ///
    /// When it is none of these, when an archive is not fit to be read, and when there is no test in it. What is wrong with an
    /// entry of a list is kept beside the others, as long as one can be read.
    ///
    /// ```
    /// use scs_k8s_policy::ConformanceResults;
    ///
    /// let results = ConformanceResults::read(r#"{"[sig-node] Pods should run [Conformance]": "passed"}"#)?;
    /// assert_eq!(results.runs().len(), 1);
    /// assert!(ConformanceResults::read(r#"{"a": "well"}"#).unwrap_err().to_string().contains("must be `passed`"));
    /// assert!(ConformanceResults::read("{}").is_err());
    /// # Ok::<(), scs_k8s_policy::ReadConformanceError>(())
    /// ```
    pub fn read(json: &str) -> Result<Self, ReadConformanceError> {
        let value: Value =
            serde_json::from_str(json).map_err(|error| ReadConformanceError::Json(error.to_string()))?;
        let entries = match value {
            Value::Array(entries) => entries,
            one => vec![one],
        };
        let (mut runs, mut broken) = (Vec::new(), Vec::new());
        for (number, entry) in (1..).zip(entries) {
            match run(entry) {
                Ok(run) => runs.push(run),
                Err(error) => broken.push((number, error)),
            }
        }
        if runs.is_empty() {
            let first = broken.into_iter().next();
            return Err(first.map_or(ReadConformanceError::NoTest, |(_, error)| error));
        }
        Ok(Self { runs, broken })
    }

    /// Reads JUnit XML or `sonobuoy_results.yaml`; the content tells which.
    ///
    /// # Errors
    ///
    /// When it is neither, when the XML has a document type, and when there is no test in it.
    pub fn read_text(text: &str) -> Result<Self, ReadConformanceError> {
        Ok(Self { runs: vec![run_of_text(text)?], broken: Vec::new() })
    }

    /// Reads the archive that `sonobuoy retrieve` gives. Nothing is written anywhere, and no more of it is held than one file of
    /// results.
    ///
    /// # Errors
    ///
    /// When it is no such archive, is larger than the limits, or has names that lead out of it.
    pub fn read_archive(
        archive: impl std::io::Read,
        limits: ArchiveLimits,
    ) -> Result<Self, ReadConformanceError> {
        Ok(Self { runs: vec![super::archive::run(archive, limits)?], broken: Vec::new() })
    }

    /// What an archive tells of its run, as an entry of the inventory's part: the texts of its files of results, without the
    /// logs that make up most of it.
    ///
    /// # Errors
    ///
    /// As [`ConformanceResults::read_archive`], but what is in the files of results is not looked at.
    pub fn part_of_archive(
        archive: impl std::io::Read,
        limits: ArchiveLimits,
    ) -> Result<Value, ReadConformanceError> {
        super::archive::part(archive, limits)
    }
}

fn run(value: Value) -> Result<ConformanceRun, ReadConformanceError> {
    match value {
        Value::String(text) => run_of_text(&text),
        Value::Object(mapping) if FILES.iter().any(|key| mapping.contains_key(*key)) => run_of_files(mapping),
        Value::Object(mapping) => run_of_tests(mapping),
        other => Err(ReadConformanceError::Shape(kind_of(&other))),
    }
}

fn run_of_text(text: &str) -> Result<ConformanceRun, ReadConformanceError> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.is_empty() {
        return Err(ReadConformanceError::NoTest);
    }
    let tests = if start.starts_with('<') {
        TestResults::read(start)?
    } else if start.lines().any(|line| line.starts_with("items:")) {
        return run_of_summary(start);
    } else {
        return Err(ReadConformanceError::Shape("another text"));
    };
    with_tests(ConformanceRun::of(tests))
}

fn run_of_summary(yaml: &str) -> Result<ConformanceRun, ReadConformanceError> {
    super::archive::run_of::<&str>(&[], Some(yaml), None)
}

fn run_of_files(mut mapping: Map<String, Value>) -> Result<ConformanceRun, ReadConformanceError> {
    let tests = mapping.remove("tests").filter(|tests| !tests.is_null());
    let text = |key: &str| match mapping.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(other) => Err(ReadConformanceError::Shape(kind_of(other))),
    };
    let mut run = if let Some(archive) = text("sonobuoy_tarball")? {
        // As `base64` writes it, with line breaks.
        let joined: String = archive.split_whitespace().collect();
        let bytes =
            STANDARD.decode(joined).map_err(|error| ReadConformanceError::Base64(error.to_string()))?;
        super::archive::run(bytes.as_slice(), ArchiveLimits::default())?
    } else if let Some(Value::Array(files)) = mapping.get("junit") {
        // As an archive has them: one for each process that ran tests.
        let files: Option<Vec<&str>> = files.iter().map(Value::as_str).collect();
        let files = files.ok_or(ReadConformanceError::Shape("a list of something else than texts"))?;
        super::archive::run_of(&files, text("sonobuoy_results")?, text("sonobuoy_error")?)?
    } else if let Some(junit) = text("junit")? {
        super::archive::run_of(&[junit], text("sonobuoy_results")?, text("sonobuoy_error")?)?
    } else if text("sonobuoy_results")?.is_some() {
        super::archive::run_of::<&str>(&[], text("sonobuoy_results")?, text("sonobuoy_error")?)?
    } else {
        match tests {
            Some(Value::Object(tests)) => run_of_tests(tests)?,
            Some(other) => return Err(ReadConformanceError::Shape(kind_of(&other))),
            None => return Err(ReadConformanceError::NoTest),
        }
    };
    if let Some(at) = text("at")? {
        let at = super::moment(at).ok_or_else(|| ReadConformanceError::At(shortened(at)))?;
        run.started_at = run.started_at.or(Some(at));
    }
    if let Some(version) = text("version")? {
        let beside: crate::version::K8sVersion = version.parse()?;
        match run.version.take() {
            Some(own) if own.branch() != beside.branch() => {
                let (own, beside) = (own.to_string(), beside.to_string());
                return Err(ReadConformanceError::OtherVersion { own, beside });
            }
            own => run.version = own.or(Some(beside)),
        }
    }
    run.focus = run.focus.or(text("focus")?.map(str::to_owned));
    run.skip = run.skip.or(text("skip")?.map(str::to_owned));
    Ok(run)
}

fn run_of_tests(mapping: Map<String, Value>) -> Result<ConformanceRun, ReadConformanceError> {
    // What stands beside results in a file's form is the name of no test.
    if BESIDE.iter().any(|key| mapping.contains_key(*key)) {
        let keys: Vec<String> =
            mapping.keys().take(SHOWN_KEYS).map(|key| format!("`{}`", shortened(key))).collect();
        return Err(ReadConformanceError::Keys(keys.join(", ")));
    }
    let tests = mapping.into_iter().map(|(test, outcome)| {
        let found = match outcome.as_str() {
            Some("passed") => TestOutcome::Passed,
            Some("failed") => TestOutcome::Failed,
            Some("skipped") => TestOutcome::Skipped,
            other => {
                let word = other.map_or_else(|| kind_of(&outcome).to_owned(), shortened);
                return Err(ReadConformanceError::Outcome { test: shortened(&test), word });
            }
        };
        Ok((test, found))
    });
    with_tests(ConformanceRun::of(tests.collect::<Result<_, _>>()?))
}

fn with_tests(run: ConformanceRun) -> Result<ConformanceRun, ReadConformanceError> {
    if run.tests.is_empty() { Err(ReadConformanceError::NoTest) } else { Ok(run) }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::E2eSelection;

    fn error(json: &Value) -> String {
        ConformanceResults::read(&json.to_string()).unwrap_err().to_string()
    }

    #[test]
    fn every_form_is_read() {
        let junit = "<testsuite><testcase name='a [Conformance]'/></testsuite>";
        let yaml = "name: e2e\nitems: [{name: f, items: [{name: s, items: [{name: 'a [Conformance]', status: passed}]}]}]\n";
        for part in [
            serde_json::json!(junit),
            serde_json::json!({"junit": junit}),
            serde_json::json!(yaml),
            serde_json::json!({"sonobuoy_results": yaml, "sonobuoy_tarball": null}),
            serde_json::json!({"a [Conformance]": "passed"}),
            serde_json::json!([{"a [Conformance]": "passed"}]),
            serde_json::json!({"tests": {"a [Conformance]": "passed"}, "at": "2026-11-20"}),
            serde_json::json!([{"junit": "<x"}, {"a [Conformance]": "passed"}]),
        ] {
            let read = ConformanceResults::read(&part.to_string()).unwrap();
            let found: Vec<_> = read.runs()[0].executed(E2eSelection::Conformance).collect();
            assert_eq!(found, [("a [Conformance]", TestOutcome::Passed)], "{part}");
        }
        let dated = |at: &str| {
            let part = serde_json::json!({"tests": {"a": "passed"}, "at": at});
            ConformanceResults::read(&part.to_string()).map(|read| read.runs()[0].started_at)
        };
        assert_eq!(dated("2026-11-20T08:00:00Z"), Ok("2026-11-20T08:00:00Z".parse().ok()));
        assert_eq!(dated("soon"), Err(ReadConformanceError::At("soon".to_owned())));
        let several = r#"[{"junit": "<x"}, {"a": "passed"}, 7]"#;
        let places: Vec<usize> =
            ConformanceResults::read(several).unwrap().broken().iter().map(|(number, _)| *number).collect();
        assert_eq!(places, [1, 3]);
        let versioned = serde_json::json!({"junit": junit, "version": "v1.36.2"}).to_string();
        let read = ConformanceResults::read(&versioned).unwrap();
        assert_eq!(read.runs()[0].version.as_ref().map(ToString::to_string).as_deref(), Some("v1.36.2"));
    }

    #[test]
    fn what_is_no_result_is_told() {
        for (part, expected) in [
            (serde_json::json!(7), "found a number"),
            (serde_json::json!("no results"), "found another text"),
            (serde_json::json!(""), "no test"),
            (serde_json::json!([]), "no test"),
            (serde_json::json!("<!DOCTYPE a><testsuite/>"), "document type"),
            (serde_json::json!({"junit": "<testsuite/>"}), "no test"),
            (serde_json::json!({"junit": null}), "no test"),
            (serde_json::json!({"junit": 7}), "found a number"),
            (serde_json::json!({"sonobuoy_tarball": "%"}), "not base64"),
            (serde_json::json!({"sonobuoy_tarball": "AAAA"}), "the archive"),
            (serde_json::json!({"a": {"b": 1}}), "`a` is `a mapping`"),
            (
                serde_json::json!({"version": "v1.36.5", "xml": "<testsuite/>"}),
                "there are no results in it: expected `junit`, `sonobuoy_results`, `sonobuoy_tarball` or `tests`; found `version`, `xml`",
            ),
            (serde_json::json!("name: e2e\nitems: []\n"), "no test"),
            (
                serde_json::json!({"junit": "<a><testcase name='a'/></a>", "version": "v1.36"}),
                "it is a branch",
            ),
        ] {
            let error = error(&part);
            assert!(error.contains(expected), "{part}: {error}");
        }
    }
}
