//! Whether a cloud or a cluster is meant.

use crate::app::failure::Failure;
use crate::source::cloud::CloudChoice;
use crate::source::cluster::{ClusterAccess, ClusterExtent};

/// What is queried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Live {
    Cloud,
    Cluster,
    None,
}

impl Live {
    /// What the options select, or else the variables of the clients.
    pub(crate) fn chosen(
        cloud: &CloudChoice,
        cluster: &ClusterAccess,
        extent: ClusterExtent,
    ) -> Result<Self, Failure> {
        let cluster_by_option = cluster.is_made_by_option() || extent.is_made();
        match (cloud.is_made_by_option(), cluster_by_option) {
            (true, true) => {
                Err(Failure::new("options of a cloud and of a cluster are given; query one at a time"))
            }
            (true, false) => Ok(Self::Cloud),
            (false, true) => Ok(Self::Cluster),
            (false, false) => match (cloud.is_made(), cluster.is_made()) {
                (true, true) => {
                    Err(Failure::new("the environment selects a cloud (`OS_CLOUD` or `OS_AUTH_URL`) and a cluster (`KUBECONFIG`)")
                        .hint("select one of them with `--os-cloud` or `--context`"))
                }
                (true, false) => Ok(Self::Cloud),
                (false, true) => Ok(Self::Cluster),
                (false, false) => Ok(Self::None),
            },
        }
    }
}
