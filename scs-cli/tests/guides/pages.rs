//! Code blocks and inline code of the pages.

use std::fs;
use std::path::PathBuf;

/// The pages, below the root of the repository.
pub(crate) const PAGES: [&str; 7] = [
    "README.md",
    "docs/operators.md",
    "docs/flavors.md",
    "docs/ci.md",
    "docs/editors.md",
    "docs/tool-authors.md",
    "scs-cli/README.md",
];

/// Further pages whose shell blocks only have to be valid: they build and test this repository.
pub(crate) const SYNTAX_ONLY: [&str; 2] = ["CONTRIBUTING.md", "benches/README.md"];

/// A code block.
#[derive(Debug)]
pub(crate) struct Block {
    /// The page and line, for messages.
    pub place: String,
    /// The code.
    pub code: String,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The text of a page.
pub(crate) fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The code blocks of a page in a language.
pub(crate) fn blocks(name: &str, language: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &str, Vec<&str>)> = None;
    let text = page(name);
    for (index, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((index + 1, language, Vec::new())),
            (Some(_), Some(_)) => {
                if let Some((line, _, lines)) = open.take().filter(|(_, its, _)| *its == language) {
                    found.push(Block { place: format!("{name}:{line}"), code: lines.join("\n") });
                }
            }
            (Some((_, _, lines)), None) => lines.push(line),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{name}: a code block is not closed");
    found
}

/// The inline code of a page.
pub(crate) fn inline_code(name: &str) -> Vec<String> {
    let text = page(name);
    let mut is_code = false;
    let prose = text.lines().filter(|line| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    // Inline code may span lines.
    let prose: Vec<&str> = prose.collect();
    prose
        .join("\n")
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|code| code.replace('\n', " ").replace("\\|", "|"))
        .collect()
}
