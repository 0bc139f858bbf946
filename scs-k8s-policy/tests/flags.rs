//! Flags parse the same in any notation, and no input panics.

use proptest::prelude::*;
use scs_k8s_policy::{
    AdmissionConfig, Certificate, Cluster, ControlPlane, Flags, KubeletConfig, enforcement, k8s_rules,
    read_port_scan,
};
use scs_standards::shell::quote;
use scs_standards::{Context, Declarations, Given, Profile};

fn flags() -> impl Strategy<Value = Vec<(String, String)>> {
    let value = "[a-zA-Z0-9/:.,_='\" $|;\\\\*-]{1,12}";
    // A value that starts with a dash would be parsed as another flag by itself.
    let value = value.prop_map(|value: String| value.trim_start_matches('-').to_owned());
    let pair = ("[a-z][a-z0-9-]{0,10}", value.prop_filter("a value", |value| !value.is_empty()));
    proptest::collection::vec(pair, 0..6)
}

fn words(flags: &[(String, String)], joined: bool) -> Vec<String> {
    let one = |(name, value): &(String, String)| {
        if joined { vec![format!("--{name}={value}")] } else { vec![format!("--{name}"), value.clone()] }
    };
    flags.iter().flat_map(one).collect()
}

/// Words without variables for the kubelet.
fn escaped(word: &str) -> String {
    word.replace('$', "$$")
}

proptest! {
    #[test]
    fn all_flag_notations_are_equivalent(flags in flags(), joined: bool) {
        let words = words(&flags, joined);
        let direct: Vec<String> =
            ["etcd".to_owned()].into_iter().chain(words.iter().map(|word| escaped(word))).collect();
        let quoted: Vec<String> = words.iter().map(|word| quote(word)).collect();
        let script = ["sh".to_owned(), "-c".to_owned(), escaped(&format!("exec etcd {}", quoted.join(" ")))];
        let direct = Flags::read("etcd", &direct).unwrap();
        let script = Flags::read("etcd", &script).unwrap();
        prop_assert_eq!(direct.names().collect::<Vec<_>>(), script.names().collect::<Vec<_>>());
        for (name, _) in &flags {
            let last = flags.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
            prop_assert_eq!(direct.text(name), Ok(last));
            prop_assert_eq!(script.text(name), Ok(last));
        }
    }

    #[test]
    fn no_command_panics(words in proptest::collection::vec("\\PC{0,12}|-{0,3}[a-z_=$(),'\"\\\\ -]{0,12}|sh|-c|etcd", 0..8)) {
        if let Ok(flags) = Flags::read("etcd", &words) {
            for name in flags.names() {
                let _ = (flags.text(name), flags.list(name), flags.bool_value(name));
            }
        }
    }

    #[test]
    fn scripts_are_not_evaluated(before in "[a-z =-]{0,8}", character in "[$`|&;<>(){}\n]", after in "[a-z]{1,8}") {
        let script = format!("etcd --a{before}{character}{after} --b");
        prop_assert!(Flags::read("etcd", &["sh", "-c", &script]).is_err(), "{}", script);
    }

    #[test]
    fn no_part_panics(text in "\\PC{0,40}|[\\[{}\\]:,\"a-z0-9 <>/='!-]{0,60}") {
        let json = serde_json::to_string(&text).unwrap();
        for part in [&text, &json] {
            let _ = (ControlPlane::read(part), KubeletConfig::read_all(part), AdmissionConfig::read(part));
            let _ = (read_port_scan(part), Certificate::read_all(part));
            let _ = read_port_scan(&format!(r#"{{"outside": {json}}}"#));
        }
    }

    #[test]
    fn no_rule_panics_and_no_manifest_is_lost(words in proptest::collection::vec("--[a-z-]{1,30}=[a-z0-9,:/]{0,12}", 0..5), name in "\\PC{0,20}") {
        let pod = serde_json::json!([{"metadata": {"name": name, "namespace": "kube-system", "labels": {"component": "etcd"}},
            "spec": {"containers": [{"name": "etcd", "command": ["etcd"], "args": words}]}}]).to_string();
        let namespaces = serde_json::json!([{"metadata": {"name": name}}]).to_string();
        let cluster = Cluster::read(|part| match part {
            "pods" => Given::Data(pod.as_str()),
            "namespaces" => Given::Data(namespaces.as_str()),
            _ => Given::Missing,
        });
        let declarations = Declarations::default();
        let context = Context { at: "2026-11-24T00:00:00Z".parse().unwrap(), profile: Profile::Text, declarations: &declarations };
        for rule in k8s_rules() {
            let _ = rule.answer(&cluster, &context);
        }
        let all = enforcement(&cluster, &[]);
        for manifest in all.manifests.iter().chain(all.held_back.iter().map(|held| &held.manifest)) {
            let yaml = manifest.yaml().unwrap();
            let document: serde_json::Value = serde_saphyr::from_str(&yaml).unwrap();
            prop_assert_eq!(document["metadata"]["name"].as_str(), Some(manifest.name()));
        }
    }
}
