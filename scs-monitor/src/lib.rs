//! The table of Sovereign Cloud Stack compatible clouds: signed reports come in, and who conforms goes out.
//!
//! | topic | type | module |
//! | --- | --- | --- |
//! | accounts, roles, entries of the table | [`Bootstrap`], [`Role`], [`Table`] | `bootstrap` |
//! | options and environment variables | [`Settings`] | `settings` |
//! | certificate scopes | [`Scopes`] | `scopes` |
//! | the database of the official monitor | [`import()`] | `import` |
//! | checks on a schedule | [`Runner`], [`RunnerConfig`] | `runner` |
//! | the running service | [`Service`], [`router`], [`serve`] | `service`, `web`, `connections` |
//!
//! Verdicts are those of `scs-certificates`; this crate stores, selects and shows.

mod agenda;
mod badge;
mod bootstrap;
mod certificates;
mod changes;
mod connections;
mod credentials;
mod demo;
mod explanations;
mod findings;
mod history;
mod import;
mod language;
mod metrics;
mod notify;
mod official;
mod page;
mod runner;
mod scopes;
mod selection;
mod service;
mod settings;
mod snapshot;
mod standing;
mod store;
mod submission;
mod time;
mod web;

pub use bootstrap::{
    Account, Address, Bootstrap, CertificateEntry, Entry, Language, Link, Notify, ParseRoleError,
    ReadBootstrapError, Role, Roles, Section, Subjects, Table, Webhook,
};
pub use connections::serve;
pub use import::{ImportError, Imported, import};
pub use runner::{ReadRunnerError, RunError, Runner, RunnerConfig, Target, TargetAccess};
pub use scopes::{ReadScopesError, Scopes};
pub use service::{Clock, Service, ServiceError};
pub use settings::Settings;
pub use web::router;
