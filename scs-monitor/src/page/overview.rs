//! The table of compatible clouds.

use scs_certificates::{Evaluation, Scope};

use super::Links;
use crate::bootstrap::{Entry, Link, Section, Subjects};
use crate::official::summary;
use crate::service::View;

/// The table.
#[derive(Clone, Debug)]
pub(crate) struct OverviewPage {
    pub(crate) sections: Vec<OverviewSection>,
}

/// A section with its environments.
#[derive(Clone, Debug)]
pub(crate) struct OverviewSection {
    pub(crate) title: Option<String>,
    pub(crate) text: Option<String>,
    /// The name of the scope, which is the heading of its column.
    pub(crate) scope: String,
    /// The heading of the column of links.
    pub(crate) links: Option<String>,
    pub(crate) rows: Vec<OverviewRow>,
}

/// An environment.
#[derive(Clone, Debug)]
pub(crate) struct OverviewRow {
    pub(crate) name: String,
    pub(crate) url: Option<String>,
    pub(crate) description: String,
    pub(crate) operator: String,
    /// The passed versions with a symbol.
    pub(crate) summary: String,
    /// The page with the details.
    pub(crate) detail: String,
    pub(crate) links: Vec<Link>,
}

impl OverviewPage {
    /// The table at the time of a view.
    pub(crate) fn new(view: &View, links: &Links, with_drafts: bool) -> Self {
        let sections = view.config.bootstrap.table.sections.iter();
        Self { sections: sections.map(|section| of_section(view, section, links, with_drafts)).collect() }
    }
}

fn of_section(view: &View, section: &Section, links: &Links, with_drafts: bool) -> OverviewSection {
    let scope = view.config.scopes.find(&section.scope);
    OverviewSection {
        title: section.title.clone(),
        text: section.text.clone(),
        scope: scope.map_or_else(|| section.scope.clone(), |scope| scope.name().to_owned()),
        links: section.links.clone(),
        rows: section
            .entries
            .iter()
            .map(|entry| of_entry(view, section, scope, entry, links, with_drafts))
            .collect(),
    }
}

fn of_entry(
    view: &View,
    section: &Section,
    scope: Option<&Scope>,
    entry: &Entry,
    links: &Links,
    with_drafts: bool,
) -> OverviewRow {
    let evaluation = |subject: &str| -> Option<&Evaluation> {
        let standing = view.snapshot.standing(subject, scope?)?;
        (!standing.results.is_empty()).then(|| standing.official(with_drafts))
    };
    let (summary, name) = match &entry.subjects {
        Subjects::Subject(subject) => (summary([evaluation(subject)]), subject.clone()),
        Subjects::Group(group) => {
            (summary(view.config.bootstrap.members(group).map(evaluation)), format!("{GROUP}{group}"))
        }
    };
    OverviewRow {
        name: entry.name.clone(),
        url: entry.url.clone(),
        description: entry.description.clone(),
        operator: entry.operator.clone(),
        summary,
        detail: links.detail(&name, &section.scope),
        links: entry.links.clone(),
    }
}

/// The beginning of the name of a group where a subject is expected.
pub(super) const GROUP: &str = "group-";
