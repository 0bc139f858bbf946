//! How kubelets are configured, as `/configz` says it.

use scs_standards::Listed;
use scs_standards::listed::kind_of;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use thiserror::Error;

/// The configuration of a kubelet, of which little is kept.
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
    /// The node; none for a configuration that is given alone.
    pub node: Option<String>,
    /// Why nothing else is known of it: its node could not be asked, or answered with something else.
    pub unusable: Option<String>,
    /// The port that it answers at, where it says so.
    pub port: Option<u16>,
    /// The port that anybody may read from without TLS; 0 where it is closed.
    pub read_only_port: u16,
    /// Whether requests without credentials are taken.
    pub anonymous: Option<bool>,
    /// Whether bearer tokens are shown to the API server.
    pub webhook_authentication: Option<bool>,
    /// The file with the authority of client certificates.
    pub client_ca_file: Option<String>,
    /// `Webhook` or `AlwaysAllow`.
    pub authorization_mode: Option<String>,
    /// The address at which it says without TLS whether it is healthy, where it has one.
    pub healthz_bind_address: Option<String>,
    /// The port of that; 0 where it is closed.
    pub healthz_port: Option<u16>,
    /// The keys that lead to it in the inventory, unless it is a text there.
    pub(crate) place: Option<Vec<String>>,
}

/// A part that is no configuration of kubelets.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadKubeletConfigsError {
    /// It is no JSON or YAML.
    #[error("not valid: {0}")]
    Text(String),
    /// It is something else.
    #[error("expected a mapping from nodes to what `/configz` answers, found {0}")]
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
    /// Reads a mapping from nodes to what `/configz` of their kubelets answers or to a `KubeletConfiguration`, or one of these
    /// alone.
    ///
    /// # Errors
    ///
    /// When it is something else. A configuration that cannot be read is kept with the reason.
    pub fn read_all(json: &str) -> Result<Listed<Self>, ReadKubeletConfigsError> {
        let text_error = |error: String| ReadKubeletConfigsError::Text(error);
        if json.trim_start().starts_with('"') {
            let text: String = serde_json::from_str(json).map_err(|error| text_error(error.to_string()))?;
            let value: Value = serde_saphyr::from_str(&text).map_err(|error| {
                text_error(error.to_string().lines().next().unwrap_or_default().to_owned())
            })?;
            return match value {
                Value::Object(_) => {
                    let (entries, broken) = Self::read_all(&value.to_string())?.into_parts();
                    // A text cannot be changed at a place within it.
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
            return Err("it has neither `authentication` nor `authorization`, as `/configz` has".to_owned());
        }
        let authentication = config.authentication.unwrap_or_default();
        Ok(Self {
            node: node.map(str::to_owned),
            unusable: None,
            // No port is the usual one.
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

    /// What findings call it.
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
    fn answers_files_and_what_is_neither() {
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
