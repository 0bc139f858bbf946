//! Whether a cloud or a cluster is meant.

use super::probes::{not_of_clouds, not_of_clusters};
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
        let of_clouds = cloud.is_made_by_option();
        let of_clusters = cluster.is_made_by_option() || extent.is_made();
        let (cloud_probes, cluster_probes) = (cloud.probes(), cloud.cluster_probes());
        match (cloud_probes.first(), cluster_probes.first()) {
            (_, Some(probe)) if of_clouds => return Err(not_of_clouds(*probe)),
            (Some(probe), _) if of_clusters => return Err(not_of_clusters(*probe)),
            (Some(of_cloud), Some(of_cluster)) => {
                return Err(Failure::new(format!(
                    "the probe `{of_cloud}` is about clouds, but `{of_cluster}` about clusters; query one at a time"
                )));
            }
            _ => {}
        }
        match (of_clouds || !cloud_probes.is_empty(), of_clusters || !cluster_probes.is_empty()) {
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
                // Who also has clouds has to say what is meant.
                (false, false) if ClusterAccess::has_default() && !CloudChoice::has_clouds() => {
                    Ok(Self::Cluster)
                }
                (false, false) => Ok(Self::None),
            },
        }
    }
}
