//! Sets properties of flavors and images, as an administrator or the owner of an image.

use reqwest::Method;
use scs_standards::Change;
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::catalog::{COMPUTE, IMAGE};
use crate::http::RequestError;
use crate::session::Session;

/// A changed property.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// The property.
    pub property: String,
    /// The old value; `None` if it was not set.
    pub before: Option<String>,
    /// The new value; `None` if it is no longer set.
    pub after: Option<String>,
}

/// Error: a property was not changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The user is not allowed to.
    #[error("`{subject}` was not changed: {reason}; it requires an administrator")]
    NotAllowed {
        /// The flavor or image.
        subject: String,
        /// The service's message.
        reason: RequestError,
    },
    /// The API does not accept the value.
    #[error("`{subject}`: `{property}` is a number, but `{value}` is not")]
    Value {
        /// The flavor or image.
        subject: String,
        /// The property.
        property: String,
        /// The value.
        value: String,
    },
    /// The request failed.
    #[error("`{subject}`: {reason}")]
    Request {
        /// The flavor or image.
        subject: String,
        /// The error.
        reason: RequestError,
    },
}

impl ApplyError {
    fn of(subject: &str, reason: RequestError) -> Self {
        let subject = subject.to_owned();
        if reason.is_refusal() {
            Self::NotAllowed { subject, reason }
        } else {
            Self::Request { subject, reason }
        }
    }
}

/// Sets extra specs of a flavor, by id: its name may be the id of another one. Values that are already correct are left
/// unchanged.
///
/// # Errors
///
/// If it cannot be found or changed. Earlier changes are kept.
pub async fn apply_to_flavor(
    session: &Session,
    flavor: &str,
    changes: &[Change],
) -> Result<Vec<Applied>, ApplyError> {
    let error = |reason| ApplyError::of(flavor, reason);
    let path = format!("/flavors/{}/os-extra_specs", segment(flavor));
    let known: Value = get(session, COMPUTE, &path).await.map_err(error)?;
    let known = known.get("extra_specs").and_then(Value::as_object).cloned().unwrap_or_default();
    let applied = different(&known, changes);
    let set: Map<String, Value> = applied
        .iter()
        .filter_map(|change| Some((change.property.clone(), json!(change.after.as_ref()?))))
        .collect();
    if !set.is_empty() {
        let mut call =
            session.call(COMPUTE, Method::POST, &path).map_err(error)?.json(&json!({"extra_specs": set}));
        // Setting the same values again is not a change.
        call.repeatable = true;
        session.send(call).await.and_then(crate::http::Answer::ok).map_err(error)?;
    }
    for change in applied.iter().filter(|change| change.after.is_none()) {
        let path = format!("{path}/{}", segment(&change.property));
        let call = session.call(COMPUTE, Method::DELETE, &path).map_err(error)?;
        match session.send(call).await.and_then(crate::http::Answer::ok) {
            Ok(_) | Err(RequestError::NotFound { .. }) => {}
            Err(reason) => return Err(error(reason)),
        }
    }
    Ok(applied)
}

/// Image properties that Glance stores as numbers.
const NUMBERS: [&str; 2] = ["min_disk", "min_ram"];

/// Sets properties of an image, by id, all at once; a change of `tags` adds one. Values that are already correct are left
/// unchanged.
///
/// # Errors
///
/// If it cannot be found or changed; it is then unchanged.
pub async fn apply_to_image(
    session: &Session,
    image: &str,
    changes: &[Change],
) -> Result<Vec<Applied>, ApplyError> {
    let error = |reason| ApplyError::of(image, reason);
    let path = format!("/images/{}", segment(image));
    let known: Value = get(session, IMAGE, &path).await.map_err(error)?;
    let known = known.as_object().cloned().unwrap_or_default();
    let applied = different(&known, changes);
    if applied.is_empty() {
        return Ok(applied);
    }
    let mut operations = Vec::with_capacity(applied.len());
    for change in applied.iter().filter(|change| change.property != TAGS) {
        let place = format!("/{}", change.property.replace('~', "~0").replace('/', "~1"));
        operations.push(match &change.after {
            None => json!({"op": "remove", "path": place}),
            Some(value) => {
                let op = if known.contains_key(&change.property) { "replace" } else { "add" };
                json!({"op": op, "path": place, "value": typed(image, &change.property, value)?})
            }
        });
    }
    let further: Vec<&str> = applied
        .iter()
        .filter(|change| change.property == TAGS)
        .filter_map(|change| change.after.as_deref())
        .collect();
    if !further.is_empty() {
        let all: Vec<&str> = tags(&known).chain(further).collect();
        operations.push(json!({"op": "replace", "path": "/tags", "value": all}));
    }
    let call = session.call(IMAGE, Method::PATCH, &path).map_err(error)?.body(
        "application/openstack-images-v2.1-json-patch",
        Value::from(operations).to_string().into_bytes(),
    );
    session.send(call).await.and_then(crate::http::Answer::ok).map_err(error)?;
    Ok(applied)
}

/// A value as Glance stores it.
fn typed(image: &str, property: &str, value: &str) -> Result<Value, ApplyError> {
    if !NUMBERS.contains(&property) {
        return Ok(Value::from(value));
    }
    value.parse::<u64>().map(Value::from).map_err(|_| ApplyError::Value {
        subject: image.to_owned(),
        property: property.to_owned(),
        value: value.to_owned(),
    })
}

/// The image property that is a list, to which a change adds an entry.
const TAGS: &str = "tags";

fn tags(known: &Map<String, Value>) -> impl Iterator<Item = &str> {
    known.get(TAGS).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The effective changes.
fn different(known: &Map<String, Value>, changes: &[Change]) -> Vec<Applied> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    let has_tag =
        |change: &Change| change.value.as_deref().is_none_or(|tag| tags(known).any(|known| known == tag));
    changes
        .iter()
        .filter(|change| change.property != TAGS || !has_tag(change))
        .map(|change| Applied {
            property: change.property.clone(),
            before: known.get(&change.property).and_then(text).filter(|_| change.property != TAGS),
            after: change.value.clone(),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

/// A text encoded as one path segment.
fn segment(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

async fn get(session: &Session, api: crate::catalog::Api, path: &str) -> Result<Value, RequestError> {
    session.send(session.call(api, Method::GET, path)?).await?.ok()?.json("an object")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_differences_are_applied() {
        let known = json!({"a": "1", "min_disk": 8});
        let change = |property: &str, value: Option<&str>| Change {
            property: property.to_owned(),
            value: value.map(str::to_owned),
        };
        let changes = [
            change("a", Some("1")),
            change("min_disk", Some("8")),
            change("b", Some("2")),
            change("gone", None),
            change("a", None),
        ];
        let applied = different(known.as_object().unwrap(), &changes);
        let named: Vec<&str> = applied.iter().map(|change| change.property.as_str()).collect();
        assert_eq!(named, ["b", "a"]);
    }
}
