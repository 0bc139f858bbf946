//! The modules and the timelines of the official scopes.

use std::fmt::Display;

use jiff::civil::Date;
use scs_certificates::{Scope, ScopeVersion};

use super::DocsStyle;
use super::page::{Page, code};

/// The modules of each version.
pub(super) fn modules(day: Date, style: &DocsStyle) -> String {
    let mut page = Page::new(style);
    for scope in Scope::embedded() {
        page.heading(0, scope.name());
        let names: Vec<String> = scope
            .versions()
            .iter()
            .map(|version| {
                let validity = scope.timeline().validity(version.name(), day);
                format!("{} ({})", version.name(), validity.map_or("deprecated", |it| it.name()))
            })
            .collect();
        let columns: Vec<&str> = std::iter::once("Module").chain(names.iter().map(String::as_str)).collect();
        page.head(&columns);
        for module in scope.modules() {
            let cells = scope.versions().iter().map(|version| {
                let included = version.includes().iter().any(|include| include.module == module.id);
                if included { "x" } else { "" }.to_owned()
            });
            row(&mut page, std::iter::once(code(&module.id)).chain(cells));
        }
    }
    page.finish()
}

/// The validity of each version over time.
pub(super) fn timeline(style: &DocsStyle) -> String {
    let mut page = Page::new(style);
    for scope in Scope::embedded() {
        page.heading(0, scope.name());
        let names = scope.versions().iter().map(ScopeVersion::name);
        let columns: Vec<&str> = ["From", "Until"].into_iter().chain(names).collect();
        page.head(&columns);
        let mut days: Vec<Date> = scope.timeline().entries().iter().map(|entry| entry.date).collect();
        days.sort();
        days.dedup();
        for (index, day) in days.iter().enumerate() {
            let until = days.get(index + 1).map_or_else(|| "-".to_owned(), ToString::to_string);
            let cells = scope.versions().iter().map(|version| {
                scope.timeline().validity(version.name(), *day).map_or("-", |it| it.name()).to_owned()
            });
            row(&mut page, [day.to_string(), until].into_iter().chain(cells));
        }
    }
    page.finish()
}

fn row(page: &mut Page<'_>, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    let cells: Vec<&dyn Display> = cells.iter().map(|cell| cell as &dyn Display).collect();
    page.row(&cells);
}
