//! The pages: an overview, one for each track and standard, and those for scopes, rules and test cases.

use std::fmt::Display;

use jiff::civil::Date;
use scs_standards::State;
use scs_standards::written::markdown;

use super::document::SiteDocument;
use super::file::SiteFile;
use super::texts::SiteTexts;
use super::tree::{StandardOf, TrackOf, Tree};
use crate::docs::page::{Page, plain};
use crate::docs::{DocsStyle, coverage, rules, scopes};
use crate::registry::Registry;

const LEGEND: &str = "\
Columns and marks:

- A version is *draft*, *effective*, or *deprecated* and no longer effective.
- `*` marks an effective version that becomes stable in the future.
- `†` marks an effective version that will be deprecated.";

/// Colors the cells with states, except empty ones.
const COLORS: &str = "\
import { useEffect } from 'react';

export const StateColors = () => {
  useEffect(() => {
    const colors = { Draft: '#FBFDE2', Effective: '#E2EAFD', Deprecated: '#FDE2E2' };
    document.querySelectorAll('table').forEach((table) => {
      const heads = [...table.querySelectorAll('thead th')].map((head) => head.textContent.replace('*', '').trim());
      table.querySelectorAll('tbody tr').forEach((row) => {
        [...row.cells].forEach((cell, column) => {
          const color = colors[heads[column]];
          if (color && cell.textContent.trim() !== '-') {
            cell.style.backgroundColor = color;
          }
        });
      });
    });
  }, []);
  return null;
};

<StateColors />";

/// Title, name and content of a page outside of the tracks.
type CheckPage = (&'static str, &'static str, fn(Date, &DocsStyle) -> String);

/// The pages outside of the tracks.
pub(super) const CHECK_PAGES: [CheckPage; 3] = [
    ("Scopes", "scopes", |day, style| {
        let deeper = style.deeper();
        let mut page = Page::new(style);
        page.heading(0, "Modules");
        page.text("The modules of each scope version are marked with an x.");
        page.raw(&scopes::modules(day, &deeper));
        page.heading(0, "Timeline");
        page.text("The validity of each version over time; a version without an entry is deprecated.");
        page.raw(&scopes::timeline(&deeper));
        page.finish()
    }),
    ("Rules", "rules", |_, style| {
        let mut page = Page::new(style);
        rules::every_rule(&mut page, &Registry::new());
        page.finish()
    }),
    ("Test cases", "test-cases", |_, style| coverage::test_cases(style)),
];

/// All standards in one table.
pub(super) fn overview(tree: &Tree<'_>, texts: &SiteTexts, day: Date, style: &DocsStyle) -> SiteFile {
    let mut page = Page::new(style);
    page.text("# Overview");
    page.text(texts.overview());
    let [scopes, rules, cases] = CHECK_PAGES.map(|(title, name, _)| {
        format!("[{}]({})", title.to_lowercase(), style.below(&format!("standards/{name}")))
    });
    page.text(&format!("The {scopes}, {rules} and {cases} of the standards have their own pages."));
    page.text(LEGEND);
    page.text(COLORS);
    page.head(&["Standard", "Track", "Description", "Draft", "Effective", "Deprecated*"]);
    for track in &tree.tracks {
        for standard in &track.standards {
            rows(&mut page, track, standard, day, true);
        }
    }
    SiteFile { path: "standards/standards/overview.mdx".to_owned(), content: page.finish() }
}

/// The standards of a track.
pub(super) fn track(track: &TrackOf<'_>, texts: &SiteTexts, day: Date, style: &DocsStyle) -> SiteFile {
    let mut page = Page::new(style);
    page.text(&format!("# {} Standards", track.track));
    page.text(texts.track(track.track));
    page.text(LEGEND);
    page.text(COLORS);
    page.head(&["Standard", "Description", "Draft", "Effective", "Deprecated*"]);
    for standard in &track.standards {
        rows(&mut page, track, standard, day, false);
    }
    SiteFile { path: format!("standards/{}/index.md", folder(track)), content: page.finish() }
}

/// The rows of a standard and its supplements in an overview, with or without the track.
fn rows(page: &mut Page<'_>, track: &TrackOf<'_>, standard: &StandardOf<'_>, day: Date, has_track: bool) {
    let title = standard.title(day);
    let id = standard.id();
    let link = format!("[{id}]({})", page.style.below(&format!("{}/{id}", folder(track))));
    let name = has_track.then_some(track.track.name());
    row(page, &link, name, &markdown::text(title), &standard.versions, day);
    for supplement in &standard.supplements {
        let title = format!("Supplement: {}", markdown::text(supplement.title(title)));
        row(page, "", has_track.then_some(""), &title, &supplement.versions, day);
    }
}

fn row(
    page: &mut Page<'_>,
    link: &str,
    track: Option<&str>,
    title: &str,
    versions: &[&SiteDocument],
    day: Date,
) {
    let states = [State::Draft, State::Effective, State::Deprecated].map(|state| {
        links(versions.iter().filter(|it| it.lifecycle.state_on(day) == state), day, page.style)
    });
    let cells: Vec<&dyn Display> = [&link as &dyn Display]
        .into_iter()
        .chain(track.as_ref().map(|track| track as &dyn Display))
        .chain([&title as &dyn Display])
        .chain(states.iter().map(|cell| cell as &dyn Display))
        .collect();
    page.row(&cells);
}

/// Versions as links, with the markers of the legend.
fn links<'d>(versions: impl Iterator<Item = &'d &'d SiteDocument>, day: Date, style: &DocsStyle) -> String {
    let links: Vec<String> = versions
        .map(|document| {
            let lifecycle = document.lifecycle;
            let mark = match lifecycle.state_on(day) {
                State::Effective if lifecycle.takes_effect_after(day).is_some() => "*",
                State::Effective if lifecycle.ends_after(day).is_some() => "†",
                _ => "",
            };
            format!("[{}]({}){mark}", document.edition, style.below(&document.name))
        })
        .collect();
    if links.is_empty() { "-".to_owned() } else { links.join(", ") }
}

/// A standard with its versions and supplements.
pub(super) fn standard(
    track: &TrackOf<'_>,
    standard: &StandardOf<'_>,
    day: Date,
    style: &DocsStyle,
) -> SiteFile {
    let mut page = Page::new(style);
    let (id, title) = (standard.id(), standard.title(day));
    page.text(&format!("# {id}: {}", plain(&markdown::text(title))));
    if let Some(description) = standard.reference(day).and_then(|document| document.description.as_ref()) {
        page.text(description);
    }
    if !standard.versions.is_empty() {
        page.head(&["Version", "Type", "State", "Stabilized", "Deprecated"]);
    }
    for document in &standard.versions {
        let link = format!("[{id}-{}]({})", document.edition, style.below(&document.name));
        let [status, stabilized, deprecated] = document.dates();
        page.row(&[&link, &markdown::text(&document.kind), &status, &stabilized, &deprecated]);
    }
    for supplement in &standard.supplements {
        let title = plain(&markdown::text(supplement.title(title)));
        page.heading(0, &format!("Supplement: {title}"));
        page.head(&["Version", "State", "Stabilized", "Deprecated"]);
        for document in &supplement.versions {
            let link = format!("[{}]({})", document.edition, style.below(&document.name));
            let [status, stabilized, deprecated] = document.dates();
            page.row(&[&link, &status, &stabilized, &deprecated]);
        }
    }
    SiteFile { path: format!("standards/{}/{id}.md", folder(track)), content: page.finish() }
}

impl SiteDocument {
    /// Status, stabilization date and deprecation date.
    fn dates(&self) -> [String; 3] {
        let text = |date: Option<Date>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        let status = self.status.as_deref().map_or_else(|| "-".to_owned(), markdown::text);
        [status, text(self.lifecycle.stabilized_at), text(self.lifecycle.deprecated_at)]
    }
}

/// The pages for scopes, rules and test cases.
pub(super) fn checks(day: Date, style: &DocsStyle) -> impl Iterator<Item = SiteFile> {
    CHECK_PAGES.into_iter().map(move |(title, name, content)| SiteFile {
        path: format!("standards/standards/{name}.md"),
        content: format!("# {title}\n\n{}", content(day, style)),
    })
}

/// The folder of a track, also in links.
fn folder(track: &TrackOf<'_>) -> String {
    track.track.name().to_ascii_lowercase()
}
