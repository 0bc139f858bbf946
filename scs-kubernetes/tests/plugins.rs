//! Credential plug-ins: their protocol, deadlines and failures.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod mock;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mock::tls::Authority;
use mock::{
    MockServer, NOW, Reply, TOKEN, configured_with, kubeconfig, open, open_with, options, review, usual,
    version,
};
use scs_kubernetes::{
    Environment, Event, Extent, Kubeconfigs, OpenError, Options, Overrides, PluginError, Session, collect,
};
use serde_json::{Value, json};

const V1: &str = "client.authentication.k8s.io/v1";

/// A secret that a plug-in prints.
const SECRET: &str = "planted-secret-Wm5";

/// A user with a shell script as plug-in.
fn exec(script: &str) -> Value {
    exec_with(script, &json!({}))
}

/// The same with further keys.
fn exec_with(script: &str, further: &Value) -> Value {
    let mut exec =
        json!({"apiVersion": V1, "interactiveMode": "Never", "command": "/bin/sh", "args": ["-c", script]});
    for (key, value) in further.as_object().unwrap() {
        exec[key] = value.clone();
    }
    json!({"exec": exec})
}

/// A script that prints credentials.
fn printing(status: &Value) -> String {
    let credential = json!({"kind": "ExecCredential", "apiVersion": V1, "status": status});
    format!("printf %s '{credential}'")
}

fn good() -> String {
    printing(&json!({"token": TOKEN}))
}

async fn opened(user: &Value) -> Result<Session, OpenError> {
    opened_with(user, &options()).await
}

async fn opened_with(user: &Value, options: &Options) -> Result<Session, OpenError> {
    let server = MockServer::start(usual).await;
    open_with(&server.configured(&json!({}), user), options).await
}

/// The message of a failing plug-in, which must not contain the secret.
async fn message(user: &Value) -> String {
    let error = opened(user).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, OpenError::Plugin(_)), "{text}");
    assert!(!format!("{text} {error:?}").contains(SECRET), "{text} {error:?}");
    let start = text.find("mock.conf, user `me`: ");
    assert!(start.is_some(), "{text}");
    text[start.unwrap()..].replace("mock.conf, user `me`: the credential plug-in `/bin/sh` ", "")
}

#[tokio::test]
async fn a_token_is_used() {
    let session = opened(&exec(&good())).await.unwrap();
    assert_eq!(session.user().unwrap().username, "me@example.org");
    assert!(!format!("{session:?} {:?}", session.cluster()).contains(TOKEN));
}

#[tokio::test]
async fn a_certificate_is_used() {
    let authority = Authority::new();
    let me = authority.client(2040);
    let server = MockServer::start_with_tls(authority.server("127.0.0.1", Some(&authority)), usual).await;
    let status = json!({"clientCertificateData": me.certificate, "clientKeyData": me.key});
    open(&server.configured(&authority.keys(), &exec(&printing(&status)))).await.unwrap();
    assert!(server.requests().iter().all(|request| request.has_certificate));
}

#[tokio::test]
async fn credentials_have_to_be_usable() {
    for (status, expected) in [
        (
            json!({"clientCertificateData": SECRET, "clientKeyData": SECRET}),
            "an `ExecCredential` whose certificate or key is not PEM",
        ),
        (
            json!({"clientCertificateData": "x"}),
            "an `ExecCredential` with neither a token nor a certificate and its key",
        ),
        (
            json!({"token": format!("{SECRET} x")}),
            "an `ExecCredential` with a token that has spaces or other characters that no token has",
        ),
    ] {
        assert_eq!(
            message(&exec(&printing(&status))).await,
            format!("printed {expected}; expected an `ExecCredential`")
        );
    }
}

/// Whether a process of this number exists, other than as a zombie.
fn runs(pid: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !status.is_empty() && !status.contains(") Z ")
}

async fn gone(pids: &Path) {
    let pids = std::fs::read_to_string(pids).unwrap();
    assert!(!pids.is_empty());
    let start = Instant::now();
    while pids.lines().any(runs) {
        assert!(start.elapsed() < Duration::from_secs(10), "still running: {pids}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn one_that_hangs_is_stopped_with_its_children() {
    let dir = tempfile::tempdir().unwrap();
    let pids = dir.path().join("pids");
    let script = format!(
        "echo 'waiting for you' >&2; sleep 600 & echo $! > {0}; echo $$ >> {0}; wait",
        pids.display()
    );
    let mut options = options();
    options.plugin_timeout = Duration::from_millis(1500);
    let start = Instant::now();
    let error = opened_with(&exec(&script), &options).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(10));
    let text = error.to_string();
    assert!(text.ends_with("`/bin/sh` did not end within 1.5 s: waiting for you"), "{text}");
    gone(&pids).await;
}

#[tokio::test]
async fn one_that_ends_is_stopped_if_its_children_keep_the_output() {
    let dir = tempfile::tempdir().unwrap();
    let pids = dir.path().join("pids");
    let script = format!("sleep 600 & echo $! > {}; {}", pids.display(), good());
    let mut options = options();
    options.plugin_timeout = Duration::from_millis(1500);
    let error = opened_with(&exec(&script), &options).await.unwrap_err();
    assert!(matches!(error, OpenError::Plugin(PluginError::Timeout { .. })), "{error}");
    gone(&pids).await;
}

#[tokio::test]
async fn an_interrupted_session_stops_its_plugin() {
    let dir = tempfile::tempdir().unwrap();
    let pids = dir.path().join("pids");
    let script = format!("sleep 600 & echo $! > {0}; echo $$ >> {0}; wait", pids.display());
    let user = exec(&script);
    let has_started = async {
        while std::fs::read_to_string(&pids).unwrap_or_default().lines().count() < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        _ = opened(&user) => unreachable!("it sleeps"),
        () = has_started => {}
    }
    gone(&pids).await;
}

#[tokio::test]
async fn the_last_words_of_one_that_fails_are_quoted() {
    let script = "for i in 1 2 3 4; do echo \"line $i\" >&2; done; printf 'session expired' >&2; exit 7";
    assert_eq!(message(&exec(script)).await, "failed (exit status: 7): line 3; line 4; session expired");
    assert_eq!(message(&exec("exit 1")).await, "failed (exit status: 1)");
    assert_eq!(message(&exec("kill -9 $$")).await, "failed (signal: 9 (SIGKILL))");
}

#[tokio::test]
async fn tokens_in_the_words_are_left_out() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.planted-secret-Wm5";
    assert_eq!(
        message(&exec(&format!("echo 'cached token: {token}' >&2; exit 1"))).await,
        "failed (exit status: 1): cached token: …"
    );
}

#[tokio::test]
async fn unexpected_output_is_described_and_not_shown() {
    for (script, expected) in [
        ("echo '<html>planted-secret-Wm5</html>'", "HTML"),
        ("echo planted-secret-Wm5", "text that is not JSON"),
        ("echo '{\"token\": \"planted-secret-Wm5\"'", "broken JSON (line 2)"),
        ("echo '{\"token\": \"planted-secret-Wm5\"}'", "a JSON object of another kind"),
        ("echo '\"planted-secret-Wm5\"'", "text that is not JSON"),
        ("true", "nothing"),
    ] {
        assert_eq!(message(&exec(script)).await, format!("printed {expected}; expected an `ExecCredential`"));
    }
    let beta = printing(&json!({"token": SECRET})).replace("/v1", "/v1beta1");
    assert_eq!(
        message(&exec(&beta)).await,
        "printed an `ExecCredential` of the version `client.authentication.k8s.io/v1beta1` instead of `client.authentication.k8s.io/v1`; expected an `ExecCredential`"
    );
}

#[tokio::test]
async fn a_missing_program_is_named_with_its_hint() {
    let user = exec_with(
        "",
        &json!({"command": "no-such-plugin-Kx3", "installHint": "Install it with\nsecond line"}),
    );
    assert_eq!(
        message(&user).await,
        "mock.conf, user `me`: cannot run the credential plug-in `no-such-plugin-Kx3`: No such file or directory (os error 2); Install it with"
    );
}

#[tokio::test]
async fn one_that_has_to_ask_needs_a_terminal() {
    let user = exec_with(&good(), &json!({"interactiveMode": "Always"}));
    assert_eq!(
        message(&user).await,
        "has to ask (`interactiveMode: Always`), but standard input is not a terminal"
    );
    let mut options = options();
    options.interactive = true;
    opened_with(&user, &options).await.unwrap();
    // The others get no input, even if there is a terminal.
    let never = exec_with(&format!("read line && exit 3; {}", good()), &json!({}));
    opened_with(&never, &options).await.unwrap();
}

/// What a plug-in with these keys receives in `KUBERNETES_EXEC_INFO`.
async fn received(cluster: &Value, further: &Value, overrides: &Overrides) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("info");
    let script = format!("printf %s \"$KUBERNETES_EXEC_INFO\" > {}; {}", path.display(), good());
    let server = MockServer::start(usual).await;
    let config = configured_with(&server.address, cluster, &exec_with(&script, further), &[], overrides);
    let _ = open(&config).await;
    let mut info: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    if let Some(found) = info["spec"]["cluster"]["server"].as_str() {
        info["spec"]["cluster"]["server"] = json!(found.replace(&server.address, "SERVER"));
    }
    info
}

#[tokio::test]
async fn a_plugin_is_told_what_it_runs_for() {
    assert_eq!(
        received(&json!({}), &json!({}), &Overrides::default()).await,
        json!({"apiVersion": V1, "kind": "ExecCredential", "spec": {"interactive": false}})
    );
}

#[tokio::test]
async fn the_cluster_is_passed_if_it_is_asked_for() {
    let authority = Authority::new();
    let mut cluster = authority.keys();
    let data = cluster["certificate-authority-data"].clone();
    cluster["tls-server-name"] = json!("k.example");
    cluster["extensions"] = json!([
        {"name": "other", "extension": 1},
        {"name": "client.authentication.k8s.io/exec", "extension": {"audience": "a"}},
    ]);
    let asked = json!({"provideClusterInfo": true});
    let info = received(&cluster, &asked, &Overrides::default()).await;
    assert_eq!(
        info["spec"]["cluster"],
        json!({
            "server": "SERVER", "certificate-authority-data": data, "tls-server-name": "k.example",
            "config": {"audience": "a"},
        })
    );
    // It is the cluster of the options.
    let mut overrides = Overrides::default();
    overrides.insecure_skip_tls_verify = true;
    overrides.tls_server_name = Some("l.example".to_owned());
    let info = received(&authority.keys(), &asked, &overrides).await;
    assert_eq!(
        info["spec"]["cluster"],
        json!({"server": "SERVER", "insecure-skip-tls-verify": true, "tls-server-name": "l.example"})
    );
}

#[tokio::test]
async fn variables_of_the_kubeconfig_are_set() {
    let script = format!("test \"$ACCOUNT\" = prod && test -n \"$PATH\" && {}", good());
    let env = json!({"env": [{"name": "ACCOUNT", "value": "prod"}, {"name": "EMPTY"}]});
    opened(&exec_with(&script, &env)).await.unwrap();
}

#[tokio::test]
async fn a_relative_command_is_beside_the_kubeconfig() {
    let server = MockServer::start(usual).await;
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("bin")).unwrap();
    // Another process writes it: a program that this one has open for writing cannot be started.
    let mut writer = Command::new("/bin/sh")
        .args(["-c", "cat > bin/get-token && chmod 755 bin/get-token"])
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    writer.stdin.take().unwrap().write_all(format!("#!/bin/sh\n{}\n", good()).as_bytes()).unwrap();
    assert!(writer.wait().unwrap().success());
    let user = exec_with("", &json!({"command": "bin/get-token", "args": null}));
    std::fs::write(dir.path().join("config"), kubeconfig(&server.address, &json!({}), &user)).unwrap();
    let environment = Environment::new(dir.path(), [("KUBECONFIG", "config")]);
    let config = Kubeconfigs::read(&environment, &Overrides::default()).unwrap().cluster(None).unwrap();
    open(&config).await.unwrap();
}

#[tokio::test]
async fn floods_are_limited() {
    let start = Instant::now();
    assert_eq!(
        message(&exec("yes planted-secret-Wm5")).await,
        "printed more than 1 MiB; expected an `ExecCredential`"
    );
    // It does not fail because of much standard error, whether in many lines or in one.
    let lines = Arc::new(Mutex::new(0));
    let count = Arc::clone(&lines);
    let options = options().with_progress(move |event| {
        if let Event::Said(_, line) = event {
            assert!(line.len() <= 310, "{}", line.len());
            *count.lock().unwrap() += 1;
        }
    });
    for script in ["yes | head -c 8000000 >&2", "head -c 8000000 /dev/zero | tr '\\0' x >&2"] {
        opened_with(&exec(&format!("{script}; {}", good())), &options).await.unwrap();
    }
    assert_eq!(*lines.lock().unwrap(), 1_001);
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn the_words_are_passed_on_as_they_come() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&lines);
    let options = options().with_progress(move |event| {
        if let Event::Said(_, line) = event {
            told.lock().unwrap().push(line.to_owned());
        }
    });
    let script = format!("printf 'open \\033[1mhttps://login.example\\n\\n' >&2; {}", good());
    opened_with(&exec(&script), &options).await.unwrap();
    assert_eq!(*lines.lock().unwrap(), ["open [1mhttps://login.example"]);
}

#[tokio::test]
async fn a_given_token_takes_precedence() {
    let server = MockServer::start(|request| match request.path.as_str() {
        "/version" => Reply::json(&version()),
        _ => review(request.header("authorization").unwrap(), &[]),
    })
    .await;
    let mut user = exec("exit 1");
    user["token"] = json!("given");
    let session = open(&server.configured(&json!({}), &user)).await.unwrap();
    assert_eq!(session.user().unwrap().username, "Bearer given");
}

#[tokio::test]
async fn one_without_newer_credentials_is_started_once_for_all_rejections() {
    let server = MockServer::start(|request| match request.path.as_str() {
        "/version" | "/apis/authentication.k8s.io/v1/selfsubjectreviews" => usual(request),
        _ => Reply::unauthorized(),
    })
    .await;
    let dir = tempfile::tempdir().unwrap();
    let runs = dir.path().join("runs");
    let user = exec(&format!("echo started >> {}; {}", runs.display(), good()));
    let session = open(&server.configured(&json!({}), &user)).await.unwrap();
    let error = collect(&session, Extent::default(), NOW.parse().unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("rejected the credentials (401: Unauthorized)"), "{error}");
    let rejected = server.requests().iter().filter(|request| request.path.starts_with("/api")).count();
    assert!(rejected > 2, "{rejected}");
    assert_eq!(std::fs::read_to_string(&runs).unwrap(), "started\nstarted\n");
}
