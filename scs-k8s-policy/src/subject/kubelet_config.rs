//! Kubelet configuration, from `/configz`.

use std::collections::BTreeMap;

use scs_standards::Listed;
use scs_standards::listed::kind_of;
use scs_standards::yaml;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

/// The relevant part of a kubelet's configuration.
///
/// ```
/// use scs_k8s_policy::KubeletConfig;
///
/// let configs = KubeletConfig::read_all(
///     r#"{"worker-1": {"kubeletconfig": {"authentication": {"anonymous": {"enabled": false}}, "authorization": {"mode": "Webhook"}}}}"#,
/// )?;
/// let config = &configs.entries()[0];
/// assert_eq!(config.node.as_deref(), Some("worker-1"));
/// assert_eq!(config.anonymous, Some(false));
/// // `/configz` leaves the port out when it is closed.
/// assert_eq!(config.read_only_port, 0);
/// # Ok::<(), scs_k8s_policy::ReadKubeletConfigsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KubeletConfig {
    /// The node; `None` for a single configuration.
    pub node: Option<String>,
    /// The reason why nothing else is known: its node did not respond, or returned something else.
    pub unusable: Option<String>,
    /// The port that it listens on, if set.
    pub port: Option<u16>,
    /// The read-only port without TLS; 0 if closed.
    pub read_only_port: u16,
    /// Whether anonymous requests are accepted.
    pub anonymous: Option<bool>,
    /// Whether bearer tokens are verified by the API server.
    pub webhook_authentication: Option<bool>,
    /// The file with the client certificate authority.
    pub client_ca_file: Option<String>,
    /// `Webhook` or `AlwaysAllow`.
    pub authorization_mode: Option<String>,
    /// The address of the health endpoint without TLS, if set.
    pub healthz_bind_address: Option<String>,
    /// The port of the health endpoint; 0 if closed.
    pub healthz_port: Option<u16>,
    /// The path of keys to it in the inventory, unless it is a string there.
    pub(crate) place: Option<Vec<String>>,
}

/// Error: not kubelet configurations.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadKubeletConfigsError {
    /// It is not JSON or YAML.
    #[error("not valid: {0}")]
    Text(String),
    /// It is of an unexpected type.
    #[error("expected a mapping from nodes to their answers of `/configz`, found {0}")]
    Shape(&'static str),
}

#[derive(Deserialize)]
struct Answer {
    kubeletconfig: Option<Config>,
    #[serde(flatten)]
    bare: Config,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Config {
    kind: Option<String>,
    message: Option<String>,
    unavailable: Option<Value>,
    port: Option<u16>,
    read_only_port: Option<u16>,
    healthz_bind_address: Option<String>,
    healthz_port: Option<u16>,
    authentication: Option<Authentication>,
    authorization: Option<Authorization>,
}

#[derive(Deserialize, Default)]
struct Authentication {
    anonymous: Option<Enabled>,
    webhook: Option<Enabled>,
    x509: Option<X509>,
}

#[derive(Deserialize)]
struct Enabled {
    enabled: Option<bool>,
}

#[derive(Deserialize)]
struct X509 {
    #[serde(rename = "clientCAFile")]
    client_ca_file: Option<String>,
}

#[derive(Deserialize)]
struct Authorization {
    mode: Option<String>,
}

impl KubeletConfig {
    /// Parses a mapping from nodes to the answers of `/configz` or to a `KubeletConfiguration`, or a single one of these.
    ///
    /// # Errors
    ///
    /// If it is something else. Unreadable configurations are kept with the reason.
    pub fn read_all(json: &str) -> Result<Listed<Self>, ReadKubeletConfigsError> {
        let text_error = |error: String| ReadKubeletConfigsError::Text(error);
        if json.trim_start().starts_with('"') {
            let text: String = serde_json::from_str(json).map_err(|error| text_error(error.to_string()))?;
            let value: Value =
                serde_saphyr::from_str(&text).map_err(|error| text_error(yaml::reason(&error)))?;
            return match value {
                Value::Object(_) => {
                    let (entries, broken) = Self::read_all(&value.to_string())?.into_parts();
                    // A string cannot be edited by path.
                    let entries = entries.into_iter().map(|config| Self { place: None, ..config }).collect();
                    Ok(Listed::new(entries, broken))
                }
                other => Err(ReadKubeletConfigsError::Shape(kind_of(&other))),
            };
        }
        if !json.trim_start().starts_with('{') {
            let value: Value = serde_json::from_str(json).map_err(|error| text_error(error.to_string()))?;
            return Err(ReadKubeletConfigsError::Shape(kind_of(&value)));
        }
        let nodes: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(json).map_err(|error| text_error(error.to_string()))?;
        if ["kubeletconfig", "kind", "authentication", "authorization"]
            .iter()
            .any(|key| nodes.contains_key(*key))
        {
            return Ok(listed([(None, json)]));
        }
        Ok(listed(nodes.iter().map(|(node, config)| (Some(node.as_str()), config.get()))))
    }

    fn read(node: Option<&str>, json: &str) -> Result<Self, String> {
        let answer: Answer = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let wrapped = answer.kubeletconfig.is_some();
        let config = answer.kubeletconfig.unwrap_or(answer.bare);
        if let Some(reason) = config.unavailable {
            return Err(reason.as_str().map_or_else(|| reason.to_string(), str::to_owned));
        }
        if config.kind.as_deref() == Some("Status") {
            return Err(config.message.unwrap_or_else(|| "the API server answered with an error".to_owned()));
        }
        if config.authentication.is_none() && config.authorization.is_none() {
            return Err(
                "it has neither `authentication` nor `authorization`, unlike the answer of `/configz`"
                    .to_owned(),
            );
        }
        let authentication = config.authentication.unwrap_or_default();
        Ok(Self {
            node: node.map(str::to_owned),
            unusable: None,
            // Without a port, the default applies.
            port: config.port.filter(|port| *port != 0),
            read_only_port: config.read_only_port.unwrap_or_default(),
            anonymous: authentication.anonymous.and_then(|it| it.enabled),
            webhook_authentication: authentication.webhook.and_then(|it| it.enabled),
            client_ca_file: authentication
                .x509
                .and_then(|it| it.client_ca_file)
                .filter(|file| !file.is_empty()),
            authorization_mode: config.authorization.and_then(|it| it.mode),
            healthz_bind_address: config.healthz_bind_address,
            healthz_port: config.healthz_port,
            place: Some(
                node.into_iter().chain(wrapped.then_some("kubeletconfig")).map(str::to_owned).collect(),
            ),
        })
    }

    /// Its name in findings.
    #[must_use]
    pub fn name(&self) -> &str {
        self.node.as_deref().unwrap_or("kubelet")
    }
}

fn listed<'a>(configs: impl IntoIterator<Item = (Option<&'a str>, &'a str)>) -> Listed<KubeletConfig> {
    let entries = configs.into_iter().map(|(node, json)| {
        KubeletConfig::read(node, json).unwrap_or_else(|error| KubeletConfig {
            node: node.map(str::to_owned),
            unusable: Some(error),
            ..KubeletConfig::default()
        })
    });
    Listed::new(entries.collect(), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_files_are_parsed() {
        let answer = r#"{"kubeletconfig": {"readOnlyPort": 10255, "authentication": {"anonymous": {"enabled": true},
            "x509": {"clientCAFile": "/ca"}, "webhook": {"enabled": false}}, "authorization": {"mode": "AlwaysAllow"}}}"#;
        let one = KubeletConfig::read_all(answer).unwrap();
        assert_eq!(one.entries()[0].read_only_port, 10255);
        assert_eq!(one.entries()[0].name(), "kubelet");
        let mapping = format!(r#"{{"a": {answer}, "b": {{"unavailable": "no"}}, "c": 7, "d": {{}}}}"#);
        let several = KubeletConfig::read_all(&mapping).unwrap();
        assert_eq!(several.entries()[0].node.as_deref(), Some("a"));
        let unusable: Vec<&str> =
            several.entries().iter().filter_map(|config| config.unusable.as_deref()).collect();
        assert_eq!((unusable[0], unusable.len()), ("no", 3));
        let yaml =
            serde_json::to_string("kind: KubeletConfiguration\nauthorization: {mode: Webhook}\n").unwrap();
        assert_eq!(
            KubeletConfig::read_all(&yaml).unwrap().entries()[0].authorization_mode.as_deref(),
            Some("Webhook")
        );
        for json in ["7", "[]", "\"a: [\"", "{", "\"7\""] {
            assert!(KubeletConfig::read_all(json).is_err(), "{json}");
        }
    }
}
