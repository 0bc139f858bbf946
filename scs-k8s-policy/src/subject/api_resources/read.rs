//! The formats of resource lists.

use std::collections::BTreeSet;

use scs_standards::listed::kind_of;
use serde::Deserialize;
use serde_json::Value;

use super::{ApiResources, ReadApiResourcesError};

#[derive(Deserialize)]
struct ResourceList {
    #[serde(rename = "groupVersion", default)]
    group_version: String,
    resources: Option<Vec<Resource>>,
}

/// `kubectl api-resources -o json` puts resources of all groups into one list.
#[derive(Deserialize)]
struct Resource {
    name: String,
    group: Option<String>,
    version: Option<String>,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    name: String,
    versions: Option<Vec<GroupVersion>>,
}

#[derive(Deserialize)]
struct GroupVersion {
    version: String,
}

#[derive(Deserialize)]
struct Discovery {
    #[serde(default)]
    metadata: DiscoveryName,
    versions: Option<Vec<DiscoveryVersion>>,
}

#[derive(Deserialize, Default)]
struct DiscoveryName {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct DiscoveryVersion {
    version: String,
    freshness: Option<String>,
    resources: Option<Vec<DiscoveryResource>>,
}

#[derive(Deserialize)]
struct DiscoveryResource {
    resource: String,
}

impl ApiResources {
    /// Parses an `APIResourceList`, an `APIGroup`, an `APIGroupList`, aggregated discovery (`APIGroupDiscoveryList`), the
    /// output of `kubectl api-resources` as JSON or as a string with columns; or a list of these.
    ///
    /// # Errors
    ///
    /// If it is none of these, or one of them is an error of an API server.
    pub fn read(json: &str) -> Result<Self, ReadApiResourcesError> {
        let mut read = Self::default();
        let value: Value = serde_json::from_str(json).map_err(|error| json_error(&error))?;
        match value {
            Value::Array(list) => {
                // For a missing group, an API server answers this way, and `kubectl` prints nothing.
                let mut answers = list.into_iter().filter(|one| !is_not_found(one)).peekable();
                if answers.peek().is_none() {
                    return Err(ReadApiResourcesError::Shape("an empty list".to_owned()));
                }
                answers.try_for_each(|one| read.take(one))?;
            }
            one => read.take(one)?,
        }
        Ok(read)
    }

    fn take(&mut self, value: Value) -> Result<(), ReadApiResourcesError> {
        if let Value::String(text) = value {
            return match text.trim_start().as_bytes().first() {
                Some(b'{') => match serde_json::from_str(&text).map_err(|error| json_error(&error))? {
                    Value::String(_) => Err(ReadApiResourcesError::Shape("a string".to_owned())),
                    inner => self.take(inner),
                },
                _ => self.take_table(&text),
            };
        }
        let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        match kind.as_str() {
            "APIResourceList" => {
                let list: ResourceList = from(value)?;
                self.take_resources(list);
            }
            "APIGroup" => {
                let group = from(value)?;
                self.take_group(group);
            }
            "APIGroupList" => {
                let groups: Vec<Group> = members(&value, "groups")?;
                for group in groups {
                    self.take_group(group);
                }
                self.all_groups = true;
            }
            // The core group is discovered at `/api`, all others at `/apis`.
            "APIGroupDiscoveryList" => {
                let groups: Vec<Discovery> = members(&value, "items")?;
                self.all_groups |= groups.iter().any(|group| !group.metadata.name.is_empty());
                for group in groups {
                    self.take_discovery(group);
                }
            }
            "Status" => {
                let text = |key| value.get(key).and_then(Value::as_str).map(str::to_owned);
                let why = text("message").or_else(|| text("reason"));
                let why = why.unwrap_or_else(|| "no reason given".to_owned());
                return Err(ReadApiResourcesError::Refused(why));
            }
            "" => return Err(ReadApiResourcesError::Shape(format!("{} without `kind`", kind_of(&value)))),
            other => {
                let other: String = other.chars().take(60).collect();
                return Err(ReadApiResourcesError::Shape(format!("a `{other}`")));
            }
        }
        Ok(())
    }

    fn take_resources(&mut self, list: ResourceList) {
        let (of_group, of_version) = split(&list.group_version);
        let own = !list.group_version.is_empty();
        if own {
            self.version(of_group, of_version).get_or_insert_default();
        }
        for resource in list.resources.unwrap_or_default() {
            // In the list of a version, the group and version of a resource are those of its returned objects, if different.
            let (group, version) = if own {
                (of_group, of_version)
            } else {
                self.one_version = true;
                (resource.group.as_deref().unwrap_or_default(), resource.version.as_deref().unwrap_or("v1"))
            };
            self.take_resource(group, version, resource.name);
        }
        self.all_groups_if_core_is_there();
    }

    fn take_group(&mut self, group: Group) {
        for version in group.versions.unwrap_or_default() {
            self.version(&group.name, &version.version);
        }
    }

    fn take_discovery(&mut self, group: Discovery) {
        for version in group.versions.unwrap_or_default() {
            let known = self.version(&group.metadata.name, &version.version);
            // An extension server that does not respond is listed without its resources.
            if version.freshness.as_deref() != Some("Stale") {
                let resources = version.resources.unwrap_or_default();
                known.get_or_insert_default().extend(resources.into_iter().map(|it| it.resource));
            }
        }
    }

    /// `NAME SHORTNAMES APIVERSION NAMESPACED KIND`, with possibly empty columns; `wide` has more after them.
    fn take_table(&mut self, text: &str) -> Result<(), ReadApiResourcesError> {
        let mut rows = 0;
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let namespaced = words.iter().position(|word| matches!(*word, "true" | "false"));
            let Some(([name, ..], place @ 1..)) = namespaced.map(|place| (words.as_slice(), place)) else {
                continue;
            };
            // Without a version column, as in very old releases, nothing is known.
            let api_version = words[place - 1];
            if place >= 2 && words.get(place + 1).is_some() {
                let (group, version) = split(api_version);
                self.take_resource(group, version, (*name).to_owned());
                rows += 1;
            }
        }
        if rows == 0 {
            return Err(ReadApiResourcesError::Shape("another string".to_owned()));
        }
        self.one_version = true;
        self.all_groups_if_core_is_there();
        // kubectl's error if the list is incomplete.
        if text.lines().any(|line| line.contains("unable to retrieve the complete list")) {
            self.all_groups = false;
        }
        Ok(())
    }

    fn version(&mut self, group: &str, version: &str) -> &mut Option<BTreeSet<String>> {
        self.versions.entry((group.to_owned(), version.to_owned())).or_default()
    }

    fn take_resource(&mut self, group: &str, version: &str, name: String) {
        self.version(group, version).get_or_insert_default().insert(name);
    }

    /// `kubectl api-resources` lists all groups, or one of them if requested.
    fn all_groups_if_core_is_there(&mut self) {
        let core = self.versions.get(&(String::new(), "v1".to_owned()));
        let has_pods = core.and_then(Option::as_ref).is_some_and(|names| names.contains("pods"));
        if self.one_version && has_pods {
            self.all_groups = true;
        }
    }
}

/// The answer for a missing group.
fn is_not_found(answer: &Value) -> bool {
    let text = answer.as_str().map(str::trim);
    text.is_some_and(|text| text.is_empty() || text.starts_with("404 page not found"))
}

/// `apps/v1`, or `v1` of the core group.
fn split(group_version: &str) -> (&str, &str) {
    group_version.split_once('/').unwrap_or(("", group_version))
}

fn json_error(error: &serde_json::Error) -> ReadApiResourcesError {
    ReadApiResourcesError::Json(error.to_string())
}

fn from<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, ReadApiResourcesError> {
    serde_json::from_value(value).map_err(|error| json_error(&error))
}

/// The list in a key; Go writes an empty one as null.
fn members<T: serde::de::DeserializeOwned>(
    value: &Value,
    key: &str,
) -> Result<Vec<T>, ReadApiResourcesError> {
    let list = value.get(key).cloned().unwrap_or_default();
    let list: Option<Vec<T>> = from(list)?;
    Ok(list.unwrap_or_default())
}
