//! Reading the values of a mapping.

use std::collections::HashSet;

use jiff::civil::Date;
use scs_standards::suggestion::nearest;
use scs_standards::wording::and;
use scs_standards::{Severity, Verdict};

use super::super::tree::Node;
use super::super::{Reach, ScopeProblem};
use super::reader::{Fields, Reader};

impl Reader {
    /// Reports an unreadable value.
    pub(super) fn unusable(&mut self, rule: &'static str, node: &Node, what: &str, expected: &str) {
        self.problems.push(ScopeProblem {
            rule,
            result: Verdict::Dnf,
            severity: Severity::Error,
            message: format!("{what} is {}, but should be {expected}", node.kind()),
            hint: None,
            line: node.line,
            place: String::new(),
            reach: Reach::Scope,
        });
    }

    pub(super) fn fields<'t>(
        &mut self,
        node: &'t Node,
        what: &'static str,
        keys: &[&str],
    ) -> Option<Fields<'t>> {
        let Some(map) = node.map() else {
            self.unusable("scs-0003-keys", node, what, "a mapping");
            return None;
        };
        let mut seen = HashSet::new();
        for (key, value) in map {
            if !keys.contains(&key.as_str()) {
                let hint = match nearest(key, keys.iter().copied()) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None if key == "include" => {
                        "modules cannot include other modules; versions can".to_owned()
                    }
                    None => format!("known keys: {}", and(keys)),
                };
                let message = format!("unknown key `{key}`");
                self.report("scs-0003-unknown-keys", value.line, message, Some(hint));
            }
            if !seen.insert(key) {
                let message = format!("the key `{key}` occurs twice; the first one counts");
                self.report("scs-0003-unknown-keys", value.line, message, None);
            }
        }
        Some(Fields { line: node.line, what, map })
    }

    /// A required string.
    pub(super) fn text(&mut self, fields: &Fields<'_>, key: &'static str) -> String {
        match fields.get(key) {
            None => {
                let place = if fields.line == 0 { String::new() } else { format!(" in {}", fields.what) };
                self.report("scs-0003-keys", fields.line, format!("the key `{key}` is missing{place}"), None);
                String::new()
            }
            Some(node) => self.text_from(node, key).unwrap_or_default(),
        }
    }

    /// An optional string.
    pub(super) fn optional_text(&mut self, fields: &Fields<'_>, key: &'static str) -> Option<String> {
        self.text_from(fields.get(key)?, key)
    }

    pub(super) fn text_from(&mut self, node: &Node, key: &str) -> Option<String> {
        let text = node.text().map(str::to_owned);
        if text.is_none() {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "text");
        }
        text
    }

    /// A list; empty if the key is missing.
    pub(super) fn list<'t>(&mut self, fields: &Fields<'t>, key: &'static str) -> &'t [Node] {
        let Some(node) = fields.get(key) else { return &[] };
        node.list().unwrap_or_else(|| {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "a list");
            &[]
        })
    }

    /// A required list.
    pub(super) fn required_list<'t>(&mut self, fields: &Fields<'t>, key: &'static str) -> &'t [Node] {
        if !fields.map.iter().any(|(known, _)| known == key) {
            self.report("scs-0003-keys", fields.line, format!("the key `{key}` is missing"), None);
        }
        self.list(fields, key)
    }

    /// A mapping from names to strings.
    pub(super) fn texts(&mut self, fields: &Fields<'_>, key: &'static str) -> Vec<(String, String)> {
        let Some(node) = fields.get(key) else { return Vec::new() };
        let Some(map) = node.map() else {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "a mapping");
            return Vec::new();
        };
        map.iter().filter_map(|(name, value)| Some((name.clone(), self.text_from(value, name)?))).collect()
    }

    pub(super) fn date(&mut self, node: &Node, key: &str) -> Option<Date> {
        // Otherwise a time would be read as its date.
        let text = node.text().filter(|text| text.len() == "2026-11-30".len());
        let date = text.and_then(|text| text.parse().ok());
        if date.is_none() {
            self.unusable("scs-0003-keys", node, &format!("`{key}`"), "a date such as 2026-11-30");
        }
        date
    }
}
