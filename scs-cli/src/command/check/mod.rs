//! `scs check`: an inventory against all standards of a scope. The main job of the program.

mod next;

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use regex::Regex;
use scs_certificates::Target;
use scs_registry::{Inventory, Kind, Report, ScopeChoice, Selection, Subject, check};
use scs_report::Shown;
use scs_standards::{Context, Declarations};

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::print::report::ReportOptions;
use crate::source::cloud::{CloudChoice, Collected};
use crate::source::conformance_results;
use crate::source::facts::{Facts, ReadFacts};
use crate::source::inventories::{self, Given};
use crate::source::scope as scope_file;

/// The options of [`CloudChoice`]. By the name of their group, all would be named where one is in the way.
const OF_CLOUDS: [&str; 4] = ["os_cloud", "os_region_name", "probe", "as_admin"];

/// `scs check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs check cloud.yaml                             is it SCS-compatible, and what is to do?
  scs check --at 2027-01-01 cloud.yaml             will it be at the turn of the year?
  scs check --scope-version next cloud.yaml        by the version to come
  scs check --only 'scs-010[023]' cloud.yaml       a part of the test cases
  scs check --profile official cloud.yaml          as the official test suite decides
  scs check region-a.yaml region-b.yaml            one table for several subjects
  scs check --subject my-cloud flavors.json images.json volume-types.json
                                                   parts of an inventory, as clients print them
  kubectl get nodes,pods,namespaces,storageclasses -A -o json | scs check -
  scs check --k8s-releases releases.json cluster.json
                                                   a Kubernetes cluster, by the newest releases
  scs check --conformance-results sonobuoy.tar.gz cluster.json
                                                   with what `sonobuoy retrieve` gave
  scs check --os-cloud my-cloud                    what its APIs show now
  scs check --os-cloud my-cloud --probe key-manager,backup,s3,vm
                                                   and what comes of trying it out
  scs check -f junit -o report.xml cloud.yaml      for a CI system; also sarif, markdown, yaml-report

An inventory is a YAML or JSON document with `kind: cloud` or `kind: cluster` and what the APIs return: `flavors`,
`images`, … `scs standards schema inventory` describes it. Its parts can be given as well, as clients print them with
`-f json` and `-o json`: their content says which they are, and parts given together make one inventory. Directories of
such files are read, too. Missing data count as MISS and unusable data as DNF (did not finish).

By the text of the standards, every broken MUST of a document of the scope blocks the certificate. By the official test
suite (`--profile official`), test cases alone do.
Exit status: 0 the verdict is PASS, 1 it is not, 2 an input could not be read or a cloud could not be asked.")]
pub(crate) struct Check {
    /// What to check: inventories, parts of them, or directories of such files; `-` is standard input
    #[arg(value_name = "INPUT", conflicts_with_all = OF_CLOUDS)]
    inventories: Vec<Source>,

    #[command(flatten)]
    clouds: CloudChoice,

    /// Keep what was collected in this file, or one for each cloud in this directory
    #[arg(long, value_name = "FILE|DIRECTORY", help_heading = "Clouds", conflicts_with = "inventories")]
    save_inventory: Option<PathBuf>,

    /// The certificate scope, by name or as a file [default: by the kind of the inventory]
    #[arg(long, value_name = "NAME|FILE")]
    scope: Option<String>,

    /// The version of the scope that decides [default: the newest effective one]
    #[arg(long, value_name = "VERSION")]
    scope_version: Option<String>,

    /// The targets that decide [default: main]
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,

    /// Look only at test cases whose id matches
    #[arg(long, value_name = "REGEX")]
    only: Option<Regex>,

    /// What the subject is called [default: as the inventory or its file is]
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,

    /// Also let MUST rules without an official test case decide where information is missing
    #[arg(long)]
    all_rules: bool,

    /// Look at drafts as well
    #[arg(long)]
    include_drafts: bool,

    /// What the provider states about things that no API shows, beside what the inventory has of it
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    /// Results of end-to-end tests of the cluster, in the place of those that the inventory has: Sonobuoy's archive, its
    /// results in YAML, or JUnit XML
    #[arg(long, value_name = "FILE", help_heading = "Clusters", conflicts_with_all = OF_CLOUDS)]
    conformance_results: Vec<Source>,

    #[command(flatten)]
    facts: Facts,

    /// Warn about images that become outdated within DAYS; `--at` asks about a day
    #[arg(long, value_name = "DAYS", value_parser = crate::app::days::days)]
    horizon: Option<u32>,

    #[command(flatten)]
    report: ReportOptions,
}

impl Check {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let profile = common.profile();
        let declarations = files::declarations(self.declarations.as_ref())?;
        let ReadFacts { facts, left_out, later } = self.facts.read(at)?;
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
        let mut checked: Vec<(Given, Report)> = Vec::with_capacity(inventories.len());
        for given in inventories {
            let kind = given.inventory.kind();
            let scope = scope.as_deref().unwrap_or_else(|| kind.scope());
            let selection = Selection::of_scope(scope, kind, context.date(), &choice)
                .map_err(|error| Failure::new(error.to_string()))?;
            let name = given.inventory.subject().unwrap_or(&given.name);
            let mut subject =
                Subject::inventory(name, &given.inventory).with_facts(&facts).with_horizon(self.horizon);
            if kind == Kind::Cluster {
                subject = subject.with_notices(left_out.iter().chain(&later).cloned());
            }
            let report = check(&subject, &selection, &context);
            checked.push((given, report));
        }
        let shown: Vec<Shown<'_>> =
            checked.iter().map(|(given, report)| next::shown(report, &given.origin)).collect();
        let exit = self.report.print(&shown, wanted > 1, common)?;
        // The process ends soon, and gives all memory back at once.
        std::mem::forget(checked);
        Failure::none_of(failures)?;
        Ok(exit)
    }

    /// The version, the targets and the test cases that were chosen.
    fn choice(&self) -> ScopeChoice {
        let mut choice = ScopeChoice::default();
        choice.version.clone_from(&self.scope_version);
        choice.targets = self.target.iter().map(|name| Target::from(name.as_str())).collect();
        choice.only.clone_from(&self.only);
        choice.all_rules = self.all_rules;
        choice.include_drafts = self.include_drafts;
        choice
    }

    /// The inventories of files or clouds, and why there is none of the other clouds.
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
        if !self.clouds.is_made() {
            return Err(Failure::new("nothing to check: neither an inventory nor a cloud is named")
                .hint("name the file of an inventory or of a part of one, or a cloud of clouds.yaml with `--os-cloud`, or set `OS_AUTH_URL` and related variables"));
        }
        let Collected { inventories, failures } =
            self.clouds.inventories(at, self.save_inventory.as_deref())?;
        let named = |(title, origin, inventory)| Given {
            name: title,
            origin,
            inventory: self.completed(inventory, declarations),
        };
        Ok((inventories.into_iter().map(named).collect(), failures))
    }

    /// With what the command line says of it.
    fn completed(&self, inventory: Inventory, declarations: &Declarations) -> Inventory {
        let inventory = match &self.subject {
            Some(subject) => inventory.with_subject(subject),
            None => inventory,
        };
        inventory.with_declarations(declarations)
    }
}
