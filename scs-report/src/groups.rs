//! Groups findings for people: by standing, area and subject, with each cause once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use scs_registry::areas::{area_of, order_of};
use scs_registry::{Report, ReportedFinding, Standing};
use scs_standards::{Cause, DocumentId, Fix, Severity, Verdict};

use crate::Options;

/// The findings of one standing.
pub(crate) struct Block<'a> {
    pub(crate) standing: Standing,
    pub(crate) areas: Vec<Area<'a>>,
}

/// The findings of one area.
pub(crate) struct Area<'a> {
    pub(crate) name: &'static str,
    pub(crate) groups: Vec<Group<'a>>,
}

/// Findings with the same cause or the same fix.
pub(crate) struct Group<'a> {
    pub(crate) subjects: Vec<&'a str>,
    pub(crate) first: &'a ReportedFinding,
    /// Further messages about the same subject with the same fix.
    pub(crate) also: Vec<&'a str>,
    pub(crate) rules: Vec<&'a str>,
    pub(crate) fixes: Vec<&'a Fix>,
}

/// The standings, most severe first.
const BLOCKS: [Standing; 4] = [Standing::Blocks, Standing::Violates, Standing::Open, Standing::Advice];

/// The listed groups. Findings that block the certificate and broken MUSTs are always listed; others if they have the minimum
/// severity.
pub(crate) fn blocks<'a>(report: &'a Report, options: &Options) -> Vec<Block<'a>> {
    BLOCKS
        .into_iter()
        .map(|standing| Block { standing, areas: areas(report, standing, options) })
        .filter(|block| !block.areas.is_empty())
        .collect()
}

/// Whether a finding is listed.
pub(crate) fn is_listed(report: &Report, finding: &ReportedFinding, options: &Options) -> bool {
    match finding.standing {
        Standing::Blocks | Standing::Violates => true,
        Standing::Open => options.min_severity.is_some(),
        Standing::Advice => {
            // Without a certificate, warnings are what people ask for.
            let least =
                options.min_severity.or((!report.is_about_certificate()).then_some(Severity::Warning));
            least.is_some_and(|least| finding.severity <= least)
        }
    }
}

/// What is not listed.
#[derive(Debug, Default)]
pub(crate) struct Hidden<'a> {
    pub(crate) recommendations: usize,
    /// The rules that could not be evaluated.
    pub(crate) unanswered: BTreeSet<(&'a str, DocumentId)>,
    pub(crate) notes: usize,
}

/// The findings that are not listed.
pub(crate) fn hidden<'a>(report: &'a Report, options: &Options) -> Hidden<'a> {
    let mut hidden = Hidden::default();
    for finding in report.findings.iter().filter(|finding| !is_listed(report, finding, options)) {
        match finding.severity {
            _ if finding.cause == Cause::Undeclared || finding.standing == Standing::Open => {
                hidden.unanswered.insert((&*finding.rule, finding.document));
            }
            Severity::Info => hidden.notes += 1,
            Severity::Error | Severity::Warning => hidden.recommendations += 1,
        }
    }
    hidden
}

fn areas<'a>(report: &'a Report, standing: Standing, options: &Options) -> Vec<Area<'a>> {
    let mut areas: BTreeMap<usize, (&'static str, BTreeMap<&str, OfSubject<'a>>)> = BTreeMap::new();
    let findings =
        report.findings.iter().filter(|it| it.standing == standing && is_listed(report, it, options));
    for finding in findings {
        let name = area_of(finding.document);
        let (_, subjects) = areas.entry(order_of(name)).or_insert_with(|| (name, BTreeMap::new()));
        subjects.entry(&finding.subject).or_default().take(finding);
    }
    areas.into_values().map(|(name, subjects)| Area { name, groups: together(subjects) }).collect()
}

/// Groups the findings about one subject. An image may have a hundred thousand properties, so this avoids comparing every finding with every group.
#[derive(Default)]
struct OfSubject<'a> {
    groups: Vec<Group<'a>>,
    /// Groups by message and by whether it is known.
    by_message: HashMap<(&'a str, bool), usize>,
    by_fix: HashMap<(String, Severity, bool), usize>,
}

impl<'a> OfSubject<'a> {
    fn take(&mut self, finding: &'a ReportedFinding) {
        let fix = finding.fix.as_ref().map(|fix| (format!("{fix:?}"), finding.severity, finding.known));
        let by_message = self.by_message.get(&(&*finding.message, finding.known));
        let by_fix = fix.as_ref().and_then(|fix| self.by_fix.get(fix));
        if let Some(group) =
            by_message.into_iter().chain(by_fix).min().and_then(|index| self.groups.get_mut(*index))
        {
            if group.first.message != finding.message {
                group.also.push(&finding.message);
            }
            if !group.rules.contains(&&*finding.rule) {
                group.rules.push(&finding.rule);
            }
            return;
        }
        let index = self.groups.len();
        self.by_message.entry((&finding.message, finding.known)).or_insert(index);
        if let Some(fix) = fix {
            self.by_fix.entry(fix).or_insert(index);
        }
        self.groups.push(Group {
            subjects: vec![&finding.subject],
            first: finding,
            also: Vec::new(),
            rules: vec![&finding.rule],
            fixes: finding.fix.iter().collect(),
        });
    }
}

/// Merges groups with the same cause and lists their subjects: unanswered rules, and findings with the same message.
fn together<'a>(subjects: BTreeMap<&'a str, OfSubject<'a>>) -> Vec<Group<'a>> {
    let mut subjects: Vec<(&str, OfSubject<'_>)> = subjects.into_iter().collect();
    for (_, of_subject) in &mut subjects {
        of_subject.groups.sort_by_key(|group| group.first.severity);
    }
    subjects.sort_by(|(one, groups), (other, others)| {
        let weight = |of: &OfSubject<'_>| of.groups.first().map(|group| group.first.severity);
        let by_name = || scs_flavor_naming::compare_names(one, other);
        weight(groups).cmp(&weight(others)).then_with(by_name)
    });
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut places: HashMap<(Verdict, Severity, bool, &str, Vec<&str>), usize> = HashMap::new();
    for mut group in subjects.into_iter().flat_map(|(_, of_subject)| of_subject.groups) {
        let first = group.first;
        let key = (first.result, first.severity, first.known, first.message.as_str(), group.also.clone());
        let place = *places.entry(key).or_insert(groups.len());
        let Some(known) = groups.get_mut(place) else {
            groups.push(group);
            continue;
        };
        known.subjects.append(&mut group.subjects);
        group.rules.retain(|rule| !known.rules.contains(rule));
        known.rules.append(&mut group.rules);
        group.fixes.retain(|fix| known.fixes.last() != Some(fix));
        known.fixes.append(&mut group.fixes);
    }
    groups
}

/// The test cases of each area by result, in the order PASS, FAIL, DNF, MISS, together with the rules that block the certificate
/// without a test case; areas without any are left out.
pub(crate) fn counts_by_area(report: &Report) -> Vec<(&'static str, [usize; 4])> {
    let registry = scs_registry::Registry::new();
    let mut areas: BTreeMap<usize, (&'static str, [usize; 4])> = BTreeMap::new();
    let mut add = |name: &'static str, verdict: Verdict| {
        let (_, counts) = areas.entry(order_of(name)).or_insert((name, [0; 4]));
        counts[column(verdict)] += 1;
    };
    for (case, verdict) in &report.results {
        let rule = registry.rules_of_test_case(case).first().map(|rule| rule.documents[0]);
        add(rule.map_or("Other", area_of), *verdict);
    }
    let alone =
        report.deciding_version().map(|version| version.deciding_rules.as_slice()).unwrap_or_default();
    for row in report.rules.iter().filter(|row| alone.iter().any(|rule| *rule == row.rule) && row.decides) {
        add(area_of(row.document), row.result);
    }
    areas.into_values().collect()
}

const fn column(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Fail => 1,
        Verdict::Dnf => 2,
        Verdict::Miss => 3,
    }
}
