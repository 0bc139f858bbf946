//! Credentials, certificates and plug-ins.

use crate::{SECRET, cluster, cluster_with, dir, message, message_with, one, pem, read, set};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scs_kubernetes::{ConfigError, Overrides, Secret};
use serde_json::{Value, json};

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
