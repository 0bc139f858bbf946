//! The bootstrap file: who may do what, and what the table lists.
//!
//! Accounts have the format of the official monitor. The table (`table`), contacts and certificates are additions that the official
//! monitor ignores.

mod certificates;
mod notify;
mod read;
mod role;
mod table;

use std::collections::BTreeMap;

use scs_certificates::report::signature::Signers;

pub use certificates::CertificateEntry;
pub use notify::{Address, Language, Notify, Webhook};
pub use read::ReadBootstrapError;
pub use role::{ParseRoleError, Role, Roles};
pub use table::{Entry, Link, Section, Subjects, Table};

/// The accounts and the table of a bootstrap file.
///
/// ```
/// use scs_monitor::{Bootstrap, Role};
///
/// let bootstrap = Bootstrap::read("
/// accounts:
///   - subject: zuul_ci
///     roles: [append_any]
///   - subject: my-cloud
///     group: my-group
///     delegates: [zuul_ci]
/// ")?;
/// assert!(bootstrap.account("zuul_ci").unwrap().roles.contains(Role::AppendAny));
/// assert!(bootstrap.may_report_for("zuul_ci", "my-cloud"));
/// assert_eq!(bootstrap.members("my-group").collect::<Vec<_>>(), ["my-cloud"]);
/// # Ok::<(), scs_monitor::ReadBootstrapError>(())
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Bootstrap {
    accounts: BTreeMap<String, Account>,
    /// The names of accounts in the order of the file.
    order: Vec<String>,
    /// The table of compatible clouds.
    pub table: Table,
    /// The issued certificates.
    pub certificates: Vec<CertificateEntry>,
    /// Irregularities of the file, which change nothing for the rest of it.
    pub warnings: Vec<String>,
}

/// An account: a subject under test, or someone who acts for several.
#[derive(Debug)]
#[non_exhaustive]
pub struct Account {
    /// The name of the account, which is that of its subject.
    pub subject: String,
    /// The hashes of its API keys, by argon2 or bcrypt.
    pub api_keys: Vec<String>,
    /// The keys that may sign its reports.
    pub signers: Vec<Signers>,
    /// What it may do beyond its own subject.
    pub roles: Roles,
    /// The group that the subject belongs to.
    pub group: Option<String>,
    /// The accounts that may report for it.
    pub delegates: Vec<String>,
    /// Whom to tell about its subject.
    pub notify: Option<Notify>,
}

impl Bootstrap {
    /// The account of a subject.
    #[must_use]
    pub fn account(&self, subject: &str) -> Option<&Account> {
        self.accounts.get(subject)
    }

    /// All accounts in the order of the file.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.order.iter().filter_map(|subject| self.account(subject))
    }

    /// The subjects of a group in the order of the file.
    pub fn members(&self, group: &str) -> impl Iterator<Item = &str> {
        self.accounts()
            .filter(move |account| account.group.as_deref() == Some(group))
            .map(|account| account.subject.as_str())
    }

    /// Whether an account may sign reports of a subject: its own ones, and those of subjects that name it as delegate.
    #[must_use]
    pub fn may_report_for(&self, account: &str, subject: &str) -> bool {
        account == subject
            || self.account(subject).is_some_and(|it| it.delegates.iter().any(|delegate| delegate == account))
    }
}
