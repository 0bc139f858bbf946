//! The sidebar of the site.

use serde_json::{Value, json};

use super::document::SiteDocument;
use super::file::SiteFile;
use super::pages::CHECK_PAGES;
use super::tree::{StandardOf, TrackOf, Tree};

/// The module that the site's `sidebarsStandards.js` loads.
pub(super) fn sidebar(tree: &Tree<'_>) -> SiteFile {
    let tracks = tree.tracks.iter().map(track).chain([checks()]);
    let items = serde_json::to_string_pretty(&tracks.collect::<Vec<Value>>()).unwrap_or_default();
    SiteFile { path: "sidebarsStandardsItems.js".to_owned(), content: format!("module.exports = {items}\n") }
}

fn track(track: &TrackOf<'_>) -> Value {
    let folder = track.track.name().to_ascii_lowercase();
    let standards: Vec<Value> = track.standards.iter().map(|it| standard(it, &folder)).collect();
    category(track.track.name(), &format!("{folder}/index"), &standards)
}

fn standard(standard: &StandardOf<'_>, folder: &str) -> Value {
    let supplements = standard.supplements.iter().flat_map(|supplement| &supplement.versions);
    let documents = standard.versions.iter().chain(supplements);
    let documents: Vec<Value> = documents.map(|document| version(document)).collect();
    category(&standard.id(), &format!("{folder}/{}", standard.id()), &documents)
}

fn version(document: &SiteDocument) -> Value {
    json!({"type": "doc", "label": document.edition.to_ascii_uppercase(), "id": document.name})
}

/// The pages that belong to no track.
fn checks() -> Value {
    let items: Vec<Value> = CHECK_PAGES
        .iter()
        .map(|(title, name, _)| json!({"type": "doc", "label": title, "id": format!("standards/{name}")}))
        .collect();
    json!({"type": "category", "label": "Checks", "items": items})
}

fn category(label: &str, page: &str, items: &[Value]) -> Value {
    json!({"type": "category", "label": label, "link": {"type": "doc", "id": page}, "items": items})
}
