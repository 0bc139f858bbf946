//! Tables that are kept in hand-written pages, between two comments of Markdown or MDX.

use jiff::civil::Date;
use scs_standards::markdown::{Line, Lines};
use thiserror::Error;

use super::{DocsTable, UnknownTable};

/// The comments of Markdown and of MDX.
const COMMENTS: [(&str, &str); 2] = [("<!-- ", " -->"), ("{/* ", " */}")];

/// What is wrong with the markers of a page.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InjectError {
    /// A table of that name does not exist.
    #[error("line {line}: {error}")]
    Table {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        error: UnknownTable,
    },
    /// A table has no end.
    #[error(
        "line {line}: the table `{name}` has no end; write `<!-- scs: end -->` behind it, in MDX `{{/* scs: end */}}`"
    )]
    NoEnd {
        /// The line, counted from 1.
        line: usize,
        /// The table.
        name: String,
    },
    /// There is an end without a beginning.
    #[error("line {line}: nothing begins that ends here")]
    NoBegin {
        /// The line, counted from 1.
        line: usize,
    },
    /// A comment looks like a marker and is not one.
    #[error(
        "line {line}: a marker is a line of its own, `<!-- scs: NAME -->` or in MDX `{{/* scs: NAME */}}`"
    )]
    Marker {
        /// The line, counted from 1.
        line: usize,
    },
}

/// What a line means for tables.
enum Mark<'p> {
    Begin(&'p str),
    End,
    /// It looks like a marker.
    Near,
    None,
}

fn mark<'p>(line: &Line<'p>) -> Mark<'p> {
    if line.is_code || line.is_comment {
        return Mark::None;
    }
    let text = line.text.trim();
    for (open, close) in COMMENTS {
        let name = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        match name.and_then(|rest| rest.strip_prefix("scs: ")).map(str::trim) {
            Some("end") => return Mark::End,
            Some(name) if !name.contains("--") && !name.contains("*/") => return Mark::Begin(name),
            _ => {}
        }
    }
    let folded = text.to_lowercase();
    let near = [("<!", "-"), ("{", "/*")].iter().any(|(open, rest)| {
        folded.split(open).skip(1).any(|after| {
            let after = after.trim_start();
            let word = after.trim_start_matches(['-', '/', '*', ' ', '\t']);
            after.starts_with(rest)
                && word.strip_prefix("scs").is_some_and(|rest| rest.trim_start().starts_with(':'))
        })
    });
    if near { Mark::Near } else { Mark::None }
}

/// A page with its tables renewed: what stands between `<!-- scs: NAME -->` and `<!-- scs: end -->`, or between such comments of
/// MDX. Tables get the line ends of the page. In code blocks nothing is renewed.
///
/// # Errors
///
/// When a marker names no table, has no end, or is written in another way.
///
/// ```
/// use jiff::civil::date;
/// use scs_registry::docs::inject;
///
/// let page = "# Images\n\n<!-- scs: image-properties -->\nold\n<!-- scs: end -->\n\nMore.\n";
/// let renewed = inject(page, date(2026, 11, 24))?;
/// assert!(renewed.contains("| `min_disk` | MUST | MUST |") && !renewed.contains("old"));
/// assert_eq!(inject(&renewed, date(2026, 11, 24))?, renewed);
/// # Ok::<(), scs_registry::docs::InjectError>(())
/// ```
pub fn inject(page: &str, day: Date) -> Result<String, InjectError> {
    let mut renewed = String::with_capacity(page.len());
    let mut lines = Lines::of(page);
    while let Some(line) = lines.next() {
        renewed.push_str(line.text);
        let name = match mark(&line) {
            Mark::None => continue,
            Mark::Near => return Err(InjectError::Marker { line: line.number }),
            Mark::End => return Err(InjectError::NoBegin { line: line.number }),
            Mark::Begin(name) => name,
        };
        let table: DocsTable =
            name.parse().map_err(|error| InjectError::Table { line: line.number, error })?;
        let end = end_of(&mut lines)
            .ok_or_else(|| InjectError::NoEnd { line: line.number, name: name.to_owned() })?;
        let ending = if line.text.ends_with("\r\n") { "\r\n" } else { "\n" };
        let table = table.markdown(day);
        let table = table.trim_matches('\n').replace('\n', ending);
        renewed.extend([ending, &table, ending, ending, end]);
    }
    Ok(renewed)
}

/// The line that ends a table. What a code block in the table before held does not hide it.
fn end_of<'p>(lines: &mut Lines<'p>) -> Option<&'p str> {
    lines
        .find(|line| {
            let text = line.text.trim();
            COMMENTS.iter().any(|(open, close)| {
                text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) == Some("scs: end")
            })
        })
        .map(|line| line.text)
}

/// How many tables a page has.
#[must_use]
pub fn tables_in(page: &str) -> usize {
    Lines::of(page).filter(|line| matches!(mark(line), Mark::Begin(_))).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = jiff::civil::date(2026, 11, 24);

    #[test]
    fn markers_that_are_written_otherwise_are_errors() {
        for (marker, message) in [
            ("<!-- scs:naming -->", "line 3: a marker is a line of its own"),
            ("<!-- SCS: naming -->", "line 3: a marker"),
            ("<!--scs: naming-->", "line 3: a marker"),
            ("<!-- scs : naming -->", "line 3: a marker"),
            ("<!--- scs: naming --->", "line 3: a marker"),
            ("text <!-- scs: naming -->", "line 3: a marker"),
            ("{/* scs:naming */}", "line 3: a marker"),
            ("{/*scs: naming*/}", "line 3: a marker"),
            ("<!-- scs: end -->", "line 3: nothing begins"),
            ("<!-- scs: nmaing -->", "line 3: no table is called `nmaing`"),
            ("<!-- scs: naming -->", "line 3: the table `naming` has no end"),
            ("<!-- scs: rules scs-0999-v1 -->", "line 3: there is no document scs-0999-v1"),
        ] {
            let error = inject(&format!("# Page\n\n{marker}\n"), DAY).unwrap_err().to_string();
            assert!(error.starts_with(message), "{marker}: {error}");
        }
        for plain in
            ["<!-- about scs: nothing -->", "scs: naming", "<!-- TODO -->", "`{/* x */}`", "<!-- scs -->"]
        {
            assert_eq!(inject(plain, DAY).as_deref(), Ok(plain));
            assert_eq!(tables_in(plain), 0);
        }
    }

    #[test]
    fn markers_in_code_are_text() {
        for fence in ["```", "~~~", "````md"] {
            let close = fence.trim_end_matches("md");
            let page =
                format!("{fence}\n<!-- scs: naming -->\nold\n<!-- scs: end -->\n<!-- SCS: x -->\n{close}\n");
            assert_eq!(inject(&page, DAY), Ok(page.clone()));
            assert_eq!(tables_in(&page), 0);
        }
    }

    #[test]
    fn line_ends_are_those_of_the_page_and_mdx_has_its_own_comments() {
        let page = "# Page\r\n\r\n{/* scs: scopes */}\r\nold\r\n{/* scs: end */}\r\n";
        let renewed = inject(page, DAY).unwrap();
        assert!(renewed.contains("| `scs-0100-v3.1` |") && !renewed.contains("old"));
        assert_eq!(renewed.matches('\n').count(), renewed.matches("\r\n").count());
        assert_eq!(inject(&renewed, DAY).as_ref(), Ok(&renewed));
        assert_eq!(tables_in(page), 1);
        // One blank line stands before and behind a table, whatever it begins with.
        let page = inject("<!-- scs: naming -->\n<!-- scs: end -->", DAY).unwrap();
        assert!(
            page.starts_with("<!-- scs: naming -->\n\n") && !page.starts_with("<!-- scs: naming -->\n\n\n")
        );
    }
}
