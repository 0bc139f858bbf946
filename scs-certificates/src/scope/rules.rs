//! The rules of scs-0003-v1 over scope files.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use scs_standards::{Answer, Context, DocumentId, Heading, Level, Recorder, Rule, Verdict};

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
/// // `version-policy-check` has not the prefix that version 2 of the text wants.
/// assert_eq!(broken, ["scs-0003-v2-id-prefix"]);
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
    FILE.rule("scs-0003-uuid", Level::Must, "`uuid` is a UUID, and that of no other scope", uuid),
    Heading { documents: V1, section: "Prerequisite descriptor" }.rule(
        "scs-0003-prerequisite",
        Level::Must,
        "a scope above SCS-compatible needs one of the level below and of the same layer",
        prerequisite,
    ),
    VERSION.rule(
        "scs-0003-testcase-unique",
        Level::Must,
        "no test case is there twice, in the file or in a version",
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
        entry.weighing(problem.severity);
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

fn prerequisite(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let scope = &subject.scope;
    let (level, layer) = scope.name().split_once(' ').unwrap_or((scope.name(), ""));
    let below = match level {
        "SCS-open" => "SCS-compatible",
        "SCS-sovereign" => "SCS-open",
        _ => return,
    };
    let expected = format!("{below} {layer}");
    match scope.prerequisite() {
        None => {
            rec.fail(scope.name(), "it names no prerequisite").compared(expected, "none");
        }
        Some(prerequisite) if prerequisite.name != expected => {
            let message = "its prerequisite is not the level below, of the same layer";
            rec.fail(scope.name(), message).compared(expected, &prerequisite.name);
        }
        Some(_) => {}
    }
}

/// Records what has changed since the earlier edition; without one, that cannot be said.
fn since(subject: &ScopeSubject, rec: &mut Rec<'_>, changes: impl Fn(&Scope, &Scope) -> Vec<String>) {
    // Without an earlier edition there is nothing that could have changed.
    let Some(earlier) = &subject.earlier else { return };
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

fn one_effective(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let scope = &subject.scope;
    let mut entries: Vec<_> = scope.timeline().entries().iter().collect();
    entries.sort_by_key(|entry| entry.date);
    let mut since: Option<(Date, Vec<&str>)> = None;
    let mut told = |from: Date, until: Option<Date>, names: &[&str]| {
        let end = from.checked_add(OVERLAP_DAYS.days()).ok();
        let too_long = until.is_none_or(|until| end.is_some_and(|end| until > end));
        if too_long {
            let length = until
                .and_then(|until| until.since((Unit::Day, from)).ok())
                .map_or_else(|| "with no end".to_owned(), |span| format!("for {} days", span.get_days()));
            let message = format!(
                "{} are effective together from {from} on, {length}",
                super::all_of(names.iter().copied())
            );
            rec.fail(scope.name(), message).compared("an overlap of four to six weeks", length);
        }
    };
    for entry in entries {
        let effective: Vec<&str> = entry
            .versions
            .iter()
            .filter(|(_, validity)| *validity == Validity::Effective)
            .map(|(name, _)| name.as_str())
            .collect();
        match (&since, effective.len() > 1) {
            (None, true) => since = Some((entry.date, effective)),
            (Some((from, names)), false) => {
                told(*from, Some(entry.date), names);
                since = None;
            }
            _ => {}
        }
    }
    if let Some((from, names)) = since {
        told(from, None, &names);
    }
}

fn unlisted(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let today = rec.context().date();
    for version in subject.scope.versions() {
        if subject.scope.timeline().validity(version.name(), today).is_none() {
            rec.note(
                version.name(),
                format!("the timeline does not name it on {today}, so it is deprecated"),
            );
        }
    }
}

fn garbage(subject: &ScopeSubject, rec: &mut Rec<'_>) {
    let scope = &subject.scope;
    for version in scope.versions() {
        let is_named = scope
            .timeline()
            .entries()
            .iter()
            .any(|entry| entry.versions.iter().any(|(name, _)| name == version.name()));
        if !is_named {
            rec.note(version.name(), "no entry of the timeline names this version");
        }
    }
    for module in scope.modules() {
        let is_included = |version: &super::ScopeVersion| {
            version.includes().iter().any(|include| include.module == module.id)
        };
        if !scope.versions().iter().any(is_included) {
            rec.note(&module.id, "no version includes this module");
        }
    }
    for case in scope.test_cases() {
        let is_used = |module: &super::Module| module.targets.values().flatten().any(|id| *id == case.id);
        if !scope.modules().iter().any(is_used) {
            rec.note(&case.id, "no module has this test case");
        }
    }
}
