//! scs-0121: guarantees of availability zones, documented by the provider.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use scs_standards::{
    CLOUD, DeclaredValue, DocumentId, Heading, Judgment, Level, Rule, is_vacuous, judge, judge_declarations,
    names_document,
};

use super::Rec;
use super::declared::{count, day_past, milliseconds};
use super::evidence::{each_setting, needed_configurations, set_if};
use crate::subject::{Cloud, Zones, source};

const ZONES: &[DocumentId] = &[DocumentId::version(121, 1)];
const STANDARD: Heading = Heading { documents: ZONES, section: "Standard" };
/// The heading in the supplement.
const DOCUMENTATION: Heading = Heading { documents: ZONES, section: "Standard (w1, Required Documentation)" };
const CASE: &str = "availability-zones-check";

/// The question for the number of redundant things in each zone.
macro_rules! per_zone {
    ($things:literal) => {
        concat!(
            "how many independent ",
            $things,
            " each availability zone has, or the facts `certificate` (ISO 27001 or ISO 9001) and `valid_until`"
        )
    };
}

/// The rules for availability zones. They apply if there is more than one compute zone (C-069).
pub(crate) static RULES: &[Rule<Cloud>] = &[
    STANDARD
        .rule(
            "scs-0121-fire-zones",
            Level::Must,
            "each compute zone is a separate fire zone",
            fire_zones,
        )
        .asking("the fire zone of each availability zone", "{az1: hall-a, az2: hall-b}"),
    DOCUMENTATION
        .rule("scs-0121-doc-fire-zones", Level::Must, "documentation shows the fire zones", doc_fire_zones)
        .asking(
            "the documents, by path or URL, such as construction plans",
            "[plans/hall-a.pdf, plans/hall-b.pdf]",
        )
        .for_test_case(CASE),
    DOCUMENTATION
        .rule(
            "scs-0121-doc-one-az-per-zone",
            Level::Must,
            "documentation shows that each fire zone has one availability zone",
            doc_one_az_per_zone,
        )
        .asking(
            "the documents that show the configuration, by path or URL",
            "[docs/availability-zones.md]",
        )
        .for_test_case(CASE),
    STANDARD
        .rule("scs-0121-power", Level::Must, "each zone has redundant power lines", power)
        .asking(per_zone!("power feeds"), "{az1: 2, az2: 2}")
        .for_test_case(CASE),
    STANDARD
        .rule("scs-0121-external", Level::Must, "each zone has redundant external connections", external)
        .asking(per_zone!("external connections"), "{az1: 2, az2: 2}")
        .for_test_case(CASE),
    STANDARD
        .rule("scs-0121-core-routers", Level::Must, "each zone has redundant core routers", core_routers)
        .asking(per_zone!("core routers"), "{az1: 2, az2: 2}")
        .for_test_case(CASE),
    STANDARD
        .rule("scs-0121-cooling", Level::Should, "each zone has redundant cooling", cooling)
        .asking(per_zone!("cooling units"), "{az1: 2, az2: 2}"),
    STANDARD
        .rule(
            "scs-0121-storage-az",
            Level::Should,
            "storage has a zone per fire zone, or a single zone if it spans fire zones and replicates across them",
            storage_az,
        )
        .asking(
            "the facts `fire_zones` (spanned by one storage system) and `copies`",
            "{fire_zones: 3, copies: 3}",
        ),
    STANDARD.rule(
        "scs-0121-cross-attach",
        Level::ShouldNot,
        "volumes cannot be attached to servers in another zone",
        cross_attach,
    ),
    STANDARD
        .rule(
            "scs-0121-same-region",
            Level::Should,
            "zones are in one region, with low latency between them",
            same_region,
        )
        .asking(
            "the location of each availability zone and the `latency_ms` between them",
            "{az1: Hamburg, az2: Hamburg, latency_ms: 0.6}",
        ),
    DOCUMENTATION
        .rule(
            "scs-0121-doc-changes",
            Level::Should,
            "physical changes are documented as soon as possible",
            doc_changes,
        )
        .asking(
            "the facts `changed` (date of the last physical change) and `documented`",
            "{changed: 2026-03-01, documented: 2026-03-10}",
        ),
];

/// The compute zones, if there are several; otherwise records why the rule does not apply.
fn several<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<Vec<&'c str>> {
    let zones = rec.needs(&cloud.availability_zones, source::ZONES)?;
    let Some(compute) = &zones.compute else {
        rec.miss(source::ZONES.name, "Nova's zones are missing (`compute`)");
        return None;
    };
    if !compute.report_unreadable(rec, source::ZONES.name) {
        return None;
    }
    let names = names(compute);
    if names.is_empty() {
        no_zone(rec, "compute");
        return None;
    }
    if names.len() < 2 {
        rec.note(CLOUD, "not applicable: there is only one compute availability zone");
        return None;
    }
    Some(names)
}

/// Records that a service has no zone, although every cloud has one.
pub(super) fn no_zone(rec: &mut Rec<'_>, service: &str) {
    rec.dnf(source::ZONES.name, format!("no zone under `{service}`, although every cloud has one"));
}

/// The zone `internal` is Nova's own.
pub(super) fn names(zones: &Zones) -> Vec<&str> {
    let mut names: Vec<&str> =
        zones.entries().iter().map(|zone| zone.name.as_str()).filter(|name| *name != "internal").collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The fact of each zone; an error if a zone has none, or if a zone that does not exist is declared.
fn of_zones<'v>(
    value: &'v DeclaredValue,
    zones: &[&str],
    beside: &[&str],
) -> Option<Result<BTreeMap<String, &'v DeclaredValue>, String>> {
    let DeclaredValue::Facts(facts) = value else { return None };
    let own = facts.iter().filter(|(name, _)| !beside.contains(&name.as_str()));
    let own: BTreeMap<String, &DeclaredValue> = own.map(|(name, fact)| (name.clone(), fact)).collect();
    if let Some(unknown) = own.keys().find(|name| !zones.contains(&name.as_str())) {
        return Some(Err(format!("`{unknown}` is declared, but the API only has {}", zones.join(", "))));
    }
    if let Some(missing) = zones.iter().find(|zone| !own.contains_key(**zone)) {
        return Some(Err(format!("no declaration for `{missing}`")));
    }
    Some(Ok(own))
}

fn fire_zones(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(zones) = several(cloud, rec) else { return };
    judge(rec, [CLOUD], |_, value| match of_zones(value, &zones, &[]) {
        None => Judgment::Unusable,
        Some(Err(reason)) => Judgment::Contradicts(reason),
        Some(Ok(facts)) => {
            let mut taken: BTreeMap<String, &str> = BTreeMap::new();
            for (zone, fact) in &facts {
                let Some(fire_zone) = fact.text().filter(|name| !is_vacuous(name)) else {
                    return Judgment::Unusable;
                };
                if let Some(other) = taken.insert(fire_zone.trim().to_lowercase(), zone) {
                    return Judgment::Breaks(format!(
                        "{other} and {zone} are in the same fire zone, {fire_zone}"
                    ));
                }
            }
            Judgment::Satisfies
        }
    });
}

/// Judges a list of documents.
fn documents(cloud: &Cloud, rec: &mut Rec<'_>) {
    if several(cloud, rec).is_none() {
        return;
    }
    judge_declarations(rec, [CLOUD], |_, declaration| match declaration.value.list() {
        Some(list) if list.iter().all(|document| document.trim().is_empty()) => {
            Judgment::Breaks("no document is named".to_owned())
        }
        Some(list) if list.iter().any(|document| !names_document(document)) => Judgment::Unusable,
        Some(_) => Judgment::Satisfies,
        None => Judgment::Unusable,
    });
}

fn doc_fire_zones(cloud: &Cloud, rec: &mut Rec<'_>) {
    documents(cloud, rec);
}

fn doc_one_az_per_zone(cloud: &Cloud, rec: &mut Rec<'_>) {
    documents(cloud, rec);
}

/// The norms listed in the supplement, *Alternative Documentation*.
const NORMS: [&str; 2] = ["27001", "9001"];

/// Whether a text is exactly the name of one of these norms, such as `ISO/IEC 27001:2022` or `DIN EN ISO 9001`: texts about
/// planned or rejected certificates have the number as well.
fn is_certificate(text: &str) -> bool {
    const BODIES: [&str; 6] = ["iso", "iec", "din", "en", "bs", "nf"];
    /// `ISO 27001 on the basis of IT-Grundschutz` is also a valid name.
    const BESIDE: [&str; 10] =
        ["on", "the", "basis", "of", "it", "grundschutz", "bsi", "and", "certificate", "certified"];
    let mut words: Vec<String> = Vec::new();
    for letter in text.to_lowercase().chars() {
        match words.last_mut() {
            // `ISO27001` is two words.
            Some(word)
                if word.ends_with(|last: char| last.is_ascii_digit() == letter.is_ascii_digit())
                    && letter.is_alphanumeric() =>
            {
                word.push(letter);
            }
            _ => words.push(letter.to_string()),
        }
        if !letter.is_alphanumeric() {
            words.push(String::new());
        }
    }
    words.retain(|word| word.chars().any(char::is_alphanumeric));
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let norm = words.iter().position(|word| NORMS.contains(&word.as_str()));
    norm.is_some_and(|norm| words[..norm].iter().any(|word| word == "iso"))
        && words.iter().all(|word| {
            let word = word.as_str();
            NORMS.contains(&word) || BODIES.contains(&word) || BESIDE.contains(&word) || is_year(word)
        })
}

/// The number of years within which a certificate must expire; anything later is taken for a typo.
const LONGEST_CERTIFICATE: i64 = 4;

/// Limit of independent lines, routers or coolers, more than in any real zone.
const MAX_LINES: f64 = 1000.0;

fn redundant(cloud: &Cloud, rec: &mut Rec<'_>, thing: &str) {
    let Some(zones) = several(cloud, rec) else { return };
    let today = rec.context().date();
    judge(rec, [CLOUD], |_, value| {
        if let Some(certificate) = value.fact("certificate").and_then(DeclaredValue::text) {
            let until = value.fact("valid_until").and_then(DeclaredValue::text);
            let Some(until) = until.and_then(|text| text.parse::<Date>().ok()) else {
                return Judgment::Unusable;
            };
            // Certificates for these norms are valid for three years.
            if today.checked_add(LONGEST_CERTIFICATE.years()).is_ok_and(|last| until > last) {
                return Judgment::Unusable;
            }
            if !NORMS.iter().any(|norm| certificate.contains(norm)) {
                return Judgment::Breaks(format!(
                    "`{certificate}` is not an ISO 27001 or ISO 9001 certificate"
                ));
            }
            if !is_certificate(certificate) {
                return Judgment::Unusable;
            }
            if until < today {
                return Judgment::Breaks(format!("the certificate expired on {until}"));
            }
            return Judgment::Satisfies;
        }
        match of_zones(value, &zones, &[]) {
            None => Judgment::Unusable,
            Some(Err(reason)) => Judgment::Contradicts(reason),
            Some(Ok(facts)) => {
                let mut single = Vec::new();
                for (zone, fact) in &facts {
                    match count(fact, MAX_LINES) {
                        Some(count) if count >= 2.0 => {}
                        Some(_) => single.push(zone.as_str()),
                        None => return Judgment::Unusable,
                    }
                }
                if single.is_empty() {
                    Judgment::Satisfies
                } else {
                    let zones = single.join(" and ");
                    let (have, to) =
                        if single.len() == 1 { ("has", zones.as_str()) } else { ("have", "each of them") };
                    Judgment::Breaks(format!(
                        "{zones} {have} fewer than two independent {thing}s; add a second independent {thing} to {to}, then declare the new count"
                    ))
                }
            }
        }
    });
}

fn power(cloud: &Cloud, rec: &mut Rec<'_>) {
    redundant(cloud, rec, "power feed");
}

fn external(cloud: &Cloud, rec: &mut Rec<'_>) {
    redundant(cloud, rec, "external connection");
}

fn core_routers(cloud: &Cloud, rec: &mut Rec<'_>) {
    redundant(cloud, rec, "core router");
}

fn cooling(cloud: &Cloud, rec: &mut Rec<'_>) {
    redundant(cloud, rec, "cooling unit");
}

/// The storage zones.
fn storage<'c>(cloud: &'c Cloud, rec: &mut Rec<'_>) -> Option<Vec<&'c str>> {
    let zones = rec.needs(&cloud.availability_zones, source::ZONES)?;
    let Some(volume) = &zones.volume else {
        rec.miss(source::ZONES.name, "Cinder's zones are missing (`volume`)");
        return None;
    };
    if !volume.report_unreadable(rec, source::ZONES.name) {
        return None;
    }
    let names = names(volume);
    if names.is_empty() {
        no_zone(rec, "volume");
        return None;
    }
    Some(names)
}

/// Limit of copies of the data, or fire zones, more than in any real storage system.
const MAX_COPIES: f64 = 100.0;

fn storage_az(cloud: &Cloud, rec: &mut Rec<'_>) {
    if several(cloud, rec).is_none() {
        return;
    }
    let Some(storage) = storage(cloud, rec) else { return };
    let zones = storage.len();
    judge(rec, [CLOUD], |_, value| {
        let number = |fact| value.fact(fact).and_then(|number| count(number, MAX_COPIES));
        let (Some(fire_zones), Some(copies)) = (number("fire_zones"), number("copies")) else {
            return Judgment::Unusable;
        };
        if fire_zones < 1.0 || copies < 1.0 {
            return Judgment::Unusable;
        }
        match (fire_zones >= 2.0 && copies >= 2.0, zones) {
            (true, 0 | 1) | (false, 2..) => Judgment::Satisfies,
            (true, _) => Judgment::Breaks(format!(
                "one storage system spans and replicates across the fire zones, so one storage zone is enough; there are {zones}"
            )),
            (false, _) => Judgment::Breaks(
                "no storage system spans the fire zones, so each should have its own storage zone".to_owned(),
            ),
        }
    });
}

fn cross_attach(cloud: &Cloud, rec: &mut Rec<'_>) {
    let Some(storage) = storage(cloud, rec) else { return };
    if storage.len() < 2 {
        rec.note(CLOUD, "not applicable: there is only one storage zone");
        return;
    }
    let Some(found) = needed_configurations(cloud, rec, "nova") else { return };
    for (path, setting) in each_setting(&found.usable, "cinder", "cross_az_attach") {
        match setting.map(|setting| setting.flag()) {
            Some(Some(false)) => {}
            Some(None) => {
                rec.dnf(path, "`cross_az_attach` in [cinder] is neither true nor false");
            }
            Some(Some(true)) | None => {
                rec.fail(
                    path,
                    "volumes can be attached across zones: `cross_az_attach` in [cinder] is not `false`",
                )
                .compared("cross_az_attach = False", "True")
                .repaired_by(set_if(
                    cloud,
                    "Does anyone still attach volumes to servers in another zone? It is rejected once this is off. If so, have them stop first.",
                    path,
                    &[("cinder", "cross_az_attach", "False")],
                ));
            }
        }
    }
}

fn same_region(cloud: &Cloud, rec: &mut Rec<'_>) {
    /// The latency in milliseconds above which a connection is not fast; the text has no number.
    const SLOW: f64 = 10.0;
    let Some(zones) = several(cloud, rec) else { return };
    judge(rec, [CLOUD], |_, value| match of_zones(value, &zones, &["latency_ms"]) {
        None => Judgment::Unusable,
        Some(Err(reason)) => Judgment::Contradicts(reason),
        Some(Ok(facts)) => {
            let named = facts.values().filter_map(|fact| fact.text().filter(|name| !is_vacuous(name)));
            let mut places: Vec<String> = named.map(|name| name.trim().to_lowercase()).collect();
            if places.len() < facts.len() {
                return Judgment::Unusable;
            }
            places.sort_unstable();
            places.dedup();
            match value.fact("latency_ms").and_then(milliseconds) {
                _ if places.len() > 1 => {
                    Judgment::Breaks(format!("the zones are in several locations: {}", places.join(", ")))
                }
                Some(latency) if latency > SLOW => {
                    Judgment::Warns(format!("{latency} ms between zones is not low latency"))
                }
                Some(_) => Judgment::Satisfies,
                None => Judgment::Unusable,
            }
        }
    });
}

fn doc_changes(cloud: &Cloud, rec: &mut Rec<'_>) {
    if several(cloud, rec).is_none() {
        return;
    }
    let today = rec.context().date();
    judge(rec, [CLOUD], |_, value| {
        let date = |fact| value.fact(fact).and_then(|day| day_past(day, today));
        let (Some(changed), Some(documented)) = (date("changed"), date("documented")) else {
            return Judgment::Unusable;
        };
        // The text has no number; manual checks are repeated every quarter (scs-0004).
        let late = changed.checked_add(3.months()).is_ok_and(|end| documented > end);
        if documented < changed {
            Judgment::Breaks(format!(
                "the change of {changed} is not documented; the documentation is from {documented}"
            ))
        } else if late {
            Judgment::Breaks(format!(
                "the change of {changed} was documented on {documented}, more than three months later"
            ))
        } else {
            Judgment::Satisfies
        }
    });
}

#[cfg(test)]
mod tests {
    use super::is_certificate;

    #[test]
    fn certificates_need_full_names() {
        for name in [
            "ISO 27001",
            "ISO/IEC 27001:2022",
            "DIN EN ISO 9001:2015",
            "ISO27001",
            "ISO 27001 on the basis of IT-Grundschutz",
        ] {
            assert!(is_certificate(name), "{name}");
        }
        for name in [
            "no 27001 yet",
            "27001",
            "ISO 27001 planned",
            "not ISO 9001",
            "ISO 14001",
            "",
            "ISO 27001 (expired)",
        ] {
            assert!(!is_certificate(name), "{name}");
        }
    }
}
