//! The two grammars round-trip, and never panic.

use proptest::prelude::*;
use scs_iaas_policy::config::{Ini, Policy, PolicyCheck, PolicyExpression};
use scs_iaas_policy::{Aspect, AspectList, AspectProblem, Cloud, Described, iaas_rules};
use scs_standards::{Context, Declarations, Given, Profile};

/// Valid and invalid words of a list.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("encrypted".to_owned()),
        Just("replicated".to_owned()),
        "[a-z]{0,8}",
        "[ \t]{0,2}[A-Za-z，]{0,6}[ ]{0,2}",
    ]
}

proptest! {
    #[test]
    fn lists_round_trip(aspects in proptest::sample::subsequence(Aspect::ALL.to_vec(), 1..=2)) {
        let list = AspectList::new(aspects.iter().copied()).unwrap();
        prop_assert_eq!(list.to_string().parse::<AspectList>(), Ok(list.clone()));
        let description = format!("{list} anything [scs:else]");
        let Described::List(given) = Described::read(&description) else { panic!("{description}") };
        prop_assert_eq!(given.problems(), []);
        prop_assert_eq!(given.list(), Some(list));
    }

    #[test]
    fn a_repaired_description_has_no_problem(parts in proptest::collection::vec(part(), 1..5), rest in "[^\\[\\]]{0,12}") {
        let description = format!("[scs:{}]{rest}", parts.join(","));
        let Described::List(given) = Described::read(&description) else { panic!("{description}") };
        let named: Vec<Aspect> = Aspect::ALL.into_iter().filter(|aspect| given.names(*aspect)).collect();
        match given.repaired() {
            None => prop_assert!(named.is_empty()),
            Some(repaired) => {
                let Described::List(again) = Described::read(&repaired) else { panic!("{repaired}") };
                prop_assert_eq!(again.problems(), [], "{}", repaired);
                prop_assert_eq!(again.list(), AspectList::new(named));
                prop_assert!(repaired.ends_with(&rest), "nothing behind the list is lost");
            }
        }
    }

    #[test]
    fn descriptions_never_panic(text in "\\PC{0,40}|\\[scs:\\PC{0,40}") {
        match Described::read(&text) {
            Described::List(given) => {
                prop_assert!(text.starts_with("[scs:"));
                prop_assert!(given.aspects().all(|aspect| text.contains(aspect)));
            }
            Described::Malformed(problem) => {
                prop_assert!(matches!(problem, AspectProblem::Unclosed | AspectProblem::Nested));
            }
            Described::Nothing => prop_assert!(!text.starts_with("[scs:")),
        }
    }

    #[test]
    fn expressions_round_trip(expression in expression()) {
        let printed = expression.to_string();
        let read: PolicyExpression = printed.parse().unwrap_or_else(|error| panic!("{printed}: {error}"));
        prop_assert!(read.is_same_as(&expression), "{printed} is read as {read}");
        prop_assert_eq!(read.to_string(), printed);
    }

    #[test]
    fn policies_never_panic(text in "\\PC{0,60}|([a-z]{1,4}: [rule: ()%!@ornt]{0,30}\n){0,4}") {
        if let Ok(policy) = text.parse::<Policy>() {
            for name in policy.names() {
                if let Some(Ok(expression)) = policy.expression(name) {
                    let _ = expression.allows_role("member", &policy);
                }
            }
        }
        let _ = text.parse::<PolicyExpression>();
        let _ = text.parse::<Ini>();
    }

    #[test]
    fn any_cloud_gets_an_answer(json in json(), part in 0..24_usize) {
        const PARTS: [&str; 24] = [
            "volume_types", "volume_type_encryption", "services", "roles", "role_list", "default_security_group_rules",
            "security_group_rules_of_new_group", "networks", "subnets", "subnet_pools", "extensions", "quotas",
            "availability_zones", "tls_scan", "config_files", "patch_log", "tempest_results", "secrets", "backup", "s3",
            "host_facts", "console_output", "flavors", "images",
        ];
        let text = json.to_string();
        let cloud = Cloud::read(|name| if name == PARTS[part] { Given::Data(text.as_str()) } else { Given::Missing });
        let declarations = Declarations::default();
        for profile in Profile::ALL {
            let context = Context { at: "2026-11-24T00:00:00Z".parse().unwrap(), profile, declarations: &declarations };
            for rule in iaas_rules() {
                let answer = rule.answer(&cloud, &context);
                prop_assert!(answer.findings.iter().all(|finding| !finding.message.is_empty()));
            }
        }
    }
}

/// An expression without directly nested parts of the same kind, whose brackets would be lost.
fn expression() -> impl Strategy<Value = PolicyExpression> {
    let check = ("[a-z]{1,6}", "[a-z_]{1,6}|%\\([a-z.]{1,8}\\)s");
    let leaf = prop_oneof![
        Just(PolicyExpression::Always),
        Just(PolicyExpression::Never),
        check.prop_map(|(kind, value)| PolicyExpression::Check(PolicyCheck { kind, value })),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| PolicyExpression::Not(Box::new(inner))),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(PolicyExpression::And),
            proptest::collection::vec(inner, 2..4).prop_map(PolicyExpression::Or),
        ]
    })
}

/// Values as an API might return them, with known keys.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let key = proptest::sample::select(vec![
        "name",
        "type",
        "description",
        "endpoints",
        "url",
        "interface",
        "direction",
        "ethertype",
        "id",
        "outcome",
        "used_in_default_sg",
        "remote_group_id",
        "compute",
        "volume",
        "cidr",
        "prefixes",
        "ip_version",
        "keystone.conf",
        "policy.yaml",
        "score",
        "disclosed",
        "advisory",
        "catalog",
        "volume_types",
        "server_scan_results",
    ]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        "\\PC{0,12}|ingress|egress|IPv4|PARENT|public|https://a|2026-11-24|ok"
            .prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            proptest::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}
