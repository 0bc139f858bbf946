//! A server that keeps objects: they are created, listed, patched in the version that was read, and deleted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{Reply, Request, usual};

/// Shared objects by path.
#[derive(Clone, Default)]
pub(crate) struct Objects(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    by_path: BTreeMap<String, Value>,
    version: u64,
}

impl Objects {
    pub(crate) fn put(&self, path: &str, mut object: Value) {
        let mut state = self.0.lock().unwrap();
        state.version += 1;
        object["metadata"]["name"] = json!(path.rsplit('/').next().unwrap());
        object["metadata"]["uid"] = json!(format!("uid-{}", state.version));
        object["metadata"]["resourceVersion"] = json!(state.version.to_string());
        state.by_path.insert(path.to_owned(), object);
    }

    /// Changes an object, as somebody else does.
    pub(crate) fn change(&self, path: &str, change: impl FnOnce(&mut Value)) {
        let mut state = self.0.lock().unwrap();
        state.version += 1;
        let version = json!(state.version.to_string());
        let object = state.by_path.get_mut(path).unwrap();
        change(object);
        object["metadata"]["resourceVersion"] = version;
    }

    pub(crate) fn remove(&self, path: &str) {
        self.0.lock().unwrap().by_path.remove(path).unwrap();
    }

    pub(crate) fn get(&self, path: &str) -> Option<Value> {
        self.0.lock().unwrap().by_path.get(path).cloned()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.0.lock().unwrap().by_path.keys().cloned().collect()
    }

    /// The answer to a request; the usual one for what is not an object.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let known = usual(request);
        if !matches!(known, Reply::Answer(404, ..)) {
            return known;
        }
        let path = request.path.as_str();
        match request.method.as_str() {
            "POST" => self.create(request),
            "GET" => match self.get(path) {
                Some(object) => Reply::json(&object),
                None if is_list(path) => self.list(path),
                None => missing(path),
            },
            "PATCH" => self.update(request, merge),
            "PUT" => self.update(request, |object, new| *object = new.clone()),
            "DELETE" => self.delete(path),
            _ => Reply::text(404, "404 page not found\n"),
        }
    }

    fn list(&self, path: &str) -> Reply {
        let state = self.0.lock().unwrap();
        let is_in =
            |known: &str| known.strip_prefix(path).is_some_and(|rest| rest[1..].split('/').count() == 1);
        let items: Vec<&Value> =
            state.by_path.iter().filter(|(known, _)| is_in(known)).map(|(_, it)| it).collect();
        let kind = if path.ends_with("/namespaces") { "NamespaceList" } else { "List" };
        Reply::json(&json!({"kind": kind, "metadata": {"resourceVersion": "1"}, "items": items}))
    }

    fn create(&self, request: &Request) -> Reply {
        let object = request.json();
        let path = format!("{}/{}", request.path, object["metadata"]["name"].as_str().unwrap());
        if request.parameter("dryRun").is_none() {
            if self.get(&path).is_some() {
                return Reply::status(409, "AlreadyExists", "already exists");
            }
            self.put(&path, object.clone());
        }
        let made = self.get(&path).unwrap_or(object);
        Reply::with_type(201, "application/json", made.to_string())
    }

    fn update(&self, request: &Request, change: impl FnOnce(&mut Value, &Value)) -> Reply {
        let sent = request.json();
        let Some(object) = self.get(&request.path) else { return missing(&request.path) };
        let wanted = &sent["metadata"]["resourceVersion"];
        if *wanted != object["metadata"]["resourceVersion"] {
            return Reply::status(409, "Conflict", "the object has been modified");
        }
        self.change(&request.path, |object| change(object, &sent));
        Reply::json(&self.get(&request.path).unwrap())
    }

    fn delete(&self, path: &str) -> Reply {
        let mut state = self.0.lock().unwrap();
        if state.by_path.remove(path).is_none() {
            return missing(path);
        }
        // With a namespace, everything in it goes away.
        if let Some(namespace) = path.strip_prefix("/api/v1") {
            state.by_path.retain(|known, _| !known.contains(&format!("{namespace}/")));
            // A provisioned volume goes away with its claim.
            let name = namespace.rsplit('/').next().unwrap();
            state.by_path.retain(|_, object| {
                let spec = &object["spec"];
                spec["claimRef"]["namespace"] != name || spec["persistentVolumeReclaimPolicy"] == "Retain"
            });
        }
        Reply::json(&json!({"kind": "Status", "status": "Success"}))
    }
}

fn missing(path: &str) -> Reply {
    Reply::status(404, "NotFound", &format!("`{path}` not found"))
}

/// Whether the last segment of a path is a resource.
fn is_list(path: &str) -> bool {
    const LISTS: [&str; 9] = [
        "nodes",
        "namespaces",
        "events",
        "pods",
        "storageclasses",
        "ingressclasses",
        "persistentvolumeclaims",
        "persistentvolumes",
        "networkpolicies",
    ];
    path.rsplit('/').next().is_some_and(|last| LISTS.contains(&last))
}

fn merge(object: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *object = patch.clone();
        return;
    };
    if !object.is_object() {
        *object = json!({});
    }
    for (key, value) in patch {
        if value.is_null() {
            object.as_object_mut().unwrap().remove(key);
        } else {
            merge(&mut object[key.as_str()], value);
        }
    }
}
