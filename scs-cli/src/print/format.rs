//! The formats of everything but check reports, whose formats are in `scs-report`.

use clap::ValueEnum;

/// The format of a list or a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Text,
    /// JSON
    Json,
    /// Same data as json, in YAML
    Yaml,
    /// Markdown
    Markdown,
}

/// The format of rows that are written one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    /// Text for people
    Text,
    /// JSON: a list, or an object for a single argument
    Json,
    /// JSON Lines: one object per line, streamed
    Jsonl,
    /// Same data as json, in YAML
    Yaml,
    /// Markdown table
    Markdown,
}

/// The format of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScriptFormat {
    /// What the command line tool takes: a shell script, or manifests
    Text,
    /// One JSON document
    Json,
    /// Same data as json, in YAML
    Yaml,
}
