//! Rules on API answers: unreadable entries are not missing ones, declared values are plausible, and fixes leave no
//! leftovers.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use scs_iaas_policy::{Cloud, iaas_rules};
use scs_rule_tests::Parts;
use scs_standards::{
    Answer, Applicability, Context, Declaration, Declarations, DeclaredValue, Finding, Fix, Profile, Verdict,
};
use serde_json::{Value, json};

use Verdict::{Dnf, Fail, Pass};

fn answer(rule: &str, parts: &Value) -> Answer {
    let parts = Parts::of(parts);
    scs_rule_tests::answer(iaas_rules(), rule, &Cloud::read(|part| parts.given(part)), Profile::Text)
}

fn declared(rule: &str, parts: &Value, value: &Value, document: Option<&str>) -> Verdict {
    let declaration = Declaration {
        rule: rule.to_owned(),
        value: serde_json::from_value::<DeclaredValue>(value.clone()).expect("a value"),
        subjects: Vec::new(),
        statement: None,
        document: document.map(str::to_owned),
        date: "2026-10-01".parse().expect("a day"),
        valid_until: "2026-12-31".parse().expect("a day"),
        responsible: None,
    };
    let declarations = Declarations::new(vec![declaration]);
    let context = Context {
        at: "2026-11-24T00:00:00Z".parse().expect("a time"),
        profile: Profile::Text,
        declarations: &declarations,
    };
    let rule = iaas_rules().find(|known| known.id == rule).expect("a rule");
    let parts = Parts::of(parts);
    rule.answer(&Cloud::read(|part| parts.given(part)), &context).verdict
}

fn has_no_repair(answer: &Answer) -> bool {
    answer.findings.iter().all(|finding| finding.fix.is_none())
}

fn fix(answer: &Answer) -> &Fix {
    answer.findings.iter().find_map(|finding: &Finding| finding.fix.as_ref()).expect("a repair")
}

fn template(direction: &str, family: &str, beside: &Value) -> Value {
    let mut rule = json!({"id": "x", "direction": direction, "ethertype": family, "used_in_default_sg": true, "used_in_non_default_sg": true});
    rule.as_object_mut().expect("an object").extend(beside.as_object().expect("an object").clone());
    rule
}

#[test]
fn an_unreadable_entry_is_not_missing() {
    let egress = [template("egress", "IPv4", &json!({})), template("egress", "IPv6", &json!({}))];
    for broken in
        [json!(7), json!({"id": "y"}), json!({"id": "y", "direction": "sideways"}), json!({"direction": 5})]
    {
        for rules in [vec![broken.clone()], vec![egress[0].clone(), broken.clone()]] {
            let parts = json!({"default_security_group_rules": rules});
            for rule in ["scs-0115-ingress-same-group", "scs-0115-egress-all"] {
                let answer = answer(rule, &parts);
                assert_eq!(answer.verdict, Dnf, "{rule} over {parts}: {answer:#?}");
                assert!(has_no_repair(&answer), "{rule} over {parts}: {answer:#?}");
            }
        }
    }
    // An unknown family may be the one that seems to be missing.
    let parts = json!({"default_security_group_rules": [template("egress", "IPv5", &json!({}))]});
    assert_eq!(answer("scs-0115-egress-all", &parts).verdict, Dnf);

    let types = |broken: Value| json!({"volume_types": [{"name": "a", "description": "[scs:encrypted]", "is_public": false}, broken]});
    assert_eq!(answer("scs-0114-public", &types(json!(7))).verdict, Dnf);
    assert_eq!(answer("scs-0114-public", &types(json!({"name": "b"}))).verdict, Fail);
    assert_eq!(answer("scs-0114-replicated-type", &types(json!(7))).verdict, Dnf);

    let public =
        |region: &str| json!({"interface": "public", "region": region, "url": "https://a.example.org"});
    let services = |second: Value| {
        json!({"services": [
            {"type": "compute", "endpoints": [public("one")]},
            {"type": "image", "endpoints": [public("one"), public("two")]},
            second,
        ]})
    };
    assert_eq!(answer("scs-0123-endpoints", &services(json!(7))).verdict, Dnf);
    assert_eq!(answer("scs-0123-endpoints", &services(json!({"type": "dns"}))).verdict, Fail);

    let subnets = |broken: Value| {
        json!({
            "networks": [{"id": "n", "name": "p", "shared": true, "router:external": true, "is_default": true, "port_security_enabled": true}],
            "subnets": [broken],
        })
    };
    assert_eq!(answer("scs-0126-shared-port-security", &subnets(json!(7))).verdict, Dnf);
    assert_eq!(
        answer("scs-0126-shared-port-security", &subnets(json!({"id": "s", "network_id": "o"}))).verdict,
        Fail
    );
}

#[test]
fn many_unreadable_entries_are_counted() {
    let parts = json!({"volume_types": vec![1; 40_000]});
    let answer = answer("scs-0114-syntax-check", &parts);
    assert_eq!(answer.verdict, Dnf);
    assert_eq!(answer.findings.len(), 21);
    assert_eq!(answer.findings[20].message, "39980 other entries cannot be read");
}

#[test]
fn client_output_formats_are_parsed() {
    let row = |direction: &str, family: &str, remote: Value, custom: bool| {
        json!({"ID": "1", "IP Protocol": null, "Ethertype": family, "IP Range": if family == "IPv4" { "0.0.0.0/0" } else { "::/0" },
            "Port Range": "", "Direction": direction, "Remote Security Group": remote, "Remote Address Group": null,
            "Used in default Security Group": true, "Used in custom Security Group": custom})
    };
    let parts = json!({"default_security_group_rules": [
        row("egress", "IPv6", Value::Null, true), row("egress", "IPv4", Value::Null, true),
        row("ingress", "IPv4", json!("PARENT"), false), row("ingress", "IPv6", json!("PARENT"), false),
    ]});
    for rule in [
        "scs-0115-ingress-none",
        "scs-0115-ingress-same-group",
        "scs-0115-egress-all",
        "scs-0115-default-rules",
    ] {
        assert_eq!(answer(rule, &parts).verdict, Pass, "{rule}");
    }
    let mut limited = parts.clone();
    limited["default_security_group_rules"][0]["Port Range"] = json!("22:22");
    assert_eq!(answer("scs-0115-egress-all", &limited).verdict, Fail);

    let types = json!({"volume_types": [
        {"ID": "1", "Name": "LUKS", "Is Public": true, "Description": "[scs:encrypted] LUKS", "Properties": {"a": "b"}},
    ]});
    assert_eq!(answer("scs-0114-encrypted-type", &types).verdict, Pass);
    assert_eq!(answer("scs-0114-public", &types).verdict, Pass);
    let roles = json!({"role_list": [{"ID": "1", "Name": "manager"}, {"ID": "2", "Name": "member"}]});
    assert_eq!(answer("scs-0302-role", &roles).verdict, Pass);
}

#[test]
fn unused_templates_and_half_prefixes_are_recognized() {
    let idle = json!({"used_in_default_sg": false, "used_in_non_default_sg": false});
    for beside in [json!({}), json!({"remote_group_id": "PARENT"}), json!({"protocol": "invalid_value"})] {
        let mut rule = template("ingress", "IPv4", &beside);
        rule.as_object_mut().expect("an object").extend(idle.as_object().expect("an object").clone());
        let parts = json!({"default_security_group_rules": [rule]});
        assert_eq!(answer("scs-0115-ingress-none", &parts).verdict, Pass, "{parts}");
        assert_eq!(answer("scs-0115-default-rules", &parts).verdict, Pass, "{parts}");
    }
    let six = template("egress", "IPv6", &json!({}));
    let half = |prefix: &str| template("egress", "IPv4", &json!({"remote_ip_prefix": prefix}));
    for (rules, verdict) in [
        (vec![half("0.0.0.0/1"), half("128.0.0.0/1"), six.clone()], Pass),
        (vec![half("0.0.0.0/1"), six.clone()], Fail),
        (vec![template("egress", "IPv4", &json!({"protocol": "0"})), six.clone()], Pass),
        (vec![template("egress", "IPv4", &json!({"protocol": 0})), six.clone()], Pass),
        (vec![template("egress", "IPv4", &json!({"protocol": "tcp"})), six.clone()], Fail),
        // Each half for a different kind of groups.
        (
            vec![
                template(
                    "egress",
                    "IPv4",
                    &json!({"remote_ip_prefix": "0.0.0.0/1", "used_in_default_sg": false}),
                ),
                template(
                    "egress",
                    "IPv4",
                    &json!({"remote_ip_prefix": "128.0.0.0/1", "used_in_non_default_sg": false}),
                ),
                six.clone(),
            ],
            Fail,
        ),
    ] {
        let parts = json!({"default_security_group_rules": rules});
        assert_eq!(answer("scs-0115-egress-all", &parts).verdict, verdict, "{parts}");
    }
}

#[test]
fn an_endpoint_must_be_reachable() {
    let cloud = |endpoint: Value| json!({"services": [{"type": "compute", "endpoints": [endpoint]}]});
    for (beside, verdict) in [
        (json!({"url": "https://compute.example.org"}), Pass),
        (json!({"url": "http://[2001:db8::1]:8774/v2.1"}), Pass),
        (json!({"url": "https://compute.example.org", "enabled": true}), Pass),
        (json!({"url": "https://compute.example.org", "enabled": false}), Fail),
        (json!({"url": null}), Fail),
        (json!({"url": "TODO"}), Fail),
        (json!({"url": "/compute"}), Fail),
        (json!({"url": "https://"}), Fail),
        (json!({"url": " "}), Fail),
    ] {
        let mut endpoint = json!({"interface": "public", "region": "one"});
        endpoint.as_object_mut().expect("an object").extend(beside.as_object().expect("an object").clone());
        let answer = answer("scs-0123-endpoints", &cloud(endpoint));
        assert_eq!(answer.verdict, verdict, "{beside}");
    }
    // Keystone allows endpoints without a region, and returns them for every region.
    let without = json!({"services": [
        {"type": "compute", "endpoints": [{"interface": "public", "region": null, "url": "https://compute.example.org"}]},
        {"type": "image", "endpoints": [{"interface": "public", "region": "one", "url": "https://image.example.org"}]},
    ]});
    assert_eq!(answer("scs-0123-endpoints", &without).verdict, Pass);
}

#[test]
fn a_catalog_entry_without_a_response_is_not_s3() {
    let cloud = |outcome: &str| {
        json!({
            "services": [{"type": "object-store"}, {"type": "object-store-s3"}],
            "s3": {"outcome": outcome, "detail": "InvalidAccessKeyId", "at": "2026-11-24T06:00:00Z"},
        })
    };
    for (outcome, verdict) in [("refused", Pass), ("ok", Pass), ("failed", Dnf), ("absent", Dnf)] {
        assert_eq!(answer("scs-0123-swift-s3", &cloud(outcome)).verdict, verdict, "{outcome}");
    }
}

#[test]
fn missing_services_are_not_registered_by_a_command() {
    for (rule, services) in [
        ("scs-0123-service-load-balancer", json!([{"type": "compute"}])),
        ("scs-0123-swift-s3", json!([{"type": "compute"}])),
        ("scs-0123-s3-entry-v1", json!([{"type": "compute"}])),
        ("scs-0123-storage-apis", json!([{"type": "compute"}])),
        ("scs-0123-endpoints", json!([{"type": "compute", "endpoints": []}])),
        // The type does not show which of them it is.
        (
            "scs-0123-canonical-type",
            json!([{"id": "1", "type": "volumev3"}, {"id": "2", "type": "volumev3"}]),
        ),
        ("scs-0123-canonical-type", json!([{"type": "volumev3"}])),
    ] {
        let answer = answer(rule, &json!({"services": services}));
        assert_eq!(fix(&answer).applicability(), Applicability::Advice, "{rule}: {answer:#?}");
    }
    let renamed = answer("scs-0123-canonical-type", &json!({"services": [{"id": "1", "type": "volumev3"}]}));
    assert!(fix(&renamed).active().is_none() && fix(&renamed).is_destructive());
    assert_eq!(fix(&renamed).command(), Some("openstack service set --type block-storage 1"));
    let beside = json!({"services": [{"id": "1", "type": "volumev3"}, {"id": "2", "type": "block-storage"}]});
    assert_eq!(
        fix(&answer("scs-0123-canonical-type", &beside)).command(),
        Some("openstack service delete 1")
    );
}

#[test]
fn implausible_declared_numbers_are_rejected() {
    let zones = json!({"availability_zones": {"compute": ["az1", "az2"], "volume": ["nova"]}});
    let none = json!({});
    for (rule, parts, value, verdict) in [
        ("scs-0121-same-region", &zones, json!({"az1": "HH", "az2": "HH", "latency_ms": 0.6}), Pass),
        ("scs-0121-same-region", &zones, json!({"az1": "HH", "az2": "HH", "latency_ms": -1}), Dnf),
        ("scs-0121-same-region", &zones, json!({"az1": "HH", "az2": "HH", "latency_ms": 0}), Dnf),
        ("scs-0121-power", &zones, json!({"az1": 2, "az2": 2}), Pass),
        ("scs-0121-power", &zones, json!({"az1": 2.5, "az2": 2}), Dnf),
        ("scs-0121-power", &zones, json!({"az1": 2, "az2": 1e9}), Dnf),
        ("scs-0121-power", &zones, json!({"az1": -2, "az2": 2}), Dnf),
        ("scs-0121-power", &zones, json!({"certificate": "ISO 27001", "valid_until": "2027-06-30"}), Pass),
        ("scs-0121-power", &zones, json!({"certificate": "ISO 27001", "valid_until": "9999-12-31"}), Dnf),
        ("scs-0121-storage-az", &zones, json!({"fire_zones": 3, "copies": 3}), Pass),
        ("scs-0121-storage-az", &zones, json!({"fire_zones": 3, "copies": 1e6}), Dnf),
        ("scs-0121-storage-az", &zones, json!({"fire_zones": -1, "copies": 3}), Dnf),
        ("scs-0121-doc-fire-zones", &zones, json!(["plans/hall-a.pdf"]), Pass),
        ("scs-0121-doc-fire-zones", &zones, json!(["https://"]), Dnf),
        ("scs-0121-doc-changes", &zones, json!({"changed": "2026-03-01", "documented": "2026-03-10"}), Pass),
        ("scs-0121-doc-changes", &zones, json!({"changed": "2027-03-01", "documented": "2027-03-10"}), Dnf),
        ("scs-0118-replicas", &none, json!({"database": 3, "volumes": 3}), Pass),
        ("scs-0118-replicas", &none, json!({"database": 3, "volumes": 1e12}), Dnf),
        ("scs-0118-redundancy", &none, json!({"api": 3, "power_supply": 2.5}), Dnf),
    ] {
        assert_eq!(declared(rule, parts, &value, None), verdict, "{rule}: {value}");
    }
    let docs = |endpoint: &str| json!({"implementation": "Ceph RGW", "endpoints": [endpoint]});
    for (endpoint, document, verdict) in [
        ("https://s3.example.org", "https://docs.example.org/s3", Pass),
        ("s3.example.org", "https://docs.example.org/s3", Pass),
        ("https://s3.example.org", "https://", Fail),
        ("https://s3.example.org", "docs/s3.md", Fail),
        ("https://", "https://docs.example.org/s3", Dnf),
        ("TODO", "https://docs.example.org/s3", Dnf),
    ] {
        let found = declared("scs-0123-s3-docs", &none, &docs(endpoint), Some(document));
        assert_eq!(found, verdict, "{endpoint} in {document}");
    }
    let types = json!({"volume_types": [{"name": "a", "description": "[scs:replicated]"}]});
    for (copies, verdict) in
        [(json!(3), Pass), (json!(2.5), Dnf), (json!(-1), Dnf), (json!(1e9), Dnf), (json!(1), Fail)]
    {
        let value = json!({"copies": copies, "failure_domain": "host"});
        assert_eq!(declared("scs-0114-replicated-true", &types, &value, None), verdict, "{value}");
    }
}

#[test]
fn misplaced_aspects_are_moved_to_the_front() {
    let encryption = json!([{"volume_type_id": "a", "provider": "luks", "cipher": "aes-xts-plain64", "key_size": 256, "control_location": "front-end"}]);
    let cloud = |description: &str| json!({"volume_types": [{"id": "a", "name": "luks", "description": description, "is_public": true}], "volume_type_encryption": encryption});
    for (description, command, safe) in [
        ("LUKS", "openstack volume type set --description '[scs:encrypted] LUKS' a", true),
        ("", "openstack volume type set --description '[scs:encrypted]' a", true),
        ("LUKS [scs:encrypted]", "openstack volume type set --description '[scs:encrypted] LUKS' a", true),
        (
            "LUKS encrypted [scs:encrypted, replicated]",
            "openstack volume type set --description '[scs:encrypted, replicated] LUKS encrypted' a",
            false,
        ),
        (
            "[scs:replicated] LUKS",
            "openstack volume type set --description '[scs:encrypted, replicated] LUKS' a",
            true,
        ),
        // Users may select types by the word.
        ("[scs:fast] LUKS", "openstack volume type set --description '[scs:encrypted] (fast) LUKS' a", false),
        (
            "[scs:encrypted; replicated] LUKS",
            "openstack volume type set --description '[scs:encrypted, replicated] LUKS' a",
            false,
        ),
        ("[scs:Encrypted] LUKS", "openstack volume type set --description '[scs:encrypted] LUKS' a", false),
    ] {
        let answer = answer("scs-0114-encrypted-unsaid", &cloud(description));
        assert_eq!(fix(&answer).command(), Some(command), "{description}");
        assert_eq!(fix(&answer).active().is_some(), safe, "{description}");
    }
    let missing = answer("scs-0114-encrypted-type", &cloud("SSD tier, LUKS [scs:encrypted, replicated]"));
    assert!(missing.findings[0].message.contains("`luks` has it, but not at the start"), "{missing:#?}");
    // Either the description is wrong or the encryption is missing.
    let untrue = json!({"volume_types": [{"id": "a", "name": "luks", "description": "[scs:encrypted] LUKS"}], "volume_type_encryption": []});
    let untrue = answer("scs-0114-encrypted-true", &untrue);
    assert_eq!((fix(&untrue).ways().len(), fix(&untrue).active()), (2, None));
}

#[test]
fn repairs_keep_all_aspects_of_a_list() {
    let cloud = |description: &str| json!({"volume_types": [{"id": "a", "name": "t", "description": description, "is_public": true}], "volume_type_encryption": []});
    for (description, repaired, safe) in [
        ("[scs:replicated,encrypted] x", "[scs:encrypted, replicated] x", true),
        ("[scs:encrypted; replicated] x", "[scs:encrypted, replicated] x", false),
        ("[scs:encrypted replicated]", "[scs:encrypted, replicated]", false),
        ("[scs:replicated/Encrypted]", "[scs:encrypted, replicated]", false),
        ("[scs:replicated, Fast!, encrypted]", "[scs:encrypted, replicated] (Fast)", false),
    ] {
        let answer = answer("scs-0114-syntax-check", &cloud(description));
        let command = format!("openstack volume type set --description '{repaired}' a");
        assert_eq!(fix(&answer).command(), Some(command.as_str()), "{description}");
        assert_eq!(fix(&answer).active().is_some(), safe, "{description}");
    }
}

#[test]
fn shared_networks_and_pools_count() {
    let pool = |prefixes: &[&str], beside: Value| {
        let mut pool = json!({"id": "p", "name": "six", "ip_version": 6, "shared": true, "is_default": true, "prefixes": prefixes});
        pool.as_object_mut().expect("an object").extend(beside.as_object().expect("an object").clone());
        json!({"subnet_pools": [pool]})
    };
    for (parts, verdict) in [
        (pool(&["2a02:4780:100::/64"], json!({})), Fail),
        (pool(&["2a02:4780:100::/64", "2a02:4780:200::/64"], json!({})), Pass),
        (pool(&["2a02:4780:100::/56"], json!({})), Pass),
        (pool(&["2a02:4780:100::/56"], json!({"max_prefixlen": 56})), Fail),
        (pool(&["2a02:4780:100::/96"], json!({})), Fail),
    ] {
        assert_eq!(answer("scs-0126-ipv6-pool", &parts).verdict, verdict, "{parts}");
    }
    let cloud = |networks: Value| {
        json!({
            "quotas": {"floatingip": 50}, "networks": networks, "subnet_pools": [],
            "subnets": [{"id": "s", "network_id": "n", "cidr": "9.9.9.0/24", "ip_version": 4}],
        })
    };
    for (networks, verdict) in [
        (json!([{"id": "n", "name": "public", "router:external": true, "shared": false}]), Pass),
        (json!([{"id": "n", "name": "public", "router:external": false, "shared": false}]), Fail),
        (json!([{"id": "other", "name": "public", "router:external": true, "shared": false}]), Fail),
        (json!([]), Fail),
        (json!([7]), Dnf),
    ] {
        let parts = cloud(networks);
        assert_eq!(answer("scs-0126-ipv4-offered", &parts).verdict, verdict, "{parts}");
    }
}

#[test]
fn zones_that_are_not_valid_labels_are_noted() {
    let zones = |names: Value| answer("scs-0118-az", &json!({"availability_zones": {"compute": names}}));
    let remarked = zones(json!(["zone 1", "az2"]));
    assert_eq!(remarked.verdict, Pass);
    assert!(
        remarked
            .findings
            .iter()
            .any(|finding| finding.subject == "zone 1" && finding.message.contains("label"))
    );
    assert!(zones(json!(["az1", "az2"])).findings.is_empty());
    // Nova's internal zone is not a zone of the cloud.
    assert_eq!(zones(json!(["nova", "internal"])).verdict, Fail);
}
