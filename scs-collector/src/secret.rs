//! Strings that must not be disclosed by accident.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use memchr::memmem;
use secrecy::{ExposeSecret, SecretString};

use crate::message::one_line;

/// A password, token or key. It prints as `…`, and its memory is wiped when it is dropped.
///
/// ```
/// use scs_collector::Secret;
///
/// let secret = Secret::from("swordfish");
/// assert_eq!(format!("{secret} {secret:?}"), "… Secret(…)");
/// assert_eq!(secret.expose(), "swordfish");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The secret itself, for a header or the body of a request.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// The secret for libraries that take one of `secrecy`.
    #[must_use]
    pub const fn inner(&self) -> &SecretString {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(SecretString::from(text))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(SecretString::from(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Secrets that are redacted in responses. A new token adds others.
///
/// ```
/// use scs_collector::{Redactor, Secret};
///
/// let redactor = Redactor::default();
/// redactor.add(&Secret::from("swordfish"));
/// assert_eq!(redactor.text("wrong password: swordfish"), "wrong password: …");
/// ```
#[derive(Debug, Default)]
pub struct Redactor {
    secrets: RwLock<Vec<Secret>>,
}

/// The replacement of a secret.
const DOTS: &str = "…";

impl Redactor {
    /// The length from which a secret is replaced anywhere; shorter ones occur in unrelated words.
    const LONG: usize = 6;
    /// A message with a secret shorter than this is dropped entirely: its gaps would disclose the secret.
    const SHORTEST_REPLACED: usize = 4;

    /// Adds a secret.
    pub fn add(&self, secret: &Secret) {
        if secret.is_empty() {
            return;
        }
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        // It is percent-encoded in URLs.
        let encoded: String = url::form_urlencoded::byte_serialize(secret.expose().as_bytes()).collect();
        for form in [secret.expose(), &encoded, &encoded.replace('+', "%20")] {
            if secrets.iter().all(|known| known.expose() != form) {
                secrets.push(Secret::from(form));
            }
        }
        // One may be part of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    }

    fn secrets(&self) -> RwLockReadGuard<'_, Vec<Secret>> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message without the secrets.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for secret in self.secrets().iter().map(Secret::expose) {
            if secret.len() >= Self::SHORTEST_REPLACED {
                shown = shown.replace(secret, DOTS);
            } else if shown.contains(secret) {
                return DOTS.to_owned();
            }
        }
        shown
    }

    /// The first line of a message without the secrets, truncated. Truncating first may leave most of a secret.
    #[must_use]
    pub fn line(&self, text: &str, most: usize) -> String {
        one_line(&self.text(text), most)
    }

    /// JSON, or fragments of it, without the secrets in its strings (in any escaping) and numbers; `None` if it has none.
    #[must_use]
    pub fn json(&self, json: &str) -> Option<String> {
        let secrets = self.secrets();
        let is_there = |secret: &Secret| memmem::find(json.as_bytes(), secret.expose().as_bytes()).is_some();
        if memchr::memchr(b'\\', json.as_bytes()).is_none() && !secrets.iter().any(is_there) {
            return None;
        }
        let mut redacted = String::new();
        let mut kept = 0;
        let mut at = 0;
        while let Some(quote) = memchr::memchr(b'"', &json.as_bytes()[at..]) {
            let literal = literal(json, at + quote);
            if let Some(clean) = in_literal(&secrets, &json[literal.clone()]) {
                redacted.push_str(&json[kept..literal.start]);
                redacted.push_str(&clean);
                kept = literal.end;
            }
            at = literal.end;
        }
        redacted.push_str(&json[kept..]);
        let redacted = numbers_redacted(&secrets, redacted);
        (redacted != json).then_some(redacted)
    }
}

/// The JSON string whose opening quote is at an index: up to its closing quote, or to the end of truncated text.
fn literal(json: &str, start: usize) -> Range<usize> {
    let bytes = json.as_bytes();
    let mut at = start + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return start..at + 1;
        }
        at += 2;
    }
    start..json.len()
}

/// A JSON string without its secrets; `None` if it has none.
fn in_literal(secrets: &[Secret], literal: &str) -> Option<String> {
    let inner = literal.get(1..literal.len().saturating_sub(1))?;
    let decoded: Cow<'_, str> = if inner.contains('\\') {
        // A broken escape is not valid JSON, so it is never parsed.
        Cow::Owned(serde_json::from_str(literal).ok()?)
    } else {
        Cow::Borrowed(inner)
    };
    let mut clean = Cow::Borrowed(&*decoded);
    for secret in secrets.iter().map(Secret::expose) {
        if secret.len() >= Redactor::LONG {
            if clean.contains(secret) {
                clean = Cow::Owned(clean.replace(secret, DOTS));
            }
        } else if has_word(&clean, secret) {
            clean = Cow::Borrowed(DOTS);
        }
    }
    (clean != decoded).then(|| serde_json::Value::from(&*clean).to_string())
}

/// Whether a text contains a word by itself.
fn has_word(text: &str, word: &str) -> bool {
    let inside = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(start, _)| {
        !inside(text[..start].chars().next_back()) && !inside(text[start + word.len()..].chars().next())
    })
}

/// JSON without numbers that are secrets, if these are too long for normal figures.
fn numbers_redacted(secrets: &[Secret], mut json: String) -> String {
    let is_number =
        |secret: &&str| secret.len() >= Redactor::LONG && secret.bytes().all(|byte| byte.is_ascii_digit());
    for secret in secrets.iter().map(Secret::expose).filter(is_number) {
        let belongs = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '+' | '"'))
        };
        let places: Vec<usize> = json
            .match_indices(secret)
            .map(|(start, _)| start)
            .filter(|start| {
                !belongs(json[..*start].chars().next_back())
                    && !belongs(json[start + secret.len()..].chars().next())
            })
            .collect();
        for start in places.into_iter().rev() {
            json.replace_range(start..start + secret.len(), "\"…\"");
        }
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(secrets: &[&str]) -> Redactor {
        let redactor = Redactor::default();
        for secret in secrets {
            redactor.add(&Secret::from(*secret));
        }
        redactor
    }

    #[test]
    fn messages_have_no_secret_of_any_length() {
        assert_eq!(redactor(&["swordfish"]).text("a swordfish, a swordfish"), "a …, a …");
        assert_eq!(redactor(&["pw12!"]).text("wrong password: pw12!"), "wrong password: …");
        // A one-letter gap would disclose the letter.
        assert_eq!(redactor(&["a"]).text("a bad password"), "…");
        assert_eq!(redactor(&["pw1"]).text("wrong password: pw1"), "…");
        assert_eq!(redactor(&["a b+c"]).text("GET /?p=a+b%2Bc and a%20b%2Bc"), "GET /?p=… and …");
        assert_eq!(redactor(&[]).text("as it is"), "as it is");
    }

    #[test]
    fn truncating_a_line_leaves_no_part_of_a_secret() {
        let redactor = redactor(&["swordfish"]);
        assert_eq!(redactor.line("it is swordfish, of course\nand more", 10), "it is …, o…");
    }

    /// A text as possibly escaped in JSON: each character by code, or with a short escape.
    fn spellings(text: &str) -> Vec<String> {
        let code = |letter: char| -> String {
            letter
                .encode_utf16(&mut [0; 2])
                .iter()
                .map(|unit| format!("\\u{unit:04x}"))
                .collect::<Vec<_>>()
                .concat()
        };
        let plain = serde_json::Value::from(text).to_string();
        let all: String = text.chars().map(code).collect();
        let upper = all.to_uppercase().replace("\\U", "\\u");
        // As Go and PHP do.
        let some: String = text
            .chars()
            .map(|letter| match letter {
                '<' | '>' | '&' | '\'' => code(letter),
                '/' => "\\/".to_owned(),
                '"' | '\\' => format!("\\{letter}"),
                letter if !letter.is_ascii() => code(letter),
                letter => letter.to_string(),
            })
            .collect();
        let first: String = text
            .chars()
            .enumerate()
            .map(|(n, letter)| if n == 0 { code(letter) } else { letter.to_string() })
            .collect();
        let mut spellings = vec![plain, format!("\"{all}\""), format!("\"{upper}\""), format!("\"{some}\"")];
        if !text.contains(['"', '\\']) {
            spellings.push(format!("\"{first}\""));
        }
        spellings
    }

    #[test]
    fn json_strings_have_no_secret_in_any_escaping() {
        for secret in
            ["gAAAA-token_1", "pass\"word\\", "\"quoted\"", "Löwenzahn", "secret🦀", "a<b>&c/d", "pw12!", "x"]
        {
            let redactor = redactor(&[secret]);
            for spelling in spellings(secret) {
                let read: String = serde_json::from_str(&spelling).unwrap();
                assert_eq!(read, secret, "{spelling}");
                let json = format!(
                    r#"{{"a": 1, {spelling}: [{spelling}, "other \u0041"], "b": {{"c": {spelling}}}}}"#
                );
                let redacted = redactor.json(&json).unwrap();
                assert_eq!(redacted, r#"{"a": 1, "…": ["…", "other \u0041"], "b": {"c": "…"}}"#, "{json}");
            }
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        let redactor = redactor(&["ram", "abc12", "123456"]);
        for json in [
            r#"{"ram": 8192}"#.replace("ram", "vram"),
            r#"{"name": "xabc12x", "size": 1234567, "at": -123456, "f": 123456.5}"#.to_owned(),
            r#"{"a": "\u0041\n"}"#.to_owned(),
        ] {
            assert_eq!(redactor.json(&json), None, "{json}");
        }
        assert_eq!(
            redactor.json(r#"{"a": 123456, "b": [123456,123456]}"#).unwrap(),
            r#"{"a": "…", "b": ["…","…"]}"#
        );
        assert_eq!(redactor.json(r#"{"a": "x 123456"}"#).unwrap(), r#"{"a": "x …"}"#);
        // Truncated text and invalid JSON are handled.
        for json in ["\"abc", "\"abc\\", "\\", "\"\\", "\"\\ud800\" 123456"] {
            let _ = redactor.json(json);
        }
    }
}
