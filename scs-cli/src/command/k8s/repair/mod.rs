//! `scs k8s repair`: fixes findings about a live cluster with patches through its API.

mod fixes;
mod shown;
mod undoing;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use scs_k8s_policy::{Cluster, Manifest, enforcement, system_namespaces};
use scs_kubernetes::{
    Change, ClusterConfig, Extent, RepairError, Resource, Session, Undo, apply, collect, plan,
};
use scs_registry::{Inventory, ScopeChoice, Selection, Subject, check};
use scs_report::counted;
use scs_standards::{Context, Declarations};
use serde_json::Value;

use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::input::Source;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::cluster::{ClusterAccess, one_context, uncollected, unopened};
use crate::source::live::{agreed, runtime, say};
use crate::source::origin::file_name;
use fixes::Fixes;
pub(crate) use shown::Document;
use shown::{Made, Row};

/// `scs k8s repair`.
#[derive(Debug, Args)]
#[command(mut_arg("context", one_context))]
#[command(after_long_help = "\
Examples:
  scs k8s repair --context my-cluster              what would be changed?
  scs k8s repair --context my-cluster --apply      change it after confirmation
  scs k8s repair --context my-cluster --choose scs-0217-pss-enforce/shop --apply
                                                   including a fix that needs a
                                                   decision
  scs k8s repair --context my-cluster --policy --apply
                                                   reject new namespaces that
                                                   enforce nothing (scs-0217)
  scs k8s repair --context my-cluster --undo scs-undo.json
                                                   what would be restored?
  scs k8s repair --context my-cluster --undo scs-undo.json --apply
                                                   restore what was before

Fixes what a patch through the API can fix: labels of nodes and namespaces, annotations of storage and \
ingress classes, and the admission policy of `scs k8s enforce`. Without `--choose`, only fixes that interrupt \
nothing and need no decision are made. Before the first change, the old values are written to an undo file. A \
value that somebody else changes meanwhile is not overwritten. `scs check` prints all other fixes.

Exit status: 0 nothing is left to change or to undo, 1 something is left, 2 the cluster could not be queried or \
changed.")]
pub(crate) struct Repair {
    #[command(flatten)]
    access: ClusterAccess,

    /// Also make this fix, which needs a decision: RULE/SUBJECT as printed; can be repeated
    #[arg(long, value_name = "FIX", conflicts_with = "undo")]
    choose: Vec<String>,

    /// Also create the admission policy that requires Pod Security labels on new namespaces
    #[arg(long, conflicts_with = "undo")]
    policy: bool,

    /// Declarations about the cluster, which decide which fixes are needed
    #[arg(long, value_name = "FILE", conflicts_with = "undo")]
    declarations: Option<Source>,

    /// Make the changes, or undo them, after confirmation; otherwise they are only shown
    #[arg(long)]
    apply: bool,

    /// Do not ask for confirmation
    #[arg(long, requires = "apply")]
    yes: bool,

    /// Where to write the undo file [default: scs-undo-CONTEXT-TIME.json]
    #[arg(long, value_name = "FILE", requires = "apply", conflicts_with = "undo")]
    undo_file: Option<PathBuf>,

    /// Show how to undo the changes of this file, and undo them with `--apply`, if nobody has changed the values meanwhile
    #[arg(long, value_name = "FILE")]
    undo: Option<PathBuf>,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: RepairFormat,
}

/// The format of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RepairFormat {
    /// Text for people
    Text,
    /// One JSON document
    Json,
}

/// The hint where nobody can be asked.
const UNASKED: &str =
    "use `--yes` to make the changes without confirmation, or leave out `--apply` to only show them";

impl Repair {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        if self.undo_file.as_deref() == Some(Path::new("-")) {
            return Err(Failure::new("the undo file cannot be standard output, since nothing would keep it")
                .hint("name a file with `--undo-file`"));
        }
        let cluster = self.access.one()?;
        let runtime = runtime()?;
        let options = self.access.options();
        let now = Timestamp::now();
        let session = runtime
            .block_on(Session::open(&cluster, &options, now))
            .map_err(|error| unopened(&cluster, &error))?;
        if let Some(file) = &self.undo {
            let undoing = undoing::Undoing { file, apply: self.apply, yes: self.yes, format: self.format };
            return undoing.run(&runtime, &session, common);
        }
        let at = crate::app::at::now(common.at);
        let inventory = runtime.block_on(inventory(&session, &cluster, at))?;
        let inventory = inventory.with_declarations(&files::declarations(self.declarations.as_ref())?);
        let mut fixes = fixes(&inventory, &cluster, at, common)?;
        let edits = fixes.chosen(&self.choose)?;
        let manifests = if self.policy { policy(&inventory, at)? } else { Vec::new() };
        let changes =
            runtime.block_on(plan(&session, &edits, &manifests)).map_err(|error| failed(&error, None))?;
        let mut document = Document {
            changes: changes.iter().map(|change| Row::of(change, false)).collect(),
            applied: false,
            undo: None,
            choices: fixes.choices.iter().map(Into::into).collect(),
            other_fixes: fixes.others,
        };
        let mut output = Output::open(common.output.as_deref())?;
        if let Some(note) = without_effect(&inventory, &changes) {
            say(&note)?;
        }
        if self.format == RepairFormat::Text {
            output.write_text(&text(&changes, &fixes))?;
            std::io::Write::flush(&mut output)?;
        }
        let mut failure = None;
        let is_wanted = self.apply && !changes.is_empty();
        if is_wanted && (self.yes || agreed(&question(&session, changes.len()), UNASKED)?) {
            let file = self.undo_path(&cluster, now);
            let undo = Undo::new(session.cluster().server(), now, changes.clone());
            write_undo(&file, &undo)?;
            say(&format!("`{}` undoes the changes\n", file.display()))?;
            document.undo = Some(file.display().to_string());
            for (change, row) in changes.iter().zip(&mut document.changes) {
                match runtime.block_on(apply(&session, change)) {
                    Ok(()) => row.made = Made::Yes,
                    Err(error) => {
                        let is_unknown = matches!(error, RepairError::Unknown { .. });
                        row.made = if is_unknown { Made::Unknown } else { Made::No };
                        failure = Some(failed(&error, Some(&file)));
                        break;
                    }
                }
                say(&format!("{}: changed\n", visible(&change.target().to_string())))?;
            }
            document.applied = failure.is_none();
        } else if is_wanted {
            say("no changes made\n")?;
        }
        if self.format == RepairFormat::Json {
            files::write_document(&mut output, &document, false)?;
        }
        output.finish()?;
        failure.map_or(Ok(()), Err)?;
        let is_done = document.applied || changes.is_empty();
        Ok(Exit::success_if(is_done && fixes.choices.is_empty()))
    }

    fn undo_path(&self, cluster: &ClusterConfig, now: Timestamp) -> PathBuf {
        self.undo_file.clone().unwrap_or_else(|| {
            let time = now.strftime("%Y%m%dt%H%M%Sz");
            PathBuf::from(format!("scs-undo-{}", file_name(&format!("{}-{time}", cluster.title()))))
        })
    }
}

fn question(session: &Session, count: usize) -> String {
    format!("make {} in {}?", counted(count, "change"), session.cluster().title())
}

/// Everything that the API server shows. Pods of all namespaces show what a label would break.
async fn inventory(session: &Session, cluster: &ClusterConfig, at: Timestamp) -> Result<Inventory, Failure> {
    let mut extent = Extent::default();
    extent.all_pods = true;
    let mut document = collect(session, extent, at).await.map_err(|error| uncollected(cluster, &error))?;
    // Without the right to all pods, those of the control plane are better than none.
    if document.unavailable().any(|(part, _)| part == "pods") {
        say(
            "note: the pods of all namespaces are not visible, so it is unknown which of them a label would reject\n",
        )?;
        document =
            collect(session, Extent::default(), at).await.map_err(|error| uncollected(cluster, &error))?;
    }
    document.into_json().parse().map_err(|error| Failure::new(format!("not an inventory: {error}")))
}

/// The fixes for an inventory, those of drafts and recommendations included.
fn fixes(
    inventory: &Inventory,
    cluster: &ClusterConfig,
    at: Timestamp,
    common: &Common,
) -> Result<Fixes, Failure> {
    let none = Declarations::default();
    let context = Context { at, profile: common.profile(), declarations: &none };
    let mut choice = ScopeChoice::default();
    choice.include_drafts = true;
    let kind = inventory.kind();
    let selection = Selection::of_scope(kind.scope(), kind, context.date(), &choice)
        .map_err(|error| Failure::new(error.to_string()))?;
    let report = check(&Subject::inventory(cluster.title(), inventory), &selection, &context);
    Ok(Fixes::of(&report))
}

/// The policy for new namespaces and its binding.
fn policy(inventory: &Inventory, at: Timestamp) -> Result<Vec<Value>, Failure> {
    let cluster = Cluster::read(|part| inventory.given(part));
    let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let system = system_namespaces(inventory.declarations(), date).map_err(|reason| {
        Failure::new(format!("the declaration of `system-namespaces` cannot be used: {reason}"))
    })?;
    let manifests = enforcement(&cluster, system).manifests;
    let policies = manifests.iter().filter(|manifest| !matches!(manifest, Manifest::Namespace(_)));
    policies
        .map(serde_json::to_value)
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::new(format!("cannot write the policy: {error}")))
}

/// A note if labels of namespaces are among the changes, but have no effect.
fn without_effect(inventory: &Inventory, changes: &[Change]) -> Option<String> {
    let is_of_namespaces = |change: &Change| change.target().resource == Resource::Namespace;
    let cluster = Cluster::read(|part| inventory.given(part));
    let off = enforcement(&cluster, &[]).without_plug_in.join(", ");
    (!off.is_empty() && changes.iter().any(is_of_namespaces)).then(|| {
        let off = visible(&off);
        format!("note: labels of namespaces have no effect until the admission plug-in PodSecurity is enabled on {off}\n")
    })
}

/// Writes the undo file. An existing file is not replaced: it may be needed, too.
fn write_undo(path: &Path, undo: &Undo) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::new(format!("{} exists already", path.display()))
            .hint("name another undo file with `--undo-file`"));
    }
    let mut output = Output::open_private(Some(path))?;
    files::write_document(&mut output, undo, false)?;
    output.finish()
}

fn text(changes: &[Change], fixes: &Fixes) -> String {
    let mut text: String = changes.iter().map(|change| shown::diff(change, false)).collect();
    if changes.is_empty() {
        text.push_str("Nothing to change without a decision.\n");
    }
    text.push_str(&shown::choices(&fixes.choices));
    if fixes.others > 0 {
        let count = counted(fixes.others, "finding");
        text.extend([format!("{count} with other fixes; `scs check` prints them.\n")]);
    }
    text
}

/// The error for a change that was not made, or that may have been made; `undo` is the undo file.
fn failed(error: &RepairError, undo: Option<&Path>) -> Failure {
    let failure = Failure::new(error.to_string());
    match (error, undo) {
        (RepairError::Unknown { .. }, Some(file)) => {
            let undo = scs_standards::written::shell::option("--undo", &file.display().to_string());
            return failure.hint(format!("`scs k8s repair {undo} --apply` undoes whatever was changed"));
        }
        (_, None) => return failure,
        _ => {}
    }
    match error {
        RepairError::Request { reason, .. } if reason.is_forbidden() => failure
            .hint("changes reported above were made; the others need a user who may patch these objects"),
        _ => failure.hint("changes reported above were made; the others were not"),
    }
}
