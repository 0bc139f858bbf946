//! Sonobuoy's own results of a plug-in, `sonobuoy_results.yaml`: files, suites and tests within each other.

use scs_standards::junit::{TestOutcome, TestResults};
use serde::Deserialize;

/// A plug-in, a file, a suite or a test.
#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    name: String,
    status: Option<String>,
    items: Option<Vec<Item>>,
}

/// Items within each other: plug-in, file, suite, test.
const DEEPEST: usize = 8;

/// What it tells.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// The tests.
    pub(super) tests: TestResults,
    /// What is not at its end, and the word for it: the plug-in, or a file or a suite of which no test is known.
    pub(super) unfinished: Option<String>,
    /// Whether the plug-in as a whole is called failed.
    pub(super) has_failed: bool,
}

/// The words for what is not at its end, or whose end nobody knows.
const UNFINISHED: [&str; 4] = ["running", "pending", "unknown", "complete"];

/// Reads it.
pub(super) fn read(yaml: &str) -> Result<Summary, String> {
    let whole: Item = serde_saphyr::from_str(yaml).map_err(|error| {
        error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })?;
    let has_failed = outcome(whole.status.as_deref()) == TestOutcome::Failed;
    let mut read = Reading { tests: Vec::new(), unfinished: unfinished(&whole) };
    if let Some(items) = whole.items {
        for item in items {
            take(item, 1, &mut read)?;
        }
    }
    Ok(Summary { tests: read.tests.into_iter().collect(), unfinished: read.unfinished, has_failed })
}

struct Reading {
    tests: Vec<(String, TestOutcome)>,
    unfinished: Option<String>,
}

/// What an item says of itself, where it is not at its end.
fn unfinished(item: &Item) -> Option<String> {
    let status = item.status.as_deref().filter(|status| UNFINISHED.contains(status))?;
    Some(format!("`{}` is `{status}`", item.name))
}

fn take(item: Item, depth: usize, read: &mut Reading) -> Result<(), String> {
    if depth > DEEPEST {
        return Err("items are nested too deeply".to_owned());
    }
    match item.items {
        Some(items) if !items.is_empty() => {
            items.into_iter().try_for_each(|inner| take(inner, depth + 1, read))
        }
        // A file or a suite without tests has none, unless they are still to come.
        _ if depth < 3 => {
            read.unfinished = read.unfinished.take().or_else(|| unfinished(&item));
            Ok(())
        }
        _ => {
            read.tests.push((item.name, outcome(item.status.as_deref())));
            Ok(())
        }
    }
}

/// What has neither passed nor was left out has not passed: a time-out, a word that nobody knows.
fn outcome(status: Option<&str>) -> TestOutcome {
    match status {
        Some("passed") => TestOutcome::Passed,
        None | Some("skipped") => TestOutcome::Skipped,
        Some(status) if UNFINISHED.contains(&status) => TestOutcome::Unfinished,
        Some(_) => TestOutcome::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_at_its_end_has_no_outcome() {
        for status in UNFINISHED {
            let test = read(&format!(
                "name: e2e\nstatus: passed\nitems: [{{name: f, items: [{{name: s, items: [{{name: a, status: {status}}}]}}]}}]\n"
            ))
            .unwrap();
            assert_eq!(test.tests.of("a"), Some(TestOutcome::Unfinished), "{status}");
            let whole = read(&format!(
                "name: e2e\nstatus: {status}\nitems: [{{name: f, items: [{{name: s, items: [{{name: a, status: passed}}]}}]}}]\n"
            ))
            .unwrap();
            assert_eq!(whole.unfinished, Some(format!("`e2e` is `{status}`")));
        }
    }

    #[test]
    fn tests_are_found_in_files_and_suites() {
        let yaml = "name: e2e\nstatus: failed\nmeta: {type: summary}\nitems:\n- name: junit_01.xml\n  status: failed\n  meta: {file: x}\n  items:\n\
                    - name: Kubernetes e2e suite\n    status: failed\n    items:\n    - {name: '[It] a', status: passed}\n    - {name: '[It] b', status: timeout}\n    - {name: '[It] c'}\n- {name: junit_02.xml, status: unknown}\n";
        let results = read(yaml.replace("- name: Kube", "  - name: Kube").as_str()).unwrap();
        let outcomes: Vec<_> = results.tests.iter().collect();
        assert_eq!(
            outcomes,
            [
                ("[It] a", TestOutcome::Passed),
                ("[It] b", TestOutcome::Failed),
                ("[It] c", TestOutcome::Skipped)
            ]
        );
        assert_eq!(results.unfinished.as_deref(), Some("`junit_02.xml` is `unknown`"));
        assert!(read("name: e2e\n").unwrap().tests.is_empty());
        assert!(read("- a\n").is_err());
        let deep = format!(
            "name: a\nitems: {}{}",
            "[{name: b, items: ".repeat(20),
            "[]".to_owned() + &"}]".repeat(20)
        );
        assert!(read(&deep).is_err());
    }
}
