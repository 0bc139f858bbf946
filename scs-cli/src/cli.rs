//! The command line as a whole: what it takes, and which module answers.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use scs_standards::Profile;

use crate::at::At;
use crate::certificate::CertificateCommand;
use crate::check::Check;
use crate::color::When;
use crate::documentation::{Completions, Manual};
use crate::entropy::EntropyCommand;
use crate::explain::Explain;
use crate::failure::Failure;
use crate::flavor::FlavorCommand;
use crate::image::ImageCommand;
use crate::inventory::{Cleanup, InventoryCommand};
use crate::k8s::K8sCommand;
use crate::report::ReportCommand;
use crate::standards::StandardsCommand;
use crate::{Exit, color};

/// Checks what clouds and clusters offer against the Sovereign Cloud Stack (SCS) standards.
#[derive(Debug, Parser)]
#[command(
    name = "scs",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = "\
Examples:
  scs check cloud.yaml                            is the cloud SCS-compatible, and what is to do?
  scs check --os-cloud my-cloud                   the same for a cloud that answers now
  scs flavor parse SCS-2V-8                       what a flavor name says
  openstack flavor list -f value -c Name | scs flavor check -
                                                  which names of a cloud break the standard
  scs image check images.json                     what is wrong with a cloud's images
  scs flavor check --help                         more about one command

Exit status: 0 all is well, 1 something is invalid or does not conform, 2 the program could not run."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
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

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a cloud or a cluster, as an inventory, against all standards of a certificate scope
    Check(Check),
    /// Collect the inventory of a cloud
    Inventory(InventoryCommand),
    /// Take away what crashed probes have left behind in a cloud
    Cleanup(Cleanup),
    /// Flavor names and flavors: read, check, convert, compare
    #[command(subcommand)]
    Flavor(FlavorCommand),
    /// Images and their metadata: check, list, date, repair
    #[command(subcommand)]
    Image(ImageCommand),
    /// Random numbers in virtual machines: test, check, prepare a sample VM
    #[command(subcommand)]
    Entropy(EntropyCommand),
    /// Kubernetes: which versions to offer until when, what clusters should enforce
    #[command(subcommand)]
    K8s(K8sCommand),
    /// Certificates: what they ask for, and whether results suffice
    #[command(subcommand)]
    Certificate(CertificateCommand),
    /// Reports: show, merge, sign, verify
    #[command(subcommand)]
    Report(ReportCommand),
    /// What the program knows: the shapes of its outputs
    #[command(subcommand)]
    Standards(StandardsCommand),
    /// Explain a rule, test case, document, difference or file of facts
    Explain(Explain),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page, or write all of them into a directory
    Man(Manual),
}

impl Cli {
    /// Does what was asked for.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Self { common, command } = self;
        match command {
            Command::Check(check) => check.run(&common),
            Command::Inventory(inventory) => inventory.run(&common),
            Command::Cleanup(cleanup) => cleanup.run(&common),
            Command::Flavor(command) => command.run(&common),
            Command::Image(command) => command.run(&common),
            Command::Entropy(command) => command.run(&common),
            Command::K8s(command) => command.run(&common),
            Command::Certificate(command) => command.run(&common),
            Command::Report(command) => command.run(&common),
            Command::Standards(command) => command.run(&common),
            Command::Explain(explain) => explain.run(&common),
            Command::Completions(completions) => completions.run(&common),
            Command::Man(manual) => manual.run(&common),
        }
    }
}

impl Common {
    /// The profile.
    pub(crate) fn profile(&self) -> Profile {
        self.profile.into()
    }

    /// Whether results are colored: never in a file, unless asked for.
    pub(crate) fn colors_results(&self, output: &crate::output::Output) -> bool {
        if output.is_standard() { self.color.on_stdout() } else { self.color == When::Always }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
