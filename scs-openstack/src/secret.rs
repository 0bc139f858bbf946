//! Texts that nobody may read by accident.

use std::fmt;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use secrecy::{ExposeSecret, SecretString};

use crate::http::one_line;

/// A password, a token or a key. It prints as dots, and its memory is wiped when it goes.
///
/// ```
/// use scs_openstack::Secret;
///
/// let secret = Secret::from("swordfish");
/// assert_eq!(format!("{secret} {secret:?}"), "… Secret(…)");
/// assert_eq!(secret.expose(), "swordfish");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself, for a header or the body of a request.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether there is nothing to hide.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    pub(crate) fn inner(&self) -> &SecretString {
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

/// Secrets that are taken out of whatever services say. Further ones come with a new token.
#[derive(Debug, Default)]
pub(crate) struct Redactor {
    secrets: RwLock<Vec<Secret>>,
}

/// What stands in the place of a secret.
const DOTS: &str = "…";

impl Redactor {
    /// A shorter one would turn up in texts that have nothing to do with it.
    const SHORTEST: usize = 6;

    pub(crate) fn add(&self, secret: &Secret) {
        if secret.expose().len() < Self::SHORTEST {
            return;
        }
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        secrets.push(secret.clone());
        // In answers that are kept as they come, it stands as JSON has it.
        let [utf8, ascii] = as_json(secret.expose());
        for form in [utf8, ascii] {
            if secrets.iter().all(|known| known.expose() != form) {
                secrets.push(Secret::from(form));
            }
        }
        // One may be a part of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    }

    fn secrets(&self) -> RwLockReadGuard<'_, Vec<Secret>> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The text without the secrets.
    pub(crate) fn text(&self, text: &str) -> String {
        self.secrets().iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), DOTS))
    }

    /// The first line of a text without the secrets, and not too much of it. Who cuts first may leave most of a secret.
    pub(crate) fn line(&self, text: &str, most: usize) -> String {
        one_line(&self.text(text), most)
    }

    /// The same for a text that is rarely touched; `None` where there is nothing to take out.
    pub(crate) fn raw(&self, text: &str) -> Option<String> {
        let found = self
            .secrets()
            .iter()
            .any(|secret| memchr::memmem::find(text.as_bytes(), secret.expose().as_bytes()).is_some());
        found.then(|| self.text(text))
    }
}

/// A text as JSON writes it between quotes, in UTF-8 and in ASCII.
fn as_json(text: &str) -> [String; 2] {
    let quoted = serde_json::Value::from(text).to_string();
    let utf8 = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned();
    let mut ascii = String::with_capacity(utf8.len());
    for sign in utf8.chars() {
        if sign.is_ascii() {
            ascii.push(sign);
        } else {
            ascii.extend(sign.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    [utf8, ascii]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_and_short_words_stay() {
        let redactor = Redactor::default();
        redactor.add(&Secret::from("swordfish"));
        redactor.add(&Secret::from("a"));
        assert_eq!(redactor.text("a swordfish, a swordfish"), "a …, a …");
        assert_eq!(redactor.raw("nothing"), None);
    }

    #[test]
    fn no_piece_of_a_secret_stays_where_a_line_is_cut() {
        let redactor = Redactor::default();
        redactor.add(&Secret::from("swordfish"));
        assert_eq!(redactor.line("it is swordfish, of course\nand more", 10), "it is …, o…");
    }

    #[test]
    fn secrets_are_found_as_json_has_them() {
        let redactor = Redactor::default();
        for secret in ["pass\"word\\", "\"quoted\"", "Löwenzahn", "secret🦀"] {
            redactor.add(&Secret::from(secret));
            let utf8 = serde_json::to_string(secret).unwrap();
            assert_eq!(redactor.raw(&utf8).as_deref(), Some("\"…\""), "{utf8}");
        }
        assert_eq!(
            redactor.text(r#"{"a": "L\u00f6wenzahn", "b": "secret\ud83e\udd80"}"#),
            r#"{"a": "…", "b": "…"}"#
        );
    }
}
