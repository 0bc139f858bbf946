//! Changes of a text file as a unified diff.

use std::time::Duration;

use similar::TextDiff;

/// After this time the difference need not be the smallest one.
const PATIENCE: Duration = Duration::from_secs(2);

/// The changes of a file from one text to another, with three lines of context; empty where they are equal.
pub(crate) fn difference(name: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    // Line endings that change are not seen otherwise.
    let crlf = |text: &str| text.contains("\r\n");
    let note = if crlf(old) == crlf(new) { "" } else { " (other line endings)" };
    let (old, new) = (old.replace("\r\n", "\n"), new.replace("\r\n", "\n"));
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(&old, &new);
    let header = (format!("{name}{note}"), format!("{name} (generated)"));
    diff.unified_diff().context_radius(3).header(&header.0, &header.1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_shown_with_their_surroundings() {
        assert_eq!(difference("f", "a\n", "a\n"), "");
        assert_eq!(
            difference("f", "1\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive\n"),
            "--- f\n+++ f (generated)\n@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-5\n+five\n"
        );
    }
}
