//! `scs k8s`: Kubernetes versions and clusters.

mod collect_script;
mod enforce;
mod repair;
mod rights;
mod versions;

pub(crate) use enforce::Document as EnforceDocument;
pub(crate) use repair::Document as RepairDocument;
pub(crate) use rights::Document as RightsDocument;
pub(crate) use versions::Row as VersionRow;

use clap::Subcommand;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;

#[derive(Debug, Subcommand)]
pub(crate) enum K8sCommand {
    /// List Kubernetes branches: which versions to offer, and by when
    Versions(versions::Versions),
    /// Print a read-only script that creates an inventory of a cluster
    CollectScript(collect_script::CollectScript),
    /// Print manifests that enforce scs-0217 in a cluster
    Enforce(enforce::Enforce),
    /// Fix labels, annotations and the admission policy of a cluster, or undo it
    Repair(Box<repair::Repair>),
    /// Print the roles that an inventory needs, or which of these rights a user has
    Rights(Box<rights::Rights>),
}

impl K8sCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        match self {
            Self::Versions(versions) => versions.run(common),
            Self::CollectScript(script) => script.run(common),
            Self::Enforce(enforce) => enforce.run(common),
            Self::Repair(repair) => repair.run(common),
            Self::Rights(rights) => rights.run(common),
        }
    }
}
