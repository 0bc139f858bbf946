//! Shell commands of the OpenStack client that repair an image.

use std::fmt::Write;

use scs_standards::{Change, Data, Edit, Fix, Object, shell};

use crate::set::CheckedImage;

/// What a finding proposes to change.
pub(crate) fn set(property: &str, value: impl Into<String>) -> Change {
    Change { property: property.to_owned(), value: Some(value.into()) }
}

/// The command that makes changes to an image: attributes by their options, everything else as properties.
pub(crate) fn command(image: &CheckedImage, changes: &[Change]) -> Option<String> {
    let reference = reference(image)?;
    let mut options = String::new();
    let mut removed = String::new();
    for Change { property, value } in changes {
        // Writing to a string does not fail.
        let _ = match (property.as_str(), value) {
            ("min_disk", Some(gib)) => write!(options, " --min-disk {gib}"),
            ("min_ram", Some(mib)) => write!(options, " --min-ram {mib}"),
            ("name", Some(name)) => write!(options, " --name {}", shell::quote(name)),
            ("os_hidden", Some(hidden)) => {
                write!(options, " --{}", if hidden == "true" { "hidden" } else { "unhidden" })
            }
            ("tags", Some(tag)) => write!(options, " --tag {}", shell::quote(tag)),
            (_, Some(value)) => {
                write!(options, " --property {}", shell::quote(&format!("{property}={value}")))
            }
            (_, None) => write!(removed, " --property {}", shell::quote(property)),
        };
    }
    let set = (!options.is_empty()).then(|| format!("openstack image set{options} {reference}"));
    let unset = (!removed.is_empty()).then(|| format!("openstack image unset{removed} {reference}"));
    match (set, unset) {
        (Some(set), Some(unset)) => Some(format!("{set} && {unset}")),
        (set, unset) => set.or(unset),
    }
}

/// The repair that makes changes to an image, where it can be told which one.
pub(crate) fn fix(image: &CheckedImage, changes: &[Change]) -> Option<Fix> {
    let command = command(image, changes)?;
    let object = || image.id().map(Object::with_id).or_else(|| image.name().map(Object::named));
    let edits = changes.iter().filter_map(|change| edit(object()?, change));
    Some(Fix::safe(command, edits))
}

/// A change as Glance shows it: attributes as the numbers and truth values that they are.
fn edit(object: Object, Change { property, value }: &Change) -> Option<Edit> {
    let path = [property.as_str()];
    let data = match (property.as_str(), value.as_deref()?) {
        ("min_disk" | "min_ram", figure) => Data::Number(figure.parse().ok()?),
        ("os_hidden", hidden) => Data::Bool(hidden == "true"),
        ("tags", tag) => Data::List(vec![tag.into()]),
        (_, text) => Data::from(text),
    };
    Some(Edit::set("images", object, path, data))
}

/// What an edit changes, as the client is told it.
pub(crate) fn change(edit: &Edit) -> Option<Change> {
    let Edit::Set { path, value, .. } = edit else { return None };
    let value = match value {
        Data::Text(text) => text.clone(),
        Data::Number(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        Data::List(tags) => tags.last()?.text()?.to_owned(),
        Data::Null | Data::Map(_) => return None,
    };
    Some(Change { property: path.last()?.clone(), value: Some(value) })
}

/// How the client is told which image: by its id, or by its name where that is all there is.
fn reference(image: &CheckedImage) -> Option<String> {
    image.id().or_else(|| image.name()).map(shell::quote)
}
