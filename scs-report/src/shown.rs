//! A report as it is shown.

use scs_registry::Report;

/// A report with its source and the next steps.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Shown<'a> {
    /// The report.
    pub report: &'a Report,
    /// The checked file, for formats that refer to files.
    pub file: Option<String>,
    /// The command line, for the official report.
    pub command: Option<String>,
    /// The next steps; commands are between backticks.
    pub next: Vec<String>,
}

impl<'a> Shown<'a> {
    /// A report without a source.
    #[must_use]
    pub const fn new(report: &'a Report) -> Self {
        Self { report, file: None, command: None, next: Vec::new() }
    }

    /// Replaces the report, for example by one with marks of a baseline.
    #[must_use]
    pub fn about(self, report: &Report) -> Shown<'_> {
        Shown { report, file: self.file, command: self.command, next: self.next }
    }

    /// Sets the checked file.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..self }
    }

    /// Sets the command line.
    #[must_use]
    pub fn by_command(self, command: impl Into<String>) -> Self {
        Self { command: Some(command.into()), ..self }
    }

    /// Adds a next step.
    #[must_use]
    pub fn then(mut self, step: impl Into<String>) -> Self {
        self.next.push(step.into());
        self
    }
}
