//! Configuration files of the services, as evidence for what no API shows.
//!
//! Values may be secrets: a finding names file, section and option, and quotes a value only where it is a word of a closed
//! vocabulary.

mod ini;
mod options;
mod policy;

use std::collections::BTreeMap;

pub use ini::{Ini, ReadIniError};
pub use options::Options;
pub use policy::{
    Chance, Holding, ParsePolicyError, Policy, PolicyCheck, PolicyExpression, PolicyProblem, RefersTooDeep,
};

use scs_standards::listed::{ReadPartError, kind_of};

/// Files by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigFiles {
    files: BTreeMap<String, String>,
    unreadable: Vec<(String, &'static str)>,
}

/// A file, read as what it should be.
#[derive(Clone, Debug)]
pub enum Found<'a, T> {
    /// It cannot be read: path and reason.
    Unusable(&'a str, String),
    /// Path and content.
    File(&'a str, T),
}

impl ConfigFiles {
    /// Reads the mapping of paths to texts.
    ///
    /// # Errors
    ///
    /// When it is no mapping. A file that is no text is kept as unreadable.
    pub fn read(json: &str) -> Result<Self, ReadPartError> {
        let value = serde_json::from_str(json).map_err(|error| ReadPartError::Json(error.to_string()))?;
        let serde_json::Value::Object(mapping) = value else {
            return Err(ReadPartError::Shape {
                expected: "a mapping of paths to texts".to_owned(),
                found: kind_of(&value),
            });
        };
        let mut files = Self::default();
        for (path, content) in mapping {
            match content {
                serde_json::Value::String(text) => {
                    files.files.insert(path, text);
                }
                other => files.unreadable.push((path, kind_of(&other))),
            }
        }
        Ok(files)
    }

    /// All files whose name is one of these, such as `cinder.conf`, each read as INI.
    #[must_use]
    pub fn ini<'a>(&'a self, names: &[&str]) -> Vec<Found<'a, Ini>> {
        self.named(names, |text| text.parse().map_err(|error: ReadIniError| error.to_string()))
    }

    /// All policy files of a service: `policy.yaml` or `policy.json` in a directory named after it, or
    /// `<service>-policy.yaml`.
    #[must_use]
    pub fn policies<'a>(&'a self, service: &str) -> Vec<Found<'a, Policy>> {
        let is_policy = |path: &str| {
            let mut parts = path.rsplit('/');
            let name = parts.next().unwrap_or_default();
            let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
            let stem = stem.or_else(|| name.strip_suffix(".json"));
            match stem {
                Some("policy") => parts.any(|directory| directory.trim_start_matches('.') == service),
                Some(stem) => {
                    stem.contains("policy") && stem.split(['-', '_', '.']).any(|word| word == service)
                }
                None => false,
            }
        };
        self.matching(is_policy, |text| text.parse().map_err(|error: ParsePolicyError| error.to_string()))
    }

    /// All files with paths of a kind, each read line by line, as servers that are not written in Python read theirs.
    #[must_use]
    pub fn options_where(&self, wanted: impl Fn(&str) -> bool) -> Vec<Found<'_, Options>> {
        self.matching(wanted, |text| Ok(Options::read(text)))
    }

    /// All files with paths of a kind, as they are.
    #[must_use]
    pub fn texts_where(&self, wanted: impl Fn(&str) -> bool) -> Vec<Found<'_, String>> {
        self.matching(wanted, |text| Ok(text.to_owned()))
    }

    /// The paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    fn named<T>(&self, names: &[&str], read: impl Fn(&str) -> Result<T, String>) -> Vec<Found<'_, T>> {
        self.matching(|path| names.contains(&path.rsplit('/').next().unwrap_or_default()), read)
    }

    fn matching<T>(
        &self,
        wanted: impl Fn(&str) -> bool,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<Found<'_, T>> {
        let read_files =
            self.files.iter().filter(|(path, _)| wanted(path)).map(|(path, text)| match read(text) {
                Ok(file) => Found::File(path.as_str(), file),
                Err(error) => Found::Unusable(path.as_str(), error),
            });
        let unreadable = self.unreadable.iter().filter(|(path, _)| wanted(path));
        let unreadable = unreadable
            .map(|(path, kind)| Found::Unusable(path.as_str(), format!("it is {kind} and no text")));
        read_files.chain(unreadable).collect()
    }
}
