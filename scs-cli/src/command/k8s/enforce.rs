//! `scs k8s enforce`: what makes a cluster keep the standards by itself.

use std::io::Write;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use scs_k8s_policy::{
    Cluster, HeldBack, Manifest, NamespaceEnforcement, enforcement, label_commands, system_namespaces,
};
use scs_registry::Kind;
use scs_standards::Given;
use scs_standards::written::Comment;
use serde::Serialize;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::inventories::read_inventory;

/// `scs k8s enforce`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  scs k8s enforce cluster.json > enforce.yaml      read it, then: kubectl apply --dry-run=server -f enforce.yaml
  scs k8s enforce -f json cluster.json             the same for programs

It prints Pod Security labels for namespaces that lack them, and a ValidatingAdmissionPolicy with its binding that keeps
new namespaces from lacking them (scs-0217-v1); and, as comments, the commands that label nodes (scs-0214-v2). Labels by which
pods that run now would be refused, or that somebody has set to privileged, are commented out, with what would break. Nothing
is changed by this program.
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
    /// Labels of namespaces that somebody has to decide on first: pods in them would be refused, or their level is lower on
    /// purpose.
    held_back: Vec<HeldBackRow>,
    /// The API servers on which the plug-in `PodSecurity` is switched off, so that labels do nothing.
    without_plug_in: Vec<String>,
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

/// A manifest that is not to be applied unread.
#[derive(Serialize, JsonSchema)]
struct HeldBackRow {
    kind: String,
    name: String,
    /// What `kubectl apply -f` takes.
    manifest: String,
    /// Whether somebody has set the level `privileged`.
    is_on_purpose: bool,
    /// What runs in the namespace and would be refused.
    workloads: Vec<String>,
}

fn row(manifest: &Manifest) -> Result<Row, Failure> {
    let text = manifest.yaml().map_err(|error| Failure::new(error.to_string()))?;
    Ok(Row { kind: manifest.kind().to_owned(), name: manifest.name().to_owned(), manifest: text })
}

fn held_back(held: HeldBack) -> Result<HeldBackRow, Failure> {
    let Row { kind, name, manifest } = row(&held.manifest)?;
    Ok(HeldBackRow { kind, name, manifest, is_on_purpose: held.is_on_purpose, workloads: held.workloads })
}

/// A document of a stream, as it is.
fn document(manifest: &str) -> String {
    let manifest = manifest.strip_prefix("---\n").unwrap_or(manifest);
    let end = if manifest.ends_with('\n') { "" } else { "\n" };
    format!("---\n{manifest}{end}")
}

impl Enforce {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
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
            Given::Missing => Some("the inventory has no `namespaces`".to_owned()),
            Given::Unusable(reason) => Some(format!("`namespaces` cannot be used: {reason}")),
            Given::Data(namespaces) => {
                namespaces.broken().first().map(|broken| format!("`namespaces`: {broken}"))
            }
        };
        let declarations = inventory.declarations().and(&files::declarations(self.declarations.as_ref())?);
        let today = crate::app::at::now(common.at).to_zoned(TimeZone::UTC).date();
        let system = system_namespaces(&declarations, today).map_err(|reason| {
            Failure::new(format!("the declaration of `system-namespaces` cannot be used: {reason}"))
                .hint("declare it again, or leave it out: then these namespaces count as users'")
        })?;
        let NamespaceEnforcement { manifests, held_back: held, without_plug_in, .. } =
            enforcement(&cluster, system);
        let written = Document {
            manifests: manifests.iter().map(row).collect::<Result<_, Failure>>()?,
            held_back: held.into_iter().map(held_back).collect::<Result<_, Failure>>()?,
            without_plug_in,
            node_labels: label_commands(&cluster, &declarations, today),
        };
        let mut output = Output::open(common.output.as_deref())?;
        match self.format {
            Format::Text => stream(&mut output, &name, unknown.as_deref(), &written)?,
            Format::Json | Format::Yaml => {
                files::write_document(&mut output, &written, self.format == Format::Yaml)?;
            }
        }
        output.finish()?;
        Ok(Exit::success_if(unknown.is_none()))
    }
}

/// Everything as a stream of YAML, which `kubectl` reads: what comes from the cluster is in comments that no text leaves.
fn stream(
    output: &mut impl Write,
    name: &str,
    unknown: Option<&str>,
    document_of: &Document,
) -> std::io::Result<()> {
    let mut comment = |text: &str| writeln!(output, "{}", Comment(text));
    comment(&format!("Makes the cluster of {name} keep scs-0217-v1. Read it before you apply it."))?;
    if let Some(unknown) = unknown {
        comment(&format!("Labels of namespaces may be missing here: {unknown}"))?;
    }
    if let [first, ..] = document_of.without_plug_in.as_slice() {
        comment(&format!(
            "The admission plug-in PodSecurity is switched off on {first} ({} in all): until it is on, labels hold for no pod.",
            document_of.without_plug_in.len()
        ))?;
    }
    if !document_of.node_labels.is_empty() {
        comment("Labels that nodes lack (scs-0214-v2) are set by these commands:")?;
    }
    for command in &document_of.node_labels {
        comment(&format!("  {command}"))?;
    }
    for held in &document_of.held_back {
        comment("")?;
        let why = match (held.is_on_purpose, held.workloads.is_empty()) {
            (true, true) => "its level is privileged, which somebody has set",
            (true, false) => "its level is privileged, which somebody has set, and these would be refused:",
            (false, _) => "these would be refused when they start again:",
        };
        comment(&format!("Namespace {}, commented out: {why}", held.name))?;
        for workload in &held.workloads {
            comment(&format!("  {workload}"))?;
        }
        comment("If it belongs to your own components, declare it under the topic system-namespaces.")?;
        for line in document(&held.manifest).lines() {
            comment(line)?;
        }
    }
    for row in &document_of.manifests {
        output.write_all(document(&row.manifest).as_bytes())?;
    }
    Ok(())
}
