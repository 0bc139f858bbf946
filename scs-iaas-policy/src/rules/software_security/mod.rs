//! scs-0124-v1: security of the software of IaaS services.

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
/// The windows are repeated, and made a MUST for whoever follows the advisories, in the supplement scs-0124-w1.
const PROCEDURE: Heading = Heading {
    documents: &[DocumentId::version(124, 1), DocumentId::supplement(124, 1)],
    section: VERSION.section,
};

/// The id of the rule whose declaration says which releases are in use.
const MAINTAINED: &str = "scs-0124-release-maintained";
/// The topic that answers as well: it is Keystone's release, which other rules ask for.
const KEYSTONE: &str = "openstack-release";

/// The rules.
pub(crate) static RULES: &[Rule<Cloud>] = &[
    PROCEDURE.rule(
        "scs-0124-patch-window",
        Level::Must,
        "services are patched within 3 hours, 3 days, 1 month or 3 months of a disclosure, by its CVSS score",
        patches::services_in_time,
    ),
    VERSION.rule(
        "scs-0124-dependency",
        Level::Must,
        "dependencies of the services are patched within the same time",
        patches::dependencies_in_time,
    ),
    VERSION.rule(
        "scs-0124-own-fix",
        Level::Must,
        "who runs a release that is not maintained fixes it within the same time",
        patches::own_fixes_in_time,
    ),
    VERSION.rule(
        "scs-0124-notice",
        Level::Must,
        "the OSBA is told of each fix, or that the cloud is not affected",
        patches::notices,
    ),
    PROCEDURE
        .rule(
            "scs-0124-watch",
            Level::Must,
            "the advisories of OpenStack, OSSA and OSSN, are followed",
            watch,
        )
        .asking("the series of advisories that somebody follows", "[OSSA, OSSN]"),
    VERSION.rule(MAINTAINED, Level::Should, "the OpenStack release in use is maintained", release).asking(
        "the OpenStack releases in use by number or name, as a list or by service",
        "{keystone: \"2026.1\", nova: \"2026.1\"}",
    ),
    VERSION
        .rule(
            "scs-0124-sbom",
            Level::May,
            "a bill of materials (SBOM) lists the versions of the software",
            sbom,
        )
        .asking(
            "where the SBOM is published, by path or address, or `none`",
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
                "{} is not followed; subscribe to openstack-announce, or read https://security.openstack.org",
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

/// The releases that a declared value names; `None` where it names none.
pub(super) fn named_releases(value: &DeclaredValue) -> Option<Vec<String>> {
    let names = match value {
        DeclaredValue::Text(name) => vec![name.clone()],
        DeclaredValue::List(names) => names.clone(),
        // YAML takes `2026.1` for a number.
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
    // A table that is too old still knows which releases have ended.
    if let Fact::Declared(value) = fact(rec, &[MAINTAINED, KEYSTONE]) {
        let uncertain = |name: &String| !matches!(status(table, name, at), Status::Ended(_));
        if table.is_stale(at) && named_releases(value).is_some_and(|names| names.iter().any(uncertain)) {
            let as_of = table.as_of.map_or_else(|| "none".to_owned(), |day| day.to_string());
            let message = format!(
                "the table of OpenStack's releases is as of {as_of} and cannot answer for {at}; look at https://releases.openstack.org, or use a newer version of this program"
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

/// How it stands with a named release.
enum Status {
    Maintained,
    /// It ends within three months, in words.
    Ending(String),
    /// In words.
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
            Status::Ended(format!("{label} is not maintained since {since} ({phase})"))
        }
        Phase::Maintained(Some(end))
            if at.checked_add(jiff::Span::new().months(3)).is_ok_and(|soon| end <= soon) =>
        {
            Status::Ending(format!("{label} is not maintained from {end} on"))
        }
        Phase::Maintained(_) => Status::Maintained,
        Phase::Future(_) => Status::Unknown,
    }
}

/// Whether all declared releases were maintained on a day; `None` where that is not known.
fn was_maintained(rec: &Rec<'_>, at: Date) -> Option<bool> {
    let Fact::Declared(value) = fact(rec, &[MAINTAINED, KEYSTONE]) else { return None };
    let statuses = named_releases(value)?.iter().map(|name| status(releases(), name, at)).collect::<Vec<_>>();
    if statuses.iter().any(|status| matches!(status, Status::Ended(_))) {
        return Some(false);
    }
    (!statuses.iter().any(|status| matches!(status, Status::Unknown))).then_some(true)
}
