//! Running text as words and code, for renderers.

/// A part of a running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span<'t> {
    /// Words, with backticks that do not enclose code.
    Words(&'t str),
    /// Code, without the backticks around it.
    Code(&'t str),
}

/// Splits a running text, such as a message: text between two backticks is code, everything else is words.
///
/// ```
/// use scs_standards::written::{Span, spans};
///
/// assert_eq!(spans("`cpu` is 1").collect::<Vec<_>>(), [Span::Code("cpu"), Span::Words(" is 1")]);
/// assert_eq!(spans("a ` and ``").collect::<Vec<_>>(), [Span::Words("a "), Span::Code(" and "), Span::Words("`")]);
/// assert_eq!(spans("an empty `` and a `").collect::<Vec<_>>(), [
///     Span::Words("an empty "), Span::Words("``"), Span::Words(" and a "), Span::Words("`"),
/// ]);
/// ```
pub fn spans(text: &str) -> impl Iterator<Item = Span<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length = match rest.strip_prefix('`') {
            None => rest.find('`').unwrap_or(rest.len()),
            Some(inside) => inside.find('`').map_or(rest.len(), |end| end + 2),
        };
        let (span, after) = rest.split_at(length);
        rest = after;
        let code = span.strip_prefix('`').and_then(|span| span.strip_suffix('`'));
        // Empty code would vanish.
        Some(match code.filter(|code| !code.trim_matches(' ').is_empty()) {
            Some(code) => Span::Code(code),
            None => Span::Words(span),
        })
    })
}
