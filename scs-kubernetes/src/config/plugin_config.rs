//! The configuration of a credential plug-in.

use std::path::Path;

use kube::config::{ExecConfig, ExecInteractiveMode};
use serde_json::Value;

use super::error::ConfigError;
use super::pem::Place;

/// The versions of the plug-in protocol that kubectl supports.
const VERSIONS: [&str; 2] = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/// Whether a plug-in may ask the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interactive {
    Never,
    IfAvailable,
    Always,
}

/// A credential plug-in, ready to be run.
#[derive(Clone)]
pub(crate) struct PluginConfig {
    /// The file and the user, for messages.
    pub(crate) place: String,
    pub(crate) command: String,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) api_version: String,
    pub(crate) interactive: Interactive,
    pub(crate) install_hint: Option<String>,
    /// The cluster as JSON, if the plug-in asks for it.
    pub(crate) cluster: Option<Value>,
}

impl PluginConfig {
    /// Reads the key `exec` of a user in a file.
    pub(super) fn read(
        exec: &ExecConfig,
        cluster: &Value,
        place: &Place,
        file: &Path,
    ) -> Result<Self, ConfigError> {
        let missing = |key: &'static str| ConfigError::Missing { place: place.text.clone(), key };
        let invalid =
            |key: &'static str, reason: String| ConfigError::Value { place: place.text.clone(), key, reason };
        let command =
            exec.command.clone().filter(|it| !it.is_empty()).ok_or_else(|| missing("exec.command"))?;
        let api_version =
            exec.api_version.clone().filter(|it| !it.is_empty()).ok_or_else(|| missing("exec.apiVersion"))?;
        if !VERSIONS.contains(&api_version.as_str()) {
            let reason = format!("`{api_version}`; expected `{}` or `{}`", VERSIONS[0], VERSIONS[1]);
            return Err(invalid("exec.apiVersion", reason));
        }
        let interactive = match (&exec.interactive_mode, api_version == VERSIONS[0]) {
            (Some(ExecInteractiveMode::Never), _) => Interactive::Never,
            (Some(ExecInteractiveMode::IfAvailable), _) | (None, false) => Interactive::IfAvailable,
            (Some(ExecInteractiveMode::Always), _) => Interactive::Always,
            // Required in v1.
            (None, true) => return Err(missing("exec.interactiveMode")),
        };
        // Only a command with a slash is relative to the file; others are looked up in `PATH`.
        let command = match file.parent() {
            Some(directory) if command.contains('/') => directory.join(&command).display().to_string(),
            _ => command,
        };
        let variable = |one: &std::collections::HashMap<String, String>| {
            Some((one.get("name")?.clone(), one.get("value").cloned().unwrap_or_default()))
        };
        Ok(Self {
            place: place.text.clone(),
            command,
            args: exec.args.clone().unwrap_or_default(),
            env: exec.env.iter().flatten().filter_map(variable).collect(),
            api_version,
            interactive,
            install_hint: exec.install_hint.clone().filter(|hint| !hint.trim().is_empty()),
            cluster: exec.provide_cluster_info.then(|| cluster.clone()),
        })
    }
}
