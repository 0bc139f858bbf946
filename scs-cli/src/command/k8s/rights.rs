//! `scs k8s rights`: the rights that an inventory of a cluster needs, and those that a user has.

use std::io::Write;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use schemars::JsonSchema;
use scs_kubernetes::{Account, Extent, Granted, Right, Session, manifests, review_rights, rights};
use scs_registry::Kind;
use scs_registry::explain::rules_without;
use scs_report::{Table, counted, fit};
use scs_standards::written::{Comment, shell};
use serde::Serialize;
use serde_json::Value;

use crate::app::diagnostic::visible;
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::files;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::app::terminal;
use crate::source::cluster::{ClusterAccess, unopened};
use crate::source::live::runtime;

/// `scs k8s rights`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs k8s rights                                   roles with the fewest rights
  scs k8s rights --service-account kube-system:scs-check | kubectl apply -f -
                                                   create and bind them
  scs k8s rights --kubelets --bind-user jane       with access to kubelets
  scs k8s rights --context my-cluster              which of them do I have?
  scs k8s rights --context my-cluster --as jane    does jane have them?
  scs k8s rights -f text                           which rules need which?

With `--kubeconfig` or `--context`, the API server is asked for each right with a `SelfSubjectAccessReview`. \
These are POST requests that change nothing; they show up in audit logs. A rule for which a right is \
missing cannot be decided: it is DNF (did not finish) or MISS.

Exit status: 0 success, 1 a right is missing that a rule needs, 2 the cluster could not be queried.")]
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

/// The rights for an inventory.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The output of `scs k8s rights`")]
pub(crate) struct Document {
    /// The user, as the API server knows it; null without a cluster.
    user: Option<String>,
    /// The rights by part of the inventory.
    rights: Vec<Row>,
    /// The objects that grant them, for `kubectl apply`.
    manifests: Vec<Value>,
}

/// A right.
#[derive(Serialize, JsonSchema)]
struct Row {
    /// The part of the inventory that needs it.
    part: &'static str,
    /// The right, such as `list pods in kube-system`.
    right: String,
    /// Whether the user has it; null if it was not asked, or if the server could not tell.
    allowed: Option<bool>,
    /// The reason why the server could not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// The rules that cannot be decided without it.
    rules: Vec<&'static str>,
}

impl Row {
    fn of(right: &Right, granted: Option<&Granted>) -> Self {
        let error = match granted {
            Some(Granted::Unknown(reason)) => Some(reason.clone()),
            _ => None,
        };
        let allowed = match granted {
            Some(Granted::Yes) => Some(true),
            Some(Granted::No) => Some(false),
            _ => None,
        };
        let rules = rules_without(Kind::Cluster, right.part);
        Self { part: right.part, right: right.to_string(), allowed, error, rules }
    }
}

/// What the role for kubelets allows.
const PROXY: &str = "`get` on `nodes/proxy` reaches every path of a kubelet's API through the API server, including those that run commands in \
containers and read their logs. Grant it only to accounts that may administer the nodes.";

impl Rights {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        let asks = self.access.is_made_by_option();
        let usual = if asks { RightsFormat::Text } else { RightsFormat::Yaml };
        let format = self.format.unwrap_or(usual);
        if asks && format == RightsFormat::Yaml {
            return Err(Failure::new("manifests do not depend on a cluster")
                .hint("leave out the options that select a cluster, or use `-f text` or `-f json`"));
        }
        let mut extent = Extent::default();
        (extent.kubelets, extent.all_pods) = (self.kubelets, self.all_pods);
        let needed = rights(extent);
        let mut output = Output::open(common.output.as_deref())?;
        let asked = if asks { Some(self.ask(&needed)?) } else { None };
        let (user, granted) = asked.unzip();
        let user = user.flatten();
        let row = |(index, right): (usize, &Right)| {
            Row::of(right, granted.as_ref().and_then(|granted| granted.get(index)))
        };
        let account = match (&self.service_account, &self.bind_user) {
            (Some(account), _) => Some(account.clone()),
            (None, Some(name)) => Some(Account::User(name.clone())),
            (None, None) => None,
        };
        let document = Document {
            rights: needed.iter().enumerate().map(row).collect(),
            manifests: manifests(&needed, account.as_ref()),
            user,
        };
        match format {
            RightsFormat::Yaml => self.stream(&mut output, &document)?,
            RightsFormat::Text => {
                let width = terminal::width(&output);
                output.write_text(&fit(&self.table(&document, width), width))?;
            }
            RightsFormat::Json => files::write_document(&mut output, &document, false)?,
        }
        output.finish()?;
        let is_missing = |row: &Row| row.allowed != Some(true) && !row.rules.is_empty();
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
        comment("The version and the API groups need no further right.")?;
        if self.service_account.is_none() && self.bind_user.is_none() {
            comment(
                "Bind these roles to an account with --service-account NAMESPACE:NAME or --bind-user NAME.",
            )?;
        }
        for manifest in &document.manifests {
            if manifest["metadata"]["name"] == "scs-check-kubelets" && manifest["kind"] == "ClusterRole" {
                writeln!(output, "---\n{}", Comment(PROXY))?;
            } else {
                writeln!(output, "---")?;
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

    /// A table for people.
    fn table(&self, document: &Document, width: usize) -> String {
        let asks = self.access.is_made_by_option();
        let mut head = vec!["Part", "Right"];
        if asks {
            head.push("Allowed");
        }
        head.push("Rules that need it");
        let mut table = Table::new(&head);
        for row in &document.rights {
            let mut cells = vec![row.part.to_owned(), row.right.clone()];
            if asks {
                cells.push(row.allowed.map_or("unknown", |is| if is { "yes" } else { "no" }).to_owned());
            }
            cells.push(some(&row.rules));
            table.row(cells);
        }
        let mut text = String::new();
        if let Some(user) = &document.user {
            text.extend(["Rights of ", &visible(user), "\n\n"]);
        }
        text.push_str(&table.to_text(width));
        let missing: Vec<&Row> = document.rights.iter().filter(|row| row.allowed == Some(false)).collect();
        for row in document.rights.iter().filter(|row| row.error.is_some()) {
            let reason = row.error.as_deref().unwrap_or_default();
            text.extend(["\nnote: ", row.part, ": the API server could not tell: ", &visible(reason), "\n"]);
        }
        if !missing.is_empty() {
            let lost: std::collections::BTreeSet<&str> =
                missing.iter().flat_map(|row| row.rules.iter().copied()).collect();
            text.extend([
                "\n",
                &counted(missing.len(), "right"),
                " missing; ",
                &counted(lost.len(), "rule"),
                " cannot be decided\n",
            ]);
            if let Some(user) = &document.user {
                let command = grant(&Account::of_user(user), self.kubelets, self.all_pods);
                text.extend(["hint: grant them as an administrator: ", &visible(&command), "\n"]);
            }
        }
        text
    }
}

/// The first few of many rules.
fn some(rules: &[&str]) -> String {
    const SHOWN: usize = 3;
    match rules {
        [] => "none".to_owned(),
        rules if rules.len() <= SHOWN => rules.join(", "),
        rules => format!("{} and {} more", rules[..SHOWN - 1].join(", "), rules.len() - SHOWN + 1),
    }
}

/// The command that grants the rights.
fn grant(account: &Account, kubelets: bool, all_pods: bool) -> String {
    let to = match account {
        Account::ServiceAccount { namespace, name } => {
            shell::option("--service-account", &format!("{namespace}:{name}"))
        }
        Account::User(name) => shell::option("--bind-user", name),
        _ => String::new(),
    };
    let kubelets = if kubelets { " --kubelets" } else { "" };
    let all_pods = if all_pods { " --all-pods" } else { "" };
    format!("scs k8s rights{kubelets}{all_pods} {to} | kubectl apply -f -")
}
