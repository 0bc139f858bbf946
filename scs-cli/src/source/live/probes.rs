//! The probes of clouds and clusters, which share an option.

use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use scs_kubernetes::Options;

use crate::app::failure::Failure;
use crate::app::timeout::timeout;

/// A probe of a cloud or a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    Cloud(scs_openstack::Probe),
    Cluster(scs_kubernetes::Probe),
}

impl Probe {
    /// The names of the probes of clouds and of clusters.
    fn names() -> [Vec<&'static str>; 2] {
        [
            scs_openstack::Probe::ALL.map(scs_openstack::Probe::name).to_vec(),
            scs_kubernetes::Probe::ALL.map(scs_kubernetes::Probe::name).to_vec(),
        ]
    }
}

impl FromStr for Probe {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let of_cloud = || text.parse().map(Self::Cloud).ok();
        of_cloud().or_else(|| text.parse().map(Self::Cluster).ok()).ok_or_else(|| {
            let [clouds, clusters] = Self::names().map(|names| names.join(", "));
            format!("`{text}` is not a probe; those of clouds are {clouds}, those of clusters {clusters}")
        })
    }
}

/// The error for a probe of a cluster where a cloud is queried.
pub(crate) fn not_of_clouds(probe: scs_kubernetes::Probe) -> Failure {
    let [clouds, _] = Probe::names().map(|names| names.join(", "));
    Failure::new(format!("the probe `{probe}` is about clusters, but a cloud is queried"))
        .hint(format!("the probes of clouds are {clouds}"))
}

/// The error for a probe of a cloud where a cluster is queried.
pub(crate) fn not_of_clusters(probe: scs_openstack::Probe) -> Failure {
    let [_, clusters] = Probe::names().map(|names| names.join(", "));
    Failure::new(format!("the probe `{probe}` is about clouds, but a cluster is queried"))
        .hint(format!("the probes of clusters are {clusters}"))
}

/// The options of probes of clusters.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ClusterProbing {
    /// Image of the pods of probes, with a shell and the program `agnhost`, such as a copy in your own registry
    #[arg(long, value_name = "IMAGE", help_heading = "Clusters", hide_short_help = true)]
    probe_image: Option<String>,

    /// Time that a probe waits for each of its pods [default: 5m]
    #[arg(long, value_name = "DURATION", help_heading = "Clusters", hide_short_help = true, value_parser = timeout)]
    probe_timeout: Option<Duration>,
}

impl ClusterProbing {
    /// Sets the options of a session.
    pub(crate) fn set(&self, options: &mut Options) {
        if let Some(image) = &self.probe_image {
            options.probe_image.clone_from(image);
        }
        if let Some(timeout) = self.probe_timeout {
            options.probe_timeout = timeout;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_probes_tell_clouds_from_clusters() {
        assert_eq!("vm".parse(), Ok(Probe::Cloud(scs_openstack::Probe::Vm)));
        assert_eq!("pvc".parse(), Ok(Probe::Cluster(scs_kubernetes::Probe::Pvc)));
        let [clouds, clusters] = Probe::names();
        assert!(clouds.iter().all(|name| !clusters.contains(name)));
        assert!("pv".parse::<Probe>().is_err_and(|error| error.contains("network-policy")));
    }
}
