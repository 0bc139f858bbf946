//! A page of a list: its raw entries, and the link to the next one.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A parsed page.
#[derive(Debug, Default)]
pub(super) struct Page<'a> {
    pub(super) entries: Vec<&'a RawValue>,
    /// The comma-separated entries, as written by the service.
    pub(super) text: &'a str,
    /// The query of the next page.
    pub(super) next: Option<String>,
}

/// Parses a page with entries in `key`.
pub(super) fn read<'a>(text: &'a str, key: &str) -> Result<Page<'a>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let page = deserializer.deserialize_map(Outer { key })?;
    deserializer.end()?;
    Ok(page)
}

struct Outer<'k> {
    key: &'k str,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    rel: String,
    #[serde(default)]
    href: String,
}

#[derive(Deserialize)]
struct Links {
    #[serde(default)]
    next: Option<String>,
}

impl<'a> Visitor<'a> for Outer<'_> {
    type Value = Page<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a mapping with `{}`", self.key)
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Page<'a>, A::Error> {
        let mut page = None;
        let mut next = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == self.key {
                let raw: &'a RawValue = map.next_value()?;
                let entries: Vec<&'a RawValue> = serde_json::from_str(raw.get()).map_err(A::Error::custom)?;
                page = Some((entries, raw.get()));
            } else if key == "next" {
                next = map.next_value::<Option<String>>()?.or(next);
            } else if key == "links" {
                next = map.next_value::<Links>()?.next.or(next);
            } else if key.ends_with("_links") {
                let links: Vec<Link> = map.next_value()?;
                next = links.into_iter().find(|link| link.rel == "next").map(|link| link.href).or(next);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        let (entries, text) = page.ok_or_else(|| A::Error::custom(format_args!("no `{}`", self.key)))?;
        let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or_default();
        // The host in a link may be internal, or a different one, which would get the token.
        let query = next.and_then(|link| link.split_once('?').map(|(_, query)| query.to_owned()));
        Ok(Page { entries, text: inner.trim(), next: query })
    }
}

/// The id of an entry, for pages without links.
pub(super) fn id(entry: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified {
        id: String,
    }
    serde_json::from_str::<Identified>(entry.get()).ok().map(|entry| entry.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_wherever_services_put_them() {
        let nova = r#"{"flavors": [{"id": "a"}, {"id": "b"}], "flavors_links": [{"rel": "next", "href": "http://c/v2.1/flavors?marker=b"}]}"#;
        let page = read(nova, "flavors").unwrap();
        assert_eq!((page.entries.len(), page.text), (2, r#"{"id": "a"}, {"id": "b"}"#));
        assert_eq!(page.next.as_deref(), Some("marker=b"));
        assert_eq!(id(page.entries[1]).as_deref(), Some("b"));
        let glance = r#"{"images": [], "first": "/v2/images", "next": "/v2/images?limit=1&marker=x"}"#;
        assert_eq!(read(glance, "images").unwrap().next.as_deref(), Some("limit=1&marker=x"));
        let keystone = r#"{"links": {"next": null, "self": "http://c"}, "roles": [1]}"#;
        assert_eq!(read(keystone, "roles").unwrap().next, None);
    }

    #[test]
    fn invalid_pages_are_errors() {
        assert!(read(r#"{"flavors": [1, 2"#, "flavors").unwrap_err().is_eof());
        assert!(read(r#"{"images": []}"#, "flavors").unwrap_err().is_data());
        assert!(read("<html>", "flavors").is_err());
        assert!(read(r#"{"flavors": {}}"#, "flavors").is_err());
        assert!(read(r#"{"flavors": []} x"#, "flavors").is_err());
    }
}
