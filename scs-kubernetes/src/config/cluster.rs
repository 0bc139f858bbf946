//! A cluster and a user, ready for a session.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use kube::Config;
use kube::config::{AuthInfo, Cluster};
use secrecy::SecretString;

use super::Kubeconfigs;
use super::environment::Environment;
use super::error::ConfigError;
use super::overrides::Overrides;
use super::pem::{self, Place};
use super::plugin_config::PluginConfig;
use super::proxy::Proxy;

/// A cluster with the credentials of a user.
///
/// `Debug` shows no secrets.
#[derive(Clone)]
pub struct ClusterConfig {
    pub(crate) context: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) place: String,
    pub(crate) config: Config,
    pub(crate) plugin: Option<PluginConfig>,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) has_client_certificate: bool,
    pub(crate) notices: Vec<String>,
}

impl ClusterConfig {
    /// The name of the context, or the host of the API server.
    #[must_use]
    pub fn title(&self) -> &str {
        self.context.as_deref().or_else(|| self.config.cluster_url.host()).unwrap_or("cluster")
    }

    /// The context, unless the cluster is given by options or by the pod.
    #[must_use]
    pub fn context(&self) -> Option<&str> {
        self.context.as_deref()
    }

    /// The name of the user in the kubeconfig.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The URL of the API server.
    #[must_use]
    pub fn server(&self) -> String {
        self.config.cluster_url.to_string().trim_end_matches('/').to_owned()
    }

    /// The file and context, or the origin of the configuration, for messages.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What weakens the evidence, such as a certificate that is not verified.
    pub fn notices(&self) -> impl Iterator<Item = &str> {
        self.notices.iter().map(String::as_str)
    }

    /// The credential plug-in that a session will run.
    #[must_use]
    pub fn plugin(&self) -> Option<&str> {
        self.plugin.as_ref().map(|plugin| plugin.command.as_str())
    }
}

impl std::fmt::Debug for ClusterConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClusterConfig")
            .field("context", &self.context)
            .field("user", &self.user)
            .field("server", &self.server())
            .finish_non_exhaustive()
    }
}

/// The cluster of a context, with the overrides.
pub(super) fn of_context(
    context: Option<&str>,
    kubeconfigs: &Kubeconfigs,
) -> Result<ClusterConfig, ConfigError> {
    let Kubeconfigs { merged, overrides, environment, .. } = kubeconfigs;
    let name = context.or(merged.current.as_deref());
    let entry = name
        .map(|name| {
            merged.contexts.get(name).ok_or_else(|| ConfigError::UnknownContext {
                name: name.to_owned(),
                contexts: merged.contexts.keys().cloned().collect(),
                files: merged.files.clone(),
            })
        })
        .transpose()?;
    let place = match (name, entry) {
        (Some(name), Some(entry)) => format!("{}, context `{name}`", entry.file.display()),
        _ => "command line".to_owned(),
    };
    let undefined = |what: &'static str, name: &str, known: Vec<String>, by_option: bool| {
        let place = if by_option { format!("`--{what}`") } else { place.clone() };
        ConfigError::Undefined { place, what, name: name.to_owned(), known }
    };
    let cluster_name = overrides.cluster.as_deref().or(entry.map(|entry| entry.value.cluster.as_str()));
    let cluster = cluster_name
        .map(|name| {
            let known = || merged.clusters.keys().cloned().collect();
            merged
                .clusters
                .get(name)
                .map(|entry| (name, entry))
                .ok_or_else(|| undefined("cluster", name, known(), overrides.cluster.is_some()))
        })
        .transpose()?;
    let of_context = entry.and_then(|entry| entry.value.user.as_deref()).filter(|name| !name.is_empty());
    let user_name = overrides.user.as_deref().or(of_context);
    let user = user_name
        .map(|name| {
            let known = || merged.users.keys().cloned().collect();
            merged
                .users
                .get(name)
                .map(|entry| (name, entry))
                .ok_or_else(|| undefined("user", name, known(), overrides.user.is_some()))
        })
        .transpose()?;

    let cluster_place = Place {
        text: cluster.map_or_else(
            || place.clone(),
            |(name, entry)| format!("{}, cluster `{name}`", entry.file.display()),
        ),
    };
    let user_place = Place {
        text: user.map_or_else(
            || place.clone(),
            |(name, entry)| format!("{}, user `{name}`", entry.file.display()),
        ),
    };
    let cluster_file = cluster.map_or(Path::new(""), |(_, entry)| entry.file.as_path());
    let user_file = user.map_or(Path::new(""), |(_, entry)| entry.file.as_path());
    let cluster_value = overridden_cluster(cluster.map(|(_, entry)| &entry.value), overrides, cluster_file);
    let user_value = overridden_user(user.map(|(_, entry)| &entry.value), overrides, user_file, environment);
    let mut notices: Vec<String> = Vec::new();
    let mut config = connection(&cluster_value, overrides, environment, &cluster_place, &mut notices)?;
    let has_client_certificate = authenticate(&mut config, &user_value, overrides, &user_place)?;
    let plugin = match &user_value.exec {
        // As for kubectl, given credentials take precedence.
        Some(exec) if config.auth_info.token.is_none() && user_value.username.is_none() => {
            let absolute = with_absolute_paths(&cluster_value, cluster_file);
            let plugin = PluginConfig::read(exec, &absolute, &user_place, user_file)?;
            if overrides.no_plugins {
                return Err(ConfigError::PluginForbidden { place: user_place.text, command: plugin.command });
            }
            Some(plugin)
        }
        _ => None,
    };
    let proxy = proxy(&cluster_value, environment, &config.cluster_url, &cluster_place)?;
    Ok(ClusterConfig {
        context: name.map(str::to_owned),
        user: user_name.map(str::to_owned),
        place,
        config,
        plugin,
        proxy,
        has_client_certificate,
        notices,
    })
}

/// The cluster of the pod in which the program runs.
pub(super) fn of_pod(
    server: &Uri,
    environment: &Environment,
    overrides: &Overrides,
) -> Result<ClusterConfig, ConfigError> {
    let directory = environment.service_account();
    let place = Place { text: "the service account of this pod".to_owned() };
    let token = pem::read(&place, "token", &directory.join("token"))?;
    let authorities = pem::read(&place, "ca.crt", &directory.join("ca.crt"))?;
    let mut config = base(server.clone());
    config.root_cert = Some(pem::certificates(&place, "ca.crt", &authorities)?);
    let user = AuthInfo {
        token: Some(SecretString::from(String::from_utf8_lossy(&token).trim().to_owned())),
        ..AuthInfo::default()
    };
    let user = overridden_user(Some(&user), overrides, Path::new(""), environment);
    let has_client_certificate = authenticate(&mut config, &user, overrides, &place)?;
    Ok(ClusterConfig {
        context: None,
        user: None,
        place: place.text,
        proxy: Proxy::of_variables(environment, server),
        config,
        plugin: None,
        has_client_certificate,
        notices: Vec::new(),
    })
}

/// A configuration without the traps of the client: no retries of its own, which are up to 15.
fn base(server: Uri) -> Config {
    let mut config = Config::new(server);
    config.default_retry = false;
    config
}

fn nonempty(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// A path in a kubeconfig is relative to it.
fn beside(file: &Path, path: &str) -> PathBuf {
    file.parent().map_or_else(|| PathBuf::from(path), |directory| directory.join(path))
}

fn with_absolute_paths(cluster: &Cluster, file: &Path) -> Cluster {
    let mut cluster = cluster.clone();
    if let Some(path) = nonempty(cluster.certificate_authority.as_ref()) {
        cluster.certificate_authority = Some(beside(file, path).display().to_string());
    }
    cluster
}

fn overridden_cluster(cluster: Option<&Cluster>, overrides: &Overrides, file: &Path) -> Cluster {
    let mut cluster = cluster.map(|cluster| with_absolute_paths(cluster, file)).unwrap_or_default();
    if let Some(server) = &overrides.server {
        cluster.server = Some(server.clone());
    }
    if let Some(name) = &overrides.tls_server_name {
        cluster.tls_server_name = Some(name.clone());
    }
    if overrides.insecure_skip_tls_verify {
        cluster.insecure_skip_tls_verify = Some(true);
        // As for kubectl, the option replaces the authorities of the file; both options at once are a conflict.
        cluster.certificate_authority = None;
        cluster.certificate_authority_data = None;
    }
    cluster
}

fn overridden_user(
    user: Option<&AuthInfo>,
    overrides: &Overrides,
    file: &Path,
    environment: &Environment,
) -> AuthInfo {
    let mut user = user.cloned().unwrap_or_default();
    for path in [&mut user.token_file, &mut user.client_certificate, &mut user.client_key] {
        if let Some(given) = nonempty(path.as_ref()) {
            *path = Some(beside(file, given).display().to_string());
        }
    }
    let resolved = |path: &PathBuf| environment.resolved(path).display().to_string();
    if let Some(token) = &overrides.token {
        user.token = Some(token.inner().clone());
        user.exec = None;
    }
    if let Some(path) = &overrides.client_certificate {
        user.client_certificate = Some(resolved(path));
        user.client_certificate_data = None;
    }
    if let Some(path) = &overrides.client_key {
        user.client_key = Some(resolved(path));
        user.client_key_data = None;
    }
    if let Some(name) = &overrides.impersonate {
        user.impersonate = Some(name.clone());
    }
    if let Some(uid) = &overrides.impersonate_uid {
        user.impersonate_uid = Some(uid.clone());
    }
    if !overrides.impersonate_groups.is_empty() {
        user.impersonate_groups = Some(overrides.impersonate_groups.clone());
    }
    user
}

/// The server and how it is verified.
fn connection(
    cluster: &Cluster,
    overrides: &Overrides,
    environment: &Environment,
    place: &Place,
    notices: &mut Vec<String>,
) -> Result<Config, ConfigError> {
    let server = nonempty(cluster.server.as_ref())
        .ok_or_else(|| ConfigError::Missing { place: place.text.clone(), key: "server" })?;
    let mut config = base(server_uri(server, place)?);
    let given = overrides.certificate_authority.as_ref().map(|path| environment.resolved(path));
    let of_cluster = nonempty(cluster.certificate_authority.as_ref()).map(PathBuf::from);
    let data = nonempty(cluster.certificate_authority_data.as_ref()).filter(|_| given.is_none());
    let authorities = pem::data_or_file(
        place,
        ("certificate-authority-data", data),
        ("certificate-authority", given.or(of_cluster).as_deref()),
    )?;
    let is_insecure = cluster.insecure_skip_tls_verify == Some(true);
    if let Some(authorities) = authorities {
        if is_insecure {
            return Err(ConfigError::Conflict {
                place: place.text.clone(),
                first: "insecure-skip-tls-verify",
                second: "certificate-authority",
            });
        }
        config.root_cert = Some(pem::certificates(place, "certificate-authority", &authorities)?);
    }
    if is_insecure {
        config.accept_invalid_certs = true;
        notices.push(
            "the certificate of the API server was not verified, because of `insecure-skip-tls-verify`; a different server may have responded"
                .to_owned(),
        );
    }
    if config.cluster_url.scheme_str() == Some("http") {
        notices.push("the API server was queried without TLS".to_owned());
    }
    config.tls_server_name = nonempty(cluster.tls_server_name.as_ref()).map(str::to_owned);
    config.disable_compression = cluster.disable_compression == Some(true);
    Ok(config)
}

fn server_uri(server: &str, place: &Place) -> Result<Uri, ConfigError> {
    let invalid = |reason: &str| ConfigError::Value {
        place: place.text.clone(),
        key: "server",
        reason: format!("`{server}` {reason}"),
    };
    // kubectl adds the scheme, too.
    let whole = if server.contains("://") { server.to_owned() } else { format!("http://{server}") };
    let uri: Uri = whole.parse().map_err(|_| invalid("is not a URL"))?;
    match uri.scheme_str() {
        Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => Ok(uri),
        Some("http" | "https") => Err(invalid("has no host")),
        _ => Err(invalid("must start with `https://` or `http://`")),
    }
}

/// Sets the credentials, and says whether there is a client certificate.
fn authenticate(
    config: &mut Config,
    user: &AuthInfo,
    overrides: &Overrides,
    place: &Place,
) -> Result<bool, ConfigError> {
    if user.auth_provider.is_some() {
        return Err(ConfigError::AuthProvider { place: place.text.clone() });
    }
    let path = |path: &Option<String>| nonempty(path.as_ref()).map(PathBuf::from);
    let certificate = pem::data_or_file(
        place,
        ("client-certificate-data", user.client_certificate_data.as_deref()),
        ("client-certificate", path(&user.client_certificate).as_deref()),
    )?;
    let key_data =
        user.client_key_data.as_ref().map(|key| secrecy::ExposeSecret::expose_secret(key).to_owned());
    let key = pem::data_or_file(
        place,
        ("client-key-data", key_data.as_deref()),
        ("client-key", path(&user.client_key).as_deref()),
    )?;
    let info = &mut config.auth_info;
    let has_client_certificate = certificate.is_some();
    match (certificate, key) {
        (Some(certificate), Some(key)) => {
            pem::certificates(place, "client-certificate", &certificate)?;
            info.client_certificate_data = Some(STANDARD.encode(certificate));
            info.client_key_data = Some(SecretString::from(STANDARD.encode(key)));
        }
        (Some(_), None) => return Err(ConfigError::Missing { place: place.text.clone(), key: "client-key" }),
        (None, Some(_)) => {
            return Err(ConfigError::Missing { place: place.text.clone(), key: "client-certificate" });
        }
        (None, None) => {}
    }
    info.token = token(user, place)?;
    if info.token.is_none() && user.username.is_some() {
        info.username.clone_from(&user.username);
        info.password.clone_from(&user.password);
    }
    if overrides.impersonate.is_none()
        && user.impersonate.is_none()
        && (user.impersonate_uid.is_some()
            || user.impersonate_groups.as_ref().is_some_and(|it| !it.is_empty()))
    {
        return Err(ConfigError::Missing { place: place.text.clone(), key: "as" });
    }
    info.impersonate = nonempty(user.impersonate.as_ref()).map(str::to_owned);
    info.impersonate_uid = nonempty(user.impersonate_uid.as_ref()).map(str::to_owned);
    info.impersonate_groups.clone_from(&user.impersonate_groups);
    info.impersonate_user_extra.clone_from(&user.impersonate_user_extra);
    Ok(has_client_certificate)
}

/// The token, or that in the token file.
fn token(user: &AuthInfo, place: &Place) -> Result<Option<SecretString>, ConfigError> {
    let given =
        user.token.as_ref().map(secrecy::ExposeSecret::expose_secret).filter(|token| !token.is_empty());
    let (key, text) = match (given, nonempty(user.token_file.as_ref())) {
        (Some(token), _) => ("token", token.to_owned()),
        (None, Some(path)) => {
            let bytes = pem::read(place, "tokenFile", Path::new(path))?;
            ("tokenFile", String::from_utf8_lossy(&bytes).into_owned())
        }
        (None, None) => return Ok(None),
    };
    let text = text.trim();
    let invalid =
        |reason: &str| ConfigError::Value { place: place.text.clone(), key, reason: reason.to_owned() };
    if text.is_empty() {
        return Err(invalid("it is empty"));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(invalid("it is not a token: it has spaces or other characters that no token has"));
    }
    Ok(Some(SecretString::from(text)))
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
