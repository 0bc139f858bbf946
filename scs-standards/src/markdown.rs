//! A minimal Markdown scanner for headings, code and comments.

/// Iterates over the lines of a page and classifies them.
///
/// ```
/// use scs_standards::markdown::Lines;
///
/// let page = "# Title\n```yaml\n# a comment\n```\nSection\n-------\n<!--\n## hidden\n-->\n";
/// let headings: Vec<_> = Lines::of(page).filter_map(|line| line.heading).collect();
/// assert_eq!(headings, [(1, "Title"), (2, "Section")]);
/// ```
#[derive(Clone, Debug)]
pub struct Lines<'p> {
    rest: std::str::SplitInclusive<'p, char>,
    number: usize,
    /// The fence of the current code block: character and length.
    fence: Option<(char, usize)>,
    in_comment: bool,
    /// The paragraph that a following line of `=` or `-` would turn into a heading.
    paragraph: Option<&'p str>,
}

/// A line of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'p> {
    /// The line number, counted from 1.
    pub number: usize,
    /// The text, including the line ending.
    pub text: &'p str,
    /// Whether it belongs to a code block, including its fences.
    pub is_code: bool,
    /// Whether it belongs to a comment that began on an earlier line.
    pub is_comment: bool,
    /// The level and text of the heading that ends on this line.
    pub heading: Option<(usize, &'p str)>,
}

impl<'p> Lines<'p> {
    /// Forgets an open code block, comment or paragraph: the lines before are going to be replaced.
    pub const fn forget(&mut self) {
        self.fence = None;
        self.in_comment = false;
        self.paragraph = None;
    }

    /// Iterates over the lines of a page.
    #[must_use]
    pub fn of(page: &'p str) -> Self {
        Self { rest: page.split_inclusive('\n'), number: 0, fence: None, in_comment: false, paragraph: None }
    }
}

impl<'p> Iterator for Lines<'p> {
    type Item = Line<'p>;

    fn next(&mut self) -> Option<Line<'p>> {
        let text = self.rest.next()?;
        self.number += 1;
        let mut line =
            Line { number: self.number, text, is_code: false, is_comment: self.in_comment, heading: None };
        if self.in_comment {
            self.in_comment = !text.contains("-->");
            self.paragraph = None;
            return Some(line);
        }
        let plain = text.trim_end();
        let content = plain.trim_start_matches(' ');
        // Deeper lines are code or belong to a list.
        let is_indented = plain.len() - content.len() > 3 || content.starts_with('\t');
        let mark = fence(content).filter(|_| !is_indented);
        if let Some((letter, length)) = self.fence {
            line.is_code = true;
            let closes = mark.is_some_and(|(other, count, rest)| {
                other == letter && count >= length && rest.trim().is_empty()
            });
            if closes {
                self.fence = None;
            }
            return Some(line);
        }
        if let Some((letter, length, _)) =
            mark.filter(|(letter, _, rest)| *letter != '`' || !rest.contains('`'))
        {
            self.fence = Some((letter, length));
            line.is_code = true;
            self.paragraph = None;
            return Some(line);
        }
        self.in_comment = opens_comment(content);
        if !is_indented {
            line.heading = atx(content).or_else(|| Some((setext(content)?, self.paragraph?)));
        }
        // The first line of a paragraph is enough to identify a section.
        let goes_on = line.heading.is_none() && !is_indented && !content.is_empty() && !is_block(content);
        self.paragraph = goes_on.then_some(content);
        Some(line)
    }
}

/// The character and length of a fence, and the rest of the line.
fn fence(content: &str) -> Option<(char, usize, &str)> {
    let letter = content.chars().next().filter(|letter| matches!(letter, '`' | '~'))?;
    let rest = content.trim_start_matches(letter);
    let length = content.len() - rest.len();
    (length >= 3).then_some((letter, length, rest))
}

/// Whether a comment begins that does not end on the same line.
fn opens_comment(content: &str) -> bool {
    let mut rest = content;
    while let Some((_, after)) = rest.split_once("<!--") {
        match after.split_once("-->") {
            Some((_, behind)) => rest = behind,
            None => return true,
        }
    }
    false
}

/// `## Title`, also with closing marks.
fn atx(content: &str) -> Option<(usize, &str)> {
    let title = content.trim_start_matches('#');
    let level = content.len() - title.len();
    let is_heading = (1..=6).contains(&level) && (title.is_empty() || title.starts_with([' ', '\t']));
    is_heading.then(|| (level, title.trim().trim_end_matches('#').trim_end()))
}

/// The level of the heading that a line of `=` or `-` makes.
fn setext(content: &str) -> Option<usize> {
    let of = |letter: char| !content.is_empty() && content.chars().all(|it| it == letter);
    if of('=') { Some(1) } else { of('-').then_some(2) }
}

/// Whether a line begins a list, a quotation, a table or HTML, whose text is not a heading.
fn is_block(content: &str) -> bool {
    content.starts_with(['-', '*', '+', '>', '|', '<', '='])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(page: &str) -> Vec<(usize, &str)> {
        Lines::of(page).filter_map(|line| line.heading).collect()
    }

    #[test]
    fn headings_match_a_renderer() {
        for (page, expected) in [
            ("## One\n", &[(2, "One")][..]),
            ("## One ##\r\n", &[(2, "One")]),
            ("   ### One\n", &[(3, "One")]),
            ("    # code\n", &[]),
            ("#hashtag\n####### seven\n", &[]),
            ("One\n===\nTwo\n---\n", &[(1, "One"), (2, "Two")]),
            ("---\n\n- item\n---\n", &[]),
            ("~~~\n# no\n```\n# no\n~~~\n# yes\n", &[(1, "yes")]),
            ("````\n```\n# no\n````\n# yes\n", &[(1, "yes")]),
            ("```sh\n# no\n``` no end\n# no\n", &[]),
            ("``` `inline` ```\n# yes\n", &[(1, "yes")]),
            ("<!-- one -->\n# yes\n<!--\n# no\n--> \n# again\n", &[(1, "yes"), (1, "again")]),
            ("text <!-- begins\n# no\nends --> text\n# yes", &[(1, "yes")]),
        ] {
            assert_eq!(headings(page), expected, "{page:?}");
        }
    }

    #[test]
    fn lines_are_classified() {
        let page = "a\n```\nb\n```\n<!-- c\nd -->\n";
        let kinds: Vec<_> = Lines::of(page).map(|line| (line.is_code, line.is_comment)).collect();
        assert_eq!(
            kinds,
            [(false, false), (true, false), (true, false), (true, false), (false, false), (false, true)]
        );
        assert_eq!(Lines::of(page).map(|line| line.text).collect::<String>(), page);
    }
}
