//! Deadlines and expiry dates: images, declarations, exceptions, results, Kubernetes versions, and changes of the scope.
//!
//! | event | date |
//! | --- | --- |
//! | deadline | the last day to act |
//! | end of an image | its last day |
//! | change of the scope | its first day |

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use scs_certificates::{Scope, Validity};
use scs_image_metadata::{CheckedImage, Freshness, ImageList, ImageSet, Lifecycle, Support};
use scs_k8s_policy::{BranchForecast, K8sVersion, KubernetesFacts, OfferedVersion, ServerVersion, forecast};
use scs_standards::{Context, Declaration, Given, Profile, Verdict};
use serde::{Deserialize, Serialize};

use crate::check::check;
use crate::inventory::{Inventory, Kind};
use crate::registry::Registry;
use crate::report::Report;
use crate::selection::{ScopeChoice, Selection};
use crate::subject::Subject;

/// The id of the JSON format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum CalendarSchema {
    /// The first version.
    #[default]
    #[serde(rename = "scs/calendar/1")]
    Calendar1,
}

/// The kind of a calendar event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EventKind {
    /// The verdict changes by expiry or timeline.
    Verdict,
    /// An image is due for replacement, or reaches its last day.
    Image,
    /// A version of Kubernetes has to be offered, replaced or withdrawn.
    Kubernetes,
    /// Results of test cases expire.
    Result,
    /// A declaration expires, or a manual check has to be repeated.
    Declaration,
    /// A claimed exception expires.
    Exception,
    /// Dated facts become too old to decide by.
    Facts,
    /// A version of the scope changes its validity.
    Scope,
}

impl EventKind {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Image => "image",
            Self::Kubernetes => "kubernetes",
            Self::Result => "result",
            Self::Declaration => "declaration",
            Self::Exception => "exception",
            Self::Facts => "facts",
            Self::Scope => "scope",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Something that is due, expires or changes on a day.
///
/// ```
/// use scs_certificates::Scope;
/// use scs_k8s_policy::KubernetesFacts;
/// use scs_registry::{EventKind, Inventory, calendar};
/// use scs_standards::Context;
///
/// let inventory: Inventory = "{kind: cloud, subject: prod, images: [{name: Debian 13, image_build_date: 2026-11-10,
///       replace_frequency: monthly, provided_until: 2027-12-31}]}".parse()?;
/// let context = Context::at("2026-12-01T00:00:00Z".parse()?);
/// let facts = KubernetesFacts::embedded();
/// let calendar = calendar(&inventory, Scope::compatible_iaas(), facts, &context, 30);
/// let event = &calendar.events[0];
/// assert_eq!((event.kind, event.subject.as_str()), (EventKind::Image, "Debian 13"));
/// assert_eq!((event.date.to_string().as_str(), event.overdue), ("2026-12-13", false));
/// assert_eq!(event.event, "due for replacement: built 2026-11-10, replaced monthly");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CalendarEvent {
    /// The last day to act for a deadline, the last day for an end, the first day for a change.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date")))]
    pub date: Date,
    /// The kind of the event.
    pub kind: EventKind,
    /// The name of the cloud or cluster, or of the scope that changes.
    pub of: String,
    /// The image, rule, test case, version or list of facts.
    pub subject: String,
    /// The description of the event, which does not depend on the time of the check.
    pub event: String,
    /// The recommended action, if any.
    pub action: Option<String>,
    /// Whether action is required by that day; other events only announce an end or a change.
    pub deadline: bool,
    /// Whether a deadline has passed.
    pub overdue: bool,
    /// The rule that is broken afterwards, if it is a single one.
    pub rule: Option<String>,
}

impl CalendarEvent {
    fn new(date: Date, kind: EventKind, subject: impl Into<String>, event: impl Into<String>) -> Self {
        Self {
            date,
            kind,
            of: String::new(),
            subject: subject.into(),
            event: event.into(),
            action: None,
            deadline: false,
            overdue: false,
            rule: None,
        }
    }

    /// Adds an action that is required by the date.
    fn due(self, action: impl Into<String>) -> Self {
        Self { deadline: true, ..self.advised(action) }
    }

    /// Adds a recommended action.
    fn advised(self, action: impl Into<String>) -> Self {
        Self { action: Some(action.into()), ..self }
    }

    fn by_rule(self, rule: impl Into<String>) -> Self {
        Self { rule: Some(rule.into()), ..self }
    }

    /// The order of a calendar: overdue events first, then day by day.
    fn order(&self) -> (bool, Date, EventKind, &str, &str, &str) {
        (!self.overdue, self.date, self.kind, &self.of, &self.subject, &self.event)
    }
}

/// The events up to a day, and notices about missing events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(
        title = "scs/calendar/1",
        description = "Deadlines and expiry dates, as printed by `scs calendar`."
    )
)]
#[non_exhaustive]
pub struct Calendar {
    /// The id of the JSON format.
    pub schema: CalendarSchema,
    /// The time of the check.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub at: Timestamp,
    /// The last day of the calendar.
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date")))]
    pub until: Date,
    /// The events: overdue ones first, then by date.
    pub events: Vec<CalendarEvent>,
    /// Data that are missing or unusable, so that events may be missing.
    pub notices: Vec<String>,
}

impl Calendar {
    /// An empty calendar that covers `horizon_days` days from `at`.
    #[must_use]
    pub fn empty(at: Timestamp, horizon_days: u32) -> Self {
        let today = day(at);
        let span = Span::new().try_days(horizon_days);
        let until = span.and_then(|span| today.checked_add(span)).unwrap_or(Date::MAX);
        Self { schema: CalendarSchema::default(), at, until, events: Vec::new(), notices: Vec::new() }
    }

    /// Adds the events of another calendar with the same dates. Duplicate events are kept once.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.events.extend(other.events);
        self.notices.extend(other.notices);
        self.sorted()
    }

    /// Whether there is a deadline, overdue or due by the last day.
    ///
    /// ```
    /// use scs_registry::Calendar;
    ///
    /// assert!(!Calendar::empty("2026-12-01T00:00:00Z".parse()?, 90).has_deadlines());
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn has_deadlines(&self) -> bool {
        self.events.iter().any(|event| event.deadline)
    }

    fn sorted(mut self) -> Self {
        self.events.sort_by(|one, other| one.order().cmp(&other.order()));
        self.events.dedup();
        let mut seen = BTreeSet::new();
        self.notices.retain(|notice| seen.insert(notice.clone()));
        self
    }

    /// Adds the events of a subject up to the last day. Events already marked overdue stay overdue.
    fn with(mut self, of: &str, events: impl IntoIterator<Item = CalendarEvent>) -> Self {
        let (today, until) = (day(self.at), self.until);
        self.events.extend(events.into_iter().filter(|event| event.date <= until).map(|event| {
            let overdue = event.deadline && (event.overdue || event.date < today);
            CalendarEvent { of: of.to_owned(), overdue, ..event }
        }));
        self
    }
}

/// The events of an inventory: everything that is overdue, and everything that is due, ends or changes within `horizon_days`.
///
/// Declarations of the context are added to those of the inventory. The facts are used for clusters only.
#[must_use]
pub fn calendar(
    inventory: &Inventory,
    scope: &Scope,
    facts: &KubernetesFacts,
    context: &Context<'_>,
    horizon_days: u32,
) -> Calendar {
    let today = context.date();
    let of = inventory.subject().map_or_else(|| inventory.kind().to_string(), str::to_owned);
    let mut notices: Vec<String> = inventory.notices().to_vec();
    let declarations = context.declarations.and(inventory.declarations());
    notices.extend(declarations.unusable().map(ToString::to_string));

    let mut events = of_declarations(declarations.iter(), today);
    events.extend(of_exceptions(
        declarations
            .exceptions()
            .map(|claimed| (claimed.exception.as_str(), claimed.valid_until, claimed.reason.as_str())),
    ));
    match inventory.kind() {
        Kind::Cloud => events.extend(of_images(inventory, today, &mut notices)),
        Kind::Cluster => events.extend(of_versions(inventory, facts, context, &mut notices)),
    }
    if let Given::Unusable(reason) = inventory.time_of_collection() {
        notices.push(format!("cannot tell when results expire: {reason}"));
    }
    match Selection::of_scope(scope, inventory.kind(), today, &ScopeChoice::default()) {
        Ok(selection) => {
            let subject = Subject::inventory(&of, inventory).with_facts(facts);
            let report = check(&subject, &selection, context);
            events.extend(of_results(&report, scope));
        }
        Err(error) => notices.push(error.to_string()),
    }
    let notices = notices.into_iter().map(|notice| format!("{of}: {notice}")).collect();
    Calendar { notices, ..Calendar::empty(context.at, horizon_days) }
        .with(&of, events)
        .with(scope.name(), of_scope(scope, today))
        .sorted()
}

/// The events of an earlier report: results and claimed exceptions that expire, and changes of its scope. Images, declarations
/// and Kubernetes versions are only in inventories.
///
/// ```
/// use scs_certificates::Scope;
/// use scs_registry::{EventKind, Inventory, ScopeChoice, calendar_of_report, check_inventory};
/// use scs_standards::Context;
///
/// let inventory: Inventory = "{kind: cloud, collected_at: 2026-12-01T08:00:00Z, flavors: [{name: SCS-2V-8, vcpus: 2, ram: 8192, disk: 0}]}".parse()?;
/// let at = "2026-12-01T00:00:00Z".parse()?;
/// let report = check_inventory(&inventory, &ScopeChoice::default(), &Context::at(at))?;
/// let calendar = calendar_of_report(&report, Scope::compatible_iaas(), at, 30);
/// let event = &calendar.events[0];
/// // 1 December is a Tuesday; results that are valid for a week count through the Sunday after next.
/// assert_eq!((event.kind, event.date.to_string().as_str()), (EventKind::Result, "2026-12-13"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn calendar_of_report(report: &Report, scope: &Scope, at: Timestamp, horizon_days: u32) -> Calendar {
    let claimed = report.exceptions.iter().filter_map(|claimed| {
        Some((claimed.exception.as_str(), claimed.valid_until.parse().ok()?, claimed.reason.as_str()))
    });
    Calendar::empty(at, horizon_days)
        .with(&report.subject, of_results(report, scope).into_iter().chain(of_exceptions(claimed)))
        .with(scope.name(), of_scope(scope, day(at)))
        .sorted()
}

/// The date of a timestamp, in UTC.
fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The last day before the given end.
fn last_day(end: Timestamp) -> Date {
    day(end.checked_sub(1.second()).unwrap_or(end))
}

/// Images that are due for replacement, and the last days of images.
fn of_images(inventory: &Inventory, today: Date, notices: &mut Vec<String>) -> Vec<CalendarEvent> {
    let list = match inventory.given("images").read(str::parse::<ImageList>) {
        Given::Missing => return Vec::new(),
        Given::Unusable(reason) => {
            notices.push(format!("`images` cannot be used: {reason}"));
            return Vec::new();
        }
        Given::Data(list) => list,
    };
    let set = ImageSet::from(list);
    let mut events = Vec::new();
    let mut unknown: Vec<String> = Vec::new();
    for (place, image) in set.images().iter().enumerate().filter(|(_, image)| image.is_offered()) {
        let lifecycle = Lifecycle::of(&set, place, today);
        if let Freshness::Unknown { missing, .. } = &lifecycle.freshness {
            let keys: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
            unknown.push(format!("{} (no valid {})", image.label(), keys.join(" and ")));
        }
        events.extend(of_image(&set, image, lifecycle, today));
    }
    if !unknown.is_empty() {
        let more = match unknown.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        unknown.truncate(SHOWN);
        notices.push(format!("cannot tell when these images are due: {}{more}", unknown.join(", ")));
    }
    events
}

/// The number of names in a notice.
const SHOWN: usize = 5;

fn of_image(set: &ImageSet, image: &CheckedImage, lifecycle: Lifecycle, today: Date) -> Vec<CalendarEvent> {
    let Lifecycle { built, fresh_until, provided_until, freshness, .. } = lifecycle;
    let is_due = matches!(freshness, Freshness::Fresh { due_on: Some(_) } | Freshness::Overdue { .. });
    let due = fresh_until.filter(|_| is_due).map(|by| {
        let built = built.map(|built| built.date().to_string()).unwrap_or_default();
        let frequency = image.metadata().replace_frequency.value().map(|frequency| frequency.name());
        let event = format!(
            "due for replacement: built {built}, replaced {}",
            frequency.unwrap_or("at an unknown frequency")
        );
        let is_over = matches!(set.support(image), Support::Ended { on, .. } if on < today);
        let action = if is_over {
            "its release reached its end of life: hide it and end its `provided_until`, or upload a new build if there is one"
        } else if image.is_hidden() {
            "upload a newer image under this name; this one is hidden, and nothing replaces it"
        } else {
            "upload a new build under the same name and hide this one"
        };
        CalendarEvent::new(by, EventKind::Image, image.label(), event)
            .due(action)
            .by_rule("scs-0102-image-recency")
    });
    let lasts = matches!(freshness, Freshness::Fresh { .. } | Freshness::Overdue { .. } | Freshness::Lasting);
    let end = provided_until.filter(|end| lasts && today <= *end).map(|end| {
        CalendarEvent::new(end, EventKind::Image, image.label(), "last day of `provided_until`")
            .advised("offer a successor, or extend `provided_until`")
    });
    due.into_iter().chain(end).collect()
}

/// The validity of an answer to a manual check, in months (scs-0004-v1, *Regulations*).
const QUARTER_MONTHS: i64 = 3;

/// Declarations that expire. A declaration that another one about the same subjects continues without a gap does not count.
fn of_declarations<'d>(
    declarations: impl Iterator<Item = &'d Declaration>,
    today: Date,
) -> Vec<CalendarEvent> {
    let manual = manual_checks();
    let last = |declaration: &Declaration| {
        let quarter = declaration.date.checked_add(QUARTER_MONTHS.months()).unwrap_or(Date::MAX);
        let is_manual = manual.contains(declaration.rule.as_str());
        if is_manual && quarter < declaration.valid_until {
            (quarter, true)
        } else {
            (declaration.valid_until, false)
        }
    };
    let mut by_subject: BTreeMap<(&str, Vec<&str>), Vec<&Declaration>> = BTreeMap::new();
    for declaration in declarations {
        let mut subjects: Vec<&str> = declaration.subjects.iter().map(String::as_str).collect();
        subjects.sort_unstable();
        by_subject.entry((declaration.rule.as_str(), subjects)).or_default().push(declaration);
    }
    let mut events = Vec::new();
    for ((name, subjects), mut declared) in by_subject {
        declared.sort_by_key(|declaration| (declaration.date, declaration.valid_until));
        // The declaration that is valid longest, without a gap in the future.
        let mut newest: Option<(Date, bool, &Declaration)> = None;
        for declaration in declared {
            let (end, by_quarter) = last(declaration);
            let follows = newest.is_none_or(|(until, ..)| {
                declaration.date <= until.max(today).tomorrow().unwrap_or(Date::MAX)
            });
            if follows && newest.is_none_or(|(until, ..)| until <= end) {
                newest = Some((end, by_quarter, declaration));
            }
        }
        let Some((end, by_quarter, declaration)) = newest else { continue };
        let subject = match subjects.as_slice() {
            [] => name.to_owned(),
            subjects => format!("{name} ({})", subjects.join(", ")),
        };
        let event = if by_quarter {
            format!("manual check of {} expires after a quarter", declaration.date)
        } else {
            format!("declaration of {} expires", declaration.date)
        };
        let action = if by_quarter { "check and declare it again" } else { "review and declare it again" };
        events
            .push(CalendarEvent::new(end, EventKind::Declaration, subject, event).due(action).by_rule(name));
    }
    events
}

/// The rules and topics whose declarations count for an official test case.
fn manual_checks() -> BTreeSet<&'static str> {
    let registry = Registry::new();
    let manual = registry.rules().filter(|rule| rule.test_case.is_some());
    manual.filter_map(|rule| rule.question.map(|question| question.topic.unwrap_or(rule.id))).collect()
}

/// Claimed exceptions that expire, with their reasons.
fn of_exceptions<'e>(claimed: impl Iterator<Item = (&'e str, Date, &'e str)>) -> Vec<CalendarEvent> {
    let mut newest: BTreeMap<&str, (Date, &str)> = BTreeMap::new();
    for (id, until, reason) in claimed {
        let known = newest.entry(id).or_insert((until, reason));
        *known = (*known).max((until, reason));
    }
    newest
        .into_iter()
        .map(|(id, (until, reason))| {
            let event = format!("claimed exception expires: {reason}");
            CalendarEvent::new(until, EventKind::Exception, id, event)
                .due("meet the requirement, or have the exception extended")
        })
        .collect()
}

/// Results of the deciding version that expire, grouped by their end, and the end of a PASS.
fn of_results(report: &Report, scope: &Scope) -> Vec<CalendarEvent> {
    let outdated = report.deciding_version().map(|version| &version.outdated);
    let counts = |case: &str, result: Verdict| {
        let has_expired = outdated.is_some_and(|outdated| outdated.contains_key(case));
        (result == Verdict::Pass || has_expired) && !report.advisory.iter().any(|id| id == case)
    };
    // Results with the same time and end, grouped.
    let mut ending: BTreeMap<(Timestamp, bool, Timestamp), Vec<&str>> = BTreeMap::new();
    for case in report.results.iter().filter(|(case, result)| counts(case, **result)).map(|(case, _)| case) {
        let evidence = report.evidence_at.get(case).copied();
        // An inventory without a time is as new as the check.
        let moment = match (evidence, report.collected_at) {
            (Some(evidence), Some(collected_at)) => evidence.min(collected_at),
            (Some(moment), None) | (None, Some(moment)) => moment,
            (None, None) => continue,
        };
        let Some(known) = scope.test_case(case) else { continue };
        let is_evidence = report.collected_at != Some(moment);
        ending.entry((known.lifetime.expires(moment), is_evidence, moment)).or_default().push(case);
    }
    let mut events: Vec<CalendarEvent> = Vec::new();
    for ((end, is_evidence, moment), cases) in ending {
        let subject = match cases.as_slice() {
            [] => continue,
            [one] => (*one).to_owned(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        };
        let (what, action) = if is_evidence {
            ("evidence", "collect the evidence again")
        } else {
            ("inventory", "collect the inventory again")
        };
        let results = if cases.len() == 1 { "result expires" } else { "results expire" };
        let event = format!("{results} ({what} of {})", day(moment));
        let event = CalendarEvent::new(last_day(end), EventKind::Result, subject, event).due(action);
        events.push(CalendarEvent { overdue: end <= report.at, ..event });
    }
    let end = report.changes_at.filter(|_| report.verdict == Verdict::Pass);
    events.extend(end.map(|end| {
        let of = report.decided_by.as_deref().unwrap_or(scope.name());
        CalendarEvent::new(last_day(end), EventKind::Verdict, of, "the verdict PASS ends")
            .due("renew the expiring results, then check again")
    }));
    events
}

/// Deadlines for offering, replacing and withdrawing Kubernetes versions.
fn of_versions(
    inventory: &Inventory,
    facts: &KubernetesFacts,
    context: &Context<'_>,
    notices: &mut Vec<String>,
) -> Vec<CalendarEvent> {
    let at = context.at;
    let mut offered: Option<Vec<OfferedVersion>> = None;
    match inventory.given("offered_versions").read(OfferedVersion::read_list) {
        Given::Missing => {}
        Given::Unusable(reason) => notices.push(format!("`offered_versions` cannot be used: {reason}")),
        Given::Data(listed) => {
            let (entries, broken) = listed.into_parts();
            notices.extend(broken.iter().map(|broken| format!("`offered_versions`: {broken}")));
            offered = Some(entries);
        }
    }
    let mut running: Option<K8sVersion> = None;
    match inventory.given("version").read(str::parse::<ServerVersion>) {
        Given::Missing => {}
        Given::Unusable(reason) => notices.push(format!("`version` cannot be used: {reason}")),
        Given::Data(server) => running = Some(server.version().clone()),
    }
    if offered.is_none() && running.is_none() {
        return Vec::new();
    }
    let mut events: Vec<CalendarEvent> = Vec::new();
    if let Some(offered) = &offered {
        for branch in forecast(facts, offered, at) {
            notices.extend(branch.unknown.iter().map(|gap| format!("Kubernetes {}: {gap}", branch.branch)));
            events.extend(of_branch(&branch, Held::Offered, facts, at));
        }
        for withdrawn in offered {
            let Some(end) = withdrawn.expires_at.filter(|end| *end > at) else { continue };
            let version = withdrawn.version.to_string();
            let event =
                CalendarEvent::new(last_day(end), EventKind::Kubernetes, version, "last day of the offer");
            events.push(event.advised("keep offering the branch if it is still maintained"));
        }
    }
    // A running version that is also offered is replaced with the offer.
    let is_offered = |version: &K8sVersion| {
        offered.iter().flatten().any(|other| other.version.upstream() == version.upstream())
    };
    if let Some(version) = running.filter(|version| !is_offered(version)) {
        let alone = [OfferedVersion::new(version)];
        let branches = forecast(facts, &alone, at);
        for branch in branches.into_iter().filter(|branch| !branch.offered.is_empty()) {
            notices.extend(branch.unknown.iter().map(|gap| format!("Kubernetes {}: {gap}", branch.branch)));
            events.extend(of_branch(&branch, Held::Running, facts, at));
        }
    }
    // For the official suite, facts never become outdated.
    if let (Profile::Text, Some(as_of)) = (context.profile, facts.releases_as_of(at).map(day)) {
        let fresh = facts.releases_fresh_until(at).map(|end| (end, "is the newest patch"));
        let known = facts.branches_known_until(at).filter(|_| offered.is_some());
        let known = known.map(|end| (end, "belongs to a maintained branch that must be offered"));
        events.extend(fresh.into_iter().chain(known).map(|(end, what)| {
            let event = format!("data of {as_of} are too old afterwards to tell whether a version {what}");
            CalendarEvent::new(day(end), EventKind::Facts, "Kubernetes releases", event)
                .due("update the release data")
        }));
    }
    events
}

/// How a Kubernetes version is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    /// It is offered to customers.
    Offered,
    /// The cluster runs it.
    Running,
}

fn of_branch(
    branch: &BranchForecast,
    held: Held,
    facts: &KubernetesFacts,
    at: Timestamp,
) -> Vec<CalendarEvent> {
    let has = branch.offered.last();
    let ends = |end: Date| {
        let event = format!("{} reaches its end of life", branch.branch);
        let action = match held {
            Held::Offered => "stop offering it",
            Held::Running => "upgrade to a newer branch",
        };
        let subject = has.map_or_else(|| branch.branch.to_string(), ToString::to_string);
        CalendarEvent::new(end, EventKind::Kubernetes, subject, event)
            .due(action)
            .by_rule("scs-0210-eol-not-offered")
    };
    let mut events = Vec::new();
    if let Some(step) = &branch.next {
        // A branch from before all known ones has ended by the first known end of life.
        let by = if step.until == Timestamp::MIN {
            facts.ends_of_life().iter().map(|(_, end)| end).min().unwrap_or_else(|| day(at))
        } else {
            day(step.until)
        };
        let event = match (&step.offer, has) {
            (None, _) => ends(by),
            (Some(offer), Some(has)) => {
                let why = step.cve.as_ref().map(|cve| format!(": it fixes {cve} (critical)"));
                let event = format!("{offer} is due as its replacement{}", why.unwrap_or_default());
                let action = match held {
                    Held::Offered => format!("offer {offer}"),
                    Held::Running => format!("upgrade to {offer}"),
                };
                CalendarEvent::new(by, EventKind::Kubernetes, has.to_string(), event)
                    .due(action)
                    .by_rule(step.rule)
            }
            (Some(offer), None) => {
                let event = format!("{} must be available", branch.branch);
                CalendarEvent::new(by, EventKind::Kubernetes, branch.branch.to_string(), event)
                    .due(format!("offer {offer}"))
                    .by_rule(step.rule)
            }
        };
        events.push(CalendarEvent { overdue: step.is_overdue(at), ..event });
    }
    let ends_next = branch.next.as_ref().is_some_and(|step| step.offer.is_none());
    events.extend(branch.end_of_life.filter(|_| has.is_some() && !ends_next).map(ends));
    events
}

/// Changes of the validity of scope versions after a day.
fn of_scope(scope: &Scope, today: Date) -> Vec<CalendarEvent> {
    let timeline = scope.timeline();
    let days: BTreeSet<Date> = timeline.changes_after(today).collect();
    let mut events = Vec::new();
    for day in days {
        let Ok(yesterday) = day.yesterday() else { continue };
        let (before, after) = (timeline.validities(yesterday), timeline.validities(day));
        let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
        for name in names {
            let was = before.get(name).copied().unwrap_or(Validity::Deprecated);
            let is = after.get(name).copied().unwrap_or(Validity::Deprecated);
            if was == is {
                continue;
            }
            let (event, action) = match is {
                Validity::Effective => ("becomes effective", "check against this version"),
                Validity::Warn => ("is about to expire", "move to a newer version"),
                Validity::Draft => ("becomes a draft", "try it out"),
                Validity::Deprecated => {
                    ("is deprecated: certificates are no longer issued", "use a newer version")
                }
            };
            events.push(CalendarEvent::new(day, EventKind::Scope, name, event).advised(action));
        }
    }
    events
}
