//! `scs k8s`: versions of Kubernetes, and clusters.

mod collect_script;
mod enforce;
mod versions;

pub(crate) use enforce::Document as EnforceDocument;
pub(crate) use versions::Row as VersionRow;

use clap::Subcommand;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;

#[derive(Debug, Subcommand)]
pub(crate) enum K8sCommand {
    /// List the branches of Kubernetes with what has to be offered, and by when
    Versions(versions::Versions),
    /// Print the read-only `kubectl` commands that make an inventory of a cluster
    CollectScript(collect_script::CollectScript),
    /// Print the manifests that make a cluster enforce scs-0217
    Enforce(enforce::Enforce),
}

impl K8sCommand {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, Failure> {
        match self {
            Self::Versions(versions) => versions.run(common),
            Self::CollectScript(script) => script.run(common),
            Self::Enforce(enforce) => enforce.run(common),
        }
    }
}
