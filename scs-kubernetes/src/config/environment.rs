//! The part of the process environment that `kubectl` uses.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where Kubernetes mounts the credentials of a pod.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Variables and directories.
///
/// Values may be secrets, so `Debug` only shows the names.
///
/// ```
/// use scs_kubernetes::Environment;
///
/// let environment = Environment::new("/home/me", [("KUBECONFIG", "admin.conf:reader.conf")]);
/// assert!(environment.names_a_cluster());
/// assert!(!Environment::new("/home/me", [("HOME", "/home/me")]).names_a_cluster());
/// ```
#[derive(Clone)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    current_dir: PathBuf,
    service_account: PathBuf,
}

impl Environment {
    /// The environment of the process.
    #[must_use]
    pub fn from_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self::new(env::current_dir().unwrap_or_default(), env::vars_os().filter_map(text))
    }

    /// A custom environment, for tests and other programs.
    #[must_use]
    pub fn new<N: Into<String>, V: Into<String>>(
        current_dir: impl Into<PathBuf>,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self {
            variables: variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            current_dir: current_dir.into(),
            service_account: PathBuf::from(SERVICE_ACCOUNT),
        }
    }

    /// Replaces the directory of a pod's credentials, for tests.
    #[must_use]
    pub fn with_service_account(self, directory: impl Into<PathBuf>) -> Self {
        Self { service_account: directory.into(), ..self }
    }

    /// Whether `KUBECONFIG` is set. The kubeconfig in the home directory does not count.
    #[must_use]
    pub fn names_a_cluster(&self) -> bool {
        self.variable("KUBECONFIG").is_some()
    }

    /// Whether there is a cluster to query although nothing names one: the kubeconfig in the home directory, or the cluster of
    /// the pod in which the program runs.
    #[must_use]
    pub fn has_default_cluster(&self) -> bool {
        let file = self.default_file();
        file.is_some_and(|file| file.exists()) || self.variable("KUBERNETES_SERVICE_HOST").is_some()
    }

    /// The value of a variable that is set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of the first of two variables that is set and not empty.
    pub(crate) fn either(&self, first: &'static str, second: &'static str) -> Option<(&'static str, &str)> {
        [first, second].into_iter().find_map(|name| Some((name, self.variable(name)?)))
    }

    /// The files of `KUBECONFIG`, in order; `None` if it is not set.
    pub(crate) fn listed(&self) -> Option<Vec<PathBuf>> {
        let paths = env::split_paths(self.variable("KUBECONFIG")?);
        let paths = paths.filter(|path| !path.as_os_str().is_empty());
        let paths: Vec<PathBuf> = paths.map(|path| self.current_dir.join(path)).collect();
        (!paths.is_empty()).then_some(paths)
    }

    /// The default file.
    pub(crate) fn default_file(&self) -> Option<PathBuf> {
        self.variable("HOME").map(|home| Path::new(home).join(".kube/config"))
    }

    /// A path relative to the current directory.
    pub(crate) fn resolved(&self, path: &Path) -> PathBuf {
        self.current_dir.join(path)
    }

    /// The directory of a pod's credentials.
    pub(crate) fn service_account(&self) -> &Path {
        &self.service_account
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys())
            .field("current_dir", &self.current_dir)
            .field("service_account", &self.service_account)
            .finish()
    }
}
