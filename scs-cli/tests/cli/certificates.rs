//! `scs certificate`.

use crate::common::{example, json, run, run_with};
use crate::schema::valid;

const AT: [&str; 2] = ["--at", "2026-11-24"];

fn certificate(arguments: &[&str]) -> (i32, String, String) {
    let arguments: Vec<&str> = ["certificate"].iter().chain(arguments).chain(&AT).copied().collect();
    run(&arguments)
}

#[test]
fn what_people_read() {
    insta::assert_snapshot!("certificate_scopes", certificate(&["scopes"]).1);
    insta::assert_snapshot!("certificate_timeline", certificate(&["timeline", "scs-compatible-iaas"]).1);
    insta::assert_snapshot!("certificate_levels", certificate(&["levels"]).1);
    insta::assert_snapshot!("certificate_show", certificate(&["show", "scs-compatible-kaas"]).1);
    insta::assert_snapshot!(
        "certificate_questionnaire",
        certificate(&["questionnaire", &example("typical-cloud.yaml")]).1
    );
}

#[test]
fn data_fit_their_schemas() {
    let list = |arguments: &[&str]| json(&certificate(arguments).1).as_array().unwrap().clone();
    valid("certificate-scopes", list(&["scopes", "-f", "json"]));
    valid("certificate-timeline", list(&["timeline", "scs-compatible-iaas", "-f", "json"]));
    valid("certificate-levels", [json(&certificate(&["levels", "-f", "json"]).1)]);
    valid("certificate-show", [json(&certificate(&["show", "scs-compatible-iaas", "next", "-f", "json"]).1)]);
}

fn evaluate(results: &str, more: &[&str]) -> (i32, String, String) {
    let arguments: Vec<&str> =
        ["certificate", "evaluate", "--scope", "scs-compatible-kaas", "--results", "-"]
            .iter()
            .chain(&AT)
            .chain(more)
            .copied()
            .collect();
    run_with(&arguments, results)
}

#[test]
fn results_are_evaluated() {
    let good = r#"{"cncf-k8s-conformance": "PASS", "version-policy-check": {"result": "PASS", "checked_at": "2026-11-20T08:00:00Z"},
                   "kaas-networking-check": "PASS"}"#;
    let (status, out, _) = evaluate(good, &["-f", "json"]);
    let document = json(&out);
    valid("evaluation", [document.clone()]);
    assert_eq!((status, &document["verdict"], &document["best"]), (0, &json("\"PASS\""), &json("\"v1\"")));
    assert_eq!(document["changes_at"], "2026-11-30T00:00:00Z");
    insta::assert_snapshot!("certificate_evaluate", evaluate(good, &[]).1);

    let (status, out, _) = evaluate(
        r#"{"cncf-k8s-conformance": "FAIL", "unknown": "PASS", "version-policy-check": 7}"#,
        &["-f", "json"],
    );
    let document = json(&out);
    assert_eq!((status, &document["verdict"]), (1, &json("\"FAIL\"")));
    let warnings = document["warnings"].to_string();
    assert!(warnings.contains("SCS-compatible KaaS has no test case `unknown`"), "{warnings}");
    assert!(warnings.contains("the result of `version-policy-check` is 7"), "{warnings}");
}

#[test]
fn files_that_cannot_be_used() {
    for (input, message) in
        [("[1]", "neither a mapping of results nor a report"), ("a: [", "standard input: ")]
    {
        let (status, _, err) = evaluate(input, &[]);
        assert_eq!(status, 2);
        assert!(err.contains(message), "{err}");
    }
    let (status, _, err) = certificate(&["show", "scs-compatible-iaas", "v7"]);
    assert_eq!(status, 2);
    assert!(err.contains("it has next, v5.1, v4 and v3"), "{err}");
}

#[test]
fn a_scope_file_with_mistakes() {
    let text = "uuid: nonsense\nname: SCS-open IaaS\nurl: x\nscripts: []\nmodules: []\ntimelin: []\nversions: [{version: v1, include: [gone]}]\n";
    let file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let (status, out, _) = certificate(&["show", file.path().to_str().unwrap(), "v1"]);
    assert_eq!(status, 1);
    insta::assert_snapshot!("certificate_show_broken", out);
}

#[test]
fn a_questionnaire_without_questions_is_a_comment() {
    let (status, out, _) =
        run(&["certificate", "questionnaire", &example("conformant-cloud.yaml"), "--at", "2026-11-24"]);
    assert_eq!(status, 0);
    assert!(out.starts_with("# 0 declarations") && out.lines().count() == 1, "{out}");
}
