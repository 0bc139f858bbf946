//! Commands that change images, for the OpenStack client or the tool that manages the image.

use std::fmt::Write;

use scs_standards::written::shell::{operand, option, quote};
use scs_standards::{Change, Data, Edit, Fix, Object, Way};

use crate::checked_image::CheckedImage;
use crate::fix::Repair;
use crate::sources::Definition;

/// The inventory key of the images.
const PART: &str = "images";

/// A property change proposed by a finding.
pub(crate) fn set(property: &str, value: impl Into<String>) -> Change {
    Change { property: property.to_owned(), value: Some(value.into()) }
}

/// The fix for an image, if the image can be identified.
pub(crate) fn fix(image: &CheckedImage, repair: Repair) -> Option<Fix> {
    match repair {
        Repair::None => None,
        Repair::Advice(sentence) => Some(Fix::advice(sentence)),
        Repair::Safe(changes) => match way(image, &changes) {
            Ok(way) => Some(Fix::Safe(way)),
            Err(by_hand) => by_hand.map(Fix::Advice),
        },
        Repair::Choose(question, ways) => {
            let mut settings = Vec::with_capacity(ways.len());
            let mut by_hand = Vec::new();
            for (when, changes) in ways {
                match way(image, &changes) {
                    Ok(way) => settings.push(way.when(when)),
                    Err(sentence) => by_hand.extend(sentence.map(|sentence| format!("{when}: {sentence}"))),
                }
            }
            if by_hand.is_empty() && !settings.is_empty() {
                return Some(Fix::choose(question, settings));
            }
            (!by_hand.is_empty()).then(|| Fix::advice(format!("{question} If {}", by_hand.join("; if "))))
        }
    }
}

/// One way to fix an image; otherwise a sentence that explains what to do, if any.
fn way(image: &CheckedImage, changes: &[Change]) -> Result<Way, Option<String>> {
    let object = match image.definition() {
        Some(definition) => Object::named(definition.name.as_str()),
        // The command would change both of two images with the same name, or fail.
        None if !image.is_addressable() => return Err(None),
        None => match (image.id(), image.name()) {
            (Some(id), _) => Object::with_id(id),
            (None, name) => Object::named(name.unwrap_or_default()),
        },
    };
    let Some(command) = command(image, changes) else {
        return Err(image.definition().map(|definition| by_hand(definition, changes)));
    };
    let edits = changes.iter().filter_map(|change| edit(image, object.clone(), change));
    Ok(Way::new(command, edits))
}

/// The command that applies changes to an image: for the client, or for the YAML of an openstack-image-manager
/// definition.
pub(crate) fn command(image: &CheckedImage, changes: &[Change]) -> Option<String> {
    match image.definition() {
        Some(definition) => yaml_command(definition, changes),
        None => client_command(image, changes),
    }
}

/// Attributes have their own options, everything else is a property.
fn client_command(image: &CheckedImage, changes: &[Change]) -> Option<String> {
    let reference = reference(image)?;
    let mut options = String::new();
    let mut removed = String::new();
    for Change { property, value } in changes {
        // Writing to a string cannot fail.
        let _ = match (property.as_str(), value) {
            ("min_disk", Some(gib)) => write!(options, " --min-disk {gib}"),
            ("min_ram", Some(mib)) => write!(options, " --min-ram {mib}"),
            ("name", Some(name)) => write!(options, " {}", option("--name", name)),
            ("os_hidden", Some(hidden)) => {
                write!(options, " --{}", if hidden == "true" { "hidden" } else { "unhidden" })
            }
            ("tags", Some(tag)) => write!(options, " {}", option("--tag", tag)),
            (_, Some(value)) => {
                write!(options, " {}", option("--property", &format!("{property}={value}")))
            }
            (_, None) => write!(removed, " {}", option("--property", property)),
        };
    }
    let set = (!options.is_empty()).then(|| format!("openstack image set{options} {reference}"));
    let unset = (!removed.is_empty()).then(|| format!("openstack image unset{removed} {reference}"));
    match (set, unset) {
        (Some(set), Some(unset)) => Some(format!("{set} && {unset}")),
        (set, unset) => set.or(unset),
    }
}

/// The operand that identifies the image for the client: its id, or its name if there is no id.
fn reference(image: &CheckedImage) -> Option<String> {
    image.id().or_else(|| image.name()).map(operand)
}

/// The path of a property in a definition; `None` for properties of its versions or of the tool.
fn place_in<'p>(definition: &Definition, property: &'p str) -> Option<Vec<&'p str>> {
    match property {
        "min_disk" | "min_ram" => Some(vec![property]),
        "image_original_user" => Some(vec!["login"]),
        "name" | "os_hidden" | "os_version" | "image_build_date" | "image_source" | "tags" => None,
        // A value of a version would take precedence.
        _ if definition.has_in_versions(property) => None,
        _ => Some(vec!["meta", property]),
    }
}

/// The commands that change a definition in its file; `None` if the file is unknown, or a version has to be changed.
fn yaml_command(definition: &Definition, changes: &[Change]) -> Option<String> {
    let file = quote(definition.file.as_deref()?);
    let assignments: Vec<String> = changes
        .iter()
        .map(|Change { property, value }| {
            let keys: Vec<String> =
                place_in(definition, property)?.iter().map(|key| yaml_text(key)).collect();
            let value = match property.as_str() {
                "min_disk" | "min_ram" => value.clone()?,
                _ => yaml_text(value.as_deref()?),
            };
            let name = yaml_text(&definition.name);
            Some(format!("(.images[] | select(.name == {name})).[{}] = {value}", keys.join("][")))
        })
        .collect::<Option<_>>()?;
    (!assignments.is_empty()).then(|| format!("yq -i {} {file}", quote(&assignments.join(" | "))))
}

/// A string literal in a `yq` expression.
fn yaml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The change of a definition, as a sentence.
fn by_hand(definition: &Definition, changes: &[Change]) -> String {
    let settings: Vec<String> = changes
        .iter()
        .filter_map(|Change { property, value }| {
            let value = value.as_deref()?;
            let place = match property.as_str() {
                "name" => return None,
                "os_hidden" => "`hidden` of this version".to_owned(),
                "image_source" => "`url` of this version".to_owned(),
                "image_build_date" => "`build_date` of this version".to_owned(),
                "tags" => "an additional entry of `tags`".to_owned(),
                "os_version" => "`os_version` of this version".to_owned(),
                _ => match place_in(definition, property) {
                    Some(keys) => format!("`{}`", keys.join(".")),
                    None => format!("`meta.{property}` of this version"),
                },
            };
            Some(format!("{place} to `{value}`"))
        })
        .collect();
    if settings.is_empty() {
        return format!(
            "change the definition `{}`: openstack-image-manager sets the name of the image",
            definition.name
        );
    }
    let file = definition.file.as_ref().map(|file| format!(" in {file}")).unwrap_or_default();
    format!("in the definition `{}`{file}, set {}", definition.name, settings.join(", and "))
}

/// A change as an edit of the source, with attributes as numbers and booleans.
fn edit(image: &CheckedImage, object: Object, Change { property, value }: &Change) -> Option<Edit> {
    let value = value.as_deref()?;
    let data = match property.as_str() {
        "min_disk" | "min_ram" => Data::Number(value.parse().ok()?),
        "os_hidden" => Data::Bool(value == "true"),
        "tags" => Data::List(image.tags().chain([value]).map(Data::from).collect()),
        _ => Data::from(value),
    };
    let path = match image.definition() {
        Some(definition) => place_in(definition, property)?,
        // As printed by the client.
        None if image.is_nested(property) => vec!["properties", property],
        None => vec![property.as_str()],
    };
    Some(Edit::set(PART, object, path, data))
}

/// The property change of an edit, for the client.
pub(crate) fn change(edit: &Edit) -> Option<Change> {
    let Edit::Set { path, value, .. } = edit else { return None };
    let property = match path.last()?.as_str() {
        "login" => "image_original_user",
        property => property,
    };
    let value = match value {
        Data::Text(text) => text.clone(),
        Data::Number(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        Data::List(tags) => tags.last()?.text()?.to_owned(),
        Data::Null | Data::Map(_) => return None,
    };
    Some(set(property, value))
}
