//! The table of compatible clouds.

use std::collections::BTreeMap;

use scs_certificates::{Evaluation, Scope};
use scs_standards::Verdict;

use super::Links;
use super::filter::{Filter, Listing, Sort, State};
use super::texts::{Texts, fill};
use crate::bootstrap::{Entry, Link, Section, Subjects};
use crate::official::{Light, NONE, Summary, summary};
use crate::selection::GROUP;
use crate::service::View;
use crate::standing::Standing;

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
    /// The name of the scope in addresses.
    pub(crate) slug: String,
    pub(crate) listing: Listing,
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
    pub(crate) summary: Summary,
    /// The page with the details.
    pub(crate) detail: String,
    pub(crate) links: Vec<Link>,
    /// The number of subjects of a group.
    pub(crate) group: Option<usize>,
    /// How the verdict by the text of the standards differs.
    pub(crate) difference: Option<Difference>,
    /// Whether a whole page shows it.
    pub(crate) is_shown: bool,
}

/// How the verdict by the text of the standards differs from that of the official monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The official monitor shows a version as passed that has not passed.
    NotByText,
    /// The official monitor shows none, although one has passed.
    OnlyByText,
}

impl Difference {
    pub(crate) const ALL: [Self; 2] = [Self::NotByText, Self::OnlyByText];

    pub(crate) fn is_in(self, section: &OverviewSection) -> bool {
        section.rows.iter().any(|row| row.difference == Some(self))
    }

    /// The difference of one or several subjects, of which all must pass.
    pub(crate) fn new<'s>(
        summary: &Summary,
        standings: impl IntoIterator<Item = Option<&'s Standing>>,
    ) -> Option<Self> {
        let mut standings = standings.into_iter().peekable();
        let is_any = standings.peek().is_some();
        let by_text = standings.all(|it| it.is_some_and(|it| it.text.verdict == Verdict::Pass)) && is_any;
        match (summary.versions != NONE, by_text) {
            (true, false) => Some(Self::NotByText),
            (false, true) => Some(Self::OnlyByText),
            _ => None,
        }
    }
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
        slug: scope.map_or_else(|| section.scope.clone(), Scope::slug),
        listing: if section.certified { Listing::Certified } else { Listing::InTest },
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
    let standing = |subject: &str| -> Option<&Standing> {
        view.snapshot.standing(subject, scope?).filter(|standing| !standing.results.is_empty())
    };
    let evaluation = |subject: &str| -> Option<&Evaluation> {
        standing(subject).map(|standing| standing.official(with_drafts))
    };
    let (subjects, name, group) = match &entry.subjects {
        Subjects::Subject(subject) => (vec![subject.as_str()], subject.clone(), None),
        Subjects::Group(group) => {
            let members: Vec<&str> = view.config.bootstrap.members(group).collect();
            let count = members.len();
            (members, format!("{GROUP}{group}"), Some(count))
        }
    };
    let summary = summary(subjects.iter().map(|subject| evaluation(subject)));
    OverviewRow {
        name: entry.name.clone(),
        url: entry.url.clone(),
        description: entry.description.clone(),
        operator: entry.operator.clone(),
        detail: links.detail(&name, &section.scope),
        links: entry.links.clone(),
        difference: Difference::new(&summary, subjects.iter().map(|subject| standing(subject))),
        summary,
        group,
        is_shown: true,
    }
}

impl OverviewPage {
    /// Sorts the rows of each section, and hides those that a filter leaves out.
    pub(crate) fn apply(&mut self, filter: &Filter) {
        let words: Vec<String> = filter.text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        for section in &mut self.sections {
            let is_section = filter.listing.is_none_or(|listing| listing == section.listing)
                && filter.scope.as_ref().is_none_or(|scope| *scope == section.slug);
            for row in &mut section.rows {
                let text = format!("{} {} {}", row.name, row.description, row.operator).to_lowercase();
                row.is_shown = is_section
                    && filter.state.is_none_or(|state| state == State::from(row.summary.light))
                    && words.iter().all(|word| text.contains(word));
            }
            match filter.sort {
                Some(Sort::Name) => section.rows.sort_by_cached_key(|row| row.name.to_lowercase()),
                Some(Sort::Operator) => section.rows.sort_by_cached_key(|row| row.operator.to_lowercase()),
                Some(Sort::State) => section.rows.sort_by_key(OverviewRow::rank),
                None => {}
            }
            if filter.sort.is_some() && filter.is_descending {
                section.rows.reverse();
            }
        }
    }

    /// The number of rows that are shown, and of all.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let rows = || self.sections.iter().flat_map(|section| &section.rows);
        (rows().filter(|row| row.is_shown).count(), rows().count())
    }

    /// The number of shown rows by state.
    pub(crate) fn count(&self, state: State) -> usize {
        let rows = self.sections.iter().flat_map(|section| &section.rows);
        rows.filter(|row| State::from(row.summary.light) == state).count()
    }

    /// The scopes of the sections: their names in addresses with those for people.
    pub(crate) fn scopes(&self) -> BTreeMap<&str, &str> {
        self.sections.iter().map(|section| (section.slug.as_str(), section.scope.as_str())).collect()
    }
}

impl OverviewSection {
    pub(crate) fn is_shown(&self) -> bool {
        self.rows.iter().any(|row| row.is_shown)
    }

    /// The rows whose verdict differs by the text of the standards.
    pub(crate) fn differing(&self) -> Vec<&OverviewRow> {
        self.rows.iter().filter(|row| row.difference.is_some()).collect()
    }
}

impl OverviewRow {
    /// The place in the order of states, best ones first.
    pub(crate) const fn rank(&self) -> u8 {
        match self.summary.light {
            Light::Green => 0,
            Light::GreenWithStar => 1,
            Light::Orange => 2,
            Light::Red => 3,
        }
    }

    pub(crate) fn state(&self) -> State {
        self.summary.light.into()
    }

    /// What a screen reader says for the cell with the state.
    pub(crate) fn label(&self, texts: &Texts) -> String {
        let group = self.group_label(texts).map(|group| format!(" ({group})")).unwrap_or_default();
        format!("{}, {}: {}{group}", self.summary.versions, self.name, self.summary.light.text(texts))
    }

    /// How many environments the row stands for, if it is a group.
    pub(crate) fn group_label(&self, texts: &Texts) -> Option<String> {
        match self.group? {
            1 => Some(texts.group_of_one.to_owned()),
            count => Some(fill(texts.group_of, "count", count)),
        }
    }
}
