//! All objects of a cluster, for comparisons.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::api::Api;

/// Resources that change by themselves.
const RESTLESS: [&str; 4] = ["events", "leases", "endpoints", "endpointslices"];

/// The lists of all resources that can be listed.
fn lists(api: &Api) -> Vec<String> {
    let groups = api.get("/apis").expect("groups");
    let groups = groups["groups"].as_array().unwrap().iter();
    let versions =
        groups.map(|group| format!("/apis/{}", group["preferredVersion"]["groupVersion"].as_str().unwrap()));
    let mut lists = Vec::new();
    for version in std::iter::once("/api/v1".to_owned()).chain(versions) {
        // An aggregated API may be down.
        let resources = api.get(&version);
        for resource in resources.body["resources"].as_array().into_iter().flatten() {
            let name = resource["name"].as_str().unwrap();
            let can = |verb: &str| resource["verbs"].as_array().unwrap().iter().any(|it| it == verb);
            if can("list") && can("create") && !RESTLESS.contains(&name) {
                lists.push(format!("{version}/{name}"));
            }
        }
    }
    lists
}

/// All objects by path, without what changes by itself.
pub(crate) fn all(api: &Api) -> BTreeMap<String, Value> {
    let mut objects = BTreeMap::new();
    for list in lists(api) {
        for mut object in api.list(&list) {
            let metadata = object["metadata"].as_object_mut().unwrap();
            metadata.remove("managedFields");
            metadata.remove("resourceVersion");
            let text = |key: &str| metadata.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let key = format!("{list} {}/{}", text("namespace"), text("name"));
            object.as_object_mut().unwrap().remove("status");
            objects.insert(key, object);
        }
    }
    objects
}

/// The objects that differ; secrets are among them, so only paths are named.
pub(crate) fn changed<'o>(
    before: &'o BTreeMap<String, Value>,
    after: &'o BTreeMap<String, Value>,
) -> Vec<&'o str> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).map(String::as_str).collect()
}

/// The changed objects that are not of a test.
pub(crate) fn changed_of_others<'o>(
    before: &'o BTreeMap<String, Value>,
    after: &'o BTreeMap<String, Value>,
    prefix: &str,
) -> Vec<&'o str> {
    changed(before, after).into_iter().filter(|key| !key.contains(prefix)).collect()
}
