//! Tests that compare the pages with the code and with each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// All files below a directory whose names have this ending.
pub(crate) fn files(directory: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            found.extend(files(&path, end));
        } else if name.ends_with(end) {
            found.push(path.clone());
        }
    }
    found
}

/// The keys of differences in a text: `C-` and three digits.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("C-").filter_map(|(start, _)| {
        let key = text.get(start..start + 5)?;
        let inside = text[..start].ends_with(|before: char| before.is_alphanumeric());
        (!inside && key[2..].bytes().all(|byte| byte.is_ascii_digit())).then_some(key)
    })
}

#[test]
fn every_difference_that_the_code_names_is_explained() {
    let root = crate::root();
    let page = fs::read_to_string(root.join("docs/differences.md")).unwrap();
    let explained: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next()).collect();
    for krate in [
        "scs-standards",
        "scs-flavor-naming",
        "scs-image-metadata",
        "scs-entropy",
        "scs-iaas-policy",
        "scs-k8s-policy",
        "scs-certificates",
        "scs-registry",
        "scs-openstack",
        "scs-kubernetes",
        "scs-facts",
        "scs-monitor",
        "scs-cli",
    ] {
        for file in files(&root.join(krate).join("src"), ".rs") {
            let text = fs::read_to_string(&file).unwrap();
            for key in keys(&text) {
                assert!(explained.contains(key), "{}: {key} is not in docs/differences.md", file.display());
            }
        }
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    for page in files(&crate::root(), ".md") {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = page.with_file_name(link.split('#').next().unwrap_or_default());
            assert!(link.contains("://") || target.exists(), "{}: {link}", page.display());
        }
    }
}
