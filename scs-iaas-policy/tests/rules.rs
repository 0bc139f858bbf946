//! Every cloud rule is tested with PASS, FAIL and boundary subjects; a rule without subjects fails.

use scs_iaas_policy::{Cloud, iaas_rules, iaas_test_cases};
use scs_rule_tests::{AT, NoFacts, RuleTests};
use scs_standards::{Declarations, Verdict};

/// Records in a subject are dated on the day of the check.
const TESTS: RuleTests<Cloud, NoFacts> = RuleTests {
    directory: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/subjects"),
    rules: || iaas_rules().collect(),
    cases: || iaas_test_cases().collect(),
    read: |parts| Cloud::read(|part| parts.given(part)),
    complete: |cloud, subject| cloud.with_collected_at(Some(subject.at())),
};

#[test]
fn every_rule_has_a_passing_a_failing_and_a_boundary_subject() {
    TESTS.subjects_are_judged();
}

#[test]
fn no_mandatory_rule_passes_without_data() {
    TESTS.nothing_passes_by_absence();
}

#[test]
fn rules_have_documents_sections_and_questions_with_examples() {
    TESTS.rules_are_complete();
}

const TWO: &str = "availability_zones: { compute: [az1, az2] }";

#[test]
fn bare_words_and_placeholders_are_not_values() {
    for word in ["yes", "No", "TODO", "n/a", "none", "tbd", "x", "-", "?"] {
        let word = format!("\"{word}\"");
        for (rule, declared) in [
            ("scs-0121-doc-fire-zones", format!("[{word}]")),
            ("scs-0121-doc-one-az-per-zone", word.clone()),
            ("scs-0121-fire-zones", format!("{{ az1: {word}, az2: hall-b }}")),
            ("scs-0121-power", format!("{{ certificate: {word}, valid_until: \"2027-01-01\" }}")),
        ] {
            let subject = format!("{{ cloud: {{ {TWO} }}, declared: {declared} }}");
            let verdict = TESTS.verdict_of(rule, &subject);
            assert!(
                verdict == Verdict::Dnf || (rule == "scs-0121-power" && verdict == Verdict::Fail),
                "{rule}: {subject}: {verdict}"
            );
        }
        let kek = format!(
            "{{ cloud: {{ services: [{{ type: key-manager }}] }}, declared: {{ location: hsm, protection: {word} }}, document: docs/kek.pdf }}"
        );
        TESTS.all_are(Verdict::Dnf, &[("key-manager-docs-check", &kek)]);
    }
    let zones = |declared: &str| format!("{{ cloud: {{ {TWO} }}, declared: {declared} }}");
    TESTS.all_are(
        Verdict::Dnf,
        &[
            ("scs-0121-fire-zones", &zones("{ az1: yes, az2: no }")),
            ("scs-0121-power", &zones("{ certificate: no 27001 yet, valid_until: \"2027-01-01\" }")),
            ("domain-manager-check", "{ declared: { passed: 1, failed: 0 } }"),
            ("domain-manager-check", "{ declared: { passed: 49.5, failed: 0 } }"),
            ("scs-0124-sbom", "{ declared: TODO }"),
            ("scs-0124-sbom", "{ declared: [] }"),
            // Also under a topic.
            ("scs-0124-release-maintained", "{ declarations: { openstack-release: TODO } }"),
            (
                "scs-0126-external",
                "{ cloud: { networks: [{ id: n, name: ext, router:external: true, shared: false }], subnets: [{ id: s, network_id: n, name: ext, ip_version: 4, cidr: 10.0.0.0/24 }] }, declarations: { public-cloud: tbd } }",
            ),
        ],
    );
    TESTS.all_are(
        Verdict::Pass,
        &[
            (
                "scs-0121-power",
                &zones("{ certificate: \"ISO/IEC 27001:2022\", valid_until: \"2027-01-01\" }"),
            ),
            ("domain-manager-check", "{ declared: { passed: 12, failed: 0 }, document: docs/results.xml }"),
        ],
    );
    // One hall is one fire zone, regardless of spelling.
    TESTS.all_are(Verdict::Fail, &[("scs-0121-fire-zones", &zones("{ az1: Hall-A, az2: \" hall-a\" }"))]);
}

#[test]
fn round_trips_must_be_recent_and_by_members() {
    let backup =
        |roles: &str, at: &str| format!("{{ cloud: {{ {roles} backup: {{ outcome: ok, at: \"{at}\" }} }} }}");
    for rule in ["scs-0117-test-backup", "scs-0117-api"] {
        TESTS.all_are(
            Verdict::Dnf,
            &[
                (rule, &backup("roles: [admin],", "2026-11-24T00:00:00Z")),
                (rule, &backup("roles: [member, admin],", "2026-11-24T00:00:00Z")),
                // Through the end of the following week: from Monday the 9th through the 22nd.
                (rule, &backup("roles: [member],", "2026-11-15T23:59:59Z")),
                (rule, &backup("roles: [member],", "2027-11-24T00:00:00Z")),
            ],
        );
        TESTS.all_are(Verdict::Miss, &[(rule, &backup("", "2026-11-24T00:00:00Z"))]);
        TESTS.all_are(Verdict::Pass, &[(rule, &backup("roles: [member],", "2026-11-16T00:00:00Z"))]);
    }
    TESTS.all_are(
        Verdict::Dnf,
        &[
            (
                "scs-0116-permissions",
                "{ cloud: { services: [{ type: key-manager }], roles: [member], secrets: { outcome: ok, at: \"2024-01-01T00:00:00Z\" } } }",
            ),
            (
                "scs-0123-swift-s3",
                "{ cloud: { services: [{ type: object-store }], s3: { outcome: ok, at: \"2024-01-01T00:00:00Z\" } } }",
            ),
        ],
    );
    // Without a time of its own, an outcome is as old as the inventory.
    let subject = TESTS.written("{ cloud: { roles: [member], backup: { outcome: ok } } }");
    let declarations = Declarations::default();
    let context = subject.context(&declarations);
    let rule = TESTS.rule("scs-0117-api");
    for (at, expected) in [
        (Some("2026-11-20T00:00:00Z"), Verdict::Pass),
        (Some("2025-11-20T00:00:00Z"), Verdict::Dnf),
        // Its age is unknown.
        (None, Verdict::Dnf),
    ] {
        let cloud = TESTS.subject(&subject).with_collected_at(at.map(|at| at.parse().unwrap()));
        assert_eq!(rule.answer(&cloud, &context).verdict, expected, "{at:?}");
    }
}

#[test]
fn scans_and_tls_profiles_become_outdated() {
    let scan = |scanned: &str, at: &str| {
        format!(
            "{{ at: \"{at}\", cloud: {{ tls_scan: {{ at: \"{scanned}\", servers: [{{ endpoint: a.example.com, protocols: [TLSv1.2] }}] }} }} }}"
        )
    };
    let rule = "scs-0125-tls-versions";
    TESTS.all_are(Verdict::Pass, &[(rule, &scan("2026-08-25", AT))]);
    TESTS.all_are(
        Verdict::Dnf,
        &[(rule, &scan("2026-08-22", AT)), (rule, &scan("2027-05-03", "2027-05-04T00:00:00Z"))],
    );
}

#[test]
fn missing_data_proves_nothing() {
    TESTS.all_are(
        Verdict::Dnf,
        &[
            ("scs-0123-endpoints", "{ cloud: { services: [] } }"),
            ("scs-0116-permissions", "{ cloud: { services: [], roles: [member] } }"),
            ("scs-0116-keys-encrypted", "{ cloud: { services: [] } }"),
            ("scs-0121-power", "{ cloud: { availability_zones: { compute: [] } } }"),
            ("scs-0121-cross-attach", "{ cloud: { availability_zones: { volume: [] } } }"),
            ("scs-0114-encrypted-true", &encryption("key_size: 7, control_location: front-end")),
            ("scs-0114-encrypted-true", &encryption("key_size: 256, control_location: moon")),
        ],
    );
    TESTS.all_are(
        Verdict::Fail,
        &[
            (
                "scs-0123-endpoints",
                "{ cloud: { services: [{ type: compute, endpoints: [{ interface: public, region: a, url: \"\" }] }] } }",
            ),
            ("scs-0114-encrypted-true", &encryption("key_size: 256, control_location: \"\"")),
        ],
    );
}

fn encryption(rest: &str) -> String {
    format!(
        "{{ cloud: {{ volume_types: [{{ id: \"1\", name: a, description: \"[scs:encrypted]\" }}], volume_type_encryption: [{{ volume_type_id: \"1\", provider: luks, cipher: aes-xts-plain64, {rest} }}] }} }}"
    )
}

#[test]
fn invalid_values_of_security_groups_are_reported() {
    let template = |rule: &str| {
        format!(
            "{{ cloud: {{ default_security_group_rules: [{{ {rule}, used_in_default_sg: true, used_in_non_default_sg: false }}] }} }}"
        )
    };
    TESTS.all_are(
        Verdict::Dnf,
        &[
            (
                "scs-0115-ingress-none",
                &template("direction: ingress, ethertype: IPX, remote_group_id: PARENT"),
            ),
            (
                "scs-0115-default-rules",
                &template("direction: ingress, ethertype: IPX, remote_group_id: PARENT"),
            ),
            (
                "scs-0115-ingress-none",
                &template("direction: ingress, ethertype: IPv4, protocol: banana, remote_group_id: PARENT"),
            ),
        ],
    );
    TESTS.all_are(
        Verdict::Pass,
        &[
            // Others allow all outgoing traffic, so the answer does not depend on it.
            (
                "scs-0115-egress-all",
                "{ cloud: { security_group_rules_of_new_group: [{ direction: egress, ethertype: IPv4 }, { direction: egress, ethertype: IPv6 }, { direction: egress, ethertype: IPX }] } }",
            ),
            (
                "scs-0115-ingress-none",
                &template("direction: ingress, ethertype: IPv4, protocol: 6, remote_group_id: PARENT"),
            ),
        ],
    );
}

#[test]
fn the_default_group_of_a_project_allows_traffic_from_itself() {
    let groups = |group: &str| {
        format!(
            "{{ cloud: {{ security_group_rules_of_new_group: [], security_group_rules_of_default_group: [{{ direction: ingress, ethertype: IPv4, remote_group_id: {group}, security_group_id: d }}, {{ direction: ingress, ethertype: IPv6, remote_group_id: d, security_group_id: d }}] }} }}"
        )
    };
    for rule in ["scs-0115-ingress-same-group", "scs-0115-existing-groups"] {
        TESTS.all_are(Verdict::Pass, &[(rule, &groups("d"))]);
        TESTS.all_are(Verdict::Fail, &[(rule, &groups("other"))]);
    }
}
