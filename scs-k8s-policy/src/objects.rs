//! Kubernetes objects as printed by `kubectl … -o json` and `-o yaml`, parsed one by one.

use scs_standards::Listed;
use scs_standards::listed::{Broken, Pages, ReadPartError, kind_of};
use scs_standards::yaml;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The fields that distinguish an object, a list and an error.
#[derive(Deserialize)]
struct Head {
    kind: Option<String>,
    message: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    metadata: Value,
}

/// Parses objects of a kind and keeps the result of `keep` for each: from a JSON list, a `List` of the API or `kubectl`, a
/// single object, or a string with one or several YAML documents.
///
/// # Errors
///
/// If it is none of these, or an error of the API server (`kind: Status`). Unreadable objects are kept as broken.
pub(crate) fn read<K, T>(
    json: &str,
    mut keep: impl FnMut(K) -> Option<T>,
) -> Result<Listed<T>, ReadObjectsError>
where
    K: DeserializeOwned,
{
    let mut one = |object: &str| match serde_json::from_str::<K>(object) {
        Ok(object) => Ok(keep(object)),
        Err(error) => Err(error.to_string()),
    };
    each(json, &mut one)
}

/// Like [`read_objects`], but `read` gets each object as JSON.
pub(crate) fn each<T>(
    json: &str,
    read: &mut dyn FnMut(&str) -> Result<Option<T>, String>,
) -> Result<Listed<T>, ReadObjectsError> {
    match json.trim_start().as_bytes().first() {
        Some(b'[') => Ok(Listed::read_each(json, "items", read)?),
        Some(b'"') => {
            let text: String = serde_json::from_str(json).map_err(|error| json_error(&error))?;
            let documents = documents(&text).map_err(ReadObjectsError::Yaml)?;
            let mut all = Listed::default();
            for document in documents {
                // A string within the string is not an object; accepting it could recurse forever.
                if document.starts_with('"') {
                    let expected = "objects".to_owned();
                    return Err(ReadPartError::Shape { expected, found: "a string" }.into());
                }
                all = joined(all, each(&document, read)?);
            }
            Ok(all)
        }
        Some(b'{') => match Listed::read_each(json, "items", &mut *read) {
            Err(ReadPartError::Shape { .. }) => single(json, read),
            other => Ok(other?),
        },
        _ => {
            let value: Value = serde_json::from_str(json).map_err(|error| json_error(&error))?;
            Err(ReadPartError::Shape { expected: "a list".to_owned(), found: kind_of(&value) }.into())
        }
    }
}

/// Error: not Kubernetes objects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadObjectsError {
    /// It is not a list.
    #[error(transparent)]
    Part(#[from] ReadPartError),
    /// It is not YAML.
    #[error("not valid YAML: {0}")]
    Yaml(String),
    /// The API server returned an error.
    #[error("the API server answered with an error: {0}")]
    Refused(String),
    /// It is of an unexpected type.
    #[error("a `{0}` is not an object of the cluster; provide the output of `kubectl get … -o json`")]
    Other(String),
}

fn json_error(error: &serde_json::Error) -> ReadObjectsError {
    ReadPartError::Json(error.to_string()).into()
}

/// A mapping that is not a list.
fn single<T>(
    json: &str,
    read: &mut dyn FnMut(&str) -> Result<Option<T>, String>,
) -> Result<Listed<T>, ReadObjectsError> {
    let head: Head = serde_json::from_str(json).map_err(|error| json_error(&error))?;
    match head.kind.as_deref() {
        Some("Status") => {
            let why = head.message.or(head.reason).unwrap_or_else(|| "no reason given".to_owned());
            Err(ReadObjectsError::Refused(why))
        }
        Some("Config") => Err(ReadObjectsError::Other("kubeconfig".to_owned())),
        // A list with null items, as Go writes an empty list.
        Some(kind) if kind.ends_with("List") => {
            let mut pages = Pages::default();
            pages.take("metadata", &head.metadata);
            let rest = pages.incomplete(0).map(|it| Broken::rest(0, it));
            Ok(Listed::new(Vec::new(), rest.into_iter().collect()))
        }
        None => Err(ReadPartError::Shape {
            expected: "a list, or `{\"items\": […]}`".to_owned(),
            found: "a mapping without `kind`",
        }
        .into()),
        Some(_) => match read(json) {
            Ok(entry) => Ok(Listed::new(entry.into_iter().collect(), Vec::new())),
            Err(error) => Ok(Listed::new(Vec::new(), vec![Broken::entry(1, error)])),
        },
    }
}

/// Concatenates two lists; positions continue.
fn joined<T>(first: Listed<T>, second: Listed<T>) -> Listed<T> {
    let before = first.entries().len() + first.broken().len();
    let (mut entries, mut broken) = first.into_parts();
    let (more, more_broken) = second.into_parts();
    entries.extend(more);
    broken.extend(more_broken.into_iter().map(|entry| Broken { number: before + entry.number, ..entry }));
    Listed::new(entries, broken)
}

/// The documents of a YAML stream, each as JSON, without empty ones.
fn documents(text: &str) -> Result<Vec<String>, String> {
    let values: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|error| yaml::reason(&error))?;
    Ok(values.iter().filter(|value| !value.is_null()).map(Value::to_string).collect())
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::Namespace;

    use super::*;

    fn names(json: &str) -> Result<(Vec<String>, Vec<usize>), String> {
        let read = read(json, |namespace: Namespace| namespace.metadata.name);
        let read = read.map_err(|error| error.to_string())?;
        Ok((read.entries().to_vec(), read.broken().iter().map(|broken| broken.number).collect()))
    }

    #[test]
    fn lists_single_objects_and_streams_are_read() {
        let one = r#"{"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": "a", "later": 7}, "unknown": []}"#;
        let expected = Ok((vec!["a".to_owned()], vec![]));
        assert_eq!(names(one), expected);
        assert_eq!(names(&format!("[{one}]")), expected);
        assert_eq!(names(&format!(r#"{{"kind": "List", "items": [{one}], "metadata": {{}}}}"#)), expected);
        assert_eq!(names(r#"{"items": [{"metadata": {"name": "a"}}], "kind": "NamespaceList"}"#), expected);
        let yaml = serde_json::to_string(
            "metadata: {name: a}\nkind: Namespace\n---\n---\nkind: List\nitems: [{metadata: {name: b}}, 7]\n",
        );
        assert_eq!(names(&yaml.unwrap()), Ok((vec!["a".to_owned(), "b".to_owned()], vec![3])));
        assert_eq!(names(r#"{"kind": "NamespaceList", "items": null}"#), Ok((vec![], vec![])));
    }

    #[test]
    fn a_truncated_list_is_incomplete() {
        let list = |metadata: &str| {
            let json = format!(
                r#"{{"kind": "NamespaceList", "metadata": {metadata}, "items": [{{"metadata": {{"name": "continue"}}}}]}}"#
            );
            read(&json, |namespace: Namespace| namespace.metadata.name).unwrap()
        };
        for metadata in ["{}", r#"{"continue": "", "resourceVersion": "7"}"#, "null"] {
            assert!(list(metadata).broken().is_empty(), "{metadata}");
        }
        let part = list(r#"{"continue": "abc", "remainingItemCount": 4500}"#);
        assert_eq!(part.entries().len(), 1);
        let broken = part.broken()[0].to_string();
        assert_eq!(
            broken,
            "the list is incomplete: it continues with 4500 more entries (`metadata.continue`)"
        );
        assert_eq!(list(r#"{"continue": "abc"}"#).broken().len(), 1);
        assert_eq!(list(r#"{"remainingItemCount": 57}"#).broken().len(), 1);
        let empty = r#"{"kind": "NamespaceList", "items": null, "metadata": {"continue": "abc"}}"#;
        assert_eq!(names(empty), Ok((vec![], vec![1])));
    }

    #[test]
    fn unexpected_input_is_an_error() {
        for (json, expected) in [
            (
                r#"{"kind": "Status", "message": "nodes is forbidden"}"#,
                "the API server answered with an error: nodes is forbidden",
            ),
            (r#"{"kind": "Config", "clusters": []}"#, "a `kubeconfig` is not an object"),
            ("{}", "found a mapping without `kind`"),
            ("7", "expected a list, found a number"),
            ("\"a: [\"", "not valid YAML"),
            ("\"a\"", "expected objects, found a string"),
            (r#""kind: Namespace\n---\n'x'""#, "expected objects, found a string"),
        ] {
            let error = names(json).unwrap_err();
            assert!(error.contains(expected), "{json}: {error}");
        }
        // An object of a different kind is not one of these.
        let (read, broken) =
            names(r#"[{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}}]"#).unwrap();
        assert_eq!((read.len(), broken), (0, vec![1]));
    }
}
