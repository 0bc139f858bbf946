//! `--baseline` and `--fail-on`: which findings are new, and that every format and the exit status agree.

use serde_json::{Value, json};

use crate::common::{example, json as parsed, run};

const AT: [&str; 2] = ["--at", "2026-11-25"];

/// Files in a directory of their own.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, content: &Value) -> String {
        std::fs::write(self.path(name), content.to_string()).unwrap();
        self.path(name)
    }
}

/// A cloud with one flavor.
fn cloud(subject: &str, name: &str, vcpus: u32, ram: u32) -> Value {
    let flavor = json!({"id": "1", "name": name, "ram": ram, "vcpus": vcpus, "disk": 0, "extra_specs": {}});
    json!({"kind": "cloud", "subject": subject, "flavors": [flavor]})
}

fn check(only: &str, more: &[&str]) -> (i32, String, String) {
    run(&[&["check", "--only", only], &AT[..], more].concat())
}

#[test]
fn a_second_fault_of_the_same_flavor_is_new() {
    let files = Files::new();
    let old = files.write("old.json", &cloud("c", "SCS-4V-8", 4, 8000));
    let new = files.write("new.json", &cloud("c", "SCS-4V-8", 1, 8000));
    let baseline = files.path("baseline.json");
    check("semantics", &["-f", "json", "-o", &baseline, &old]);
    assert_eq!(check("semantics", &["--baseline", &baseline, &old]).0, 0);
    let (status, out, _) = check("semantics", &["--baseline", &baseline, &new]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("error: the name claims 4 vCPUs") && out.contains("error (known): "), "{out}");
    let report = files.path("report.json");
    check("semantics", &["-f", "json", "-o", &report, &new]);
    assert_eq!(run(&["diff", &baseline, &report]).0, 1, "the same as in a comparison");
}

#[test]
fn findings_of_one_subject_are_new_for_another() {
    let files = Files::new();
    let broken = files.write("a.json", &cloud("a", "SCS-2iT-4", 4, 8192));
    let intact = files.write("b.json", &cloud("b", "SCS-1V-4", 4, 8192));
    let now_broken = files.write("b2.json", &cloud("b", "SCS-2iT-4", 4, 8192));
    let baseline = files.path("baseline.json");
    check("0100-syntax", &["-f", "json", "-o", &baseline, &broken, &intact]);
    let (status, out, _) = check("0100-syntax", &["--baseline", &baseline, "-q", &broken, &now_broken]);
    assert_eq!((status, out.as_str()), (1, "a: FAIL (accepted: no new findings)\nb: FAIL\n"));
    // One baseline is not one for several subjects, and is used up by the first one of a name.
    let one = files.path("one.json");
    check("0100-syntax", &["-f", "json", "-o", &one, &broken]);
    assert_eq!(check("0100-syntax", &["--baseline", &one, &broken, &now_broken]).0, 2);
    assert_eq!(check("0100-syntax", &["--baseline", &one, &broken, &broken]).0, 1);
    let unknown = files.write("c.json", &cloud("c", "SCS-2iT-4", 4, 8192));
    let (status, _, err) = check("0100-syntax", &["--baseline", &baseline, &unknown]);
    assert!(status == 2 && err.contains("does not have the subject `c`"), "{err}");
}

#[test]
fn a_baseline_of_another_check_is_refused() {
    let files = Files::new();
    let cloud = files.write("a.json", &cloud("a", "SCS-2iT-4", 4, 8192));
    let baseline = files.path("baseline.json");
    check("0100-syntax", &["-f", "json", "-o", &baseline, "--profile", "official", &cloud]);
    let (status, _, err) = check("0100-syntax", &["--baseline", &baseline, &cloud]);
    assert!(status == 2 && err.contains("another profile: official, not text"), "{err}");
    check("0100-syntax", &["-f", "json", "-o", &baseline, &cloud]);
    let mut other = parsed(&std::fs::read_to_string(&baseline).unwrap());
    other["kind"] = "cluster".into();
    let other = files.write("other.json", &other);
    assert_eq!(check("0100-syntax", &["--baseline", &other, &cloud]).0, 2);
}

#[test]
fn what_did_not_decide_before_is_new() {
    let files = Files::new();
    let baseline = files.path("baseline.json");
    let conformant = std::fs::read_to_string(example("conformant-cloud.yaml")).unwrap();
    let undeclared: String = conformant
        .lines()
        .filter(|line| !line.starts_with("- {\"rule\": \"scs-0"))
        .fold(String::new(), |text, line| text + line + "\n");
    std::fs::write(files.path("cloud.yaml"), undeclared).unwrap();
    let cloud = files.path("cloud.yaml");
    run(&["check", "--at", "2026-11-24", "-f", "json", "-o", &baseline, &cloud]);
    let (status, _, err) =
        run(&["check", "--at", "2026-11-24", "--all-rules", "--baseline", &baseline, &cloud]);
    assert!(status == 2 && err.contains("another selection: everything, not all rules"), "{err}");
}

#[test]
fn another_property_of_a_known_flavor_is_new() {
    let files = Files::new();
    let less_memory = files.write("memory.json", &cloud("c", "SCS-4V-8", 4, 8000));
    let fewer_vcpus = files.write("vcpus.json", &cloud("c", "SCS-4V-8", 2, 8192));
    let baseline = files.path("baseline.json");
    check("semantics", &["-f", "json", "-o", &baseline, &less_memory]);
    assert_eq!(check("semantics", &["--baseline", &baseline, &fewer_vcpus]).0, 1);
}

#[test]
fn an_unanswered_test_case_beside_known_failures_is_red() {
    let image = |name: &str, built: &str| {
        json!({"id": name, "name": name, "image_build_date": built, "status": "active", "visibility": "public",
               "replace_frequency": "monthly", "provided_until": "2027-12-31"})
    };
    let images = |built: &str| json!({"kind": "cloud", "subject": "c", "images": [image("A", "2020-01-01"), image("B", built)]});
    let files = Files::new();
    let old = files.write("old.json", &images("2026-11-20"));
    let new = files.write("new.json", &images("garbage"));
    let baseline = files.path("baseline.json");
    check("image-recency", &["-f", "json", "-o", &baseline, &old]);
    let (status, xml, _) = check("image-recency", &["--baseline", &baseline, "-f", "junit", &new]);
    assert_eq!(status, 1);
    assert!(xml.contains("<error message=\"B: "), "{xml}");
}

#[test]
fn every_format_tells_known_findings_apart() {
    let files = Files::new();
    let cloud = files.write("a.json", &cloud("a", "SCS-2iT-4", 4, 8192));
    let baseline = files.path("baseline.json");
    check("0100-syntax", &["-f", "json", "-o", &baseline, &cloud]);
    for format in ["text", "json", "jsonl", "yaml", "markdown", "html", "junit", "sarif", "csv"] {
        let before = check("0100-syntax", &["-f", format, &cloud]).1;
        let (status, after, _) = check("0100-syntax", &["-f", format, "--baseline", &baseline, &cloud]);
        assert_eq!(status, 0, "{format}");
        assert_ne!(before, after, "{format}");
    }
}

#[test]
fn every_format_tells_why_a_passing_check_fails() {
    let conformant = example("conformant-cloud.yaml");
    let fail_on =
        |format: &str| run(&["check", "--at", "2026-11-24", "--fail-on", "info", "-f", format, &conformant]);
    let (status, xml, _) = fail_on("junit");
    assert!(status == 1 && xml.contains("name=\"fail-on\"") && xml.contains("failures=\"1\""), "{xml}");
    assert_eq!(parsed(&fail_on("json").1)["acceptance"]["accepted"], false);
    for format in ["text", "markdown", "html"] {
        assert!(fail_on(format).1.contains("not accepted: "), "{format}");
    }
}

#[test]
fn names_have_the_formats_and_options_of_every_check() {
    let files = Files::new();
    let names = files.path("names.txt");
    std::fs::write(&names, "SCS-2V-8\nSCS-2iT-4\nm1.small\n").unwrap();
    let formats = ["text", "json", "jsonl", "yaml", "markdown", "html", "junit", "sarif", "csv"];
    for format in formats {
        let (status, out, err) = run(&["flavor", "check", "-f", format, &names]);
        assert_eq!((status, err.as_str()), (1, ""), "{format}");
        assert!(out.contains("SCS-2iT-4"), "{format}: {out}");
    }
    assert_eq!(run(&["flavor", "check", "-q", &names]).1, "FAIL\n");
    let baseline = files.path("baseline.json");
    run(&["flavor", "check", "-f", "json", "-o", &baseline, &names]);
    assert_eq!(run(&["flavor", "check", "--baseline", &baseline, &names]).0, 0);
    std::fs::write(&names, "SCS-2V-8\nSCS-2iT-4\nSCS-2v-8\n").unwrap();
    assert_eq!(run(&["flavor", "check", "--baseline", &baseline, &names]).0, 1);
}

#[test]
fn reports_of_other_selections_are_not_compared() {
    let files = Files::new();
    let (all, some) = (files.path("all.json"), files.path("some.json"));
    let typical = example("typical-cloud.yaml");
    run(&["check", "--at", "2026-11-25", "-f", "json", "-o", &all, &typical]);
    run(&["check", "--at", "2026-11-25", "--only", "prop-architecture", "-f", "json", "-o", &some, &typical]);
    let (status, _, err) = run(&["diff", &all, &some]);
    assert!(status == 2 && err.contains("`--only`"), "{err}");
    // A report is not an inventory either.
    let (status, _, err) = run(&["check", "--at", "2026-11-25", &all]);
    assert!(status == 2 && err.contains("a report, not an inventory"), "{err}");
}

#[test]
fn entries_of_a_directory_that_are_not_read_are_named() {
    let files = Files::new();
    std::fs::copy(example("conformant-cloud.yaml"), files.path("cloud.yaml")).unwrap();
    std::fs::write(files.path("flavors.csv"), "Name\nSCS-2iT-4\n").unwrap();
    std::fs::create_dir(files.path("more")).unwrap();
    let (status, _, err) = run(&["check", "--at", "2026-11-24", files.0.path().to_str().unwrap()]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("not read: flavors.csv, more/"), "{err}");
}

#[test]
fn hints_name_the_option_that_supplies_what_is_missing() {
    let cluster = example("conformant-cluster.yaml");
    let (_, out, _) = run(&["check", "--at", "2026-11-24", &cluster]);
    assert!(out.contains("hint: `scs facts update` fetches newer releases; `--k8s-releases FILE`"), "{out}");
    let report = parsed(&run(&["check", "--at", "2026-11-24", "-f", "json", &cluster]).1);
    let hints: Vec<&Value> = report["findings"].as_array().unwrap().iter().map(|it| &it["hint"]).collect();
    assert!(hints.contains(&&json!({"facts": "kubernetes-releases"})), "{hints:?}");
}

#[test]
fn lines_added_to_a_scope_file_make_no_finding_new() {
    let files = Files::new();
    let broken = "uuid: nonsense\nname: a\nurl: x\nscripts: []\nmodules: []\ntimelin: []\nversions: []\n";
    let scope = |name: &str, text: String| {
        std::fs::write(files.path(name), text).unwrap();
        files.path(name)
    };
    let (before, baseline) = (scope("scope.yaml", broken.to_owned()), files.path("baseline.json"));
    let show = |more: &[&str]| run(&[&["certificate", "show"], more, &AT[..]].concat());
    show(&[&before, "-f", "json", "-o", &baseline]);
    assert_eq!(show(&[&before, "--baseline", &baseline]).0, 0);
    let (status, out, _) =
        show(&[&scope("later.yaml", format!("# moved\n\n{broken}")), "--baseline", &baseline]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("line 8: unknown key `timelin`"), "the line is shown: {out}");
    // The same fault of another key is new.
    let other = scope("other.yaml", broken.replace("scripts: []\n", "scripts: []\nscripst: []\n"));
    assert_eq!(show(&[&other, "--baseline", &baseline]).0, 1);
}

#[test]
fn documents_of_two_folders_stay_apart() {
    let files = Files::new();
    let [one, two] = ["one", "two"].map(|name| {
        std::fs::create_dir(files.path(name)).unwrap();
        files.path(name)
    });
    let name = "scs-0999-v1-example.md";
    let write = |folder: &str, kind: &str| {
        let front = format!("---\ntype: {kind}\nstatus: Draft\ntrack: Global\n---\n");
        std::fs::write(format!("{folder}/{name}"), front).unwrap();
    };
    let lint =
        |more: &[&str]| run(&[&["standards", "lint", one.as_str(), two.as_str()], more, &AT[..]].concat());
    let baseline = files.path("baseline.json");
    write(&one, "Standrad");
    write(&two, "Procedural");
    lint(&["-f", "json", "-o", &baseline]);
    assert_eq!(lint(&["--baseline", &baseline]).0, 0);
    write(&one, "Procedural");
    write(&two, "Standrad");
    let (status, out, _) = lint(&["--baseline", &baseline]);
    assert!(status == 1 && out.contains(&format!("{two}/{name}")), "{out}");
}
