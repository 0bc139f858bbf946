//! `scs k8s rights`: the rights that an inventory of a cluster and probes need, and those that a user has.

mod document;
mod text;

use std::io::Write;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use scs_certificates::Scope;
use scs_kubernetes::{Account, Extent, Granted, Probe, Right, Session, manifests, review_rights, rights};
use scs_registry::{Kind, ScopeChoice, Selection};
use scs_report::fit;
use scs_standards::written::Comment;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::app::terminal;
use crate::source::cluster::{ClusterAccess, one_context, unopened};
use crate::source::live::runtime;
use document::{Judged, ProbeRow, Row};

pub(crate) use document::Document;

/// `scs k8s rights`.
#[derive(Debug, Args)]
#[command(mut_arg("context", one_context))]
#[command(after_long_help = "\
Examples:
  scs k8s rights                                   roles with the fewest rights
  scs k8s rights --service-account kube-system:scs-check | kubectl apply -f -
                                                   create and bind them
  scs k8s rights --kubelets --bind-user jane       with access to kubelets
  scs k8s rights --probe pvc,network-policy        with a role for probes
  scs k8s rights --context my-cluster              which of them do I have?
  scs k8s rights --context my-cluster --as jane    does jane have them?
  scs k8s rights --context my-cluster --probe pvc  could this probe run?
  scs k8s rights -f text                           which rules need which?

With `--kubeconfig` or `--context`, the API server is asked for each right with a `SelfSubjectAccessReview`. \
These are POST requests that change nothing; they show up in audit logs. A rule for which a right is \
missing cannot be decided: it is DNF (did not finish) or MISS. Rules that cannot decide the verdict of the \
scope version under the profile are counted apart, and so are those of drafts.

Exit status: 0 success, 1 a right is missing that a probe or a rule that decides needs, 2 the cluster could \
not be queried.")]
pub(crate) struct Rights {
    #[command(flatten)]
    access: ClusterAccess,

    /// Bind the roles to this service account, and create it
    #[arg(long, value_name = "NAMESPACE:NAME", value_parser = Account::service_account)]
    service_account: Option<Account>,

    /// Bind the roles to this user, by the name that the API server knows
    #[arg(long, value_name = "NAME", conflicts_with = "service_account")]
    bind_user: Option<String>,

    /// Include the configurations of kubelets: `get` on `nodes/proxy`, a right that also opens commands in containers
    #[arg(long)]
    kubelets: bool,

    /// Include the pods of all namespaces, not only those of the control plane
    #[arg(long)]
    all_pods: bool,

    /// Include the rights of these probes, in a cluster role of their own
    #[arg(long, value_name = "PROBE", value_delimiter = ',')]
    probe: Vec<Probe>,

    /// Version of SCS-compatible KaaS that says which rules decide [default: the newest effective version]
    #[arg(long, value_name = "VERSION")]
    scope_version: Option<String>,

    /// Output format [default: yaml, or text for a cluster]
    #[arg(short, long, value_name = "FORMAT")]
    format: Option<RightsFormat>,
}

/// The format of rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RightsFormat {
    /// Manifests for `kubectl apply`
    Yaml,
    /// Table for people
    Text,
    /// One JSON document, with both
    Json,
}

/// What the role for kubelets allows.
const PROXY: &str = "`get` on `nodes/proxy` reaches every path of a kubelet's API through the API server, including those that run commands in \
containers and read their logs. Grant it only to accounts that may administer the nodes.";

/// What the role for probes allows.
const OF_PROBES: &str = "Probes create a namespace for each run, so these rights apply to all namespaces. Creating pods allows to run anything that \
admission accepts. Bind this role only while probing.";

impl Rights {
    /// Whether the API server is asked.
    fn asks(&self) -> bool {
        self.access.is_made_by_option()
    }

    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let asks = self.asks();
        let usual = if asks { RightsFormat::Text } else { RightsFormat::Yaml };
        let format = self.format.unwrap_or(usual);
        if asks && format == RightsFormat::Yaml {
            return Err(Failure::new("manifests do not depend on a cluster")
                .hint("leave out the options that select a cluster, or use `-f text` or `-f json`"));
        }
        let mut extent = Extent::default();
        (extent.kubelets, extent.all_pods) = (self.kubelets, self.all_pods);
        let mut probes: Vec<Probe> = Vec::new();
        for probe in &self.probe {
            if !probes.contains(probe) {
                probes.push(*probe);
            }
        }
        let of_probes = probes.iter().flat_map(|probe| probe.rights());
        let needed: Vec<Right> = rights(extent).into_iter().chain(of_probes).collect();
        let day = crate::app::at::now(common.at).to_zoned(TimeZone::UTC).date();
        let mut choice = ScopeChoice::default();
        choice.version.clone_from(&self.scope_version);
        let selection = Selection::of_scope(Scope::compatible_kaas(), Kind::Cluster, day, &choice)
            .map_err(|error| Failure::new(error.to_string()))?;
        let judged = Judged { selection: &selection, profile: common.profile(), day };
        let mut output = Output::open(common.output.as_deref())?;
        let asked = if asks { Some(self.ask(&needed)?) } else { None };
        let (user, granted) = asked.unzip();
        let user = user.flatten();
        let row = |(index, right): (usize, &Right)| {
            Row::of(right, granted.as_ref().and_then(|granted| granted.get(index)), judged)
        };
        let account = match (&self.service_account, &self.bind_user) {
            (Some(account), _) => Some(account.clone()),
            (None, Some(name)) => Some(Account::User(name.clone())),
            (None, None) => None,
        };
        let rows: Vec<Row> = needed.iter().enumerate().map(row).collect();
        let document = Document {
            scope_version: selection.deciding_version().map(str::to_owned),
            probes: probes.iter().map(|probe| ProbeRow::of(*probe, &rows)).collect(),
            rights: rows,
            manifests: manifests(&needed, account.as_ref()),
            user,
        };
        match format {
            RightsFormat::Yaml => self.stream(&mut output, &document)?,
            RightsFormat::Text => {
                let width = terminal::width(&output);
                output.write_text(&fit(&self.text(&document, width), width))?;
            }
            RightsFormat::Json => files::write_document(&mut output, &document, false)?,
        }
        output.finish()?;
        let is_missing = |row: &Row| row.allowed != Some(true) && row.is_needed();
        Ok(Exit::success_if(!asks || !document.rights.iter().any(is_missing)))
    }

    /// The user, and which of the rights it has.
    fn ask(&self, needed: &[Right]) -> Result<(Option<String>, Vec<Granted>), Failure> {
        let cluster = self.access.one()?;
        let options = self.access.options();
        runtime()?.block_on(async {
            let session = Session::open(&cluster, &options, Timestamp::now())
                .await
                .map_err(|error| unopened(&cluster, &error))?;
            let granted = review_rights(&session, needed)
                .await
                .map_err(|error| Failure::new(format!("{}: {error}", cluster.place())))?;
            Ok((session.user().map(|user| user.username.clone()), granted))
        })
    }

    /// Writes a YAML stream for `kubectl`.
    fn stream(&self, output: &mut impl Write, document: &Document) -> Result<(), Failure> {
        let mut comment = |text: &str| writeln!(output, "{}", Comment(text));
        comment("The fewest rights to collect the inventory of a cluster: `scs check --context …`.")?;
        if !self.probe.is_empty() {
            comment("The role scs-check-probes is for its probes: `scs check --probe …`.")?;
        }
        comment("The version and the API groups need no further right.")?;
        if self.service_account.is_none() && self.bind_user.is_none() {
            comment(
                "Bind these roles to an account with --service-account NAMESPACE:NAME or --bind-user NAME.",
            )?;
        }
        for manifest in &document.manifests {
            writeln!(output, "---")?;
            let name = manifest["metadata"]["name"].as_str().unwrap_or_default();
            match (manifest["kind"].as_str(), name) {
                (Some("ClusterRole"), "scs-check-kubelets") => writeln!(output, "{}", Comment(PROXY))?,
                (Some("ClusterRole"), "scs-check-probes") => writeln!(output, "{}", Comment(OF_PROBES))?,
                _ => {}
            }
            let text = serde_saphyr::to_string(manifest)
                .map_err(|error| Failure::new(format!("cannot write the manifest: {error}")))?;
            write!(output, "{}", text.strip_prefix("---\n").unwrap_or(&text))?;
            if !text.ends_with('\n') {
                writeln!(output)?;
            }
        }
        Ok(())
    }
}
