//! scs-0118: the failures that a provider tolerates, by level.

use scs_standards::{CLOUD, DeclaredValue, DocumentId, Heading, Judgment, Level, Rule, judge};

use super::{Rec, availability_zones, declared};
use crate::failsafe::{AFFECTED_RESOURCES, FailsafeLevel, SCENARIOS};
use crate::subject::{Cloud, source};

const LEVELS: Heading = Heading { documents: &[DocumentId::version(118, 1)], section: "Failsafe Levels" };

/// The rules for failsafe levels.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    LEVELS.rule(
        "scs-0118-level-table",
        Level::May,
        "redundancy standards refer to the four levels",
        level_table,
    ),
    LEVELS
        .rule("scs-0118-replicas", Level::Must, "important components have replicas (level 1)", replicas)
        .asking(
            "the number of copies of each component, at least for `database` and `volumes`",
            "{database: 3, volumes: 3}",
        ),
    LEVELS
        .rule("scs-0118-redundancy", Level::Must, "important components are redundant (level 2)", redundancy)
        .asking(
            "the number of instances of each component, at least for `api` and `power_supply`",
            "{api: 3, power_supply: 2}",
        ),
    LEVELS.rule("scs-0118-az", Level::Should, "hardware is in several availability zones (level 3)", zones),
];

fn level_table(_: &Cloud, rec: &mut Rec<'_>) {
    for level in FailsafeLevel::ALL {
        let covered: Vec<&str> = SCENARIOS
            .iter()
            .filter(|scenario| scenario.level == level)
            .map(|scenario| scenario.name)
            .collect();
        let affected = AFFECTED_RESOURCES.iter().filter(|resource| resource.from <= level).count();
        let message = format!(
            "loss of {}, probability {}; it covers {}; it affects {affected} kinds of resources",
            level.impact(),
            level.probability(),
            covered.join(", ")
        );
        rec.note(level, message);
    }
}

/// Limit of instances of a component, more than in any real cloud.
const MAX_INSTANCES: f64 = 100_000.0;

/// Judges a number for each component, some of which are required.
fn at_least_two(rec: &mut Rec<'_>, needed: [&str; 2]) {
    judge(rec, [CLOUD], |_, value| {
        let DeclaredValue::Facts(facts) = value else { return Judgment::Unusable };
        if needed.iter().any(|component| !facts.contains_key(*component)) {
            return Judgment::Unusable;
        }
        let mut single = Vec::new();
        for (component, count) in facts {
            match declared::count(count, MAX_INSTANCES) {
                Some(count) if count >= 2.0 => {}
                Some(_) => single.push(component.as_str()),
                None => return Judgment::Unusable,
            }
        }
        if single.is_empty() {
            Judgment::Satisfies
        } else {
            Judgment::Breaks(format!("a single failure is the loss of {}", single.join(" and ")))
        }
    });
}

fn replicas(_: &Cloud, rec: &mut Rec<'_>) {
    at_least_two(rec, ["database", "volumes"]);
}

fn redundancy(_: &Cloud, rec: &mut Rec<'_>) {
    at_least_two(rec, ["api", "power_supply"]);
}

fn zones(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(zones) = rec.needs(&cloud.availability_zones, source::ZONES) else { return };
    let Some(compute) = &zones.compute else {
        rec.miss(source::ZONES.name, "Nova's zones are missing (`compute`)");
        return;
    };
    let names = availability_zones::names(compute);
    for zone in names.iter().filter(|zone| !is_label(zone)) {
        rec.note(
            *zone,
            "its name is not valid as a Kubernetes label value, so clusters cannot label their nodes with it (scs-0214)",
        );
    }
    if names.len() > 1 || !compute.report_unreadable(rec, source::ZONES.name) {
        return;
    }
    if names.is_empty() {
        availability_zones::no_zone(rec, "compute");
    } else {
        rec.fail(CLOUD, "all servers are in one availability zone, so losing one site loses them all")
            .compared("several zones", names.len());
    }
}

/// Whether a text is a valid label value: up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
fn is_label(text: &str) -> bool {
    let ends = |end: Option<char>| end.is_some_and(|letter| letter.is_ascii_alphanumeric());
    text.len() <= 63
        && ends(text.chars().next())
        && ends(text.chars().next_back())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
