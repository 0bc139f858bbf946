//! From edits of an inventory to changes of objects.

use std::collections::BTreeMap;

use scs_standards::{Data, Edit};
use serde_json::Value;

use super::change::{Change, Entry, Fields, Resource, Target};
use super::error::RepairError;
use super::object::{has, text, value};
use crate::session::Session;

/// A label or an annotation to set.
struct Wanted<'e> {
    target: Target,
    of: Fields,
    key: &'e str,
    value: Option<&'e str>,
}

/// Reads an edit as a label or an annotation; `None` if it is something else.
fn wanted(edit: &Edit) -> Option<Wanted<'_>> {
    let (part, object, path, value) = match edit {
        Edit::Set { part, object: Some(object), path, value: Data::Text(value) } => {
            (part, object, path, Some(value.as_str()))
        }
        Edit::Unset { part, object: Some(object), path } => (part, object, path, None),
        _ => return None,
    };
    if object.field != ["metadata", "name"] {
        return None;
    }
    let [metadata, fields, key] = path.as_slice() else { return None };
    let of = match fields.as_str() {
        "labels" => Fields::Labels,
        "annotations" => Fields::Annotations,
        _ => return None,
    };
    let target = Target { resource: Resource::of_part(part)?, name: object.value.clone() };
    (metadata == "metadata").then_some(Wanted { target, of, key, value })
}

/// Whether an edit is a label or an annotation of an object, which a patch through the API sets.
///
/// ```
/// use scs_kubernetes::is_patch;
/// use scs_standards::{Edit, Object};
///
/// let node = || Object::kubernetes("n1");
/// assert!(is_patch(&Edit::set("nodes", node(), ["metadata", "labels", "topology.kubernetes.io/zone"], "az1")));
/// assert!(!is_patch(&Edit::set("nodes", node(), ["spec", "unschedulable"], true)));
/// ```
#[must_use]
pub fn is_patch(edit: &Edit) -> bool {
    wanted(edit).is_some()
}

/// The changes that edits and manifests make to a cluster, compared with its objects as they are now. What is as wanted already is
/// left out. A later edit of the same label or annotation replaces an earlier one.
///
/// # Errors
///
/// If an object cannot be read, or an edit is not a patch.
pub async fn plan(
    session: &Session,
    edits: &[Edit],
    manifests: &[Value],
) -> Result<Vec<Change>, RepairError> {
    let mut by_target: BTreeMap<Target, BTreeMap<(Fields, &str), Option<&str>>> = BTreeMap::new();
    for edit in edits {
        let Some(wanted) = wanted(edit) else {
            return Err(RepairError::NotAPatch { part: edit.part().to_owned() });
        };
        by_target.entry(wanted.target).or_default().insert((wanted.of, wanted.key), wanted.value);
    }
    let mut changes = Vec::new();
    for (target, entries) in by_target {
        // An object that went away meanwhile needs no repair.
        let Some(object) = target.get(session.http()).await? else { continue };
        let entry = |((of, key), after): ((Fields, &str), Option<&str>)| Entry {
            of,
            key: key.to_owned(),
            before: value(&object, of, key).map(str::to_owned),
            after: after.map(str::to_owned),
        };
        let entries: Vec<Entry> =
            entries.into_iter().map(entry).filter(|entry| entry.before != entry.after).collect();
        if !entries.is_empty() {
            changes.push(Change::Patch { uid: text(&object, "uid").to_owned(), target, entries });
        }
    }
    for manifest in manifests {
        changes.extend(of_manifest(session, manifest).await?);
    }
    Ok(changes)
}

/// The change that makes an object as its manifest wants it.
async fn of_manifest(session: &Session, manifest: &Value) -> Result<Option<Change>, RepairError> {
    let kind = manifest["kind"].as_str().unwrap_or_default();
    let Some(resource) = Resource::of_kind(kind) else {
        return Err(RepairError::NotAPatch { part: kind.to_owned() });
    };
    let target = Target { resource, name: text(manifest, "name").to_owned() };
    let Some(object) = target.get(session.http()).await? else {
        return Ok(Some(Change::Create { target, object: manifest.clone() }));
    };
    if has(&object["spec"], &manifest["spec"]) {
        return Ok(None);
    }
    let uid = text(&object, "uid").to_owned();
    Ok(Some(Change::Replace { target, uid, before: object["spec"].clone(), after: manifest["spec"].clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scs_standards::Object;

    #[test]
    fn only_labels_and_annotations_of_known_objects_are_patched() {
        let label = ["metadata", "labels", "a"];
        assert!(is_patch(&Edit::unset(
            "ingress_classes",
            Object::kubernetes("x"),
            ["metadata", "annotations", "a"]
        )));
        for other in [
            Edit::set("pods", Object::kubernetes("x"), label, "b"),
            Edit::set("nodes", Object::named("x"), label, "b"),
            Edit::set("nodes", Object::kubernetes("x"), ["metadata", "labels"], "b"),
            Edit::set("nodes", Object::kubernetes("x"), label, true),
            Edit::delete("namespaces", Object::kubernetes("x")),
            Edit::file("/etc/x", "y"),
        ] {
            assert!(!is_patch(&other), "{other:?}");
        }
    }
}
