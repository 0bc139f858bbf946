//! The configuration files for admission, authentication and authorization of an API server, which no API shows.

mod event_rate_limit;
mod pod_security;

use std::collections::BTreeMap;

use scs_standards::Listed;
use scs_standards::listed::Broken;
use serde::Deserialize;
use serde_json::Value;

pub use event_rate_limit::EventLimit;
pub use pod_security::{ParsePodSecurityLevelError, PodSecurityDefaults, PodSecurityLevel, PodSecurityMode};

use crate::objects::{self, ReadObjectsError};

/// The configuration of a plug-in, if known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PluginConfig<T> {
    /// There is no `AdmissionConfiguration`.
    Unknown,
    /// The plug-in is not configured.
    NotConfigured,
    /// It is configured in a missing file.
    Elsewhere(String),
    /// The configuration.
    Known(T),
}

/// The parsed configuration files.
///
/// ```
/// use scs_k8s_policy::{AdmissionConfig, PluginConfig};
///
/// let config = AdmissionConfig::read(
///     r#"{"kind": "AdmissionConfiguration", "plugins": [{"name": "EventRateLimit",
///         "configuration": {"kind": "Configuration", "limits": [{"type": "Server", "qps": 5000, "burst": 20000}]}}]}"#,
/// )?;
/// let PluginConfig::Known(limits) = config.event_limits() else { panic!("not known") };
/// assert_eq!(limits[0].qps, Some(5000));
/// assert_eq!(config.pod_security(), PluginConfig::NotConfigured);
/// # Ok::<(), scs_k8s_policy::ReadObjectsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdmissionConfig {
    plugins: Option<BTreeMap<String, Plugin>>,
    limits: Option<Vec<EventLimit>>,
    pod_security: Option<PodSecurityDefaults>,
    token_issuers: Option<usize>,
    authorization: Option<Vec<String>>,
    broken: Vec<Broken>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Plugin {
    Limits(Vec<EventLimit>),
    PodSecurity(PodSecurityDefaults),
    Path(String),
    Other,
}

#[derive(Deserialize)]
struct Authentication {
    #[serde(default)]
    jwt: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Head {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct RawConfig {
    #[serde(default)]
    plugins: Vec<RawPlugin>,
}

#[derive(Deserialize)]
struct RawPlugin {
    name: String,
    path: Option<String>,
    configuration: Option<Value>,
}

#[derive(Deserialize)]
struct RawAuthorization {
    #[serde(default)]
    authorizers: Vec<Authorizer>,
}

#[derive(Deserialize)]
struct Authorizer {
    r#type: String,
}

impl AdmissionConfig {
    /// Parses a configuration, a list of them, or a string with YAML documents: `AdmissionConfiguration` and
    /// `PodSecurityConfiguration`, the `Configuration` of `EventRateLimit`, `AuthenticationConfiguration` and
    /// `AuthorizationConfiguration`.
    ///
    /// # Errors
    ///
    /// If it is something else. Unreadable configurations are kept as broken.
    pub fn read(json: &str) -> Result<Self, ReadObjectsError> {
        let mut config = Self::default();
        let listed: Listed<()> = objects::each(json, &mut |object: &str| config.take(object).map(Some))?;
        config.broken = listed.into_parts().1;
        Ok(config)
    }

    fn take(&mut self, object: &str) -> Result<(), String> {
        let to_message = |error: serde_json::Error| error.to_string();
        let head: Head = serde_json::from_str(object).map_err(to_message)?;
        match head.kind.as_deref() {
            Some("AdmissionConfiguration") => {
                let raw: RawConfig = serde_json::from_str(object).map_err(to_message)?;
                let mut plugins = BTreeMap::new();
                for plugin in raw.plugins {
                    let name = plugin.name.clone();
                    plugins
                        .insert(name.clone(), plugin.read().map_err(|error| format!("`{name}`: {error}"))?);
                }
                self.plugins.get_or_insert_default().extend(plugins);
            }
            Some("Configuration") => self.limits = Some(event_rate_limit::read(object).map_err(to_message)?),
            Some("PodSecurityConfiguration") => {
                self.pod_security = Some(serde_json::from_str(object).map_err(to_message)?);
            }
            Some("AuthenticationConfiguration") => {
                let raw: Authentication = serde_json::from_str(object).map_err(to_message)?;
                self.token_issuers = Some(raw.jwt.len());
            }
            Some("AuthorizationConfiguration") => {
                let raw: RawAuthorization = serde_json::from_str(object).map_err(to_message)?;
                self.authorization = Some(raw.authorizers.into_iter().map(|it| it.r#type).collect());
            }
            Some(kind) => return Err(format!("a `{kind}` does not configure an API server")),
            None => return Err("it has no `kind`".to_owned()),
        }
        Ok(())
    }

    /// The unreadable configurations.
    #[must_use]
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// The limits of the plug-in `EventRateLimit`.
    #[must_use]
    pub fn event_limits(&self) -> PluginConfig<&[EventLimit]> {
        let alone = self.limits.as_deref().map(PluginConfig::Known);
        let Some(plugins) = &self.plugins else { return alone.unwrap_or(PluginConfig::Unknown) };
        match plugins.get("EventRateLimit") {
            Some(Plugin::Limits(limits)) => PluginConfig::Known(limits),
            Some(Plugin::Path(path)) => alone.unwrap_or_else(|| PluginConfig::Elsewhere(path.clone())),
            _ => PluginConfig::NotConfigured,
        }
    }

    /// The defaults of the plug-in `PodSecurity` for namespaces without labels.
    #[must_use]
    pub fn pod_security(&self) -> PluginConfig<&PodSecurityDefaults> {
        let alone = self.pod_security.as_ref().map(PluginConfig::Known);
        let Some(plugins) = &self.plugins else { return alone.unwrap_or(PluginConfig::Unknown) };
        match plugins.get("PodSecurity") {
            Some(Plugin::PodSecurity(defaults)) => PluginConfig::Known(defaults),
            Some(Plugin::Path(path)) => alone.unwrap_or_else(|| PluginConfig::Elsewhere(path.clone())),
            _ => PluginConfig::NotConfigured,
        }
    }

    /// The number of token issuers in the structured authentication configuration.
    #[must_use]
    pub const fn token_issuers(&self) -> Option<usize> {
        self.token_issuers
    }

    /// The authorizers in the structured authorization configuration, in order.
    #[must_use]
    pub fn authorizers(&self) -> Option<&[String]> {
        self.authorization.as_deref()
    }
}

impl RawPlugin {
    fn read(self) -> Result<Plugin, serde_json::Error> {
        match (self.configuration, self.path) {
            (Some(configuration), _) if !configuration.is_null() => match self.name.as_str() {
                "EventRateLimit" => event_rate_limit::of(configuration).map(Plugin::Limits),
                "PodSecurity" => serde_json::from_value(configuration).map(Plugin::PodSecurity),
                _ => Ok(Plugin::Other),
            },
            (_, Some(path)) if !path.is_empty() => Ok(Plugin::Path(path)),
            _ => Ok(Plugin::Other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_a_string_are_merged() {
        let yaml = "kind: AdmissionConfiguration\nplugins:\n- {name: EventRateLimit, path: limits.yaml}\n- {name: PodSecurity, path: ps.yaml}\n\
            ---\nkind: Configuration\nlimits: [{type: Server, qps: 5000, burst: 20000}]\n\
            ---\nkind: AuthorizationConfiguration\nauthorizers: [{type: Node}, {type: RBAC}]\n\
            ---\nkind: AuthenticationConfiguration\njwt: [{issuer: {url: https://a}}]\n---\nkind: Pod\n";
        let config = AdmissionConfig::read(&serde_json::to_string(yaml).unwrap()).unwrap();
        assert!(matches!(config.event_limits(), PluginConfig::Known([_])));
        assert_eq!(config.pod_security(), PluginConfig::Elsewhere("ps.yaml".to_owned()));
        assert_eq!(config.authorizers().unwrap().join(","), "Node,RBAC");
        assert_eq!(config.token_issuers(), Some(1));
        assert_eq!(
            config.broken()[0].to_string(),
            "entry 5 cannot be read: a `Pod` does not configure an API server"
        );
    }

    #[test]
    fn unexpected_input_is_an_error() {
        for json in ["7", "\"a: [\"", "{}"] {
            assert!(AdmissionConfig::read(json).is_err(), "{json}");
        }
        let config = AdmissionConfig::read(r#"[{"kind": "AdmissionConfiguration", "plugins": 7}]"#).unwrap();
        assert_eq!(config.broken().len(), 1);
    }
}
