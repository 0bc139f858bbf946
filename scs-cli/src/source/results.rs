//! Result files: the output of `scs check -f json`, reports, and mappings of test cases.

use std::collections::BTreeSet;

use scs_certificates::report::{
    CheckDocument, CheckedRule, MergeError, Report, brief, merge, moment, unusable,
};
use scs_certificates::{GivenResult, Results, Scope};
use scs_registry::Registry;
use scs_report::counted;
use scs_standards::yaml;
use scs_standards::{Profile, Verdict};
use serde_json::{Map, Value};

use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input;
use crate::app::input::Source;

/// The maximum number of printed warnings.
const MOST: usize = 20;

/// Results from several files.
#[derive(Default)]
pub(crate) struct ResultFiles {
    pub(crate) results: Results,
    pub(crate) warnings: Vec<String>,
    subjects: BTreeSet<String>,
    reports: Vec<Report>,
}

impl ResultFiles {
    /// Reads result files for a scope.
    pub(crate) fn read(sources: &[Source], scope: &Scope, profile: Profile) -> Result<Self, Failure> {
        let mut files = Self::default();
        for source in &input::all_files(sources, input::WRITTEN)? {
            let text = files::text(source.open()?, files::WRITTEN)?;
            files.file(&source.name(), &text, scope)?;
        }
        files.add_reports(scope, profile)?;
        if files.subjects.len() > 1 {
            let subjects = files.subjects.iter().cloned().collect::<Vec<_>>().join(", ");
            return Err(Failure::new(MergeError::Subjects(subjects).to_string())
                .hint("evaluate the results of one subject at a time"));
        }
        Ok(files)
    }

    fn file(&mut self, name: &str, text: &str, scope: &Scope) -> Result<(), Failure> {
        let refused = |message: String| {
            Failure::new(format!("{name}: {message}")).hint(
                "expected the output of `scs check` with `-f json` or `-f yaml-report`, a report of the official suite, or a mapping such \
                 as `{\"scs-0100-syntax-check\": \"PASS\"}`",
            )
        };
        let documents =
            serde_saphyr::from_multiple::<Value>(text).map_err(|error| refused(yaml::reason(&error)))?;
        let documents: Vec<Value> = documents.into_iter().filter(|document| !document.is_null()).collect();
        if documents.is_empty() {
            return Err(refused("the file is empty".to_owned()));
        }
        let is_report = |document: &Value| document.get("spec").is_some() || document.get("run").is_some();
        if documents.iter().any(is_report) {
            let reports = Report::read_all(text).map_err(|error| refused(error.to_string()))?;
            self.reports.extend(reports);
            return Ok(());
        }
        for document in documents {
            match document {
                document if CheckDocument::has_schema(&document) => {
                    self.check(&document, scope).map_err(refused)?;
                }
                Value::Array(list) if !list.is_empty() && list.iter().all(CheckDocument::has_schema) => {
                    for entry in &list {
                        self.check(entry, scope).map_err(refused)?;
                    }
                }
                Value::Object(map) => self.mapping(name, map).map_err(refused)?,
                _ => return Err(refused("neither a mapping of results nor a report".to_owned())),
            }
        }
        Ok(())
    }

    /// Adds the output of `scs check -f json` for one subject.
    fn check(&mut self, document: &Value, scope: &Scope) -> Result<(), String> {
        let checked = CheckDocument::read(document)?;
        if !checked.scope.uuid.eq_ignore_ascii_case(scope.uuid()) {
            let what = format!("the check of {}", checked.subject);
            self.warnings.push(other_scope_warning(&what, &checked.scope.name, &checked.scope.uuid, scope));
            return Ok(());
        }
        let registry = Registry::new();
        for CheckedRule { rule, document, given, decides } in checked.rules {
            // Keep what the result covers, even if a newer report has the test case.
            let is_covered = registry
                .test_cases()
                .any(|case| case.rules.contains(&rule.as_str()) && checked.results.contains_key(case.id));
            if !is_covered && (decides || given.result == Verdict::Pass) {
                self.results.add_rule(document, rule, given);
            }
        }
        for (case, given) in checked.results {
            self.results.add(case, given);
        }
        self.warnings.extend(checked.warnings);
        self.subjects.insert(checked.subject);
        Ok(())
    }

    /// Adds a mapping from test cases to results.
    fn mapping(&mut self, name: &str, entries: Map<String, Value>) -> Result<(), String> {
        if let Some(kind) = entries.get("kind").filter(|_| entries.len() > 1) {
            return Err(format!("this is an inventory of kind {}; use `scs check`", brief(kind)));
        }
        let count = entries.len();
        if count == 0 {
            return Err("the file has no results".to_owned());
        }
        let (mut odd, mut undated, mut first) = (0, 0, None);
        for (case, entry) in entries {
            match result(&entry) {
                Ok(given) => {
                    undated += usize::from(given.checked_at.is_none());
                    self.results.add(case, given);
                }
                Err(problem) => {
                    odd += 1;
                    first.get_or_insert_with(|| {
                        format!("{} is {}", brief(&case.as_str().into()), brief(&entry))
                    });
                    // An unusable result did not finish.
                    let result = self.odd(&case, &problem);
                    self.results.add(case, result.into());
                }
            }
        }
        if undated > 0 {
            self.warnings.push(format!(
                "{name}: {} no `checked_at`, so it is unknown whether they are still valid; they are dated to the time of the evaluation",
                if undated == 1 { "one result has".to_owned() } else { format!("{undated} results have") }
            ));
        }
        match first {
            Some(first) if odd == count => Err(format!("no valid results: {first}")),
            _ => Ok(()),
        }
    }

    /// Adds a warning about an invalid result, which counts as DNF.
    fn odd(&mut self, case: &str, problem: &str) -> Verdict {
        self.warnings.push(unusable(case, problem));
        Verdict::Dnf
    }

    /// Adds the results of reports. By the text, test cases belong to a scope, so reports of other scopes are ignored
    /// (scs-0003-v2).
    fn add_reports(&mut self, scope: &Scope, profile: Profile) -> Result<(), Failure> {
        let reports = std::mem::take(&mut self.reports);
        let (own, others): (Vec<Report>, Vec<Report>) = reports.into_iter().partition(|report| {
            profile == Profile::Official || report.scope.uuid.eq_ignore_ascii_case(scope.uuid())
        });
        let name = |report: &Report| format!("the report {}", report.run);
        self.warnings.extend(
            others
                .iter()
                .map(|other| other_scope_warning(&name(other), &other.scope.name, &other.scope.uuid, scope)),
        );
        let foreign = own.iter().filter(|report| !report.scope.uuid.eq_ignore_ascii_case(scope.uuid()));
        self.warnings
            .extend(foreign.map(|report| format!("{} is about {}", name(report), report.scope.name)));
        if own.is_empty() {
            return Ok(());
        }
        let card = merge(&own, &[], None).map_err(|error| Failure::new(error.to_string()))?;
        self.warnings.extend(card.warnings);
        for report in &own {
            self.subjects.insert(report.subject.clone());
            self.results.add_report(report, profile);
        }
        Ok(())
    }
}

/// Removes duplicate warnings; if there are many, keeps the first ones and adds the number of the others.
pub(crate) fn summed_up(warnings: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut kept: Vec<String> = warnings.into_iter().filter(|warning| seen.insert(warning.clone())).collect();
    if let more @ 1.. = kept.len().saturating_sub(5 * MOST) {
        kept.truncate(5 * MOST);
        kept.push(format!("{} more", counted(more, "warning")));
    }
    kept
}

fn other_scope_warning(what: &str, name: &str, uuid: &str, scope: &Scope) -> String {
    format!(
        "ignored the results of {what}, which is about {} ({}), not {} ({})",
        name,
        uuid,
        scope.name(),
        scope.uuid()
    )
}

/// Reads a result in a mapping: a word, or a word with a time.
fn result(entry: &Value) -> Result<GivenResult, String> {
    let word = |word: &Value| {
        let known = word.as_str().and_then(|word| word.to_ascii_uppercase().parse().ok());
        known.ok_or_else(|| format!("{} is not PASS, FAIL, DNF or MISS", brief(word)))
    };
    let Value::Object(dated) = entry else { return word(entry).map(GivenResult::from) };
    let given = dated.get("result").ok_or("`result` is missing")?;
    let checked_at = match dated.get("checked_at").filter(|at| !at.is_null()) {
        None => None,
        Some(at) => Some(moment(at).map_err(|problem| format!("`checked_at` is {problem}"))?),
    };
    Ok(GivenResult { result: word(given)?, checked_at })
}
