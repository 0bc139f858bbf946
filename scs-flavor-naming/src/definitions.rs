//! Fixes for flavor definitions: changes to the file from which a tool creates flavors. The next run of the tool would undo
//! changes made in the cloud.

use std::collections::BTreeMap;
use std::fmt::Write;

use scs_standards::written::yaml;
use scs_standards::{Data, Edit, Fix, Object, Way};

/// Converts a fix for a flavor in the cloud to one for its definition.
pub(crate) fn in_words(fix: &Fix) -> Fix {
    match fix {
        Fix::Safe(way) => Fix::advice(format!("in the definitions: {}", way_in_words(way))),
        Fix::Choose { question, ways } => {
            let ways = ways.iter().map(|way| match &way.when {
                Some(when) => format!("if {when}: {}", way_in_words(way)),
                None => way_in_words(way),
            });
            let ways: Vec<String> = ways.collect();
            Fix::advice(format!("{question} In the definitions, {}", ways.join("; ")))
        }
        Fix::Advice(_) => fix.clone(),
    }
}

fn way_in_words(way: &Way) -> String {
    let words: Vec<String> = way.edits.iter().map(edit_in_words).collect();
    words.join(", ")
}

fn edit_in_words(edit: &Edit) -> String {
    let key = |path: &[String]| path.last().map(|key| yaml::word(key)).unwrap_or_default();
    match edit {
        Edit::Set { path, value, .. } => {
            format!("set `{}: {}`", key(path), yaml::word(value.text().unwrap_or_default()))
        }
        Edit::Unset { path, .. } => format!("remove `{}`", key(path)),
        Edit::Argument { name, value: Some(value), .. } => {
            format!("set `{}={}`", yaml::word(name), yaml::word(value))
        }
        Edit::Argument { name, value: None, .. } => format!("remove `{}`", yaml::word(name)),
        Edit::Create { object, .. } => format!("add {}", fields(object).join(", ")),
        Edit::Delete { object: Object { value, .. }, .. } => format!("delete {}", yaml::word(value)),
    }
}

/// A new flavor as fields for openstack-flavor-manager, one line of YAML each.
fn fields(object: &Data) -> Vec<String> {
    let Data::Map(object) = object else { return Vec::new() };
    let mut lines = Vec::new();
    for (field, key) in [("name", "name"), ("cpus", "vcpus"), ("ram", "ram"), ("disk", "disk")] {
        match object.get(key) {
            Some(Data::Text(text)) => lines.push(format!("{field}: {}", yaml::word(text))),
            // A missing disk means none.
            Some(Data::Number(number)) if *number > 0 || field != "disk" => {
                lines.push(format!("{field}: {number}"));
            }
            _ => {}
        }
    }
    if object.get("os-flavor-access:is_public") == Some(&Data::Bool(false)) {
        lines.push("public: false".to_owned());
    }
    if let Some(Data::Map(specs)) = object.get("extra_specs") {
        lines.extend(
            specs.iter().filter_map(|(key, value)| {
                Some(format!("{}: {}", yaml::word(key), yaml::word(value.text()?)))
            }),
        );
    }
    lines
}

/// The entries of an openstack-flavor-manager file that edits change: new values, and removals as comments.
///
/// ```
/// use scs_flavor_naming::definitions_yaml;
/// use scs_standards::{Edit, Object};
///
/// let edits = [
///     Edit::set("flavors", Object::named("SCS-2V-8"), ["extra_specs", "scs:cpu-type"], "shared-core"),
///     Edit::unset("flavors", Object::named("SCS-2V-8"), ["extra_specs", "scs:disk0-type"]),
/// ];
/// assert_eq!(
///     definitions_yaml(&edits),
///     "- name: SCS-2V-8\n  scs:cpu-type: shared-core\n  # remove scs:disk0-type\n"
/// );
/// ```
#[must_use]
pub fn definitions_yaml(edits: &[Edit]) -> String {
    let mut yaml = String::new();
    let mut by_flavor: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for edit in edits {
        match edit {
            Edit::Set { object: Some(object), path, value, .. } => {
                let key = path.last().map_or("", String::as_str);
                let line = format!("  {}: {}", yaml::word(key), yaml::word(value.text().unwrap_or_default()));
                by_flavor.entry(&object.value).or_default().push(line);
            }
            Edit::Unset { object: Some(object), path, .. } => {
                let key = path.last().map_or("", String::as_str);
                by_flavor.entry(&object.value).or_default().push(format!("  # remove {}", yaml::word(key)));
            }
            Edit::Delete { object, .. } => {
                // Writing to a string cannot fail.
                let _ = writeln!(yaml, "# delete - name: {}", yaml::word(&object.value));
            }
            Edit::Create { object, .. } => {
                for (number, line) in fields(object).iter().enumerate() {
                    let _ = writeln!(yaml, "{} {line}", if number == 0 { "-" } else { " " });
                }
            }
            // Flavors have no command lines.
            Edit::Set { .. } | Edit::Unset { .. } | Edit::Argument { .. } => {}
        }
    }
    for (flavor, lines) in by_flavor {
        let _ = writeln!(yaml, "- name: {}\n{}", yaml::word(flavor), lines.join("\n"));
    }
    yaml
}
