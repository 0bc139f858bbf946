//! Writes reports in the format of the official suite, so that the compliance monitor accepts them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use scs_standards::Verdict;
use scs_standards::written::yaml;
use uuid::Uuid;

use super::{Collection, Report, ReportScope};

impl Report {
    /// Creates a report. The UUID of the run is derived from the content, so that the same check gives the same report.
    /// MISS is not a result and is left out.
    ///
    /// ```
    /// use scs_certificates::Scope;
    /// use scs_certificates::report::Report;
    /// use scs_standards::Verdict;
    ///
    /// let results = [("scs-0100-syntax-check".to_owned(), Verdict::Pass)].into();
    /// let checked_at = "2026-11-24T08:30:00Z".parse()?;
    /// let report = Report::new(Scope::compatible_iaas(), "my-cloud", checked_at, results, vec!["scs check cloud.yaml".into()]);
    /// assert_eq!(Report::read(&report.to_string())?, report);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(
        scope: impl Into<ReportScope>,
        subject: &str,
        checked_at: Timestamp,
        results: BTreeMap<String, Verdict>,
        commands: Vec<String>,
    ) -> Self {
        let results: BTreeMap<String, Verdict> =
            results.into_iter().filter(|(_, result)| *result != Verdict::Miss).collect();
        // The output format of the suite's scripts.
        let lines = results.iter().map(|(case, result)| format!("{case}: {}", word(*result))).collect();
        let mut report = Self {
            scope: scope.into(),
            subject: subject.to_owned(),
            creator: None,
            collection: None,
            checked_at,
            reference_date: Some(day(checked_at)),
            run: String::new(),
            commands,
            results,
            unusable: Vec::new(),
            log: [lines, Vec::new()],
            warnings: Vec::new(),
        };
        report.run = report.derived(&report.to_string());
        report
    }

    /// Sets the creator.
    #[must_use]
    pub fn by(mut self, creator: &str) -> Self {
        self.creator = Some(creator.to_owned());
        self
    }

    /// Sets how the inventory was collected.
    #[must_use]
    pub fn collected(mut self, collection: Option<Collection>) -> Self {
        self.collection = collection;
        self
    }

    /// Adds lines that describe the findings.
    #[must_use]
    pub fn with_findings(mut self, lines: Vec<String>) -> Self {
        self.log[1] = lines;
        self
    }

    /// A UUID derived from a text.
    fn derived(&self, text: &str) -> String {
        let namespace = Uuid::try_parse(&self.scope.uuid).unwrap_or(Uuid::NAMESPACE_OID);
        Uuid::new_v5(&namespace, text.as_bytes()).to_string()
    }
}

/// The word used by the suite.
const fn word(result: Verdict) -> &'static str {
    match result {
        Verdict::Dnf | Verdict::Miss => "ABORT",
        other => other.name(),
    }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// Formats as YAML, in the order of the suite. Strings are quoted, times are not, so that they are parsed as times.
impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let civil = self.checked_at.to_zoned(TimeZone::UTC).datetime();
        writeln!(f, "---\nspec:")?;
        writeln!(f, "  uuid: {}", yaml::scalar(&self.scope.uuid))?;
        writeln!(f, "  name: {}", yaml::scalar(&self.scope.name))?;
        writeln!(f, "  url: {}", yaml::scalar(&self.scope.url))?;
        writeln!(f, "checked_at: {}", civil.to_string().replace('T', " "))?;
        match self.reference_date {
            Some(date) => writeln!(f, "reference_date: {date}")?,
            None => writeln!(f, "reference_date: null")?,
        }
        writeln!(f, "subject: {}", yaml::scalar(&self.subject))?;
        if let Some(creator) = &self.creator {
            writeln!(f, "creator: {}", yaml::scalar(creator))?;
        }
        if let Some(collection) = &self.collection {
            writeln!(f, "collection:")?;
            collection.write(f)?;
        }
        writeln!(f, "run:\n  uuid: {}", yaml::scalar(&self.run))?;
        writeln!(f, "  argv: {}", list(&self.commands))?;
        writeln!(f, "  assignment: {{}}\n  sections: null\n  forced_version: null\n  forced_tests: null")?;
        let id = self.derived("invocation");
        writeln!(f, "  invocations:\n    {}:\n      id: {}", yaml::scalar(&id), yaml::scalar(&id))?;
        writeln!(f, "      cmd: {}", yaml::scalar(&self.commands.join("; ")))?;
        if self.results.is_empty() {
            writeln!(f, "      results: {{}}")?;
        } else {
            writeln!(f, "      results:")?;
        }
        for (case, result) in &self.results {
            let number = match result {
                Verdict::Pass => 1,
                Verdict::Fail => -1,
                Verdict::Dnf | Verdict::Miss => 0,
            };
            writeln!(f, "        {}: {number}", yaml::scalar(case))?;
        }
        let [stdout, stderr] = &self.log;
        let count = |signal: &str| {
            stdout
                .iter()
                .chain(stderr)
                .filter(|line| {
                    line.get(..signal.len()).is_some_and(|start| start.eq_ignore_ascii_case(signal))
                })
                .count()
        };
        writeln!(f, "      rc: 0\n      stdout: {}\n      stderr: {}", list(stdout), list(stderr))?;
        for signal in ["info", "warning", "error", "critical"] {
            writeln!(f, "      {signal}: {}", count(signal))?;
        }
        Ok(())
    }
}

fn list(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| yaml::scalar(line)).collect();
    format!("[{}]", lines.join(", "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scope::Scope;

    proptest! {
        #[test]
        fn written_reports_are_read_back(
            subject in "\\PC{1,20}",
            seconds in 0_i64..4_000_000_000,
            results in prop::collection::btree_map("scs-[0-9]{4}-[a-z_]{1,8}", prop::sample::select(vec![Verdict::Pass, Verdict::Fail, Verdict::Dnf]), 0..6),
            lines in prop::collection::vec(".{0,20}", 0..4),
            user in prop::option::of("\\PC{1,20}"),
        ) {
            let at = Timestamp::from_second(seconds).unwrap();
            let report = Report::new(Scope::compatible_iaas(), &subject, at, results, vec!["scs check -".into()])
                .with_findings(lines)
                .collected(user.map(|user| Collection { user: Some(user), parts: 2, missing: vec!["a: b".to_owned()], ..Collection::default() }))
                .by("tester");
            prop_assert_eq!(Report::read(&report.to_string()).unwrap(), report);
        }
    }
}
