//! The results of a subject, or of all subjects of a group, in a scope.

use std::collections::BTreeSet;

use jiff::civil::Date;
use scs_certificates::{Evaluation, Scope, Target};

use super::overview::Difference;
use super::problems::Problems;
use super::texts::{Texts, fill};
use super::{Embedding, Links, minute};
use crate::bootstrap::{Entry, Subjects};
use crate::explanations::is_explained;
use crate::findings::ReportFinding;
use crate::official::{Summary, attention, buckets, mark_of, relevant, summary};
use crate::selection::{GROUP, group};
use crate::service::View;
use crate::standing::Standing;
use crate::store::LatestResult;
use crate::time::civil;

/// The details of one or several subjects.
#[derive(Clone, Debug)]
pub(crate) struct DetailPage {
    /// The name of the subject or the group.
    pub(crate) name: String,
    pub(crate) is_group: bool,
    pub(crate) with_drafts: bool,
    pub(crate) subjects: Vec<SubjectDetail>,
    /// What the table says about it.
    pub(crate) entry: Option<Entry>,
    /// The same page without drafts, or with them.
    pub(crate) other: String,
}

/// The details of a subject.
#[derive(Clone, Debug)]
pub(crate) struct SubjectDetail {
    pub(crate) subject: String,
    /// The name of the scope.
    pub(crate) scope: String,
    pub(crate) scope_url: String,
    /// The passed versions with a symbol.
    pub(crate) summary: Summary,
    /// The same as the overview has it, which tells subjects without results apart.
    pub(crate) verdict: Summary,
    /// The versions looked at, with their marks.
    pub(crate) versions: Vec<String>,
    pub(crate) rows: Vec<DetailRow>,
    /// How the verdict by the text of the standards differs.
    pub(crate) difference: Option<Difference>,
    pub(crate) last_check: Option<DetailReport>,
    /// When something changes without a new report.
    pub(crate) changes_at: Option<String>,
    pub(crate) problems: Problems,
    /// The page with the findings of its reports, if there are some that this one does not show.
    pub(crate) with_findings: Option<String>,
    /// The page of its history.
    pub(crate) history: String,
    /// The certificates, if it has any.
    pub(crate) certificates: Option<String>,
    pub(crate) embedding: Embedding,
}

/// A test case.
#[derive(Clone, Debug)]
pub(crate) struct DetailRow {
    pub(crate) test_case: String,
    pub(crate) url: Option<String>,
    /// The page that explains it.
    pub(crate) explanation: Option<String>,
    pub(crate) symbol: &'static str,
    pub(crate) category: &'static str,
    pub(crate) report: Option<DetailReport>,
    /// For each version whether its target *main* has the test case.
    pub(crate) required: Vec<bool>,
    pub(crate) description: String,
}

/// The report with the result.
#[derive(Clone, Debug)]
pub(crate) struct DetailReport {
    pub(crate) uuid: String,
    pub(crate) url: String,
    /// The day of the check.
    pub(crate) day: String,
    /// Its time.
    pub(crate) time: String,
}

/// The buckets in the order of the page.
const CATEGORIES: [(Option<i8>, &str); 4] =
    [(Some(-1), "FAIL"), (None, "MISSING"), (Some(0), "DNF"), (Some(1), "pass")];

impl DetailPage {
    /// The details of a subject, or of a group if the name begins with `group-`.
    pub(crate) fn new(view: &View, subject: &str, scope: &Scope, links: &Links, with_drafts: bool) -> Self {
        let group = group(subject);
        // A group without a name has no members.
        let subjects: Vec<&str> = match subject.strip_prefix(GROUP) {
            Some(group) => view.config.bootstrap.members(group).collect(),
            None => vec![subject],
        };
        let nothing = Standing::new(scope, &[], view.now);
        let standing = |subject: &str| {
            view.snapshot.standing(subject, scope).filter(|standing| !standing.results.is_empty())
        };
        // Subjects with results come first.
        let (with, without): (Vec<&str>, Vec<&str>) =
            subjects.into_iter().partition(|subject| standing(subject).is_some());
        let details = with.into_iter().chain(without).map(|subject| {
            let standing = standing(subject).unwrap_or(&nothing);
            let has_certificate = view.config.certificates.iter().any(|it| it.is_of(subject, scope));
            of_subject(subject, scope, standing, links, (with_drafts, has_certificate))
        });
        Self {
            name: group.unwrap_or(subject).to_owned(),
            is_group: group.is_some(),
            with_drafts,
            entry: entry(view, subject, scope).cloned(),
            other: links.with_drafts(!with_drafts).detail(subject, &scope.slug()),
            subjects: details.collect(),
        }
    }
}

/// The entry of the table for a subject, its group, or a group as `group-NAME`.
pub(super) fn entry<'v>(view: &'v View, name: &str, scope: &Scope) -> Option<&'v Entry> {
    let bootstrap = &view.config.bootstrap;
    let group = match group(name) {
        Some(group) => Some(group),
        None => bootstrap.account(name).and_then(|account| account.group.as_deref()),
    };
    let sections = bootstrap.table.sections.iter();
    let sections = sections.filter(|it| it.scope == scope.uuid() || it.scope == scope.slug());
    let mut entries = sections.flat_map(|section| &section.entries);
    entries.find(|entry| match &entry.subjects {
        Subjects::Subject(subject) => subject == name,
        Subjects::Group(known) => Some(known.as_str()) == group,
    })
}

fn of_subject(
    subject: &str,
    scope: &Scope,
    standing: &Standing,
    links: &Links,
    (with_drafts, has_certificate): (bool, bool),
) -> SubjectDetail {
    let evaluation: &Evaluation = standing.official(with_drafts);
    let relevant = relevant(evaluation, with_drafts);
    let buckets = buckets(scope, &relevant, &standing.results);
    let rows = CATEGORIES.into_iter().flat_map(|(result, category)| {
        let cases = buckets.get(&result).map(Vec::as_slice).unwrap_or_default();
        let row = |case: &&str| of_case(scope, case, standing.results.get(*case), &relevant, category, links);
        cases.iter().map(row).collect::<Vec<_>>()
    });
    let rows: Vec<DetailRow> = rows.collect();
    let versions: Vec<String> =
        relevant.iter().map(|name| format!("{name}{}", mark_of(evaluation, name))).collect();
    let verdict = summary([(!standing.results.is_empty()).then_some(evaluation)]);
    let newest = standing.results.values().max_by_key(|result| result.checked_at);
    SubjectDetail {
        difference: Difference::new(&verdict, [Some(standing)]),
        last_check: newest.map(|result| detail_report(result, None, links)),
        changes_at: evaluation.changes_at.or(standing.text.changes_at).map(minute),
        problems: Problems::new(scope, &rows, &versions),
        with_findings: None,
        history: links.history(subject, &scope.slug()),
        certificates: has_certificate.then(|| links.certificates()),
        embedding: Embedding::new(subject, &scope.slug(), scope.name(), links),
        subject: subject.to_owned(),
        scope: scope.name().to_owned(),
        scope_url: links.scope(scope.uuid()),
        summary: summary([Some(evaluation)]),
        verdict,
        versions,
        rows,
    }
}

fn of_case(
    scope: &Scope,
    id: &str,
    result: Option<&LatestResult>,
    relevant: &[&str],
    category: &'static str,
    links: &Links,
) -> DetailRow {
    let case = scope.test_case(id);
    let is_required = |version: &&str| {
        let main = scope.version(version).map(|version| version.target(&Target::Main)).unwrap_or_default();
        main.iter().any(|case| case == id)
    };
    let symbol = match category {
        "FAIL" if attention(scope, id) > 0 => "🛑",
        "FAIL" => "🟧",
        "MISSING" => "❓",
        "DNF" => "❔",
        _ => "✅",
    };
    let report = result.map(|result| detail_report(result, Some(id), links));
    DetailRow {
        test_case: id.to_owned(),
        url: case.and_then(|case| case.url.clone()),
        explanation: is_explained(id).then(|| links.explanation(id)),
        symbol,
        category,
        report,
        required: relevant.iter().map(is_required).collect(),
        description: case.and_then(|case| case.description.clone()).unwrap_or_default(),
    }
}

impl SubjectDetail {
    /// The reports with the results of failed test cases.
    pub(crate) fn reports_of_failures(&self) -> BTreeSet<String> {
        let reports = self.problems.failed.iter().filter_map(|problem| problem.report.as_ref());
        reports.map(|report| report.uuid.clone()).collect()
    }

    /// Adds the findings of a report to its failed test cases.
    pub(crate) fn add_findings(&mut self, uuid: &str, findings: &[ReportFinding]) {
        for problem in &mut self.problems.failed {
            if problem.report.as_ref().is_some_and(|report| report.uuid == uuid) {
                let of_case =
                    findings.iter().filter(|it| it.test_case.as_deref() == Some(problem.test_case.as_str()));
                problem.findings.extend(of_case.cloned());
            }
        }
    }
}

impl DetailRow {
    /// Where the test case is explained: a page of the service, otherwise what the scope file names.
    pub(crate) fn link(&self) -> Option<&String> {
        self.explanation.as_ref().or(self.url.as_ref())
    }

    /// The class of the row in style sheets.
    pub(crate) fn class(&self) -> &'static str {
        match self.symbol {
            "🛑" => "failed",
            "🟧" => "attention",
            "❓" => "missing",
            "❔" => "unfinished",
            _ => "passed",
        }
    }
}

fn detail_report(result: &LatestResult, test_case: Option<&str>, links: &Links) -> DetailReport {
    let time = civil(result.checked_at).replace('T', " ");
    let page = links.report(&result.report);
    DetailReport {
        uuid: result.report.clone(),
        url: test_case.map_or_else(|| page.clone(), |id| format!("{page}#{id}")),
        day: time.chars().take(10).collect(),
        time,
    }
}

impl DetailPage {
    /// Adds what the rules of failed test cases require, and how to fix a violation.
    pub(crate) fn explain(&mut self, day: Date, links: &Links) {
        for subject in &mut self.subjects {
            subject.problems.explain(day, links);
        }
    }

    /// The subjects by name, to jump to.
    pub(crate) fn by_name(&self) -> Vec<&SubjectDetail> {
        let mut subjects: Vec<&SubjectDetail> = self.subjects.iter().collect();
        subjects.sort_by_key(|it| it.subject.to_lowercase());
        subjects
    }

    /// The title in a language.
    pub(crate) fn title(&self, texts: &Texts) -> String {
        let title = if self.is_group { texts.detail_of_group } else { texts.detail_of_subject };
        let title = fill(title, "name", &self.name);
        if self.with_drafts { format!("{title} ({})", texts.with_drafts) } else { title }
    }
}
