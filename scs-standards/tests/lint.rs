//! Every rule for documents answers PASS, FAIL and its boundary on subjects from a file; a rule without subjects fails.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use scs_rule_tests::says;
use scs_standards::lint::{DocumentFolder, document_rules};
use scs_standards::{Context, Declarations, Profile, Verdict};
use serde_json::{Map, Value, json};

/// A subject in the file.
#[derive(serde::Deserialize)]
struct Subject {
    files: Option<BTreeMap<String, Map<String, Value>>>,
    headings: Option<Vec<String>>,
    /// Front matter that is not YAML.
    #[serde(default)]
    broken: bool,
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
fn every_rule_has_subjects() {
    let subjects: BTreeMap<String, Subjects> =
        serde_saphyr::from_str(include_str!("subjects/documents.yaml")).expect("a file of subjects");
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let context = Context { at, profile: Profile::Text, declarations: &declarations };
    let (mut known, mut wrong) = (0, Vec::new());
    for rule in document_rules() {
        let own = subjects.get(rule.id).unwrap_or_else(|| panic!("{} has no subjects", rule.id));
        known += 1;
        let failing = if own.failing.broken { Verdict::Dnf } else { Verdict::Fail };
        for (which, subject, expected) in [
            ("passing", &own.passing, Some(Verdict::Pass)),
            ("failing", &own.failing, Some(failing)),
            ("boundary", &own.boundary, own.boundary.verdict),
        ] {
            let expected = expected.unwrap_or_else(|| panic!("{}: its boundary has no verdict", rule.id));
            let answer = rule.answer(&subject.folder(), &context);
            let mismatch = says::wrong(&answer, expected, subject.says.as_deref());
            wrong.extend(mismatch.map(|mismatch| format!("{}, {which}: {mismatch}", rule.id)));
        }
        assert!(!rule.documents.is_empty() && !rule.section.is_empty());
    }
    assert!(wrong.is_empty(), "{} subjects:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(known, subjects.len(), "subjects without a rule");
}

#[test]
fn unreadable_documents_are_dnf_and_others_are_checked() {
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

/// A document with this front matter and text.
fn document(name: &str, front: &str, text: &str) -> (String, String) {
    (name.to_owned(), format!("---\ntitle: Naming\ntrack: IaaS\n{front}\n---\n\n{text}\n"))
}

/// The verdicts of a rule for a folder, by the text and by the official checker.
fn verdicts(rule: &str, files: &[(String, String)]) -> (Verdict, Verdict) {
    let folder = DocumentFolder::new(files.iter().cloned());
    let declarations = Declarations::default();
    let at = "2026-11-24T00:00:00Z".parse().expect("a time");
    let rule = document_rules().find(|known| known.id == rule).expect("a rule");
    let verdict = |profile| {
        let answer = rule.answer(&folder, &Context { at, profile, declarations: &declarations });
        answer.verdict
    };
    (verdict(Profile::Text), verdict(Profile::Official))
}

const STABLE: &str = "type: Standard\nstatus: Stable\nstabilized_at: 2023-01-01";
const OVER: &str = "type: Standard\nstatus: Deprecated\nstabilized_at: 2022-01-01\ndeprecated_at: 2023-01-01";

#[test]
fn table_violations_are_errors() {
    use Verdict::{Fail, Pass};
    let (v1, v2) = ("scs-0100-v1-naming.md", "scs-0100-v2-naming.md");
    let replacing = format!("{STABLE}\nreplaces:\n- {v1}");
    let with = |front: &str, more: &str| document(v1, &format!("{front}\n{more}"), "");
    let second = document(v2, &replacing, "");
    for (rule, files, expected) in [
        // An error in both profiles.
        (
            "scs-0001-replaced-by",
            vec![with(STABLE, "replaced_by: [scs-0100-v2-naming.md]"), second.clone()],
            (Fail, Fail),
        ),
        ("scs-0001-replaced-by", vec![with(OVER, ""), second.clone()], (Fail, Pass)),
        ("scs-0001-replaced-by", vec![with(OVER, "replaced_by: []"), second.clone()], (Fail, Pass)),
        (
            "scs-0001-replaced-by",
            vec![with(OVER, "replaced_by: [scs-0100-v2-naming.md]"), second],
            (Pass, Pass),
        ),
        ("scs-0001-replaced-by", vec![with(OVER, "")], (Pass, Pass)),
        ("scs-0001-replaced-by", vec![with(OVER, "replaced_by: [scs-0100-v9-naming.md]")], (Fail, Pass)),
        ("scs-0001-replaced-by", vec![with(OVER, "replaced_by: [scs-0100-v1-naming.md]")], (Fail, Pass)),
        ("scs-0001-replaced-by", vec![with(OVER, "replaced_by: [7]")], (Fail, Pass)),
        ("scs-0001-replaces", vec![document(v2, &format!("{STABLE}\nreplaces: []"), "")], (Fail, Pass)),
        ("scs-0001-replaces", vec![document(v2, &format!("{STABLE}\nreplaces: [7]"), "")], (Fail, Pass)),
        (
            "scs-0001-supplements",
            vec![document("scs-0100-w1-notes.md", "type: Supplement\nsupplements: []", "")],
            (Fail, Pass),
        ),
        (
            "scs-0001-supplements",
            vec![
                document(v1, STABLE, ""),
                document(
                    "scs-0100-w1-notes.md",
                    "type: Supplement\nsupplements: [scs-0100-v1-naming.md]",
                    "",
                ),
                document("scs-0100-w2-notes.md", "type: Supplement\nsupplements: [scs-0100-w1-notes.md]", ""),
            ],
            (Fail, Pass),
        ),
        (
            "scs-0001-dates",
            vec![document(v1, "type: Standard\nstatus: Deprecated\ndeprecated_at: 2023-01-01", "")],
            (Fail, Pass),
        ),
        (
            "scs-0001-dates",
            vec![document(v1, "type: Standard\nstatus: Draft\ndeprecated_at: 2023-01-01", "")],
            (Fail, Pass),
        ),
        ("scs-0001-dates", vec![document(v1, OVER, "")], (Pass, Pass)),
        (
            "scs-0001-dates",
            vec![document(v1, &STABLE.replace("2023-01-01", "2023-01-01 10:00:00"), "")],
            (Fail, Pass),
        ),
        (
            "scs-0001-dates",
            vec![document(v1, &STABLE.replace("2023-01-01", "2023-01-32 10:00:00"), "")],
            (Fail, Fail),
        ),
        // Proposals and documents with other names are only checked by the text.
        (
            "scs-0001-type",
            vec![document("scs-xxxx-v1-naming.md", "type: Standrad\nstatus: Draft", "")],
            (Fail, Pass),
        ),
        ("scs-0001-file-name", vec![document("0100-v1-naming.md", STABLE, "")], (Fail, Pass)),
        ("scs-0001-file-name", vec![document("SCS-0100-v1-naming.md", STABLE, "")], (Fail, Pass)),
        (
            "scs-0001-file-name",
            vec![document("scs-xxxx-v1-naming.md", "type: Standard\nstatus: Draft", "")],
            (Pass, Pass),
        ),
    ] {
        assert_eq!(verdicts(rule, &files), expected, "{rule}: {files:?}");
    }
}

#[test]
fn a_decision_has_its_own_section() {
    let frame = "# Title\n\n## Introduction\n\n## Motivation\n\n## Conformance Tests\n\n";
    for (section, holds) in [
        ("## Decision", true),
        ("## Decisions", true),
        ("## Regulations", true),
        ("## Key Manager Standard", true),
        ("## Standard (Naming Convention)", true),
        ("## Complete Proposal for systematic flavor naming", true),
        ("## Technical requirements and features", true),
        ("Decision\n--------", true),
        ("# Decision", true),
        ("## Design Considerations", false),
        ("## Design considerations\n\n### Decision of others", false),
        ("## Design Considerations\n\n### Options\n\n## Decision", true),
        ("## Previous standard versions", false),
        ("## Related Documents\n\n### Standards", false),
        ("## Requirements", false),
        ("## Data format", false),
        ("~~~\n## Decision\n~~~", false),
        ("<!--\n## Decision\n-->", false),
        ("```\n## Decision\n```", false),
    ] {
        let files = [document("scs-0100-v1-naming.md", STABLE, &format!("{frame}{section}"))];
        let expected = if holds { Verdict::Pass } else { Verdict::Fail };
        assert_eq!(verdicts("scs-0001-sections-standard", &files).0, expected, "{section}");
        let record = "type: Decision Record\nstatus: Draft";
        let files =
            [document("scs-0100-v1-naming.md", record, &format!("## Abstract\n\n## Context\n\n{section}"))];
        assert_eq!(verdicts("scs-0001-sections-record", &files).0, expected, "{section}");
    }
}
