//! Objects as the API server has them.

use http::Method;
use serde_json::{Map, Value, json};

use super::change::{Entry, Fields, Target};
use super::error::RepairError;
use crate::http::{Call, Http, RequestError, segment};

/// Who changes the fields, as managed fields say.
pub(super) const MANAGER: &str = "fieldManager=scs";
const MERGE_PATCH: &str = "application/merge-patch+json";

impl Target {
    pub(super) fn path(&self) -> String {
        format!("{}/{}", self.resource.path(), segment(&self.name))
    }

    pub(super) fn failed(&self, reason: RequestError) -> RepairError {
        RepairError::Request { object: self.to_string(), reason }
    }

    /// The object; `None` if there is none.
    pub(super) async fn get(&self, http: &Http) -> Result<Option<Value>, RepairError> {
        match http.send(&Call::get(self.path())).await.and_then(|answer| answer.json("an object")) {
            Ok(object) => Ok(Some(object)),
            // Of an unknown path, the API is missing, not the object.
            Err(RequestError::NotFound { is_unknown_path: false, .. }) => Ok(None),
            Err(reason) => Err(self.failed(reason)),
        }
    }

    /// Sets labels and annotations of the object in the version that was read. `false` if it has another version by now.
    pub(super) async fn patch(
        &self,
        http: &Http,
        version: &str,
        entries: &[(Fields, &str, Option<&str>)],
    ) -> Result<bool, RepairError> {
        let mut metadata = Map::new();
        metadata.insert("resourceVersion".to_owned(), json!(version));
        for (of, key, value) in entries {
            let fields = metadata.entry(of.key()).or_insert_with(|| json!({}));
            fields[*key] = json!(value);
        }
        let path = format!("{}?{MANAGER}", self.path());
        let call = Call::send(Method::PATCH, path, &json!({"metadata": metadata})).content_type(MERGE_PATCH);
        self.unless_changed(http.send(&call).await)
    }

    /// Replaces the object. `false` if it has another version by now.
    pub(super) async fn put(&self, http: &Http, object: &Value) -> Result<bool, RepairError> {
        let path = format!("{}?{MANAGER}", self.path());
        self.unless_changed(http.send(&Call::send(Method::PUT, path, object)).await)
    }

    /// Creates the object.
    pub(super) async fn post(&self, http: &Http, object: &Value) -> Result<(), RepairError> {
        let path = format!("{}?{MANAGER}", self.resource.path());
        let sent = http.send(&Call::send(Method::POST, path, object)).await;
        sent.map(drop).map_err(|reason| self.failed(reason))
    }

    /// Deletes the object in the version that was read. `false` if it has another version by now.
    pub(super) async fn remove(&self, http: &Http, object: &Value) -> Result<bool, RepairError> {
        let preconditions = json!({
            "uid": object["metadata"]["uid"],
            "resourceVersion": object["metadata"]["resourceVersion"],
        });
        let options = json!({"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": preconditions});
        self.unless_changed(http.send(&Call::send(Method::DELETE, self.path(), &options)).await)
    }

    fn unless_changed<T>(&self, sent: Result<T, RequestError>) -> Result<bool, RepairError> {
        match sent {
            Ok(_) => Ok(true),
            Err(RequestError::Status { status: 409, .. }) => Ok(false),
            Err(reason) => Err(self.failed(reason)),
        }
    }
}

impl Entry {
    /// The value of the label or annotation in an object.
    pub(super) fn current<'o>(&self, object: &'o Value) -> Option<&'o str> {
        value(object, self.of, &self.key)
    }
}

/// The value of a label or an annotation.
pub(super) fn value<'o>(object: &'o Value, of: Fields, key: &str) -> Option<&'o str> {
    object["metadata"][of.key()][key].as_str()
}

pub(super) fn text<'o>(object: &'o Value, key: &str) -> &'o str {
    object["metadata"][key].as_str().unwrap_or_default()
}

/// Whether an object has everything that is wanted. The API server may have added fields with defaults.
pub(super) fn has(object: &Value, wanted: &Value) -> bool {
    match (object, wanted) {
        (Value::Object(object), Value::Object(wanted)) => {
            wanted.iter().all(|(key, wanted)| object.get(key).is_some_and(|object| has(object, wanted)))
        }
        (Value::Array(object), Value::Array(wanted)) => {
            object.len() == wanted.len()
                && object.iter().zip(wanted).all(|(object, wanted)| has(object, wanted))
        }
        (object, wanted) => object == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_do_not_make_a_difference() {
        let object = json!({"rules": [{"verbs": ["CREATE"], "scope": "*"}], "policy": "Fail"});
        assert!(has(&object, &json!({"rules": [{"verbs": ["CREATE"]}]})));
        for other in [json!({"rules": []}), json!({"policy": "Ignore"}), json!({"selector": {}})] {
            assert!(!has(&object, &other), "{other}");
        }
    }
}
