//! The configuration of a runner.

use std::fmt;
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use scs_standards::yaml;
use serde::Deserialize;
use thiserror::Error;

/// Error: not a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ReadRunnerError(String);

/// What to check, when, and where to post the reports.
///
/// ```
/// use scs_monitor::RunnerConfig;
///
/// let config = RunnerConfig::read("
/// monitor: https://monitor.example.com/
/// account: ci
/// password_file: /etc/scs-monitor/password
/// key_file: /etc/scs-monitor/id_ed25519
/// every: 1d
/// targets:
///   - {subject: my-cloud, scope: scs-compatible-iaas, os_cloud: my-cloud}
///   - {subject: my-cluster, scope: scs-compatible-kaas, kubeconfig: /etc/scs-monitor/kubeconfig}
/// ")?;
/// assert_eq!(config.targets.len(), 2);
/// # Ok::<(), scs_monitor::ReadRunnerError>(())
/// ```
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RunnerConfig {
    /// The address of the monitor.
    pub monitor: String,
    /// The account that posts the reports.
    pub account: String,
    /// The file with its password.
    pub password_file: PathBuf,
    /// The file with the private key that signs the reports.
    pub key_file: PathBuf,
    /// The program that checks.
    #[serde(default = "program")]
    pub program: PathBuf,
    /// The number of checks at the same time.
    #[serde(default = "parallel")]
    pub parallel: NonZero<usize>,
    /// The time between two checks of a target.
    #[serde(default = "every", deserialize_with = "duration")]
    pub every: Duration,
    /// The largest part of it by which a check is put off, so that not all begin at once.
    #[serde(default = "jitter", deserialize_with = "duration")]
    pub jitter: Duration,
    /// The longest time for a check.
    #[serde(default = "timeout", deserialize_with = "duration")]
    pub timeout: Duration,
    /// What to check.
    pub targets: Vec<Target>,
}

impl fmt::Debug for RunnerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunnerConfig")
            .field("account", &self.account)
            .field("targets", &self.targets)
            .finish_non_exhaustive()
    }
}

/// A cloud or a cluster to check.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "FileTarget")]
#[non_exhaustive]
pub struct Target {
    /// The subject of its reports.
    pub subject: String,
    /// The scope.
    pub scope: String,
    /// How to reach it.
    pub access: TargetAccess,
    /// Further options of `scs check`.
    pub arguments: Vec<String>,
    /// The time between two checks, if it differs from that of the others.
    pub every: Option<Duration>,
}

/// How to reach a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetAccess {
    /// The name of a cloud in `clouds.yaml`.
    Cloud(String),
    /// A kubeconfig, and a context in it.
    Cluster {
        /// The file.
        kubeconfig: PathBuf,
        /// The context, unless it is the current one.
        context: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTarget {
    subject: String,
    scope: String,
    os_cloud: Option<String>,
    kubeconfig: Option<PathBuf>,
    context: Option<String>,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default, deserialize_with = "some_duration")]
    every: Option<Duration>,
}

impl TryFrom<FileTarget> for Target {
    type Error = String;

    fn try_from(file: FileTarget) -> Result<Self, String> {
        let access = match (file.os_cloud, file.kubeconfig, file.context) {
            (Some(cloud), None, None) => TargetAccess::Cloud(cloud),
            (None, Some(kubeconfig), context) => TargetAccess::Cluster { kubeconfig, context },
            _ => return Err(format!("`{}` must have either `os_cloud` or `kubeconfig`", file.subject)),
        };
        let FileTarget { subject, scope, arguments, every, .. } = file;
        Ok(Self { subject, scope, access, arguments, every })
    }
}

impl RunnerConfig {
    /// Reads a configuration.
    ///
    /// # Errors
    ///
    /// If it is not YAML of the expected shape, or has no targets.
    pub fn read(text: &str) -> Result<Self, ReadRunnerError> {
        let options = serde_saphyr::options! { strict_booleans: true };
        let config: Self = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| ReadRunnerError(yaml::reason(&error)))?;
        if config.targets.is_empty() {
            return Err(ReadRunnerError("`targets` is empty".to_owned()));
        }
        if !(config.monitor.starts_with("https://") || config.monitor.starts_with("http://")) {
            return Err(ReadRunnerError("`monitor` is not an http or https address".to_owned()));
        }
        Ok(config)
    }
}

fn program() -> PathBuf {
    PathBuf::from("scs")
}

const fn parallel() -> NonZero<usize> {
    match NonZero::new(4) {
        Some(number) => number,
        None => NonZero::<usize>::MIN,
    }
}

const fn every() -> Duration {
    Duration::from_hours(24)
}

const fn jitter() -> Duration {
    Duration::from_mins(30)
}

const fn timeout() -> Duration {
    Duration::from_hours(1)
}

/// A duration such as `1d`, `90m` or `45s`.
fn read_duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(number.parse::<u64>().ok()?.checked_mul(seconds)?)).filter(|it| !it.is_zero())
}

fn duration<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_duration(&text).ok_or_else(|| {
        serde::de::Error::custom(format!("`{text}` is not a duration such as 1d, 2h, 30m or 45s"))
    })
}

fn some_duration<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}
