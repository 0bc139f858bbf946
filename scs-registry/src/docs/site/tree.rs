//! The documents by track, standard and supplement.

use jiff::civil::Date;
use scs_standards::{State, Track};

use super::document::{SiteDocument, SiteDocuments};

/// All documents in the structure of the pages.
pub(super) struct Tree<'d> {
    pub(super) tracks: Vec<TrackOf<'d>>,
}

/// A track with its standards, in the order of their numbers.
pub(super) struct TrackOf<'d> {
    pub(super) track: Track,
    pub(super) standards: Vec<StandardOf<'d>>,
}

/// A standard with its versions and supplements.
pub(super) struct StandardOf<'d> {
    /// The four digits.
    pub(super) number: &'d str,
    pub(super) versions: Vec<&'d SiteDocument>,
    pub(super) supplements: Vec<SupplementOf<'d>>,
}

/// A supplement with its versions, which share a slug.
pub(super) struct SupplementOf<'d> {
    slug: &'d str,
    title: &'d str,
    pub(super) versions: Vec<&'d SiteDocument>,
}

impl<'d> Tree<'d> {
    pub(super) fn new(documents: &'d SiteDocuments) -> Self {
        let mut tracks: Vec<TrackOf<'d>> = Vec::new();
        for document in &documents.documents {
            let standards = &mut entry(
                &mut tracks,
                |known| known.track == document.track,
                || TrackOf { track: document.track, standards: Vec::new() },
            )
            .standards;
            let standard = entry(
                standards,
                |known| known.number == document.number,
                || StandardOf { number: &document.number, versions: Vec::new(), supplements: Vec::new() },
            );
            if document.is_supplement() {
                let supplement = entry(
                    &mut standard.supplements,
                    |known| known.slug == document.slug,
                    || SupplementOf { slug: &document.slug, title: &document.title, versions: Vec::new() },
                );
                supplement.versions.push(document);
            } else {
                standard.versions.push(document);
            }
        }
        Self { tracks }
    }
}

/// The matching entry of a list, or a new one at its end.
fn entry<T>(list: &mut Vec<T>, fits: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let place = list.iter().position(fits).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    });
    &mut list[place]
}

impl StandardOf<'_> {
    /// `scs-0100`.
    pub(super) fn id(&self) -> String {
        format!("scs-{}", self.number)
    }

    /// The representative version of the standard: the newest effective one, otherwise the newest one.
    pub(super) fn reference(&self, day: Date) -> Option<&SiteDocument> {
        let is_effective = |document: &&&SiteDocument| document.lifecycle.state_on(day) == State::Effective;
        let effective = self.versions.iter().rev().find(is_effective);
        effective.or(self.versions.last()).copied()
    }

    /// Its title.
    pub(super) fn title(&self, day: Date) -> &str {
        let only_supplement = self.supplements.first().map(|supplement| supplement.title);
        self.reference(day).map(|document| document.title.as_str()).or(only_supplement).unwrap_or_default()
    }
}

impl SupplementOf<'_> {
    /// Its title without that of its standard.
    pub(super) fn title(&self, standard: &str) -> &str {
        let Some(rest) = self.title.strip_prefix(standard) else { return self.title };
        rest.strip_prefix(':').unwrap_or(rest).trim_start()
    }
}
