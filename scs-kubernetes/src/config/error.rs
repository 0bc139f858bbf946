//! Configuration errors.

use std::path::{Path, PathBuf};

use scs_standards::suggestion::nearest;
use scs_standards::wording::quoted;
use thiserror::Error;

/// An error in the configuration, with the file, the context or the key that it is about. It contains no value of a secret key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file is unreadable.
    #[error("cannot read {}{}: {reason}", path.display(), needed(key.as_deref()))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The key that names it, with its file; `None` for a kubeconfig.
        key: Option<String>,
        /// The system's message.
        reason: String,
    },
    /// A file is not a kubeconfig.
    #[error("{}: not a kubeconfig: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Position and message.
        reason: String,
    },
    /// A file defines a context, cluster or user twice.
    #[error("{}: the {what} `{name}` is defined twice", path.display())]
    Duplicate {
        /// The file.
        path: PathBuf,
        /// `context`, `cluster` or `user`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// There is no such context.
    #[error("no context `{name}`{}; {}", maybe(name, contexts), available(contexts, files))]
    UnknownContext {
        /// The requested name.
        name: String,
        /// The available ones.
        contexts: Vec<String>,
        /// The kubeconfigs.
        files: Vec<PathBuf>,
    },
    /// No context is selected.
    #[error("no context is selected: `current-context` is not set; {}", available(contexts, files))]
    NoContext {
        /// The available contexts.
        contexts: Vec<String>,
        /// The kubeconfigs.
        files: Vec<PathBuf>,
    },
    /// Nothing is configured.
    #[error("no cluster is configured: {}", searched(files))]
    NothingConfigured {
        /// The files that do not exist.
        files: Vec<PathBuf>,
    },
    /// A context refers to a cluster or user that is not defined.
    #[error("{place}: the {what} `{name}` is not defined{}", maybe(name, known))]
    Undefined {
        /// The file and the context, or the option.
        place: String,
        /// `cluster` or `user`.
        what: &'static str,
        /// The name.
        name: String,
        /// The defined ones.
        known: Vec<String>,
    },
    /// A required key is not set.
    #[error("{place}: `{key}` is not set")]
    Missing {
        /// The file and the cluster or user.
        place: String,
        /// The key.
        key: &'static str,
    },
    /// A key has an invalid value.
    #[error("{place}: `{key}` is invalid: {reason}")]
    Value {
        /// The file and the cluster or user.
        place: String,
        /// The key.
        key: &'static str,
        /// The expected value.
        reason: String,
    },
    /// Two keys exclude each other.
    #[error("{place}: `{first}` and `{second}` exclude each other; remove one of them")]
    Conflict {
        /// The file and the cluster or user.
        place: String,
        /// The first key.
        first: &'static str,
        /// The second key.
        second: &'static str,
    },
    /// A kind of authentication that `kubectl` no longer supports either.
    #[error(
        "{place}: `auth-provider` is no longer supported, by kubectl since 1.26; use a credential plug-in under `exec`"
    )]
    AuthProvider {
        /// The file and the user.
        place: String,
    },
    /// A credential plug-in would be run, although that was forbidden.
    #[error("{place}: the credential plug-in `{command}` would be run, which is not allowed here")]
    PluginForbidden {
        /// The file and the user.
        place: String,
        /// The program.
        command: String,
    },
}

fn needed(key: Option<&str>) -> String {
    key.map(|key| format!(" ({key})")).unwrap_or_default()
}

fn maybe(name: &str, known: &[String]) -> String {
    let near = nearest(name, known.iter().map(String::as_str));
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

fn listed<P: AsRef<Path>>(files: &[P]) -> String {
    let files: Vec<String> = files.iter().map(|file| file.as_ref().display().to_string()).collect();
    files.join(" and ")
}

fn available(contexts: &[String], files: &[PathBuf]) -> String {
    let has = if files.len() > 1 { "have" } else { "has" };
    match contexts {
        _ if files.is_empty() => "no kubeconfig was found".to_owned(),
        [] => format!("{} {has} no contexts", listed(files)),
        contexts => format!("{} {has} {}", listed(files), quoted(contexts)),
    }
}

fn searched(files: &[PathBuf]) -> String {
    match files {
        [] => "`KUBECONFIG` is not set, and there is no home directory".to_owned(),
        [file] => format!("{} does not exist", file.display()),
        files => format!("{} do not exist", listed(files)),
    }
}
