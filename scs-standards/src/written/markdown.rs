//! Markdown fragments without HTML, images or links, even for untrusted text.

use std::borrow::Cow;

use super::spans::{Span, spans};
use super::visible::visible;

/// Writes a text as inline code: nothing in it is interpreted.
///
/// ```
/// use scs_standards::written::markdown::code;
///
/// assert_eq!(code("<b>"), "`<b>`");
/// assert_eq!(code("a`b"), "``a`b``");
/// ```
#[must_use]
pub fn code(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A space at both ends is stripped by renderers; and the fence must not merge with the text.
    let blank = |letter: Option<char>| matches!(letter, Some('`' | ' '));
    let pad = if blank(text.chars().next()) || blank(text.chars().next_back()) { " " } else { "" };
    // Markdown has no code of only spaces.
    if text.trim_matches(' ').is_empty() { String::new() } else { format!("{fence}{pad}{text}{pad}{fence}") }
}

/// Writes running text, such as a message, for a paragraph or list item: text between two backticks becomes code, everything
/// else is plain.
///
/// ```
/// use scs_standards::written::markdown::text;
///
/// assert_eq!(text("`cpu` is `<b>`, not ![x](y)"), r"`cpu` is `<b>`, not \!\[x\](y)");
/// assert_eq!(text("see https://example.org"), "see `https://example.org`");
/// assert_eq!(text("(https://example.org/a(b), etc.)"), r"(`https://example.org/a(b)`, etc.)");
/// ```
#[must_use]
pub fn text(text: &str) -> String {
    let text = visible(text);
    let mut written = String::with_capacity(text.len() + 8);
    for span in spans(&text) {
        match span {
            Span::Code(code) => push_code(&mut written, code),
            Span::Words(words) => {
                for (number, words) in words.split('`').enumerate() {
                    written.push_str(if number > 0 { "\\`" } else { "" });
                    push_plain(&mut written, words);
                }
            }
        }
    }
    let written = written.trim_matches(' ');
    if begins_block(written) { format!("\\{written}") } else { number_escaped(written).into_owned() }
}

/// Like [`text`], for a table cell: also escapes bars.
///
/// ```
/// use scs_standards::written::markdown::cell;
///
/// assert_eq!(cell("a|b `c|d`"), r"a\|b `c\|d`");
/// ```
#[must_use]
pub fn cell(text: &str) -> String {
    self::text(text).replace('|', "\\|")
}

/// Like [`code`], for a table cell.
#[must_use]
pub fn code_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Appends code, separated from code right before it.
fn push_code(written: &mut String, piece: &str) {
    let piece = code(piece);
    // Two adjacent fences would merge into one.
    if written.ends_with('`') && !piece.is_empty() {
        written.push(' ');
    }
    written.push_str(&piece);
}

/// Appends plain words with all Markdown marks escaped; words that some renderers turn into links become code.
fn push_plain(written: &mut String, piece: &str) {
    for (number, word) in piece.split(' ').enumerate() {
        if number > 0 {
            written.push(' ');
        }
        if looks_like_a_link(word) {
            // Punctuation around a URL is not part of it.
            let address = without_punctuation(word.trim_start_matches('('));
            let (before, after) = word.split_once(address).unwrap_or((word, ""));
            push_escaped(written, before);
            push_code(written, address);
            push_escaped(written, after);
        } else {
            push_escaped(written, word);
        }
    }
}

/// A URL without the punctuation after it; a closing parenthesis that it opens itself belongs to it.
fn without_punctuation(mut address: &str) -> &str {
    loop {
        let is_closed = address.matches(')').count() > address.matches('(').count();
        let shorter =
            address.strip_suffix([',', ';', '.']).or_else(|| address.strip_suffix(')').filter(|_| is_closed));
        match shorter {
            Some(shorter) => address = shorter,
            None => return address,
        }
    }
}

/// Appends a word with all Markdown marks escaped.
fn push_escaped(written: &mut String, word: &str) {
    let mut letters = word.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        let inside = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
        let is_mark = match letter {
            // Within a word, it is an ordinary character.
            '_' => !(inside(before) && inside(letters.peek().copied())),
            letter => matches!(letter, '\\' | '<' | '>' | '&' | '[' | ']' | '!' | '*' | '~' | '$' | '^'),
        };
        if is_mark {
            written.push('\\');
        }
        written.push(letter);
        before = Some(letter);
    }
}

/// Whether a word looks like a URL, which GitHub-style renderers turn into links.
fn looks_like_a_link(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.contains("://")
        || lower.contains("www.")
        || lower.contains('@')
        || lower.contains("mailto:")
        || lower.contains("xmpp:")
}

/// Whether a line would become a heading, a rule, a list item or another block.
fn begins_block(line: &str) -> bool {
    line.starts_with(['#', '-', '+', '=', ':'])
}

/// Escapes a line that looks like an item of a numbered list.
fn number_escaped(line: &str) -> Cow<'_, str> {
    let digits = line.len() - line.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (number, rest) = line.split_at(digits);
    if digits > 0 && rest.starts_with(['.', ')']) {
        Cow::Owned(format!("{number}\\{rest}"))
    } else {
        Cow::Borrowed(line)
    }
}
