//! Every rule for images answers PASS, FAIL and its boundary on subjects from files; a rule without subjects fails.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_image_metadata::{
    GivenSpecification, IMAGE_DOCUMENTS, ImageList, ImageSet, image_rules, image_test_cases,
};
use scs_rule_tests::says;
use scs_standards::{Context, Declaration, Declarations, DeclaredValue, DocumentId, Profile, Rule, Verdict};
use serde_json::{Map, Value, json};

const AT: &str = "2026-11-24T00:00:00Z";

/// A subject in the files. An image has the properties of [`base`] except for the given ones; `~` removes one.
#[derive(serde::Deserialize)]
struct Subject {
    #[serde(default)]
    images: Vec<Map<String, Value>>,
    /// The images of the same cloud at an earlier time.
    earlier: Option<Vec<Map<String, Value>>>,
    at: Option<String>,
    /// The declared value of the rule.
    declared: Option<DeclaredValue>,
    standard_images: Option<String>,
    earlier_standard_images: Option<String>,
    /// Whether the official profile applies.
    #[serde(default)]
    official: bool,
    /// The expected text of a finding: its subject, a colon and a part of the message.
    says: Option<String>,
    /// The verdict, for a boundary.
    verdict: Option<Verdict>,
}

#[derive(serde::Deserialize)]
struct Subjects {
    passing: Subject,
    failing: Subject,
    boundary: Subject,
}

fn base() -> Map<String, Value> {
    serde_saphyr::from_str(include_str!("base-image.yaml")).expect("an image")
}

fn completed(images: &[Map<String, Value>]) -> ImageList {
    let images: Vec<Value> = images
        .iter()
        .map(|own| {
            let mut image = base();
            for (key, value) in own {
                if value.is_null() {
                    image.remove(key);
                } else {
                    image.insert(key.clone(), value.clone());
                }
            }
            Value::Object(image)
        })
        .collect();
    json!({ "images": images }).to_string().parse().expect("a list of images")
}

impl Subject {
    fn set(&self) -> ImageSet {
        let mut set = ImageSet::from(completed(&self.images));
        if let Some(earlier) = &self.earlier {
            set = set.with_earlier(completed(earlier));
        }
        if let Some(text) = &self.standard_images {
            let earlier = self.earlier_standard_images.as_ref().map(|text| text.parse());
            set = set.with_specification(GivenSpecification { current: text.parse(), earlier });
        }
        set
    }

    fn declarations(&self, rule: &str) -> Declarations {
        let declaration = |value: &DeclaredValue| Declaration {
            rule: rule.to_owned(),
            value: value.clone(),
            subjects: Vec::new(),
            statement: None,
            document: None,
            date: "2026-10-01".parse().expect("a date"),
            valid_until: "2026-12-31".parse().expect("a date"),
            responsible: None,
        };
        self.declared.iter().map(declaration).collect()
    }
}

fn subjects() -> BTreeMap<String, Subjects> {
    let files = [
        include_str!("subjects/technical.yaml"),
        include_str!("subjects/handling.yaml"),
        include_str!("subjects/standard-images.yaml"),
    ];
    files
        .into_iter()
        .flat_map(|file| {
            serde_saphyr::from_str::<BTreeMap<String, Subjects>>(file).expect("a file of subjects")
        })
        .collect()
}

/// The rows of all tables, without duplicates.
fn rows() -> Vec<&'static Rule<ImageSet>> {
    let mut rows: Vec<&'static Rule<ImageSet>> = Vec::new();
    for rule in IMAGE_DOCUMENTS.into_iter().flat_map(image_rules) {
        if !rows.iter().any(|known| std::ptr::eq(*known, rule)) {
            rows.push(rule);
        }
    }
    rows
}

#[test]
fn every_rule_answers_its_subjects() {
    let subjects = subjects();
    let mut wrong = Vec::new();
    for rule in rows() {
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
            let at = subject.at.as_deref().unwrap_or(AT).parse().expect("a time");
            let declarations = subject.declarations(rule.id);
            let profile = if subject.official { Profile::Official } else { Profile::Text };
            let context = Context { at, profile, declarations: &declarations };
            let answer = rule.answer(&subject.set(), &context);
            let told = says::wrong(&answer, expected, subject.says.as_deref());
            wrong.extend(told.map(|told| format!("{}, {which}: {told}", rule.id)));
        }
    }
    assert!(wrong.is_empty(), "{} subjects:\n{}", wrong.len(), wrong.join("\n"));
    let unknown: Vec<_> = subjects.keys().filter(|id| !rows().iter().any(|rule| rule.id == **id)).collect();
    assert!(unknown.is_empty(), "subjects of no rule: {unknown:?}");
    println!("{} rules with a passing, a failing and a boundary subject", subjects.len());
}

#[test]
fn ids_are_unique_in_a_document_and_test_cases_name_rules() {
    let mut all: Vec<&str> = rows().iter().map(|rule| rule.id).collect();
    all.sort_unstable();
    all.dedup();
    let count = |standard: &str| all.iter().filter(|id| id.starts_with(standard)).count();
    assert_eq!(count("scs-0102-"), 44);
    assert_eq!(count("scs-0104-"), 31, "30 of the inventory, and the images of a given list");
    for document in IMAGE_DOCUMENTS {
        let mut ids: Vec<_> = image_rules(document).map(|rule| rule.id).collect();
        let rules = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), rules, "{document}");
        for rule in image_rules(document) {
            assert!(!rule.section.is_empty() && !rule.summary.is_empty(), "{}", rule.id);
            assert!(rule.documents.contains(&document), "{} in {document}", rule.id);
        }
    }
    for case in image_test_cases() {
        for rule in case.rules {
            assert!(all.contains(rule), "{} covers {rule}, which is not a rule", case.id);
        }
    }
}

/// The verdict of a rule of version 1 for a text.
fn verdict(rule: &str, text: &str) -> Verdict {
    let declarations = Declarations::default();
    let context =
        Context { at: AT.parse().expect("a time"), profile: Profile::Text, declarations: &declarations };
    let list: ImageList = text.parse().expect("images");
    let documents = [DocumentId::version(102, 1), DocumentId::version(104, 1), DocumentId::version(104, 2)];
    let rule = documents.into_iter().flat_map(image_rules).find(|known| known.id == rule).expect("a rule");
    rule.answer(&ImageSet::from(list), &context).verdict
}

#[test]
fn missing_data_are_miss_and_unusable_data_are_dnf() {
    let list = r#"[{"ID": "1", "Name": "Ubuntu 24.04", "Visibility": "public", "Size": 5, "Tags": []}]"#;
    for rule in [
        "scs-0102-prop-architecture",
        "scs-0102-prop-min_disk",
        "scs-0102-image-recency",
        "scs-0104-source-ubuntu-2404",
    ] {
        assert_eq!(verdict(rule, list), Verdict::Miss, "{rule}");
    }
    // Readable entries are still judged.
    assert_eq!(verdict("scs-0104-image-ubuntu-2404", list), Verdict::Pass);
    assert_eq!(verdict("scs-0102-tag-os", list), Verdict::Fail);

    let show = r#"{"name": "Ubuntu 24.04", "id": "1", "min_disk": 8, "properties": {"os_distro": "ubuntu"}}"#;
    assert_eq!(verdict("scs-0104-image-debian-12", show), Verdict::Miss, "one image is not a list");
    assert_eq!(verdict("scs-0102-prop-os_distro", show), Verdict::Pass);

    let nested = r#"{"images": [{"name": "x", "os_distro": {"a": 1}, "min_disk": 8, "size": null}]}"#;
    assert_eq!(verdict("scs-0102-prop-os_distro", nested), Verdict::Dnf);
    assert_eq!(verdict("scs-0102-prop-min_disk", nested), Verdict::Dnf);
}

#[test]
fn an_image_without_tags_is_reported_once() {
    for tags in ["[]", "\"\""] {
        let text = format!(r#"{{"images": [{{"name": "x", "tags": {tags}}}]}}"#);
        let rule = image_rules(DocumentId::version(102, 1))
            .find(|rule| rule.id == "scs-0102-tag-os")
            .expect("a rule");
        let declarations = Declarations::default();
        let at = AT.parse().expect("a time");
        let context = Context { at, profile: Profile::Text, declarations: &declarations };
        let set = ImageSet::from(text.parse::<ImageList>().expect("images"));
        assert_eq!(rule.answer(&set, &context).findings.len(), 1, "{tags}");
    }
}

#[test]
fn unreadable_entries_prevent_passing_must_rules() {
    for text in [
        r#"{"images": [{"name": "Ubuntu 24.04"}, 7]}"#,
        r#"{"images": [{"name": "Ubuntu 24.04"}, {"name": "cut", "os_di"#,
    ] {
        for rule in IMAGE_DOCUMENTS
            .into_iter()
            .flat_map(image_rules)
            .filter(|rule| rule.test_case.is_some() && rule.level.strength() == scs_standards::Strength::Must)
        {
            let verdict = verdict_of(rule, text);
            assert_ne!(verdict, Verdict::Pass, "{} over {text}", rule.id);
        }
    }
}

fn verdict_of(rule: &'static Rule<ImageSet>, text: &str) -> Verdict {
    let declarations = Declarations::default();
    let context =
        Context { at: AT.parse().expect("a time"), profile: Profile::Text, declarations: &declarations };
    let list: ImageList = text.parse().expect("images");
    rule.answer(&ImageSet::from(list), &context).verdict
}
