//! The merged settings of a cloud: profile, cloud and region.

use std::path::PathBuf;

use scs_standards::truth::truth;
use serde_json::{Map, Value};

use super::error::ConfigError;
use super::files::kind_of;

/// The source name of the environment.
pub(super) const ENVIRONMENT: &str = "the environment";

/// The settings of a cloud.
pub(super) struct Settings {
    /// The file, or the environment.
    source: PathBuf,
    /// The parent keys.
    prefix: String,
    of_environment: bool,
    values: Map<String, Value>,
    /// The keys with values from variables, although the cloud is in a file.
    of_variables: Vec<&'static str>,
}

/// A region with its settings.
type Region = (String, Map<String, Value>);

impl Settings {
    pub(super) fn new(
        source: PathBuf,
        name: &str,
        of_environment: bool,
        own: Map<String, Value>,
        profiles: &Result<Map<String, Value>, ConfigError>,
    ) -> Result<Self, ConfigError> {
        let own = Self {
            source,
            prefix: format!("clouds.{name}"),
            of_environment,
            values: normalized(own),
            of_variables: Vec::new(),
        };
        let base = own.profile(profiles)?;
        let settings = Self { values: updated(base, own.values), ..own };
        match settings.values.get("auth") {
            None | Some(Value::Null | Value::Object(_)) => Ok(settings),
            Some(other) => Err(settings.shape("auth", "a mapping with `auth_url`", other)),
        }
    }

    /// The settings in the profile of the cloud.
    fn profile(
        &self,
        profiles: &Result<Map<String, Value>, ConfigError>,
    ) -> Result<Map<String, Value>, ConfigError> {
        let is_set = |key: &&str| self.values.get(*key).is_some_and(|value| !value.is_null());
        let Some(key) = ["profile", "cloud"].into_iter().find(is_set) else { return Ok(Map::new()) };
        let Some(name) = self.own(&[key])? else { return Ok(Map::new()) };
        let unknown = || ConfigError::UnknownProfile {
            path: self.source.clone(),
            key: format!("{}.{key}", self.prefix),
            profile: name.clone(),
            cloud: self.prefix.clone(),
        };
        let found = match profiles {
            Ok(profiles) => profiles.get(&name).and_then(Value::as_object).ok_or_else(unknown),
            Err(error) => Err(error.clone()),
        };
        match found {
            Ok(profile) => Ok(normalized(profile.clone())),
            // `OS_CLOUD` and `OS_PROFILE` have other meanings, and a complete cloud needs no profile.
            Err(_) if self.of_environment || self.has_own_url()? => Ok(Map::new()),
            Err(error) => Err(error),
        }
    }

    fn has_own_url(&self) -> Result<bool, ConfigError> {
        Ok(self.auth(&["auth_url"])?.is_some() && !self.regions()?.is_empty())
    }

    /// Overrides these with other values.
    pub(super) fn with(self, values: Map<String, Value>) -> Self {
        Self { values: updated(self.values, normalized(values)), ..self }
    }

    /// Overrides these with values of variables.
    pub(super) fn with_variables<'a>(
        mut self,
        variables: impl Iterator<Item = (&'static str, &'a str)>,
    ) -> Self {
        for (key, value) in variables {
            self.values.insert(key.to_owned(), value.into());
            self.of_variables.push(key);
        }
        self
    }

    fn shape(&self, key: &str, expected: &'static str, found: &Value) -> ConfigError {
        ConfigError::Shape {
            path: self.source.clone(),
            key: format!("{}.{key}", self.prefix),
            expected,
            found: kind_of(found),
        }
    }

    /// The source of a key, and its name there.
    fn place(&self, key: &str) -> (String, String) {
        if self.of_environment || self.of_variables.contains(&key) {
            let variable = format!("OS_{}", key.rsplit('.').next().unwrap_or(key).to_uppercase());
            (ENVIRONMENT.to_owned(), variable)
        } else {
            (self.source.display().to_string(), format!("{}.{key}", self.prefix))
        }
    }

    pub(super) fn missing(&self, key: &str, hint: &str) -> ConfigError {
        let (source_name, key) = self.place(key);
        ConfigError::Missing { source_name, key, hint: hint.to_owned() }
    }

    pub(super) fn invalid(&self, key: &str, reason: impl Into<String>) -> ConfigError {
        let (source_name, key) = self.place(key);
        ConfigError::Value { source_name, key, reason: reason.into() }
    }

    /// A setting of the cloud itself.
    pub(super) fn own(&self, keys: &[&str]) -> Result<Option<String>, ConfigError> {
        keys.iter()
            .find_map(|key| Some((key, self.values.get(*key).filter(|value| !value.is_null())?)))
            .map(|(key, value)| text(value).ok_or_else(|| self.shape(key, "a string", value)))
            .transpose()
            .map(|text| text.filter(|text| !text.is_empty()))
    }

    /// A value in `auth`, or next to it, where clients look as well. The first key takes precedence.
    pub(super) fn auth(&self, keys: &[&str]) -> Result<Option<String>, ConfigError> {
        let auth = self.values.get("auth").and_then(Value::as_object);
        for key in keys {
            if let Some(value) = auth.and_then(|auth| auth.get(*key)).filter(|value| !value.is_null()) {
                let text =
                    text(value).ok_or_else(|| self.shape(&format!("auth.{key}"), "a string", value))?;
                if !text.is_empty() {
                    return Ok(Some(text));
                }
            }
            if let Some(text) = self.own(&[key])? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// A YAML 1.1 boolean, as parsed by clients.
    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        match self.values.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(word)) if word.is_empty() => Ok(None),
            Some(Value::String(word)) => truth(word).map(Some).ok_or_else(|| {
                self.invalid(key, "expected `true` or `false`; use `cacert` for a certificate file")
            }),
            Some(other) => Err(self.shape(key, "`true` or `false`", other)),
        }
    }

    /// The values whose keys have a suffix, by their prefix.
    pub(super) fn ending_with(&self, suffix: &str) -> impl Iterator<Item = (String, String)> {
        self.values.iter().filter_map(move |(key, value)| {
            let service = key.strip_suffix(suffix)?;
            Some((service.to_owned(), text(value)?))
        })
    }

    /// The regions with their settings.
    pub(super) fn regions(&self) -> Result<Vec<Region>, ConfigError> {
        let plain = |name: &str| (name.to_owned(), Map::new());
        match (self.values.get("regions"), self.values.get("region_name")) {
            (Some(Value::Array(regions)), _) => regions
                .iter()
                .map(|region| match region {
                    Value::Object(region) => {
                        match (region.get("name").and_then(text), region.get("values")) {
                            (Some(name), None | Some(Value::Null)) => Ok(plain(&name)),
                            (Some(name), Some(Value::Object(values))) => Ok((name, values.clone())),
                            _ => {
                                Err(self.invalid("regions", "an entry needs a `name`; `values` is optional"))
                            }
                        }
                    }
                    other => text(other)
                        .map(|name| plain(&name))
                        .ok_or_else(|| self.shape("regions", "names, or mappings with `name`", other)),
                })
                .collect(),
            (Some(other), _) if !other.is_null() => Err(self.shape("regions", "a list", other)),
            (_, Some(Value::Array(names))) => names
                .iter()
                .map(|name| {
                    text(name)
                        .map(|name| plain(&name))
                        .ok_or_else(|| self.shape("region_name", "a name", name))
                })
                .collect(),
            (_, None | Some(Value::Null)) => Ok(Vec::new()),
            (_, Some(names)) => {
                let names = text(names).ok_or_else(|| self.shape("region_name", "a name", names))?;
                Ok(names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(plain).collect())
            }
        }
    }
}

/// Numbers and truth values are texts, as they are written.
fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A key with `-` replaced by `_`.
fn normalized(map: Map<String, Value>) -> Map<String, Value> {
    map.into_iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Object(inner) => Value::Object(normalized(inner)),
                other => other,
            };
            (key.replace('-', "_"), value)
        })
        .collect()
}

/// Overrides old values with new ones; in `auth`, each value.
fn updated(mut old: Map<String, Value>, new: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in new {
        match (old.get_mut(&key), value) {
            (Some(_), Value::Null) => {}
            (Some(Value::Object(known)), Value::Object(further)) if key == "auth" => known.extend(further),
            (_, value) => {
                old.insert(key, value);
            }
        }
    }
    old
}

/// Overrides old values with new ones, recursively.
pub(super) fn deep_merged(mut old: Map<String, Value>, new: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in new {
        let value = match (old.remove(&key), value) {
            (Some(Value::Object(known)), Value::Object(further)) => {
                Value::Object(deep_merged(known, further))
            }
            (_, value) => value,
        };
        old.insert(key, value);
    }
    old
}
