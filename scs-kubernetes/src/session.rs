//! A session with an API server.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kube::Config;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::config::ClusterConfig;
use crate::http::{Call, Http, RequestError};
use crate::open_error::OpenError;
use crate::options::Options;
use crate::plugin;
use crate::x509;

/// The user and the group of requests without credentials.
const ANONYMOUS: [&str; 2] = ["system:anonymous", "system:unauthenticated"];

/// An open connection to a cluster, as a user that it knows.
#[derive(Clone, Debug)]
pub struct Session {
    http: Http,
    cluster: ClusterConfig,
    version: String,
    user: Option<User>,
}

/// A user, as the API server knows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The name, such as `system:serviceaccount:kube-system:scs-check`.
    pub username: String,
    /// The groups.
    #[serde(default)]
    pub groups: Vec<String>,
}

impl Session {
    /// Connects to a cluster: runs its credential plug-in, asks for the version, and who we are. `now` is the current time.
    ///
    /// The only request that is not a GET is a `SelfSubjectReview`, which changes nothing.
    ///
    /// # Errors
    ///
    /// If there is no connection, or the credentials are missing, rejected or anonymous. Then no part could be collected.
    pub async fn open(cluster: &ClusterConfig, options: &Options, now: Timestamp) -> Result<Self, OpenError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(OpenError::NoTlsProvider);
        }
        let cluster = match &cluster.plugin {
            Some(config) => plugin::run(config, options).await?.given_to(cluster),
            None => cluster.clone(),
        };
        let http = Http::new(&cluster, options)
            .map_err(|reason| OpenError::Configuration { place: cluster.place.clone(), reason })?;
        let version = version(&http, &cluster, now).await?;
        let user = who(&http).await.map_err(|error| not_authenticated(error, &cluster, now))?;
        if let Some(user) = &user
            && (user.username == ANONYMOUS[0] || user.groups.iter().any(|group| group == ANONYMOUS[1]))
        {
            let hint = hint(&cluster, now);
            return Err(OpenError::Anonymous { user: user.username.clone(), hint });
        }
        Ok(Self { http, cluster, version, user })
    }

    /// The cluster.
    #[must_use]
    pub const fn cluster(&self) -> &ClusterConfig {
        &self.cluster
    }

    /// The user; `None` if the server is too old to tell.
    #[must_use]
    pub const fn user(&self) -> Option<&User> {
        self.user.as_ref()
    }

    /// The answer of `/version`, as JSON.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    pub(crate) const fn http(&self) -> &Http {
        &self.http
    }

    /// Context, server and user, as in an inventory.
    #[must_use]
    pub fn origin(&self) -> Value {
        let user = self.user.as_ref().map(|user| user.username.as_str());
        let mut origin = json!({"server": self.cluster.server()});
        if let Some(context) = self.cluster.context() {
            origin["context"] = json!(context);
        }
        if let Some(user) = user.or(self.cluster.user()) {
            origin["user"] = json!(user);
        }
        origin
    }
}

/// The version, which shows whether the server is one of Kubernetes and accepts the credentials.
async fn version(http: &Http, cluster: &ClusterConfig, now: Timestamp) -> Result<String, OpenError> {
    let answer = http.send(&Call::get("/version")).await;
    let found = match answer {
        Ok(answer) => match answer.json::<Value>("the version") {
            Ok(value) if value["gitVersion"].is_string() => return Ok(answer.text),
            Ok(_) => "JSON without `gitVersion`".to_owned(),
            Err(RequestError::Unexpected { found, .. }) => found,
            Err(error) => return Err(error.into()),
        },
        // Some offers hide the version.
        Err(RequestError::Forbidden { message, .. }) => {
            return Ok(json!({"unavailable": format!("denied (403): {message}")}).to_string());
        }
        Err(RequestError::NotFound { message, .. }) => format!("not found (404: {message})"),
        Err(RequestError::Status { status: status @ 300..400, .. }) => format!("a redirect ({status})"),
        Err(error) => return Err(not_authenticated(error, cluster, now)),
    };
    Err(OpenError::NotKubernetes { found: format!("{} returned {found}", cluster.server()) })
}

/// The user, as the server knows it.
async fn who(http: &Http) -> Result<Option<User>, RequestError> {
    #[derive(Deserialize)]
    struct Review {
        status: Status,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Status {
        user_info: User,
    }
    for version in ["v1", "v1beta1"] {
        let group = format!("authentication.k8s.io/{version}");
        let body = json!({"apiVersion": group, "kind": "SelfSubjectReview"});
        let call =
            Call::send(http::Method::POST, format!("/apis/{group}/selfsubjectreviews"), &body).repeatable();
        match http.send(&call).await {
            Ok(answer) => {
                return Ok(answer.json("a SelfSubjectReview").ok().map(|it: Review| it.status.user_info));
            }
            Err(error) if error.concerns_all() => return Err(error),
            // An anonymous user may not even ask.
            Err(RequestError::Forbidden { message, .. }) if message.contains(ANONYMOUS[0]) => {
                return Ok(Some(User { username: ANONYMOUS[0].to_owned(), groups: Vec::new() }));
            }
            Err(RequestError::Forbidden { message, .. }) if message.contains("cannot impersonate") => {
                return Err(RequestError::Forbidden { request: call.request(), message });
            }
            Err(
                error @ (RequestError::Timeout { .. }
                | RequestError::RunTime { .. }
                | RequestError::BrokenOff { .. }),
            ) => return Err(error),
            // Servers before 1.28 do not have the API.
            Err(_) => {}
        }
    }
    Ok(None)
}

fn not_authenticated(error: RequestError, cluster: &ClusterConfig, now: Timestamp) -> OpenError {
    match error {
        RequestError::Unauthorized { message, .. } => {
            OpenError::NotAuthenticated { message, hint: hint(cluster, now) }
        }
        error => error.into(),
    }
}

/// What is known about the credentials.
fn hint(cluster: &ClusterConfig, now: Timestamp) -> String {
    let config: &Config = &cluster.config;
    let user = cluster.user().map_or_else(|| cluster.place().to_owned(), |user| format!("the user `{user}`"));
    let named = |what: &str| {
        if cluster.are_credentials_given {
            format!("the given {what}")
        } else {
            format!("the {what} of {user}")
        }
    };
    let token = config.auth_info.token.as_ref();
    let time = |at: Timestamp| at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string();
    if let Some(expired) = token.and_then(|token| expiry(token.expose_secret())).filter(|at| *at <= now) {
        return format!("{} expired at {}", named("token"), time(expired));
    }
    if token.is_some() {
        return format!("{} may have expired or been revoked", named("token"));
    }
    let certificate = config.auth_info.client_certificate_data.as_deref();
    if let Some(expired) = certificate.and_then(x509::end).filter(|at| *at <= now) {
        return format!("{} expired at {}", named("client certificate"), time(expired));
    }
    if certificate.is_some() {
        return format!("{} may have expired, or another authority issued it", named("client certificate"));
    }
    if config.auth_info.username.is_some() {
        return format!(
            "{user} has a password, which API servers no longer accept; use a token or a certificate"
        );
    }
    format!("{user} has no credentials")
}

/// When a token expires, if it is a JSON Web Token.
fn expiry(token: &str) -> Option<Timestamp> {
    use base64::Engine;
    let payload = token.split('.').nth(1)?;
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    Timestamp::from_second(claims["exp"].as_i64()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_of_tokens_is_read() {
        use base64::Engine;
        let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"exp": 1796083200}"#);
        assert_eq!(expiry(&format!("e30.{claims}.sig")), Some("2026-12-01T00:00:00Z".parse().unwrap()));
        for token in ["", "opaque", "a.b.c", "a.e30.c"] {
            assert_eq!(expiry(token), None, "{token}");
        }
    }
}
