//! `scs k8s enforce`: prints manifests that enforce the standards in a cluster.

use std::io::Write;

use clap::Args;
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
use crate::print::format::ScriptFormat;
use crate::source::inventories::read_inventory;

/// `scs k8s enforce`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs k8s enforce cluster.json > enforce.yaml
  kubectl apply --dry-run=server -f enforce.yaml   after reviewing it
  scs k8s enforce -f json cluster.json             for programs

Prints Pod Security labels for namespaces without them, a ValidatingAdmissionPolicy with a binding that \
requires them on new namespaces (scs-0217-v1), and, as comments, the commands that label nodes \
(scs-0214-v2). Labels that would reject running pods, or that would override an explicit `privileged`, are \
commented out and list the affected workloads. This program changes nothing.

Exit status: 0 success, 1 not all namespaces are known, 2 an input could not be read.")]
pub(crate) struct Enforce {
    /// Inventory of a cluster with its namespaces; `-` is standard input
    #[arg(value_name = "INVENTORY")]
    inventory: Source,

    /// Declarations, in addition to those in the inventory; namespaces in the topic `system-namespaces` are skipped
    #[arg(long, value_name = "FILE")]
    declarations: Option<Source>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ScriptFormat,
}

/// Manifests and commands that enforce the standards.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The output of `scs k8s enforce`")]
pub(crate) struct Document {
    /// Manifests for `kubectl apply -f`.
    manifests: Vec<Row>,
    /// Labels of namespaces that need a decision: pods would be rejected, or the level is lower on purpose.
    held_back: Vec<HeldBackRow>,
    /// API servers with the plug-in `PodSecurity` disabled, where labels have no effect.
    without_plug_in: Vec<String>,
    /// Commands that set missing node labels (scs-0214); those with a placeholder are comments.
    node_labels: Vec<String>,
}

/// A manifest.
#[derive(Serialize, JsonSchema)]
struct Row {
    kind: String,
    name: String,
    /// The manifest in YAML, for `kubectl apply -f`.
    manifest: String,
}

/// A manifest that needs a review before it is applied.
#[derive(Serialize, JsonSchema)]
struct HeldBackRow {
    kind: String,
    name: String,
    /// The manifest in YAML, for `kubectl apply -f`.
    manifest: String,
    /// Whether the level `privileged` is set explicitly.
    is_on_purpose: bool,
    /// Running workloads of the namespace that would be rejected.
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

/// A document of a YAML stream.
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
                "give an inventory with `kind: cluster`; `scs k8s collect-script` prints a script that creates one",
            ));
        }
        let cluster = Cluster::read(|part| inventory.given(part));
        // Without namespaces, the policy for new ones is still useful.
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
            Failure::new(format!("the declaration of `system-namespaces` cannot be used: {reason}")).hint(
                "fix the declaration or leave it out; without it, these namespaces count as user namespaces",
            )
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
            ScriptFormat::Text => stream(&mut output, &name, unknown.as_deref(), &written)?,
            ScriptFormat::Json | ScriptFormat::Yaml => {
                files::write_document(&mut output, &written, self.format == ScriptFormat::Yaml)?;
            }
        }
        output.finish()?;
        Ok(Exit::success_if(unknown.is_none()))
    }
}

/// Writes a YAML stream for `kubectl`; text from the cluster is in comments that it cannot escape.
fn stream(
    output: &mut impl Write,
    name: &str,
    unknown: Option<&str>,
    document_of: &Document,
) -> std::io::Result<()> {
    let mut comment = |text: &str| writeln!(output, "{}", Comment(text));
    comment(&format!("Enforces scs-0217-v1 in the cluster of {name}. Review this before applying it."))?;
    if let Some(unknown) = unknown {
        comment(&format!("Labels of namespaces may be missing here: {unknown}"))?;
    }
    if let [first, ..] = document_of.without_plug_in.as_slice() {
        comment(&format!(
            "The admission plug-in PodSecurity is disabled on {first} ({} in total). Labels have no effect until it is enabled.",
            document_of.without_plug_in.len()
        ))?;
    }
    if !document_of.node_labels.is_empty() {
        comment("Commands that set missing node labels (scs-0214-v2):")?;
    }
    for command in &document_of.node_labels {
        comment(&format!("  {command}"))?;
    }
    for held in &document_of.held_back {
        comment("")?;
        let why = match (held.is_on_purpose, held.workloads.is_empty()) {
            (true, true) => "its level is explicitly set to privileged",
            (true, false) => "its level is explicitly set to privileged, and these would be rejected:",
            (false, _) => "these would be rejected on their next start:",
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
