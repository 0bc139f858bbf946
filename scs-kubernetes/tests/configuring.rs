//! Kubeconfigs as `kubectl` reads them, and errors that name file, context and key.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fmt::Write as _;
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
fn the_first_file_that_defines_a_name_wins() {
    let first = kubeconfig("", &[("a", "k", "u")], &json!({"k": {"server": "https://first"}}), &json!({}));
    let second = kubeconfig(
        "b",
        &[("a", "other", "u"), ("b", "l", "u")],
        &json!({"k": {"server": "https://second"}, "l": {"server": "https://l"}}),
        &json!({"u": {"token": "t"}}),
    );
    let dir = dir(&[("1", &first), ("sub/2", &second)]);
    let all = read(&dir, "1::missing:sub/2", &Overrides::default()).unwrap();
    assert_eq!(all.contexts().collect::<Vec<_>>(), ["a", "b"]);
    // An empty `current-context` is not set.
    assert_eq!(all.current(), Some("b"));
    let a = all.cluster(Some("a")).unwrap();
    assert_eq!((a.server().as_str(), a.user(), a.context()), ("https://first", Some("u"), Some("a")));
    assert_eq!(a.place(), format!("{}, context `a`", dir.path().join("1").display()));
    assert_eq!(all.cluster(None).unwrap().server(), "https://l");
    assert_eq!(all.files(), [dir.path().join("1"), dir.path().join("sub/2")]);
    assert_eq!(all.missing(), [dir.path().join("missing")]);
}

#[test]
fn paths_are_relative_to_their_own_file() {
    let (certificate, key) = pem();
    let first = kubeconfig("c", &[("c", "k", "u")], &json!({}), &json!({}));
    let second = kubeconfig(
        "",
        &[],
        &json!({"k": {"server": "https://k", "certificate-authority": "pki/ca.crt"}}),
        &json!({"u": {"client-certificate": "pki/me.crt", "client-key": "pki/me.key", "tokenFile": "token"}}),
    );
    let files = [("1", first.as_str()), ("deep/2", &second), ("deep/pki/ca.crt", &certificate)];
    let complete = dir(&files);
    for (name, content) in [("me.crt", &certificate), ("me.key", &key)] {
        fs::write(complete.path().join("deep/pki").join(name), content).unwrap();
    }
    fs::write(complete.path().join("deep/token"), "t\n").unwrap();
    let all = read(&complete, "1:deep/2", &Overrides::default()).unwrap();
    assert_eq!(all.cluster(None).unwrap().server(), "https://k");

    let incomplete = dir(&files);
    let error = read(&incomplete, "1:deep/2", &Overrides::default()).unwrap().cluster(None).unwrap_err();
    assert_eq!(
        shown(&incomplete, &error),
        "cannot read deep/token (`tokenFile` of deep/2, user `u`): No such file or directory (os error 2)"
    );
}

#[test]
fn the_option_replaces_the_variable() {
    let text =
        |name: &str| kubeconfig(name, &[(name, "k", "")], &json!({"k": {"server": "https://k"}}), &json!({}));
    let dir = dir(&[("1", &text("one")), ("2", &text("two")), ("home/.kube/config", &text("home"))]);
    let home = dir.path().join("home").display().to_string();
    let names = |variable: &str, option: Option<&str>| {
        let overrides = set(|overrides| overrides.kubeconfig = option.map(Into::into));
        let environment = Environment::new(dir.path(), [("HOME", home.as_str()), ("KUBECONFIG", variable)]);
        let all = Kubeconfigs::read(&environment, &overrides).unwrap();
        assert!(all.missing().is_empty());
        all.contexts().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names("1", Some("2")), ["two"]);
    assert_eq!(names("1", None), ["one"]);
    assert_eq!(names("", None), ["home"]);
    assert_eq!(names(":", None), ["home"]);
    let error = read(&dir, "1", &set(|overrides| overrides.kubeconfig = Some("3".into()))).unwrap_err();
    assert_eq!(shown(&dir, &error), "cannot read 3: No such file or directory (os error 2)");
}

#[test]
fn unreadable_files_are_not_skipped() {
    let dir = dir(&[("file", ""), ("folder/x", "")]);
    for (listed, expected) in [
        ("folder", "cannot read folder: Is a directory (os error 21)"),
        ("file/x", "cannot read file/x: Not a directory (os error 20)"),
    ] {
        let error = read(&dir, listed, &Overrides::default()).map(|all| all.cluster(None)).unwrap_err();
        assert_eq!(shown(&dir, &error), expected);
    }
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
fn encodings_of_windows_are_read() {
    let text = one(&json!({"server": "https://k"}), &json!({}));
    let dir = dir(&[]);
    let little: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in
        [little, [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(), text.replace('\n', "\r\n").into_bytes()]
    {
        fs::write(dir.path().join("config"), bytes).unwrap();
        let all = read(&dir, "config", &Overrides::default()).unwrap();
        assert_eq!(all.cluster(None).unwrap().server(), "https://k");
    }
    fs::write(dir.path().join("config"), [0xff, 0xfe, 0x00, 0xd8]).unwrap();
    let error = read(&dir, "config", &Overrides::default()).unwrap_err();
    assert_eq!(shown(&dir, &error), "config: not a kubeconfig: it is not text in UTF-8 or UTF-16");
}

#[test]
fn documents_of_one_file_are_merged() {
    let text = format!(
        "{}\n---\n{}\n",
        kubeconfig("c", &[("c", "k", "")], &json!({}), &json!({})),
        kubeconfig("d", &[], &json!({"k": {"server": "https://k"}}), &json!({}))
    );
    assert_eq!(cluster(&text).unwrap().server(), "https://k");
}

#[test]
fn messages_about_syntax_have_a_position_and_no_content() {
    for (text, expected) in [
        (SECRET.to_owned(), "line 1 column 1: expected mapping start"),
        (format!("users:\n- name: a\n  user: {SECRET}\n"), "line 3 column 9: expected mapping start"),
        (format!("users:\n- user: {{token: {SECRET}}}\n"), "line 2 column 3: missing field `name`"),
        (
            format!("users:\n- name: a\n  user: {{token: [{SECRET}]}}\n"),
            "line 3 column 17: expected string scalar",
        ),
        (format!("users:\n- name: a\n  user: {{token: \"{SECRET}}}\n"), "line 3 column 17: unclosed quote"),
        (
            format!("users:\n- name: a\n  user: {{token: a, token: {SECRET}}}\n"),
            "line 3 column 20: duplicate mapping key `token` is not allowed here",
        ),
        (
            format!("users:\n- name: a\n  user: {{{SECRET}: a, {SECRET}: b}}\n"),
            "line 3 column 33: duplicate mapping key `…` is not allowed here",
        ),
        (
            format!("users:\n- name: a\n  user: {{exec: {{interactiveMode: {SECRET}}}}}\n"),
            "line 3 column 34: unknown variant `…`, expected one of Never, IfAvailable, Always",
        ),
        (format!("kind: Secret\nstringData: {{a: {SECRET}}}\n"), "its `kind` is `Secret`, not `Config`"),
    ] {
        let dir = dir(&[("config", &text)]);
        let error = read(&dir, "config", &Overrides::default()).unwrap_err();
        assert_eq!(shown(&dir, &error), format!("config: not a kubeconfig: {expected}"));
    }
}

#[test]
fn documents_that_grow_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let last = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", [last.as_str(); 9].join(", ")).unwrap();
    }
    assert!(matches!(cluster(&text), Err(ConfigError::Syntax { .. })));
    assert!(matches!(cluster(&"[".repeat(100_000)), Err(ConfigError::Syntax { .. })));
}

#[test]
fn auth_providers_are_no_longer_supported() {
    assert_eq!(
        message(
            &json!({"server": "https://k"}),
            &json!({"auth-provider": {"name": "gcp", "config": {"access-token": SECRET}}})
        ),
        "config, user `u`: `auth-provider` is no longer supported, by kubectl since 1.26; use a credential plug-in under `exec`"
    );
}

#[test]
fn an_authority_and_no_verification_exclude_each_other() {
    let data = STANDARD.encode(pem().0);
    let keys =
        json!({"server": "https://k", "certificate-authority-data": data, "insecure-skip-tls-verify": true});
    assert_eq!(
        message(&keys, &json!({})),
        "config, cluster `k`: `insecure-skip-tls-verify` and `certificate-authority-data` exclude each other; remove one of them"
    );
    // As for kubectl, the option replaces the authority of the file.
    let insecure = set(|overrides| overrides.insecure_skip_tls_verify = true);
    let config = cluster_with(
        &one(&json!({"server": "https://k", "certificate-authority-data": data}), &json!({})),
        &insecure,
    )
    .unwrap();
    assert!(config.notices().next().unwrap().contains("was not verified"));
    // Both options at once are a conflict.
    let both = set(|overrides| {
        overrides.insecure_skip_tls_verify = true;
        overrides.certificate_authority = Some("config".into());
    });
    assert!(matches!(
        cluster_with(&one(&json!({"server": "https://k"}), &json!({})), &both),
        Err(ConfigError::Conflict { .. })
    ));
}

#[test]
fn missing_protection_is_told() {
    let notices = |keys: &Value| {
        let config = cluster(&one(keys, &json!({}))).unwrap();
        config.notices().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        notices(&json!({"server": "https://k", "insecure-skip-tls-verify": true})),
        [
            "the certificate of the API server was not verified, because of `insecure-skip-tls-verify`; a different server may have responded"
        ]
    );
    assert_eq!(notices(&json!({"server": "http://k"})), ["the API server was queried without TLS"]);
    assert!(notices(&json!({"server": "https://k", "insecure-skip-tls-verify": false})).is_empty());
}

#[test]
fn broken_certificates_and_keys_are_named() {
    let server = json!({"server": "https://k"});
    let with = |key: &str, value: &str| json!({"server": "https://k", key: value});
    let (certificate, key) = pem();
    let (certificate, key) = (STANDARD.encode(certificate), STANDARD.encode(key));
    let broken = STANDARD.encode("-----BEGIN CERTIFICATE-----\nAAA!\n-----END CERTIFICATE-----\n");
    let secret = STANDARD.encode(SECRET);
    for (cluster, user, expected) in [
        (
            with("certificate-authority-data", SECRET),
            json!({}),
            "cluster `k`: `certificate-authority-data` is invalid: it is not base64",
        ),
        (
            with("certificate-authority-data", &secret),
            json!({}),
            "cluster `k`: `certificate-authority-data` is invalid: it has no certificate in PEM",
        ),
        (
            with("certificate-authority-data", &broken),
            json!({}),
            "cluster `k`: `certificate-authority-data` is invalid: its certificates in PEM are broken",
        ),
        (
            with("certificate-authority", "config"),
            json!({}),
            "cluster `k`: `certificate-authority` is invalid: it has no certificate in PEM",
        ),
        (
            server.clone(),
            json!({"client-certificate-data": certificate}),
            "user `u`: `client-key` is not set",
        ),
        (server.clone(), json!({"client-key-data": key}), "user `u`: `client-certificate` is not set"),
        (
            server.clone(),
            json!({"client-certificate-data": SECRET, "client-key-data": key}),
            "user `u`: `client-certificate-data` is invalid: it is not base64",
        ),
        (
            server.clone(),
            json!({"client-certificate-data": certificate, "client-key-data": SECRET}),
            "user `u`: `client-key-data` is invalid: it is not base64",
        ),
        (
            server.clone(),
            json!({"client-certificate-data": certificate, "client-key-data": secret}),
            "user `u`: `client-key-data` is invalid: it has no private key in PEM, or one with a password",
        ),
        (
            server.clone(),
            json!({"client-certificate": "config", "client-key-data": key}),
            "user `u`: `client-certificate` is invalid: it has no certificate in PEM",
        ),
    ] {
        assert_eq!(message(&cluster, &user), format!("config, {expected}"));
    }
    assert_eq!(
        message(&with("certificate-authority", "ca.crt"), &json!({})),
        "cannot read ca.crt (`certificate-authority` of config, cluster `k`): No such file or directory (os error 2)"
    );
    // Editors break long lines.
    let broken_line = format!("{}\n{}\n", &certificate[..64], &certificate[64..]);
    assert!(cluster(&one(&with("certificate-authority-data", &broken_line), &json!({}))).is_ok());
}

#[test]
fn tokens_are_checked() {
    let server = json!({"server": "https://k"});
    for (user, expected) in [
        (
            json!({"token": format!("{SECRET} x")}),
            "`token` is invalid: it is not a token: it has spaces or other characters that no token has",
        ),
        (json!({"token": "  "}), "`token` is invalid: it is empty"),
        (
            json!({"tokenFile": "config", "as": "a b"}),
            "`tokenFile` is invalid: it is not a token: it has spaces or other characters that no token has",
        ),
    ] {
        assert_eq!(message(&server, &user), format!("config, user `u`: {expected}"));
    }
    // kubectl reads a token file again and again, so it wins; the token is an older copy.
    assert!(cluster(&one(&server, &json!({"token": "t", "tokenFile": "missing"}))).is_ok());
    let user = json!({"token": "t", "tokenFile": "config", "as": "a b"});
    assert!(message(&server, &user).contains("`tokenFile` is invalid"));
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

#[test]
fn groups_are_impersonated_with_a_user() {
    let server = json!({"server": "https://k"});
    for user in [
        json!({"as-groups": ["g"]}),
        json!({"as-uid": "1"}),
        json!({"as": "", "as-user-extra": {"a": ["b"]}}),
    ] {
        assert_eq!(message(&server, &user), "config, user `u`: `as` is not set");
    }
    let groups = set(|overrides| overrides.impersonate_groups = vec!["g".to_owned()]);
    assert_eq!(message_with(&server, &json!({}), &groups), "config, user `u`: `as` is not set");
    let both = set(|overrides| {
        overrides.impersonate = Some("me".to_owned());
        overrides.impersonate_groups = vec!["g".to_owned()];
    });
    assert!(cluster_with(&one(&server, &json!({})), &both).is_ok());
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

#[test]
fn plugins_can_be_forbidden() {
    let server = json!({"server": "https://k"});
    let exec = json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "get-token", "interactiveMode": "Never"}});
    assert_eq!(cluster(&one(&server, &exec)).unwrap().plugin(), Some("get-token"));
    let forbidden = set(|overrides| overrides.no_plugins = true);
    assert_eq!(
        message_with(&server, &exec, &forbidden),
        "config, user `u`: the credential plug-in `get-token` would be run, which is not allowed here"
    );
    // One that is not needed does not matter.
    let token = set(|overrides| {
        overrides.no_plugins = true;
        overrides.token = Some(Secret::from("t"));
    });
    assert_eq!(cluster_with(&one(&server, &exec), &token).unwrap().plugin(), None);
}

#[test]
fn plugins_need_a_command_and_a_version() {
    let server = json!({"server": "https://k"});
    let v1 = "client.authentication.k8s.io/v1";
    for (exec, expected) in [
        (json!({"apiVersion": v1}), "`exec.command` is not set"),
        (json!({"command": "x"}), "`exec.apiVersion` is not set"),
        (json!({"command": "x", "apiVersion": v1}), "`exec.interactiveMode` is not set"),
        (
            json!({"command": "x", "apiVersion": "client.authentication.k8s.io/v1alpha1"}),
            "`exec.apiVersion` is invalid: `client.authentication.k8s.io/v1alpha1`; expected `client.authentication.k8s.io/v1` or `client.authentication.k8s.io/v1beta1`",
        ),
    ] {
        assert_eq!(message(&server, &json!({"exec": exec})), format!("config, user `u`: {expected}"));
    }
    let beta = json!({"exec": {"command": "x", "apiVersion": "client.authentication.k8s.io/v1beta1"}});
    assert!(cluster(&one(&server, &beta)).is_ok());
}

#[test]
fn debug_output_has_no_secrets() {
    let user = json!({
        "token": SECRET, "username": "me", "password": SECRET, "tokn": SECRET,
        "exec": {"command": "x", "args": [SECRET], "env": [{"name": "A", "value": SECRET}]},
    });
    let text = one(&json!({"server": "https://k", "proxy-url": format!("http://me:{SECRET}@p")}), &user);
    let dir = dir(&[("config", &text)]);
    let all = read(&dir, "config", &Overrides::default()).unwrap();
    let config = all.cluster(None).unwrap();
    let shown = format!("{all:?} {config:?}");
    assert!(!shown.contains(SECRET) && shown.contains("https://k"), "{shown}");
}

#[test]
fn changed_kubeconfigs_neither_panic_nor_disclose() {
    let user = json!({
        "token": SECRET, "password": SECRET, "client-key-data": STANDARD.encode(SECRET), "as": "me",
        "exec": {"command": "x", "apiVersion": "client.authentication.k8s.io/v1", "env": [{"name": "A", "value": SECRET}]},
    });
    let keys = json!({"server": "https://k:6443", "certificate-authority-data": STANDARD.encode(pem().0), "proxy-url": format!("http://me:{SECRET}@p")});
    let json = one(&keys, &user).into_bytes();
    let yaml = format!("contexts: [{{name: c, context: {{cluster: k, user: u}}}}]\ncurrent-context: c\nclusters:\n- name: k\n  cluster:\n    server: https://k\nusers:\n- name: u\n  user:\n    token: {SECRET}\n    username: u\n    password: {SECRET}\n").into_bytes();
    let mut random = fastrand::Rng::with_seed(17);
    let (mut errors, mut reads) = (0, 0);
    for text in [json, yaml] {
        for _ in 0..1_500 {
            let mut changed = text.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..changed.len());
                match random.u8(..3) {
                    0 => changed[at] = *random.choice(b"\0\n\t \"'{}[]:,&*!-#%@/x").unwrap(),
                    1 if changed.len() > 8 => drop(changed.remove(at)),
                    _ => changed.truncate(at.max(8)),
                }
            }
            let dir = dir(&[]);
            fs::write(dir.path().join("config"), changed).unwrap();
            match read(&dir, "config", &Overrides::default()).and_then(|all| all.cluster(None)) {
                Ok(config) => {
                    reads += 1;
                    assert!(!format!("{config:?}").contains(SECRET));
                }
                Err(error) => {
                    errors += 1;
                    shown(&dir, &error);
                }
            }
        }
    }
    assert!(errors > 500 && reads > 50, "{errors} {reads}");
}
