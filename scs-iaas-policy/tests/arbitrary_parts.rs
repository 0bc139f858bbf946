//! Parsers of scans, logs and configuration files accept any JSON without panicking, as do their rules.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use proptest::prelude::*;
use scs_iaas_policy::{Cloud, TlsScan, iaas_rules};
use scs_standards::{Context, Declaration, Declarations, DeclaredValue, Given, Profile};
use serde_json::{Map, Value, json};

/// Keys known to the parsers, so arbitrary mappings resemble valid ones.
const KEYS: &[&str] = &[
    "server_scan_results",
    "server_location",
    "hostname",
    "port",
    "scan_status",
    "scan_result",
    "status",
    "result",
    "tls_1_2_cipher_suites",
    "accepted_cipher_suites",
    "cipher_suite",
    "ephemeral_key",
    "type_name",
    "size",
    "name",
    "elliptic_curves",
    "supported_curves",
    "http_headers",
    "strict_transport_security_header",
    "max_age",
    "certificate_info",
    "certificate_deployments",
    "received_certificate_chain",
    "path_validation_results",
    "not_valid_before",
    "not_valid_after",
    "public_key",
    "algorithm",
    "key_size",
    "invalid_server_strings",
    "server_string",
    "at",
    "servers",
    "endpoint",
    "protocols",
    "ciphers",
    "curves",
    "key",
    "type",
    "certificate",
    "not_before",
    "not_after",
    "chain_valid",
    "names_match",
    "hsts_max_age",
    "dh_size",
    "error",
    "patch_log",
    "advisory",
    "score",
    "disclosed",
    "fixed",
    "notice",
    "sent",
    "statement",
    "dependency",
    "affected",
    "own_fix",
    "networks",
    "id",
    "subnets",
    "router:external",
    "is_default",
    "shared",
    "cidr",
    "network_id",
    "prefixes",
    "subnetpools",
    "max_prefixlen",
    "default_quota",
    "quota",
    "floatingip",
    "alias",
    "endpoints",
    "interface",
    "url",
    "/etc/nova/nova.conf",
    "/etc/mysql/my.cnf",
    "accounts.sql",
    "rabbitmq.conf",
    "rabbitmq.config",
    "server.properties",
    "libvirtd.conf",
    "dhcp_agent.ini",
    "ml2_conf.ini",
    "neutron.conf",
    "/etc/neutron/policy.yaml",
];

const TEXTS: &[&str] = &[
    "",
    "COMPLETED",
    "NOT_SCHEDULED",
    "api.example.com:443",
    "https://[::1",
    "DH",
    "ECDH",
    "TLSv1.2",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "X25519",
    "rsa",
    "2026-11-20",
    "2026-11-20T08:30:00Z",
    "9999-12-31",
    "-9999-01-01",
    "2021-10-13T23:59:59",
    "public",
    "10.0.0.0/8",
    "2a02:cafe::/32",
    "::/0",
    "0.0.0.0/0",
    "[libvirt]\nlive_migration_uri = qemu+tls://%s",
    "[database]\nconnection = mysql://?ssl_ca",
    "[mysqld]\nssl-ca",
    "CREATE USER 'nova'@'%' REQUIRE SSL; GRANT",
    "ALTER USER IF EXISTS @ , '",
    "listeners = SSL",
    "[",
    "[]=",
    "\u{feff}é=",
    "create_rbac_policy: 'rule:a'\na: 'rule:b or rule:b'\nb: 'rule:a or rule:a'",
];

fn arbitrary_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_i64..5000).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(TEXTS).prop_map(Value::from),
    ];
    leaf.prop_recursive(7, 64, 6, |inner| {
        let key = prop_oneof![9 => prop::sample::select(KEYS).prop_map(str::to_owned), 1 => "\\PC{0,8}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn run(parts: impl Fn(&str) -> Option<String>, declared: Option<&DeclaredValue>) {
    let given: Vec<(&str, Option<String>)> = [
        "tls_scan",
        "patch_log",
        "services",
        "networks",
        "subnets",
        "subnet_pools",
        "quotas",
        "extensions",
        "config_files",
    ]
    .into_iter()
    .map(|part| (part, parts(part)))
    .collect();
    let cloud = Cloud::read(|part| {
        let known = given.iter().find(|(known, _)| *known == part);
        known.and_then(|(_, json)| json.as_deref()).map_or(Given::Missing, Given::Data)
    });
    let date = "2026-11-01".parse().expect("a date");
    let declaration = |rule: &str, value: &DeclaredValue| Declaration {
        rule: rule.to_owned(),
        value: value.clone(),
        subjects: Vec::new(),
        statement: None,
        document: None,
        date,
        valid_until: "2027-12-31".parse().expect("a date"),
        responsible: None,
    };
    let topics = ["public-cloud", "internet-access", "dns-probe", "openstack-release"];
    let names: Vec<&str> = iaas_rules().map(|rule| rule.id).chain(topics).collect();
    let declarations: Declarations = declared
        .into_iter()
        .flat_map(|value| names.iter().map(|name| declaration(name, value)).collect::<Vec<_>>())
        .collect();
    for profile in Profile::ALL {
        let at = "2026-11-24T00:00:00Z".parse().expect("a time");
        let context = Context { at, profile, declarations: &declarations };
        for rule in iaas_rules() {
            let _ = rule.answer(&cloud, &context);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_parsed_or_rejected(text in "\\PC{0,80}") {
        let _ = TlsScan::read(&text);
        run(|_| Some(text.clone()), None);
    }

    #[test]
    fn any_json_is_parsed_or_rejected(value in arbitrary_json()) {
        let json = value.to_string();
        let _ = TlsScan::read(&json);
        run(|_| Some(json.clone()), None);
    }

    #[test]
    fn any_json_list_or_mapping_is_parsed(value in arbitrary_json(), other in arbitrary_json()) {
        run(
            |part| {
                Some(match part {
                    "tls_scan" => json!({"server_scan_results": [value, {
                        "server_location": {"hostname": "a", "port": 1},
                        "scan_result": {
                            "certificate_info": {"status": "COMPLETED", "result": {"certificate_deployments": [value, other]}},
                            "tls_1_2_cipher_suites": {"result": {"accepted_cipher_suites": [other, value]}},
                            "http_headers": other,
                        },
                    }]}),
                    "patch_log" => json!([{"advisory": "a", "score": value, "disclosed": "2026-01-31"}, {"advisory": "b", "notice": other}]),
                    "config_files" => json!({"/etc/nova/nova.conf": value, "neutron.conf": other}),
                    _ => json!([value, other]),
                }.to_string())
            },
            None,
        );
    }

    #[test]
    fn any_file_is_parsed_without_panic(text in "(\\PC|\n|\\[|\\]|=|'|\"|;){0,120}", name in prop::sample::select(KEYS)) {
        run(|part| (part == "config_files").then(|| json!({name: text, "nova.conf": "[libvirt]"}).to_string()), None);
    }

    #[test]
    fn any_value_can_be_declared(value in arbitrary_json()) {
        if let Ok(value) = serde_json::from_value::<DeclaredValue>(value) {
            run(|part| (part == "services").then(|| r#"[{"type": "dns"}]"#.to_owned()), Some(&value));
        }
    }
}
