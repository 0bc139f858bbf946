//! `scs check`: checks an inventory against a certificate scope. The main command.

mod next;

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use regex::Regex;
use scs_certificates::Target;
use scs_registry::{Inventory, Report, ScopeChoice, Selection, Subject, check};
use scs_report::Shown;
use scs_standards::written::shell;
use scs_standards::{Context, Declarations};

use crate::app::at::At;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::parallel;
use crate::print::report::{Extent, ReportOptions, profile_option};
use crate::source::cloud::{self, CloudChoice};
use crate::source::cluster::{self, ClusterAccess, ClusterExtent};
use crate::source::conformance_results;
use crate::source::facts::Facts;
use crate::source::inventories::{self, Given};
use crate::source::live::{ClusterProbing, Collected, Live};
use crate::source::scope as scope_file;

/// The options of [`CloudChoice`], and those that select a cluster. With the name of the groups, clap's error would list all of
/// them.
const OF_CLOUDS: [&str; 3] = ["os_cloud", "os_region_name", "as_admin"];
const LIVE: [&str; 7] =
    ["os_cloud", "os_region_name", "probe", "as_admin", "kubeconfig", "context", "server"];

/// `scs check`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs check cloud.yaml                             is it SCS-compatible?
  scs check --at 2027-01-01 cloud.yaml             still on 1 January?
  scs check --scope-version next cloud.yaml        against the next version
  scs check --only 'scs-010[023]' cloud.yaml       only some test cases
  scs check --profile official cloud.yaml          like the official test suite
  scs check region-a.yaml region-b.yaml            one table for several clouds
  scs check --subject my-cloud flavors.json images.json volume-types.json
                                                   parts as clients print them
  kubectl get nodes,pods,namespaces,storageclasses -A -o json | scs check -
  scs check --k8s-releases releases.json cluster.json
                                                   a cluster, with newer data
  scs check --conformance-results sonobuoy.tar.gz cluster.json
                                                   with Sonobuoy's archive
  scs check --os-cloud my-cloud                    a live cloud
  scs check --context my-cluster --kubelets        a live cluster
  scs check --os-cloud my-cloud --probe key-manager,backup,s3,vm
                                                   including live probes
  scs check --context my-cluster --probe pvc,pod-security,network-policy
                                                   including those of clusters
  scs check -f junit -o report.xml cloud.yaml      for CI; see `--format`

An inventory is a YAML or JSON document with `kind: cloud` or `kind: cluster` and the data that the APIs \
return: `flavors`, `images`, … (see `scs standards schema inventory`). You can also pass its parts as \
clients print them with `-f json` or `-o json`: the kind of each part is detected, and parts given together \
form one inventory. Directories of such files work, too. Missing data count as MISS and unusable data as DNF \
(did not finish).

With `--profile text`, every broken MUST of a document in the scope blocks the certificate. With `--profile \
official`, only test cases do.

Exit status: 0 PASS, 1 any other verdict, 2 an input could not be read, or a cloud or \
cluster could not be queried.")]
pub(crate) struct Check {
    /// Inventories, parts of them, or directories of such files; `-` is standard input
    #[arg(value_name = "INPUT", conflicts_with_all = LIVE)]
    inventories: Vec<Source>,

    #[command(flatten)]
    clouds: CloudChoice,

    #[command(flatten)]
    access: ClusterAccess,

    #[command(flatten)]
    extent: ClusterExtent,

    #[command(flatten)]
    probing: ClusterProbing,

    /// Save the inventory to this file, or the inventories to this directory
    #[arg(
        long,
        value_name = "FILE|DIRECTORY",
        help_heading = "Live systems",
        conflicts_with = "inventories"
    )]
    save_inventory: Option<PathBuf>,

    /// Scope name or scope file [default: by the kind of inventory]
    #[arg(long, value_name = "NAME|FILE")]
    scope: Option<String>,

    /// Version of the scope that decides the verdict [default: the newest effective version]
    #[arg(long, value_name = "VERSION")]
    scope_version: Option<String>,

    /// Targets that decide the verdict [default: main]
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,

    /// Only check test cases whose id matches
    #[arg(long, value_name = "REGEX")]
    only: Option<Regex>,

    /// Name of the subject [default: from the inventory or its file name]
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,

    /// Also fail on MUST rules without an official test case if information is missing
    #[arg(long)]
    all_rules: bool,

    /// Include drafts
    #[arg(long)]
    include_drafts: bool,

    /// Declarations about requirements that no API can show, in addition to those in the inventory
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    /// Results of the cluster's end-to-end tests: Sonobuoy's archive, its results in YAML, or JUnit XML
    #[arg(long, value_name = "FILE", help_heading = "Clusters", conflicts_with_all = OF_CLOUDS)]
    conformance_results: Vec<Source>,

    #[command(flatten)]
    facts: Facts,

    /// Warn about images that become outdated within DAYS
    #[arg(long, value_name = "DAYS", value_parser = crate::app::days::days)]
    horizon: Option<u32>,

    /// Also fail if less than this percentage of the requested parts could be read
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    fail_coverage_below: Option<u8>,

    #[command(flatten)]
    report: ReportOptions,
}

impl Check {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let profile = common.profile();
        let declarations = files::declarations(self.declarations.as_ref())?;
        let facts = self.facts.read(at)?;
        let scope = self.scope.as_deref().map(|name| scope_file::scope(name, profile)).transpose()?;
        let (inventories, failures) = self.given(at, &declarations)?;
        let wanted = inventories.len() + failures.len();
        if self.subject.is_some() && wanted > 1 {
            return Err(Failure::new("`--subject` names one subject, but several inventories are given")
                .hint("give each inventory a key `subject`"));
        }
        if inventories.is_empty() {
            return Err(Failure::Several(failures));
        }
        let inventories = conformance_results::added(inventories, &self.conformance_results)?;
        let choice = self.choice();
        let none = Declarations::default();
        let context = Context { at, profile, declarations: &none };
        let one = |given: &Given| -> Result<Report, Failure> {
            let kind = given.inventory.kind();
            let scope = scope.as_deref().unwrap_or_else(|| kind.scope());
            let selection = Selection::of_scope(scope, kind, context.date(), &choice)
                .map_err(|error| Failure::new(error.to_string()))?;
            let name = given.inventory.subject().unwrap_or(&given.name);
            let subject = Subject::inventory(name, &given.inventory).with_horizon(self.horizon);
            // A given scope is what the user wants.
            let of_scope = self.scope.is_none().then(|| self.facts.fetched().scope_notice(kind)).flatten();
            let subject = facts.applied(subject, kind).with_notices(of_scope);
            Ok(check(&subject, &selection, &context))
        };
        let reports: Vec<Report> =
            parallel::map(&inventories, one).into_iter().collect::<Result<_, Failure>>()?;
        let checked: Vec<(Given, Report)> = inventories.into_iter().zip(reports).collect();
        let options = self.options_again(common);
        let outdated = facts.outdated_releases(at);
        let shown: Vec<Shown<'_>> = checked
            .iter()
            .map(|(given, report)| next::shown(report, &given.origin, &options, outdated))
            .collect();
        let extent = Extent {
            head: None,
            always_list: wanted > 1,
            all_versions: self.include_drafts,
            least_coverage: self.fail_coverage_below,
        };
        let exit = self.report.print(&shown, &extent, common)?;
        // Skip freeing: the process ends soon.
        std::mem::forget(checked);
        Failure::none_of(failures)?;
        Ok(exit)
    }

    /// The options of this check that select the questions, for the next command.
    fn options_again(&self, common: &Common) -> String {
        let mut options = profile_option(common.profile()).to_owned();
        let declarations = self.declarations.as_ref().map(Source::argument);
        let at = common.at.map(|At(at)| scs_report::day(at));
        let given = [
            ("--at", at.as_deref()),
            ("--scope", self.scope.as_deref()),
            ("--scope-version", self.scope_version.as_deref()),
            ("--declarations", declarations.as_deref()),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                options.extend([" ", &shell::option(name, value)]);
            }
        }
        if self.include_drafts {
            options.push_str(" --include-drafts");
        }
        options
    }

    /// The selected version, targets and test cases.
    fn choice(&self) -> ScopeChoice {
        let mut choice = ScopeChoice::default();
        choice.version.clone_from(&self.scope_version);
        choice.targets = self.target.iter().map(|name| Target::from(name.as_str())).collect();
        choice.only.clone_from(&self.only);
        choice.all_rules = self.all_rules;
        choice.include_drafts = self.include_drafts;
        choice
    }

    /// The inventories of files or clouds, and the errors of the other clouds.
    fn given(
        &self,
        at: Timestamp,
        declarations: &Declarations,
    ) -> Result<(Vec<Given>, Vec<Failure>), Failure> {
        if !self.inventories.is_empty() {
            let read = inventories::inventories(&self.inventories)?;
            let completed =
                |given: Given| Given { inventory: self.completed(given.inventory, declarations), ..given };
            return Ok((read.into_iter().map(completed).collect(), Vec::new()));
        }
        let save = self.save_inventory.as_deref();
        let Collected { inventories, failures } = match Live::chosen(&self.clouds, &self.access, self.extent)?
        {
            Live::Cloud => cloud::inventories(&self.clouds, at, save)?,
            Live::Cluster => {
                let probes = self.clouds.cluster_probes();
                let wanted = cluster::Wanted {
                    access: &self.access,
                    extent: self.extent,
                    probes: &probes,
                    probing: &self.probing,
                    at,
                };
                cluster::inventories(wanted, save)?
            }
            Live::None => {
                return Err(Failure::new("nothing to check: no inventory, no cloud and no cluster given")
                    .hint("give an inventory or a part of one as a file, a cloud of clouds.yaml with `--os-cloud`, or a cluster of a kubeconfig with `--kubeconfig` or `--context`"));
            }
        };
        let completed =
            |given: Given| Given { inventory: self.completed(given.inventory, declarations), ..given };
        Ok((inventories.into_iter().map(completed).collect(), failures))
    }

    /// Adds the subject and the declarations of the command line.
    fn completed(&self, inventory: Inventory, declarations: &Declarations) -> Inventory {
        let inventory = match &self.subject {
            Some(subject) => inventory.with_subject(subject),
            None => inventory,
        };
        inventory.with_declarations(declarations)
    }
}
