//! Data of `scs-registry` that are generated from pages and files elsewhere in the workspace.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// `differences.json`: the rows of `docs/differences.md`, each with the heading above it.
pub(crate) fn differences(root: &Path) -> Result<String, String> {
    let page = read(root, "docs/differences.md")?;
    let mut about = "";
    let mut rows = Vec::new();
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            about = heading;
            continue;
        }
        let Some(row) = line.strip_prefix("| ").and_then(|line| line.strip_suffix('|')) else { continue };
        let cells: Vec<String> =
            row.replace("\\|", "\u{0}").split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect();
        match cells.as_slice() {
            [key, ..] if key == "key" || key.starts_with("---") => {}
            [key, what, text, official] => rows
                .push(json!({"key": key, "about": about, "what": what, "text": text, "official": official})),
            _ => return Err(format!("docs/differences.md: a row has other than four cells: {line}")),
        }
    }
    Ok(lines(&rows))
}

/// The data files, with their names in `scs explain`.
const FACTS: [(&str, &str); 11] = [
    ("documents", "scs-standards/data/documents.json"),
    ("scs-compatible-iaas", "scs-certificates/data/scs-compatible-iaas.yaml"),
    ("scs-compatible-kaas", "scs-certificates/data/scs-compatible-kaas.yaml"),
    ("distributions", "scs-image-metadata/data/distributions.yaml"),
    ("openstack-values", "scs-image-metadata/data/openstack-values.yaml"),
    ("releases", "scs-image-metadata/data/releases.yaml"),
    ("standard-images", "scs-image-metadata/data/standard-images.yaml"),
    ("mozilla-tls", "scs-iaas-policy/data/mozilla-tls.yaml"),
    ("openstack-releases", "scs-iaas-policy/data/openstack-releases.yaml"),
    ("conformance", "scs-k8s-policy/data/conformance.yaml"),
    ("kubernetes", "scs-k8s-policy/data/kubernetes.yaml"),
];

/// `facts.json`: the first comment and the dates of each data file.
pub(crate) fn facts(root: &Path) -> Result<String, String> {
    let mut rows = Vec::new();
    for (name, file) in FACTS {
        let text = read(root, file)?;
        let mut row = Map::new();
        row.insert("name".to_owned(), name.into());
        row.insert("file".to_owned(), file.into());
        for key in ["as_of", "complete_until"] {
            if let Some(value) = value_of(&text, key) {
                row.insert(key.to_owned(), value.into());
            }
        }
        row.insert("about".to_owned(), about(&text).into());
        rows.push(Value::Object(row));
    }
    Ok(lines(&rows))
}

/// The paragraphs of the first comment, or the source in a JSON file.
fn about(text: &str) -> Vec<String> {
    if text.starts_with('{') {
        return value_of(text, "source").map(|source| format!("Source: {source}.")).into_iter().collect();
    }
    let comment: Vec<&str> = text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim).collect();
    let paragraphs = comment.split(|line| line.is_empty()).map(|lines| lines.join(" "));
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect()
}

/// The value of a key on a line of its own, in YAML or JSON.
fn value_of(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let line = line.trim().trim_start_matches('{').trim_end_matches(',');
        let (name, value) = line.split_once(':')?;
        (name.trim_matches('"') == key).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))
}

/// A list with an entry on each line.
fn lines(rows: &[Value]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("  {row}")).collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}
