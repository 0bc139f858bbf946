//! Splits a text into documents: concatenated JSON, JSON Lines, or a YAML stream; and recognizes other texts.

use scs_standards::yaml;
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

use super::content::OtherContent;
use crate::notation::{is_json, yaml_options};
use crate::repeated::Kept;

/// The error for a text without documents.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadDocumentsError {
    /// The text starts like JSON but is not valid JSON.
    #[error("not valid JSON: {0}")]
    Json(String),
    /// The text is not valid YAML.
    #[error("not valid YAML: {0}")]
    Yaml(String),
}

/// The documents of a text, each as JSON.
///
/// ```
/// use scs_registry::part::documents;
///
/// assert_eq!(documents("{\"a\": 1}\n{\"a\": 2}\n")?, ["{\"a\": 1}", "{\"a\": 2}"]);
/// assert_eq!(documents("a: 1\n---\na: 2\n")?, ["{\"a\":1}", "{\"a\":2}"]);
/// # Ok::<(), scs_registry::part::ReadDocumentsError>(())
/// ```
///
/// # Errors
///
/// If one of the documents is neither JSON nor YAML.
pub fn documents(text: &str) -> Result<Vec<String>, ReadDocumentsError> {
    let text = text.trim_start_matches('\u{feff}');
    if is_json(text) {
        let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        return values
            .map(|value| value.map(|raw| raw.get().to_owned()))
            .collect::<Result<_, _>>()
            .map_err(|error| ReadDocumentsError::Json(error.to_string()));
    }
    let values: Vec<Kept> = serde_saphyr::from_multiple_with_options(text, yaml_options())
        .map_err(|error| ReadDocumentsError::Yaml(yaml::reason(&error)))?;
    let is_there = |value: &&Kept| !matches!(value, Kept::Plain(Value::Null));
    values
        .iter()
        .filter(is_there)
        .map(|value| {
            serde_json::to_string(value).map_err(|error| ReadDocumentsError::Yaml(error.to_string()))
        })
        .collect()
}

/// Detects the kind of a text without documents by its first lines.
pub(super) fn other(text: &str) -> Option<OtherContent> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).take(MOST_LINES);
    let first = lines.next()?;
    if is_rule(first) || first.starts_with("| ") && first.ends_with('|') {
        return Some(OtherContent::Table);
    }
    if is_csv(first) {
        return Some(OtherContent::Csv);
    }
    if text.starts_with("<?xml") || text.starts_with("<testsuite") {
        return Some(OtherContent::TestResults);
    }
    if std::iter::once(first).chain(lines.clone()).any(is_block_of_hcl) {
        return Some(OtherContent::Terraform);
    }
    if is_kubectl_table(first) {
        return Some(OtherContent::Table);
    }
    let is_name = |line: &str| {
        !line.contains(char::is_whitespace)
            && !line.contains([':', '{', '[', '"', '#'])
            && !line.starts_with('-')
    };
    let all_names = is_name(first) && lines.all(is_name);
    (all_names && !first.is_empty()).then_some(OtherContent::Names)
}

/// The number of lines for detection.
const MOST_LINES: usize = 200;

/// `+----+------+`.
fn is_rule(line: &str) -> bool {
    line.len() > 2
        && line.starts_with('+')
        && line.ends_with('+')
        && line.chars().all(|it| matches!(it, '+' | '-' | '='))
}

/// A head of columns: `"ID","Name"`, `ID,Name,RAM`.
fn is_csv(line: &str) -> bool {
    let columns: Vec<&str> = line.split(',').map(|column| column.trim_matches('"')).collect();
    let head = |column: &&str| {
        matches!(
            column.to_ascii_lowercase().as_str(),
            "id" | "name" | "ram" | "vcpus" | "disk" | "status" | "type"
        )
    };
    columns.len() > 1 && columns.iter().any(head) && !line.contains([':', '{', '['])
}

/// `resource "openstack_compute_flavor_v2" "small" {`, `terraform {`.
fn is_block_of_hcl(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let block = matches!(
        words.next(),
        Some("resource" | "data" | "provider" | "variable" | "module" | "output" | "terraform" | "locals")
    );
    block && line.ends_with('{') && words.all(|word| word == "{" || word.starts_with('"'))
}

/// `NAME   STATUS   ROLES   AGE`.
fn is_kubectl_table(line: &str) -> bool {
    let mut columns = line.split_whitespace();
    let known = matches!(columns.next(), Some("NAME" | "NAMESPACE"));
    let capitals = |column: &str| column.chars().all(|it| it.is_ascii_uppercase() || "-()/".contains(it));
    let rest: Vec<&str> = columns.collect();
    known && !rest.is_empty() && rest.iter().all(|column| capitals(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_hold_no_documents() {
        for (text, expected) in [
            ("+----+------+\n| ID | Name |\n+----+------+\n", OtherContent::Table),
            ("| ID | Name |\n", OtherContent::Table),
            (
                "NAME    STATUS   ROLES           AGE   VERSION\ncp-1    Ready    control-plane   1d    v1.36.5\n",
                OtherContent::Table,
            ),
            ("\"ID\",\"Name\",\"RAM\"\n\"1\",\"SCS-2V-8\",8192\n", OtherContent::Csv),
            ("ID,Name\n1,SCS-2V-8\n", OtherContent::Csv),
            ("<?xml version=\"1.0\"?>\n<testsuites/>", OtherContent::TestResults),
            (
                "# flavors\nresource \"openstack_compute_flavor_v2\" \"a\" {\n  name = \"x\"\n}\n",
                OtherContent::Terraform,
            ),
            ("SCS-2V-8\nSCS-4V-16\n", OtherContent::Names),
        ] {
            assert_eq!(other(text), Some(expected), "{text}");
        }
        for text in [
            "{\"flavors\": []}",
            "[]",
            "kind: cloud\n",
            "---\nflavors: []\n",
            "- name: x\n",
            "",
            "# only a comment\n",
        ] {
            assert_eq!(other(text), None, "{text}");
        }
    }

    #[test]
    fn documents_one_after_the_other() {
        for text in ["{\"a\":1}{\"a\":2}", "{\"a\":1}\n\n{\"a\":2}\n", "a: 1\n---\n---\na: 2\n"] {
            assert_eq!(documents(text).unwrap(), ["{\"a\":1}", "{\"a\":2}"], "{text}");
        }
        assert!(matches!(documents("{\"a\":1}\n{\"a\":"), Err(ReadDocumentsError::Json(_))));
        assert!(matches!(documents("a: [\n"), Err(ReadDocumentsError::Yaml(_))));
    }
}
