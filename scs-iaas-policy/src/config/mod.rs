//! Configuration files of the services, as evidence for requirements no API can show.
//!
//! Values may be secrets: findings have the file, section and option, and quote a value only if it is from a closed
//! vocabulary.

mod configuration;
mod found;
mod ini;
mod launch;
mod options;
mod place;
mod policy;
mod policy_files;

use std::collections::{BTreeMap, BTreeSet};

pub use configuration::{Configuration, Configurations, Setting};
pub use found::Found;
pub use ini::{Ini, ReadIniError};
pub use options::Options;
pub use place::{origin, service_within};
pub use policy::{
    Chance, Holding, ParsePolicyError, ParsePolicyExpressionError, Policy, PolicyCheck, PolicyDepthError,
    PolicyExpression,
};
pub use policy_files::{Policies, ServicePolicy};

use configuration::Machine;
use launch::Launch;
use place::Place;

use scs_standards::listed::{ReadPartError, kind_of};

/// Configuration files by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigFiles {
    files: BTreeMap<String, String>,
    unreadable: BTreeMap<String, &'static str>,
    /// The files of each service and the command lines of its programs, computed once because many rules need them.
    of_services: BTreeMap<&'static str, Vec<String>>,
    launches: Vec<Launch>,
}

impl ConfigFiles {
    /// Parses a mapping of paths to file contents.
    ///
    /// # Errors
    ///
    /// If it is not a mapping. Files whose content is not a string are kept as unreadable.
    pub fn read(json: &str) -> Result<Self, ReadPartError> {
        let value = serde_json::from_str(json).map_err(|error| ReadPartError::Json(error.to_string()))?;
        let serde_json::Value::Object(mapping) = value else {
            return Err(ReadPartError::Shape {
                expected: "an object of file contents by path".to_owned(),
                found: kind_of(&value),
            });
        };
        let mut files = Self::default();
        for (path, content) in mapping {
            match content {
                serde_json::Value::String(text) => {
                    files.files.insert(path, text);
                }
                other => {
                    files.unreadable.insert(path, kind_of(&other));
                }
            }
        }
        for path in files.files.keys().chain(files.unreadable.keys()) {
            if let Some(place) = Place::of(path) {
                files.of_services.entry(place.service).or_default().push(path.clone());
            } else {
                let text = files.files.get(path).map_or("", String::as_str);
                files.launches.extend(launch::launches(path, text));
            }
        }
        Ok(files)
    }

    /// The services whose configuration is in the inventory.
    #[must_use]
    pub fn services(&self) -> Vec<&'static str> {
        let started = self.launches.iter().map(|launch| launch.service);
        let all: BTreeSet<_> = self.of_services.keys().copied().chain(started).collect();
        all.into_iter().collect()
    }

    /// The files that the programs of a service read, by machine and program.
    #[must_use]
    pub fn configurations<'a>(&'a self, service: &str) -> Configurations<'a> {
        let mut found = Configurations::default();
        let Some(service) = place::service_named(service) else { return found };
        let mut machines: BTreeMap<&'a str, Machine<'a>> = BTreeMap::new();
        for path in self.of_services.get(service).into_iter().flatten() {
            let Some(place) = Place::of(path) else { continue };
            match self.read_one(path, str::parse::<Ini>) {
                Found::Unusable(path, reason) => found.unusable.push((path, reason)),
                Found::File(path, file) => {
                    machines.entry(place.origin).or_default().add(place, path, file);
                }
            }
        }
        for launch in self.launches.iter().filter(|launch| launch.service == service) {
            machines.entry(&launch.origin).or_default().start(launch);
        }
        let read = |paths: Vec<&'a str>| -> Vec<Found<'a, Ini>> {
            paths.into_iter().map(|path| self.read_one(path, str::parse::<Ini>)).collect()
        };
        for (origin, machine) in machines {
            let find = |path: &str| read(self.resolve(origin, path).into_iter().collect());
            let below = |path: &str| {
                let files = self.files_in(&format!("{origin}{path}"));
                read(files.into_iter().filter(|path| path.strip_suffix(".conf").is_some()).collect())
            };
            let (usable, unusable) = machine.configurations(service, origin, &find, &below);
            found.usable.extend(usable);
            found.unusable.extend(unusable);
        }
        found.unusable.sort();
        found.unusable.dedup();
        found
    }

    /// All files whose path matches, parsed line by line, as non-Python servers do.
    #[must_use]
    pub fn options_advice(&self, wanted: impl Fn(&str) -> bool) -> Vec<Found<'_, Options>> {
        self.matching(wanted, |text| Ok(Options::read(text)))
    }

    /// The raw content of all files whose path matches.
    #[must_use]
    pub fn texts_matching(&self, wanted: impl Fn(&str) -> bool) -> Vec<Found<'_, String>> {
        self.matching(wanted, |text| Ok(text.to_owned()))
    }

    /// The content of a file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The paths of all files, including unreadable ones.
    fn all_paths(&self) -> impl Iterator<Item = &str> {
        self.paths().chain(self.unreadable.keys().map(String::as_str))
    }

    fn read_one<'a, T, E: std::fmt::Display>(
        &'a self,
        path: &'a str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Found<'a, T> {
        match self.files.get(path).map(|text| read(text)) {
            Some(Ok(file)) => Found::File(path, file),
            Some(Err(error)) => Found::Unusable(path, error.to_string()),
            None => Found::Unusable(path, self.why_unreadable(path)),
        }
    }

    fn why_unreadable(&self, path: &str) -> String {
        let kind = self.unreadable.get(path).copied().unwrap_or("nothing");
        if kind == "nothing" {
            "is null; provide the content of the file, or an empty string if the file does not exist"
                .to_owned()
        } else {
            format!("is {kind}, not a string")
        }
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
        let unreadable =
            unreadable.map(|(path, _)| Found::Unusable(path.as_str(), self.why_unreadable(path)));
        read_files.chain(unreadable).collect()
    }
}
