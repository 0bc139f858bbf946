//! The files: which ones count, and what is in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::environment::Environment;
use super::error::ConfigError;
use super::texts;

/// The largest file that is read; no `clouds.yaml` comes near.
const LARGEST: u64 = 16 << 20;

/// A file that was read.
#[derive(Clone)]
pub(crate) struct Read {
    pub(crate) path: PathBuf,
    pub(crate) content: Map<String, Value>,
}

/// The first file of a name that there is: the one of the variable, then those of the directories.
pub(crate) fn first(
    environment: &Environment,
    stem: &str,
    variable: &str,
) -> Result<Option<Read>, ConfigError> {
    let named = environment.variable(variable).map(|path| environment.expanded(path));
    for path in named.into_iter().chain(candidates(environment, stem)) {
        match read(&path) {
            Ok(content) => return Ok(Some(Read { path, content })),
            Err(Trouble::Absent) => {}
            Err(Trouble::Error(error)) => return Err(error),
        }
    }
    Ok(None)
}

/// All paths that are looked at.
pub(crate) fn candidates(environment: &Environment, stem: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for directory in environment.directories() {
        for suffix in ["yaml", "yml", "json"] {
            let path = directory.join(format!("{stem}.{suffix}"));
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    paths
}

enum Trouble {
    /// It is not there, or not for this user; the next one counts, as OpenStack's clients do.
    Absent,
    Error(ConfigError),
}

fn read(path: &Path) -> Result<Map<String, Value>, Trouble> {
    let unreadable = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory => {
            Trouble::Absent
        }
        _ => Trouble::Error(ConfigError::Unreadable { path: path.to_owned(), reason: error.to_string() }),
    };
    let length = fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    if length > LARGEST {
        let reason = format!("it has {length} bytes, more than any such file");
        return Err(Trouble::Error(ConfigError::Unreadable { path: path.to_owned(), reason }));
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(&error))?;
    parse(path, &text).map_err(Trouble::Error)
}

fn parse(path: &Path, text: &str) -> Result<Map<String, Value>, ConfigError> {
    let json = path.extension().is_some_and(|extension| extension == "json");
    let syntax = |format, reason: String| ConfigError::Syntax { path: path.to_owned(), format, reason };
    let value: Value = if json {
        texts::of_json(text)
            // The message may quote what it has found, which may be a secret; its place is enough.
            .map_err(|error| syntax("JSON", format!("line {}, column {}", error.line(), error.column())))?
    } else {
        texts::of_yaml(text).map_err(|error| {
            let place = error.location().map_or_else(
                || "its end is reached too early".to_owned(),
                |place| format!("line {}, column {}", place.line(), place.column()),
            );
            syntax("YAML", place)
        })?
    };
    match value {
        Value::Object(content) => Ok(content),
        Value::Null => Ok(Map::new()),
        other => Err(ConfigError::Shape {
            path: path.to_owned(),
            key: "the file".to_owned(),
            expected: "a mapping with `clouds`",
            found: kind_of(&other),
        }),
    }
}

/// What a value is.
pub(crate) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
        // Numbers and truth values are texts, as they are written.
        _ => "a text",
    }
}
