//! The global options.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use scs_standards::Profile;

use super::at::At;
use super::color::{self, When};
use super::output::Output;

/// The global options.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Write the result to FILE; the file appears once it is complete [default: standard output]
    #[arg(short, long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(crate) output: Option<PathBuf>,

    /// Follow the wording of the standards, or the official test suite
    #[arg(
        long,
        global = true,
        value_name = "PROFILE",
        default_value = "text",
        help_heading = "Global options"
    )]
    pub(crate) profile: ProfileChoice,

    /// Use this date (2026-11-23) or time (2026-11-23T08:30:00Z) as the current time
    #[arg(long, global = true, value_name = "DATE-OR-TIME", help_heading = "Global options")]
    pub(crate) at: Option<At>,

    /// When to use colors; `NO_COLOR` also disables them
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub(crate) color: color::When,
}

/// `--profile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileChoice {
    /// The wording of the standards
    Text,
    /// The official test suite as of today
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
    /// The profile that `--profile` selects.
    pub(crate) fn profile(&self) -> Profile {
        self.profile.into()
    }

    /// Whether to color results: in a file only with `--color always`.
    pub(crate) fn colors_results(&self, output: &Output) -> bool {
        if output.is_standard() { self.color.on_stdout() } else { self.color == When::Always }
    }
}
