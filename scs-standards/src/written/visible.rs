//! Text for terminals.

use std::borrow::Cow;

/// Escapes control characters, so that untrusted text cannot manipulate the terminal or forge a line.
///
/// ```
/// use scs_standards::written::visible;
///
/// assert_eq!(visible("SCS-2V-8"), "SCS-2V-8");
/// assert_eq!(visible("a\u{1b}[2K\r\nb"), r"a\u{1b}[2K\r\nb");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_tricky) {
        let mut shown = String::with_capacity(2 * text.len());
        text.chars().for_each(|character| push_visible(&mut shown, character));
        Cow::Owned(shown)
    } else {
        Cow::Borrowed(text)
    }
}

/// Appends a character, escaped if necessary.
pub fn push_visible(shown: &mut String, character: char) {
    if is_tricky(character) {
        shown.extend(character.escape_default());
    } else {
        shown.push(character);
    }
}

/// Whether a character is a control character, a line break in any language, invisible, or changes the text direction.
#[must_use]
pub fn is_tricky(character: char) -> bool {
    character.is_control()
        // Not characters according to Unicode; YAML rejects them.
        || u32::from(character) & 0xFFFE == 0xFFFE
        || matches!(
            character,
            '\u{AD}'                            // soft hyphen
            | '\u{34F}'                         // combining grapheme joiner
            | '\u{61C}'                         // Arabic letter mark, which changes the direction
            | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // fillers of Hangul
            | '\u{17B4}' | '\u{17B5}'           // inherent vowels of Khmer
            | '\u{180B}'..='\u{180F}'           // variation selectors and the vowel separator of Mongolian
            | '\u{200B}'..='\u{200F}'           // zero width and marks of direction
            | '\u{2028}'..='\u{202E}'           // line and paragraph separators, embeddings of direction
            | '\u{2060}'..='\u{206F}'           // invisible operators, isolates of direction
            | '\u{FDD0}'..='\u{FDEF}'         // no characters to Unicode
            | '\u{FEFF}'                        // byte order mark
            | '\u{FFF0}'..='\u{FFFB}'           // interlinear annotations, and unassigned ones
            | '\u{1BCA0}'..='\u{1BCA3}'         // format controls of shorthand
            | '\u{1D173}'..='\u{1D17A}'         // format controls of music
            | '\u{E0000}'..='\u{E0FFF}'         // tags, which write whole texts that nobody sees
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_escaped() {
        for character in "\0\u{7}\u{8}\t\n\u{b}\u{c}\r\u{1b}\u{7f}\u{85}\u{9b}\u{9d}\u{ad}\u{61c}\u{180e}\u{200b}\u{200e}\u{2028}\u{202e}\u{2066}\u{feff}\u{fff9}\u{e0001}\u{e0041}\u{e007f}\u{e01ef}".chars() {
            assert!(is_tricky(character), "{character:?}");
            let text = format!("a{character}b");
            assert!(!visible(&text).chars().any(is_tricky), "{character:?}");
        }
        for text in ["", "SCS-2V-8", "Größe 日本 🦀", "a\\nb", "\u{301}", "नमस्ते"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
