//! Every rule over documents answers PASS, FAIL and its boundary on subjects of its own; a rule without subjects fails.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_standards::lint::{DocumentFolder, document_rules};
use scs_standards::{Context, Declarations, Profile, Verdict};
use serde_json::{Map, Value, json};

/// A subject as the file has it.
#[derive(serde::Deserialize)]
struct Subject {
    files: Option<BTreeMap<String, Map<String, Value>>>,
    headings: Option<Vec<String>>,
    /// Front matter that is no YAML, of which nothing can be said.
    #[serde(default)]
    broken: bool,
    /// Given for a boundary.
    verdict: Option<Verdict>,
}

#[derive(serde::Deserialize)]
struct Subjects {
    passing: Subject,
    failing: Subject,
    boundary: Subject,
}

impl Subject {
    fn folder(&self) -> DocumentFolder {
        if self.broken {
            return DocumentFolder::new([(
                "scs-0100-v1-naming.md".to_owned(),
                "---\ntype: [\n---\n".to_owned(),
            )]);
        }
        let usual = ["Introduction", "Motivation", "Decision", "Conformance Tests"].map(str::to_owned);
        let headings = self.headings.clone().unwrap_or_else(|| usual.to_vec());
        let one = BTreeMap::from([("scs-0100-v1-naming.md".to_owned(), Map::new())]);
        let files = self.files.clone().unwrap_or(one);
        DocumentFolder::new(files.into_iter().map(|(name, own)| {
            let mut front = json!({"title": "Naming", "type": "Standard", "status": "Stable", "track": "IaaS",
                                   "stabilized_at": "2023-01-01"});
            let fields = front.as_object_mut().expect("an object");
            for (key, value) in own {
                if value.is_null() {
                    fields.remove(&key);
                } else {
                    fields.insert(key, value);
                }
            }
            (name, format!("---\n{front}\n---\n\n## {}\n", headings.join("\n## ")))
        }))
    }
}

#[test]
fn every_rule_has_its_subjects() {
    let subjects: BTreeMap<String, Subjects> =
        serde_saphyr::from_str(include_str!("subjects/documents.yaml")).expect("a file of subjects");
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let mut known = 0;
    for rule in document_rules() {
        let own = subjects.get(rule.id).unwrap_or_else(|| panic!("{} has no subjects", rule.id));
        known += 1;
        let verdict = |subject: &Subject| rule.answer(&subject.folder(), &context).verdict;
        assert_eq!(verdict(&own.passing), Verdict::Pass, "{}: passing", rule.id);
        let failing = if own.failing.broken { Verdict::Dnf } else { Verdict::Fail };
        assert_eq!(verdict(&own.failing), failing, "{}: failing", rule.id);
        assert_eq!(Some(verdict(&own.boundary)), own.boundary.verdict, "{}: boundary", rule.id);
        assert!(!rule.documents.is_empty() && !rule.section.is_empty());
    }
    assert_eq!(known, subjects.len(), "subjects without a rule");
}

#[test]
fn what_cannot_be_read_is_dnf_and_the_rest_is_checked() {
    let folder = DocumentFolder::new([
        ("scs-0100-v1-one.md".to_owned(), "no front matter".to_owned()),
        ("scs-0101-v1-two.md".to_owned(), "---\ntype: Nonsense\n---\n".to_owned()),
        ("README.md".to_owned(), String::new()),
        ("scs-XXXX-vN-template.md".to_owned(), String::new()),
    ]);
    assert_eq!((folder.len(), folder.ignored().len()), (2, 2));
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let kind = document_rules().find(|rule| rule.id == "scs-0001-type").expect("a rule");
    let results: Vec<Verdict> = kind.answer(&folder, &context).findings.iter().map(|it| it.result).collect();
    assert_eq!(results, [Verdict::Dnf, Verdict::Fail]);
}
