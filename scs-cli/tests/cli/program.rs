//! The program as a whole: help, completions, manual, colors.

use crate::common::{run, scs};

#[test]
fn help() {
    for (name, arguments) in [
        ("scs", &["--help"][..]),
        ("parse", &["flavor", "parse", "--help"]),
        ("check", &["flavor", "check", "--help"]),
        ("convert", &["flavor", "convert", "--help"]),
        ("compare", &["flavor", "compare", "--help"]),
        ("flavor", &["flavor", "--help"]),
        ("generate", &["flavor", "generate", "--help"]),
        ("list", &["flavor", "list", "--help"]),
        ("find", &["flavor", "find", "--help"]),
        ("gpu", &["flavor", "gpu", "--help"]),
        ("repair", &["flavor", "repair", "--help"]),
        ("standards", &["standards", "--help"]),
        ("schema", &["standards", "schema", "--help"]),
        ("completions", &["completions", "--help"]),
        ("man", &["man", "--help"]),
    ] {
        let (status, out, err) = run(arguments);
        assert_eq!((status, err.as_str()), (0, ""));
        insta::assert_snapshot!(format!("help_{name}"), out);
    }
}

#[test]
fn the_version_names_the_dates_of_all_facts() {
    for short in [&["-V"][..], &["flavor", "-V"]] {
        let (status, out, _) = run(short);
        assert!(status == 0 && out.ends_with(&format!(" {}\n", env!("CARGO_PKG_VERSION"))), "{out}");
        assert_eq!(out.lines().count(), 1);
    }
    let (status, out, err) = run(&["--version"]);
    assert_eq!((status, err.as_str()), (0, ""));
    insta::assert_snapshot!("version", out);
    assert!(run(&["flavor", "--version"]).1.contains("Kubernetes releases"));
}

#[test]
fn completions_and_manual() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (status, out, _) = run(&["completions", shell]);
        assert!(status == 0 && out.contains("flavor"), "{shell}");
    }
    let (status, out, _) = run(&["man"]);
    assert!(status == 0 && out.contains(".TH scs 1"), "{out}");
    let directory = tempfile::tempdir().unwrap();
    let (status, _, _) = run(&["man", directory.path().to_str().unwrap()]);
    assert_eq!(status, 0);
    assert!(directory.path().join("scs-flavor-parse.1").exists());
}

#[test]
fn colors() {
    let colored = |arguments: &[&str]| {
        let output = scs(arguments).output().unwrap();
        output.stdout.contains(&0x1b) || output.stderr.contains(&0x1b)
    };
    assert!(!colored(&["flavor", "parse", "SCS-2V-4", "SCS-2v-4"]), "a pipe is not a terminal");
    assert!(colored(&["--color", "always", "flavor", "parse", "SCS-2V-4"]));
    assert!(colored(&["flavor", "parse", "SCS-2v-4", "--color=always"]));
    assert!(!colored(&["flavor", "parse", "SCS-2v-4", "--color=never"]));
}
