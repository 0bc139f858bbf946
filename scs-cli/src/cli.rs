//! The command line: all commands, and the modules that run them.

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
use crate::command::explain::Explain;
use crate::command::facts::FactsCommand;
use crate::command::flavor::FlavorCommand;
use crate::command::image::ImageCommand;
use crate::command::inventory::{Cleanup, InventoryCommand};
use crate::command::k8s::K8sCommand;
use crate::command::report::ReportCommand;
use crate::command::standards::StandardsCommand;
use crate::shapes;

/// Check OpenStack clouds and Kubernetes clusters against the Sovereign Cloud Stack (SCS) standards
#[derive(Debug, Parser)]
#[command(
    name = "scs",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = "\
Examples:
  scs check cloud.yaml                    is the cloud SCS-compatible?
  scs check --os-cloud my-cloud           check a live cloud
  scs flavor parse SCS-2V-8               explain a flavor name
  openstack flavor list -f value -c Name | scs flavor check -
                                          check the names of a cloud's flavors
  scs image check images.json             check a cloud's images
  scs flavor check --help                 more about one command

Exit status: 0 success, 1 something is invalid or does not conform, 2 error."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check an inventory, a live cloud or a live cluster against a certificate scope
    Check(Box<Check>),
    /// Show deadlines and expiry dates of images, declarations, results, Kubernetes versions and scopes
    Calendar(CalendarOf),
    /// Compare two inventories or reports
    Diff(Diff),
    /// Collect the inventory of a cloud or cluster
    Inventory(InventoryCommand),
    /// Delete leftovers of crashed probes
    Cleanup(Cleanup),
    /// Flavors and their names: check, parse, convert, generate, repair
    #[command(subcommand)]
    Flavor(FlavorCommand),
    /// Images and their metadata: check, list, life cycle, repair
    #[command(subcommand)]
    Image(ImageCommand),
    /// Random numbers in virtual machines: probe, check, sample VM
    #[command(subcommand)]
    Entropy(EntropyCommand),
    /// Kubernetes: required versions and their dates, rights, repairs and enforcement in a cluster
    #[command(subcommand)]
    K8s(K8sCommand),
    /// Certificates: scopes, requirements, evaluation of results
    #[command(subcommand)]
    Certificate(CertificateCommand),
    /// Reports: show, merge, sign, verify
    #[command(subcommand)]
    Report(ReportCommand),
    /// Standards documents: list, show, compare, lint; documentation tables; JSON Schemas
    #[command(subcommand)]
    Standards(StandardsCommand),
    /// List and update the dated facts that checks depend on
    #[command(subcommand)]
    Facts(FactsCommand),
    /// Explain a rule, test case, document, difference or file of facts
    Explain(Explain),
    /// Print shell completions
    Completions(Completions),
    /// Print the manual page, or write all manual pages to a directory
    Man(Manual),
}

impl Cli {
    /// Runs the command.
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
            Command::Facts(command) => command.run(&common),
            Command::Explain(explain) => explain.run(&common),
            Command::Completions(completions) => completions.run(&Self::command(), &common),
            Command::Man(manual) => manual.run(&Self::command(), &common),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn clap_accepts_the_command_line() {
        super::Cli::command().debug_assert();
    }
}
