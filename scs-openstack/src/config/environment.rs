//! The part of the process environment that OpenStack clients use.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

/// Variables and directories.
///
/// Values may be secrets, so `Debug` only shows the names.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    current_dir: PathBuf,
}

impl Environment {
    /// The environment of the process.
    #[must_use]
    pub fn from_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            variables: env::vars_os().filter_map(text).collect(),
            current_dir: env::current_dir().unwrap_or_default(),
        }
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
        }
    }

    /// Whether a cloud is selected with `OS_CLOUD`, or described with `OS_AUTH_URL` and the other `OS_*` variables.
    #[must_use]
    pub fn names_a_cloud(&self) -> bool {
        self.variable("OS_CLOUD").or_else(|| self.variable("OS_AUTH_URL")).is_some()
    }

    /// The value of a variable that is set and not empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The `OS_*` variables that describe a cloud, without those that only select one; `None` if there are only the latter.
    pub(crate) fn cloud(&self) -> Option<impl Iterator<Item = (String, &str)>> {
        const SELECTORS: [&str; 6] = [
            "OS_CLOUD",
            "OS_REGION_NAME",
            "OS_CLIENT_CONFIG_FILE",
            "OS_CLIENT_SECURE_FILE",
            "OS_CLIENT_VENDOR_FILE",
            "OS_CLOUD_NAME",
        ];
        // Variables of OpenStack's test suites.
        const FOREIGN: [&str; 3] = ["OS_TEST", "OS_STD", "OS_LOG"];
        let of_cloud =
            |name: &str| name.starts_with("OS_") && !FOREIGN.iter().any(|foreign| name.starts_with(foreign));
        let some = self.variables.keys().any(|name| of_cloud(name) && !SELECTORS.contains(&name.as_str()));
        some.then(|| {
            self.variables
                .iter()
                .filter(move |(name, _)| of_cloud(name))
                .map(|(name, value)| (name["OS_".len()..].to_lowercase(), value.as_str()))
        })
    }

    /// The variables that override the settings of any cloud, as for the OpenStack client.
    pub(crate) fn over_all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        ["cacert", "cert", "key", "interface"].into_iter().filter_map(|key| {
            let value = self.variable(&format!("OS_{}", key.to_uppercase()))?;
            Some((key, value))
        })
    }

    pub(crate) fn home(&self) -> Option<&Path> {
        self.variable("SNAP_REAL_HOME").or_else(|| self.variable("HOME")).map(Path::new)
    }

    /// Expands `~` in a path to the home directory.
    pub(crate) fn expanded(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), self.home()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.current_dir.join(path),
        }
    }

    /// The configuration directories, in lookup order.
    pub(crate) fn directories(&self) -> Vec<PathBuf> {
        let of_user = self.home().map(|home| home.join(".config/openstack"));
        let config_home = self.variable("XDG_CONFIG_HOME").map(|home| Path::new(home).join("openstack"));
        let mut directories = vec![self.current_dir.clone()];
        directories.extend(config_home);
        directories.extend(of_user);
        let site = self.variable("XDG_CONFIG_DIRS").unwrap_or("/etc/xdg");
        directories.extend(site.split(':').next().map(|site| Path::new(site).join("openstack")));
        directories.push(PathBuf::from("/etc/openstack"));
        directories
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys())
            .field("current_dir", &self.current_dir)
            .finish()
    }
}
