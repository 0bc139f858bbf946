//! The reports of a cloud of the demo, from two years ago until last night.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use scs_certificates::{Lifetime, Scope, Target};
use serde_json::{Value, json};

use super::clouds::{Cloud, Kind, Story};
use crate::changes::name;
use crate::store::NewReport;
use crate::submission::{Format, read};
use crate::time::civil;

/// The age of the first report, in days.
const DAYS: u16 = 730;
/// How many days there is a report each night; before that there is one each week, which is enough for a result to stay valid.
const NIGHTLY: u16 = 120;
/// The version of results that hold for all.
const ANY: &str = "*";

/// The reports, oldest first.
pub(super) fn reports(cloud: &Cloud, number: usize, scope: &Scope, now: Timestamp) -> Vec<NewReport> {
    let seed = 0x5c5 + u64::try_from(number).unwrap_or_default();
    let mut rng = Rng::with_seed(seed);
    let minute = SignedDuration::from_mins(i64::from(rng.u8(5..200)));
    let midnight = Timestamp::from_second(now.as_second().div_euclid(86_400) * 86_400).unwrap_or(now);
    // The last night is over at noon at the latest.
    let last = if midnight + minute > now { midnight - SignedDuration::from_hours(24) } else { midnight };
    let mut bad_nights = BadNights::default();
    let mut reports = Vec::new();
    for age in (0..=DAYS).rev() {
        let is_due = age <= NIGHTLY || age.is_multiple_of(7);
        bad_nights.advance(&mut rng, scope);
        let is_silent = match cloud.story {
            Story::Silent(days) => age < days,
            Story::New(days) => age > days,
            Story::Listed => true,
            _ => false,
        };
        if !is_due || is_silent || bad_nights.is_away {
            continue;
        }
        let checked_at = last + minute - SignedDuration::from_hours(24 * i64::from(age));
        let results = results(cloud, scope, age, &bad_nights);
        if cloud.subject == CHECKED && age <= CHECKED_NIGHTS {
            reports.extend(check(cloud, scope, checked_at, &results));
        } else {
            reports.push(report(cloud, scope, checked_at, results, &mut rng));
        }
    }
    reports
}

/// The cloud that is checked by `scs check` in the last nights, so that its reports have findings.
pub(super) const CHECKED: &str = "quelle-dev";
const CHECKED_NIGHTS: u16 = 7;

/// A report in the format of `scs check -f json`.
fn check(
    cloud: &Cloud,
    scope: &Scope,
    checked_at: Timestamp,
    results: &BTreeMap<String, Option<i8>>,
) -> Option<NewReport> {
    let named = results.iter().map(|(case, result)| (case.clone(), json!(result.map(name))));
    let named: serde_json::Map<String, Value> = named.filter(|(_, name)| !name.is_null()).collect();
    let failed = results.iter().filter(|(_, result)| **result == Some(-1));
    let findings = failed.map(|(case, _)| {
        json!({
            "rule": case, "test_case": case, "level": "MUST", "document": "scs-0115-v1", "section": "Default rules",
            "result": "FAIL", "subject": "default security group", "decides": true,
            "message": "the default rules allow ingress from any address on port 22",
            "fix": {
                "command": "openstack default security group rule delete 5f3c", "destructive": true,
                "advice": "remove the rule, and let projects open the port themselves",
            },
        })
    });
    let document = json!({
        "schema": "scs/check/2", "creator": concat!("scs ", env!("CARGO_PKG_VERSION")), "subject": cloud.subject,
        "profile": "text", "checked_at": checked_at.to_string(), "results": named, "rules": [],
        "scope": {"uuid": scope.uuid(), "name": scope.name(), "url": scope.url()},
        "findings": findings.collect::<Vec<_>>(),
    });
    read(&document.to_string(), Format::Json).ok()?.into_iter().next()
}

/// What goes wrong for a few nights now and then.
#[derive(Debug, Default)]
struct BadNights {
    /// The test case, its result, and the number of nights that are left.
    trouble: Option<(String, i8, u8)>,
    /// Whether the check itself did not run.
    is_away: bool,
}

impl BadNights {
    fn advance(&mut self, rng: &mut Rng, scope: &Scope) {
        self.is_away = rng.u16(..1000) < 6;
        self.trouble = match self.trouble.take() {
            Some((case, result, nights)) if nights > 1 => Some((case, result, nights - 1)),
            _ if rng.u16(..1000) < 7 => {
                let cases: Vec<&str> = scope.test_cases().map(|case| case.id.as_str()).collect();
                let case = cases.get(rng.usize(..cases.len().max(1))).copied().unwrap_or_default();
                Some((case.to_owned(), if rng.bool() { -1 } else { 0 }, rng.u8(1..4)))
            }
            _ => None,
        };
    }
}

fn results(cloud: &Cloud, scope: &Scope, age: u16, bad_nights: &BadNights) -> BTreeMap<String, Option<i8>> {
    let mut results = BTreeMap::new();
    for case in scope.test_cases() {
        // What takes hours is tested once a month or once in two weeks.
        let is_due = match case.lifetime {
            Lifetime::Year => age.is_multiple_of(28),
            Lifetime::Month => age.is_multiple_of(14),
            _ => true,
        };
        if is_due {
            results.insert(case.id.clone(), Some(1));
        }
    }
    if cloud.kind == Kind::Kaas {
        results.remove("node-distribution-check");
    }
    let mut set = |case: &str, result: i8| {
        if let Some(known) = results.get_mut(case) {
            *known = Some(result);
        }
    };
    // Trouble of the last days is part of the story.
    if let (Some((case, result, _)), true) = (&bad_nights.trouble, age > 3) {
        set(case, *result);
    }
    match cloud.story {
        Story::Failing(case, days) if age <= days => set(case, -1),
        Story::Repaired(case, days) if (days..days + 30).contains(&age) => set(case, -1),
        Story::Stuck(case, days) if age <= days => set(case, 0),
        Story::Upgraded(days) if age > days => {
            for case in only_newest(scope) {
                set(case, -1);
            }
        }
        Story::Omitting(case) => {
            results.remove(case);
        }
        _ => {}
    }
    results
}

/// Some test cases that v5.1 requires and v4 does not.
fn only_newest(scope: &Scope) -> Vec<&str> {
    let cases = |version: &str| scope.version(version).map_or(&[][..], |it| it.target(&Target::Main));
    let old = cases("v4");
    cases("v5.1").iter().filter(|case| !old.contains(case)).map(String::as_str).take(6).collect()
}

fn report(
    cloud: &Cloud,
    scope: &Scope,
    checked_at: Timestamp,
    results: BTreeMap<String, Option<i8>>,
    rng: &mut Rng,
) -> NewReport {
    let uuid = uuid(rng);
    let time = civil(checked_at).replace('T', " ");
    let count = |wanted: i8| results.values().filter(|result| **result == Some(wanted)).count();
    let (failed, unfinished) = (count(-1), count(0));
    let (stdout, stderr) = output(cloud, &results);
    let (id, command) = match cloud.kind {
        Kind::Iaas => ("iaas", format!("./iaas/openstack_test.py -c {}", cloud.subject)),
        Kind::Kaas => ("kaas", format!("./kaas/k8s_test.py -k {}.kubeconfig", cloud.subject)),
    };
    let document = json!({
        "spec": {"uuid": scope.uuid(), "name": scope.name(), "url": scope.url()},
        "checked_at": time,
        "reference_date": time.get(..10),
        "subject": cloud.subject,
        "run": {
            "uuid": uuid, "argv": ["scs-compliance-check.py"], "assignment": {"os_cloud": cloud.subject},
            "sections": null, "forced_version": null, "forced_tests": null,
            "invocations": {id: {
                "id": id, "cmd": command, "rc": u8::from(failed + unfinished > 0),
                "critical": 0, "error": failed, "warning": unfinished,
                "stdout": stdout, "stderr": stderr, "results": results,
            }},
        },
    });
    NewReport {
        uuid,
        subject: cloud.subject.to_owned(),
        scope: scope.uuid().to_owned(),
        checked_at,
        results: BTreeMap::from([(ANY.to_owned(), results)]),
        evidence: BTreeMap::new(),
        rules: Vec::new(),
        document,
    }
}

/// Standard output and standard error.
fn output(cloud: &Cloud, results: &BTreeMap<String, Option<i8>>) -> (Vec<Value>, Vec<Value>) {
    let mut stdout = Vec::new();
    let mut stderr = vec![json!(format!("DEBUG: connected to {} as scs-test", cloud.subject))];
    for (case, result) in results {
        match result {
            Some(-1) => {
                stdout.push(json!(format!("{case}: FAIL")));
                stderr.push(json!(format!("ERROR: {case}: does not meet the requirement")));
            }
            Some(0) => {
                stdout.push(json!(format!("{case}: ABORT")));
                stderr.push(json!(format!("WARNING: {case}: no answer within 600 s")));
            }
            _ => {}
        }
    }
    stdout.push(json!(format!("{} test cases", results.len())));
    (stdout, stderr)
}

fn uuid(rng: &mut Rng) -> String {
    uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid().to_string()
}
