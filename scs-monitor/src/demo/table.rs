//! Accounts and table of the demo, as a bootstrap file.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use scs_certificates::Scope;
use serde_json::{Value, json};

use super::clouds::{CLOUDS, Cloud, Kind, Story};
use super::{ACCOUNT, PASSWORD};
use crate::badge::day;

/// The lowest cost that bcrypt takes: the password is public.
const COST: u32 = 4;

/// The bootstrap file, with certificates that were issued before a time.
pub(crate) fn bootstrap(now: Timestamp) -> String {
    let hash = bcrypt::hash(PASSWORD, COST).unwrap_or_default();
    let all = ["read_any", "append_any", "admin", "approve"];
    let operator = json!({"subject": ACCOUNT, "api_keys": [hash], "roles": all});
    let clouds = CLOUDS.iter().map(|cloud| {
        json!({"subject": cloud.subject, "api_keys": [hash], "group": cloud.group, "delegates": [ACCOUNT]})
    });
    let accounts: Vec<Value> = std::iter::once(operator).chain(clouds).collect();
    let table = [
        section(Kind::Iaas, true, Some("Certified SCS-compatible IaaS"), CERTIFIED),
        section(Kind::Kaas, true, Some("Certified SCS-compatible KaaS"), CERTIFIED),
        section(Kind::Iaas, false, Some("Non-certified environments"), IN_TEST),
        section(Kind::Kaas, false, None, ""),
    ];
    json!({"accounts": accounts, "table": table, "certificates": certificates(day(now))}).to_string()
}

/// The certificates: one for each certified cloud, an expired one before it, and one that was revoked.
fn certificates(today: Date) -> Vec<Value> {
    let mut certificates = Vec::new();
    let certified = CLOUDS.iter().filter(|cloud| cloud.certified);
    for (cloud, number) in certified.zip(0_i64..) {
        let Some(scope) = Scope::named(cloud.kind.scope()) else { continue };
        let mut issue = |days: i64, revoked: Option<i64>| {
            let ago = |days: i64| today.saturating_sub(days.days());
            let Some(version) = scope.newest_effective(ago(days)) else { return };
            certificates.push(json!({
                "subject": cloud.subject, "scope": scope.slug(), "version": version.name(), "issued": ago(days),
                "revoked": revoked.map(ago),
            }));
        };
        match cloud.story {
            Story::Silent(days) => issue(i64::from(days) + 90, Some(2)),
            Story::Upgraded(_) => {
                issue(380, None);
                issue(15, None);
            }
            _ => issue(20 + number * 17, None),
        }
    }
    certificates
}

const CERTIFIED: &str = "These environments are made up. Real ones are certified according to \
    [SCS-0004](https://docs.scs.community/standards/global/scs-0004) and tested every night.";
const IN_TEST: &str = "These environments are made up as well. Their operators have them tested voluntarily; \
    they are not certified.";

fn section(kind: Kind, certified: bool, title: Option<&str>, text: &str) -> Value {
    let of_section = || CLOUDS.iter().filter(|cloud| cloud.kind == kind && cloud.certified == certified);
    let mut entries: Vec<Value> = Vec::new();
    let mut last_group = None;
    for cloud in of_section() {
        // The members of a group are next to each other.
        if cloud.group.is_none() || cloud.group != last_group {
            entries.push(entry(cloud));
        }
        last_group = cloud.group;
    }
    let links = (kind == Kind::Iaas && certified).then_some("HealthMon");
    let text = Some(text).filter(|text| !text.is_empty());
    json!({
        "title": title, "text": text, "scope": kind.scope(), "certified": certified, "links": links, "entries": entries,
    })
}

fn entry(cloud: &Cloud) -> Value {
    let mut entry = json!({
        "name": cloud.name, "description": cloud.description, "operator": cloud.operator,
        "url": format!("https://cloud.example/{}", cloud.group.unwrap_or(cloud.subject)),
    });
    match cloud.group {
        Some(group) => entry["group"] = json!(group),
        None => entry["subject"] = json!(cloud.subject),
    }
    if cloud.kind == Kind::Iaas && cloud.certified {
        let url = format!("https://health.cloud.example/{}", cloud.group.unwrap_or(cloud.subject));
        let has_one = !cloud.subject.len().is_multiple_of(3);
        entry["links"] = if has_one { json!([{"text": "HM", "url": url}]) } else { json!([{"text": "n/a"}]) };
    }
    entry
}
