//! `scs check`: an inventory against all standards of a scope. The main job of the program.

mod conformance_results;
mod document;
mod inputs;
mod junit;
mod origin;
mod sarif;
mod text;
mod yaml_report;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use regex::Regex;
use scs_certificates::{Scope, Target};
use scs_registry::{CheckOptions, Checked, Inventory, Kind, check};
use scs_standards::{Declarations, Verdict};

pub(crate) use document::CheckDocument;
pub(crate) use inputs::{read_inventory, read_parts};
pub(crate) use origin::{Origin, file_name};

use crate::Exit;
use crate::certificate::scope_file;
use crate::cli::Common;
use crate::color::Palette;
use crate::failure::Failure;
use crate::files::{self, Limit};
use crate::input::Source;
use crate::inventory::{CloudChoice, Collected};
use crate::k8s::{Facts, ReadFacts};
use crate::output::Output;

/// An inventory of a large cloud has some ten MiB.
const LIMIT: Limit =
    Limit { bytes: 1 << 30, what: "no inventory", hint: "an inventory is about one cloud or one cluster" };

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
    #[arg(long, value_name = "DAYS", value_parser = crate::image::days)]
    horizon: Option<u32>,

    /// List every note, too
    #[arg(long)]
    all: bool,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How a check is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One document with findings, results and verdict (scs/check/2)
    Json,
    /// As json, in YAML
    Yaml,
    /// The report that the official suite writes, for the compliance monitor
    YamlReport,
    /// For CI systems that read test results
    Junit,
    /// For CI systems that read findings of static analysis
    Sarif,
    /// Tables, for issues
    Markdown,
}

/// What is to be checked.
pub(crate) struct Given {
    origin: Origin,
    /// What its subject is called where it does not say.
    name: String,
    inventory: Inventory,
}

/// What came out for one subject.
pub(crate) struct Subject<'a> {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) inventory: Inventory,
    pub(crate) scope: &'a Scope,
    pub(crate) checked: Checked,
}

impl Check {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::at::now(common.at);
        let profile = common.profile();
        let declarations = files::declarations(self.declarations.as_ref())?;
        let ReadFacts { facts, left_out, later } = self.facts.read(at)?;
        let given = self.scope.as_deref().map(|name| scope_file::scope(name, profile)).transpose()?;
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
        let mut subjects: Vec<Subject<'_>> = Vec::with_capacity(inventories.len());
        for Given { origin, name, inventory } in inventories {
            let scope = given.as_deref().unwrap_or_else(|| usual_scope(inventory.kind()));
            let mut options = CheckOptions::new(scope, at, profile);
            options.version.clone_from(&self.scope_version);
            options.targets = self.target.iter().map(|name| Target::from(name.as_str())).collect();
            options.only.clone_from(&self.only);
            options.all_rules = self.all_rules;
            options.include_drafts = self.include_drafts;
            options.facts = &facts;
            options.horizon_days = self.horizon;
            let mut checked = check(&inventory, &options).map_err(|error| Failure::new(error.to_string()))?;
            if inventory.kind() == Kind::Cluster {
                checked.notices.extend(left_out.iter().chain(&later).cloned());
            }
            let name = inventory.subject().map_or(name, str::to_owned);
            subjects.push(Subject { name, origin, inventory, scope, checked });
        }
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            Format::Text => {
                let palette = Palette::new(common.colors_results(&output));
                for subject in &subjects {
                    let text = text::in_words(subject, at, profile, self.all, &palette);
                    output.write_all(text.as_bytes())?;
                }
                if subjects.len() > 1 {
                    output.write_all(text::table(&subjects).to_text().as_bytes())?;
                }
            }
            Format::Markdown => {
                if subjects.len() > 1 {
                    output.write_all(text::table(&subjects).to_markdown().as_bytes())?;
                    output.write_all(b"\n")?;
                }
                for subject in &subjects {
                    output.write_all(text::as_markdown(subject, at, self.all).as_bytes())?;
                }
            }
            Format::Json | Format::Yaml => {
                let yaml = self.format == Format::Yaml;
                let documents: Vec<CheckDocument<'_>> =
                    subjects.iter().map(|subject| CheckDocument::new(subject, at, profile)).collect();
                match documents.as_slice() {
                    // One of several is a list, whatever has come of the others.
                    [one] if wanted == 1 => files::write_document(&mut output, one, yaml)?,
                    several => files::write_document(&mut output, &several, yaml)?,
                }
            }
            Format::YamlReport => {
                for subject in &subjects {
                    output.write_all(yaml_report::report(subject, at)?.as_bytes())?;
                }
            }
            Format::Junit => {
                let report = junit::report(&subjects, at, self.include_drafts)?;
                output.write_all(report.as_bytes())?;
            }
            Format::Sarif => {
                serde_json::to_writer_pretty(&mut output, &sarif::log(&subjects))?;
                output.write_all(b"\n")?;
            }
        }
        output.finish()?;
        let fine = subjects.iter().all(|subject| subject.checked.verdict == Verdict::Pass);
        // The process ends soon, and gives all memory back at once.
        std::mem::forget(subjects);
        Failure::none_of(failures)?;
        Ok(Exit::success_if(fine))
    }

    /// The inventories of files or clouds, and why there is none of the other clouds.
    fn given(
        &self,
        at: Timestamp,
        declarations: &Declarations,
    ) -> Result<(Vec<Given>, Vec<Failure>), Failure> {
        if !self.inventories.is_empty() {
            let read = inputs::inventories(&self.inventories)?;
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

/// The scope that an inventory is usually held against.
fn usual_scope(kind: Kind) -> &'static Scope {
    match kind {
        Kind::Cloud => Scope::compatible_iaas(),
        Kind::Cluster => Scope::compatible_kaas(),
    }
}

/// A scope of the program or of a file.
pub(crate) fn scope(name: &str) -> Result<std::borrow::Cow<'static, Scope>, Failure> {
    use std::borrow::Cow;
    if let Some(scope) = Scope::named(name) {
        return Ok(Cow::Borrowed(scope));
    }
    let source = Source::from(std::path::Path::new(name));
    let opened = source.open().map_err(|failure| {
        let known: Vec<String> = Scope::embedded().iter().map(|scope| scope.slug()).collect();
        failure.hint(format!("scopes of the program are {}; anything else is a file", known.join(" and ")))
    })?;
    let text = files::text(opened, files::WRITTEN)?;
    Scope::read(&text)
        .map(Cow::Owned)
        .map_err(|error| Failure::new(format!("{name}: {error}")).hint("scs-0003-v1 describes scope files"))
}
