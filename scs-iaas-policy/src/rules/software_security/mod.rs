//! scs-0124-v1: software security of IaaS services.

mod in_use;
mod patches;
pub(crate) mod releases;
mod window;

use scs_standards::{
    CLOUD, DeclaredValue, DocumentId, Fact, Heading, Judgment, Level, Rule, fact, is_vacuous, judge,
    judge_or_topic, names_document,
};

pub(super) use self::in_use::named_releases;
use self::in_use::{KEYSTONE, MAINTAINED, Status, status};
use self::releases::releases;
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
