//! Texts that nobody may read by accident.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

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

/// Secrets that are taken out of whatever services say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redactor {
    secrets: Vec<Secret>,
}

/// What stands in the place of a secret.
const DOTS: &str = "…";

impl Redactor {
    /// A shorter one would turn up in texts that have nothing to do with it.
    const SHORTEST: usize = 6;

    pub(crate) fn add(&mut self, secret: Secret) {
        if secret.expose().len() >= Self::SHORTEST {
            self.secrets.push(secret);
        }
    }

    /// The text without the secrets.
    pub(crate) fn text(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), DOTS))
    }

    /// The same for a text that is rarely touched; `None` where there is nothing to take out.
    pub(crate) fn raw(&self, text: &str) -> Option<String> {
        let found = self
            .secrets
            .iter()
            .any(|secret| memchr::memmem::find(text.as_bytes(), secret.expose().as_bytes()).is_some());
        found.then(|| self.text(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_and_short_words_stay() {
        let mut redactor = Redactor::default();
        redactor.add(Secret::from("swordfish"));
        redactor.add(Secret::from("a"));
        assert_eq!(redactor.text("a swordfish, a swordfish"), "a …, a …");
        assert_eq!(redactor.raw("nothing"), None);
    }
}
