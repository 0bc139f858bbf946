//! Detection of truncated lists: pages of an API response.

use std::fmt;

use serde_json::Value;

/// Why a list is known to be incomplete.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Incomplete {
    /// More entries follow on another page.
    Continues {
        /// The key that shows it, such as `next` or `metadata.continue`.
        key: String,
        /// The number of remaining entries, if known.
        remaining: Option<u64>,
    },
    /// Entries come before, on another page.
    Preceded {
        /// The key that shows it, such as `links.previous`.
        key: String,
    },
    /// It is unclear whether the links lead to another page.
    Unclear {
        /// The key of the links, such as `flavors_links`.
        key: String,
    },
    /// The reported count exceeds the number of entries.
    Counted {
        /// The key of the count.
        key: String,
        /// The count.
        total: u64,
        /// How many entries there are.
        found: usize,
    },
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Continues { key, remaining: None } => {
                write!(f, "the list is incomplete: it continues on another page (`{key}`)")
            }
            Self::Continues { key, remaining: Some(count) } => {
                let noun = if *count == 1 { "entry" } else { "entries" };
                write!(f, "the list is incomplete: it continues with {count} more {noun} (`{key}`)")
            }
            Self::Preceded { key } => {
                write!(f, "the list is incomplete: entries come before it on another page (`{key}`)")
            }
            Self::Unclear { key } => {
                write!(f, "unknown whether the list is complete: `{key}` has no target")
            }
            Self::Counted { key, total, found } => {
                write!(f, "the list is incomplete: it has {found} of {total} entries (`{key}`)")
            }
        }
    }
}

/// The keys next to a list in an API response that show whether the list is complete.
///
/// | API | keys |
/// | --- | --- |
/// | Glance | `next` |
/// | Nova, Neutron, Cinder | `flavors_links` and others with `rel: next` |
/// | Keystone, Designate | `links.next`, `links.previous` |
/// | Kubernetes | `metadata.continue`, `metadata.remainingItemCount` |
/// | others | a `marker`, or a count greater than the number of entries |
///
/// ```
/// use scs_standards::listed::Pages;
/// use serde_json::json;
///
/// let mut pages = Pages::default();
/// pages.take("next", &json!("/v2/images?marker=7"));
/// let incomplete = pages.incomplete(25).unwrap();
/// assert_eq!(incomplete.to_string(), "the list is incomplete: it continues on another page (`next`)");
///
/// let mut pages = Pages::default();
/// pages.take("links", &json!({"self": "https://…", "next": null, "previous": null}));
/// assert!(pages.incomplete(25).is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    continues: Option<String>,
    preceded: Option<String>,
    unclear: Option<String>,
    remaining: Option<u64>,
    total: Option<(String, u64)>,
}

impl Pages {
    /// Whether a key next to a list may show that there are more entries. Other keys need not be read.
    #[must_use]
    pub fn is_relevant(key: &str) -> bool {
        NEXT.contains(&key)
            || PREVIOUS.contains(&key)
            || TOTAL.contains(&key)
            || MORE.contains(&key)
            || matches!(key, "links" | "metadata")
            || key.ends_with("_links")
    }

    /// Reads a key next to the list.
    pub fn take(&mut self, key: &str, value: &Value) {
        self.take_at("", key, value);
    }

    fn take_at(&mut self, path: &str, key: &str, value: &Value) {
        let named = || format!("{path}{key}");
        if NEXT.contains(&key) && is_set(value) || MORE.contains(&key) && *value == Value::Bool(true) {
            self.continues.get_or_insert_with(named);
        } else if PREVIOUS.contains(&key) && is_set(value) {
            self.preceded.get_or_insert_with(named);
        } else if key == REMAINING
            && let Some(count) = value.as_u64().filter(|count| *count > 0)
        {
            self.continues.get_or_insert_with(named);
            self.remaining = Some(count);
        } else if TOTAL.contains(&key)
            && let Some(total) = value.as_u64()
        {
            self.total.get_or_insert_with(|| (named(), total));
        } else if path.is_empty() && (key == "links" || key.ends_with("_links")) {
            self.take_links(key, value);
        } else if path.is_empty()
            && key == "metadata"
            && let Value::Object(metadata) = value
        {
            for (key, value) in metadata {
                self.take_at("metadata.", key, value);
            }
        }
    }

    /// `{"next": "…"}`, or `[{"rel": "next", "href": "…"}]`.
    fn take_links(&mut self, key: &str, value: &Value) {
        match value {
            Value::Object(links) => {
                for (rel, link) in links {
                    self.take_at(&format!("{key}."), rel, link);
                }
            }
            Value::Array(links) => {
                for link in links {
                    match link.get("rel").and_then(Value::as_str) {
                        // Relations are the same in any case (RFC 8288).
                        Some(rel) => self.take_at(&format!("{key}."), &rel.to_lowercase(), link),
                        None => self.take_unknown(key),
                    }
                }
            }
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            _ => self.take_unknown(key),
        }
    }

    /// Records a link without a target, which may lead to more entries.
    fn take_unknown(&mut self, key: &str) {
        self.unclear.get_or_insert_with(|| key.to_owned());
    }

    /// What the keys mean for a list with this many entries, including unreadable ones.
    #[must_use]
    pub fn incomplete(self, found: usize) -> Option<Incomplete> {
        let Self { continues, preceded, unclear, remaining, total } = self;
        let counted = || {
            let (key, total) =
                total.filter(|(_, total)| usize::try_from(*total).is_ok_and(|it| it > found))?;
            Some(Incomplete::Counted { key, total, found })
        };
        continues
            .map(|key| Incomplete::Continues { key, remaining })
            .or_else(|| preceded.map(|key| Incomplete::Preceded { key }))
            .or_else(|| unclear.map(|key| Incomplete::Unclear { key }))
            .or_else(counted)
    }
}

/// Links and tokens of the next page.
const NEXT: [&str; 9] = [
    "next",
    "marker",
    "next_marker",
    "next_page",
    "next_page_token",
    "nextPageToken",
    "NextMarker",
    "NextContinuationToken",
    "continue",
];

/// Links to the previous page.
const PREVIOUS: [&str; 3] = ["previous", "prev", "prev_page"];

/// Flags.
const MORE: [&str; 4] = ["truncated", "is_truncated", "IsTruncated", "has_more"];

/// The total number of entries on all pages.
const TOTAL: [&str; 4] = ["total", "total_count", "total_results", "count"];

/// The number of remaining entries in a Kubernetes list.
const REMAINING: &str = "remainingItemCount";

/// Whether a link or token is set: on the last page, APIs return null or an empty value.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(document: &Value, found: usize) -> Option<String> {
        let mut pages = Pages::default();
        let entries = document.as_object().unwrap();
        entries
            .iter()
            .filter(|(key, _)| Pages::is_relevant(key))
            .for_each(|(key, value)| pages.take(key, value));
        pages.incomplete(found).map(|it| it.to_string())
    }

    #[test]
    fn every_api_shows_that_a_list_continues() {
        let continues =
            |key: &str| Some(format!("the list is incomplete: it continues on another page (`{key}`)"));
        for (document, key) in [
            (json!({"next": "/v2/images?marker=x"}), "next"),
            (json!({"flavors_links": [{"rel": "self"}, {"rel": "next", "href": "x"}]}), "flavors_links.next"),
            (json!({"links": {"self": "x", "next": "y", "previous": null}}), "links.next"),
            (json!({"links": [{"rel": "next", "href": "y"}]}), "links.next"),
            (json!({"metadata": {"continue": "abc"}}), "metadata.continue"),
            (json!({"marker": "7c1e"}), "marker"),
            (json!({"truncated": true}), "truncated"),
        ] {
            assert_eq!(said(&document, 3), continues(key), "{document}");
        }
        assert_eq!(
            said(&json!({"metadata": {"remainingItemCount": 57}}), 3).as_deref(),
            Some("the list is incomplete: it continues with 57 more entries (`metadata.remainingItemCount`)")
        );
        assert_eq!(
            said(&json!({"links": {"previous": "x"}}), 3).as_deref(),
            Some("the list is incomplete: entries come before it on another page (`links.previous`)")
        );
        assert_eq!(
            said(&json!({"total": 12}), 3).as_deref(),
            Some("the list is incomplete: it has 3 of 12 entries (`total`)")
        );
    }

    #[test]
    fn links_without_a_target_are_unclear() {
        for document in [
            json!({"flavors_links": "http://nova/flavors?marker=7"}),
            json!({"flavors_links": [{"href": "http://nova/flavors?marker=7"}]}),
            json!({"flavors_links": ["http://nova/flavors?marker=7"]}),
            json!({"flavors_links": [{"rel": 7, "href": "x"}, {"rel": "self"}]}),
        ] {
            let unclear = "unknown whether the list is complete: `flavors_links` has no target";
            assert_eq!(said(&document, 3).as_deref(), Some(unclear), "{document}");
        }
        let next = "the list is incomplete: it continues on another page (`flavors_links.next`)";
        assert_eq!(said(&json!({"flavors_links": [{"rel": "NEXT", "href": "x"}]}), 3).as_deref(), Some(next));
        assert_eq!(said(&json!({"flavors_links": null}), 3), None);
        assert_eq!(said(&json!({"links": ""}), 3), None);
    }

    #[test]
    fn last_pages_and_complete_lists_are_not_incomplete() {
        for document in [
            json!({}),
            json!({"next": null, "marker": "", "first": "/v2/images", "schema": "/v2/schemas/images"}),
            json!({"links": {"self": "x", "next": null, "previous": null}}),
            json!({"flavors_links": [], "networks_links": [{"rel": "self", "href": "x"}]}),
            json!({"metadata": {"resourceVersion": "7", "continue": "", "remainingItemCount": 0}}),
            json!({"metadata": {"total_count": 3}, "count": 3, "truncated": false}),
        ] {
            assert_eq!(said(&document, 3), None, "{document}");
        }
    }
}
