//! `scs check` and `scs inventory` on live clusters.

use serde_json::{Value, json};

use crate::common::{json as parsed, run, scs, told, unwrapped};
use crate::live_cluster::server::ApiServer;

const AT: [&str; 2] = ["--at", "2026-10-20"];

fn server(denied: &[&'static str]) -> ApiServer {
    let server = ApiServer::start(denied);
    server.put("/api/v1/nodes/n1", json!({"metadata": {"labels": {"topology.kubernetes.io/zone": "a"}}}));
    server.put("/api/v1/namespaces/shop", json!({"metadata": {}}));
    server
}

#[test]
fn a_check_of_the_saved_inventory_says_the_same() {
    let server = server(&["ingressclasses"]);
    let (kubeconfig, saved) = (server.kubeconfig(), server.path("cluster.json").display().to_string());
    let check = |input: &[&str]| -> Value {
        let (status, out, err) = run(&[&["check", "-f", "json"], &AT[..], input].concat());
        assert_eq!(status, 1, "{err}");
        parsed(&out)
    };
    let live = check(&["--kubeconfig", &kubeconfig, "--save-inventory", &saved]);
    assert_eq!(live["collected_from"]["context"], "prod");
    assert_eq!(live["collected_from"]["user"], "system:serviceaccount:monitoring:scs");
    assert_eq!(live["unavailable"].as_object().unwrap().keys().collect::<Vec<_>>(), ["ingress_classes"]);
    assert_eq!(check(&[&saved]), live);
    let (status, _, _) = run(&["inventory", "--kubeconfig", &kubeconfig, "--at", AT[1], "-o", &saved]);
    assert_eq!(status, 0);
    assert_eq!(check(&[&saved]), live);
    assert!(server.changes().is_empty(), "{:?}", server.changes());
}

#[test]
fn the_head_names_server_user_and_coverage() {
    let server = server(&["ingressclasses", "persistentvolumes"]);
    let kubeconfig = server.kubeconfig();
    for (format, expected) in [
        ("text", "read 8 of 10 parts, without ingress_classes and persistent_volumes"),
        ("markdown", "read 8 of 10 parts, without"),
        ("html", "read 8 of 10 parts, without"),
        ("junit", "read 8 of 10 parts, without"),
        ("sarif", "read 8 of 10 parts, without"),
        ("csv", "read 8 of 10 parts"),
        ("yaml-report", "parts: 10 parts_read: 8 missing: [\"ingress_classes\", \"persistent_volumes\"]"),
    ] {
        let (_, out, _) = run(&["check", "--kubeconfig", &kubeconfig, "-f", format]);
        let flat = unwrapped(&out);
        assert!(flat.contains(expected), "{format}: {out}");
        assert!(flat.contains("system:serviceaccount:monitoring:scs"), "{format}: {out}");
    }
    let (_, out, _) = run(&["check", "--kubeconfig", &kubeconfig]);
    assert!(unwrapped(&out).contains("`scs k8s rights --kubeconfig"), "{out}");
}

#[test]
fn each_row_of_csv_names_context_server_user_and_coverage() {
    let server = server(&["ingressclasses"]);
    let (_, out, _) = run(&["check", "--kubeconfig", &server.kubeconfig(), "-f", "csv"]);
    let mut rows = csv::Reader::from_reader(out.as_bytes());
    let head = rows.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|cell| cell == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().unwrap();
    assert!(!rows.is_empty());
    for row in &rows {
        assert_eq!(row[column("context")], *"prod");
        assert!(row[column("server")].starts_with("http"), "{row:?}");
        assert_eq!(row[column("user")], *"system:serviceaccount:monitoring:scs");
        assert_eq!(row[column("coverage")], *"read 9 of 10 parts");
    }
}

#[test]
fn the_official_report_says_how_it_was_collected() {
    let server = server(&["ingressclasses"]);
    let (kubeconfig, at) = (server.kubeconfig(), AT[1]);
    let file = |name: &str| server.path(name).display().to_string();
    let (json, report, bare) = (file("check.json"), file("report.yaml"), file("bare.yaml"));
    for (format, path) in [("json", &json), ("yaml-report", &report)] {
        run(&["check", "--kubeconfig", &kubeconfig, "--at", at, "-f", format, "-o", path]);
    }
    let (status, out, err) = run(&["report", "show", "-f", "json", &report]);
    assert_eq!((status, err.as_str()), (0, ""));
    let shown = parsed(&out);
    let collection = &shown[0]["collection"];
    assert_eq!(collection["context"], "prod");
    assert_eq!((&collection["parts"], &collection["parts_read"]), (&json!(10), &json!(9)));
    assert_eq!(parsed(&run(&["report", "show", "-f", "json", &json]).1)[0]["collection"], *collection);
    let (_, out, _) = run(&["report", "show", &report]);
    assert!(unwrapped(&out).contains("read 9 of 10 parts, without ingress_classes"), "{out}");
    // It changes no result: without the key, or with an unusable one, the evaluation is the same.
    let text = std::fs::read_to_string(&report).unwrap();
    let (before, rest) = text.split_once("collection:\n").unwrap();
    let after = rest.find("\nrun:").map(|start| &rest[start + 1..]).unwrap();
    let evaluated = |path: &str| {
        run(&[
            "certificate",
            "evaluate",
            "--scope",
            "scs-compatible-kaas",
            "--results",
            path,
            "--at",
            at,
            "-f",
            "json",
        ])
    };
    let whole = evaluated(&report);
    assert_eq!(whole.2, "");
    for without in [format!("{before}{after}"), format!("{before}collection: [7]\n{after}")] {
        std::fs::write(&bare, without).unwrap();
        assert_eq!(evaluated(&bare), whole);
    }
}

#[test]
fn coverage_can_be_required() {
    let server = server(&["ingressclasses"]);
    let kubeconfig = server.kubeconfig();
    // Without a test case that decides, the verdict is not the reason.
    let saved = server.path("cluster.json").display().to_string();
    run(&["inventory", "--kubeconfig", &kubeconfig, "-o", &saved]);
    for (least, expected) in [("90", None), ("91", Some("not accepted: read less than 91% of the parts"))] {
        let (status, out, _) = run(&["check", "-q", "--fail-coverage-below", least, &saved]);
        assert_eq!(status, 1);
        assert!(expected.map_or(!out.contains("accepted"), |text| out.contains(text)), "{out}");
    }
    let (status, _, err) = run(&["check", "--fail-coverage-below", "101", &saved]);
    assert!(status == 2 && err.contains("101"), "{err}");
}

#[test]
fn a_cluster_that_cannot_be_asked_does_not_hide_the_others() {
    let server = server(&[]);
    let path = server.path("two").display().to_string();
    let mut config: Value =
        serde_json::from_str(&std::fs::read_to_string(server.path("config")).unwrap()).unwrap();
    let contexts = config["contexts"].as_array_mut().unwrap();
    contexts.push(json!({"name": "gone", "context": {"cluster": "gone", "user": "me"}}));
    let clusters = config["clusters"].as_array_mut().unwrap();
    clusters.push(json!({"name": "gone", "cluster": {"server": "http://127.0.0.1:1"}}));
    std::fs::write(&path, config.to_string()).unwrap();
    let (status, out, err) =
        run(&["check", "--kubeconfig", &path, "--context", "prod", "--context", "gone", "-f", "json"]);
    assert_eq!(status, 2);
    assert_eq!(parsed(&out)[0]["subject"], "prod");
    assert!(unwrapped(&err).contains("context `gone`: cannot reach http://127.0.0.1:1"), "{err}");
}

#[test]
fn nothing_that_can_be_read_is_an_error_and_not_an_inventory() {
    let denied = [
        "nodes",
        "storageclasses",
        "persistentvolumes",
        "namespaces",
        "daemonsets",
        "ingressclasses",
        "networkpolicies",
        "pods",
        "configmaps",
    ];
    let server = server(&denied);
    let (kubeconfig, saved) = (server.kubeconfig(), server.path("cluster.json"));
    let file = saved.display().to_string();
    for arguments in [&["inventory", "-o"][..], &["check", "--save-inventory"]] {
        let (status, out, err) = run(&[arguments, &[&file, "--kubeconfig", &kubeconfig]].concat());
        assert_eq!((status, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("hint: `scs k8s rights` prints the role"), "{err}");
        assert!(!saved.exists());
    }
}

/// The program with a home directory and without other settings.
fn at_home(home: &std::path::Path, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = scs(arguments);
    for name in std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("OS_")) {
        command.env_remove(name);
    }
    command
        .env_remove("KUBECONFIG")
        .env_remove("KUBERNETES_SERVICE_HOST")
        .env("HOME", home)
        .current_dir(home);
    told(command.envs(variables.iter().copied()).output().unwrap())
}

#[test]
fn the_current_context_is_the_default() {
    let server = server(&[]);
    let home = tempfile::tempdir().unwrap();
    let check = ["check", "-q"];
    let (status, _, err) = at_home(home.path(), &check, &[]);
    assert!(status == 2 && err.contains("nothing to check"), "{err}");
    std::fs::create_dir(home.path().join(".kube")).unwrap();
    std::fs::copy(server.path("config"), home.path().join(".kube/config")).unwrap();
    let (status, out, err) = at_home(home.path(), &check, &[]);
    assert_eq!((status, out.as_str(), err.as_str()), (1, "FAIL\n", ""));
    // Who also has clouds says what is meant.
    let clouds = "clouds: {c: {auth: {auth_url: 'http://127.0.0.1:1'}}}";
    std::fs::write(home.path().join("clouds.yaml"), clouds).unwrap();
    let (status, _, err) = at_home(home.path(), &check, &[]);
    assert!(status == 2 && err.contains("nothing to check"), "{err}");
    let kubeconfig = server.kubeconfig();
    let (status, out, _) = at_home(home.path(), &check, &[("KUBECONFIG", &kubeconfig)]);
    assert_eq!((status, out.as_str()), (1, "FAIL\n"));
    let (status, _, err) = at_home(home.path(), &check, &[("KUBECONFIG", &kubeconfig), ("OS_CLOUD", "c")]);
    assert!(status == 2 && err.contains("select one of them with `--os-cloud` or `--context`"), "{err}");
}

#[test]
fn a_pod_asks_its_own_cluster() {
    let home = tempfile::tempdir().unwrap();
    let pod = [("KUBERNETES_SERVICE_HOST", "127.0.0.1"), ("KUBERNETES_SERVICE_PORT", "1")];
    for command in ["check", "inventory"] {
        let (status, _, err) = at_home(home.path(), &[command], &pod);
        assert!(status == 2 && err.contains("the service account of this pod"), "{command}: {err}");
    }
}
