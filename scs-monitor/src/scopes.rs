//! The certificate scopes: those that are built in, or the files of a directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use scs_certificates::{ReadScopeError, Scope};
use thiserror::Error;

/// Error: the scope files cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadScopesError {
    /// The directory or a file cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A file is not a scope.
    #[error("{path}: {source}")]
    Scope {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: ReadScopeError,
    },
    /// A file has errors, so that what it requires is unknown.
    #[error("{path}: {problem}")]
    Problem {
        /// The path.
        path: PathBuf,
        /// The first error.
        problem: String,
    },
    /// Two files have the same UUID.
    #[error("{path}: another file has the UUID {uuid}, too")]
    Duplicate {
        /// The path.
        path: PathBuf,
        /// The UUID.
        uuid: String,
    },
    /// The directory has no scope files.
    #[error("{0}: no files named `scs-*.yaml`")]
    None(PathBuf),
}

/// The scopes by UUID.
#[derive(Debug)]
pub struct Scopes(BTreeMap<String, Scope>);

impl Scopes {
    /// The scopes that are built in.
    #[must_use]
    pub fn embedded() -> Self {
        Self(Scope::embedded().into_iter().map(|scope| (scope.uuid().to_owned(), scope.clone())).collect())
    }

    /// Reads the files named `scs-*.yaml` of a directory, as the official monitor does.
    ///
    /// # Errors
    ///
    /// If one of them is not a scope or has errors, or there are none.
    pub fn read(directory: &Path) -> Result<Self, ReadScopesError> {
        let io = |source| ReadScopesError::Io { path: directory.to_owned(), source };
        let mut paths = std::fs::read_dir(directory)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
            .map_err(io)?;
        paths.retain(|path| {
            path.extension().is_some_and(|extension| extension == "yaml")
                && path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"scs-"))
        });
        paths.sort();
        let mut scopes = BTreeMap::new();
        for path in paths {
            let scope = read(&path)?;
            let uuid = scope.uuid().to_owned();
            if scopes.insert(uuid.clone(), scope).is_some() {
                return Err(ReadScopesError::Duplicate { path, uuid });
            }
        }
        if scopes.is_empty() { Err(ReadScopesError::None(directory.to_owned())) } else { Ok(Self(scopes)) }
    }

    /// The scope with a UUID.
    #[must_use]
    pub fn get(&self, uuid: &str) -> Option<&Scope> {
        self.0.get(uuid)
    }

    /// The scope with a UUID or a name such as `scs-compatible-iaas`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Scope> {
        self.get(name).or_else(|| self.iter().find(|scope| scope.slug() == name))
    }

    /// All scopes, ordered by UUID.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.values()
    }
}

fn read(path: &Path) -> Result<Scope, ReadScopesError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ReadScopesError::Io { path: path.to_owned(), source })?;
    let scope: Scope =
        text.parse().map_err(|source| ReadScopesError::Scope { path: path.to_owned(), source })?;
    let problem = scope.errors().next().map(ToString::to_string);
    match problem {
        Some(problem) => Err(ReadScopesError::Problem { path: path.to_owned(), problem }),
        None => Ok(scope),
    }
}
