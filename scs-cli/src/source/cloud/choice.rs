//! The options for live clouds: clouds, regions and probes.

use clap::{Arg, Args};
use scs_openstack::{CloudConfig, Clouds, Environment, Options};

use crate::app::failure::Failure;
use crate::source::live::Probe;

/// The options that select clouds.
#[derive(Debug, Args)]
pub(crate) struct CloudChoice {
    /// Query this cloud of clouds.yaml; can be repeated [default: `OS_CLOUD`, or the `OS_*` variables]
    #[arg(long, value_name = "NAME", help_heading = "Clouds")]
    pub(super) os_cloud: Vec<String>,

    /// Query this region, or `all` configured regions [default: `OS_REGION_NAME`, or the first region]
    #[arg(long, value_name = "REGION", help_heading = "Clouds")]
    pub(super) os_region_name: Vec<String>,

    /// Run live probes of a cloud (key-manager, backup, s3, vm, security-group) or a cluster (pvc, pod-security,
    /// network-policy); whatever they create is deleted afterwards
    #[arg(long, value_name = "PROBE", value_delimiter = ',', help_heading = "Live systems")]
    pub(super) probe: Vec<Probe>,

    /// Proceed even if the user is an admin or manager, who can see more than ordinary users
    #[arg(long, help_heading = "Clouds")]
    pub(crate) as_admin: bool,
}

/// The help of `--os-cloud` for a command about one cloud, which rejects several.
pub(crate) fn one_cloud(cloud: Arg) -> Arg {
    cloud.help("Query this cloud of clouds.yaml [default: `OS_CLOUD`, or the `OS_*` variables]")
}

/// The help of `--os-region-name` for a command about one region, which rejects several.
pub(crate) fn one_region(region: Arg) -> Arg {
    region.help("Query this region [default: `OS_REGION_NAME`, or the first region]")
}

impl CloudChoice {
    /// Whether a cloud is selected, by an option or by the variables of the OpenStack clients.
    pub(crate) fn is_made(&self) -> bool {
        self.is_made_by_option() || Environment::from_process().names_a_cloud()
    }

    /// Whether clouds are configured in files. An unreadable file counts.
    pub(crate) fn has_clouds() -> bool {
        Clouds::read(&Environment::from_process()).map_or(true, |clouds| clouds.names().next().is_some())
    }

    /// Whether a cloud is selected by an option.
    pub(crate) fn is_made_by_option(&self) -> bool {
        !self.os_cloud.is_empty() || !self.os_region_name.is_empty() || self.as_admin
    }

    /// The probes of clouds.
    pub(crate) fn probes(&self) -> Vec<scs_openstack::Probe> {
        let of_cloud = |probe: &Probe| match probe {
            Probe::Cloud(probe) => Some(*probe),
            Probe::Cluster(_) => None,
        };
        self.probe.iter().filter_map(of_cloud).collect()
    }

    /// The probes of clusters.
    pub(crate) fn cluster_probes(&self) -> Vec<scs_kubernetes::Probe> {
        let of_cluster = |probe: &Probe| match probe {
            Probe::Cluster(probe) => Some(*probe),
            Probe::Cloud(_) => None,
        };
        self.probe.iter().filter_map(of_cluster).collect()
    }

    pub(crate) fn options(&self) -> Options {
        Options::default().as_admin(self.as_admin)
    }

    /// The configured clouds, one for each region.
    pub(crate) fn clouds(&self) -> Result<Vec<CloudConfig>, Failure> {
        let failed = |error: scs_openstack::ConfigError| Failure::new(error.to_string());
        let clouds = Clouds::read(&Environment::from_process()).map_err(failed)?;
        let names: Vec<Option<&str>> = match self.os_cloud.as_slice() {
            [] => vec![None],
            names => names.iter().map(|name| Some(name.as_str())).collect(),
        };
        let mut chosen = Vec::new();
        for name in names {
            let regions = match self.os_region_name.as_slice() {
                [] => Vec::new(),
                [all] if all == "all" => clouds.regions(name).map_err(failed)?,
                regions => regions.to_vec(),
            };
            if regions.is_empty() {
                chosen.push(clouds.cloud(name, None).map_err(failed)?);
            }
            for region in regions {
                chosen.push(clouds.cloud(name, Some(&region)).map_err(failed)?);
            }
        }
        Ok(chosen)
    }
}
