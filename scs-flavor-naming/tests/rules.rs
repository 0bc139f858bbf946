//! Every rule for flavors answers PASS, FAIL and its boundary on subjects from files; a rule without subjects fails.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_flavor_naming::{
    FlavorList, FlavorName, FlavorSet, StandardDisk, StandardFlavor, flavor_rule, flavor_rules,
    flavor_test_cases,
};
use scs_rule_tests::says;
use scs_standards::{Context, Declaration, Declarations, DeclaredValue, Profile, Verdict};
use serde_json::{Map, Value, json};

const AT: &str = "2026-11-23T00:00:00Z";

/// A subject in the files.
#[derive(serde::Deserialize)]
struct Subject {
    flavors: Vec<Map<String, Value>>,
    #[serde(default)]
    declarations: Vec<Statement>,
    /// The expected text of a finding: its subject, a colon and a part of the message.
    says: Option<String>,
    /// The verdict, for a boundary.
    verdict: Option<Verdict>,
}

#[derive(serde::Deserialize)]
struct Statement {
    value: DeclaredValue,
    #[serde(default)]
    subjects: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Subjects {
    passing: Subject,
    failing: Subject,
    boundary: Subject,
}

fn subjects() -> BTreeMap<String, Subjects> {
    let files = [
        include_str!("subjects/naming.yaml"),
        include_str!("subjects/operation.yaml"),
        include_str!("subjects/standard-flavors.yaml"),
    ];
    files
        .into_iter()
        .flat_map(|file| {
            serde_saphyr::from_str::<BTreeMap<String, Subjects>>(file).expect("a file of subjects")
        })
        .chain(
            StandardFlavor::all().map(|standard| (standard.test_case_id().to_owned(), of_standard(standard))),
        )
        .collect()
}

/// A flavor with the right figures and properties, none, and one with another name.
fn of_standard(standard: StandardFlavor) -> Subjects {
    let flavor = |name: &str, ram: u64| {
        let mut specs: Map<String, Value> = standard
            .expected_extra_specs()
            .into_iter()
            .map(|(key, value)| (key.to_owned(), json!(value)))
            .collect();
        if standard.disk_type() == StandardDisk::Any {
            specs.insert("scs:disk0-type".into(), json!("hdd"));
        }
        let flavor = json!({
            "name": name, "vcpus": standard.vcpus(), "ram": ram, "disk": standard.disk_gb(), "extra_specs": specs,
        });
        flavor.as_object().cloned().expect("an object")
    };
    let says = format!("{} must have exactly", standard.recommended_name());
    let subject = |flavors, says, verdict| Subject { flavors, declarations: Vec::new(), says, verdict };
    Subjects {
        passing: subject(vec![flavor(standard.recommended_name(), standard.ram_mib())], None, None),
        failing: subject(vec![flavor(standard.recommended_name(), standard.ram_mib() + 1)], Some(says), None),
        boundary: subject(vec![flavor("any-name", standard.ram_mib())], None, Some(Verdict::Pass)),
    }
}

impl Subject {
    fn set(&self) -> FlavorSet {
        let flavors: Vec<Value> = self.flavors.iter().cloned().map(with_figures_of_its_name).collect();
        FlavorList::from_value(&json!({ "flavors": flavors })).expect("a list of flavors").into()
    }

    fn declarations(&self, rule: &str) -> Declarations {
        let declaration = |statement: &Statement| Declaration {
            rule: rule.to_owned(),
            value: statement.value.clone(),
            subjects: statement.subjects.clone(),
            statement: None,
            document: None,
            date: "2026-10-01".parse().expect("a date"),
            valid_until: "2026-12-31".parse().expect("a date"),
            responsible: None,
        };
        self.declarations.iter().map(declaration).collect()
    }
}

fn with_figures_of_its_name(mut flavor: Map<String, Value>) -> Value {
    if let Ok(name) = flavor["name"].as_str().expect("a name").parse::<FlavorName>() {
        let disk = name.disk().map_or(0, |disk| disk.size_gb().map_or(20, u32::from));
        for (key, figure) in [
            ("vcpus", u64::from(name.cpu().count.get())),
            ("ram", name.ram().size.mib()),
            ("disk", u64::from(disk)),
        ] {
            flavor.entry(key).or_insert(json!(figure));
        }
    }
    flavor.entry("extra_specs").or_insert_with(|| json!({}));
    Value::Object(flavor)
}

#[track_caller]
fn answer(
    rule: &str,
    set: &FlavorSet,
    declarations: &Declarations,
    profile: Profile,
) -> scs_standards::Answer {
    let context = Context { at: AT.parse().expect("a time"), profile, declarations };
    flavor_rule(rule).expect("a rule").answer(set, &context)
}

#[test]
fn every_rule_answers_its_subjects() {
    let subjects = subjects();
    let mut wrong = Vec::new();
    for rule in flavor_rules() {
        let Some(subjects) = subjects.get(rule.id) else {
            panic!("{} has no subjects", rule.id);
        };
        let cases = [
            ("passing", &subjects.passing, Some(Verdict::Pass)),
            ("failing", &subjects.failing, Some(Verdict::Fail)),
            ("boundary", &subjects.boundary, subjects.boundary.verdict),
        ];
        for (which, subject, expected) in cases {
            let expected = expected.unwrap_or_else(|| panic!("{}: its boundary has no verdict", rule.id));
            let answer = answer(rule.id, &subject.set(), &subject.declarations(rule.id), Profile::Text);
            let mismatch = says::wrong(&answer, expected, subject.says.as_deref());
            wrong.extend(mismatch.map(|mismatch| format!("{}, {which}: {mismatch}", rule.id)));
        }
    }
    assert!(wrong.is_empty(), "{} subjects:\n{}", wrong.len(), wrong.join("\n"));
    let unknown: Vec<_> = subjects.keys().filter(|id| flavor_rule(id).is_none()).collect();
    assert!(unknown.is_empty(), "subjects of no rule: {unknown:?}");
    println!("{} rules with a passing, a failing and a boundary subject", subjects.len());
}

#[test]
fn a_declared_rule_is_never_passed_without_a_usable_declaration() {
    let subjects = subjects();
    let mut declared = 0;
    for (rule, subjects) in subjects.iter().filter(|(_, subjects)| !subjects.passing.declarations.is_empty())
    {
        declared += 1;
        let set = subjects.passing.set();
        assert_eq!(
            answer(rule, &set, &Declarations::default(), Profile::Text).verdict,
            Verdict::Miss,
            "{rule}"
        );

        let mut expired = subjects.passing.declarations(rule).iter().next().cloned().expect("a declaration");
        expired.valid_until = "2026-11-22".parse().expect("a date");
        let expired = Declarations::new(vec![expired]);
        assert_eq!(answer(rule, &set, &expired, Profile::Text).verdict, Verdict::Dnf, "{rule}, expired");

        let mut nonsense = subjects.passing.declarations(rule).iter().next().cloned().expect("a declaration");
        nonsense.value = DeclaredValue::Flag(true);
        let nonsense = Declarations::new(vec![nonsense]);
        assert_eq!(answer(rule, &set, &nonsense, Profile::Text).verdict, Verdict::Dnf, "{rule}, a bare yes");
    }
    assert_eq!(declared, 16);
}

#[test]
fn ids_are_unique_and_test_cases_name_rules() {
    let mut ids: Vec<_> = flavor_rules().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), 79, "30 of scs-0100, 42 of scs-0103, 7 of scs-0110");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 79);
    for case in flavor_test_cases() {
        for rule in case.rules {
            assert!(flavor_rule(rule).is_some(), "{} covers {rule}, which is not a rule", case.id);
        }
    }
    for rule in flavor_rules() {
        assert!(
            !rule.documents.is_empty() && !rule.section.is_empty() && !rule.summary.is_empty(),
            "{}",
            rule.id
        );
    }
}

#[test]
fn missing_data_are_miss_and_unusable_data_are_dnf() {
    let verdict = |rule, flavors: Value| {
        let set = FlavorList::from_value(&json!({ "flavors": flavors })).expect("a list").into();
        answer(rule, &set, &Declarations::default(), Profile::Text).verdict
    };
    let named = |extra: Value| {
        let mut flavor = json!({"name": "SCS-2V-8"});
        flavor.as_object_mut().expect("an object").extend(extra.as_object().cloned().expect("an object"));
        json!([flavor])
    };
    assert_eq!(verdict("scs-0100-semantics-check", named(json!({}))), Verdict::Miss);
    let broken_ram = json!({"vcpus": 2, "ram": "lots", "disk": 0, "extra_specs": {}});
    assert_eq!(verdict("scs-0100-semantics-check", named(broken_ram.clone())), Verdict::Dnf);
    assert_eq!(verdict("scs-0103-flavor-2v-8", named(broken_ram)), Verdict::Dnf);
    let no_specs = json!({"vcpus": 2, "ram": 8192, "disk": 0});
    assert_eq!(verdict("scs-0103-name-v1", named(no_specs.clone())), Verdict::Miss);
    assert_eq!(verdict("scs-0103-any-cpu-type", named(no_specs.clone())), Verdict::Miss);
    assert_eq!(verdict("scs-0103-public", named(no_specs)), Verdict::Miss);
    let bad_specs = json!({"vcpus": 2, "ram": 8192, "disk": 0, "extra_specs": 7});
    assert_eq!(verdict("scs-0103-name-v1", named(bad_specs)), Verdict::Dnf);
    // An unreadable entry may be the missing flavor.
    assert_eq!(verdict("scs-0103-flavor-2v-8", json!([{"vcpus": 2}])), Verdict::Dnf);
    assert_eq!(verdict("scs-0100-syntax-check", json!([{"vcpus": 2}])), Verdict::Dnf);
}
