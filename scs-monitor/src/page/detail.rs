//! The results of a subject, or of all subjects of a group, in a scope.

use scs_certificates::{Evaluation, Scope, Target};

use super::Links;
use super::overview::GROUP;
use crate::official::{attention, buckets, mark_of, relevant, summary};
use crate::service::View;
use crate::standing::Standing;
use crate::store::RecentResult;
use crate::time::civil;

/// The details of one or several subjects.
#[derive(Clone, Debug)]
pub(crate) struct DetailPage {
    pub(crate) title: String,
    pub(crate) subjects: Vec<SubjectDetail>,
}

/// The details of a subject.
#[derive(Clone, Debug)]
pub(crate) struct SubjectDetail {
    pub(crate) subject: String,
    /// The name of the scope.
    pub(crate) scope: String,
    pub(crate) scope_url: String,
    /// The passed versions with a symbol.
    pub(crate) summary: String,
    /// The versions looked at, with their marks.
    pub(crate) versions: Vec<String>,
    pub(crate) rows: Vec<DetailRow>,
}

/// A test case.
#[derive(Clone, Debug)]
pub(crate) struct DetailRow {
    pub(crate) test_case: String,
    pub(crate) url: Option<String>,
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
        let group = subject.strip_prefix(GROUP);
        let subjects: Vec<&str> = match group {
            Some(group) => view.config.bootstrap.members(group).collect(),
            None => vec![subject],
        };
        let title = match group {
            Some(group) => format!("Details for group {group}"),
            None => format!("Details for subject {subject}"),
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
            of_subject(subject, scope, standing, links, with_drafts)
        });
        Self {
            title: format!("{title}{}", if with_drafts { " (incl. drafts)" } else { "" }),
            subjects: details.collect(),
        }
    }
}

fn of_subject(
    subject: &str,
    scope: &Scope,
    standing: &Standing,
    links: &Links,
    with_drafts: bool,
) -> SubjectDetail {
    let evaluation: &Evaluation = standing.official(with_drafts);
    let relevant = relevant(evaluation, with_drafts);
    let buckets = buckets(scope, &relevant, &standing.results);
    let rows = CATEGORIES.into_iter().flat_map(|(result, category)| {
        let cases = buckets.get(&result).map(Vec::as_slice).unwrap_or_default();
        let row = |case: &&str| of_case(scope, case, standing.results.get(*case), &relevant, category, links);
        cases.iter().map(row).collect::<Vec<_>>()
    });
    SubjectDetail {
        subject: subject.to_owned(),
        scope: scope.name().to_owned(),
        scope_url: links.scope(scope.uuid()),
        summary: summary([Some(evaluation)]),
        versions: relevant.iter().map(|name| format!("{name}{}", mark_of(evaluation, name))).collect(),
        rows: rows.collect(),
    }
}

fn of_case(
    scope: &Scope,
    id: &str,
    result: Option<&RecentResult>,
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
    let report = result.map(|result| {
        let time = civil(result.checked_at).replace('T', " ");
        DetailReport {
            uuid: result.report.clone(),
            url: format!("{}#{id}", links.report(&result.report)),
            day: time.chars().take(10).collect(),
            time,
        }
    });
    DetailRow {
        test_case: id.to_owned(),
        url: case.and_then(|case| case.url.clone()),
        symbol,
        category,
        report,
        required: relevant.iter().map(is_required).collect(),
        description: case.and_then(|case| case.description.clone()).unwrap_or_default(),
    }
}
