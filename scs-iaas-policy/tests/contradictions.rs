//! Each key of `docs/differences.md` on policies: the verdict of the text, and that of the official suite.

use scs_iaas_policy::{Cloud, Probability, SCENARIOS, iaas_rules};
use scs_rule_tests::Parts;
use scs_standards::{Answer, Profile, Verdict};
use serde_json::{Value, json};

fn cloud(parts: &Value) -> Cloud {
    let parts = Parts::of(parts);
    Cloud::read(|part| parts.given(part))
}

fn answer(rule: &str, parts: &Value, profile: Profile) -> Answer {
    scs_rule_tests::answer(iaas_rules(), rule, &cloud(parts), profile)
}

/// Asserts the verdicts of both profiles, and that each cites the difference if they differ.
#[track_caller]
fn differ(key: &str, rule: &str, parts: &Value, text: Verdict, official: Verdict) {
    let answer = |rule: &str, profile| answer(rule, parts, profile);
    scs_rule_tests::differ(key, rule, answer, text, official);
}

use Verdict::{Dnf, Fail, Pass};

#[test]
fn text_and_suite_differ_on_aspects() {
    let described = |description: &str| json!({"volume_types": [{"name": "a", "description": description}]});
    let syntax = "scs-0114-syntax-check";
    differ("C-062", syntax, &described("[scs:]"), Fail, Pass);
    differ("C-062", syntax, &described("[scs:encrypted"), Fail, Pass);
    differ("C-062", syntax, &described("[scs:[encrypted]]"), Fail, Pass);
    differ("C-062", syntax, &described("[scs:encrypted, fast]"), Pass, Fail);
    differ("C-062", syntax, &described("[scs:encrypted, encrypted]"), Pass, Fail);
    // Spaces are only a warning in the text.
    differ("C-062", syntax, &described("[scs:encrypted,replicated]"), Pass, Pass);
    // A full-width comma is not a separator.
    differ("C-062", syntax, &described("[scs:encrypted，replicated]"), Fail, Fail);
    differ("C-062", syntax, &described("[scs: ]"), Fail, Fail);
}

#[test]
fn text_and_suite_differ_on_security_groups() {
    let egress = |prefix: Value| {
        let rule = |family: &str| json!({"direction": "egress", "ethertype": family, "remote_ip_prefix": prefix, "used_in_default_sg": true, "used_in_non_default_sg": true});
        json!({"default_security_group_rules": [rule("IPv4"), rule("IPv6")]})
    };
    let case = "scs-0115-default-rules";
    differ("C-063", case, &json!({"default_security_group_rules": []}), Pass, Fail);
    differ("C-063", case, &egress(Value::Null), Pass, Pass);
    let with_prefix = json!({"default_security_group_rules": [
        {"direction": "egress", "ethertype": "IPv4", "remote_ip_prefix": "0.0.0.0/0", "used_in_default_sg": true, "used_in_non_default_sg": true},
        {"direction": "egress", "ethertype": "IPv6", "remote_ip_prefix": "::/0", "used_in_default_sg": true, "used_in_non_default_sg": true},
    ]});
    differ("C-064", case, &with_prefix, Pass, Fail);
    let mut unused = egress(Value::Null);
    unused["default_security_group_rules"].as_array_mut().expect("a list").push(json!(
        {"direction": "ingress", "ethertype": "IPv4", "remote_group_id": "PARENT", "used_in_default_sg": false, "used_in_non_default_sg": false}
    ));
    // A template that no group gets has no effect.
    differ("C-113", case, &unused, Pass, Pass);
    unused["default_security_group_rules"].as_array_mut().expect("a list").push(json!(
        {"direction": "ingress", "ethertype": "IPv4", "used_in_default_sg": false, "used_in_non_default_sg": false}
    ));
    differ("C-113", case, &unused, Pass, Fail);
    differ("C-113", "scs-0115-ingress-none", &unused, Pass, Fail);
    // C-065: neither allows traffic from the same group into a newly created group.
    let fresh = json!({"security_group_rules_of_new_group": [
        {"direction": "ingress", "ethertype": "IPv4", "remote_group_id": "g", "security_group_id": "g"},
        {"direction": "egress", "ethertype": "IPv4"}, {"direction": "egress", "ethertype": "IPv6"},
    ]});
    differ("C-065", case, &fresh, Fail, Fail);
}

#[test]
fn text_and_suite_differ_on_roles_without_a_key_manager() {
    let without = |roles: Value| json!({"services": [{"type": "compute"}], "roles": roles});
    differ("C-066", "scs-0116-permissions", &without(json!(["member"])), Pass, Pass);
    differ("C-066", "scs-0116-permissions", &without(json!(["member", "admin"])), Pass, Dnf);
}

#[test]
fn text_and_suite_differ_on_services() {
    let cloud = |types: &[&str]| {
        let services: Vec<Value> = types.iter().map(|name| json!({"type": name})).collect();
        json!({"services": services, "s3": {"outcome": "refused", "detail": "AccessDenied", "at": "2026-11-24T00:00:00Z"}})
    };
    let s3 = "scs-0123-swift-s3";
    differ("C-070", s3, &cloud(&["compute"]), Fail, Pass);
    differ("C-070", s3, &cloud(&["object-store"]), Pass, Fail);
    differ("C-070", s3, &cloud(&["object-store", "s3"]), Pass, Fail);
    differ("C-070", s3, &cloud(&["object-store-s3"]), Pass, Pass);
    differ("C-070", "scs-0123-service-placement", &cloud(&["compute"]), Pass, Fail);
    differ("C-071", "scs-0123-storage-apis", &cloud(&["volumev2"]), Pass, Fail);
    differ("C-071", "scs-0123-storage-apis", &cloud(&["block-store"]), Pass, Fail);
    differ("C-071", "scs-0123-storage-apis", &cloud(&["volumev3"]), Pass, Pass);
}

#[test]
fn both_probabilities_are_kept() {
    let fire = SCENARIOS.iter().find(|scenario| scenario.name == "fire").expect("a fire");
    assert_eq!(
        (fire.probability, fire.supplement),
        ((Probability::Low, Probability::Low), Some(Probability::Medium))
    );
    assert_eq!(SCENARIOS.iter().filter(|scenario| scenario.supplement.is_some()).count(), 5, "C-068");
}

#[test]
fn zone_rules_apply_if_there_are_several() {
    // C-069.
    for (zones, verdict) in [(json!(["nova"]), Pass), (json!(["az1", "az2"]), Verdict::Miss)] {
        let cloud = json!({"availability_zones": {"compute": zones}});
        for profile in Profile::ALL {
            assert_eq!(answer("scs-0121-power", &cloud, profile).verdict, verdict, "{profile}");
        }
    }
}

#[test]
fn text_and_suite_use_different_tls_profiles() {
    let offers =
        |part: &str, name: &str| json!({"tls_scan": [{"endpoint": "api.example.com", part: [name]}]});
    // Version 6.0 of Mozilla's profile applies to the text, 5.7 to the suite's scanner.
    differ("C-072", "scs-0125-tls-ciphers", &offers("ciphers", "DHE-RSA-AES128-GCM-SHA256"), Fail, Pass);
    differ("C-072", "scs-0125-tls-ciphers", &offers("ciphers", "ECDHE-RSA-AES128-GCM-SHA256"), Pass, Pass);
    differ("C-072", "scs-0125-tls-ciphers", &offers("ciphers", "AES128-SHA"), Fail, Fail);
    differ("C-072", "scs-0125-tls-curves", &offers("curves", "X25519MLKEM768"), Pass, Fail);
    differ("C-072", "scs-0125-tls-curves", &offers("curves", "secp521r1"), Fail, Fail);
}

#[test]
fn backups_are_judged_by_the_api() {
    // C-067: regardless of what serves it.
    for services in [json!([{"type": "block-storage"}]), json!([{"type": "compute"}])] {
        let cloud = json!({"services": services, "roles": ["member"], "backup": {"outcome": "ok", "at": "2026-11-24T00:00:00Z"}});
        differ("C-067", "scs-0117-test-backup", &cloud, Pass, Pass);
    }
}

#[test]
fn every_conditional_dns_requirement_is_a_rule() {
    // C-073: the text mentions one hard requirement.
    let musts = iaas_rules().filter(|rule| {
        rule.id.starts_with("scs-0127-") && rule.level.strength() == scs_standards::Strength::Must
    });
    assert_eq!(musts.count(), 6, "C-073");
}
