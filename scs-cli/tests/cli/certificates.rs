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
        r#"{"cncf-k8s-conformance": "FAIL", "unknown": "PASS", "version-policy-check": 7,
            "kaas-networking-check": {"result": "PASS", "checked_at": "2026-11-29"}}"#,
        &["-f", "json"],
    );
    let document = json(&out);
    assert_eq!((status, &document["verdict"]), (1, &json("\"FAIL\"")));
    let warnings = document["warnings"].to_string();
    assert!(warnings.contains("SCS-compatible KaaS has no test case `unknown`"), "{warnings}");
    let seven = "the result of `version-policy-check` cannot be used: 7 is not PASS, FAIL, DNF or MISS";
    assert!(warnings.contains(seven), "{warnings}");
    // The result is valid, but its time is not.
    let time = "the result of `kaas-networking-check` cannot be used: `checked_at` is `2026-11-29`, without a time of day";
    assert!(warnings.contains(time), "{warnings}");
    let main = &document["versions"]["v1"]["targets"]["main"];
    assert_eq!(main["DNF"].as_array().unwrap().len(), 2, "what is given and cannot be used is not missing");
}

/// Files with these contents, in a temporary folder.
fn files(contents: &[&str]) -> (tempfile::TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let paths = contents.iter().enumerate().map(|(index, content)| {
        let path = folder.path().join(format!("{index}.yaml"));
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let paths = paths.collect();
    (folder, paths)
}

/// The exit status, standard output and error of an evaluation of files.
fn evaluated(scope: &str, contents: &[&str], more: &[&str]) -> (i32, String, String) {
    let (_folder, paths) = files(contents);
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let arguments = [&["certificate", "evaluate", "--scope", scope, "--results"][..], &paths, more].concat();
    run(&arguments)
}

const FAILED: &str = r#"{"version-policy-check": {"result": "FAIL", "checked_at": "2026-11-29T00:00:00Z"},
                         "cncf-k8s-conformance": "PASS", "kaas-networking-check": "PASS"}"#;
const PASSED: &str = r#"{"version-policy-check": {"result": "PASS", "checked_at": "2026-11-25T00:00:00Z"}}"#;

fn kaas_report(at: &str, uuid: &str, result: &str) -> String {
    format!(
        "spec: {{uuid: {uuid}, name: A scope, url: 'https://example.com'}}\nchecked_at: {at}\nsubject: cluster\nrun:\n  uuid: \
         5a8de2bf-1d5e-4c68-9c1c-0a2b65c4ff9b\n  invocations: {{one: {{results: {{version-policy-check: {result}}}}}}}\n"
    )
}

const KAAS: &str = "1fffebe6-fd4b-44d3-a36c-fc58b4bb0180";

#[test]
fn of_several_files_the_newest_result_counts() {
    let at = ["--at", "2026-11-30"];
    let status = |contents: &[&str]| evaluated("scs-compatible-kaas", contents, &at).0;
    let report = kaas_report("2026-11-25 00:00:00", KAAS, "1");
    for older in [PASSED, report.as_str()] {
        assert_eq!((status(&[FAILED, older]), status(&[older, FAILED])), (1, 1), "{older}");
    }
    let newer = kaas_report("2026-11-29 12:00:00", KAAS, "1");
    assert_eq!((status(&[FAILED, &newer]), status(&[&newer, FAILED])), (0, 0));
}

#[test]
fn results_dated_after_the_check_or_of_another_scope_are_ignored() {
    let at = ["--at", "2026-11-30", "-f", "json"];
    let future = r#"{"version-policy-check": {"result": "PASS", "checked_at": "2099-01-01T00:00:00Z"},
                     "cncf-k8s-conformance": "PASS", "kaas-networking-check": "PASS"}"#;
    let evaluation = |contents: &[&str], more: &[&str]| {
        let (status, out, err) = evaluated("scs-compatible-kaas", contents, &[&at, more].concat());
        assert_eq!(err, "");
        (status, json(&out))
    };
    let (status, document) = evaluation(&[future], &[]);
    assert_eq!((status, &document["verdict"]), (1, &json("\"MISS\"")));
    assert!(document["warnings"][0].as_str().unwrap().contains("is dated after"), "{document}");
    assert_eq!(evaluation(&[future], &["--profile", "official"]).0, 0);
    // A current FAIL is not hidden by a future PASS.
    let later = kaas_report("2026-12-05 00:00:00", KAAS, "1");
    assert_eq!(evaluation(&[FAILED, &later], &[]).1["verdict"], "FAIL");

    let rest = r#"{"cncf-k8s-conformance": "PASS", "kaas-networking-check": "PASS"}"#;
    let foreign = kaas_report("2026-11-29 00:00:00", "d912d0a5-826a-4b01-bafd-b48f65f76f43", "1");
    let (status, document) = evaluation(&[rest, &foreign], &[]);
    assert_eq!((status, &document["verdict"]), (1, &json("\"MISS\"")));
    let warnings = document["warnings"].to_string();
    assert!(
        warnings.contains("ignored the results") && warnings.contains("is about A scope (d912d0a5"),
        "{warnings}"
    );
    assert!(warnings.contains("2 results have no `checked_at`"), "{warnings}");
    assert_eq!(evaluation(&[rest, &foreign], &["--profile", "official"]).0, 0);
}

#[test]
fn what_scs_check_prints_is_evaluated() {
    let check = |rules: &str, more: &str| {
        format!(
            r#"{{"schema": "scs/check/2", "subject": "cluster", "profile": "text", "checked_at": "2026-11-20T08:00:00Z",
                "at": "2026-11-20T08:00:00Z", "scope": {{"name": "SCS-compatible KaaS", "uuid": "{KAAS}"}}, "versions": {{}},
                "results": {{"cncf-k8s-conformance": "PASS", "version-policy-check": "PASS", "kaas-networking-check": "PASS"}},
                "rules": [{rules}], "verdict": "PASS", "findings": []{more}}}"#
        )
    };
    let evaluation = |contents: &[&str]| {
        let (_, out, err) = evaluated("scs-compatible-kaas", contents, &["--at", "2026-11-24", "-f", "json"]);
        assert_eq!(err, "");
        json(&out)
    };
    let good = evaluation(&[&check("", "")]);
    assert_eq!(
        (&good["verdict"], &good["changes_at"]),
        (&json("\"PASS\""), &json("\"2026-11-30T00:00:00Z\""))
    );
    assert_eq!(good["warnings"], json("[]"));
    // A list of several checks of one subject.
    assert_eq!(evaluation(&[&format!("[{}]", check("", ""))])["verdict"], "PASS");
    // A broken MUST fails the version even without a test case; an informational one does not.
    let broken =
        r#"{"rule": "scs-0210-minor", "document": "scs-0210-v2", "result": "FAIL", "decides": true}"#;
    let failed = evaluation(&[&check(broken, "")]);
    assert_eq!(failed["versions"]["v1"]["broken_rules"], json(r#"["scs-0210-minor (scs-0210-v2)"]"#));
    assert_eq!(failed["verdict"], "FAIL");
    assert_eq!(evaluation(&[&check(&broken.replace("true", "false"), "")])["verdict"], "PASS");
    // A result is as old as its evidence: this one expired at the end of September.
    let old = r#", "evidence_at": {"kaas-networking-check": "2026-08-12T09:00:00Z"}"#;
    assert_eq!(
        evaluation(&[&check("", old)])["versions"]["v1"]["targets"]["main"]["MISS"],
        json(r#"["kaas-networking-check"]"#)
    );
    // Of another scope.
    let other = check("", "").replace(KAAS, "50393e6f-2ae1-4c5c-a62c-3b75f2abef3f");
    assert_eq!(evaluation(&[&other])["verdict"], "MISS");
}

#[test]
fn other_documents_are_not_results() {
    let long = format!(r#"{{"schema": "scs/check/1", "findings": ["{}"]}}"#, "x".repeat(100_000));
    for (content, message) in [
        (r#"{"schema": "scs/evaluation/1", "versions": {}}"#, "`schema` is `scs/evaluation/1`"),
        (long.as_str(), "`schema` is `scs/check/1`"),
        (r#"{"kind": "cloud", "flavors": []}"#, "this is an inventory of kind `cloud`"),
        (r#"{"subject": "x", "findings": [1]}"#, "no valid results: `subject` is `x`"),
        ("[{\"name\": \"SCS-2V-8\"}]", "neither a mapping of results nor a report"),
    ] {
        let (status, out, err) = evaluated("scs-compatible-kaas", &[content], &["--at", "2026-11-24"]);
        assert_eq!((status, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(message) && err.len() < 2000, "{err}");
    }
    // Warnings quote the beginning of a value, and their number is limited.
    let odd: Vec<String> = (0..8_000).map(|it| format!("\"odd-{it}\": \"{}\"", "y".repeat(100))).collect();
    let content = format!("{{\"version-policy-check\": \"PASS\", {}}}", odd.join(", "));
    let (status, out, _) = evaluated("scs-compatible-kaas", &[&content], &["--at", "2026-11-24"]);
    assert_eq!(status, 1);
    assert!(out.len() < 50_000, "{} bytes", out.len());
    assert!(out.contains("(and 7980 more like this)"), "{out}");
}

#[test]
fn an_error_in_a_scope_file_is_reported_and_nothing_passes() {
    let scope = "\
uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43
name: SCS-test IaaS
url: https://example.com/scope.yaml
scripts: [{testcases: [{id: scs-0999-a, lifetime: decade}, {id: scs-0999-b}]}]
modules: [{id: a, targets: {main: [scs-0999-a]}}, {id: b, targets: {main: [scs-0999-b]}}]
timeline: [{date: 2026-02-01, versions: {v2: effective, v1: warn}}]
versions:
- {version: v2, stabilized_at: 2026-01-01, include: [a]}
- {version: v1, stabilized_at: 2025-01-01, include: [b]}
";
    let (_folder, paths) = files(&[scope]);
    let both = r#"{"scs-0999-a": "PASS", "scs-0999-b": "PASS"}"#;
    let (status, out, err) = evaluated(&paths[0], &[both], &["--at", "2026-11-24", "-f", "json"]);
    let document = json(&out);
    assert_eq!((status, &document["versions"]["v2"]["verdict"]), (0, &json("\"DNF\"")));
    assert_eq!((&document["verdict"], &document["best"]), (&json("\"PASS\""), &json("\"v1\"")));
    assert!(err.starts_with("error: ") && err.contains("line 4: `lifetime` is the string `decade`"), "{err}");
    let (status, _, err) = evaluated(&paths[0], &[both], &["--at", "2026-11-24", "--profile", "official"]);
    assert_eq!(status, 2);
    assert!(err.contains("has 1 error"), "{err}");
    // The other commands report it, too.
    let (status, _, err) = certificate(&["timeline", &paths[0]]);
    assert_eq!(status, 0);
    assert!(err.contains("line 4"), "{err}");
}

#[test]
fn a_timeline_of_very_many_versions_is_a_list() {
    let list = |item: &dyn Fn(usize) -> String| (0..3000).map(item).collect::<Vec<_>>().join("\n");
    let day = |it: usize| jiff::civil::date(2000, 1, 1) + jiff::Span::new().days(i64::try_from(it).unwrap());
    let scope = format!(
        "uuid: d912d0a5-826a-4b01-bafd-b48f65f76f43\nname: SCS-test IaaS\nurl: https://example.com/scope.yaml\nscripts: \
         []\nmodules: []\ntimeline:\n{}\nversions:\n{}\n",
        list(&|it| format!("- {{date: {}, versions: {{v{it}: draft}}}}", day(3000 - it))),
        list(&|it| format!("- {{version: v{it}, include: []}}")),
    );
    let (_folder, paths) = files(&[&scope]);
    let (status, out, err) = certificate(&["timeline", &paths[0]]);
    assert_eq!(status, 0);
    assert!(out.len() < 500_000 && out.lines().count() == 3001, "{} bytes", out.len());
    assert!(err.contains("more"), "{}", err.len());
}

/// A flavor name that would end the comment with the reason.
#[test]
fn text_cannot_escape_the_comments_of_a_questionnaire() {
    let breaks = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "\u{1b}[2K"];
    let name = breaks.map(|it| format!("SCS-2V-8{it}- rule: scs-0100-ecc{it}  value: ecc")).concat();
    let inventory = serde_json::json!({"kind": "cloud", "subject": name, "flavors": [{"name": name, "vcpus": 2, "ram": 8192, "disk": 0}],
        "declarations": [{"rule": "scs-0100-ecc", "value": name, "statement": name, "date": "2026-11-01"}]});
    let (_folder, paths) = files(&[&inventory.to_string()]);
    let (status, out, _) = certificate(&["questionnaire", &paths[0]]);
    assert_eq!(status, 0);
    assert!(out.contains("# now: "));
    // With the line breaks of any YAML version, every line is a comment, empty, or written by the program.
    let own = [
        "- rule: ",
        "- topic: ",
        "  value: ~",
        "  statement: \"\"",
        "  document: \"\"",
        "  date: ",
        "  valid_until: ",
        "  responsible: \"\"",
    ];
    for line in out.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        let is_own = line.is_empty() || line.starts_with('#') || own.iter().any(|own| line.starts_with(own));
        assert!(is_own && !line.contains('\u{1b}'), "{line:?}");
    }
    let filled = out.lines().filter(|line| line.contains("value:") && !line.starts_with('#'));
    assert!(filled.into_iter().all(|line| line == "  value: ~"));
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
    assert!(
        out.starts_with("# no open declarations") && out.lines().all(|line| line.starts_with('#')),
        "{out}"
    );
}
