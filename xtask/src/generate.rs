//! Files generated from tables in the code. They are checked in, so that readers need no build, and CI compares them with the tables.

use std::path::Path;

use jiff::civil::{Date, date};
use scs_flavor_naming::{Syntax, pattern, pattern_any, pattern_any_ere};
use scs_registry::docs::{DocsStyle, DocsTable};

use crate::{data, examples};

/// The first line of every generated page.
const GENERATED: &str = "<!-- Generated from the code by `cargo xtask generate`. Change the table in the code, not this page. -->";

fn page(title: &str, table: DocsTable) -> String {
    format!("{GENERATED}\n\n# {title}\n\n{}", table.markdown(AS_OF))
}

/// A file and its expected content.
type Generated = (&'static str, fn() -> String);

const FILES: &[Generated] = &[
    ("scs-flavor-naming/patterns/v1.regex", || line(&pattern(Syntax::V1))),
    ("scs-flavor-naming/patterns/v2.regex", || line(&pattern(Syntax::V2))),
    ("scs-flavor-naming/patterns/v3.regex", || line(&pattern(Syntax::V3))),
    ("scs-flavor-naming/patterns/any.regex", || line(&pattern_any())),
    ("scs-flavor-naming/patterns/any.ere", || line(&pattern_any_ere())),
    ("docs/rules.md", || page("Rules", DocsTable::AllRules)),
    ("docs/standard-flavors.md", || page("Standard flavors", DocsTable::StandardFlavors)),
    ("docs/naming-tables.md", || page("Naming tables", DocsTable::Naming)),
    ("docs/gpu-cards.md", || page("GPU cards", DocsTable::GpuCards)),
];

/// The date of the states on the pages. It is fixed, so that pages do not change by themselves.
const AS_OF: Date = date(2026, 11, 24);

/// Hand-written pages with tables between markers.
const PAGES: &[&str] = &["docs/standards.md"];

/// A page with updated tables.
fn renewed(root: &Path, name: &str) -> Result<String, String> {
    let page = std::fs::read_to_string(root.join(name)).map_err(|error| format!("{name}: {error}"))?;
    scs_registry::docs::inject(&page, AS_OF, &DocsStyle::default())
        .map_err(|error| format!("{name}: {error}"))
}

/// Data of `scs-registry` from files elsewhere in the workspace.
type FromFiles = (&'static str, fn(&Path) -> Result<String, String>);

const DATA: [FromFiles; 3] = [
    ("scs-registry/data/examples.json", examples::examples),
    ("scs-registry/data/differences.json", data::differences),
    ("scs-registry/data/facts.json", data::facts),
];

/// All files with their expected content. Data come first, because pages are built from them.
fn wanted(root: &Path) -> Result<Vec<(String, String)>, String> {
    let data = DATA.iter().map(|(name, content)| Ok(((*name).to_owned(), content(root)?)));
    let files = FILES.iter().map(|(name, content)| Ok(((*name).to_owned(), content())));
    let pages = PAGES.iter().map(|name| Ok(((*name).to_owned(), renewed(root, name)?)));
    let explained = scs_registry::explain::pages(AS_OF).into_iter();
    let explained = explained
        .map(|page| Ok((format!("docs/explain/{}", page.name), format!("{GENERATED}\n\n{}", page.content))));
    data.chain(files).chain(pages).chain(explained).collect()
}

fn line(text: &str) -> String {
    format!("{text}\n")
}

/// Updates stale files and prints their names. Pages are built from the data of `scs-registry`, so after a change of the data,
/// this program is built and run once more.
pub(crate) fn write(root: &Path) -> Result<(), String> {
    let mut has_new_data = false;
    for (name, content) in wanted(root)? {
        let path = root.join(&name);
        if std::fs::read_to_string(&path).is_ok_and(|current| current == content) {
            continue;
        }
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory)
                .map_err(|error| format!("{}: {error}", directory.display()))?;
        }
        std::fs::write(&path, content).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("wrote {name}");
        has_new_data |= DATA.iter().any(|(data, _)| *data == name);
    }
    if has_new_data { rerun(root) } else { Ok(()) }
}

/// Builds this program with the new data and runs it again.
fn rerun(root: &Path) -> Result<(), String> {
    const RERUN: &str = "SCS_GENERATE_RERUN";
    if std::env::var_os(RERUN).is_some() {
        return Err("the data of scs-registry changed twice in a row".to_owned());
    }
    println!("the data of scs-registry changed: building again");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::process::Command::new(cargo)
        .args(["run", "--quiet", "--package", "xtask", "--", "generate"])
        .env(RERUN, "1")
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("`cargo xtask generate` failed with the new data".to_owned()) }
}

/// Compares, and fails with the first line that differs in each stale file.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    let wanted = wanted(root)?;
    let stale: Vec<String> = wanted
        .iter()
        .filter_map(|(name, content)| {
            let current = std::fs::read_to_string(root.join(name)).unwrap_or_default();
            difference(name, &current, content)
        })
        .collect();
    if stale.is_empty() {
        println!("{} generated files are up to date", wanted.len());
        return Ok(());
    }
    Err(format!(
        "{}\nThese files are stale; run `cargo xtask generate` and commit the result.",
        stale.join("\n")
    ))
}

fn difference(name: &str, current: &str, wanted: &str) -> Option<String> {
    if current == wanted {
        return None;
    }
    let (mut old, mut new) = (current.lines(), wanted.lines());
    let mut number = 0;
    let (was, is) = loop {
        number += 1;
        match (old.next(), new.next()) {
            (None, None) => break (None, None),
            (was, is) if was != is => break (was, is),
            _ => {}
        }
    };
    let (was, is) = (was.map(str::to_owned), is.map(str::to_owned));
    let same = was.iter().flat_map(|was| was.chars()).zip(is.iter().flat_map(|is| is.chars()));
    let same = same.take_while(|(one, other)| one == other).count();
    let shown = |sign: char, line: Option<String>| {
        line.map_or(String::new(), |line| format!("\n{sign}{}", around(&line, same)))
    };
    Some(format!("--- {name}, line {number}{}{}", shown('-', was), shown('+', is)))
}

/// The number of characters shown around the first difference in a line.
const SHOWN: usize = 60;

/// A long line, such as a pattern, around a letter.
fn around(line: &str, letter: usize) -> String {
    let length = line.chars().count();
    if length <= 3 * SHOWN {
        return line.to_owned();
    }
    let start = letter.saturating_sub(SHOWN);
    let middle: String = line.chars().skip(start).take(2 * SHOWN).collect();
    let before = if start > 0 { "…" } else { "" };
    let after = if start + 2 * SHOWN < length { "…" } else { "" };
    format!("{before}{middle}{after}")
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_difference_shows_the_first_line() {
        assert_eq!(difference("f", "a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("f", "a\nb\n", "a\nc\n").as_deref(), Some("--- f, line 2\n-b\n+c"));
        assert_eq!(difference("f", "", "a\n").as_deref(), Some("--- f, line 1\n+a"));
    }
    #[test]
    fn a_long_line_is_shown_around_the_difference() {
        let (old, new) = ("a".repeat(500) + "b\n", "a".repeat(500) + "c\n");
        let (before, sixty) = ("--- f, line 1", "a".repeat(60));
        assert_eq!(difference("f", &old, &new), Some(format!("{before}\n-…{sixty}b\n+…{sixty}c")));
    }
}
