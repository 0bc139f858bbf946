//! Documents that replace others.

use std::collections::BTreeMap;

use super::super::folder::{DocumentFile, DocumentFolder};
use super::considered::{Rec, documents, lenient, readable};
use super::file_names::{Names, names};
use super::values::shown;

/// `replaced_by` is forbidden unless the document is deprecated or rejected, and must list all replacements, if any
/// (*Document format*, table; *Deprecation phase*; *Rejection*).
pub(super) fn replaced_by(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let mut replacements: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in documents(folder, rec) {
        for name in file.entries("replaces").into_iter().filter(|name| *name != file.name) {
            replacements.entry(name).or_default().push(&file.name);
        }
    }
    for file in readable(folder, rec) {
        let value = file.field("replaced_by");
        if !is_inactive(file) {
            if let Some(value) = value {
                let message = "`replaced_by` is set, but the document is neither Deprecated nor Rejected";
                rec.fail(&file.place, message).compared("not set", shown(value));
            }
            continue;
        }
        let Names { names, problems } = names(file, "replaced_by");
        for problem in problems {
            rec.split(lenient("C-100"), &file.place, problem);
        }
        for name in &names {
            if *name == file.name {
                rec.split(lenient("C-100"), &file.place, "it is replaced by itself");
            } else if !folder.has(name) {
                rec.split(
                    lenient("C-100"),
                    &file.place,
                    format!("it is replaced by `{name}`, which does not exist"),
                );
            }
        }
        for name in
            replacements.get(file.name.as_str()).into_iter().flatten().filter(|name| !names.contains(name))
        {
            let message = format!("`{name}` replaces it, but is missing from `replaced_by`");
            rec.split(lenient("C-112"), &file.place, message)
                .compared(name, value.map_or("not set".into(), shown));
        }
    }
}

/// Whether a document is deprecated or rejected.
fn is_inactive(file: &DocumentFile) -> bool {
    matches!(file.text("status"), Some("Deprecated" | "Rejected"))
}

pub(super) fn replaced_by_recommended(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        if is_inactive(file) && file.field("replaced_by").is_none() {
            rec.split(
                lenient("C-099"),
                &file.place,
                "`replaced_by` is missing; it should name the replacement",
            )
            .compared("a list of file names", "not set");
        }
    }
}

pub(super) fn replaces(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    for file in readable(folder, rec) {
        let Some(parts) = file.parts().filter(|parts| parts.edition == 'v') else { continue };
        let Names { names: entries, problems } = names(file, "replaces");
        if file.field("replaces").is_none() && parts.version > 1 {
            let message = "`replaces` is missing, but this is not the first version";
            rec.fail(&file.place, message).compared("a list of file names", "not set");
        }
        for problem in problems {
            rec.split(lenient("C-100"), &file.place, problem)
                .compared("a list of file names", "no valid list");
        }
        for entry in entries {
            if entry == file.name {
                rec.split(lenient("C-100"), &file.place, "it replaces itself");
            } else if !folder.has(entry) {
                let message = format!("it replaces `{entry}`, which does not exist");
                // The official checker ignores this field in first versions.
                if parts.version > 1 {
                    rec.fail(&file.place, message);
                } else {
                    rec.split(lenient("C-100"), &file.place, message);
                }
            } else if !is_earlier(folder, entry, parts.number, parts.version) {
                let message =
                    format!("it replaces `{entry}`, which is not an earlier version of the same number");
                rec.split(lenient("C-100"), &file.place, message);
            }
        }
    }
}

fn is_earlier(folder: &DocumentFolder, name: &str, number: &str, version: u32) -> bool {
    let parts = folder.get(name).and_then(DocumentFile::parts);
    parts.is_some_and(|parts| parts.number == number && parts.version < version)
}

pub(super) fn one_stable(folder: &DocumentFolder, rec: &mut Rec<'_>) {
    let mut stable: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in readable(folder, rec) {
        if let Some(parts) = file.parts().filter(|_| file.text("status") == Some("Stable")) {
            stable.entry(parts.number).or_default().push(&file.name);
        }
    }
    for (number, names) in stable.into_iter().filter(|(_, names)| names.len() > 1) {
        let message = format!("{} versions are Stable: {}", names.len(), names.join(", "));
        rec.fail(format!("scs-{number}"), message).compared("at most one", names.len());
    }
}
