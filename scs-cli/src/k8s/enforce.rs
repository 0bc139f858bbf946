//! `scs k8s enforce`: what makes a cluster keep the standards by itself.

use std::io::Write;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use scs_k8s_policy::{Cluster, Manifest, enforcement, label_commands, system_namespaces};
use scs_registry::Kind;
use scs_standards::Given;
use serde::Serialize;

use crate::Outcome;
use crate::check::read_inventory;
use crate::cli::Common;
use crate::failure::Failure;
use crate::files;
use crate::input::Source;
use crate::output::Output;

/// `scs k8s enforce`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs k8s enforce cluster.json > enforce.yaml      read it, then: kubectl apply --dry-run=server -f enforce.yaml
  scs k8s enforce -f json cluster.json             the same for programs

It prints Pod Security labels for namespaces that lack them, and a ValidatingAdmissionPolicy with its binding that keeps
new namespaces from lacking them (scs-0217-v1); and, as comments, the commands that label nodes (scs-0214-v2). Nothing is
changed by this program.
Exit status: 0 it is printed, 1 not all namespaces are known, 2 an input could not be read.")]
pub(crate) struct Enforce {
    /// An inventory of a cluster with its namespaces; `-` is standard input
    #[arg(value_name = "INVENTORY")]
    inventory: Source,

    /// What the provider states, beside what the inventory has of it: namespaces under the topic `system-namespaces`
    /// are left alone
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How manifests are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A stream of YAML documents for `kubectl apply -f`
    Text,
    /// Manifests and commands as data
    Json,
    /// As json, in YAML
    Yaml,
}

/// What enforces the standards.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "What `scs k8s enforce` prints")]
pub(crate) struct Document {
    /// What `kubectl apply -f` takes, one after the other.
    manifests: Vec<Row>,
    /// The commands that set labels which nodes lack (scs-0214).
    node_labels: Vec<String>,
}

/// A manifest.
#[derive(Serialize, JsonSchema)]
struct Row {
    kind: String,
    name: String,
    /// What `kubectl apply -f` takes.
    manifest: String,
}

impl Enforce {
    pub(crate) fn run(&self, common: &Common) -> Result<Outcome, Failure> {
        let name = self.inventory.name();
        let inventory = read_inventory(&self.inventory)?;
        if inventory.kind() != Kind::Cluster {
            return Err(Failure::new(format!("{name} is about a cloud")).hint(
                "give an inventory with `kind: cluster`; `scs k8s collect-script` prints what makes one",
            ));
        }
        let cluster = Cluster::read(|part| inventory.given(part));
        // Without the namespaces there is still the policy for those to come.
        let unknown = match &cluster.namespaces {
            Given::Not => Some("the inventory has no `namespaces`".to_owned()),
            Given::Unusable(reason) => Some(format!("`namespaces` cannot be used: {reason}")),
            Given::Data(namespaces) => {
                namespaces.broken().first().map(|broken| format!("`namespaces`: {broken}"))
            }
        };
        let row = |manifest: Manifest| {
            let text = manifest.yaml().map_err(|error| Failure::new(error.to_string()))?;
            Ok(Row { kind: manifest.kind().to_owned(), name: manifest.name().to_owned(), manifest: text })
        };
        let declarations = inventory.declarations().and(&files::declarations(self.declarations.as_ref())?);
        let today = crate::at::now(common.at).to_zoned(TimeZone::UTC).date();
        let system = system_namespaces(&declarations, today).map_err(|reason| {
            Failure::new(format!("the declaration of `system-namespaces` cannot be used: {reason}"))
                .hint("declare it anew, or leave it out: then these namespaces count as users'")
        })?;
        let manifests = enforcement(&cluster, system).into_iter().map(row).collect::<Result<_, Failure>>()?;
        let document = Document { manifests, node_labels: label_commands(&cluster) };
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            Format::Text => {
                writeln!(
                    output,
                    "# Makes the cluster of {name} keep scs-0217-v1. Read it before it is applied."
                )?;
                if let Some(unknown) = &unknown {
                    writeln!(output, "# Labels of namespaces may be missing here: {unknown}")?;
                }
                if !document.node_labels.is_empty() {
                    writeln!(output, "# Labels that nodes lack (scs-0214-v2) are set by these commands:")?;
                }
                for command in &document.node_labels {
                    writeln!(output, "#   {command}")?;
                }
                for row in &document.manifests {
                    writeln!(output, "---\n{}", row.manifest.trim_start_matches("---\n").trim_end())?;
                }
            }
            Format::Json | Format::Yaml => {
                files::write_document(&mut output, &document, self.format == Format::Yaml)?;
            }
        }
        output.finish()?;
        Ok(Outcome::fine_if(unknown.is_none()))
    }
}
