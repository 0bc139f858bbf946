//! Files of results: what `scs check -f json` prints, reports, and mappings of test cases.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scs_certificates::report::{MergeError, Report, merge, time};
use scs_certificates::{GivenResult, Results, Scope};
use scs_standards::{DocumentId, Profile, Verdict};
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::files;
use crate::input::Source;
use crate::table::counted;

/// How much of a value a warning quotes.
const LONGEST: usize = 80;

/// How many warnings of a kind are printed.
const MOST: usize = 20;

/// The shape that `scs check -f json` prints.
const CHECK: &str = "scs/check/2";

/// Results of several files.
#[derive(Default)]
pub(super) struct ResultFiles {
    pub(super) results: Results,
    pub(super) warnings: Vec<String>,
    subjects: BTreeSet<String>,
    reports: Vec<Report>,
}

impl ResultFiles {
    /// Reads files of results for a scope.
    pub(super) fn read(sources: &[Source], scope: &Scope, profile: Profile) -> Result<Self, Failure> {
        let mut files = Self::default();
        for source in sources {
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
        let unusable = |message: String| {
            Failure::new(format!("{name}: {message}")).hint(
                "results are what `scs check -f json` or `-f yaml-report` prints, a report of the official suite, or a mapping such \
                 as `{\"scs-0100-syntax-check\": \"PASS\"}`",
            )
        };
        let documents = serde_saphyr::from_multiple::<Value>(text).map_err(|error| {
            let error = error.to_string();
            unusable(error.lines().next().unwrap_or_default().to_owned())
        })?;
        let documents: Vec<Value> = documents.into_iter().filter(|document| !document.is_null()).collect();
        let is_report = |document: &Value| document.get("spec").is_some() || document.get("run").is_some();
        if documents.iter().any(is_report) {
            let reports = Report::read_all(text).map_err(|error| unusable(error.to_string()))?;
            self.reports.extend(reports);
            return Ok(());
        }
        for document in documents {
            match document {
                Value::Object(map) if map.get("schema").is_some() => {
                    self.check(&map, scope).map_err(unusable)?
                }
                Value::Array(list) if list.iter().all(|entry| entry.get("schema").is_some()) => {
                    for entry in list.iter().filter_map(Value::as_object) {
                        self.check(entry, scope).map_err(unusable)?;
                    }
                }
                Value::Object(map) => self.mapping(map).map_err(unusable)?,
                _ => return Err(unusable("neither a mapping of results nor a report".to_owned())),
            }
        }
        Ok(())
    }

    /// What `scs check -f json` prints of one subject.
    fn check(&mut self, document: &Map<String, Value>, scope: &Scope) -> Result<(), String> {
        let schema = document.get("schema").map(brief).unwrap_or_default();
        if document.get("schema").and_then(Value::as_str) != Some(CHECK) {
            return Err(format!("its `schema` is {schema}, and `{CHECK}` has results"));
        }
        let text =
            |map: &Map<String, Value>, key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
        let subject = text(document, "subject").ok_or("`subject` is missing")?;
        let about = document.get("scope").and_then(Value::as_object).ok_or("`scope` is missing")?;
        let uuid = text(about, "uuid").ok_or("`scope.uuid` is missing")?;
        if !uuid.eq_ignore_ascii_case(scope.uuid()) {
            let other = text(about, "name").unwrap_or_default();
            self.warnings.push(of_another_scope(&format!("the check of {subject}"), &other, &uuid, scope));
            return Ok(());
        }
        self.subjects.insert(subject);
        let checked_at = document.get("checked_at").ok_or("`checked_at` is missing")?;
        let checked_at = moment(checked_at)
            .map_err(|problem| format!("`checked_at` is {}, {problem}", brief(checked_at)))?;
        let evidence = document.get("evidence_at").and_then(Value::as_object);
        // A result is as old as the oldest thing that it rests on.
        let time_of = |case: &str| {
            let evidence = evidence.and_then(|evidence| evidence.get(case)).and_then(|at| moment(at).ok());
            Some(evidence.map_or(checked_at, |evidence| evidence.min(checked_at)))
        };
        let of_deciding =
            document.get("results").and_then(Value::as_object).ok_or("`results` are missing")?;
        // The results of the newest effective version; those of others where it does not ask for the test case.
        let versions = document.get("versions").and_then(Value::as_object);
        let of_others = versions
            .into_iter()
            .flat_map(Map::values)
            .filter_map(|version| version.get("results").and_then(Value::as_object))
            .flatten()
            .filter(|(case, _)| !of_deciding.contains_key(*case));
        for (case, result) in of_deciding.iter().chain(of_others) {
            let given = match result.as_str().and_then(|word| word.parse().ok()) {
                Some(result) => result,
                None => self.odd(case, &format!("it is {}, none of PASS, FAIL, DNF and MISS", brief(result))),
            };
            self.results.add(case.as_str(), GivenResult { result: given, checked_at: time_of(case) });
        }
        for row in document.get("rules").and_then(Value::as_array).into_iter().flatten() {
            let word = |key: &str| row.get(key).and_then(Value::as_str);
            let (Some(rule), Some(document), Some(result)) = (word("rule"), word("document"), word("result"))
            else {
                return Err(format!("an entry of `rules` is {}", brief(row)));
            };
            let (Ok(document), Ok(result)) = (document.parse::<DocumentId>(), result.parse::<Verdict>())
            else {
                return Err(format!("an entry of `rules` is {}", brief(row)));
            };
            let decides = row.get("decides").and_then(Value::as_bool).unwrap_or_default();
            if decides || result == Verdict::Pass {
                let own = row.get("evidence_at").and_then(|at| moment(at).ok());
                let at = own.map_or(checked_at, |own| own.min(checked_at));
                self.results.add_rule(document, rule, GivenResult { result, checked_at: Some(at) });
            }
        }
        Ok(())
    }

    /// A mapping from test cases to results.
    fn mapping(&mut self, entries: Map<String, Value>) -> Result<(), String> {
        if let Some(kind) = entries.get("kind").filter(|_| entries.len() > 1) {
            return Err(format!("it is an inventory of the kind {}, which `scs check` takes", brief(kind)));
        }
        let count = entries.len();
        let (mut odd, mut first) = (0, None);
        for (case, entry) in entries {
            match result(&entry) {
                Ok(given) => self.results.add(case, given),
                Err(problem) => {
                    odd += 1;
                    first.get_or_insert_with(|| format!("`{}` is {}", brief_text(&case), brief(&entry)));
                    // What is given and cannot be used did not finish.
                    let result = self.odd(&case, &problem);
                    self.results.add(case, result.into());
                }
            }
        }
        match first {
            Some(first) if odd == count => Err(format!("nothing in it is a result: {first}")),
            _ => Ok(()),
        }
    }

    /// Says what is wrong with a result, which did not finish then.
    fn odd(&mut self, case: &str, problem: &str) -> Verdict {
        self.warnings.push(format!("the result of `{}` cannot be used: {problem}", brief_text(case)));
        Verdict::Dnf
    }

    /// The results of reports. By the text a test case is one of a scope, so the reports of another scope say nothing about it
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
                .map(|other| of_another_scope(&name(other), &other.scope.name, &other.scope.uuid, scope)),
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

/// Warnings once each, of very many the first and how many more there are.
pub(super) fn summed_up(warnings: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut kept: Vec<String> = warnings.into_iter().filter(|warning| seen.insert(warning.clone())).collect();
    if let more @ 1.. = kept.len().saturating_sub(5 * MOST) {
        kept.truncate(5 * MOST);
        kept.push(format!("{} more", counted(more, "warning")));
    }
    kept
}

fn of_another_scope(what: &str, name: &str, uuid: &str, scope: &Scope) -> String {
    format!(
        "{what} is about {} ({}) and not about {} ({}), so its results do not count",
        brief_text(name),
        brief_text(uuid),
        scope.name(),
        scope.uuid()
    )
}

/// A result in a mapping: a word, or a word with a time.
fn result(entry: &Value) -> Result<GivenResult, String> {
    let word = |word: &Value| {
        let known = word.as_str().and_then(|word| word.to_ascii_uppercase().parse().ok());
        known.ok_or_else(|| format!("it is {}, none of PASS, FAIL, DNF and MISS", brief(word)))
    };
    let Value::Object(dated) = entry else { return word(entry).map(GivenResult::from) };
    let given = dated.get("result").ok_or("it has no `result`")?;
    let checked_at = match dated.get("checked_at").filter(|at| !at.is_null()) {
        None => None,
        Some(at) => {
            Some(moment(at).map_err(|problem| format!("its `checked_at` is {}, {problem}", brief(at)))?)
        }
    };
    Ok(GivenResult { result: word(given)?, checked_at })
}

/// A moment, or what is wrong with it.
fn moment(value: &Value) -> Result<Timestamp, &'static str> {
    let text = value.as_str().unwrap_or_default();
    match time(text) {
        Some(moment) => Ok(moment),
        None if text.parse::<jiff::civil::Date>().is_ok() => {
            Err("which lacks the time of day, such as `2026-11-29T08:30:00Z`")
        }
        None => Err("which is not a time such as `2026-11-29T08:30:00Z`"),
    }
}

/// The beginning of a value, as JSON has it.
fn brief(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", brief_text(text)),
        Value::Array(list) => {
            format!("a list of {}", counted(list.len(), "entry").replace("entrys", "entries"))
        }
        other => brief_text(&other.to_string()),
    }
}

fn brief_text(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
