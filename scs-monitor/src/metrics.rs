//! The standing of a subject in the text format of Prometheus, version 0.0.4.

use std::fmt::Write;

use jiff::Timestamp;
use scs_standards::Verdict;

use crate::service::View;

/// A metric: its name, its help, and the lines of its samples.
struct Metric {
    name: &'static str,
    help: &'static str,
    samples: Vec<(Vec<(&'static str, String)>, String)>,
}

impl Metric {
    const fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, samples: Vec::new() }
    }

    fn add(&mut self, labels: &[(&'static str, &str)], value: impl std::fmt::Display) {
        let labels = labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.samples.push((labels, value.to_string()));
    }

    /// One sample for each verdict, of which one is 1 and the others are 0.
    fn add_verdict(&mut self, labels: &[(&'static str, &str)], verdict: Verdict) {
        for it in Verdict::ALL {
            let name = it.to_string();
            let labels: Vec<_> = labels.iter().copied().chain([("verdict", name.as_str())]).collect();
            self.add(&labels, u8::from(it == verdict));
        }
    }

    fn write(&self, text: &mut String) {
        if self.samples.is_empty() {
            return;
        }
        _ = write!(text, "# HELP {0} {1}\n# TYPE {0} gauge\n", self.name, self.help);
        for (labels, value) in &self.samples {
            let labels: Vec<String> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
            _ = writeln!(text, "{}{{{}}} {value}", self.name, labels.join(","));
        }
    }
}

/// The value of a label: a backslash, a quote and the end of a line are escaped.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn seconds(time: Timestamp) -> i64 {
    time.as_second()
}

/// The metrics of a subject.
pub(crate) fn metrics(view: &View, subject: &str) -> String {
    let mut result = Metric::new("scs_result", "Result of a test case: 1 PASS, 0 DNF, -1 FAIL.");
    let mut checked = Metric::new("scs_result_timestamp_seconds", "When a test case was checked.");
    let mut expires = Metric::new("scs_result_expires_timestamp_seconds", "When a result expires.");
    let mut verdict = Metric::new("scs_verdict", "Verdict for a scope by the text of the standards.");
    let mut official = Metric::new("scs_verdict_official", "Verdict for a scope of the official monitor.");
    let mut version =
        Metric::new("scs_version_verdict", "Verdict for a version by the text of the standards.");
    let mut last = Metric::new("scs_last_check_timestamp_seconds", "When the subject was last checked.");
    let mut changes = Metric::new(
        "scs_verdict_changes_timestamp_seconds",
        "When the verdict by the text changes without a new report.",
    );
    for (_, uuid, standing) in view.snapshot.all().filter(|(it, _, _)| *it == subject) {
        let Some(scope) = view.config.scopes.get(uuid) else { continue };
        let name = scope.slug();
        let labels = [("subject", subject), ("scope", name.as_str())];
        for (case, it) in &standing.results {
            let labels = [labels[0], labels[1], ("test_case", case.as_str())];
            if let Some(number) = it.result {
                result.add(&labels, number);
            }
            checked.add(&labels, seconds(it.checked_at));
            if let Some(known) = scope.test_case(case) {
                expires.add(&labels, seconds(known.lifetime.expires(it.checked_at)));
            }
        }
        verdict.add_verdict(&labels, standing.text.verdict);
        official.add_verdict(&labels, standing.official.verdict);
        for (name, outcome) in &standing.text.versions {
            if let Some(it) = outcome.verdict {
                let validity = outcome.validity.name();
                let labels = [labels[0], labels[1], ("version", name.as_str()), ("validity", validity)];
                version.add_verdict(&labels, it);
            }
        }
        if let Some(at) = standing.results.values().map(|it| it.checked_at).max() {
            last.add(&labels, seconds(at));
        }
        if let Some(at) = standing.text.changes_at {
            changes.add(&labels, seconds(at));
        }
    }
    let mut text = String::new();
    for metric in [result, checked, expires, verdict, official, version, last, changes] {
        metric.write(&mut text);
    }
    text
}
