//! Tables in hand-written pages, between two comments of Markdown or MDX.

use jiff::civil::Date;
use scs_standards::markdown::{Line, Lines};
use thiserror::Error;

use super::{DocsStyle, DocsTable, ParseDocsTableError};

/// The comments of Markdown and of MDX.
const COMMENTS: [(&str, &str); 2] = [("<!-- ", " -->"), ("{/* ", " */}")];

/// The error for a page with a wrong marker.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InjectError {
    /// The marker names a table that does not exist.
    #[error("line {line}: {error}")]
    Table {
        /// The line, counted from 1.
        line: usize,
        /// The cause.
        error: ParseDocsTableError,
    },
    /// The end marker of a table is missing.
    #[error(
        "line {line}: the table `{name}` has no end; add `<!-- scs: end -->` after it, in MDX `{{/* scs: end */}}`"
    )]
    NoEnd {
        /// The line, counted from 1.
        line: usize,
        /// The table.
        name: String,
    },
    /// An end marker without a table.
    #[error("line {line}: no table begins before this end marker")]
    NoBegin {
        /// The line, counted from 1.
        line: usize,
    },
    /// A comment that looks like a marker but is not one.
    #[error(
        "line {line}: not a marker; write `<!-- scs: NAME -->` on a line of its own, in MDX `{{/* scs: NAME */}}`"
    )]
    Marker {
        /// The line, counted from 1.
        line: usize,
    },
}

/// The role of a line.
enum Mark<'p> {
    Begin(&'p str),
    End,
    /// A line that looks like a marker.
    Near,
    None,
}

/// The name in a line that is a marker.
fn exact(text: &str) -> Option<&str> {
    let comments = COMMENTS.iter();
    let mut names = comments.filter_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let name = names.next()?.strip_prefix("scs: ")?.trim();
    (!name.contains("--") && !name.contains("*/")).then_some(name)
}

fn mark<'p>(line: &Line<'p>) -> Mark<'p> {
    // An indented line is code, too, or belongs to a list, where a table would end it.
    if line.is_code || line.text.starts_with('\t') || line.text.starts_with("    ") {
        return Mark::None;
    }
    let text = line.text.trim();
    match exact(text).filter(|_| !line.is_comment) {
        Some("end") => return Mark::End,
        Some(name) => return Mark::Begin(name),
        None => {}
    }
    let folded = without_code(text).to_lowercase();
    let begins_one = [("<!", "-"), ("{", "/*")].iter().any(|(open, rest)| {
        let comments = folded.split(open).skip(1).map(str::trim_start);
        comments.filter(|comment| comment.starts_with(rest)).any(looks_like_a_marker)
    });
    // The comment of a marker may span several lines.
    if begins_one || line.is_comment && looks_like_a_marker(&folded) { Mark::Near } else { Mark::None }
}

/// Whether a comment begins like a marker: `scs` with a colon, or with the name of a table after another separator.
fn looks_like_a_marker(comment: &str) -> bool {
    let comment = comment.trim_start_matches(['-', '/', '*', ' ', '\t']);
    let Some(rest) = comment.strip_prefix("scs") else { return false };
    let is_separator = |letter: char| !letter.is_alphanumeric();
    if rest.trim_start().starts_with(':') {
        return true;
    }
    let Some(rest) = rest.strip_prefix(is_separator) else { return false };
    let word = rest.trim_start_matches(is_separator);
    let end = word.find(|letter: char| !letter.is_alphanumeric() && letter != '-').unwrap_or(word.len());
    let word = word.get(..end).unwrap_or_default().trim_end_matches('-');
    word == "end" || word.parse::<DocsTable>().is_ok()
}

/// A line without its inline code, so that a page can show a marker.
fn without_code(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some(start) = rest.find('`') {
        let (before, code) = rest.split_at(start);
        let fence = code.len() - code.trim_start_matches('`').len();
        plain.push_str(before);
        let inside = code.get(fence..).unwrap_or_default();
        if let Some(end) = closing(inside, fence) {
            rest = inside.get(end..).unwrap_or_default();
        } else {
            plain.push_str(code.get(..fence).unwrap_or_default());
            rest = inside;
        }
    }
    plain.push_str(rest);
    plain
}

/// The end of inline code: after the first run of the same number of backticks.
fn closing(text: &str, fence: usize) -> Option<usize> {
    let mut start = 0;
    while let Some(found) = text.get(start..)?.find('`') {
        start += found;
        let run = text.get(start..)?;
        let length = run.len() - run.trim_start_matches('`').len();
        start += length;
        if length == fence {
            return Some(start);
        }
    }
    None
}

/// Updates the tables of a page: everything between `<!-- scs: NAME -->` and `<!-- scs: end -->`, or the same comments in MDX.
/// Tables get the line endings of the page. Code blocks are not changed.
///
/// If the style has no heading level, headings in a table are one level deeper than the heading above it.
///
/// # Errors
///
/// If a marker does not name a table, has no end, or is misspelled.
///
/// ```
/// use jiff::civil::date;
/// use scs_registry::docs::{DocsStyle, inject};
///
/// let page = "# Images\n\n<!-- scs: image-properties -->\nold\n<!-- scs: end -->\n\nMore.\n";
/// let style = DocsStyle::default();
/// let updated = inject(page, date(2026, 11, 24), &style)?;
/// assert!(updated.contains("| `min_disk` | MUST | MUST |") && !updated.contains("old"));
/// assert_eq!(inject(&updated, date(2026, 11, 24), &style)?, updated);
/// # Ok::<(), scs_registry::docs::InjectError>(())
/// ```
pub fn inject(page: &str, day: Date, style: &DocsStyle) -> Result<String, InjectError> {
    let mut updated = String::with_capacity(page.len());
    let mut lines = Lines::of(page);
    let (mut enclosing, front_matter) = (0, front_matter_of(page));
    while let Some(line) = lines.next() {
        updated.push_str(line.text);
        if let Some((level, _)) = line.heading.filter(|_| line.number > front_matter) {
            enclosing = level;
        }
        let name = match mark(&line) {
            Mark::None => continue,
            Mark::Near => return Err(InjectError::Marker { line: line.number }),
            Mark::End => return Err(InjectError::NoBegin { line: line.number }),
            Mark::Begin(name) => name,
        };
        let table: DocsTable =
            name.parse().map_err(|error| InjectError::Table { line: line.number, error })?;
        let end = end_of(&mut lines, line.number, name)?;
        // A code block that the old table left open goes with it.
        lines.forget();
        let ending = if line.text.ends_with("\r\n") { "\r\n" } else { "\n" };
        let table = table.written(day, &style.below_heading(enclosing));
        let table = table.trim_matches('\n').replace('\n', ending);
        updated.extend([ending, &table, ending, ending, end]);
    }
    Ok(updated)
}

/// The number of lines of the front matter, whose last line would turn the previous one into a heading.
fn front_matter_of(page: &str) -> usize {
    let mut lines = page.lines().map(str::trim_end);
    if lines.next() != Some("---") {
        return 0;
    }
    lines.position(|line| line == "---").map_or(0, |place| place + 2)
}

/// The line that ends a table, even after a code block in the old table. If another marker comes first, the end is missing.
fn end_of<'p>(lines: &mut Lines<'p>, begin: usize, name: &str) -> Result<&'p str, InjectError> {
    for line in lines {
        match exact(line.text.trim()) {
            Some("end") => return Ok(line.text),
            Some(_) => break,
            None if matches!(mark(&line), Mark::Near) => {
                return Err(InjectError::Marker { line: line.number });
            }
            None => {}
        }
    }
    Err(InjectError::NoEnd { line: begin, name: name.to_owned() })
}

/// The number of tables in a page.
#[must_use]
pub fn tables_in(page: &str) -> usize {
    let (mut lines, mut count) = (Lines::of(page), 0);
    while let Some(line) = lines.next() {
        if let Mark::Begin(name) = mark(&line) {
            count += 1;
            if end_of(&mut lines, line.number, name).is_ok() {
                lines.forget();
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = jiff::civil::date(2026, 11, 24);

    fn injected(page: &str) -> Result<String, InjectError> {
        inject(page, DAY, &DocsStyle::default())
    }

    #[test]
    fn code_in_an_old_table_ends_with_it() {
        let page = "<!-- scs: scopes -->\n```\n<!-- scs: end -->\n<!-- scs: scopes -->\n";
        assert!(injected(page).unwrap_err().to_string().starts_with("line 4: "));
    }

    #[test]
    fn misspelled_markers_are_errors() {
        for (marker, message) in [
            ("<!-- scs:naming -->", "line 3: not a marker"),
            ("<!-- SCS: naming -->", "line 3: not a marker"),
            ("<!--scs: naming-->", "line 3: not a marker"),
            ("<!-- scs : naming -->", "line 3: not a marker"),
            ("<!-- scs naming -->", "line 3: not a marker"),
            ("<!-- scs-naming -->", "line 3: not a marker"),
            ("<!-- scs; end -->", "line 3: not a marker"),
            ("<!-- scs= image-properties -->", "line 3: not a marker"),
            ("<!--- scs: naming --->", "line 3: not a marker"),
            ("<!-- scs: naming", "line 3: not a marker"),
            ("<!--\nscs: naming\n-->", "line 4: not a marker"),
            ("`<!--` begins a comment\n<!-- scs: naming -->", "line 4: not a marker"),
            ("text <!-- scs: naming -->", "line 3: not a marker"),
            ("`code` <!-- scs: naming -->", "line 3: not a marker"),
            ("{/* scs:naming */}", "line 3: not a marker"),
            ("{/*scs: naming*/}", "line 3: not a marker"),
            ("{/* scs naming */}", "line 3: not a marker"),
            ("<!-- scs: end -->", "line 3: no table begins"),
            ("<!-- scs: nmaing -->", "line 3: no table `nmaing`; did you mean `naming`?"),
            ("<!-- scs: naming -->", "line 3: the table `naming` has no end"),
            ("<!-- scs: rules scs-0999-v1 -->", "line 3: no document scs-0999-v1"),
        ] {
            let error = injected(&format!("# Page\n\n{marker}\n")).unwrap_err().to_string();
            assert!(error.starts_with(message), "{marker}: {error}");
        }
    }

    #[test]
    fn other_comments_and_inline_code_are_text() {
        for plain in [
            "<!-- about scs: nothing -->",
            "<!-- scs standard flavors are hand-written -->",
            "<!-- scsi: a bus -->",
            "scs: naming",
            "<!-- TODO -->",
            "`{/* x */}`",
            "<!-- scs -->",
            "Write `<!-- scs: naming -->` before it and ``<!-- scs: end -->`` after it.",
            "    <!-- scs:naming -->",
        ] {
            let page = format!("# Page\n\n{plain}\n");
            assert_eq!(injected(&page), Ok(page.clone()));
            assert_eq!(tables_in(&page), 0);
        }
    }

    #[test]
    fn a_table_without_an_end_does_not_swallow_the_page() {
        for (rest, message) in [
            ("mine\n<!-- scs: scopes -->\n<!-- scs: end -->\n", "line 1: the table `naming` has no end"),
            ("<!-- scs:end -->\nmine\n<!-- scs: scopes -->\n<!-- scs: end -->\n", "line 2: not a marker"),
            ("```\n<!-- scs: scopes -->\n<!-- scs: end -->\n```\n", "line 1: the table `naming` has no end"),
        ] {
            let error = injected(&format!("<!-- scs: naming -->\n{rest}")).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn markers_in_code_blocks_are_text() {
        for fence in ["```", "~~~", "````md"] {
            let close = fence.trim_end_matches("md");
            let page =
                format!("{fence}\n<!-- scs: naming -->\nold\n<!-- scs: end -->\n<!-- SCS: x -->\n{close}\n");
            assert_eq!(injected(&page), Ok(page.clone()));
            assert_eq!(tables_in(&page), 0);
        }
    }

    #[test]
    fn line_endings_are_kept_and_mdx_has_its_own_comments() {
        let page = "# Page\r\n\r\n{/* scs: scopes */}\r\nold\r\n{/* scs: end */}\r\n";
        let updated = injected(page).unwrap();
        assert!(updated.contains("| `scs-0100-v3.1` |") && !updated.contains("old"));
        assert_eq!(updated.matches('\n').count(), updated.matches("\r\n").count());
        assert_eq!(injected(&updated).as_ref(), Ok(&updated));
        assert_eq!(tables_in(page), 1);
    }

    #[test]
    fn one_blank_line_surrounds_a_table() {
        let page = injected("<!-- scs: naming -->\n<!-- scs: end -->").unwrap();
        assert!(
            page.starts_with("<!-- scs: naming -->\n\nThe values")
                && page.ends_with(" |\n\n<!-- scs: end -->"),
            "{page}"
        );
    }

    #[test]
    fn headings_are_one_level_below_the_page() {
        let page = "## Page\n\n<!-- scs: scopes -->\n<!-- scs: end -->\n";
        assert!(injected(page).unwrap().contains("\n### SCS-compatible IaaS\n"));
        let page = format!("---\ntitle: Page\n---\n\n{}", page.trim_start_matches("## Page\n\n"));
        assert!(
            injected(&page).unwrap().contains("\n## SCS-compatible IaaS\n"),
            "front matter is not a heading"
        );
        let style = DocsStyle::default().with_heading_level(5).unwrap();
        assert!(inject(&page, DAY, &style).unwrap().contains("\n##### SCS-compatible IaaS\n"));
    }
}
