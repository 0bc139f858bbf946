//! The rules of scs-0003-v1 over scope files.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use scs_standards::{Answer, Context, DocumentId, Heading, Level, Recorder, Rule, Severity, Verdict};

use super::{Scope, Validity, changes};

/// A scope file, and what it is held against.
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
/// // Without the earlier edition nobody knows what has changed; and `version-policy-check` does not have the prefix that
/// // version 2 of the text asks for.
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

    /// With its edition before, which says what may not change.
    #[must_use]
    pub fn with_earlier(mut self, earlier: Scope) -> Self {
        self.earlier = Some(earlier);
        self
    }

    /// With other scopes, among which its UUID must be unique.
    #[must_use]
    pub fn with_others(mut self, others: Vec<Scope>) -> Self {
        self.others = others;
        self
    }

    /// The file.
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
        "all keys are there that a scope file must have, with values of their kind",
        told,
    ),
    FILE.rule("scs-0003-unknown-keys", Level::MustNot, "keys other than the ones that are described", told),
    FILE.rule("scs-0003-url", Level::Must, "what is called `url` is a valid URL", told),
    FILE.rule("scs-0003-uuid", Level::Must, "`uuid` is a UUID, and that of no other scope", uuid),
    Heading { documents: V1, section: "Prerequisite descriptor" }.rule(
        "scs-0003-prerequisite",
        Level::Must,
        "a scope above SCS-compatible needs one of the level below and of the same layer, and SCS-compatible none",
        told,
    ),
    VERSION.rule(
        "scs-0003-testcase-unique",
        Level::Must,
        "no test case is there twice, in the file or in a version",
        told,
    ),
    Heading { documents: V1, section: "Basic concepts" }.rule(
        "scs-0003-main-target",
        Level::Must,
        "a version has test cases in its target *main*, on which a certificate depends",
        told,
    ),
    VERSION.rule("scs-0003-stable-frozen", Level::MustNot, "a stable version changes", stable_frozen),
    Heading { documents: V1, section: "Include descriptor" }.rule(
        "scs-0003-parameters",
        Level::Must,
        "every parameter of an included module has a value",
        told,
    ),
    Heading { documents: V1, section: "Module descriptor" }.rule(
        "scs-0003-module-refs",
        Level::Must,
        "includes name modules, and modules name test cases",
        told,
    ),
    Heading { documents: V1, section: "Automated check" }.rule(
        "scs-0003-variables",
        Level::Must,
        "every name in braces is a variable or a parameter",
        told,
    ),
    TEST_CASE.rule("scs-0003-lifetime", Level::Must, "`lifetime` is day, week, month, quarter or year", told),
    TEST_CASE.rule(
        "scs-0003-testcase-id-frozen",
        Level::MustNot,
        "the id of a test case of a stable version changes",
        id_frozen,
    ),
    TIMELINE.rule(
        "scs-0003-timeline-codes",
        Level::Must,
        "the timeline names known versions as effective, warn, draft or deprecated",
        told,
    ),
    TIMELINE.rule(
        "scs-0003-timeline-stable",
        Level::Must,
        "what is effective or about to expire is stable by then",
        told,
    ),
    TIMELINE.rule("scs-0003-timeline-order", Level::Should, "the newest entry comes first", told),
    TIMELINE.rule(
        "scs-0003-one-effective",
        Level::Should,
        "two versions are effective together for six weeks at most",
        one_effective,
    ),
    TIMELINE.rule(
        "scs-0003-unlisted",
        Level::May,
        "a version that the timeline does not name is deprecated",
        unlisted,
    ),
    PROCESS.rule(
        "scs-0003-timeline-append",
        Level::Must,
        "entries are added to the timeline; only those go that have had no force for six months",
        timeline_append,
    ),
    PROCESS.rule(
        "scs-0003-garbage",
        Level::May,
        "versions that no entry names, modules in no version and test cases in no module may go",
        garbage,
    ),
    Rule {
        id: "scs-0003-v2-id-prefix",
        level: Level::Must,
        documents: V2,
        section: "Regulation",
        summary: "the id of a test case begins with that of its standard, unless it serves several",
        test_case: None,
        question: None,
        check: told,
    },
];

/// The rules over scope files.
pub fn scope_rules() -> impl Iterator<Item = &'static Rule<ScopeSubject>> {
    RULES.iter()
}

/// Asks all rules over scope files.
#[must_use]
pub fn check_scope(subject: &ScopeSubject, context: &Context<'_>) -> Vec<Answer> {
    scope_rules().map(|rule| rule.answer(subject, context)).collect()
}

/// What reading the file has found.
fn told(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let id = rec.rule().id;
    for problem in subject.scope.problems().iter().filter(|problem| problem.rule == id) {
        let place =
            if problem.line > 0 { format!("line {}", problem.line) } else { subject.scope.name().to_owned() };
        let message = match &problem.hint {
            Some(hint) => format!("{} ({hint})", problem.message),
            None => problem.message.clone(),
        };
        let entry = match problem.result {
            Verdict::Dnf => rec.dnf(place, message),
            _ => rec.fail(place, message),
        };
        entry.with_severity(problem.severity);
    }
}

fn uuid(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    told(subject, rec);
    let scope = &subject.scope;
    for other in &subject.others {
        if other.uuid().eq_ignore_ascii_case(scope.uuid()) && other.name() != scope.name() {
            let message = format!("{} has the same UUID", other.name());
            rec.fail(scope.name(), message).compared("a UUID of its own", scope.uuid());
        }
    }
}

/// Records what has changed since the earlier edition; without one, that cannot be said.
fn since(subject: &ScopeSubject, rec: &mut Rec<'_>, changes: impl Fn(&Scope, &Scope) -> Vec<String>) {
    let Some(earlier) = &subject.earlier else {
        let message = "whether anything frozen has changed only the earlier edition of the file can tell, which is not given";
        rec.miss(subject.scope.name(), message).with_severity(Severity::Info);
        return;
    };
    for change in changes(earlier, &subject.scope) {
        rec.fail(subject.scope.name(), change);
    }
}

fn stable_frozen(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    since(subject, rec, changes::of_stable_versions);
}

fn id_frozen(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    since(subject, rec, changes::of_test_cases);
}

fn timeline_append(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let today = rec.context().date();
    since(subject, rec, |earlier, scope| changes::of_timeline(earlier, scope, today));
}

/// Days for which two versions may be effective together.
const OVERLAP_DAYS: i64 = 42;

/// Each two versions by themselves: of several overlaps of a version the longest one is told.
fn one_effective(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let mut periods = effective_periods(subject.scope.timeline());
    periods.sort_by_key(|(_, from, _)| *from);
    // The version that is effective for the longest time among those before.
    let mut longest: Option<(&str, Option<Date>)> = None;
    for (name, from, until) in periods {
        if let Some((other, end)) = longest.filter(|(other, _)| *other != name) {
            let until = earlier(end, until);
            let latest = from.checked_add(OVERLAP_DAYS.days()).ok();
            if until.is_none_or(|until| latest.is_some_and(|latest| until > latest)) {
                let length = until
                    .and_then(|until| until.since((Unit::Day, from)).ok())
                    .map_or_else(|| "with no end".to_owned(), |span| format!("for {} days", span.get_days()));
                let message = format!("{name} and {other} are effective together from {from} on, {length}");
                rec.fail(subject.scope.name(), message).compared("an overlap of four to six weeks", length);
            }
        }
        if longest.is_none_or(|(_, end)| end.is_some_and(|end| until.is_none_or(|until| until > end))) {
            longest = Some((name, until));
        }
    }
}

/// The earlier of two ends, of which none is the latest.
fn earlier(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// From when until when versions are effective without a break, one after the other.
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
            rec.note(
                version.name(),
                format!("the timeline does not name it on {today}, so it is deprecated"),
            );
        }
    }
}

fn garbage(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let scope = &subject.scope;
    let entries = scope.timeline().entries().iter();
    let named: HashSet<&str> =
        entries.flat_map(|entry| &entry.versions).map(|(name, _)| name.as_str()).collect();
    for version in scope.versions().iter().filter(|version| !named.contains(version.name())) {
        rec.note(version.name(), "no entry of the timeline names this version");
    }
    let included: HashSet<&str> = scope
        .versions()
        .iter()
        .flat_map(super::ScopeVersion::includes)
        .map(|include| include.module.as_str())
        .collect();
    for module in scope.modules().iter().filter(|module| !included.contains(module.id.as_str())) {
        rec.note(&module.id, "no version includes this module");
    }
    let used: HashSet<&String> =
        scope.modules().iter().flat_map(|module| module.targets.values().flatten()).collect();
    for case in scope.test_cases().filter(|case| !used.contains(&case.id)) {
        rec.note(&case.id, "no module has this test case");
    }
}
