//! The rules of scs-0003-v1 for scope files.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use scs_standards::{Answer, Context, DocumentId, Heading, Level, Recorder, Rule, Severity, Verdict};

use super::{Scope, Validity, changes};

/// A scope file with the files to compare it with.
///
/// ```
/// use scs_certificates::{Scope, ScopeSubject, check_scope};
/// use scs_standards::{Context, Declarations, Profile, Verdict};
///
/// let declarations = Declarations::default();
/// let context = Context { at: "2026-11-24T00:00:00Z".parse()?, profile: Profile::Text, declarations: &declarations };
/// let subject = ScopeSubject::new(Scope::compatible_kaas().clone());
/// let broken: Vec<&str> = check_scope(&subject, &context)
///     .into_iter()
///     .filter(|answer| answer.verdict != Verdict::Pass)
///     .map(|answer| answer.rule)
///     .collect();
/// // Without the earlier edition, changes cannot be detected; and `version-policy-check` lacks the prefix that
/// // version 2 of the text requires.
/// assert_eq!(
///     broken,
///     ["scs-0003-stable-frozen", "scs-0003-testcase-id-frozen", "scs-0003-timeline-append", "scs-0003-v2-id-prefix"]
/// );
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ScopeSubject {
    scope: Scope,
    earlier: Option<Scope>,
    others: Vec<Scope>,
}

impl ScopeSubject {
    /// A file on its own.
    #[must_use]
    pub const fn new(scope: Scope) -> Self {
        Self { scope, earlier: None, others: Vec::new() }
    }

    /// Adds the earlier edition, to check for forbidden changes.
    #[must_use]
    pub fn with_earlier(mut self, earlier: Scope) -> Self {
        self.earlier = Some(earlier);
        self
    }

    /// Adds other scopes, to check that the UUID is unique.
    #[must_use]
    pub fn with_others(mut self, others: Vec<Scope>) -> Self {
        self.others = others;
        self
    }

    /// The scope file.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }
}

type Rec<'a> = Recorder<'a, ScopeSubject>;

const V1: &[DocumentId] = &[DocumentId::version(3, 1)];
const V2: &[DocumentId] = &[DocumentId::version(3, 2)];

const FILE: Heading = Heading { documents: V1, section: "SCS Certification YAML" };
const TEST_CASE: Heading = Heading { documents: V1, section: "Test-case descriptor" };
const VERSION: Heading = Heading { documents: V1, section: "Version descriptor" };
const TIMELINE: Heading = Heading { documents: V1, section: "Timeline entry" };
const PROCESS: Heading = Heading { documents: V1, section: "Process" };

static RULES: &[Rule<ScopeSubject>] = &[
    FILE.rule(
        "scs-0003-keys",
        Level::Must,
        "all required keys are present, with values of the right type",
        read_problems,
    ),
    FILE.rule("scs-0003-unknown-keys", Level::MustNot, "unknown keys", read_problems),
    FILE.rule("scs-0003-url", Level::Must, "every `url` is a valid URL", read_problems),
    FILE.rule("scs-0003-uuid", Level::Must, "`uuid` is a UUID that no other scope uses", uuid),
    Heading { documents: V1, section: "Prerequisite descriptor" }.rule(
        "scs-0003-prerequisite",
        Level::Must,
        "the prerequisite of a scope is the level below on the same layer; SCS-compatible has none",
        read_problems,
    ),
    VERSION.rule(
        "scs-0003-testcase-unique",
        Level::Must,
        "no test case occurs twice in the file or in a version",
        read_problems,
    ),
    Heading { documents: V1, section: "Basic concepts" }.rule(
        "scs-0003-main-target",
        Level::Must,
        "a version has test cases in its target *main*, which a certificate requires",
        read_problems,
    ),
    VERSION.rule("scs-0003-stable-frozen", Level::MustNot, "changes to a stable version", stable_frozen),
    Heading { documents: V1, section: "Include descriptor" }.rule(
        "scs-0003-parameters",
        Level::Must,
        "every parameter of an included module has a value",
        read_problems,
    ),
    Heading { documents: V1, section: "Module descriptor" }.rule(
        "scs-0003-module-refs",
        Level::Must,
        "includes name modules, and modules name test cases",
        read_problems,
    ),
    Heading { documents: V1, section: "Automated check" }.rule(
        "scs-0003-variables",
        Level::Must,
        "every name in braces is a variable or a parameter",
        read_problems,
    ),
    TEST_CASE.rule("scs-0003-lifetime", Level::Must, "`lifetime` is day, week, month, quarter or year", read_problems),
    TEST_CASE.rule(
        "scs-0003-testcase-id-frozen",
        Level::MustNot,
        "changes to the id of a test case of a stable version",
        id_frozen,
    ),
    TIMELINE.rule(
        "scs-0003-timeline-codes",
        Level::Must,
        "the timeline marks existing versions as effective, warn, draft or deprecated",
        read_problems,
    ),
    TIMELINE.rule(
        "scs-0003-timeline-stable",
        Level::Must,
        "effective and expiring versions are stable by then",
        read_problems,
    ),
    TIMELINE.rule("scs-0003-timeline-order", Level::Should, "the newest entry comes first", read_problems),
    TIMELINE.rule(
        "scs-0003-one-effective",
        Level::Should,
        "two versions are effective at the same time for at most six weeks",
        one_effective,
    ),
    TIMELINE.rule(
        "scs-0003-unlisted",
        Level::May,
        "versions that are not in the timeline are deprecated",
        unlisted,
    ),
    PROCESS.rule(
        "scs-0003-timeline-append",
        Level::Must,
        "timeline entries are only added, and removed only after six months out of force",
        timeline_append,
    ),
    PROCESS.rule(
        "scs-0003-garbage",
        Level::May,
        "versions without timeline entry, modules without version and test cases without module may be removed",
        unused_entries,
    ),
    Rule {
        id: "scs-0003-v2-id-prefix",
        level: Level::Must,
        documents: V2,
        section: "Regulation",
        summary: "the id of a test case begins with that of its standard, unless it serves several",
        test_case: None,
        question: None,
        check: read_problems,
    },
];

/// The rules for scope files.
pub fn scope_rules() -> impl Iterator<Item = &'static Rule<ScopeSubject>> {
    RULES.iter()
}

/// Runs all rules for scope files.
#[must_use]
pub fn check_scope(subject: &ScopeSubject, context: &Context<'_>) -> Vec<Answer> {
    scope_rules().map(|rule| rule.answer(subject, context)).collect()
}

/// Records the problems found while reading the file.
fn read_problems(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let id = rec.rule().id;
    for problem in subject.scope.problems().iter().filter(|problem| problem.rule == id) {
        let place = if problem.place.is_empty() { subject.scope.name() } else { &problem.place };
        let message = problem.to_string();
        let entry = match problem.result {
            Verdict::Dnf => rec.dnf(place, message),
            _ => rec.fail(place, message),
        };
        entry.with_severity(problem.severity);
    }
}

fn uuid(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    read_problems(subject, rec);
    let scope = &subject.scope;
    for other in &subject.others {
        if other.uuid().eq_ignore_ascii_case(scope.uuid()) && other.name() != scope.name() {
            let message = format!("the UUID is also used by {}", other.name());
            rec.fail(scope.name(), message).compared("a unique UUID", scope.uuid());
        }
    }
}

/// Records changes since the earlier edition; MISS without one.
fn changes_since(subject: &ScopeSubject, rec: &mut Rec<'_>, changes: impl Fn(&Scope, &Scope) -> Vec<String>) {
    let Some(earlier) = &subject.earlier else {
        let message = "the earlier edition of the file is needed to check for forbidden changes";
        rec.miss(subject.scope.name(), message).with_severity(Severity::Info);
        return;
    };
    for change in changes(earlier, &subject.scope) {
        rec.fail(subject.scope.name(), change);
    }
}

fn stable_frozen(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    changes_since(subject, rec, changes::in_stable_versions);
}

fn id_frozen(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    changes_since(subject, rec, changes::in_test_cases);
}

fn timeline_append(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let today = rec.context().date();
    changes_since(subject, rec, |earlier, scope| changes::in_timeline(earlier, scope, today));
}

/// The number of days for which two versions may be effective at the same time.
const OVERLAP_DAYS: i64 = 42;

/// Checks each pair of versions; of several overlaps of a version, the longest one is reported.
fn one_effective(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let mut periods = effective_periods(subject.scope.timeline());
    periods.sort_by_key(|(_, from, _)| *from);
    // The earlier version that is effective the longest.
    let mut longest: Option<(&str, Option<Date>)> = None;
    for (name, from, until) in periods {
        if let Some((other, end)) = longest.filter(|(other, _)| *other != name) {
            let until = earlier(end, until);
            let latest = from.checked_add(OVERLAP_DAYS.days()).ok();
            if until.is_none_or(|until| latest.is_some_and(|latest| until > latest)) {
                let length = until
                    .and_then(|until| until.since((Unit::Day, from)).ok())
                    .map_or_else(|| "without end".to_owned(), |span| format!("for {} days", span.get_days()));
                let message = format!("{name} and {other} are both effective from {from} on, {length}");
                rec.fail(subject.scope.name(), message).compared("an overlap of four to six weeks", length);
            }
        }
        if longest.is_none_or(|(_, end)| end.is_some_and(|end| until.is_none_or(|until| until > end))) {
            longest = Some((name, until));
        }
    }
}

/// The earlier of two ends; `None` means no end.
fn earlier(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The uninterrupted periods in which versions are effective.
fn effective_periods(timeline: &super::Timeline) -> Vec<(&str, Date, Option<Date>)> {
    let mut entries: Vec<_> = timeline.entries().iter().collect();
    entries.sort_by_key(|entry| entry.date);
    let mut periods = Vec::new();
    let mut open: BTreeMap<&str, Date> = BTreeMap::new();
    for entry in entries {
        let effective: HashSet<&str> = entry
            .versions
            .iter()
            .filter(|(_, validity)| *validity == Validity::Effective)
            .map(|(name, _)| name.as_str())
            .collect();
        open.retain(|name, from| {
            let goes_on = effective.contains(name);
            if !goes_on {
                periods.push((*name, *from, Some(entry.date)));
            }
            goes_on
        });
        for name in effective {
            open.entry(name).or_insert(entry.date);
        }
    }
    periods.extend(open.into_iter().map(|(name, from)| (name, from, None)));
    periods
}

fn unlisted(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let today = rec.context().date();
    let validities = subject.scope.timeline().validities(today);
    for version in subject.scope.versions() {
        if !validities.contains_key(version.name()) {
            rec.note(version.name(), format!("not in the timeline on {today}, so it is deprecated"));
        }
    }
}

fn unused_entries(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let scope = &subject.scope;
    let entries = scope.timeline().entries().iter();
    let named: HashSet<&str> =
        entries.flat_map(|entry| &entry.versions).map(|(name, _)| name.as_str()).collect();
    for version in scope.versions().iter().filter(|version| !named.contains(version.name())) {
        rec.note(version.name(), "the version is not in the timeline");
    }
    let included: HashSet<&str> = scope
        .versions()
        .iter()
        .flat_map(super::ScopeVersion::includes)
        .map(|include| include.module.as_str())
        .collect();
    for module in scope.modules().iter().filter(|module| !included.contains(module.id.as_str())) {
        rec.note(&module.id, "the module is not included in any version");
    }
    let used: HashSet<&String> =
        scope.modules().iter().flat_map(|module| module.targets.values().flatten()).collect();
    for case in scope.test_cases().filter(|case| !used.contains(&case.id)) {
        rec.note(&case.id, "the test case is not in any module");
    }
}
