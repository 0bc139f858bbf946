//! The members of the workspace, from their manifests. The manifests are parsed line by line: the few required lines have a
//! fixed form, which CI checks.

use std::path::Path;

/// A member of the workspace.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) directory: String,
    pub(crate) package: String,
    pub(crate) inherits_lints: bool,
    pub(crate) is_library: bool,
    pub(crate) is_published: bool,
    pub(crate) features: Vec<String>,
}

pub(crate) fn all(root: &Path) -> Result<Vec<Member>, String> {
    let workspace = read(&root.join("Cargo.toml"))?;
    let (_, list) = workspace.split_once("\nmembers = [").ok_or("no list of members in Cargo.toml")?;
    let (list, _) = list.split_once(']').ok_or("the list of members does not end")?;
    let directories =
        list.split(',').map(|entry| entry.trim().trim_matches('"')).filter(|entry| !entry.is_empty());
    directories.map(|directory| member(root, directory)).collect()
}

fn member(root: &Path, directory: &str) -> Result<Member, String> {
    let manifest = read(&root.join(directory).join("Cargo.toml"))?;
    let package = section(&manifest, "[package]")
        .find_map(|line| line.strip_prefix("name = "))
        .ok_or_else(|| format!("{directory}/Cargo.toml has no name"))?;
    Ok(Member {
        directory: directory.to_owned(),
        package: package.trim_matches('"').to_owned(),
        inherits_lints: section(&manifest, "[lints]").any(|line| line == "workspace = true"),
        is_library: root.join(directory).join("src/lib.rs").is_file(),
        is_published: !section(&manifest, "[package]").any(|line| line == "publish = false"),
        features: section(&manifest, "[features]")
            .filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()))
            .filter(|feature| feature != "default")
            .collect(),
    })
}

/// The lines of a table.
fn section<'a>(manifest: &'a str, header: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = manifest.lines().map(str::trim).skip_while(move |line| *line != header).skip(1);
    lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
