//! Compares the official policy test cases with ours in the profile `official`, for many generated clouds.
//!
//! Requires `SCS_OFFICIAL_DIR`, a checkout of the official repository, and `python3`.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;
use std::path::Path;

use scs_benches::{Random, foreign_digits, python, rearranged};
use scs_iaas_policy::{Cloud, iaas_rules, iaas_test_case};
use scs_standards::{Answer, Context, Declarations, Given, Profile, TestCase, Verdict};
use serde_json::{Map, Value, json};

const CLOUDS: usize = 6000;

const PARTS: [&str; 12] = [
    "encrypted",
    "replicated",
    "encrypted",
    "replicated",
    " replicated",
    "fast",
    "",
    " ",
    "Encrypted",
    "encrypted ",
    "ärgs",
    "a[b",
];
const BEGINNINGS: [&str; 6] = ["[scs:", "[scs:", "[scs:", " [scs:", "[SCS:", ""];
const ENDS: [&str; 5] = ["]", "]", "]", "] LUKS", ""];

fn description(random: &mut Random) -> Value {
    if random.percent(15) {
        return Value::Null;
    }
    let count = random.below(4);
    let parts: Vec<&str> = (0..count).map(|_| random.pick(&PARTS)).collect();
    json!(format!(
        "{}{}{}",
        random.pick(&BEGINNINGS),
        parts.join(random.pick(&[",", ", "])),
        random.pick(&ENDS)
    ))
}

/// One of them, sometimes with digits in another script.
fn foreign(random: &mut Random, choices: &[&str]) -> String {
    let text = random.pick(choices);
    if random.percent(5) { foreign_digits(random, text) } else { text.to_owned() }
}

fn rule(random: &mut Random, template: bool) -> Value {
    let mut rule = Map::new();
    rule.insert("direction".into(), json!(random.pick(&["ingress", "egress", "egress", "egress"])));
    rule.insert("ethertype".into(), json!(foreign(random, &["IPv4", "IPv6", "IPv4", "IPv6", "IPv5"])));
    if random.percent(25) {
        rule.insert("remote_group_id".into(), json!(random.pick(&["PARENT", "PARENT", "other"])));
    }
    if random.percent(15) {
        rule.insert(
            "remote_ip_prefix".into(),
            json!(foreign(random, &["0.0.0.0/0", "::/0", "10.0.0.0/8", ""])),
        );
    }
    if random.percent(15) {
        rule.insert("protocol".into(), json!(random.pick(&["tcp", "udp", "any"])));
    }
    if template {
        rule.insert("used_in_default_sg".into(), json!(random.percent(70)));
        rule.insert("used_in_non_default_sg".into(), json!(random.percent(60)));
    }
    Value::Object(rule)
}

fn cloud(random: &mut Random) -> Value {
    const TYPES: [&str; 16] = [
        "compute",
        "identity",
        "image",
        "network",
        "load-balancer",
        "placement",
        "volumev3",
        "block-storage",
        "volume",
        "volumev2",
        "block-store",
        "object-store",
        "object-store-s3",
        "s3",
        "key-manager",
        "dns",
    ];
    let types: Vec<Value> = (0..random.below(4))
        .map(|number| json!({"name": format!("type-{number}"), "description": description(random)}))
        .collect();
    let services: Vec<Value> =
        (0..random.below(20)).map(|_| json!({"type": foreign(random, &TYPES), "endpoints": []})).collect();
    let (types, services) = (rearranged(random, types), rearranged(random, services));
    let template = random.percent(70);
    let rules: Vec<Value> = (0..random.below(9)).map(|_| rule(random, template)).collect();
    let rules = rearranged(random, rules);
    let held =
        random.pick(&["member", "member", "member reader", "member admin", "reader", "member manager"]);
    let mut cloud = json!({
        "volume_types": types,
        "services": services,
        "roles": rearranged(random, held.split(' ').collect()),
        "secrets": {"outcome": random.pick(&["ok", "ok", "refused", "failed"])},
        "s3": {"outcome": "refused", "detail": random.pick(&["InvalidAccessKeyId", "x NoSuchKey y", "AccessDenied", "timed out"])},
    });
    let key = if template { "default_security_group_rules" } else { "security_group_rules_of_new_group" };
    cloud[key] = Value::Array(rules);
    cloud
}

fn ours(cloud: &Value, cases: &BTreeMap<String, String>) -> BTreeMap<String, Verdict> {
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Official, declarations: &declarations };
    let parts: BTreeMap<&str, String> = cloud
        .as_object()
        .expect("a mapping")
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_string()))
        .collect();
    let subject =
        Cloud::read(|part| parts.get(part).map_or(Given::Missing, |json| Given::Data(json.as_str())))
            .with_collected_at(Some(at));
    let answers: Vec<Answer> = iaas_rules()
        .filter(|rule| rule.test_case.is_some_and(|case| cases.contains_key(case)))
        .map(|rule| rule.answer(&subject, &context))
        .collect();
    cases
        .keys()
        .map(|id| {
            let case: &TestCase = iaas_test_case(id).expect("a case");
            (id.clone(), case.verdict(&answers).expect("its rule was asked"))
        })
        .collect()
}

fn official(directory: &str, clouds: &[Value]) -> Vec<BTreeMap<String, String>> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official.py");
    let documents: Vec<String> = clouds.iter().map(ToString::to_string).collect();
    let lines = python::answers(&driver, &[directory], &documents).expect("the driver answers");
    lines.iter().map(|line| serde_json::from_str(line).expect("verdicts")).collect()
}

#[test]
fn verdicts_match_the_official_suite() {
    let Ok(directory) = std::env::var("SCS_OFFICIAL_DIR") else {
        println!("skipped: SCS_OFFICIAL_DIR names no checkout of the official repository");
        return;
    };
    let mut random = Random::new(0x0114_0123);
    let clouds: Vec<Value> = (0..CLOUDS).map(|_| cloud(&mut random)).collect();
    let answers = official(&directory, &clouds);
    assert_eq!(answers.len(), clouds.len());
    let (mut compared, mut differences) = (0_u32, Vec::new());
    let mut seen: BTreeMap<(String, String), u32> = BTreeMap::new();
    for (cloud, official) in clouds.iter().zip(&answers) {
        for (case, verdict) in ours(cloud, official) {
            compared += 1;
            let theirs = &official[&case];
            *seen.entry((case.clone(), theirs.clone())).or_default() += 1;
            if theirs != verdict.name() {
                differences.push(format!("{case}: {theirs}, ours {verdict}: {cloud}"));
            }
        }
    }
    println!("{compared} verdicts over {CLOUDS} clouds: {} differences", differences.len());
    for case in seen.keys().map(|(case, _)| case) {
        for verdict in ["PASS", "FAIL"] {
            assert!(seen.contains_key(&(case.clone(), verdict.to_owned())), "{case} is never {verdict}");
        }
    }
    assert!(differences.is_empty(), "{}", differences.iter().take(5).cloned().collect::<Vec<_>>().join("\n"));
}
