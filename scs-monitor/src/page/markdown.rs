//! Text in Markdown. Texts of the operator (bootstrap file, scope files) are Markdown themselves; what comes in reports is not.

/// Makes a text of a report harmless: a line without markup.
pub(crate) fn text(text: impl AsRef<str>) -> String {
    let mut escaped = String::new();
    for letter in text.as_ref().chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' | '{' | '}' | '!' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A text of a report as code, between more backticks than it has in a row.
pub(crate) fn code(text: impl AsRef<str>) -> String {
    let text = line(text);
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    if text.is_empty() { String::new() } else { format!("{fence}{pad}{text}{pad}{fence}") }
}

/// A line of output.
pub(crate) fn line(text: impl AsRef<str>) -> String {
    text.as_ref().replace(char::is_control, " ")
}

/// The name of a place in a page.
pub(crate) fn anchor(text: impl AsRef<str>) -> String {
    text.as_ref().replace(|letter: char| !(letter.is_ascii_alphanumeric() || "-._".contains(letter)), "-")
}

/// A text of the operator in a cell of a table: a single line in which a bar does not end the cell.
pub(crate) fn cell(text: impl AsRef<str>) -> String {
    text.as_ref().split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// A text of the operator as HTML, without what a browser would run.
pub(crate) fn inline(text: impl AsRef<str>) -> String {
    let html = comrak::markdown_to_html(
        &text.as_ref().split_whitespace().collect::<Vec<_>>().join(" "),
        &comrak::Options::default(),
    );
    let html = html.trim_end();
    html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).unwrap_or(html).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_operator_are_markdown_without_scripts() {
        assert_eq!(
            inline("for [FAU](https://www.fau.de/) & all"),
            "for <a href=\"https://www.fau.de/\">FAU</a> &amp; all"
        );
        assert!(!inline("<script>alert(1)</script> [x](javascript:alert)").contains("script>"));
        assert!(!inline("[x](javascript:alert(1))").contains("javascript"));
        assert_eq!(cell("a\n b | c"), "a b \\| c");
    }

    #[test]
    fn texts_of_reports_are_no_markup() {
        assert_eq!(text("<b>a|b</b>\n# c"), "\\<b\\>a\\|b\\</b\\> \\# c");
    }
}
