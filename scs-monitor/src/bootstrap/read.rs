//! Reads a bootstrap file.

use std::collections::BTreeMap;

use scs_certificates::report::signature::Signers;
use scs_standards::yaml;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::{Account, Bootstrap, CertificateEntry, Entry, Notify, Role, Section, Subjects, Table};
use crate::credentials::is_hash;
use crate::selection::GROUP;

/// Error: not a bootstrap file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadBootstrapError {
    /// Not YAML, or not of this shape.
    #[error("{0}")]
    Yaml(String),
    /// Two accounts have the same name.
    #[error("the account `{0}` occurs twice")]
    Duplicate(String),
    /// Something about an account is wrong.
    #[error("account `{account}`: {problem}")]
    Account {
        /// The account.
        account: String,
        /// The problem.
        problem: String,
    },
    /// An address of the table is not one.
    #[error("table, `{entry}`: `{url}` is not an http or https address")]
    Url {
        /// The entry.
        entry: String,
        /// The address.
        url: String,
    },
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    accounts: Option<Vec<FileAccount>>,
    #[serde(default)]
    table: Option<Table>,
    #[serde(default)]
    certificates: Option<Vec<CertificateEntry>>,
    /// Keys that nothing reads, to be reported.
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct FileAccount {
    subject: String,
    #[serde(default)]
    api_keys: Option<Vec<String>>,
    #[serde(default)]
    keys: Option<Vec<FileKey>>,
    #[serde(default)]
    roles: Option<Vec<String>>,
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    delegates: Option<Vec<String>>,
    #[serde(default)]
    notify: Option<Notify>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct FileKey {
    #[serde(rename = "public_key")]
    key: String,
    #[serde(rename = "public_key_type")]
    kind: String,
    #[serde(rename = "public_key_name")]
    name: String,
}

/// The prefixes of hashes that can be verified.
const HASHES: [&str; 6] = ["$argon2id$", "$argon2i$", "$argon2d$", "$2a$", "$2b$", "$2y$"];

impl Bootstrap {
    /// Reads a bootstrap file. An empty one has no accounts.
    ///
    /// # Errors
    ///
    /// If it is not YAML of the expected shape, or a role, a key or a hash cannot be used.
    pub fn read(text: &str) -> Result<Self, ReadBootstrapError> {
        let options = serde_saphyr::options! { strict_booleans: true };
        let file: Option<File> = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| ReadBootstrapError::Yaml(yaml::reason(&error)))?;
        let mut bootstrap = Self::default();
        let Some(file) = file else { return Ok(bootstrap) };
        bootstrap.warn_of_unknown("the file", &file.unknown);
        for account in file.accounts.unwrap_or_default() {
            bootstrap.add(account)?;
        }
        bootstrap.warn_of_unknown_delegates();
        bootstrap.certificates = file.certificates.unwrap_or_default();
        bootstrap.table = file.table.unwrap_or_default();
        for section in &bootstrap.table.sections {
            check_addresses(section)?;
        }
        bootstrap.warn_of_unknown_entries();
        Ok(bootstrap)
    }

    fn add(&mut self, file: FileAccount) -> Result<(), ReadBootstrapError> {
        let wrong = |problem: String| ReadBootstrapError::Account { account: file.subject.clone(), problem };
        if file.subject.starts_with(GROUP) {
            self.warnings.push(format!(
                "account `{}`: its pages cannot be told from those of a group; rename it",
                file.subject
            ));
        }
        let roles = file.roles.unwrap_or_default();
        let roles = roles.iter().map(|role| role.parse::<Role>()).collect::<Result<_, _>>();
        let roles = roles.map_err(|error| wrong(error.to_string()))?;
        let api_keys = file.api_keys.unwrap_or_default();
        let is_usable = |hash: &String| HASHES.iter().any(|kind| hash.starts_with(kind)) && is_hash(hash);
        if let Some(at) = api_keys.iter().position(|hash| !is_usable(hash)) {
            // Someone may have written the key itself, so it is not repeated.
            return Err(wrong(format!(
                "entry {} of `api_keys` is not a complete argon2 or bcrypt hash",
                at + 1
            )));
        }
        let signers = file.keys.unwrap_or_default().into_iter().map(|key| {
            Signers::from_key(&format!("{} {}", key.kind, key.key))
                .map_err(|error| wrong(format!("key `{}`: {error}", key.name)))
        });
        let account = Account {
            signers: signers.collect::<Result<_, _>>()?,
            api_keys,
            roles,
            group: file.group.filter(|group| !group.is_empty()),
            delegates: file.delegates.unwrap_or_default(),
            notify: file.notify,
            subject: file.subject.clone(),
        };
        self.warn_of_unknown(&format!("account `{}`", file.subject), &file.unknown);
        if self.accounts.insert(file.subject.clone(), account).is_some() {
            return Err(ReadBootstrapError::Duplicate(file.subject));
        }
        self.order.push(file.subject);
        Ok(())
    }

    fn warn_of_unknown(&mut self, place: &str, unknown: &BTreeMap<String, Value>) {
        self.warnings.extend(unknown.keys().map(|key| format!("{place}: unknown key `{key}`")));
    }

    fn warn_of_unknown_delegates(&mut self) {
        let unknown: Vec<String> = self
            .accounts()
            .flat_map(|account| account.delegates.iter().map(move |delegate| (account, delegate)))
            .filter(|(_, delegate)| self.account(delegate).is_none())
            .map(|(account, delegate)| {
                format!("account `{}`: unknown delegate `{delegate}`", account.subject)
            })
            .collect();
        self.warnings.extend(unknown);
    }

    fn warn_of_unknown_entries(&mut self) {
        let entries = self.table.sections.iter().flat_map(|section| &section.entries);
        let unknown: Vec<String> = entries
            .filter_map(|entry| match &entry.subjects {
                Subjects::Subject(subject) => {
                    self.account(subject).is_none().then(|| format!("unknown subject `{subject}`"))
                }
                Subjects::Group(group) => {
                    self.members(group).next().is_none().then(|| format!("unknown group `{group}`"))
                }
            })
            .map(|problem| format!("table: {problem}"))
            .collect();
        self.warnings.extend(unknown);
    }
}

/// Refuses addresses that a browser would run, such as `javascript:`.
fn check_addresses(section: &Section) -> Result<(), ReadBootstrapError> {
    let addresses = |entry: &Entry| {
        let links = entry.links.iter().filter_map(|link| link.url.clone());
        entry.url.clone().into_iter().chain(links).collect::<Vec<String>>()
    };
    for entry in &section.entries {
        let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        if let Some(url) = addresses(entry).into_iter().find(|url| !is_web(url)) {
            return Err(ReadBootstrapError::Url { entry: entry.name.clone(), url });
        }
    }
    Ok(())
}
