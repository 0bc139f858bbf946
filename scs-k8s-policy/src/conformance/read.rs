//! Parses the inventory part with the results, in any supported format.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_standards::junit::{TestOutcome, TestResults};
use scs_standards::listed::kind_of;
use serde_json::{Map, Value};

use super::archive::ArchiveLimits;
use super::error::ReadConformanceError;
use super::results::ConformanceResults;
use super::run::{ConformanceRun, moment};

/// Keys allowed next to results.
const BESIDE: [&str; 4] = ["version", "at", "focus", "skip"];
/// Maximum number of keys in a message.
const SHOWN_KEYS: usize = 5;
/// Keys of a mapping with results in a file format.
const FILES: [&str; 4] = ["junit", "sonobuoy_tarball", "sonobuoy_results", "tests"];

impl ConformanceResults {
    /// Parses the part: JUnit XML or `sonobuoy_results.yaml` as a string; `{"junit": …}`, `{"sonobuoy_results": …}`,
    /// `{"sonobuoy_tarball": …}`, the archive as base64, or `{"tests": …}`, optionally with the `version` of the cluster and
    /// the start time `at`, if the results do not have them; a mapping of tests to `passed`, `failed` or `skipped`; or a
    /// list of these, one for each run.
    ///
    /// # Errors
    ///
    /// If it is none of these, an archive is unreadable, or there are no tests. Errors of list entries are kept with the
    /// others, as long as one entry is valid.
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

    /// Parses JUnit XML or `sonobuoy_results.yaml`; the format is detected.
    ///
    /// # Errors
    ///
    /// If it is neither, the XML has a document type, or there are no tests.
    pub fn read_text(text: &str) -> Result<Self, ReadConformanceError> {
        Ok(Self { runs: vec![run_of_text(text)?], broken: Vec::new() })
    }

    /// Reads the archive from `sonobuoy retrieve`. It is not unpacked to disk, and at most one results file is kept in
    /// memory.
    ///
    /// # Errors
    ///
    /// If it is not such an archive, exceeds the limits, or has names that point outside it.
    pub fn read_archive(
        archive: impl std::io::Read,
        limits: ArchiveLimits,
    ) -> Result<Self, ReadConformanceError> {
        Ok(Self { runs: vec![super::archive::run(archive, limits)?], broken: Vec::new() })
    }

    /// The run in an archive as an entry of the inventory part: the contents of its results files, without the logs that
    /// make up most of it.
    ///
    /// # Errors
    ///
    /// As for [`ConformanceResults::read_archive`], but without parsing the results files.
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
        return Err(ReadConformanceError::Shape("another string"));
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
        // `base64` writes line breaks.
        let joined: String = archive.split_whitespace().collect();
        let bytes =
            STANDARD.decode(joined).map_err(|error| ReadConformanceError::Base64(error.to_string()))?;
        super::archive::run(bytes.as_slice(), ArchiveLimits::default())?
    } else if let Some(Value::Array(files)) = mapping.get("junit") {
        // As in an archive: one for each process that ran tests.
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
        let at = moment(at).ok_or_else(|| ReadConformanceError::At(shortened(at)))?;
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
    // Keys next to results in a file format are not test names.
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
    fn every_format_is_parsed() {
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
    fn invalid_results_are_errors() {
        for (part, expected) in [
            (serde_json::json!(7), "found a number"),
            (serde_json::json!("no results"), "found another string"),
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
                "no results: expected `junit`, `sonobuoy_results`, `sonobuoy_tarball` or `tests`; found `version`, `xml`",
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
