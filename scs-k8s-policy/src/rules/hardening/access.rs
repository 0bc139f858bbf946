//! Authentication and authorization in the API server.

use scs_standards::Fix;

use super::super::Rec;
use super::super::control_plane::{Running, running};
use super::admission::{self, Point, decide};
use crate::flags::ReadFlagsError;
use crate::subject::{Cluster, ComponentKind, source};

/// The ways to authenticate that flags enable, besides service account tokens (scs-0217-v1, *Authentication*). Anonymous
/// requests do not count.
const METHODS: &[(&str, &str)] = &[
    ("client-ca-file", "client certificates"),
    ("token-auth-file", "a token file"),
    ("oidc-issuer-url", "OpenID Connect"),
    ("authentication-token-webhook-config-file", "a token webhook"),
    ("requestheader-client-ca-file", "an authenticating proxy"),
];

/// Whether service account tokens are accepted: there is an issuer, and a key to verify them, by default that of the
/// server's certificate.
fn accepts_service_accounts(server: &Running<'_>) -> Result<bool, ReadFlagsError> {
    const KEYS: &[&str] =
        &["service-account-key-file", "service-account-signing-endpoint", "tls-private-key-file"];
    let set = |flag: &str| Ok(server.flags.text(flag)?.is_some_and(|value| !value.is_empty()));
    if !set("service-account-issuer")? {
        return Ok(false);
    }
    for key in KEYS {
        if set(key)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The other ways to authenticate, as text.
fn other_methods(cluster: &Cluster, server: &Running<'_>, rec: &mut Rec<'_>) -> Option<Vec<&'static str>> {
    let mut methods = Vec::new();
    for (flag, method) in METHODS {
        let value = server.known(rec, server.flags.text(flag))?;
        if value.is_some_and(|value| !value.is_empty()) {
            methods.push(*method);
        }
    }
    if server.known(rec, server.flags.bool_value("enable-bootstrap-token-auth"))? == Some(true) {
        methods.push("bootstrap tokens");
    }
    if methods.is_empty() && server.flags.has("authentication-config") {
        let config = admission::config(cluster, rec)?;
        match config.token_issuers() {
            None => {
                structured(rec, server, "authentication-config", "AuthenticationConfiguration");
                return None;
            }
            Some(0) => {}
            Some(_) => methods.push("issuers of JSON web tokens"),
        }
    }
    Some(methods)
}

/// Records that a file set with a flag is missing.
fn structured(rec: &mut Rec<'_>, server: &Running<'_>, flag: &str, kind: &str) {
    let message =
        format!("`--{flag}` refers to a file; add that `{kind}` to `{}`", source::ADMISSION_CONFIG.name);
    rec.dnf(&server.subject, message);
}

pub(super) fn authentication_count(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(servers) = running(cluster, rec, ComponentKind::ApiServer) else { return };
    for server in servers {
        let Some(mut methods) = other_methods(cluster, &server, rec) else { continue };
        let Some(accounts) = server.known(rec, accepts_service_accounts(&server)) else { continue };
        if accounts {
            methods.insert(0, "service account tokens");
        }
        let text = methods.len() >= 2;
        // The official suite counts a service account issuer only together with a webhook or OpenID Connect.
        let literal = |words: &[String]| {
            let given = |flag: &str| words.iter().any(|word| word.contains(flag));
            given("--service-account-issuer=")
                && (given("--authentication-token-webhook-config-file=") || given("--oidc-issuer-url="))
        };
        let official = server.command().map_or(text, literal);
        let found = if methods.is_empty() { "none".to_owned() } else { methods.join(", ") };
        let message = if text {
            "there is neither a token webhook nor OpenID Connect".to_owned()
        } else {
            format!("there are fewer than two ways to authenticate: {found}")
        };
        let point = Point {
            subject: &server.subject,
            message,
            expected: "service account tokens and another way".to_owned(),
            actual: found,
            fix: (!text).then(|| server.set("client-ca-file", "/etc/kubernetes/pki/ca.crt")),
        };
        decide(rec, (text, official), "C-088", point);
    }
}

pub(super) fn service_accounts(cluster: &Cluster, rec: &mut Rec<'_>) {
    const ISSUER: &str = "service-account-issuer";
    const KEY: &str = "service-account-key-file";
    let Some(servers) = running(cluster, rec, ComponentKind::ApiServer) else { return };
    for server in servers {
        if server.known(rec, accepts_service_accounts(&server)) != Some(false) {
            continue;
        }
        let message = |flag: &str| format!("service account tokens are not accepted: `--{flag}` is not set");
        if server.flags.has(ISSUER) {
            server.fail(rec, KEY, "/etc/kubernetes/pki/sa.pub", message(KEY));
        } else {
            let actual = server.shown(ISSUER);
            rec.fail(&server.subject, message(ISSUER)).compared(format!("--{ISSUER}=URL"), actual).repaired_by(
                Fix::advice(format!(
                    "set `--{ISSUER}` to the URL in the `iss` of the tokens in use; with a different one, they are no longer accepted"
                )),
            );
        }
    }
}

/// The authorization modes of a server; `None` with a finding if unknown. Without a flag, it allows everything.
fn modes(cluster: &Cluster, server: &Running<'_>, rec: &mut Rec<'_>) -> Option<Vec<String>> {
    if server.flags.has("authorization-config") {
        let config = admission::config(cluster, rec)?;
        if config.authorizers().is_none() {
            structured(rec, server, "authorization-config", "AuthorizationConfiguration");
        }
        return config.authorizers().map(<[String]>::to_vec);
    }
    let modes = server.known(rec, server.flags.list("authorization-mode"))?;
    Some(modes.map_or_else(
        || vec!["AlwaysAllow".to_owned()],
        |modes| modes.into_iter().map(str::to_owned).collect(),
    ))
}

/// The modes that authorize users.
const OF_USERS: [&str; 3] = ["RBAC", "ABAC", "Webhook"];

/// Judges the authorization of every server; `text` and `official` check whether modes are sufficient.
fn authorization(cluster: &Cluster, rec: &mut Rec<'_>, suffices: impl Fn(&[String]) -> bool, expected: &str) {
    const FLAG: &str = "authorization-mode";
    let Some(servers) = running(cluster, rec, ComponentKind::ApiServer) else { return };
    for server in servers {
        let Some(modes) = modes(cluster, &server, rec) else { continue };
        let text = suffices(&modes);
        if has(&modes, "AlwaysAllow") && modes.len() > 1 {
            rec.warn(&server.subject, "`AlwaysAllow` allows whatever the other modes deny");
        }
        // The official suite only finds the flag in a single word of the command.
        let literal = |words: &[String]| {
            let value = words.iter().find_map(|word| word.split_once("--authorization-mode="));
            let modes = value
                .map(|(_, value)| value.split(',').map(|mode| mode.trim().to_owned()).collect::<Vec<_>>());
            modes.is_some_and(|modes| suffices(&modes))
        };
        let official = server.command().map_or(text, literal);
        let message = if text {
            format!(
                "it authorizes with {}, but not through a flag `--{FLAG}=` of the command",
                modes.join(", ")
            )
        } else {
            format!("it authorizes only with {}", modes.join(", "))
        };
        let structured = server.flags.has("authorization-config");
        let point = Point {
            subject: &server.subject,
            message,
            expected: expected.to_owned(),
            actual: modes.join(","),
            fix: (!structured && !text).then(|| server.set(FLAG, &better(&modes))),
        };
        decide(rec, (text, official), "C-087", point);
    }
}

/// The modes that satisfy all rules, so that fixes do not conflict.
fn better(modes: &[String]) -> String {
    let kept = modes.iter().map(String::as_str).filter(|mode| !["AlwaysAllow", "Node"].contains(mode));
    // Node comes first, as it is queried most often.
    let mut better: Vec<&str> = ["Node"].into_iter().chain(kept).collect();
    if !better.iter().any(|mode| OF_USERS.contains(mode)) {
        better.push("RBAC");
    }
    better.join(",")
}

fn has(modes: &[String], wanted: &str) -> bool {
    modes.iter().any(|mode| mode == wanted)
}

pub(super) fn node_authorization(cluster: &Cluster, rec: &mut Rec<'_>) {
    authorization(cluster, rec, |modes| has(modes, "Node"), "Node among the modes");
}

pub(super) fn second_authorization(cluster: &Cluster, rec: &mut Rec<'_>) {
    let suffices = |modes: &[String]| OF_USERS.iter().any(|mode| has(modes, mode));
    authorization(cluster, rec, suffices, "RBAC, ABAC or Webhook among the modes");
}

/// The official suite does not check which of the three it is.
pub(super) fn role_based_authorization(cluster: &Cluster, rec: &mut Rec<'_>) {
    let Some(servers) = running(cluster, rec, ComponentKind::ApiServer) else { return };
    for server in servers {
        let Some(modes) = modes(cluster, &server, rec) else { continue };
        if !has(&modes, "RBAC") {
            let actual = modes.join(",");
            rec.fail(&server.subject, format!("it does not authorize with roles (RBAC), but with {actual}"))
                .compared("RBAC among the modes", actual);
        }
    }
}
