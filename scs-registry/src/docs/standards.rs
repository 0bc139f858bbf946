//! All standards with the state of each version, a table for each track.

use jiff::civil::Date;
use scs_standards::catalog::{Catalog, Document};
use scs_standards::{State, Track};

use super::DocsStyle;
use super::page::Page;

/// All standards on a day.
pub(super) fn standards(day: Date, style: &DocsStyle) -> String {
    let catalog = Catalog::embedded();
    let mut page = Page::new(style);
    for track in Track::ALL {
        let mut known: Vec<_> = Vec::new();
        for document in catalog.iter().filter(|document| document.track() == track) {
            if !known.contains(&document.id().standard()) {
                known.push(document.id().standard());
            }
        }
        page.heading(0, track.name());
        page.head(&["Standard", "Title", "Draft", "Effective", "Deprecated", "Supplements"]);
        for standard in known {
            let (supplements, versions): (Vec<&Document>, Vec<&Document>) =
                catalog.of(standard).partition(|document| !document.supplements().is_empty());
            let title = versions.last().or(supplements.last()).map_or("", |document| document.title());
            let in_state = |state: State| -> String {
                let of_state = versions.iter().filter(|document| document.state_on(day) == state);
                links(of_state.map(|document| link(document, style) + marker(document, day)))
            };
            page.row(&[
                &standard,
                &title,
                &in_state(State::Draft),
                &in_state(State::Effective),
                &in_state(State::Deprecated),
                &links(supplements.iter().map(|document| link(document, style))),
            ]);
        }
    }
    page.finish()
}

fn links(links: impl Iterator<Item = String>) -> String {
    let links: Vec<String> = links.collect();
    if links.is_empty() { "-".to_owned() } else { links.join(", ") }
}

/// A version, linked.
fn link(document: &Document, style: &DocsStyle) -> String {
    let id = document.id().to_string();
    format!("[{}]({})", id.rsplit('-').next().unwrap_or_default(), style.url(document))
}

/// `*` where a version becomes stable later, `†` where it is deprecated later.
fn marker(document: &Document, day: Date) -> &'static str {
    let lifecycle = document.lifecycle();
    match (lifecycle.takes_effect_after(day), lifecycle.ends_after(day)) {
        (Some(_), None) => "*",
        (None, Some(_)) => "†",
        (Some(_), Some(_)) => "*†",
        (None, None) => "",
    }
}
