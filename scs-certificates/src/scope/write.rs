//! Writes scopes in the format of scope files (scs-0003-v1).

use scs_standards::Severity;
use serde::ser::{Error, SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use super::{Include, Scope, ScopeVersion, Target, Variable};

/// Serializes a list of pairs as a mapping.
pub(super) fn mapping<V: Serialize, S: Serializer>(
    pairs: &[(String, V)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(error) = self.problems.iter().find(|problem| problem.severity == Severity::Error) {
            return Err(S::Error::custom(format!("the scope has errors: {error}")));
        }
        let mut file = serializer.serialize_struct("Scope", 9)?;
        file.serialize_field("uuid", &self.uuid)?;
        file.serialize_field("name", &self.name)?;
        file.serialize_field("url", &self.url)?;
        match &self.prerequisite {
            Some(prerequisite) => file.serialize_field("prerequisite", prerequisite)?,
            None => file.skip_field("prerequisite")?,
        }
        file.serialize_field("variables", &self.variables)?;
        file.serialize_field("scripts", &self.scripts)?;
        file.serialize_field("modules", &self.modules)?;
        file.serialize_field("timeline", self.timeline.entries())?;
        file.serialize_field("versions", &self.versions)?;
        file.end()
    }
}

impl Serialize for Variable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.default {
            None => serializer.serialize_str(&self.name),
            Some(default) => serializer.collect_map([(&self.name, default)]),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for ScopeVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut version = serializer.serialize_map(None)?;
        version.serialize_entry("version", &self.name)?;
        if let Some(date) = self.stabilized_at {
            version.serialize_entry("stabilized_at", &date)?;
        }
        version.serialize_entry("include", &self.includes)?;
        version.end()
    }
}

impl Serialize for Include {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.parameters.is_empty() {
            return serializer.serialize_str(&self.module);
        }
        let mut include = serializer.serialize_struct("Include", 2)?;
        include.serialize_field("ref", &self.module)?;
        include.serialize_field("parameters", &Parameters(&self.parameters))?;
        include.end()
    }
}

/// The values of the parameters of an include.
struct Parameters<'i>(&'i [(String, String)]);

impl Serialize for Parameters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        mapping(self.0, serializer)
    }
}
