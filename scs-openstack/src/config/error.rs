//! Why a configuration does not lead to a cloud.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// What is wrong with the configuration, where, and what to do about it. Of what the keys have, names alone are part of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A file is no YAML or JSON.
    #[error("{}: not valid {format}: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// `YAML` or `JSON`.
        format: &'static str,
        /// Where and why.
        reason: String,
    },
    /// A key has a value of another kind.
    #[error("{}: `{key}` is {found}; expected {expected}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// The key, with those above it.
        key: String,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// There is no such cloud.
    #[error("no cloud `{name}`; {}", known(clouds, paths, absent.as_deref()))]
    UnknownCloud {
        /// The name that was asked for.
        name: String,
        /// Those that there are.
        clouds: Vec<String>,
        /// Where they come from, or where files were looked for.
        paths: Vec<PathBuf>,
        /// The file that `OS_CLIENT_CONFIG_FILE` names, where it cannot be read.
        absent: Option<PathBuf>,
    },
    /// No cloud is named, and there is not exactly one.
    #[error("no cloud is named; {}", known(clouds, paths, absent.as_deref()))]
    NoCloud {
        /// Those that there are.
        clouds: Vec<String>,
        /// Where they come from, or where files were looked for.
        paths: Vec<PathBuf>,
        /// The file that `OS_CLIENT_CONFIG_FILE` names, where it cannot be read.
        absent: Option<PathBuf>,
    },
    /// Two sources describe a cloud of the same name.
    #[error("{} has a cloud `{name}`, and `OS_CLOUD_NAME` gives the cloud of the environment the same name; rename one of them", path.display())]
    Ambiguous {
        /// The name.
        name: String,
        /// The file.
        path: PathBuf,
    },
    /// The cloud has no such region.
    #[error("the cloud `{cloud}` has no region `{region}`{}; it has {}", if *by_variable { ", which `OS_REGION_NAME` asks for" } else { "" }, listed(regions))]
    UnknownRegion {
        /// The cloud.
        cloud: String,
        /// The region that was asked for.
        region: String,
        /// Whether `OS_REGION_NAME` asks for it.
        by_variable: bool,
        /// Those that there are.
        regions: Vec<String>,
    },
    /// A cloud names a profile that is not there, and leaves open where it is.
    #[error(
        "{}: `{key}` names `{profile}`, which is in no `clouds-public.yaml`, and the profiles that come with OpenStack's clients are not known here; set `{cloud}.auth.auth_url` and `{cloud}.region_name`",
        path.display()
    )]
    UnknownProfile {
        /// The file.
        path: PathBuf,
        /// The key, with those above it.
        key: String,
        /// The name of the profile.
        profile: String,
        /// The cloud, with the key above it.
        cloud: String,
    },
    /// A key that is needed is not set.
    #[error("{}: `{key}` is not set{hint}", source_name.as_str())]
    Missing {
        /// The file, or the environment.
        source_name: String,
        /// The key, with those above it.
        key: String,
        /// What else could be done, beginning with `; `.
        hint: String,
    },
    /// A key has a value that is not understood.
    #[error("{source_name}: `{key}` is not understood: {reason}")]
    Value {
        /// The file, or the environment.
        source_name: String,
        /// The key, with those above it.
        key: String,
        /// What is understood.
        reason: String,
    },
}

fn known(clouds: &[String], paths: &[PathBuf], absent: Option<&Path>) -> String {
    let absent = absent.map_or(String::new(), |path| {
        let why = if path.exists() { "cannot be read" } else { "does not exist" };
        format!("`OS_CLIENT_CONFIG_FILE` names {}, which {why}; ", path.display())
    });
    absent + &there_are(clouds, paths)
}

fn there_are(clouds: &[String], paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    if clouds.is_empty() {
        format!(
            "no clouds are configured: write a `clouds.yaml` into one of {}, or set `OS_AUTH_URL` and the like",
            paths.join(", ")
        )
    } else {
        format!("{} has {}", paths.join(" and "), listed(clouds))
    }
}

/// Names as a list in words.
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    names.join(", ")
}
