//! The connection to an API server: its URL, how it is verified, and the proxy.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use kube::Config;
use kube::config::Cluster;
use serde_json::{Value, json};

use super::environment::Environment;
use super::error::ConfigError;
use super::overrides::Overrides;
use super::pem::{self, Place};
use super::proxy::Proxy;
use super::{beside, nonempty};

/// The extension of a cluster whose content is for credential plug-ins.
const FOR_PLUGINS: &str = "client.authentication.k8s.io/exec";

/// A connection, without credentials.
pub(super) struct Connection {
    pub(super) config: Config,
    pub(super) proxy: Option<Proxy>,
    pub(super) notices: Vec<String>,
    /// The cluster, as plug-ins receive it.
    pub(super) for_plugins: Value,
}

/// The cluster in a file with the overrides and absolute paths.
pub(super) fn overridden(
    cluster: Option<&Cluster>,
    overrides: &Overrides,
    file: &Path,
    environment: &Environment,
) -> Cluster {
    let mut cluster = cluster.cloned().unwrap_or_default();
    if let Some(path) = nonempty(cluster.certificate_authority.as_ref()) {
        cluster.certificate_authority = Some(beside(file, path));
    }
    if let Some(server) = &overrides.server {
        cluster.server = Some(server.clone());
        // As for kubectl, the name in the file belongs to the server in the file.
        cluster.tls_server_name = None;
    }
    if let Some(name) = &overrides.tls_server_name {
        cluster.tls_server_name = Some(name.clone());
    }
    let authority = overrides.certificate_authority.as_ref();
    if overrides.insecure_skip_tls_verify || authority.is_some() {
        // As for kubectl, each of these options replaces both keys of the file; both at once are a conflict.
        cluster.insecure_skip_tls_verify = Some(overrides.insecure_skip_tls_verify);
        cluster.certificate_authority =
            authority.map(|path| environment.resolved(path).display().to_string());
        cluster.certificate_authority_data = None;
    }
    cluster
}

/// The connection to a cluster. A server without a scheme has TLS if there is a sign of it, such as a client certificate.
pub(super) fn read(
    cluster: &Cluster,
    place: &Place,
    environment: &Environment,
    has_client_certificate: bool,
) -> Result<Connection, ConfigError> {
    let server = nonempty(cluster.server.as_ref())
        .ok_or_else(|| ConfigError::Missing { place: place.text.clone(), key: "server" })?;
    let data = nonempty(cluster.certificate_authority_data.as_ref());
    let file = nonempty(cluster.certificate_authority.as_ref()).map(Path::new);
    let (key, authorities) =
        pem::data_or_file(place, ("certificate-authority-data", data), ("certificate-authority", file))?;
    let is_insecure = cluster.insecure_skip_tls_verify == Some(true);
    if is_insecure && authorities.is_some() {
        return Err(ConfigError::Conflict {
            place: place.text.clone(),
            first: "insecure-skip-tls-verify",
            second: key,
        });
    }
    let has_tls = is_insecure || authorities.is_some() || has_client_certificate;
    let mut config = Config::new(server_uri(server, has_tls, place)?);
    // The client's own retries are up to 15.
    config.default_retry = false;
    config.root_cert =
        authorities.as_ref().map(|authorities| pem::certificates(place, key, authorities)).transpose()?;
    config.accept_invalid_certs = is_insecure;
    config.tls_server_name = nonempty(cluster.tls_server_name.as_ref()).map(str::to_owned);
    config.disable_compression = cluster.disable_compression == Some(true);
    let mut notices = Vec::new();
    if is_insecure {
        notices.push(
            "the certificate of the API server was not verified, because of `insecure-skip-tls-verify`; a different server may have responded"
                .to_owned(),
        );
    }
    if config.cluster_url.scheme_str() == Some("http") {
        notices.push("the API server was queried without TLS".to_owned());
    }
    let proxy = proxy(cluster, environment, &config.cluster_url, place)?;
    let for_plugins = for_plugins(cluster, authorities.as_deref());
    Ok(Connection { config, proxy, notices, for_plugins })
}

fn server_uri(server: &str, has_tls: bool, place: &Place) -> Result<Uri, ConfigError> {
    let value = |reason: String| ConfigError::Value { place: place.text.clone(), key: "server", reason };
    if server.contains('@') {
        return Err(value("a URL with user and password; set them in `users`".to_owned()));
    }
    let invalid = |reason: &str| value(format!("`{server}` {reason}"));
    let whole = match (server.contains("://"), has_tls) {
        (true, _) => server.to_owned(),
        (false, true) => format!("https://{server}"),
        (false, false) => format!("http://{server}"),
    };
    let uri: Uri = whole.parse().map_err(|_| invalid("is not a URL"))?;
    let has_port = uri.authority().is_some_and(|all| all.as_str().len() > all.host().len());
    match uri.scheme_str() {
        Some("http" | "https") if has_port && uri.port_u16().is_none() => Err(invalid("has an invalid port")),
        Some("http" | "https") if uri.query().is_some() => Err(invalid("must not have a query")),
        Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => Ok(uri),
        Some("http" | "https") => Err(invalid("has no host")),
        _ => Err(invalid("must start with `https://` or `http://`")),
    }
}

fn proxy(
    cluster: &Cluster,
    environment: &Environment,
    server: &Uri,
    place: &Place,
) -> Result<Option<Proxy>, ConfigError> {
    match nonempty(cluster.proxy_url.as_ref()) {
        Some(url) => Proxy::of_key(url, server).map(Some).ok_or_else(|| ConfigError::Value {
            place: place.text.clone(),
            key: "proxy-url",
            reason: "expected a URL that starts with `http://`, `https://` or `socks5://`".to_owned(),
        }),
        None => Ok(Proxy::of_variables(environment, server)),
    }
}

/// The cluster in the form of the plug-in protocol, with certificates instead of a path.
fn for_plugins(cluster: &Cluster, authorities: Option<&[u8]>) -> Value {
    let mut value = json!({"server": cluster.server});
    if cluster.insecure_skip_tls_verify == Some(true) {
        value["insecure-skip-tls-verify"] = json!(true);
    }
    if let Some(authorities) = authorities {
        value["certificate-authority-data"] = json!(STANDARD.encode(authorities));
    }
    for (key, text) in [("tls-server-name", &cluster.tls_server_name), ("proxy-url", &cluster.proxy_url)] {
        if let Some(text) = nonempty(text.as_ref()) {
            value[key] = json!(text);
        }
    }
    let extension = cluster.extensions.iter().flatten().find(|extension| extension.name == FOR_PLUGINS);
    if let Some(extension) = extension {
        value["config"] = extension.extension.clone();
    }
    value
}
