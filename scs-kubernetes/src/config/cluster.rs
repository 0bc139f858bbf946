//! A cluster and a user, ready for a session.

use std::path::{Path, PathBuf};

use http::Uri;
use kube::Config;
use kube::config::{AuthInfo, Cluster};

use super::connection::{self, Connection};
use super::credentials::{self, Credentials};
use super::environment::Environment;
use super::error::ConfigError;
use super::overrides::Overrides;
use super::pem::Place;
use super::plugin_config::PluginConfig;
use super::proxy::Proxy;
use super::{Kubeconfigs, nonempty};

/// A cluster with the credentials of a user.
///
/// `Debug` shows no secrets.
#[derive(Clone)]
pub struct ClusterConfig {
    pub(crate) context: Option<String>,
    pub(crate) user: Option<String>,
    /// Whether credentials are given that are not those of a user in the kubeconfig.
    pub(crate) are_credentials_given: bool,
    pub(crate) place: String,
    pub(crate) config: Config,
    pub(crate) plugin: Option<PluginConfig>,
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) proxy: Option<Proxy>,
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

    /// The name of the user in the kubeconfig, unless other credentials are given.
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
    let of_context = entry.map(|entry| nonempty(Some(&entry.value.cluster)));
    let cluster_name = match (overrides.cluster.as_deref(), of_context) {
        (None, Some(None)) => return Err(ConfigError::Missing { place, key: "cluster" }),
        (given, of_context) => given.or(of_context.flatten()),
    };
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
    let of_context = entry.and_then(|entry| nonempty(entry.value.user.as_ref()));
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
    let cluster =
        connection::overridden(cluster.map(|(_, entry)| &entry.value), overrides, cluster_file, environment);
    let user =
        credentials::overridden(user.map(|(_, entry)| &entry.value), overrides, user_file, environment);
    let credentials = credentials::read(&user, &user_place)?;
    let connection = connection::read(&cluster, &cluster_place, environment, credentials.has_certificate)?;
    let plugin = match &user.exec {
        // As for kubectl, given credentials take precedence.
        Some(exec) if credentials.info.token.is_none() && user.username.is_none() => {
            let plugin = PluginConfig::read(exec, &connection.for_plugins, &user_place, user_file)?;
            if overrides.no_plugins {
                return Err(ConfigError::PluginForbidden { place: user_place.text, command: plugin.command });
            }
            Some(plugin)
        }
        _ => None,
    };
    Ok(ClusterConfig {
        context: name.map(str::to_owned),
        user: user_name.filter(|_| !overrides.gives_credentials()).map(str::to_owned),
        are_credentials_given: overrides.gives_credentials(),
        plugin,
        ..joined(connection, credentials, place)
    })
}

/// The cluster of the pod in which the program runs.
pub(super) fn of_pod(
    server: &Uri,
    environment: &Environment,
    overrides: &Overrides,
) -> Result<ClusterConfig, ConfigError> {
    let file = |name: &str| environment.service_account().join(name).display().to_string();
    let place = Place { text: "the service account of this pod".to_owned() };
    let cluster = Cluster {
        server: Some(server.to_string()),
        certificate_authority: Some(file("ca.crt")),
        ..Cluster::default()
    };
    let user = AuthInfo { token_file: Some(file("token")), ..AuthInfo::default() };
    let cluster = connection::overridden(Some(&cluster), overrides, Path::new(""), environment);
    let user = credentials::overridden(Some(&user), overrides, Path::new(""), environment);
    let credentials = credentials::read(&user, &place)?;
    let connection = connection::read(&cluster, &place, environment, credentials.has_certificate)?;
    Ok(ClusterConfig {
        are_credentials_given: overrides.gives_credentials(),
        ..joined(connection, credentials, place.text)
    })
}

fn joined(connection: Connection, credentials: Credentials, place: String) -> ClusterConfig {
    let mut config = connection.config;
    config.auth_info = credentials.info;
    ClusterConfig {
        context: None,
        user: None,
        are_credentials_given: false,
        place,
        config,
        plugin: None,
        token_file: credentials.token_file,
        proxy: connection.proxy,
        notices: connection.notices,
    }
}
