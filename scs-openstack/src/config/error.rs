//! Configuration errors.

use std::path::{Path, PathBuf};

use scs_standards::wording::quoted;
use thiserror::Error;

/// An error in the configuration, with its location and a hint. It only contains names, not values of keys.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file is unreadable.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's message.
        reason: String,
    },
    /// A file is not valid YAML or JSON.
    #[error("{}: not valid {format}: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// `YAML` or `JSON`.
        format: &'static str,
        /// Position and message.
        reason: String,
    },
    /// A key has a value of the wrong type.
    #[error("{}: `{key}` is {found}; expected {expected}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// The full path of the key.
        key: String,
        /// The expected type.
        expected: &'static str,
        /// The actual type.
        found: &'static str,
    },
    /// The cloud does not exist.
    #[error("no cloud `{name}`; {}", known(clouds, paths, absent.as_deref()))]
    UnknownCloud {
        /// The requested name.
        name: String,
        /// The available ones.
        clouds: Vec<String>,
        /// Their source, or the searched paths.
        paths: Vec<PathBuf>,
        /// The file set in `OS_CLIENT_CONFIG_FILE`, if unreadable.
        absent: Option<PathBuf>,
    },
    /// No cloud was selected, and there is not exactly one.
    #[error("no cloud was selected; {}", known(clouds, paths, absent.as_deref()))]
    NoCloud {
        /// The available ones.
        clouds: Vec<String>,
        /// Their source, or the searched paths.
        paths: Vec<PathBuf>,
        /// The file set in `OS_CLIENT_CONFIG_FILE`, if unreadable.
        absent: Option<PathBuf>,
    },
    /// Two sources have a cloud with the same name.
    #[error("{} has a cloud `{name}`, but `OS_CLOUD_NAME` gives the cloud in the environment the same name; rename one of them", path.display())]
    Ambiguous {
        /// The name.
        name: String,
        /// The file.
        path: PathBuf,
    },
    /// The cloud has no such region.
    #[error("the cloud `{cloud}` has no region `{region}`{}; it has {}", if *by_variable { ", which is set in `OS_REGION_NAME`" } else { "" }, quoted(regions))]
    UnknownRegion {
        /// The cloud.
        cloud: String,
        /// The requested region.
        region: String,
        /// Whether it is set in `OS_REGION_NAME`.
        by_variable: bool,
        /// The available ones.
        regions: Vec<String>,
    },
    /// A cloud refers to a missing profile, and does not have its own URL.
    #[error(
        "{}: `{key}` is `{profile}`, which is not in any `clouds-public.yaml`; the profiles included in OpenStack's clients are not available here; set `{cloud}.auth.auth_url` and `{cloud}.region_name`",
        path.display()
    )]
    UnknownProfile {
        /// The file.
        path: PathBuf,
        /// The full path of the key.
        key: String,
        /// The name of the profile.
        profile: String,
        /// The cloud, with its parent key.
        cloud: String,
    },
    /// A required key is not set.
    #[error("{}: `{key}` is not set{hint}", source_name.as_str())]
    Missing {
        /// The file, or the environment.
        source_name: String,
        /// The full path of the key.
        key: String,
        /// A hint, starting with `; `.
        hint: String,
    },
    /// A key has an invalid value.
    #[error("{source_name}: `{key}` is invalid: {reason}")]
    Value {
        /// The file, or the environment.
        source_name: String,
        /// The full path of the key.
        key: String,
        /// The expected values.
        reason: String,
    },
}

fn known(clouds: &[String], paths: &[PathBuf], absent: Option<&Path>) -> String {
    let absent = absent.map_or(String::new(), |path| {
        let why = if path.exists() { "cannot be read" } else { "does not exist" };
        format!("`OS_CLIENT_CONFIG_FILE` is {}, which {why}; ", path.display())
    });
    absent + &available_clouds(clouds, paths)
}

fn available_clouds(clouds: &[String], paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    if clouds.is_empty() {
        format!(
            "no clouds are configured: create a `clouds.yaml` in one of {}, or set `OS_AUTH_URL` and the other `OS_*` variables",
            paths.join(", ")
        )
    } else {
        format!("{} has {}", paths.join(" and "), quoted(clouds))
    }
}
