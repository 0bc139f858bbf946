//! Removes secrets from responses.

use memchr::memmem;
use serde_json::{Map, Value};

use crate::session::Session;

/// Locations of image data in Glance: with some backends, the URL has a user and a key.
const PLACES: [&str; 2] = ["locations", "direct_url"];

/// The entries of a page without secrets. Most pages are unchanged.
pub(super) fn scrubbed(session: &Session, entries: &str) -> Box<str> {
    let clean = session.redacted(entries);
    let entries = clean.as_deref().unwrap_or(entries);
    without_places(entries).unwrap_or_else(|| entries.into())
}

fn without_places(entries: &str) -> Option<Box<str>> {
    let named = |place: &&str| memmem::find(entries.as_bytes(), format!("\"{place}\"").as_bytes()).is_some();
    if !PLACES.iter().any(named) {
        return None;
    }
    let mut list: Vec<Map<String, Value>> = serde_json::from_str(&format!("[{entries}]")).ok()?;
    for entry in &mut list {
        entry.retain(|key, _| !PLACES.contains(&key.as_str()));
    }
    let text = serde_json::to_string(&list).ok()?;
    Some(text[1..text.len() - 1].into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_locations_are_removed() {
        let entries = r#"{"id": "a", "direct_url": "swift://user:key@host/x"}, {"id": "b", "tags": []}"#;
        assert_eq!(without_places(entries).as_deref(), Some(r#"{"id":"a"},{"id":"b","tags":[]}"#));
        assert_eq!(without_places(r#"{"id": "a"}"#), None);
    }
}
