//! The image properties of scs-0102.

use scs_standards::DocumentId;
use scs_standards::subject::ImageKey;

use super::DocsStyle;
use super::page::{Page, code};
use crate::domain::RuleInfo;
use crate::registry::Registry;

/// The properties, with their level by version.
pub(super) fn properties(style: &DocsStyle) -> String {
    let registry = Registry::new();
    let mut page = Page::new(style);
    page.head(&["Property", "Level by version 1", "Level by version 2", "Requirement"]);
    for key in ImageKey::ALL {
        let rule_in = |version| {
            let document = DocumentId::version(102, version);
            registry.rules_of(document).find(|rule| rule.id == format!("scs-0102-prop-{key}"))
        };
        let (first, second) = (rule_in(1), rule_in(2));
        let Some(rule) = first.or(second) else { continue };
        let level = |rule: Option<&RuleInfo>| rule.map_or_else(|| "-".to_owned(), |it| it.level.to_string());
        page.row(&[&code(key), &level(first), &level(second), &rule.summary]);
    }
    page.finish()
}
