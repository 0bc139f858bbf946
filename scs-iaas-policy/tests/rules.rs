//! Every rule over clouds answers PASS, FAIL and its boundary on subjects of its own; a rule without subjects fails.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_iaas_policy::{Cloud, iaas_rules, iaas_test_cases};
use scs_standards::{Context, Declaration, Declarations, DeclaredValue, Given, Profile, Rule, Verdict};
use serde_json::Value;

const AT: &str = "2026-11-24T00:00:00Z";

/// A subject as the files have it.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    /// The parts of the cloud, as an inventory has them.
    #[serde(default)]
    cloud: BTreeMap<String, Value>,
    at: Option<String>,
    /// The declared value of the rule.
    declared: Option<DeclaredValue>,
    /// The document that the declaration names.
    document: Option<String>,
    /// What is declared of other rules or topics.
    #[serde(default)]
    declarations: BTreeMap<String, DeclaredValue>,
    /// Whether it is about the official suite, where the text asks for nothing.
    #[serde(default)]
    official: bool,
    /// Given for a boundary.
    verdict: Option<Verdict>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Subjects {
    passing: Subject,
    /// A rule that only says what may be done fails nothing.
    failing: Option<Subject>,
    #[serde(default)]
    passing_only: bool,
    boundary: Subject,
}

impl Subject {
    fn at(&self) -> jiff::Timestamp {
        self.at.as_deref().unwrap_or(AT).parse().expect("a time")
    }

    fn cloud(&self) -> Cloud {
        let parts: BTreeMap<&str, String> =
            self.cloud.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
        let cloud = Cloud::read(|part| match (self.cloud.get(part), parts.get(part)) {
            (Some(value), _) if value.get("unavailable").is_some() => {
                Given::Unusable(value["unavailable"].to_string())
            }
            (Some(_), Some(json)) => Given::Data(json.as_str()),
            _ => Given::Not,
        });
        cloud.with_collected_at(Some(self.at()))
    }

    fn declarations(&self, rule: &str) -> Declarations {
        let declaration = |rule: &str, value: &DeclaredValue| Declaration {
            rule: rule.to_owned(),
            value: value.clone(),
            subjects: Vec::new(),
            statement: None,
            document: self.document.clone(),
            date: "2026-10-01".parse().expect("a date"),
            valid_until: "2026-12-31".parse().expect("a date"),
            responsible: None,
        };
        let own = self.declared.iter().map(|value| declaration(rule, value));
        own.chain(self.declarations.iter().map(|(rule, value)| declaration(rule, value))).collect()
    }
}

fn all_subjects() -> BTreeMap<String, Subjects> {
    let mut subjects = BTreeMap::new();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/subjects");
    for file in std::fs::read_dir(directory).expect("the subjects").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a file of subjects");
        let own: BTreeMap<String, Subjects> = serde_saphyr::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
        for (rule, subject) in own {
            assert!(subjects.insert(rule.clone(), subject).is_none(), "{rule} is there twice");
        }
    }
    subjects
}

/// The key of a rule's subjects: its id, and the version of its document where two versions have a rule of that id.
fn key(rule: &'static Rule<Cloud>) -> String {
    let same = iaas_rules().filter(|other| other.id == rule.id).count();
    if same > 1 { format!("{} {}", rule.id, rule.document()) } else { rule.id.to_owned() }
}

#[test]
fn every_rule_has_a_passing_a_failing_and_a_boundary_subject() {
    let subjects = all_subjects();
    for rule in iaas_rules() {
        let of_rule = subjects.get(&key(rule)).unwrap_or_else(|| panic!("{} has no subjects", key(rule)));
        assert!(of_rule.failing.is_some() != of_rule.passing_only, "{}: it fails, or it cannot", rule.id);
        let boundary = of_rule.boundary.verdict;
        let cases = [
            ("passing", Some(&of_rule.passing), Some(Verdict::Pass)),
            ("failing", of_rule.failing.as_ref(), Some(Verdict::Fail)),
            ("boundary", Some(&of_rule.boundary), boundary),
        ];
        for (which, subject, expected) in cases {
            let Some(subject) = subject else { continue };
            let expected = expected.unwrap_or_else(|| panic!("{}: its boundary has no verdict", rule.id));
            let at = subject.at();
            let declarations = subject.declarations(rule.id);
            let profile = if subject.official { Profile::Official } else { Profile::Text };
            let context = Context { at, profile, declarations: &declarations };
            let answer = rule.answer(&subject.cloud(), &context);
            assert_eq!(answer.verdict, expected, "{}, {which}: {:#?}", rule.id, answer.findings);
            assert!(expected == Verdict::Pass || !answer.findings.is_empty(), "{}: no reason given", rule.id);
        }
    }
    let unknown: Vec<_> =
        subjects.keys().filter(|known| !iaas_rules().any(|rule| key(rule) == **known)).collect();
    assert!(unknown.is_empty(), "subjects of no rule: {unknown:?}");
}

#[test]
fn nothing_passes_that_obliges_and_was_not_given() {
    let declarations = Declarations::default();
    for profile in Profile::ALL {
        let context = Context { at: AT.parse().expect("a time"), profile, declarations: &declarations };
        for rule in iaas_rules() {
            let verdict = rule.answer(&Cloud::default(), &context).verdict;
            let obliges = rule.level.strength() != scs_standards::Strength::May;
            assert!(!obliges || verdict == Verdict::Miss, "{} over nothing: {verdict}", rule.id);
        }
    }
}

#[test]
fn unusable_parts_are_dnf_and_never_pass() {
    let declarations = Declarations::default();
    for profile in Profile::ALL {
        let context = Context { at: AT.parse().expect("a time"), profile, declarations: &declarations };
        let cloud = Cloud::read(|_| Given::Data("7"));
        for rule in iaas_rules() {
            let verdict = rule.answer(&cloud, &context).verdict;
            let obliges = rule.level.strength() != scs_standards::Strength::May;
            assert!(
                !obliges || verdict > Verdict::Fail && verdict != Verdict::Pass,
                "{}: {verdict}",
                rule.id
            );
        }
    }
}

#[test]
fn rules_have_documents_sections_and_questions_with_examples() {
    let declarations = Declarations::default();
    let context =
        Context { at: AT.parse().expect("a time"), profile: Profile::Text, declarations: &declarations };
    for rule in iaas_rules() {
        assert!(
            !rule.documents.is_empty() && !rule.section.is_empty() && !rule.summary.is_empty(),
            "{}",
            rule.id
        );
        if let Some(question) = rule.question {
            let example: DeclaredValue = serde_saphyr::from_str(question.example)
                .unwrap_or_else(|error| panic!("{}: {error}", rule.id));
            assert!(!matches!(example, DeclaredValue::Flag(_)), "{}: a bare yes is no fact", rule.id);
        } else {
            let findings = rule.answer(&Cloud::default(), &context).findings;
            let waits = findings.iter().any(|finding| finding.message.contains("not declared"));
            assert!(!waits, "{} asks without a question", rule.id);
        }
    }
    for case in iaas_test_cases() {
        for rule in case.rules {
            let known = iaas_rules().find(|known| known.id == *rule);
            let known = known.unwrap_or_else(|| panic!("{} covers {rule}, which is no rule", case.id));
            assert_eq!(known.test_case, Some(case.id), "{rule}");
        }
    }
}

/// What a rule says of a subject that is written as those in the files.
fn verdict_of(rule: &str, subject: &str) -> Verdict {
    let subject: Subject =
        serde_saphyr::from_str(subject).unwrap_or_else(|error| panic!("{subject}: {error}"));
    let declarations = subject.declarations(rule);
    let at = subject.at();
    let profile = if subject.official { Profile::Official } else { Profile::Text };
    let context = Context { at, profile, declarations: &declarations };
    let rule = iaas_rules().find(|known| known.id == rule).unwrap_or_else(|| panic!("no rule {rule}"));
    rule.answer(&subject.cloud(), &context).verdict
}

#[track_caller]
fn all_are(expected: Verdict, subjects: &[(&str, &str)]) {
    for (rule, subject) in subjects {
        assert_eq!(verdict_of(rule, subject), expected, "{rule}: {subject}");
    }
}

const TWO: &str = "availability_zones: { compute: [az1, az2] }";

#[test]
fn bare_words_and_placeholders_are_no_values() {
    for word in ["yes", "No", "TODO", "n/a", "none", "tbd", "x", "-", "?"] {
        let word = format!("\"{word}\"");
        for (rule, declared) in [
            ("scs-0121-doc-fire-zones", format!("[{word}]")),
            ("scs-0121-doc-one-az-per-zone", word.clone()),
            ("scs-0121-fire-zones", format!("{{ az1: {word}, az2: hall-b }}")),
            ("scs-0121-power", format!("{{ certificate: {word}, valid_until: \"2027-01-01\" }}")),
        ] {
            let subject = format!("{{ cloud: {{ {TWO} }}, declared: {declared} }}");
            let verdict = verdict_of(rule, &subject);
            assert!(
                verdict == Verdict::Dnf || (rule == "scs-0121-power" && verdict == Verdict::Fail),
                "{rule}: {subject}: {verdict}"
            );
        }
        let kek = format!(
            "{{ cloud: {{ services: [{{ type: key-manager }}] }}, declared: {{ location: hsm, protection: {word} }}, document: docs/kek.pdf }}"
        );
        all_are(Verdict::Dnf, &[("key-manager-docs-check", &kek)]);
    }
    let zones = |declared: &str| format!("{{ cloud: {{ {TWO} }}, declared: {declared} }}");
    all_are(
        Verdict::Dnf,
        &[
            ("scs-0121-fire-zones", &zones("{ az1: yes, az2: no }")),
            ("scs-0121-power", &zones("{ certificate: no 27001 yet, valid_until: \"2027-01-01\" }")),
            ("domain-manager-check", "{ declared: { passed: 1, failed: 0 } }"),
            ("domain-manager-check", "{ declared: { passed: 49.5, failed: 0 } }"),
            ("scs-0124-sbom", "{ declared: TODO }"),
            ("scs-0124-sbom", "{ declared: [] }"),
        ],
    );
    all_are(
        Verdict::Pass,
        &[
            (
                "scs-0121-power",
                &zones("{ certificate: \"ISO/IEC 27001:2022\", valid_until: \"2027-01-01\" }"),
            ),
            ("domain-manager-check", "{ declared: { passed: 12, failed: 0 }, document: docs/results.xml }"),
        ],
    );
    // One hall is one fire zone, however it is written.
    all_are(Verdict::Fail, &[("scs-0121-fire-zones", &zones("{ az1: Hall-A, az2: \" hall-a\" }"))]);
}

#[test]
fn round_trips_are_those_of_members_and_of_today() {
    let backup =
        |roles: &str, at: &str| format!("{{ cloud: {{ {roles} backup: {{ outcome: ok, at: \"{at}\" }} }} }}");
    for rule in ["scs-0117-test-backup", "scs-0117-api"] {
        all_are(
            Verdict::Dnf,
            &[
                (rule, &backup("roles: [admin],", "2026-11-24T00:00:00Z")),
                (rule, &backup("roles: [member, admin],", "2026-11-24T00:00:00Z")),
                // To the end of the week after: that of Monday the 9th ends with the 22nd.
                (rule, &backup("roles: [member],", "2026-11-15T23:59:59Z")),
                (rule, &backup("roles: [member],", "2027-11-24T00:00:00Z")),
            ],
        );
        all_are(Verdict::Miss, &[(rule, &backup("", "2026-11-24T00:00:00Z"))]);
        all_are(Verdict::Pass, &[(rule, &backup("roles: [member],", "2026-11-16T00:00:00Z"))]);
    }
    all_are(
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
    let subject: Subject =
        serde_saphyr::from_str("{ cloud: { roles: [member], backup: { outcome: ok } } }").expect("a subject");
    let declarations = Declarations::default();
    let context =
        Context { at: AT.parse().expect("a time"), profile: Profile::Text, declarations: &declarations };
    let rule = iaas_rules().find(|rule| rule.id == "scs-0117-api").expect("a rule");
    for (at, expected) in [
        (Some("2026-11-20T00:00:00Z"), Verdict::Pass),
        (Some("2025-11-20T00:00:00Z"), Verdict::Dnf),
        // How old it is, nobody can say.
        (None, Verdict::Dnf),
    ] {
        let cloud = subject.cloud().with_collected_at(at.map(|at| at.parse().expect("a time")));
        assert_eq!(rule.answer(&cloud, &context).verdict, expected, "{at:?}");
    }
}

#[test]
fn scans_and_what_is_known_of_tls_grow_old() {
    let scan = |scanned: &str, at: &str| {
        format!(
            "{{ at: \"{at}\", cloud: {{ tls_scan: {{ at: \"{scanned}\", servers: [{{ endpoint: a.example.com, protocols: [TLSv1.2] }}] }} }} }}"
        )
    };
    let rule = "scs-0125-tls-versions";
    all_are(Verdict::Pass, &[(rule, &scan("2026-08-25", AT))]);
    all_are(
        Verdict::Dnf,
        &[(rule, &scan("2026-08-22", AT)), (rule, &scan("2027-05-03", "2027-05-04T00:00:00Z"))],
    );
}

#[test]
fn what_is_not_there_shows_nothing() {
    all_are(
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
    all_are(
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
fn unknown_words_of_security_groups_are_told() {
    let template = |rule: &str| {
        format!(
            "{{ cloud: {{ default_security_group_rules: [{{ {rule}, used_in_default_sg: true, used_in_non_default_sg: false }}] }} }}"
        )
    };
    all_are(
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
    all_are(
        Verdict::Pass,
        &[
            // Others let all out, so that the answer does not rest on it.
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
fn the_default_group_of_a_project_lets_in_what_comes_from_itself() {
    let groups = |group: &str| {
        format!(
            "{{ cloud: {{ security_group_rules_of_new_group: [], security_group_rules_of_default_group: [{{ direction: ingress, ethertype: IPv4, remote_group_id: {group}, security_group_id: d }}, {{ direction: ingress, ethertype: IPv6, remote_group_id: d, security_group_id: d }}] }} }}"
        )
    };
    for rule in ["scs-0115-ingress-same-group", "scs-0115-existing-groups"] {
        all_are(Verdict::Pass, &[(rule, &groups("d"))]);
        all_are(Verdict::Fail, &[(rule, &groups("other"))]);
    }
}
