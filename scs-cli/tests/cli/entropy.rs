//! `scs entropy`: consoles, probes and user data.

use std::fs;

use serde_json::{Value, json};

use crate::common::{example, json, rule, run, run_with};
use crate::schema::valid;

const AT: [&str; 2] = ["--at", "2026-11-24"];

fn check(more: &[&str], input: &str) -> (i32, String, String) {
    run_with(&[&["entropy", "check", "-"], &AT[..], more].concat(), input)
}

fn checked(more: &[&str], input: &str) -> (i32, Value) {
    let (status, out, err) = check(&[&["-f", "json"], more].concat(), input);
    assert_eq!(err, "");
    let document = json(&out);
    valid("check", [document.clone()]);
    (status, document)
}

/// The example with other figures of `rngtest`.
fn console(failures: u32) -> String {
    let text = fs::read_to_string(example("console-output.txt")).unwrap();
    let successes = format!("successes: {}", 1_000 - failures);
    text.replace("successes: 999", &successes)
        .replace("failures: 1", &format!("failures: {failures}"))
        .replace("Long run: 1", &format!("Long run: {failures}"))
}

#[test]
fn what_people_read() {
    let file = example("console-output.txt");
    let on = |more: &[&str]| run(&[&["entropy", "check", &file], &AT[..], more].concat()).1;
    insta::assert_snapshot!("entropy_check", on(&[]));
    insta::assert_snapshot!("entropy_check_all", on(&["--all"]));
    insta::assert_snapshot!("entropy_check_markdown", on(&["-f", "markdown"]));
    insta::assert_snapshot!("entropy_check_failing", check(&[], &console(5)).1);
    let old =
        console(4).replace("entropy-avail: 256", "entropy-avail: 3412").replace("6.8.0-45", "5.4.0-190");
    insta::assert_snapshot!(
        "entropy_check_old",
        check(&["--revision", "1.0", "--profile", "official"], &old).1
    );
    insta::assert_snapshot!("entropy_userdata", run(&["entropy", "userdata"]).1);
    insta::assert_snapshot!(
        "entropy_userdata_program",
        run(&["entropy", "userdata", "--program", "/opt/my scs"]).1
    );
}

#[test]
fn help() {
    for (name, arguments) in [
        ("entropy", &["entropy", "--help"][..]),
        ("entropy_probe", &["entropy", "probe", "--help"]),
        ("entropy_check", &["entropy", "check", "--help"]),
        ("entropy_userdata", &["entropy", "userdata", "--help"]),
    ] {
        let (status, out, err) = run(arguments);
        assert_eq!((status, err.as_str()), (0, ""));
        insta::assert_snapshot!(format!("help_{name}"), out);
    }
}

#[test]
fn statuses_and_profiles() {
    for (failures, text, official) in [(3, 0, 0), (5, 1, 0), (6, 1, 1)] {
        assert_eq!(checked(&[], &console(failures)).0, text, "{failures}");
        assert_eq!(checked(&["--profile", "official"], &console(failures)).0, official, "{failures}");
    }
    let (_, document) = checked(&[], &console(5));
    assert_eq!(document["results"]["scs-0101-fips-test"], "FAIL");
    let finding = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["rule"] == "scs-0101-fips-test")
        .unwrap();
    assert_eq!(finding["other_profile"], json!({"result": "PASS", "difference": "C-059"}));
    for (input, message) in [
        ("", "the console output is empty"),
        ("vm login: ", "is missing in 1 line"),
        ("{\"output\": 7}", "`output`"),
        ("{\"kind\": \"cloud\"}", "an object with `kind`"),
    ] {
        let (status, out, err) = check(&[], input);
        assert_eq!((status, out.as_str()), (2, ""), "{input}");
        assert!(err.contains(message) && err.contains("hint"), "{err}");
    }
    assert_eq!(run(&["entropy", "check", "no-such-file"]).0, 2);
    assert_eq!(check(&["--revision", "2"], &console(0)).0, 2);
}

#[test]
fn invalid_utf_8_on_the_console_is_accepted() {
    let bytes = [b"\xa9\xff ".as_slice(), console(0).as_bytes(), b"\xe2\x97"].concat();
    let (status, _, err) = run_with(&["entropy", "check", "-"], bytes);
    assert_eq!((status, err.as_str()), (0, ""));
}

#[test]
fn revision_1_0_looks_at_flavors_and_images() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &Value| {
        let path = directory.path().join(name);
        fs::write(&path, content.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let flavors = file("flavors.json", &json!({"flavors": [{"name": "a b", "extra_specs": {}}]}));
    let images = file("images.json", &json!({"images": [{"name": "Debian 12", "hw_rng_model": "virtio"}]}));
    let hosts = file("hosts.json", &json!([{"name": "one", "cpu_flags": "rdrand rdseed sse2"}]));
    let with = ["--flavors", &flavors, "--images", &images, "--host-facts", &hosts];
    let (status, document) = checked(&[&["--revision", "1.0"], &with[..]].concat(), &console(0));
    assert_eq!(status, 0, "what only 1.0 asks for decides nothing");
    assert_eq!(document["results"]["scs-0101-flavor-property"], "FAIL");
    assert_eq!(document["results"]["scs-0101-image-property"], "PASS");
    assert_eq!(rule(&document, "scs-0101-cpu-rng-unfiltered"), "PASS");
    assert!(document.to_string().contains("openstack flavor set --property hw_rng:allowed=True 'a b'"));
    // Withdrawn rules have no result.
    let (_, document) = checked(&with, &console(0));
    assert_eq!(document["results"]["scs-0101-flavor-property"], Value::Null);
    assert_eq!(document["results"]["scs-0101-fips-test"], "PASS");
}

/// A probe of this machine in all formats, through the other commands. The result depends on the machine.
#[test]
fn a_probe_is_read_by_the_other_commands() {
    let directory = tempfile::tempdir().unwrap();
    let zeros = directory.path().join("zeros");
    fs::write(&zeros, vec![0; 4 + 2_500 * 1_000]).unwrap();
    let device = zeros.to_str().unwrap();
    let (status, out, err) = run(&["entropy", "probe", "--device", device, "-f", "json"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let document = json(&out);
    valid("entropy-probe", [document.clone()]);
    assert_eq!(document["fips"]["failures"], 1_000);
    assert_eq!(checked(&[], &out).1["results"]["scs-0101-fips-test"], "FAIL");
    let (status, lines, _) = run(&["entropy", "probe", "--device", device, "--markers"]);
    assert_eq!(status, 0);
    assert_eq!(checked(&[], &lines).1["rules"], checked(&[], &out).1["rules"]);
    let inventory = json!({"kind": "cloud", "console_output": document}).to_string();
    let (_, out, _) = run_with(&["check", "-", "-f", "json", "--at", "2026-11-24"], inventory);
    assert_eq!(json(&out)["results"]["scs-0101-fips-test"], "FAIL");
    let (status, out, _) = run(&["entropy", "probe", "--device", device]);
    assert_eq!(status, 1);
    assert!(out.contains(&format!("1000 of 1000 blocks from {device}")), "{out}");
    assert!(
        out.starts_with("PASS  scs-0101-entropy-avail: ") || out.contains("\nFAIL  scs-0101-fips-test: "),
        "{out}"
    );
    assert!(!out.contains("scs-0101-rngd"), "{out}");
    // Too little data and a missing device are reported.
    fs::write(&zeros, vec![0; 10_000]).unwrap();
    let (_, out, _) = run(&["entropy", "probe", "--device", device, "-f", "json"]);
    assert!(json(&out)["problems"].to_string().contains("ended after 3 blocks"), "{out}");
    assert_eq!(run(&["entropy", "probe", "--device", "/no/such/device"]).0, 2);
    assert_eq!(run(&["entropy", "probe", "--blocks", "0"]).0, 2);
}

#[test]
fn user_data_are_yaml() {
    for arguments in [
        &[][..],
        &["--program", "/usr/bin/scs"],
        &["--url", "https://example.com/scs"],
        &["--package", "rng-tools-debian"],
    ] {
        let (status, out, err) = run(&[&["entropy", "userdata"], arguments].concat());
        assert_eq!((status, err.as_str()), (0, ""));
        let document: Value = serde_saphyr::from_str(&out).unwrap();
        assert!(document["runcmd"].as_array().is_some_and(|commands| !commands.is_empty()), "{out}");
        if arguments.contains(&"--url") {
            assert!(out.contains("/usr/local/bin/scs") && out.contains("could not be fetched"), "{out}");
        }
    }
    assert_eq!(run(&["entropy", "userdata", "--url", "x", "--program", "y"]).0, 2);
}
