//! Commands for live clouds and clusters: `scs inventory` and `scs cleanup`.

mod cleanup;

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::Args;
use jiff::Timestamp;
use scs_collector::{Document, Part};

pub(crate) use cleanup::Cleanup;

use crate::app::diagnostic::{brief, visible};
use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;
use crate::source::cloud::{CloudChoice, collect_all, one_cloud, one_region};
use crate::source::cluster::{self, ClusterAccess, ClusterExtent, one_context};
use crate::source::live::{ClusterProbing, Live};

/// `scs inventory`.
#[derive(Debug, Args)]
#[command(mut_arg("context", one_context))]
#[command(mut_arg("os_cloud", one_cloud))]
#[command(mut_arg("os_region_name", one_region))]
#[command(after_long_help = "\
Examples:
  scs inventory --os-cloud my-cloud -o cloud.json  what a user can see
  scs inventory --os-cloud my-cloud --probe key-manager,backup -o cloud.json
                                                   including live probes
  scs inventory --os-cloud my-cloud --as-admin     as an administrator
  scs inventory --context my-cluster -o cluster.json
                                                   a cluster of a kubeconfig
  scs check cloud.json                             check the inventory

Clouds are configured as for the OpenStack clients: in clouds.yaml, secure.yaml and the `OS_*` variables. \
OS_REGION_NAME, OS_CACERT, OS_CERT, OS_KEY and OS_INTERFACE also apply to clouds from a file.

Clusters are configured as for kubectl: with `--kubeconfig`, in `KUBECONFIG`, or in ~/.kube/config with \
`--context`. Only what rules read is collected; `scs k8s rights` prints the role that this needs.

If the cloud or cluster does not provide a part, the inventory contains the reason instead. Passwords, tokens and \
values of environment variables are never included. A new file is readable only by its owner.

Exit status: 0 something was collected, 1 no service returned anything or a probe of a \
cluster left something behind, 2 the cloud or cluster could not be queried.")]
pub(crate) struct InventoryCommand {
    #[command(flatten)]
    choice: CloudChoice,

    #[command(flatten)]
    access: ClusterAccess,

    #[command(flatten)]
    extent: ClusterExtent,

    #[command(flatten)]
    probing: ClusterProbing,

    /// Name of the subject [default: the name of the cloud or context]
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
}

impl InventoryCommand {
    pub(crate) fn run(self, common: &Common) -> Result<Exit, Failure> {
        let at = crate::app::at::now(common.at);
        let (document, has_leftovers) = match Live::chosen(&self.choice, &self.access, self.extent)? {
            Live::Cluster => {
                let probes = self.choice.cluster_probes();
                cluster::document(cluster::Wanted {
                    access: &self.access,
                    extent: self.extent,
                    probes: &probes,
                    probing: &self.probing,
                    at,
                })?
            }
            Live::Cloud => (self.of_cloud(at)?, false),
            Live::None => {
                let hint =
                    "for a cluster, give `--context`, or a kubeconfig with `--kubeconfig` or `KUBECONFIG`";
                (self.of_cloud(at).map_err(|failure| failure.hint(hint))?, false)
            }
        };
        let document = match &self.subject {
            Some(subject) => document.with_subject(subject),
            None => document,
        };
        let mut output = Output::open_private(common.output.as_deref())?;
        document.write(&mut output)?;
        print_notices(&document);
        output.finish()?;
        Ok(Exit::success_if(has_parts_of_services(&document) && !has_leftovers))
    }

    fn of_cloud(&self, at: Timestamp) -> Result<Document, Failure> {
        let clouds = self.choice.clouds()?;
        if clouds.len() > 1 {
            return Err(Failure::new("an inventory is about one cloud in one region, but several are given")
                .hint("`scs check --os-cloud … --save-inventory DIRECTORY` collects several"));
        }
        let mut documents = collect_all(&clouds, &self.choice, at)?;
        documents.pop().unwrap_or_else(|| Err(Failure::new("no cloud is configured")))
    }
}

/// The parts that come from the token and not from a service.
const OF_THE_TOKEN: [&str; 2] = ["services", "roles"];

/// Whether any service returned data.
fn has_parts_of_services(document: &Document) -> bool {
    document.parts().any(|(key, part)| !OF_THE_TOKEN.contains(&key) && !matches!(part, Part::Unavailable(_)))
}

/// Prints notices about an inventory and its missing parts to standard error.
fn print_notices(document: &Document) {
    let mut text = String::new();
    for notice in document.notices() {
        text.extend(["note: ", &brief(notice), "\n"]);
    }
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, reason) in document.unavailable() {
        missing.entry(reason).or_default().push(key);
    }
    for (reason, keys) in missing {
        text.extend(["note: unavailable: ", &keys.join(", "), ": ", &brief(reason), "\n"]);
    }
    if !has_parts_of_services(document) {
        text.extend(["error: no service of `", &visible(document.subject()), "` returned anything\n"]);
    }
    // If standard error is closed, the inventory is written anyway.
    let _ = io::stderr().write_all(text.as_bytes());
}
