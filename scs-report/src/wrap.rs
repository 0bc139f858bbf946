//! Text that fits a terminal.

/// Wraps the lines of a text that are wider than `width` columns, between words and never within code in backticks.
///
/// Lines keep their indentation; what follows on the next line is indented by two more columns, or starts below the text of a
/// label such as `Rules:     `.
///
/// ```
/// let text = "Rules:  one two three\n  four five six seven\n";
/// assert_eq!(scs_report::fit(text, 16), "Rules:  one two\n        three\n  four five six\n    seven\n");
/// ```
#[must_use]
pub fn fit(text: &str, width: usize) -> String {
    let mut fitting = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        if textwrap::core::display_width(content) <= width {
            fitting.push_str(line);
            continue;
        }
        let indent = content.len() - content.trim_start_matches(' ').len();
        let rest = value_column(content).filter(|column| 2 * column <= width).unwrap_or(indent + 2);
        fitting.push_str(&paragraph(&content[indent..], width, indent, rest));
        if !line.ends_with('\n') {
            fitting.pop();
        }
    }
    fitting
}

/// The column of the text after a label: one or two words, a colon and at least two spaces.
fn value_column(line: &str) -> Option<usize> {
    let (label, rest) = line.split_once(':')?;
    let is_label = label.len() < 20 && label.chars().all(|letter| letter.is_alphanumeric() || letter == ' ');
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    (is_label && spaces > 1).then_some(label.len() + 1 + spaces)
}

/// A paragraph, wrapped between words: the first line is indented by `first` columns, further ones by `rest`.
pub(crate) fn paragraph(content: &str, width: usize, first: usize, rest: usize) -> String {
    let (first, rest) = (" ".repeat(first), " ".repeat(rest));
    let options = textwrap::Options::new(width)
        .initial_indent(&first)
        .subsequent_indent(&rest)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::Custom(outside_code))
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
    let lines = textwrap::wrap(content, options);
    lines.iter().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// The words of a paragraph. Text between backticks is one word, so that commands are not split.
fn outside_code(line: &str) -> Box<dyn Iterator<Item = textwrap::core::Word<'_>> + '_> {
    let is_paired = line.matches('`').count().is_multiple_of(2);
    let mut words = Vec::new();
    let (mut start, mut in_code, mut was_blank) = (0, false, false);
    for (place, letter) in line.char_indices() {
        if was_blank && letter != ' ' && !(in_code && is_paired) {
            words.push(textwrap::core::Word::from(&line[start..place]));
            start = place;
        }
        was_blank = letter == ' ';
        if letter == '`' {
            in_code = !in_code;
        }
    }
    if start < line.len() {
        words.push(textwrap::core::Word::from(&line[start..]));
    }
    Box::new(words.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_not_cut_in_two() {
        let words: Vec<String> =
            outside_code("run `scs a b`, then check").map(|word| word.word.to_owned()).collect();
        assert_eq!(words, ["run", "`scs a b`,", "then", "check"]);
        let words: Vec<String> = outside_code("a ` b c").map(|word| word.word.to_owned()).collect();
        assert_eq!(words, ["a", "`", "b", "c"]);
    }
}
