//! The list of standards.

use std::sync::Arc;

use scs_registry::explain::{Explanation, StandardTopic, Topic};
use scs_standards::State;

use super::Links;

/// All standards.
#[derive(Clone, Debug)]
pub(crate) struct StandardsPage {
    pub(crate) rows: Vec<StandardRow>,
}

/// A standard.
#[derive(Clone, Debug)]
pub(crate) struct StandardRow {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) title: String,
    /// The version in force, or the newest one.
    pub(crate) version: String,
    /// The state of that version.
    pub(crate) state: Option<State>,
    /// The number of its rules.
    pub(crate) rules: usize,
}

impl StandardsPage {
    /// The list by the explanations of standards.
    pub(crate) fn new(standards: &[Arc<Explanation>], links: &Links) -> Self {
        let topics = standards.iter().flat_map(|standard| &standard.topics);
        let rows = topics.filter_map(|topic| match topic {
            Topic::Standard(standard) => Some(row(standard, links)),
            _ => None,
        });
        Self { rows: rows.collect() }
    }
}

fn row(standard: &StandardTopic, links: &Links) -> StandardRow {
    let document = standard.current();
    let id = standard.id.to_string();
    StandardRow {
        url: links.explanation(&id),
        id,
        title: standard.title.clone(),
        version: document.map(|document| document.id.to_string()).unwrap_or_default(),
        state: document.map(|document| document.state),
        rules: document.map_or(0, |document| document.rules.len()),
    }
}
