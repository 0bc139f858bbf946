//! The script that collects a cluster, run in the system's shell with a fake `kubectl`.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use scs_k8s_policy::{COLLECT_SCRIPT, Cluster, ServerVersion};
use scs_standards::Given;
use serde_json::Value;

/// The directory of a test.
fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("collect-{test}"));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).expect("a directory");
    directory
}

/// The script's output, and its requests.
fn run(test: &str, arguments: &[&str]) -> (Output, Vec<String>) {
    run_against("", test, arguments)
}

/// Like `collect`, with this behavior of the API server.
fn run_against(server: &str, test: &str, arguments: &[&str]) -> (Output, Vec<String>) {
    let directory = directory(test);
    let (script, log) = (directory.join("collect-cluster.sh"), directory.join("asked"));
    std::fs::write(&script, COLLECT_SCRIPT).expect("the script");
    let fake = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fake");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("/bin/sh")
        .arg(&script)
        .args(arguments)
        .env("PATH", format!("{}:{path}", fake.display()))
        .env("FAKE_LOG", &log)
        .env("FAKE_SERVER", server)
        .env("TMPDIR", &directory)
        .output()
        .expect("a shell");
    let asked = std::fs::read_to_string(&log).unwrap_or_default();
    // Temporary files are deleted.
    let left: Vec<_> = std::fs::read_dir(&directory).expect("the directory").flatten().collect();
    let left = left.iter().filter(|entry| entry.path().is_dir()).count();
    assert_eq!(left, 0, "something is left behind");
    (output, asked.lines().map(str::to_owned).collect())
}

fn inventory(output: &Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn missing_parts_have_a_reason() {
    let (output, _) = run("parts", &["--kubelets"]);
    let inventory = inventory(&output);
    let parts: BTreeSet<&str> =
        inventory.as_object().expect("a mapping").keys().map(String::as_str).collect();
    let expected = BTreeSet::from([
        "kind",
        "collected_at",
        "version",
        "api_resources",
        "nodes",
        "storage_classes",
        "persistent_volumes",
        "namespaces",
        "pods",
        "daemon_sets",
        "ingress_classes",
        "network_policies",
        "kubelet_configs",
    ]);
    assert_eq!(parts, expected);
    assert_eq!(inventory["kind"], "cluster");
    let at = inventory["collected_at"].as_str().expect("a time");
    assert!(at.parse::<jiff::Timestamp>().is_ok(), "{at}");
    let resources: Vec<&str> = inventory["api_resources"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|list| list["groupVersion"].as_str().unwrap_or("groups"))
        .collect();
    assert_eq!(resources, ["groups", "networking.k8s.io/v1", "policy.networking.k8s.io/v1alpha2"]);
    assert_eq!(inventory["pods"]["items"][0]["metadata"]["name"], "of-the-system");
    assert_eq!(inventory["kubelet_configs"]["a"]["kubeletconfig"]["readOnlyPort"], 0);
    // The last meaningful line, without parts of a truncated answer.
    for (part, reason) in [
        ("/daemon_sets", "first line; Unable to connect to the server: dial tcp: i/o timeout ???\"x\""),
        ("/ingress_classes", "kubectl failed and gave no reason"),
        ("/network_policies", "kubectl printed nothing"),
        (
            "/kubelet_configs/b",
            r#"Error from server (Forbidden): nodes "b" is forbidden: User "r\x" cannot get resource "nodes/proxy""#,
        ),
    ] {
        let unavailable = inventory.pointer(part).expect("the part");
        assert_eq!(unavailable["unavailable"], reason, "{part}");
        assert_eq!(unavailable.as_object().map(serde_json::Map::len), Some(1), "{part}");
    }
}

#[test]
fn its_output_is_a_valid_inventory() {
    let (output, _) = run("read", &[]);
    let inventory = inventory(&output);
    let text = |part: &str| inventory.get(part).map(Value::to_string);
    let nodes = text("nodes").expect("nodes");
    let version = text("version").expect("a version");
    let cluster = Cluster::read(|part| match part {
        "nodes" => Given::Data(nodes.as_str()),
        "version" => Given::Data(version.as_str()),
        _ => Given::Missing,
    });
    assert_eq!(cluster.version.data().map(ServerVersion::as_str), Some("v1.36.2"));
    assert_eq!(cluster.nodes.data().map(|nodes| nodes.entries().len()), Some(2));
}

#[test]
fn it_only_reads() {
    let (output, asked) = run(
        "reads",
        &["--context", "a b", "--kubeconfig=/x y", "--timeout", "5s", "--all-pods", "--kubelets"],
    );
    assert_eq!(inventory(&output)["pods"]["items"].as_array().map(Vec::len), Some(0));
    assert!(asked.len() > 12, "{asked:?}");
    for line in &asked {
        if let Some(proxy) = line.strip_prefix("--context=a b --kubeconfig=/x y proxy ") {
            assert!(proxy.ends_with(
                "/kubelets --accept-paths=^/api/v1/nodes/[-a-z0-9.]+/proxy/configz$ --reject-methods=^([^G]|G[^E]|GE[^T])"
            ));
            continue;
        }
        let rest = line.strip_prefix("--request-timeout=5s --context=a b --kubeconfig=/x y get ");
        let rest = rest.expect("the connection, and `get`");
        assert!(!rest.contains("secret") && !rest.contains("configmap"), "{line}");
    }
}

#[test]
fn invalid_arguments_are_errors() {
    for (arguments, reason) in
        [(["--contxt"].as_slice(), "unknown argument --contxt"), (&["--context"], "--context needs a value")]
    {
        let (output, asked) = run("wrong", arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(reason), "{output:?}");
        assert!(output.stdout.is_empty() && asked.is_empty());
    }
    let (output, _) = run("help", &["--help"]);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("--all-pods"));
}

#[test]
fn unauthenticated_users_get_an_error_at_once() {
    let (output, asked) = run_against("nobody", "nobody", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "{output:?}");
    assert_eq!(asked.len(), 1, "{asked:?}");
    // All of kubectl's output, since the reason need not be in its last line.
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("login failed: session expired; error: You must be logged in"), "{told}");
    assert!(!told.contains("memcache"), "{told}");
}

#[test]
fn users_without_permissions_get_an_error_at_the_end() {
    let (output, _) = run_against("denies", "denies", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("only the version could be read"));
    let inventory: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(inventory["nodes"]["unavailable"].as_str().is_some_and(|reason| reason.contains("Forbidden")));
}

#[test]
fn it_shows_progress_unless_quiet() {
    let (output, _) = run("tells", &["--kubelets"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("collect-cluster.sh: nodes\n") && told.contains("kubelets"), "{told}");
    let (output, asked) = run("quiet", &["--quiet"]);
    assert!(output.stderr.is_empty());
    assert!(!asked.iter().any(|line| line.contains("proxy")), "{asked:?}");
    assert!(inventory(&output).get("kubelet_configs").is_none());
}

/// No answer of an API server can break out of its value or be used as a path.
#[test]
fn answers_cannot_break_out_of_their_value() {
    let (output, _) = run_against("hostile", "hostile", &[]);
    let inventory = inventory(&output);
    assert_eq!(inventory["version"]["unavailable"], "the answer is not JSON");
    assert!(inventory.get("declarations").is_none());
    assert_eq!(inventory["nodes"]["items"].as_array().map(Vec::len), Some(2));
}

#[test]
fn node_names_are_not_used_as_paths_or_keys() {
    let (output, asked) = run_against("names", "names", &["--kubelets"]);
    let inventory = inventory(&output);
    assert!(inventory.get("declarations").is_none());
    let kubelets = inventory["kubelet_configs"].as_object().expect("a mapping");
    assert_eq!(kubelets.len(), 4, "{kubelets:?}");
    assert_eq!(kubelets["a"]["kubeletconfig"]["readOnlyPort"], 0);
    assert!(
        kubelets["(node 3)"]["unavailable"].as_str().is_some_and(|why| why.contains("not a valid node name"))
    );
    assert!(!asked.iter().any(|line| line.contains("secrets")), "{asked:?}");
}

#[test]
fn a_kubelet_error_is_not_a_server_error() {
    let (output, _) = run_against("refuses", "refuses", &["--kubelets"]);
    let why = inventory(&output)["kubelet_configs"]["a"]["unavailable"].clone();
    assert_eq!(why, "the kubelet rejected the credentials of the API server");
}

/// One kubectl and one curl for all kubelets.
#[test]
fn kubelets_are_asked_through_one_proxy() {
    let (output, asked) = run_against("proxy", "proxy", &["--kubelets", "--timeout=2m"]);
    let inventory = inventory(&output);
    let kubelets = &inventory["kubelet_configs"];
    assert_eq!(kubelets["a"]["kubeletconfig"]["readOnlyPort"], 0);
    for (node, reason) in [
        ("b", r#"nodes "b" is forbidden: User "r\x" cannot get"#),
        ("c", "the kubelet rejected the credentials of the API server"),
        ("(node 4)", "not a valid node name"),
        ("d", "Operation timed out after 5000 milliseconds"),
        ("e", "the answer is not JSON"),
        ("f", "HTTP status 503"),
        ("g", "no answer"),
    ] {
        assert_eq!(kubelets[node]["unavailable"], reason, "{node}");
    }
    assert_eq!(asked.iter().filter(|line| line.contains("proxy --unix-socket=")).count(), 1, "{asked:?}");
    let curls: Vec<&String> = asked.iter().filter(|line| line.starts_with("curl -q")).collect();
    assert_eq!(curls.len(), 1, "{asked:?}");
    assert!(curls[0].contains("--unix-socket kubelets") && curls[0].contains("--max-time 120"), "{curls:?}");
    let urls = asked.iter().filter_map(|line| line.strip_prefix("curl url "));
    for url in urls {
        assert!(
            url.starts_with("http://localhost/api/v1/nodes/") && url.ends_with("/proxy/configz"),
            "{url}"
        );
    }
    assert!(!asked.iter().any(|line| line.contains("get --raw /api/v1/nodes")), "{asked:?}");
}

#[test]
fn a_failing_curl_leaves_no_answers() {
    let (output, _) = run_against("broken-proxy", "broken-proxy", &["--kubelets"]);
    let inventory = inventory(&output);
    assert_eq!(inventory["kubelet_configs"]["a"]["unavailable"], "no answer");
    assert_eq!(inventory["nodes"]["items"].as_array().map(Vec::len), Some(2));
}

#[cfg(unix)]
#[test]
fn the_output_file_is_private() {
    use std::os::unix::fs::PermissionsExt;

    let file = directory("file-itself").join("cluster.json");
    let (output, _) = run("file", &[&format!("--output={}", file.display())]);
    assert!(output.status.success() && output.stdout.is_empty());
    let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).expect("the file");
    assert!(serde_json::from_str::<Value>(&text).is_ok());
}
