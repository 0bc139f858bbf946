//! Kubeconfigs as `kubectl` reads them, and errors that name file, context and key.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod credentials;
mod files;

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_kubernetes::{ClusterConfig, ConfigError, Environment, Kubeconfigs, Overrides, Secret};
use serde_json::{Value, json};
use tempfile::TempDir;

const SECRET: &str = "planted-secret-Wm5";

fn dir(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    dir
}

/// A kubeconfig whose contexts, clusters and users have these keys.
fn kubeconfig(current: &str, contexts: &[(&str, &str, &str)], clusters: &Value, users: &Value) -> String {
    let named = |entries: &Value, key: &str| -> Value {
        let entries = entries.as_object().unwrap().iter();
        entries.map(|(name, value)| json!({"name": name, key: value})).collect()
    };
    let contexts: Value = contexts
        .iter()
        .map(|(name, cluster, user)| json!({"name": name, "context": {"cluster": cluster, "user": user}}))
        .collect();
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": current, "contexts": contexts,
        "clusters": named(clusters, "cluster"), "users": named(users, "user"),
    })
    .to_string()
}

/// The cluster `k` of the user `u` in the context `c`.
fn one(cluster: &Value, user: &Value) -> String {
    kubeconfig("c", &[("c", "k", "u")], &json!({"k": cluster}), &json!({"u": user}))
}

/// The files in a directory, with `KUBECONFIG` as given.
fn read(dir: &TempDir, listed: &str, overrides: &Overrides) -> Result<Kubeconfigs, ConfigError> {
    Kubeconfigs::read(&Environment::new(dir.path(), [("KUBECONFIG", listed)]), overrides)
}

fn cluster_with(text: &str, overrides: &Overrides) -> Result<ClusterConfig, ConfigError> {
    read(&dir(&[("config", text)]), "config", overrides)?.cluster(None)
}

fn cluster(text: &str) -> Result<ClusterConfig, ConfigError> {
    cluster_with(text, &Overrides::default())
}

/// The message for a cluster and a user, without the directory of the file.
fn message(cluster_keys: &Value, user_keys: &Value) -> String {
    message_with(cluster_keys, user_keys, &Overrides::default())
}

fn message_with(cluster_keys: &Value, user_keys: &Value, overrides: &Overrides) -> String {
    let dir = dir(&[("config", &one(cluster_keys, user_keys))]);
    let error = read(&dir, "config", overrides).unwrap().cluster(None).unwrap_err();
    shown(&dir, &error)
}

fn shown(dir: &TempDir, error: &ConfigError) -> String {
    let text = error.to_string();
    assert!(!format!("{text} {error:?}").contains(SECRET), "{text} {error:?}");
    text.replace(&format!("{}/", dir.path().display()), "")
}

fn set(change: impl FnOnce(&mut Overrides)) -> Overrides {
    let mut overrides = Overrides::default();
    change(&mut overrides);
    overrides
}

/// A certificate and its key, in PEM.
fn pem() -> (String, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

#[test]
fn an_unknown_context_leads_to_known_ones() {
    let text = kubeconfig(
        "prod",
        &[("production", "k", "u"), ("staging", "k", "u")],
        &json!({"k": {"server": "https://k"}}),
        &json!({}),
    );
    let dir = dir(&[("config", &text)]);
    let all = read(&dir, "config", &Overrides::default()).unwrap();
    let error = all.cluster(Some("stagin")).unwrap_err();
    assert_eq!(
        shown(&dir, &error),
        "no context `stagin`; did you mean `staging`?; config has `production`, `staging`"
    );
    // So does a current one that is not defined.
    assert!(matches!(all.cluster(None), Err(ConfigError::UnknownContext { .. })));
    let all = read(&dir, "missing", &Overrides::default()).unwrap();
    let error = all.cluster(Some("production")).unwrap_err();
    assert_eq!(shown(&dir, &error), "no context `production`; no kubeconfig was found");
}

#[test]
fn without_a_current_context_the_contexts_are_listed() {
    let text = kubeconfig("", &[("a", "k", "u"), ("b", "k", "u")], &json!({}), &json!({}));
    let dir = dir(&[("config", &text), ("empty", "")]);
    for (listed, expected) in [
        ("config", "no context is selected: `current-context` is not set; config has `a`, `b`"),
        ("empty", "no context is selected: `current-context` is not set; empty has no contexts"),
        ("missing", "no cluster is configured: missing does not exist"),
        ("1:2", "no cluster is configured: 1 and 2 do not exist"),
    ] {
        let error = read(&dir, listed, &Overrides::default()).unwrap().cluster(None).unwrap_err();
        assert_eq!(shown(&dir, &error), expected);
    }
    let nothing = Kubeconfigs::read(&Environment::new("/", [("A", "b")]), &Overrides::default()).unwrap();
    assert_eq!(
        nothing.cluster(None).unwrap_err().to_string(),
        "no cluster is configured: `KUBECONFIG` is not set, and there is no home directory"
    );
}

#[test]
fn a_name_is_defined_once_in_a_file() {
    for (key, what) in [("contexts", "context"), ("clusters", "cluster"), ("users", "user")] {
        let inner = if what == "context" { "{cluster: k}" } else { "{}" };
        let text = format!("{key}:\n- name: x\n  {what}: {inner}\n- name: x\n  {what}: {inner}\n");
        let dir = dir(&[("config", &text)]);
        let error = read(&dir, "config", &Overrides::default()).unwrap_err();
        assert_eq!(shown(&dir, &error), format!("config: the {what} `x` is defined twice"));
    }
}

#[test]
fn undefined_clusters_and_users_are_errors() {
    let text = kubeconfig(
        "c",
        &[("c", "prod", "admin"), ("d", "production", "admim"), ("e", "", "")],
        &json!({"production": {"server": "https://k"}}),
        &json!({"admin": {"token": SECRET}}),
    );
    let dir = dir(&[("config", &text)]);
    let all = read(&dir, "config", &Overrides::default()).unwrap();
    for (context, expected) in [
        ("c", "config, context `c`: the cluster `prod` is not defined"),
        ("d", "config, context `d`: the user `admim` is not defined; did you mean `admin`?"),
        ("e", "config, context `e`: `cluster` is not set"),
    ] {
        assert_eq!(shown(&dir, &all.cluster(Some(context)).unwrap_err()), expected);
    }
    let overrides = set(|overrides| {
        overrides.cluster = Some("production".to_owned());
        overrides.user = Some("nobody".to_owned());
    });
    let error = read(&dir, "config", &overrides).unwrap().cluster(None).unwrap_err();
    assert_eq!(shown(&dir, &error), "`--user`: the user `nobody` is not defined");
}

#[test]
fn empty_texts_are_not_set() {
    let empty = json!({
        "server": "https://k", "certificate-authority": "", "certificate-authority-data": "",
        "tls-server-name": "", "proxy-url": "",
    });
    let user = json!({
        "token": "", "tokenFile": "", "client-certificate": "", "client-certificate-data": "",
        "client-key": "", "client-key-data": "", "username": "", "as": "", "as-uid": "", "as-groups": [],
    });
    let config = cluster(&one(&empty, &user)).unwrap();
    assert_eq!(config.notices().count(), 0);
    assert_eq!(config.plugin(), None);
    assert_eq!(message(&json!({"server": ""}), &json!({})), "config, cluster `k`: `server` is not set");
}

#[test]
fn options_need_no_file() {
    let overrides = set(|overrides| {
        overrides.server = Some("https://10.8.0.2:6443/".to_owned());
        overrides.token = Some(Secret::from(SECRET));
    });
    let environment = Environment::new("/", [("HOME", "/nowhere"), ("KUBERNETES_SERVICE_HOST", "10.0.0.1")]);
    let all = Kubeconfigs::read(&environment, &overrides).unwrap();
    let config = all.cluster(None).unwrap();
    assert_eq!(config.server(), "https://10.8.0.2:6443");
    assert_eq!((config.title(), config.context(), config.place()), ("10.8.0.2", None, "command line"));
    assert!(!format!("{config:?} {all:?} {overrides:?} {environment:?}").contains(SECRET));
}

#[test]
fn options_replace_keys_of_the_file() {
    let (certificate, key) = pem();
    let text = kubeconfig(
        "c",
        &[("c", "k", "u")],
        &json!({
            "k": {"server": "https://k", "certificate-authority-data": "!", "tls-server-name": "k.example"},
            "l": {"server": "https://l", "insecure-skip-tls-verify": true},
        }),
        &json!({"u": {"client-certificate-data": "!", "client-key-data": "!"}, "v": {"tokenFile": "missing"}}),
    );
    let dir = dir(&[("config", &text), ("pki/ca.crt", &certificate), ("pki/me.key", &key)]);
    let opened = |change: &dyn Fn(&mut Overrides)| read(&dir, "config", &set(change)).unwrap().cluster(None);
    assert!(opened(&|_| {}).is_err());
    let other = opened(&|it| {
        it.cluster = Some("l".to_owned());
        it.user = Some("v".to_owned());
        it.token = Some(Secret::from("t"));
    })
    .unwrap();
    assert_eq!((other.server().as_str(), other.user(), other.context()), ("https://l", None, Some("c")));
    // Paths of options are relative to the current directory.
    opened(&|it| {
        it.certificate_authority = Some("pki/ca.crt".into());
        it.client_certificate = Some("pki/ca.crt".into());
        it.client_key = Some("pki/me.key".into());
    })
    .unwrap();
    // An authority verifies a server that the file does not verify.
    let verified = opened(&|it| {
        it.cluster = Some("l".to_owned());
        it.user = Some("v".to_owned());
        it.token = Some(Secret::from("t"));
        it.certificate_authority = Some("pki/ca.crt".into());
    })
    .unwrap();
    assert_eq!(verified.notices().count(), 0);
}

/// The directory of a pod's service account.
fn pod() -> TempDir {
    dir(&[("token", "planted-secret-Wm5\n"), ("ca.crt", &pem().0)])
}

#[test]
fn the_cluster_of_the_pod_needs_no_configuration() {
    let pod = pod();
    let opened = |variables: &[(&str, &str)]| {
        let environment = Environment::new("/", variables.iter().copied()).with_service_account(pod.path());
        Kubeconfigs::read(&environment, &Overrides::default()).unwrap().cluster(None)
    };
    let host = ("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    let config = opened(&[host, ("KUBERNETES_SERVICE_PORT", "6443"), ("HOME", "/nowhere")]).unwrap();
    assert_eq!(config.server(), "https://10.96.0.1:6443");
    assert_eq!((config.place(), config.context()), ("the service account of this pod", None));
    assert!(!format!("{config:?}").contains(SECRET));
    let config = opened(&[("KUBERNETES_SERVICE_HOST", "fd00::1")]).unwrap();
    assert_eq!(config.server(), "https://[fd00::1]:443");
    // A configured kubeconfig that is missing is an error.
    let error = opened(&[host, ("KUBECONFIG", "/missing")]).unwrap_err();
    assert_eq!(error.to_string(), "no cluster is configured: /missing does not exist");
}

#[test]
fn a_kubeconfig_takes_precedence_over_the_pod() {
    let pod = pod();
    let home = dir(&[(".kube/config", &one(&json!({"server": "https://k"}), &json!({})))]);
    let home_path = home.path().display().to_string();
    let variables = [("KUBERNETES_SERVICE_HOST", "10.96.0.1"), ("HOME", home_path.as_str())];
    let environment = Environment::new("/", variables).with_service_account(pod.path());
    let all = Kubeconfigs::read(&environment, &Overrides::default()).unwrap();
    assert_eq!(all.cluster(None).unwrap().server(), "https://k");
}

#[test]
fn options_hold_for_the_cluster_of_the_pod() {
    let pod = pod();
    let environment =
        Environment::new("/", [("KUBERNETES_SERVICE_HOST", "10.96.0.1")]).with_service_account(pod.path());
    let opened = |change: &dyn Fn(&mut Overrides)| {
        Kubeconfigs::read(&environment, &set(change)).unwrap().cluster(None)
    };
    let insecure = opened(&|it| it.insecure_skip_tls_verify = true).unwrap();
    assert!(insecure.notices().next().unwrap().contains("was not verified"));
    let other = opened(&|it| it.server = Some("https://other".to_owned())).unwrap();
    assert_eq!((other.server().as_str(), other.place()), ("https://other", "command line"));
    assert!(matches!(
        opened(&|it| it.user = Some("x".to_owned())),
        Err(ConfigError::NothingConfigured { .. })
    ));
    fs::remove_file(pod.path().join("token")).unwrap();
    let error = opened(&|_| {}).unwrap_err().to_string();
    assert!(
        error.contains("token (`tokenFile` of the service account of this pod): No such file"),
        "{error}"
    );
}

#[test]
fn servers_are_urls() {
    for (server, expected) in [
        ("https://rancher.example/k8s/clusters/c-m-1/", "https://rancher.example/k8s/clusters/c-m-1"),
        ("https://[fd00::1]:6443", "https://[fd00::1]:6443"),
        ("api.example:8080", "http://api.example:8080"),
        ("10.8.0.2", "http://10.8.0.2"),
    ] {
        assert_eq!(cluster(&one(&json!({"server": server}), &json!({}))).unwrap().server(), expected);
    }
    // As for kubectl, a sign of TLS makes it TLS.
    let data = STANDARD.encode(pem().0);
    for keys in [
        json!({"server": "k:6443", "certificate-authority-data": data}),
        json!({"server": "k:6443", "insecure-skip-tls-verify": true}),
    ] {
        assert_eq!(cluster(&one(&keys, &json!({}))).unwrap().server(), "https://k:6443");
    }
    for (server, expected) in [
        ("ftp://k", "`ftp://k` must start with `https://` or `http://`"),
        ("https://", "`https://` is not a URL"),
        ("https://k:x", "`https://k:x` has an invalid port"),
        ("https://k:65536", "`https://k:65536` has an invalid port"),
        ("https://[::1", "`https://[::1` is not a URL"),
        ("https://k/?a=b", "`https://k/?a=b` must not have a query"),
        ("https://me:planted-secret-Wm5@k", "a URL with user and password; set them in `users`"),
    ] {
        let message = message(&json!({"server": server}), &json!({}));
        assert_eq!(message, format!("config, cluster `k`: `server` is invalid: {expected}"));
    }
}

#[test]
fn proxies_are_urls() {
    let with = |url: &str| json!({"server": "https://k", "proxy-url": url});
    for url in ["http://p:3128", "https://p", "socks5://p:1080"] {
        assert!(cluster(&one(&with(url), &json!({}))).is_ok(), "{url}");
    }
    for url in ["ftp://me:planted-secret-Wm5@p", "http://", "::"] {
        assert_eq!(
            message(&with(url), &json!({})),
            "config, cluster `k`: `proxy-url` is invalid: expected a URL that starts with `http://`, `https://` or `socks5://`"
        );
    }
}

/// API servers prefer a certificate to a token, so one of the file would make the given token useless.
#[test]
fn given_credentials_replace_those_of_the_file() {
    let (certificate, key) = pem();
    let server = json!({"server": "https://k"});
    let unusable = json!({
        "client-certificate-data": "!", "client-key-data": "!", "tokenFile": "missing",
        "auth-provider": {"name": "gcp"},
        "exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "none", "interactiveMode": "Never"},
    });
    assert!(cluster(&one(&server, &unusable)).is_err());
    let token = set(|it| it.token = Some(Secret::from("t")));
    let opened = cluster_with(&one(&server, &unusable), &token).unwrap();
    assert_eq!((opened.plugin(), opened.user()), (None, None));
    let dir = dir(&[("config", &one(&server, &unusable)), ("me.crt", &certificate), ("me.key", &key)]);
    let both = set(|it| {
        it.client_certificate = Some("me.crt".into());
        it.client_key = Some("me.key".into());
    });
    let opened = read(&dir, "config", &both).unwrap().cluster(None).unwrap();
    assert_eq!((opened.plugin(), opened.user()), (None, None));
    // Who is impersonated is not a credential.
    let mut impersonating = unusable;
    impersonating["as-groups"] = json!(["g"]);
    assert!(message_with(&server, &impersonating, &token).ends_with("`as` is not set"));
}
