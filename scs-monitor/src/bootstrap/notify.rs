//! Whom to tell about a subject. Contacts are not shown anywhere.

use std::fmt;

use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::Deserialize;

/// How long before results expire, unless the file says so. A weekly test case that is checked every night has results that are
/// valid for more than six days at any time.
const BEFORE: &str = "3d";

/// The contact of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "FileNotify")]
#[non_exhaustive]
pub struct Notify {
    /// Mail addresses.
    pub email: Vec<Address>,
    /// Where to post events.
    pub webhook: Option<Webhook>,
    /// The number of failures in a row that make an event.
    pub failures: usize,
    /// How long before results expire.
    pub before: SignedDuration,
    /// The language of messages.
    pub language: Language,
}

/// A mail address, which its `Debug` output does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(pub(crate) String);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

/// A receiver of events, of which the `Debug` output shows nothing.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// The secret that signs what is posted.
    pub secret: String,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook { … }")
    }
}

/// A language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileNotify {
    #[serde(default)]
    email: OneOrMore,
    webhook: Option<Webhook>,
    failures: Option<usize>,
    before: Option<String>,
    #[serde(default)]
    language: Language,
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    #[default]
    None,
    One(String),
    More(Vec<String>),
}

impl TryFrom<FileNotify> for Notify {
    type Error = String;

    fn try_from(file: FileNotify) -> Result<Self, String> {
        let email = match file.email {
            OneOrMore::None => Vec::new(),
            OneOrMore::One(one) => vec![one],
            OneOrMore::More(more) => more,
        };
        // The address itself stays out of the message, which is logged.
        let is_address = |text: &String| text.parse::<lettre::Address>().is_ok();
        if !email.iter().all(is_address) {
            return Err("an entry of `notify.email` is not a mail address".to_owned());
        }
        if let Some(webhook) = &file.webhook {
            let is_web = webhook.url.starts_with("https://") || webhook.url.starts_with("http://");
            if !is_web || webhook.url.parse::<reqwest::Url>().is_err() {
                return Err("`notify.webhook.url` is not an http or https address".to_owned());
            }
            if webhook.secret.len() < 16 {
                return Err("`notify.webhook.secret` must have at least 16 characters".to_owned());
            }
        }
        if email.is_empty() && file.webhook.is_none() {
            return Err("`notify` must have `email` or `webhook`".to_owned());
        }
        let before = file.before.as_deref().unwrap_or(BEFORE);
        let span: Span =
            before.parse().map_err(|_| format!("`notify.before` is `{before}`, not a time such as `7d`"))?;
        let before = span
            .to_duration(SpanRelativeTo::days_are_24_hours())
            .ok()
            .filter(|it| !it.is_negative())
            .ok_or_else(|| format!("`notify.before` is `{before}`; use days or hours, such as `7d`"))?;
        Ok(Self {
            email: email.into_iter().map(Address).collect(),
            webhook: file.webhook,
            failures: file.failures.unwrap_or(2).max(1),
            before,
            language: file.language,
        })
    }
}
