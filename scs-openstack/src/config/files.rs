//! Finds and parses configuration files.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::environment::Environment;
use super::error::ConfigError;
use super::texts;
use scs_collector::files as bounded_files;

/// A parsed file.
#[derive(Clone)]
pub(crate) struct Read {
    pub(crate) path: PathBuf,
    pub(crate) content: Map<String, Value>,
}

/// The first existing file with a name: that in the variable, then those in the directories.
pub(crate) fn first(
    environment: &Environment,
    stem: &str,
    variable: &str,
) -> Result<Option<Read>, ConfigError> {
    let named = named(environment, variable).map(|path| (read(&path, bounded_files::read_stream), path));
    let candidates = candidates(environment, stem).into_iter();
    let found = candidates.map(|path| (read(&path, bounded_files::read), path));
    for (content, path) in named.into_iter().chain(found) {
        match content {
            Ok(content) => return Ok(Some(Read { path, content })),
            Err(FileProblem::Absent) => {}
            Err(FileProblem::Error(error)) => return Err(error),
        }
    }
    Ok(None)
}

/// The file set in a variable.
pub(crate) fn named(environment: &Environment, variable: &str) -> Option<PathBuf> {
    environment.variable(variable).map(|path| environment.expanded(path))
}

/// All paths that are searched.
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

enum FileProblem {
    /// It does not exist, or is not readable; as in OpenStack's clients, the next one is used.
    Absent,
    Error(ConfigError),
}

fn read(
    path: &Path,
    content: impl Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<Map<String, Value>, FileProblem> {
    let unreadable =
        |reason: String| FileProblem::Error(ConfigError::Unreadable { path: path.to_owned(), reason });
    let bytes = content(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory => {
            FileProblem::Absent
        }
        _ => unreadable(error.to_string()),
    })?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))?;
    parse(path, &text).map_err(FileProblem::Error)
}

fn parse(path: &Path, text: &str) -> Result<Map<String, Value>, ConfigError> {
    let json = path.extension().is_some_and(|extension| extension == "json");
    let syntax = |format, reason: String| ConfigError::Syntax { path: path.to_owned(), format, reason };
    let value: Value = if json {
        texts::of_json(text)
            // The message may quote a secret from the file; the position is enough.
            .map_err(|error| syntax("JSON", format!("line {}, column {}", error.line(), error.column())))?
    } else {
        texts::of_yaml(text).map_err(|error| {
            let place = error.location().map_or_else(
                || "unexpected end of file".to_owned(),
                |place| format!("line {}, column {}", place.line(), place.column()),
            );
            let reason = reason(&error, text).map(|reason| format!(": {reason}")).unwrap_or_default();
            syntax("YAML", place + &reason)
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

/// The parser's message, unless it quotes the text, which may be a secret.
fn reason(error: &serde_saphyr::Error, text: &str) -> Option<String> {
    let serde_saphyr::Error::ExternalMessage { msg, .. } = error.without_snippet() else { return None };
    let reason = msg.lines().next()?;
    let words = reason.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() > 2);
    let known = |word: &str| text.split(|letter: char| !letter.is_alphanumeric()).any(|piece| piece == word);
    words.into_iter().all(|word| !known(word)).then(|| reason.to_owned())
}

/// The type of a value.
pub(crate) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
        // Numbers and booleans are kept as written.
        _ => "a string",
    }
}
