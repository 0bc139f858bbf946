//! Calendar events, including boundary dates.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use scs_certificates::Scope;
use scs_k8s_policy::KubernetesFacts;
use scs_registry::{
    Calendar, CalendarEvent, EventKind, Inventory, ScopeChoice, calendar, calendar_of_report, check_inventory,
};
use scs_standards::{Context, Verdict};

fn at(day: &str) -> Timestamp {
    day.parse::<Date>().unwrap().to_zoned(TimeZone::UTC).unwrap().timestamp()
}

fn of(text: &str, scope: &Scope, now: Timestamp, days: u32) -> Calendar {
    let inventory: Inventory = text.parse().unwrap();
    calendar(&inventory, scope, KubernetesFacts::embedded(), &Context::at(now), days)
}

fn events(text: &str, day: &str, days: u32) -> Vec<CalendarEvent> {
    let inventory: Inventory = text.parse().unwrap();
    of(text, inventory.kind().scope(), at(day), days).events
}

/// Date, subject and overdue flag of the events of a kind.
fn days_of(kind: EventKind, text: &str, day: &str, days: u32) -> Vec<(String, String, bool)> {
    let events = events(text, day, days).into_iter().filter(|event| event.kind == kind);
    events.map(|event| (event.date.to_string(), event.subject, event.overdue)).collect()
}

fn row(date: &str, subject: &str, overdue: bool) -> (String, String, bool) {
    (date.to_owned(), subject.to_owned(), overdue)
}

const IMAGE: &str =
    "{kind: cloud, images: [{name: Debian 13, image_build_date: 2026-11-10, replace_frequency: monthly,
    provided_until: 2027-01-31}]}";

#[test]
fn an_image_is_due_on_its_last_fresh_day_and_overdue_the_day_after() {
    let due = |day: &str, days: u32| days_of(EventKind::Image, IMAGE, day, days);
    assert_eq!(due("2026-12-01", 11), []);
    assert_eq!(due("2026-12-01", 12), [row("2026-12-13", "Debian 13", false)]);
    assert_eq!(due("2026-12-13", 0), [row("2026-12-13", "Debian 13", false)]);
    assert_eq!(due("2026-12-14", 0), [row("2026-12-13", "Debian 13", true)]);
    // The end of the name is an event, but not a deadline.
    let both = events(IMAGE, "2026-12-01", 61);
    assert_eq!(both.iter().map(|event| event.deadline).collect::<Vec<_>>(), [true, false]);
    assert_eq!(both[1].date.to_string(), "2027-01-31");
    // After its last day, nothing is due.
    assert_eq!(due("2027-02-01", 90), []);
}

#[test]
fn an_unusable_part_is_a_notice() {
    let calendar = of(
        "{kind: cloud, images: {unavailable: the service does not answer}}",
        Scope::compatible_iaas(),
        at("2026-12-01"),
        30,
    );
    assert_eq!(calendar.events, []);
    assert_eq!(calendar.notices, ["cloud: `images` cannot be used: the service does not answer"]);
}

#[test]
fn an_image_without_a_frequency_is_a_notice() {
    let text = IMAGE.replace("monthly", "Monthly");
    let calendar = of(&text, Scope::compatible_iaas(), at("2026-12-01"), 30);
    assert_eq!(
        calendar.notices,
        ["cloud: cannot tell when these images are due: Debian 13 (no valid `replace_frequency`)"]
    );
}

#[test]
fn a_branch_from_before_all_known_ones_is_overdue() {
    let found = days_of(EventKind::Kubernetes, "{kind: cluster, version: v1.10.3}", "2026-10-01", 30);
    let [(date, subject, overdue)] = &found[..] else { panic!("one event is expected: {found:?}") };
    assert!(subject == "v1.10.3" && *overdue && date.starts_with("20"), "{date}");
}

#[test]
fn a_horizon_beyond_the_calendar_ends_with_it() {
    let calendar = of(IMAGE, Scope::compatible_iaas(), at("2026-12-01"), u32::MAX);
    assert_eq!(calendar.until, Date::MAX);
}

#[test]
fn the_end_of_an_offer_is_announced() {
    let text =
        "{kind: cluster, offered_versions: [{version: v1.36.5, expirationDate: 2026-10-20T00:00:00Z}]}";
    let found = events(text, "2026-10-01", 30);
    let offer = found.iter().find(|event| event.event == "last day of the offer").unwrap();
    assert_eq!((offer.date.to_string().as_str(), offer.deadline), ("2026-10-19", false));
}

#[test]
fn a_declaration_holds_through_its_last_day() {
    let text = "{kind: cloud, declarations: [{rule: scs-0116-keys-encryption, value: kek, date: 2026-10-01,
        valid_until: 2026-12-31}]}";
    let due = |day: &str, days: u32| days_of(EventKind::Declaration, text, day, days);
    let name = "scs-0116-keys-encryption";
    assert_eq!(due("2026-12-01", 29), []);
    assert_eq!(due("2026-12-01", 30), [row("2026-12-31", name, false)]);
    assert_eq!(due("2026-12-31", 0), [row("2026-12-31", name, false)]);
    assert_eq!(due("2027-01-01", 0), [row("2026-12-31", name, true)]);
}

#[test]
fn a_manual_check_counts_for_a_quarter() {
    let text = "{kind: cluster, declarations: [{rule: node-distribution-check, value: 3, document: plan.md,
        date: 2026-10-01, valid_until: 2027-12-31}]}";
    let due = |day: &str| days_of(EventKind::Declaration, text, day, 90);
    assert_eq!(due("2027-01-01"), [row("2027-01-01", "node-distribution-check", false)]);
    assert_eq!(due("2027-01-02"), [row("2027-01-01", "node-distribution-check", true)]);
    // The check says the same.
    let result = |day: &str| {
        let inventory = text.parse::<Inventory>().unwrap();
        let report = check_inventory(&inventory, &ScopeChoice::default(), &Context::at(at(day))).unwrap();
        report.result_of("node-distribution-check")
    };
    assert_eq!(result("2027-01-01"), Some(Verdict::Pass));
    assert_eq!(result("2027-01-02"), Some(Verdict::Dnf));
}

#[test]
fn a_renewed_declaration_does_not_expire() {
    let entry = |from: &str, to: &str| {
        format!("{{rule: scs-0121-power, value: {{az1: 2}}, date: {from}, valid_until: {to}}}")
    };
    let due = |entries: &[String]| {
        let text = format!("{{kind: cloud, declarations: [{}]}}", entries.join(", "));
        days_of(EventKind::Declaration, &text, "2026-12-01", 365)
    };
    let old = entry("2026-01-01", "2026-04-01");
    assert_eq!(due(std::slice::from_ref(&old)), [row("2026-04-01", "scs-0121-power", true)]);
    let newer = entry("2026-10-01", "2026-12-31");
    assert_eq!(due(&[newer.clone(), old.clone()]), [row("2026-12-31", "scs-0121-power", false)]);
    // A declaration that begins in time extends it; one after a gap does not.
    assert_eq!(
        due(&[old.clone(), newer.clone(), entry("2027-01-01", "2027-03-31")]),
        [row("2027-03-31", "scs-0121-power", false)]
    );
    assert_eq!(
        due(&[old, newer, entry("2027-01-02", "2027-03-31")]),
        [row("2026-12-31", "scs-0121-power", false)]
    );
}

#[test]
fn an_exception_ends_on_its_last_day() {
    let text = "{kind: cloud, declarations: [{exception: scs-0117-test-backup, reason: it is being replaced,
        valid_until: 2026-12-15}]}";
    let due = |day: &str| days_of(EventKind::Exception, text, day, 30);
    assert_eq!(due("2026-12-15"), [row("2026-12-15", "scs-0117-test-backup", false)]);
    assert_eq!(due("2026-12-16"), [row("2026-12-15", "scs-0117-test-backup", true)]);
}

#[test]
fn results_expire_with_the_inventory() {
    let text = "{kind: cloud, collected_at: 2026-12-01T08:00:00Z, flavors: [{name: SCS-2V-8, vcpus: 2, ram: 8192, disk: 0}]}";
    let due = |day: &str| days_of(EventKind::Result, text, day, 30);
    let [(date, _, overdue)] = &due("2026-12-13")[..] else { panic!("one event is expected") };
    assert_eq!((date.as_str(), *overdue), ("2026-12-13", false));
    let [(date, _, overdue)] = &due("2026-12-14")[..] else { panic!("one event is expected") };
    assert_eq!((date.as_str(), *overdue), ("2026-12-13", true));
    // Without a time, its age is unknown.
    let undated = text.replace("collected_at: 2026-12-01T08:00:00Z, ", "");
    assert_eq!(days_of(EventKind::Result, &undated, "2026-12-13", 30), []);
    // A report of that time has the same events.
    let inventory: Inventory = text.parse().unwrap();
    let now = at("2026-12-02");
    let report = check_inventory(&inventory, &ScopeChoice::default(), &Context::at(now)).unwrap();
    let later = calendar_of_report(&report, Scope::compatible_iaas(), at("2026-12-14"), 30);
    assert!(later.events[0].overdue);
    assert_eq!(later.events[0].date.to_string(), "2026-12-13");
}

#[test]
fn a_patch_of_kubernetes_is_due_within_a_month() {
    let text = "{kind: cluster, offered_versions: [v1.37.1, v1.36.5, v1.35.8, v1.34.12]}";
    let due = |day: &str| {
        let events = events(text, day, 40).into_iter().filter(|event| event.subject == "v1.35.8");
        events.map(|event| (event.date.to_string(), event.overdue, event.action.unwrap())).collect::<Vec<_>>()
    };
    let offer = "offer v1.35.9".to_owned();
    assert_eq!(due("2026-10-15"), [("2026-10-15".to_owned(), false, offer.clone())]);
    assert_eq!(due("2026-10-16"), [("2026-10-15".to_owned(), true, offer)]);
    // A running version that is not offered is upgraded.
    let running = events("{kind: cluster, version: v1.35.8}", "2026-10-01", 30);
    assert_eq!(running[0].action.as_deref(), Some("upgrade to v1.35.9"));
    let kinds: Vec<EventKind> = running.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Kubernetes, EventKind::Facts]);
    // A running version that is also offered occurs once.
    let both =
        events("{kind: cluster, version: v1.35.8+k3s1, offered_versions: [v1.35.8]}", "2026-10-01", 30);
    assert_eq!(both.iter().filter(|event| event.subject.starts_with("v1.35.8")).count(), 1);
}

#[test]
fn facts_are_too_old_on_the_day_that_the_rules_say() {
    let facts = KubernetesFacts::embedded();
    let text = "{kind: cluster, version: v1.37.1}";
    let [(date, ..)] = &days_of(EventKind::Facts, text, "2026-10-01", 90)[..] else {
        panic!("one is expected")
    };
    let last: Date = date.parse().unwrap();
    let noon = |day: Date| day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
    assert!(facts.releases_are_fresh(noon(last)));
    assert!(!facts.releases_are_fresh(noon(last.tomorrow().unwrap())));
}

const SCOPE: &str = "
uuid: 11111111-2222-4333-8444-555555555555
name: A scope
url: https://example.com/scope.yaml
scripts: []
modules: []
timeline:
- {date: 2027-02-01, versions: {v2: effective, v1: deprecated}}
- {date: 2027-01-01, versions: {v2: effective, v1: warn}}
- {date: 2026-01-01, versions: {v2: draft, v1: effective}}
versions:
- {version: v2, include: []}
- {version: v1, include: []}
";

#[test]
fn changes_of_the_scope_are_announced() {
    let scope: Scope = SCOPE.parse().unwrap();
    let changes = |day: &str, days: u32| {
        let events = of("{kind: cloud}", &scope, at(day), days).events;
        let events = events.into_iter().filter(|event| event.kind == EventKind::Scope);
        events
            .map(|event| {
                assert!(!event.deadline && !event.overdue && event.of == "A scope");
                format!("{} {} {}", event.date, event.subject, event.event)
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(changes("2026-12-01", 30), [""; 0]);
    assert_eq!(
        changes("2026-12-01", 31),
        ["2027-01-01 v1 is about to expire", "2027-01-01 v2 becomes effective"]
    );
    assert_eq!(changes("2027-01-01", 31), ["2027-02-01 v1 is deprecated: certificates are no longer issued"]);
}

fn example(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../examples/data/{name}.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_longer_horizon_only_adds_later_events(
        name in prop::sample::select(vec!["typical-cloud", "conformant-cloud", "k3s-cluster", "conformant-cluster"]),
        start in -400_i64..800,
        days in 0_u32..400,
        more in 0_u32..400,
    ) {
        let now = at("2026-11-24") .checked_add((start * 24 + 7).hours()).unwrap();
        let inventory: Inventory = example(name).parse().unwrap();
        let within = |days| {
            let scope = inventory.kind().scope();
            calendar(&inventory, scope, KubernetesFacts::embedded(), &Context::at(now), days)
        };
        let (short, long) = (within(days), within(days + more));
        prop_assert!(long.events.starts_with(&short.events));
        let today = now.to_zoned(TimeZone::UTC).date();
        for event in &long.events {
            prop_assert!(event.date <= long.until);
            prop_assert!(event.deadline || !event.overdue);
            prop_assert!(event.overdue || event.date >= today, "{event:?}");
        }
        prop_assert!(long.events.is_sorted_by_key(|event| (!event.overdue, event.date)));
        let json = serde_json::to_string(&long).unwrap();
        prop_assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), long);
    }
}
