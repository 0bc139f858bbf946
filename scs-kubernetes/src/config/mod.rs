//! Configured clusters, as `kubectl` reads them.

mod cluster;
mod connection;
mod credentials;
mod environment;
mod error;
mod kubeconfig;
mod overrides;
pub(crate) mod pem;
mod plugin_config;
mod proxy;

use std::path::{Path, PathBuf};

use http::Uri;

pub use cluster::ClusterConfig;
pub use environment::Environment;
pub use error::ConfigError;
pub use overrides::Overrides;
pub(crate) use plugin_config::{Interactive, PluginConfig};
pub(crate) use proxy::{Proxy, ProxyKind};

use kubeconfig::Merged;

/// The clusters of the kubeconfigs, and that of the pod in which the program runs.
///
/// ```no_run
/// use scs_kubernetes::{Environment, Kubeconfigs, Overrides};
///
/// let kubeconfigs = Kubeconfigs::read(&Environment::from_process(), &Overrides::default())?;
/// for context in kubeconfigs.contexts() {
///     println!("{context}");
/// }
/// let cluster = kubeconfigs.cluster(None)?;
/// println!("{}", cluster.server());
/// # Ok::<(), scs_kubernetes::ConfigError>(())
/// ```
///
/// `Debug` shows no secrets.
#[derive(Clone)]
pub struct Kubeconfigs {
    merged: Merged,
    missing: Vec<PathBuf>,
    /// The API server of the pod in which the program runs, if no kubeconfig is configured.
    in_cluster: Option<Uri>,
    environment: Environment,
    overrides: Overrides,
}

impl Kubeconfigs {
    /// Reads the kubeconfigs: the one of the overrides, or those of `KUBECONFIG`, or `~/.kube/config`. Files of `KUBECONFIG`
    /// that do not exist are skipped. Credentials of a pod are used only if there is none of these.
    ///
    /// # Errors
    ///
    /// If a file is unreadable or not a kubeconfig.
    pub fn read(environment: &Environment, overrides: &Overrides) -> Result<Self, ConfigError> {
        let mut read = Self {
            merged: Merged::default(),
            missing: Vec::new(),
            in_cluster: None,
            environment: environment.clone(),
            overrides: overrides.clone(),
        };
        if let Some(path) = &overrides.kubeconfig {
            read.merged.add(&environment.resolved(path))?;
            return Ok(read);
        }
        let listed = environment.listed();
        let is_listed = listed.is_some();
        for path in listed.unwrap_or_else(|| environment.default_file().into_iter().collect()) {
            // Without the right to look, reading it fails with the reason.
            if path.try_exists().unwrap_or(true) {
                read.merged.add(&path)?;
            } else {
                read.missing.push(path);
            }
        }
        if read.merged.files.is_empty() && !is_listed {
            read.in_cluster = in_cluster(environment);
        }
        Ok(read)
    }

    /// The names of the contexts, in alphabetical order.
    pub fn contexts(&self) -> impl Iterator<Item = &str> {
        self.merged.contexts.keys().map(String::as_str)
    }

    /// The name of the current context.
    #[must_use]
    pub fn current(&self) -> Option<&str> {
        self.merged.current.as_deref()
    }

    /// The files that were read.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.merged.files
    }

    /// The files of `KUBECONFIG` that do not exist.
    #[must_use]
    pub fn missing(&self) -> &[PathBuf] {
        if self.environment.listed().is_some() { &self.missing } else { &[] }
    }

    /// The cluster of a context; of the current one for `None`. Reads the certificates and token files that it names.
    ///
    /// # Errors
    ///
    /// If there is no such context, or one of its keys is missing or invalid.
    pub fn cluster(&self, context: Option<&str>) -> Result<ClusterConfig, ConfigError> {
        if context.is_none() && self.merged.current.is_none() {
            let Overrides { server, cluster, user, .. } = &self.overrides;
            let is_selected = server.is_some() || cluster.is_some();
            match &self.in_cluster {
                Some(pod) if !is_selected && user.is_none() => {
                    return cluster::of_pod(pod, &self.environment, &self.overrides);
                }
                _ if !is_selected => return Err(self.none_selected()),
                _ => {}
            }
        }
        cluster::of_context(context, self)
    }

    fn none_selected(&self) -> ConfigError {
        if self.merged.files.is_empty() {
            return ConfigError::NothingConfigured { files: self.missing.clone() };
        }
        let contexts = self.contexts().map(str::to_owned).collect();
        ConfigError::NoContext { contexts, files: self.merged.files.clone() }
    }
}

impl std::fmt::Debug for Kubeconfigs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kubeconfigs")
            .field("files", &self.merged.files)
            .field("missing", &self.missing)
            .field("contexts", &self.merged.contexts.keys())
            .field("current", &self.merged.current)
            .finish_non_exhaustive()
    }
}

/// A text that is set and not empty.
fn nonempty(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// A path in a kubeconfig is relative to it.
fn beside(file: &Path, path: &str) -> String {
    file.parent().map_or_else(|| path.to_owned(), |directory| directory.join(path).display().to_string())
}

/// The API server of the pod in which the program runs.
fn in_cluster(environment: &Environment) -> Option<Uri> {
    let host = environment.variable("KUBERNETES_SERVICE_HOST")?;
    let port = environment.variable("KUBERNETES_SERVICE_PORT").unwrap_or("443");
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    format!("https://{host}:{port}").parse().ok()
}
