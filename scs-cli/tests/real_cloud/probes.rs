//! Probes that create resources in the cloud, and their cleanup.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cloud::{Cloud, MEMBER, Phase, Token};
use crate::http::call;

/// Resources created by probes: service, path and key of the list.
const LISTS: [(&str, &str, &str); 8] = [
    ("compute", "/servers/detail", "servers"),
    ("block-storage", "/volumes/detail", "volumes"),
    ("block-storage", "/backups/detail", "backups"),
    ("network", "/v2.0/networks", "networks"),
    ("network", "/v2.0/subnets", "subnets"),
    ("network", "/v2.0/routers", "routers"),
    ("network", "/v2.0/security-groups", "security_groups"),
    ("key-manager", "/v1/secrets", "secrets"),
];

/// The names of probe resources, such as `volumes _scs-…`.
fn ours(token: &Token) -> Vec<String> {
    LISTS
        .iter()
        .flat_map(|(kind, path, key)| {
            let services = token.catalog.as_array().unwrap();
            let service = services.iter().find(|service| service["type"] == *kind).unwrap();
            let url = format!("{}{path}", service["endpoints"][0]["url"].as_str().unwrap());
            let answer = call("GET", &url, Some(&token.secret), None);
            assert_eq!(answer.target(), "200", "{url}");
            let list = answer.json()[key].as_array().unwrap().clone();
            list.into_iter().filter_map(move |thing| Some(format!("{key} {}", thing["name"].as_str()?)))
        })
        .filter(|thing| thing.contains(" _scs-"))
        .collect()
}

fn outcome<'a>(inventory: &'a Value, part: &str) -> &'a str {
    inventory[part]["outcome"].as_str().unwrap_or_default()
}

/// Runs tests one after the other, because each one searches for leftovers.
#[test]
fn probes_find_out_and_leave_nothing() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Good]) else { return };
    let inventory = cloud.collected();
    for part in ["secrets", "backup"] {
        assert_eq!(outcome(inventory, part), "ok", "{}", inventory[part]);
    }
    assert_eq!(outcome(inventory, "s3"), "refused");
    assert_eq!(inventory["s3"]["detail"], "SignatureDoesNotMatch");
    assert!(inventory["console_output"]["output"].as_str().unwrap().contains("_scs-test-entropy-avail: 256"));
    let rules = inventory["security_group_rules_of_new_group"].as_array().unwrap();
    assert!(rules.len() == 2 && rules.iter().all(|rule| rule["direction"] == "egress"), "{rules:?}");
    let token = cloud.token(MEMBER);
    assert_eq!(ours(&token), [""; 0], "after the probes");
    let checked = cloud.run(&["entropy", "check", "-f", "json", "--os-cloud", MEMBER]);
    assert_eq!(checked.json()["results"]["scs-0101-entropy-avail"], "PASS", "{}", checked.stderr);
    assert_eq!(ours(&token), [""; 0], "after the sample VM");
    interrupted(cloud, &token);
    killed(cloud, &token);
}

fn start(cloud: &Cloud) -> std::process::Child {
    Command::new(assert_cmd::cargo::cargo_bin!("scs"))
        .args(["inventory", "--os-cloud", MEMBER, "--probe", "backup"])
        .env("OS_CLIENT_CONFIG_FILE", cloud.state.join("clouds.yaml"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until a probe resource exists.
fn await_ours(token: &Token) -> Vec<String> {
    let end = Instant::now() + Duration::from_mins(1);
    loop {
        let things = ours(token);
        if !things.is_empty() || Instant::now() > end {
            return things;
        }
        sleep(Duration::from_millis(100));
    }
}

fn signal(child: &std::process::Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Ctrl-C deletes all probe resources.
fn interrupted(cloud: &Cloud, token: &Token) {
    let mut child = start(cloud);
    assert!(!await_ours(token).is_empty(), "no volume was made");
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert_eq!(ours(token), [""; 0], "after Ctrl-C");
}

/// Killing the program leaves resources, which a cleanup finds. Recent ones may belong to a running probe.
fn killed(cloud: &Cloud, token: &Token) {
    let mut child = start(cloud);
    assert!(!await_ours(token).is_empty(), "no volume was made");
    signal(&child, "-KILL");
    child.wait().unwrap();
    let left = ours(token);
    assert!(!left.is_empty(), "nothing is left after a kill");
    let cleanup = |age: &str, status: i32| {
        let outcome = cloud.run(&["cleanup", "--os-cloud", MEMBER, "--older-than", age]);
        assert_eq!(outcome.status, status, "{outcome:?}");
        outcome.stdout
    };
    let young = cleanup("90m", 1);
    assert!(young.contains("_scs-"), "{young}");
    assert_eq!(ours(token), left, "{young}");
    // A volume cannot be deleted while it is created.
    let end = Instant::now() + Duration::from_mins(1);
    let mut said = String::new();
    while !ours(token).is_empty() && Instant::now() < end {
        said.push_str(&cleanup("0s", 0));
    }
    assert_eq!(ours(token), [""; 0], "{said}");
    for name in left.iter().map(|thing| thing.split_once(' ').unwrap().1) {
        assert!(said.contains(name), "{name}: {said}");
    }
    assert_eq!(cleanup("0s", 0), format!("{MEMBER}: nothing left to delete\n"));
}

/// The inventory says if the cloud denies a probe or does not have the service.
#[test]
fn what_a_cloud_refuses_or_lacks_is_recorded() {
    let Some(cloud) = Cloud::in_phase(&[Phase::Legacy, Phase::Bare]) else { return };
    let inventory = cloud.collected();
    let (secrets, s3) = (outcome(inventory, "secrets"), outcome(inventory, "s3"));
    if cloud.phase == Phase::Legacy {
        assert_eq!((secrets, s3), ("refused", "refused"), "{}", inventory["secrets"]);
        assert_eq!(inventory["s3"]["detail"], "InvalidAccessKeyId");
    } else {
        assert_eq!((secrets, s3), ("absent", "absent"), "{} {}", inventory["secrets"], inventory["s3"]);
    }
    assert!(Path::new(&cloud.collected_file()).is_file());
}
