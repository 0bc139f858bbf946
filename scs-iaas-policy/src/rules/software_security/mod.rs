//! scs-0124-v1: software security of IaaS services.

mod patches;
pub(crate) mod releases;
mod window;

use jiff::civil::Date;
use scs_standards::{
    CLOUD, DeclaredValue, DocumentId, Fact, Heading, Judgment, Level, Rule, fact, is_vacuous, judge,
    judge_or_topic, names_document,
};

use self::releases::{Phase, Releases, releases};
use super::Rec;
use crate::subject::Cloud;

const DOCUMENTS: &[DocumentId] = &[DocumentId::version(124, 1)];
const VERSION: Heading =
    Heading { documents: DOCUMENTS, section: "Standard for a minimum IaaS Layer Software version" };
/// The supplement scs-0124-w1 repeats the deadlines, and makes them a MUST for providers that monitor the advisories.
const PROCEDURE: Heading = Heading {
    documents: &[DocumentId::version(124, 1), DocumentId::supplement(124, 1)],
    section: VERSION.section,
};

/// The id of the rule whose declaration lists the releases in use.
const MAINTAINED: &str = "scs-0124-release-maintained";
/// An alternative topic: Keystone's release, which other rules ask for.
const KEYSTONE: &str = "openstack-release";

/// The rules for software security.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    PROCEDURE.rule(
        "scs-0124-patch-window",
        Level::Must,
        "services are patched within 3 hours, 3 days, 1 month or 3 months of disclosure, depending on the CVSS score",
        patches::services_in_time,
    ),
    VERSION.rule(
        "scs-0124-dependency",
        Level::Must,
        "dependencies of the services are patched within the same deadlines",
        patches::dependencies_in_time,
    ),
    VERSION.rule(
        "scs-0124-own-fix",
        Level::Must,
        "unmaintained releases are patched by the provider within the same deadlines",
        patches::own_fixes_in_time,
    ),
    VERSION.rule(
        "scs-0124-notice",
        Level::Must,
        "the OSBA is notified of each fix, or that the cloud is not affected",
        patches::notices,
    ),
    PROCEDURE
        .rule(
            "scs-0124-watch",
            Level::Must,
            "OpenStack's advisories, OSSA and OSSN, are monitored",
            watch,
        )
        .asking("the advisory series that are monitored", "[OSSA, OSSN]"),
    VERSION.rule(MAINTAINED, Level::Should, "the OpenStack release in use is maintained", release).asking(
        "the OpenStack releases in use by number or name, as a list or by service",
        "{keystone: \"2026.1\", nova: \"2026.1\"}",
    ),
    VERSION
        .rule(
            "scs-0124-sbom",
            Level::May,
            "a software bill of materials (SBOM) lists the versions in use",
            sbom,
        )
        .asking(
            "the path or URL of the published SBOM, or `none`",
            "https://cloud.example.com/sbom.json",
        ),
];

fn watch(_: &Cloud, rec: &mut Rec<'_>) {
    judge(rec, [CLOUD], |_, value| {
        let Some(followed) = value.list() else { return Judgment::Unusable };
        if followed.iter().any(|word| is_vacuous(word)) {
            return Judgment::Unusable;
        }
        let known = |name: &str| followed.iter().any(|word| word.trim().eq_ignore_ascii_case(name));
        let missing: Vec<&str> = ["OSSA", "OSSN"].into_iter().filter(|name| !known(name)).collect();
        match missing.as_slice() {
            [] => Judgment::Satisfies,
            missing => Judgment::Breaks(format!(
                "{} is not monitored; subscribe to openstack-announce, or read https://security.openstack.org",
                missing.join(" and ")
            )),
        }
    });
}

fn sbom(_: &Cloud, rec: &mut Rec<'_>) {
    judge(rec, [CLOUD], |_, value| match value {
        DeclaredValue::Text(text) if text == "none" => Judgment::Satisfies,
        value => match value.list() {
            Some(places) if !places.is_empty() && places.iter().all(|it| names_document(it)) => {
                Judgment::Satisfies
            }
            _ => Judgment::Unusable,
        },
    });
}

/// The releases in a declared value; `None` if it has none.
pub(super) fn named_releases(value: &DeclaredValue) -> Option<Vec<String>> {
    let names = match value {
        DeclaredValue::Text(name) => vec![name.clone()],
        DeclaredValue::List(names) => names.clone(),
        // YAML parses `2026.1` as a number.
        DeclaredValue::Number(number) => vec![format!("{number:.1}")],
        DeclaredValue::Facts(facts) => {
            let each = facts.values().map(|value| match value {
                DeclaredValue::Facts(_) => None,
                value => named_releases(value),
            });
            each.collect::<Option<Vec<_>>>()?.concat()
        }
        DeclaredValue::Flag(_) => return None,
    };
    (!names.is_empty()).then_some(names)
}

fn release(_: &Cloud, rec: &mut Rec<'_>) {
    let at = rec.context().date();
    let table = releases();
    // A table that is too old still shows which releases have ended.
    if let Fact::Declared(value) = fact(rec, &[MAINTAINED, KEYSTONE]) {
        let uncertain = |name: &String| !matches!(status(table, name, at), Status::Ended(_));
        if table.is_stale(at) && named_releases(value).is_some_and(|names| names.iter().any(uncertain)) {
            let as_of = table.as_of.map_or_else(|| "none".to_owned(), |day| day.to_string());
            let message = format!(
                "the built-in table of OpenStack releases is from {as_of}, too old for {at}; see https://releases.openstack.org, or use a newer version of this program"
            );
            rec.dnf("OpenStack releases", message);
        }
    }
    judge_or_topic(rec, KEYSTONE, |value| {
        let Some(names) = named_releases(value) else { return Judgment::Unusable };
        let statuses: Vec<Status> = names.iter().map(|name| status(table, name, at)).collect();
        let ended: Vec<&str> = statuses.iter().filter_map(Status::ended).collect();
        if !ended.is_empty() {
            return Judgment::Breaks(format!("{}; upgrade to a maintained release", ended.join(", ")));
        }
        if statuses.iter().any(|status| matches!(status, Status::Unknown)) {
            return Judgment::Unusable;
        }
        let soon: Vec<&str> = statuses.iter().filter_map(Status::ending).collect();
        if soon.is_empty() { Judgment::Satisfies } else { Judgment::Warns(soon.join(", ")) }
    });
}

/// The maintenance status of a release.
enum Status {
    Maintained,
    /// Its maintenance ends within three months, with the message.
    Ending(String),
    /// Unmaintained, with the message.
    Ended(String),
    /// Not in the table, or not yet released.
    Unknown,
}

impl Status {
    fn ended(&self) -> Option<&str> {
        if let Self::Ended(words) = self { Some(words) } else { None }
    }

    fn ending(&self) -> Option<&str> {
        if let Self::Ending(words) = self { Some(words) } else { None }
    }
}

fn status(table: &Releases, name: &str, at: Date) -> Status {
    let Some(release) = table.find(name) else { return Status::Unknown };
    let label = release.label();
    match release.phase(at) {
        Phase::Ended(since, phase) => {
            Status::Ended(format!("{label} has been unmaintained since {since} ({phase})"))
        }
        Phase::Maintained(Some(end))
            if at.checked_add(jiff::Span::new().months(3)).is_ok_and(|soon| end <= soon) =>
        {
            Status::Ending(format!("{label} is unmaintained from {end}"))
        }
        Phase::Maintained(_) => Status::Maintained,
        Phase::Future(_) => Status::Unknown,
    }
}

/// Whether all declared releases were maintained on a date; `None` if unknown.
fn was_maintained(rec: &Rec<'_>, at: Date) -> Option<bool> {
    let Fact::Declared(value) = fact(rec, &[MAINTAINED, KEYSTONE]) else { return None };
    let statuses = named_releases(value)?.iter().map(|name| status(releases(), name, at)).collect::<Vec<_>>();
    if statuses.iter().any(|status| matches!(status, Status::Ended(_))) {
        return Some(false);
    }
    (!statuses.iter().any(|status| matches!(status, Status::Unknown))).then_some(true)
}
