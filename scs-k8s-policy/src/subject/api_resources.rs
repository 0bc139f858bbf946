//! What an API server serves, in any of the forms in which it or `kubectl` lists it.

use std::collections::{BTreeMap, BTreeSet};

use scs_standards::listed::kind_of;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// The groups, versions and resources of an API server, as far as they are known.
///
/// ```
/// use scs_k8s_policy::{ApiResources, Served};
///
/// let listed = ApiResources::read(
///     r#"[{"kind": "APIResourceList", "groupVersion": "networking.k8s.io/v1", "resources": [{"name": "networkpolicies", "kind": "NetworkPolicy"}]},
///         {"kind": "APIGroupList", "groups": [{"name": "apps", "versions": [{"groupVersion": "apps/v1", "version": "v1"}]}]}]"#,
/// )?;
/// assert_eq!(listed.serves("networking.k8s.io", "v1", "networkpolicies"), Served::Yes);
/// // Only groups are listed, not what is in them.
/// assert_eq!(listed.serves("apps", "v1", "daemonsets"), Served::Unknown);
/// // The list of groups has no other.
/// assert_eq!(listed.has_group("policy.networking.k8s.io"), Served::No);
/// # Ok::<(), scs_k8s_policy::ReadApiResourcesError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiResources {
    /// By group and version; `None` where the resources of a version are not listed.
    versions: BTreeMap<(String, String), Option<BTreeSet<String>>>,
    /// Whether groups that are not listed are not served.
    all_groups: bool,
    /// Whether a resource is listed under one version alone, although others may have it.
    one_version: bool,
}

/// Whether something is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The lists do not tell.
    Unknown,
}

/// What is no list of resources.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadApiResourcesError {
    /// It is no JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// It is something else.
    #[error(
        "expected what `kubectl get --raw /apis/GROUP/VERSION`, `kubectl get --raw /apis` or `kubectl api-resources` prints, found {0}"
    )]
    Shape(String),
    /// The API server refused.
    #[error("the API server answered with an error: {0}")]
    Refused(String),
}

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
    /// Reads an `APIResourceList`, an `APIGroup`, an `APIGroupList`, aggregated discovery (`APIGroupDiscoveryList`), what
    /// `kubectl api-resources` prints as JSON or, as a text, in columns; or a list of these.
    ///
    /// # Errors
    ///
    /// When it is none of these, and when one of them is an answer with which an API server refuses.
    pub fn read(json: &str) -> Result<Self, ReadApiResourcesError> {
        let mut read = Self::default();
        let value: Value = serde_json::from_str(json).map_err(|error| json_error(&error))?;
        match value {
            Value::Array(list) if list.is_empty() => {
                return Err(ReadApiResourcesError::Shape("an empty list".to_owned()));
            }
            Value::Array(list) => list.into_iter().try_for_each(|one| read.take(one))?,
            one => read.take(one)?,
        }
        Ok(read)
    }

    fn take(&mut self, value: Value) -> Result<(), ReadApiResourcesError> {
        if let Value::String(text) = value {
            return match text.trim_start().as_bytes().first() {
                Some(b'{') => match serde_json::from_str(&text).map_err(|error| json_error(&error))? {
                    Value::String(_) => Err(ReadApiResourcesError::Shape("a text".to_owned())),
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
            // The group and version of a resource in a list of one version are those of what it returns, where they differ.
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
            // An extension server that does not answer is listed without its resources.
            if version.freshness.as_deref() != Some("Stale") {
                let resources = version.resources.unwrap_or_default();
                known.get_or_insert_default().extend(resources.into_iter().map(|it| it.resource));
            }
        }
    }

    /// `NAME SHORTNAMES APIVERSION NAMESPACED KIND`, of which some columns may be empty; `wide` has more behind them.
    fn take_table(&mut self, text: &str) -> Result<(), ReadApiResourcesError> {
        let mut rows = 0;
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let namespaced = words.iter().position(|word| matches!(*word, "true" | "false"));
            let Some(([name, ..], place @ 1..)) = namespaced.map(|place| (words.as_slice(), place)) else {
                continue;
            };
            // Without a column of versions, as very old ones print it, nothing can be said.
            let api_version = words[place - 1];
            if place >= 2 && words.get(place + 1).is_some() {
                let (group, version) = split(api_version);
                self.take_resource(group, version, (*name).to_owned());
                rows += 1;
            }
        }
        if rows == 0 {
            return Err(ReadApiResourcesError::Shape("another text".to_owned()));
        }
        self.one_version = true;
        self.all_groups_if_core_is_there();
        // kubectl says so where it did not get everything.
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

    /// `kubectl api-resources` lists all groups, or one of them when asked so.
    fn all_groups_if_core_is_there(&mut self) {
        let core = self.versions.get(&(String::new(), "v1".to_owned()));
        let has_pods = core.and_then(Option::as_ref).is_some_and(|names| names.contains("pods"));
        if self.one_version && has_pods {
            self.all_groups = true;
        }
    }

    /// Whether a version of a group serves a resource, by its name in the plural.
    #[must_use]
    pub fn serves(&self, group: &str, version: &str, resource: &str) -> Served {
        match self.versions.get(&(group.to_owned(), version.to_owned())) {
            Some(Some(names)) if names.contains(resource) => Served::Yes,
            Some(Some(_)) if !self.one_version => Served::No,
            Some(None) => Served::Unknown,
            Some(Some(_)) | None => match self.serves_any(group, resource) {
                // Under another version, which need not be the only one.
                Served::Yes if self.one_version => Served::Unknown,
                Served::Yes if self.all_groups => Served::No,
                Served::Yes => Served::Unknown,
                known => known,
            },
        }
    }

    /// Whether any version of a group serves a resource.
    #[must_use]
    pub fn serves_any(&self, group: &str, resource: &str) -> Served {
        let mut known = if self.all_groups { Served::No } else { Served::Unknown };
        for (_, names) in self.versions.iter().filter(|((name, _), _)| name == group) {
            match names {
                Some(names) if names.contains(resource) => return Served::Yes,
                Some(_) => {}
                None => known = Served::Unknown,
            }
        }
        known
    }

    /// Whether a group is served in any version.
    #[must_use]
    pub fn has_group(&self, group: &str) -> Served {
        match self.versions_of(group).next() {
            Some(_) => Served::Yes,
            None if self.all_groups => Served::No,
            None => Served::Unknown,
        }
    }

    /// The versions of a group that are listed.
    pub fn versions_of(&self, group: &str) -> impl Iterator<Item = &str> {
        self.versions.keys().filter(move |(name, _)| name == group).map(|(_, version)| version.as_str())
    }
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

/// The list below a key; Go writes an empty one as null.
fn members<T: serde::de::DeserializeOwned>(
    value: &Value,
    key: &str,
) -> Result<Vec<T>, ReadApiResourcesError> {
    let list = value.get(key).cloned().unwrap_or_default();
    let list: Option<Vec<T>> = from(list)?;
    Ok(list.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use Served::{No, Unknown, Yes};
    use proptest::prelude::*;

    use super::*;

    const GROUP: &str = "networking.k8s.io";

    fn read(json: &str) -> ApiResources {
        ApiResources::read(json).unwrap()
    }

    fn answers(listed: &ApiResources) -> [Served; 4] {
        [
            listed.serves(GROUP, "v1", "networkpolicies"),
            listed.serves(GROUP, "v1beta1", "networkpolicies"),
            listed.serves(GROUP, "v1", "nothing"),
            listed.has_group("policy.networking.k8s.io"),
        ]
    }

    #[test]
    fn what_each_form_tells() {
        let resources = r#"{"kind": "APIResourceList", "groupVersion": "networking.k8s.io/v1", "resources": [{"name": "networkpolicies"}]}"#;
        assert_eq!(answers(&read(resources)), [Yes, Unknown, No, Unknown]);
        let groups = r#"{"kind": "APIGroupList", "groups": [{"name": "networking.k8s.io", "versions": [{"groupVersion": "networking.k8s.io/v1", "version": "v1"}]}]}"#;
        assert_eq!(answers(&read(groups)), [Unknown, Unknown, Unknown, No]);
        assert_eq!(answers(&read(&format!("[{groups}, {resources}]"))), [Yes, No, No, No]);
        let discovery = r#"{"kind": "APIGroupDiscoveryList", "items": [{"metadata": {"name": "networking.k8s.io"}, "versions": [{"version": "v1", "resources": [{"resource": "networkpolicies"}], "freshness": "Current"}]},
            {"metadata": {"name": "metrics.k8s.io"}, "versions": [{"version": "v1beta1", "freshness": "Stale"}]}]}"#;
        assert_eq!(answers(&read(discovery)), [Yes, No, No, No]);
        assert_eq!(read(discovery).serves_any("metrics.k8s.io", "nodes"), Unknown);
        let kubectl = r#"{"kind": "APIResourceList", "groupVersion": "", "resources": [{"name": "pods", "version": "v1"}, {"name": "networkpolicies", "group": "networking.k8s.io", "version": "v1"}]}"#;
        assert_eq!(answers(&read(kubectl)), [Yes, Unknown, No, No]);
    }

    #[test]
    fn the_table_of_kubectl_is_read() {
        let table = "NAME SHORTNAMES APIVERSION NAMESPACED KIND VERBS CATEGORIES\n\
            pods             po      v1                     true   Pod            create,get  all\n\
            bindings                 v1                     true   Binding        create\n\
            networkpolicies  netpol  networking.k8s.io/v1   true   NetworkPolicy  create,get\n";
        let whole = read(&Value::from(table).to_string());
        assert_eq!(answers(&whole), [Yes, Unknown, No, No]);
        assert_eq!(whole.serves("", "v1", "bindings"), Yes);
        let cut = format!("{table}error: unable to retrieve the complete list of server APIs: x\n");
        assert_eq!(answers(&read(&Value::from(cut).to_string())), [Yes, Unknown, Unknown, Unknown]);
        // Of one group, when asked so.
        let one = "networkpolicies  netpol  networking.k8s.io/v1   true   NetworkPolicy\n";
        assert_eq!(read(&Value::from(one).to_string()).has_group("apps"), Unknown);
    }

    #[test]
    fn what_is_something_else_is_told() {
        for (json, expected) in [
            ("7", "found a number without `kind`"),
            ("[]", "an empty list"),
            ("\"404 page not found\\n\"", "another text"),
            (r#"{"kind": "Status", "message": "forbidden"}"#, "with an error: forbidden"),
            (r#"[{"kind": "Pod"}]"#, "found a `Pod`"),
            ("{", "not valid JSON"),
            (r#"{"kind": "APIGroupList", "groups": 7}"#, "not valid JSON"),
        ] {
            let error = ApiResources::read(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{json}: {error}");
        }
        assert_eq!(read(r#"{"kind": "APIGroupList", "groups": null}"#).has_group("apps"), No);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,60}", table in "([a-z/0-9.]{0,8} {0,3}(true|false)? {0,3}){0,12}\n?") {
            let _ = ApiResources::read(&text);
            let _ = ApiResources::read(&Value::from(table).to_string());
        }
    }
}
