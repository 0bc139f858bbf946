//! The options that every command has.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use scs_standards::Profile;

use super::at::At;
use super::color::{self, When};
use super::output::Output;

/// The options of every command.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Write the result to FILE instead of standard output; the file appears when it is complete
    #[arg(short, long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub(crate) output: Option<PathBuf>,

    /// Decide by the standards' texts, or as the official test suite does
    #[arg(long, global = true, value_name = "PROFILE", default_value = "text", help_heading = "Everywhere")]
    pub(crate) profile: ProfileChoice,

    /// The date (2026-11-23) or time (2026-11-23T08:30:00Z) that counts as now
    #[arg(long, global = true, value_name = "DATE-OR-TIME", help_heading = "Everywhere")]
    pub(crate) at: Option<At>,

    /// When to use colors; `NO_COLOR` in the environment turns them off, too
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Everywhere")]
    pub(crate) color: color::When,
}

/// `--profile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileChoice {
    /// The standards' texts decide
    Text,
    /// As the official test suite decides today
    Official,
}

impl From<ProfileChoice> for Profile {
    fn from(choice: ProfileChoice) -> Self {
        match choice {
            ProfileChoice::Text => Self::Text,
            ProfileChoice::Official => Self::Official,
        }
    }
}

impl Common {
    /// The profile.
    pub(crate) fn profile(&self) -> Profile {
        self.profile.into()
    }

    /// Whether results are colored: never in a file, unless asked for.
    pub(crate) fn colors_results(&self, output: &Output) -> bool {
        if output.is_standard() { self.color.on_stdout() } else { self.color == When::Always }
    }
}
