//! The command line as a whole: what it takes, and which module answers.

use clap::{CommandFactory, Parser, Subcommand};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::command::calendar::CalendarOf;
use crate::command::certificate::CertificateCommand;
use crate::command::check::Check;
use crate::command::diff::Diff;
use crate::command::documentation::{Completions, Manual};
use crate::command::entropy::EntropyCommand;
use crate::command::flavor::FlavorCommand;
use crate::command::image::ImageCommand;
use crate::command::inventory::{Cleanup, InventoryCommand};
use crate::command::k8s::K8sCommand;
use crate::command::report::ReportCommand;
use crate::command::standards::StandardsCommand;
use crate::shapes;

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

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a cloud or a cluster, as an inventory, against all standards of a certificate scope
    Check(Check),
    /// Show what is due and what expires: images, declarations, results, Kubernetes versions, scope changes
    Calendar(CalendarOf),
    /// Show what has changed between two inventories or reports
    Diff(Diff),
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
            Command::Calendar(calendar) => calendar.run(&common),
            Command::Diff(diff) => diff.run(&common),
            Command::Inventory(inventory) => inventory.run(&common),
            Command::Cleanup(cleanup) => cleanup.run(&common),
            Command::Flavor(command) => command.run(&common),
            Command::Image(command) => command.run(&common),
            Command::Entropy(command) => command.run(&common),
            Command::K8s(command) => command.run(&common),
            Command::Certificate(command) => command.run(&common),
            Command::Report(command) => command.run(&common),
            Command::Standards(command) => command.run(&common, shapes::schema),
            Command::Completions(completions) => completions.run(&Self::command(), &common),
            Command::Man(manual) => manual.run(&Self::command(), &common),
        }
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
