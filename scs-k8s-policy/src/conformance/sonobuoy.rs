//! Sonobuoy's own results of a plug-in, `sonobuoy_results.yaml`: nested files, suites and tests.

use scs_standards::junit::{TestOutcome, TestResults};
use scs_standards::yaml;
use serde::Deserialize;

/// A plug-in, a file, a suite or a test.
#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    name: String,
    status: Option<String>,
    items: Option<Vec<Item>>,
}

/// Maximum nesting of items: plug-in, file, suite, test.
const MAX_DEPTH: usize = 8;

/// The parsed summary.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// The tests.
    pub(super) tests: TestResults,
    /// The unfinished item and its status: the plug-in, or a file or suite without tests.
    pub(super) unfinished: Option<String>,
    /// Whether the plug-in as a whole is reported as failed.
    pub(super) has_failed: bool,
}

/// The statuses of unfinished items.
const UNFINISHED: [&str; 4] = ["running", "pending", "unknown", "complete"];

/// Parses the summary.
pub(super) fn read(yaml: &str) -> Result<Summary, String> {
    let whole: Item = serde_saphyr::from_str(yaml).map_err(|error| yaml::reason(&error))?;
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

/// The status of an unfinished item.
fn unfinished(item: &Item) -> Option<String> {
    let status = item.status.as_deref().filter(|status| UNFINISHED.contains(status))?;
    Some(format!("`{}` is `{status}`", item.name))
}

fn take(item: Item, depth: usize, read: &mut Reading) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err("items are nested too deeply".to_owned());
    }
    match item.items {
        Some(items) if !items.is_empty() => {
            items.into_iter().try_for_each(|inner| take(inner, depth + 1, read))
        }
        // A file or suite without tests has none, unless it is unfinished.
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

/// Anything that neither passed nor was skipped has not passed: a timeout, or an unknown status.
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
    fn unfinished_items_have_no_outcome() {
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
