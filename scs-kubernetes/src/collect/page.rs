//! A page of a list.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::reduce::{Keep, reduce};

/// A page: its reduced entries, and where the list continues.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The entries as JSON, separated by commas.
    pub(super) entries: String,
    pub(super) count: usize,
    /// The position of the next page.
    pub(super) next: Option<String>,
    /// The kind of the list.
    pub(super) kind: Option<String>,
}

/// Reads a page. A `null` instead of entries is an empty list, as Go writes it.
pub(super) fn read(json: &str, keep: Keep) -> Result<Page, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let page = reader.deserialize_map(PageVisitor(keep))?;
    reader.end()?;
    Ok(page)
}

/// The position of the next page if it stands before the entries, as the API server writes it.
pub(super) fn next(json: &str) -> Option<String> {
    let mut next = None;
    // The reading ends with an error at the entries.
    let _ = serde_json::Deserializer::from_str(json).deserialize_map(HeadVisitor(&mut next));
    next
}

struct HeadVisitor<'n>(&'n mut Option<String>);

impl<'de> Visitor<'de> for HeadVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of the API")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match &*key {
                "items" => return Ok(()),
                "metadata" => {
                    let metadata: Option<ListMeta> = map.next_value()?;
                    *self.0 = metadata.unwrap_or_default().next.filter(|next| !next.is_empty());
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
struct ListMeta {
    #[serde(rename = "continue")]
    next: Option<String>,
}

struct PageVisitor(Keep);

impl<'de> Visitor<'de> for PageVisitor {
    type Value = Page;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of the API")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Page, A::Error> {
        let mut page = Page::default();
        let mut has_items = false;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match &*key {
                "items" => {
                    page.count = map.next_value_seed(Items { keep: self.0, to: &mut page.entries })?;
                    has_items = true;
                }
                "metadata" => {
                    let metadata: Option<ListMeta> = map.next_value()?;
                    page.next = metadata.unwrap_or_default().next.filter(|next| !next.is_empty());
                }
                "kind" => page.kind = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if has_items { Ok(page) } else { Err(A::Error::missing_field("items")) }
    }
}

struct Items<'t> {
    keep: Keep,
    to: &'t mut String,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<usize, D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_unit<E>(self) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<usize, A::Error> {
        let mut count = 0_usize;
        loop {
            let before = self.to.len();
            if before > 0 {
                self.to.push(',');
            }
            if list.next_element_seed(Entry { keep: self.keep, to: self.to })?.is_none() {
                self.to.truncate(before);
                return Ok(count);
            }
            count = count.saturating_add(1);
        }
    }
}

struct Entry<'t> {
    keep: Keep,
    to: &'t mut String,
}

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        reduce(value, self.keep, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_known_before_the_entries() {
        let head = r#"{"kind": "NodeList", "metadata": {"continue": "abc"}, "items": [{"a": "#;
        assert_eq!(next(head).as_deref(), Some("abc"));
        for json in [
            r#"{"items": [], "metadata": {"continue": "abc"}}"#,
            r#"{"metadata": {"continue": ""}}"#,
            "[]",
            "",
        ] {
            assert_eq!(next(json), None, "{json}");
        }
    }

    #[test]
    fn pages_continue_or_end() {
        let json = r#"{"kind": "NodeList", "metadata": {"continue": "abc", "remainingItemCount": 7},
            "items": [{"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}]}"#;
        let page = read(json, Keep::All).unwrap();
        assert_eq!((page.count, page.next.as_deref()), (2, Some("abc")));
        assert_eq!(page.entries, r#"{"metadata": {"name": "a"}},{"metadata": {"name": "b"}}"#);
        for metadata in ["{}", "null", r#"{"continue": ""}"#] {
            let page = read(&format!(r#"{{"items": null, "metadata": {metadata}}}"#), Keep::All).unwrap();
            assert!(page.next.is_none() && page.count == 0 && page.entries.is_empty());
        }
        for json in ["{}", "[]", r#"{"items": {}}"#, r#"{"items": ["#, r#"{"items": []} x"#] {
            assert!(read(json, Keep::All).is_err(), "{json}");
        }
    }
}
