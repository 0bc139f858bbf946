//! `scs standards docs --site`: the pages of the documentation site, also compared with its own script.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::common::{data, run};

/// A site with the documents of a folder.
fn site_with(documents: &Path) -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(site.path().join("standards/standards")).unwrap();
    for entry in std::fs::read_dir(documents).unwrap().flatten() {
        let name = entry.file_name();
        if entry.path().extension().is_some_and(|extension| extension == "md") {
            std::fs::copy(entry.path(), site.path().join("standards").join(name)).unwrap();
        }
    }
    site
}

fn write(site: &Path, at: &str, more: &[&str]) -> (i32, String, String) {
    let path = site.to_str().unwrap();
    run(&[&["standards", "docs", "--site", path, "--at", at], more].concat())
}

#[test]
fn a_small_site_is_written() {
    let site = site_with(Path::new(&data("site")));
    let (status, out, err) = write(site.path(), "2026-11-24", &[]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.starts_with("8 documents from ") && out.ends_with(", 12 pages written\n"), "{out}");
    let read = |file: &str| std::fs::read_to_string(site.path().join(file)).unwrap();
    insta::assert_snapshot!("site_overview", read("standards/standards/overview.mdx"));
    insta::assert_snapshot!("site_track", read("standards/iaas/index.md"));
    insta::assert_snapshot!("site_standard", read("standards/iaas/scs-0190.md"));
    insta::assert_snapshot!("site_sidebar", read("sidebarsStandardsItems.js"));
    for (page, content) in [
        ("scopes", "# Scopes\n\n## Modules\n\nThe modules of each"),
        ("rules", "# Rules\n\nAll rules"),
        ("test-cases", "# Test cases\n\n## SCS-compatible IaaS\n\n| Test case | Lifetime |"),
    ] {
        assert!(read(&format!("standards/standards/{page}.md")).starts_with(content), "{page}");
    }
}

#[test]
fn check_shows_what_would_change() {
    let site = site_with(Path::new(&data("site")));
    let (status, out, _) = write(site.path(), "2026-11-24", &["--check"]);
    assert!(
        status == 1
            && out.contains("+# scs-0190: Boxes and Lids\n")
            && out.ends_with("12 pages out of date\n")
    );
    assert!(!site.path().join("standards/iaas").exists(), "nothing is written");
    assert_eq!(write(site.path(), "2026-11-24", &[]).0, 0);
    let (status, out, _) = write(site.path(), "2026-11-24", &["--check"]);
    assert!(status == 0 && out.ends_with(", 0 pages out of date\n"), "{out}");
    // A version becomes stable, and loses its star.
    let (status, out, _) = write(site.path(), "2027-02-01", &["--check"]);
    let removed = "-| [scs-0191](/standards/iaas/scs-0191) | Shelves | - | [v1](/standards/scs-0191-v1-shelves)* | - |\n";
    assert!(status == 1 && out.contains(removed), "{out}");
}

#[test]
fn options_say_where_documents_are_and_where_links_lead() {
    let site = tempfile::tempdir().unwrap();
    let (status, out, _) =
        write(site.path(), "2026-11-24", &["--documents", "embedded", "--base-url", "/docs"]);
    assert!(status == 0 && out.starts_with("102 documents from the embedded catalog, "), "{out}");
    let page = std::fs::read_to_string(site.path().join("standards/kaas/index.md")).unwrap();
    assert!(page.contains("| [scs-0210](/docs/kaas/scs-0210) |"), "{page}");
    let texts = site.path().join("texts.yaml");
    let file = texts.to_str().unwrap();
    std::fs::write(&texts, "overview: |\n  Welcome.\ntracks: {KaaS: Clusters.}\n").unwrap();
    let more = ["--documents", "embedded", "--texts", file];
    assert_eq!(write(site.path(), "2026-11-24", &more).0, 0);
    let read = |page: &str| std::fs::read_to_string(site.path().join("standards").join(page)).unwrap();
    assert!(read("standards/overview.mdx").starts_with("# Overview\n\nWelcome.\n\n"));
    assert!(read("kaas/index.md").starts_with("# KaaS Standards\n\nClusters.\n\n"));
    std::fs::write(&texts, "tracks: {Kaas: Clusters.}\n").unwrap();
    let (status, _, err) = write(site.path(), "2026-11-24", &more);
    assert!(status == 2 && err.contains("texts.yaml: no track `Kaas`"), "{err}");
    let (status, out, _) = write(site.path(), "2026-11-24", &["--documents", &data("site")]);
    assert!(status == 0 && out.starts_with("8 documents from "), "{out}");
}

#[test]
fn documents_that_cannot_be_shown_are_named() {
    let site = tempfile::tempdir().unwrap();
    let folder = site.path().join("standards");
    let (status, _, err) = write(&folder, "2026-11-24", &[]);
    assert!(status == 2 && err.contains("is not a folder"), "{err}");
    std::fs::create_dir(&folder).unwrap();
    let (status, _, err) = write(site.path(), "2026-11-24", &[]);
    assert!(status == 2 && err.contains("no standard documents in "), "{err}");
    for (name, text, message) in [
        ("scs-0100-v1-a.md", "no front matter", "scs-0100-v1-a.md: the front matter is missing"),
        ("scs-0100-v1-a.md", "---\ntrack: IaaS\n---\n", "scs-0100-v1-a.md: `title` is missing"),
        ("scs-0100-v1-a.md", "---\ntrack: IaS\n---\n", "`track` is `IaS`; it must be one of Global, IaaS,"),
        ("scs-0100-v1-a.md", "---\ntrack: IaaS\ntitle: [a]\n---\n", "`title` is not text"),
        (
            "scs-0100-v1-a.md",
            "---\ntrack: IaaS\ntitle: a\ntype: Standard\nstabilized_at: soon\n---\n",
            "`stabilized_at` is `soon`; it must be a date",
        ),
        ("scs-100-v1-a.md", "---\ntrack: IaaS\n---\n", "the name is not of the form scs-XXXX-vN-slug.md"),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        let (status, out, err) = write(site.path(), "2026-11-24", &[]);
        assert!(status == 2 && out.is_empty() && err.contains(message), "{err}");
        std::fs::remove_file(&path).unwrap();
    }
}

/// The table cells of a page, with headings as rows of one cell. Superficial differences are removed: spaces, entities, escapes, upper
/// case in table heads, and `undefined`, which the script prints for a supplement without a status.
fn cells(page: &str) -> Vec<Vec<String>> {
    let plain = |cell: &str| {
        let cell = cell.replace("&#8224;", "†").replace('\u{0}', "|").replace('\\', "");
        let cell = if cell.trim() == "undefined" { "-".to_owned() } else { cell };
        cell.trim().to_owned()
    };
    let mut rows = Vec::new();
    for line in page.lines() {
        if line.starts_with("# ") || line.starts_with("## ") {
            rows.push(vec![plain(line)]);
        } else if line.starts_with('|') && !line.starts_with("| -") {
            let line = line.replace("\\|", "\u{0}");
            rows.push(line.trim().trim_matches('|').split('|').map(plain).collect());
        }
    }
    rows.into_iter()
        .map(|row| {
            let is_head = row.iter().any(|cell| cell == "Draft" || cell.eq_ignore_ascii_case("Stabilized"));
            if is_head { row.iter().map(|cell| cell.to_lowercase()).collect() } else { row }
        })
        .collect()
}

/// Runs the script in a folder on a day, and returns its files.
fn by_script(script: &Path, site: &Path, day: &str) -> BTreeMap<PathBuf, String> {
    let clock = site.join("clock.js");
    std::fs::write(
        &clock,
        "const Real = Date; globalThis.Date = class extends Real { constructor(...a) { a.length ? super(...a) : super(process.env.DAY) } };",
    )
    .unwrap();
    let ran =
        Command::new("node").arg("-r").arg(&clock).arg(script).current_dir(site).env("DAY", day).status();
    assert!(ran.expect("node").success());
    let mut files = BTreeMap::new();
    let mut folders = vec![site.join("standards")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(site).unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.components().count() > 2 {
                files.insert(name, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let sidebar = PathBuf::from("sidebarsStandardsItems.js");
    files.insert(sidebar.clone(), std::fs::read_to_string(site.join(sidebar)).unwrap());
    files
}

fn sidebar(text: &str) -> Vec<Value> {
    serde_json::from_str(text.strip_prefix("module.exports = ").unwrap()).unwrap()
}

/// Needs node, and `SCS_SITE_SCRIPT`: the path of `populateStds.js` of SovereignCloudStack/docs, with the package `yaml` where node
/// finds it. `SCS_STANDARDS_DIR` adds the official documents.
#[test]
fn the_pages_are_those_of_the_script_cell_by_cell() {
    let Some(script) = std::env::var_os("SCS_SITE_SCRIPT").map(PathBuf::from) else {
        println!("skipped: SCS_SITE_SCRIPT does not name populateStds.js of SovereignCloudStack/docs");
        return;
    };
    let official = std::env::var_os("SCS_STANDARDS_DIR").map(|path| PathBuf::from(path).join("Standards"));
    if official.is_none() {
        println!("without the official documents: SCS_STANDARDS_DIR does not name them");
    }
    let (mut count, mut pages) = (0, 0);
    for documents in [PathBuf::from(data("site"))].into_iter().chain(official) {
        for day in ["2022-12-01", "2023-06-15", "2024-12-19", "2025-04-01", "2026-11-30", "2027-06-01"] {
            let (theirs, ours) = (site_with(&documents), site_with(&documents));
            for site in [&theirs, &ours] {
                // The script shows proposals in lower case, and does not escape bars in titles.
                let _ = std::fs::remove_file(site.path().join("standards/scs-xxxx-v1-proposed.md"));
                let notes = site.path().join("standards/scs-0190-w1-boxes-notes.md");
                if let Ok(text) = std::fs::read_to_string(&notes) {
                    std::fs::write(notes, text.replace('|', "and")).unwrap();
                }
            }
            let theirs = by_script(&script, theirs.path(), day);
            assert_eq!(write(ours.path(), day, &[]).0, 0);
            for (name, expected) in &theirs {
                let written = std::fs::read_to_string(ours.path().join(name)).unwrap();
                pages += 1;
                if name.extension().is_some_and(|extension| extension == "js") {
                    let (expected, written) = (sidebar(expected), sidebar(&written));
                    assert_eq!(written[..expected.len()], expected, "{day}");
                    continue;
                }
                let (expected, written) = (cells(expected), cells(&written));
                for (expected, written) in expected.iter().zip(&written) {
                    assert_eq!(written, expected, "{day}, {}", name.display());
                }
                assert_eq!(written.len(), expected.len(), "{day}, {}", name.display());
                count += expected.iter().map(Vec::len).sum::<usize>();
            }
        }
    }
    // By scs-0001, a version is still effective on the day of `deprecated_at`; for the script, it is not.
    let (theirs, ours) = (site_with(Path::new(&data("site"))), site_with(Path::new(&data("site"))));
    assert_eq!(write(ours.path(), "2025-03-31", &[]).0, 0);
    let overview = Path::new("standards/standards/overview.mdx");
    let written = std::fs::read_to_string(ours.path().join(overview)).unwrap();
    let link = "[v1](/standards/scs-0190-v1-boxes)";
    assert!(written.contains(&format!("{link}†, [v2]")), "{written}");
    assert!(by_script(&script, theirs.path(), "2025-03-31")[overview].contains(&format!("| {link}  |")));
    println!("{count} cells on {pages} pages are equal");
    assert!(count > 500);
}
