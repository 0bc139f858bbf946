//! Inventories of clouds with an error in one place: it is reported, results based on it do not pass, and the rest is checked.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use scs_registry::{Inventory, Report, ScopeChoice, check_inventory};
use scs_standards::{Context, Profile, Verdict};
use serde_json::{Value, json};

fn example() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/conformant-cloud.yaml");
    serde_saphyr::from_str(&std::fs::read_to_string(path).expect("the example")).expect("YAML")
}

fn context(profile: Profile) -> Context<'static> {
    Context::at("2026-11-24T00:00:00Z".parse().expect("a time")).with_profile(profile)
}

/// The example with a different value for one key.
fn with(key: &str, value: Value) -> Report {
    let mut inventory = example();
    inventory[key] = value;
    let inventory: Inventory = inventory.to_string().parse().expect("an inventory");
    check_inventory(&inventory, &ScopeChoice::default(), &context(Profile::Text)).expect("a report")
}

/// The verdict of a rule and its messages.
fn said(report: &Report, rule: &str) -> (Verdict, String) {
    let row = report.rules.iter().find(|row| row.rule == rule).expect("an answer");
    let messages: Vec<&str> = report.findings_of(row).map(|finding| finding.message.as_str()).collect();
    (row.result, messages.join("; "))
}

#[test]
fn descriptions_of_volume_types() {
    for (description, verdict, part) in [
        ("[scs:[encrypted]]", Verdict::Fail, "contains a bracket"),
        ("[scs:encrypted", Verdict::Fail, "no closing"),
        ("[scs:encrypted，replicated]", Verdict::Fail, "is not an aspect"),
        ("[scs:encrypted,,replicated]", Verdict::Fail, "between two commas"),
        ("[scs:encrypted, encrypted]", Verdict::Pass, "more than once"),
        (" [scs:encrypted, replicated]", Verdict::Pass, "almost starts with a list"),
        ("[SCS:encrypted]", Verdict::Pass, "almost starts with a list"),
    ] {
        let checked = with("volume_types", json!([{"name": "a", "description": description}]));
        let (answer, messages) = said(&checked, "scs-0114-syntax-check");
        assert_eq!(answer, verdict, "{description}");
        assert!(messages.contains(part), "{description}: {messages}");
    }
}

#[test]
fn rules_of_security_groups() {
    let rule = |more: Value| {
        let mut rule = json!({"direction": "egress", "ethertype": "IPv4", "used_in_default_sg": true, "used_in_non_default_sg": true});
        rule.as_object_mut().expect("a mapping").extend(more.as_object().expect("a mapping").clone());
        rule
    };
    let mut rules = example()["default_security_group_rules"].as_array().expect("a list").clone();
    for (more, id, verdict, part) in [
        (json!({"ethertype": "IPv5"}), "scs-0115-egress-all", Verdict::Pass, "`IPv5` is not an ethertype"),
        (
            json!({"direction": "sideways"}),
            "scs-0115-ingress-none",
            Verdict::Dnf,
            "`sideways` is not a direction",
        ),
        (json!({"direction": null}), "scs-0115-ingress-none", Verdict::Dnf, "it has no direction"),
        (json!({"used_in_default_sg": null}), "scs-0115-ingress-none", Verdict::Dnf, "which groups get it"),
        (
            json!({"direction": "ingress", "protocol": "ipv6-something"}),
            "scs-0115-ingress-none",
            Verdict::Fail,
            "ipv6-something",
        ),
    ] {
        rules.push(rule(more.clone()));
        let checked = with("default_security_group_rules", Value::Array(rules.clone()));
        rules.pop();
        let (answer, messages) = said(&checked, id);
        assert_eq!(answer, verdict, "{more}: {messages}");
        assert!(messages.contains(part), "{more}: {messages}");
    }
    // With an invalid rule in a security group, no requirement about all rules passes.
    rules.push(json!(7));
    let checked = with("default_security_group_rules", Value::Array(rules));
    assert_eq!(checked.results["scs-0115-default-rules"], Verdict::Dnf);
    assert_eq!(checked.results["scs-0114-syntax-check"], Verdict::Pass);
}

#[test]
fn catalogs() {
    let services = example()["services"].as_array().expect("a list").clone();
    let without: Vec<Value> =
        services.iter().map(|service| json!({"type": service["type"], "name": service["name"]})).collect();
    let checked = with("services", Value::Array(without));
    assert_eq!(checked.results["scs-0123-service-compute"], Verdict::Pass);
    let (answer, messages) = said(&checked, "scs-0123-endpoints");
    assert_eq!(answer, Verdict::Miss);
    assert!(messages.contains("openstack catalog list"), "{messages}");
    for broken in [json!({"catalog": 7}), json!("services"), json!({"unavailable": "401 Unauthorized"})] {
        let checked = with("services", broken.clone());
        let (answer, messages) = said(&checked, "scs-0123-service-compute");
        assert_eq!(answer, Verdict::Dnf, "{broken}: {messages}");
    }
}

#[test]
fn outcomes_and_configuration() {
    for (key, value, case) in [
        ("secrets", json!({"outcome": "perhaps"}), "scs-0116-permissions"),
        ("backup", json!("ok"), "scs-0117-test-backup"),
        ("roles", json!([7]), "scs-0116-permissions"),
    ] {
        let checked = with(key, value);
        assert_eq!(checked.results[case], Verdict::Dnf, "{key}");
    }
    for (files, rule, verdict, part) in [
        (json!({"keystone.conf": 7}), "scs-0302-enforce-scope", Verdict::Dnf, "a number, not a string"),
        (
            json!({"keystone.conf": "[oslo_policy\nx"}),
            "scs-0302-enforce-scope",
            Verdict::Dnf,
            "not valid INI in line",
        ),
        (
            json!({"keystone.conf": "[oslo_policy]\nenforce_scope = maybe"}),
            "scs-0302-enforce-scope",
            Verdict::Dnf,
            "neither true nor false",
        ),
        (json!({"keystone-policy.yaml": "a: b: c"}), "scs-0302-no-admin", Verdict::Dnf, "not valid YAML"),
        (json!({"keystone-policy.yaml": "[1, 2]"}), "scs-0302-no-admin", Verdict::Dnf, "expected a mapping"),
        (
            json!({"keystone-policy.yaml": "is_domain_managed_role: (role:a"}),
            "scs-0302-no-admin",
            Verdict::Dnf,
            "cannot parse `(role:a` at byte",
        ),
        (
            json!({"keystone-policy.yaml": "is_domain_managed_role: rule:is_domain_managed_role"}),
            "scs-0302-no-admin",
            Verdict::Dnf,
            "cannot tell whether",
        ),
        (json!([]), "scs-0302-enforce-scope", Verdict::Dnf, "expected an object of file contents by path"),
        (
            json!({}),
            "scs-0302-enforce-scope",
            Verdict::Miss,
            "does not have the configuration file `keystone.conf`",
        ),
    ] {
        let checked = with("config_files", files.clone());
        let (answer, messages) = said(&checked, rule);
        assert_eq!(answer, verdict, "{files}: {messages}");
        assert!(messages.contains(part), "{files}: {messages}");
    }
}

#[test]
fn secrets_of_configuration_are_never_quoted() {
    let secret = "s3cr3t-Pa55word";
    let files = json!({
        "/etc/barbican/barbican.conf": format!("[simple_crypto_plugin]\nkek = {secret}\n[crypto]\nenabled_crypto_plugins = simple_crypto\n"),
        "/etc/cinder/cinder.conf": format!("[database]\nconnection = mysql+pymysql://cinder:{secret}@db/cinder\n[DEFAULT]\ntransport_url = rabbit://openstack:{secret}@mq:5672/\n"),
        "/etc/nova/nova.conf": format!("[cinder]\ncross_az_attach = {secret}\n[oslo_messaging_rabbit]\nssl = {secret}\n"),
        "/etc/keystone/keystone.conf": format!("[oslo_policy]\nenforce_scope = {secret}\nenforce_new_defaults = {secret}\n"),
    });
    let mut inventory = example();
    inventory["config_files"] = files;
    inventory["availability_zones"]["volume"] = json!(["az1", "az2"]);
    let inventory: Inventory = inventory.to_string().parse().expect("an inventory");
    for profile in Profile::ALL {
        let mut choice = ScopeChoice::default();
        choice.include_drafts = true;
        let report = check_inventory(&inventory, &choice, &context(profile)).expect("a report");
        let told = format!("{report:?}");
        assert!(!told.to_lowercase().contains(&secret.to_lowercase()), "{profile}");
    }
}

#[test]
fn declarations_that_say_nothing() {
    let mut declarations = example()["declarations"].as_array().expect("a list").clone();
    let index = declarations.iter().position(|entry| entry["rule"] == "scs-0121-power").expect("an entry");
    for (entry, part) in [
        (
            json!({"value": {"az1": 2, "az2": 2}, "valid_until": "2026-12-31"}),
            "`date`, the day of the declaration",
        ),
        (
            json!({"value": {"az1": 2, "az2": 2}, "date": "2026-01-01", "valid_until": "2026-03-31"}),
            "valid only from",
        ),
        (
            json!({"value": {"az1": 2, "az2": 2}, "date": "2026-08-23", "valid_until": "2027-08-23"}),
            "more than a quarter ago",
        ),
        (
            json!({"value": {"az1": 2, "az3": 2}, "date": "2026-10-01", "valid_until": "2026-12-31"}),
            "the API only has az1, az2",
        ),
        (
            json!({"value": true, "date": "2026-10-01", "valid_until": "2026-12-31"}),
            "which is not a valid value; declare how many",
        ),
        (
            json!({"value": "compliant", "date": "2026-10-01", "valid_until": "2026-12-31"}),
            "which is not a valid value; declare how many",
        ),
    ] {
        let mut entry = entry;
        entry["rule"] = json!("scs-0121-power");
        declarations[index] = entry.clone();
        let checked = with("declarations", Value::Array(declarations.clone()));
        let (answer, messages) = said(&checked, "scs-0121-power");
        assert_eq!(answer, Verdict::Dnf, "{entry}: {messages}");
        assert!(messages.contains(part), "{entry}: {messages}");
    }
    declarations.remove(index);
    let checked = with("declarations", Value::Array(declarations));
    assert_eq!(said(&checked, "scs-0121-power").0, Verdict::Miss);
}

#[test]
fn great_numbers_of_keys_are_counted() {
    let keys = (0..160_000).map(|number| format!("\"k{number}\": 1, ")).collect::<Vec<_>>().concat();
    let inventory: Inventory = format!("{{{keys}\"kind\": \"cloud\"}}").parse().expect("an inventory");
    assert_eq!(inventory.notices().len(), 21);
    assert_eq!(inventory.notices()[20], "… and 159980 more keys that no rule uses");
    let same: String = (0..1_000).map(|_| "\"flavors\": [], ".to_owned()).collect();
    let twice =
        format!("{{{same}\"kind\": \"cloud\", \"subject\": \"a\", \"subject\": \"b\", \"kind\": \"cloud\"}}");
    let other = twice.replacen("cloud", "cluster", 1);
    assert!(other.parse::<Inventory>().is_err_and(|error| error.to_string().contains("two kinds")));
    let inventory: Inventory = twice.parse().expect("an inventory");
    assert_eq!(
        inventory.notices(),
        [
            "`flavors` is in the inventory 1000 times",
            "`subject` is in the inventory twice",
            "`kind` is in the inventory twice",
        ]
    );
    assert_eq!((inventory.kind().name(), inventory.subject()), ("cloud", Some("b")));
}
