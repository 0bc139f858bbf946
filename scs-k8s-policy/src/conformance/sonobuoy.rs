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

/// Reads it.
pub(super) fn read(yaml: &str) -> Result<TestResults, String> {
    let whole: Item = serde_saphyr::from_str(yaml).map_err(|error| {
        error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })?;
    let mut tests = Vec::new();
    if let Some(items) = whole.items {
        for item in items {
            take(item, 1, &mut tests)?;
        }
    }
    Ok(tests.into_iter().collect())
}

fn take(item: Item, depth: usize, tests: &mut Vec<(String, TestOutcome)>) -> Result<(), String> {
    if depth > DEEPEST {
        return Err("items are nested too deeply".to_owned());
    }
    match item.items {
        Some(items) if !items.is_empty() => {
            items.into_iter().try_for_each(|inner| take(inner, depth + 1, tests))
        }
        // A file or a suite without tests is none.
        _ if depth < 3 => Ok(()),
        _ => {
            tests.push((item.name, outcome(item.status.as_deref())));
            Ok(())
        }
    }
}

/// What is neither passed nor left out has not passed: an unknown word, a time-out.
fn outcome(status: Option<&str>) -> TestOutcome {
    match status {
        Some("passed") => TestOutcome::Passed,
        None | Some("skipped") => TestOutcome::Skipped,
        Some(_) => TestOutcome::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_found_in_files_and_suites() {
        let yaml = "name: e2e\nstatus: failed\nmeta: {type: summary}\nitems:\n- name: junit_01.xml\n  status: failed\n  meta: {file: x}\n  items:\n\
                    - name: Kubernetes e2e suite\n    status: failed\n    items:\n    - {name: '[It] a', status: passed}\n    - {name: '[It] b', status: timeout}\n    - {name: '[It] c'}\n- {name: junit_02.xml, status: unknown}\n";
        let results = read(yaml.replace("- name: Kube", "  - name: Kube").as_str()).unwrap();
        let outcomes: Vec<_> = results.iter().collect();
        assert_eq!(
            outcomes,
            [
                ("[It] a", TestOutcome::Passed),
                ("[It] b", TestOutcome::Failed),
                ("[It] c", TestOutcome::Skipped)
            ]
        );
        assert!(read("name: e2e\n").unwrap().is_empty());
        assert!(read("- a\n").is_err());
        let deep = format!(
            "name: a\nitems: {}{}",
            "[{name: b, items: ".repeat(20),
            "[]".to_owned() + &"}]".repeat(20)
        );
        assert!(read(&deep).is_err());
    }
}
