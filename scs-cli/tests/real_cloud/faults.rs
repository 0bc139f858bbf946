//! Faulty services: each only affects its own parts of the inventory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;
use std::thread;

use serde_json::Value;

use crate::cloud::{Cloud, Outcome, Phase, answers, file, verdicts};
use crate::proxy::{Fault, Proxy};

/// The parts collected from a place of a service, and the test cases that need them, except for [`ZONES`] and [`TEMPLATES`].
struct Service {
    place: &'static str,
    parts: &'static [&'static str],
    cases: fn(&str) -> bool,
}

/// Test cases that need both compute and storage zones.
const ZONES: &str = "availability-zones-check";

/// Parts without an API in this release of Neutron.
const TEMPLATES: &str = "default_security_group_rules";

const SERVICES: &[Service] = &[
    Service {
        place: "compute/v2.1/flavors",
        parts: &["flavors"],
        cases: |id| id.starts_with("scs-0100-") || id.starts_with("scs-0103-"),
    },
    Service {
        place: "image/v2/images",
        parts: &["images"],
        cases: |id| id.starts_with("scs-0102-") || id.starts_with("scs-0104-"),
    },
    Service {
        place: "block-storage/v3/",
        parts: &["volume_types", "availability_zones"],
        cases: |id| id.starts_with("scs-0114-"),
    },
    Service { place: "network/v2.0/networks", parts: &["networks"], cases: |_| false },
    Service {
        place: "network/v2.0/",
        parts: &[TEMPLATES, "networks", "subnets", "subnet_pools", "extensions", "quotas"],
        cases: |_| false,
    },
];

/// The result of a check, and its inventory.
#[derive(Debug)]
struct Checked {
    outcome: Outcome,
    inventory: Value,
    document: Value,
}

impl Checked {
    fn of(cloud: &Cloud, proxy: &Proxy, name: &str) -> Self {
        let path = cloud.path(&format!("{name}.json"));
        let check = cloud.check();
        let mut arguments: Vec<&str> = check.iter().map(String::as_str).collect();
        arguments.extend(["--os-cloud", "it", "--save-inventory", &path]);
        let outcome = cloud.run_on(&proxy.cloud(cloud), &arguments);
        // Broken rules or missing results are not a failure of the run.
        assert!([0, 1].contains(&outcome.status), "{name}: {outcome:?}");
        let (inventory, document) = (file(Path::new(&path)), outcome.json());
        Self { outcome, inventory, document }
    }

    fn unavailable(&self) -> BTreeMap<&str, &str> {
        let parts = self.inventory.as_object().unwrap().iter();
        parts.filter_map(|(key, part)| Some((key.as_str(), part.get("unavailable")?.as_str()?))).collect()
    }
}

/// The result without faults.
fn faultless(cloud: &Cloud) -> &'static Checked {
    static CHECKED: OnceLock<Checked> = OnceLock::new();
    CHECKED.get_or_init(|| Checked::of(cloud, &Proxy::start(cloud, &[]), "faultless"))
}

/// Applies a fault to every service: its parts have `reason`, and everything that needs them is DNF.
fn each_service(fault: Fault, reason: &str) {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good]) else { return };
    let good = faultless(cloud);
    thread::scope(|scope| {
        let threads: Vec<_> = SERVICES
            .iter()
            .filter(|service| fault == Fault::Html || !service.place.ends_with("/networks"))
            .map(|service| scope.spawn(move || one_service(cloud, good, service, fault, reason)))
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

fn one_service(cloud: &Cloud, good: &Checked, service: &Service, fault: Fault, reason: &str) {
    // An address in the catalog affects the whole service.
    let whole = service.place.split('/').next().unwrap();
    let (place, parts): (&str, BTreeSet<&str>) = match (fault, whole) {
        (Fault::Unreachable, "compute") => (whole, ["flavors", "availability_zones"].into()),
        (Fault::Unreachable, _) => (whole, service.parts.iter().copied().collect()),
        // Half of the response for a missing API is still recognizable.
        (Fault::Truncated, _) => {
            (service.place, service.parts.iter().copied().filter(|part| *part != TEMPLATES).collect())
        }
        _ => (service.place, service.parts.iter().copied().collect()),
    };
    let proxy = Proxy::start(cloud, &[(place, fault)]);
    let name = format!("{fault:?}-{}", service.place.replace('/', "-")).replace([' ', '(', ')', ','], "");
    let found = Checked::of(cloud, &proxy, &name);
    assert!(fault == Fault::Unreachable || proxy.hits() != [0], "{name}: nothing went wrong");
    // Exactly its parts are missing, with the reason.
    let before: BTreeSet<&str> = good.unavailable().into_keys().collect();
    let mut expected = before.clone();
    expected.extend(&parts);
    let unavailable = found.unavailable();
    assert_eq!(unavailable.keys().copied().collect::<BTreeSet<_>>(), expected, "{name}: {unavailable:?}");
    for part in &parts {
        let said = unavailable[part];
        assert!(said.contains(reason) && said.contains(whole), "{name}: {part}: {said}");
    }
    // Everything that needs them has no result, and all other results are unchanged.
    let (was, is) = (verdicts(&good.document), verdicts(&found.document));
    assert_eq!(was.keys().collect::<Vec<_>>(), is.keys().collect::<Vec<_>>());
    for (id, verdict) in &is {
        let needs = match id.as_str() {
            ZONES => parts.contains("availability_zones"),
            "scs-0115-default-rules" => parts.contains(TEMPLATES),
            id => (service.cases)(id),
        };
        let expected = if needs { "DNF" } else { was[id].as_str() };
        assert_eq!(verdict, expected, "{name}: {id}");
    }
    let (was, is) = (answers(&good.document), answers(&found.document));
    for (rule, verdict) in is.iter().filter(|(rule, verdict)| was.get(*rule) != Some(verdict)) {
        assert_eq!(verdict, "DNF", "{name}: {rule:?}");
    }
    found.outcome.without(&[cloud.secrets(), proxy.tokens()].concat());
}

#[test]
fn a_service_that_hangs_is_given_up() {
    each_service(Fault::Hangs, "did not respond within 15 s");
}

#[test]
fn a_page_of_html_is_no_answer() {
    each_service(Fault::Html, "an HTML or XML page");
}

#[test]
fn half_an_answer_is_none() {
    each_service(Fault::Truncated, "ends prematurely after");
}

#[test]
fn a_connection_that_ends_early_gives_no_answer() {
    each_service(Fault::BreaksOff, "ends prematurely after");
}

#[test]
fn a_service_that_stays_busy_is_given_up() {
    each_service(Fault::Status(503, u32::MAX), "status 503");
}

#[test]
fn a_service_that_refuses_says_so() {
    each_service(Fault::Status(403, u32::MAX), "denied the request (403)");
}

#[test]
fn a_token_that_nobody_takes_is_named() {
    each_service(Fault::Status(401, u32::MAX), "rejected the token (401)");
}

#[test]
fn a_service_that_cannot_be_reached_is_given_up() {
    each_service(Fault::Unreachable, "cannot reach");
}

/// After being busy twice, or rejecting the token once, retries succeed.
#[test]
fn what_passes_is_not_seen() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good]) else { return };
    let good = faultless(cloud);
    let cases = [("busy", Fault::Status(503, 2), 3), ("expired", Fault::Status(401, 1), 2)];
    thread::scope(|scope| {
        for (name, fault, least) in cases {
            scope.spawn(move || {
                let places = ["compute/v2.1/flavors", "image/", "block-storage/v3/", "network/v2.0/subnets"];
                let proxy = Proxy::start(cloud, &places.map(|place| (place, fault)));
                let found = Checked::of(cloud, &proxy, name);
                assert!(proxy.hits().iter().all(|hits| *hits >= least), "{name}: {:?}", proxy.hits());
                assert_eq!(verdicts(&found.document), verdicts(&good.document), "{name}");
                assert_eq!(answers(&found.document), answers(&good.document), "{name}");
                assert_eq!(found.unavailable(), good.unavailable(), "{name}");
                // One new token for all rejected requests.
                assert_eq!(proxy.tokens().len(), if name == "expired" { 2 } else { 1 }, "{name}");
            });
        }
    });
}

/// Without a token, there are no further requests.
#[test]
fn a_keystone_that_does_not_answer_ends_the_run() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good]) else { return };
    let cases = [
        (Fault::Hangs, "identity did not respond within 15 s"),
        (Fault::Html, "is it Keystone's URL?"),
        (Fault::Truncated, "the response of identity ends prematurely after"),
        (Fault::Status(503, u32::MAX), "identity returned status 503"),
    ];
    thread::scope(|scope| {
        for (fault, message) in cases {
            scope.spawn(move || {
                let proxy = Proxy::start(cloud, &[("identity/v3/auth/tokens", fault)]);
                let outcome = cloud.run_on(&proxy.cloud(cloud), &["check", "--os-cloud", "it"]);
                assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{fault:?}");
                assert!(outcome.stderr.contains(message), "{fault:?}: {}", outcome.stderr);
            });
        }
        scope.spawn(|| {
            let proxy = Proxy::start(cloud, &[("identity/v3/auth/tokens", Fault::Status(503, 2))]);
            let outcome = cloud.run_on(&proxy.cloud(cloud), &["inventory", "--os-cloud", "it"]);
            assert_eq!(outcome.status, 0, "{outcome:?}");
        });
    });
}
