//! Lists of file names in the front matter.

use serde_json::Value;

use super::super::folder::DocumentFile;
use super::values::shown;

/// A list of file names in the front matter.
pub(super) struct Names<'f> {
    pub(super) names: Vec<&'f str>,
    /// The problems with the list.
    pub(super) problems: Vec<String>,
}

pub(super) fn names<'f>(file: &'f DocumentFile, key: &str) -> Names<'f> {
    let mut names = Names { names: Vec::new(), problems: Vec::new() };
    match file.field(key) {
        None => {}
        Some(Value::Array(list)) => {
            if list.is_empty() {
                names.problems.push(format!("`{key}` is empty, expected a list of file names"));
            }
            for entry in list {
                match entry.as_str() {
                    Some(name) => names.names.push(name),
                    None => names
                        .problems
                        .push(format!("`{key}` has the entry {}, not a file name", shown(entry))),
                }
            }
        }
        Some(value) => {
            names.names.extend(value.as_str());
            names.problems.push(format!("`{key}` is {}, not a list of file names", shown(value)));
        }
    }
    names
}
