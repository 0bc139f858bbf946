//! The options for live clouds: clouds, regions and probes.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use scs_openstack::{CloudConfig, Clouds, Environment, Options, Probe};
use scs_registry::Inventory;

use super::collecting;
use crate::app::failure::Failure;
use crate::app::output::Output;
use crate::source::origin::{Origin, file_name};

/// The outcome of querying clouds.
pub(crate) struct Collected {
    /// The inventories, each with the title of its cloud and its origin.
    pub(crate) inventories: Vec<(String, Origin, Inventory)>,
    /// The errors of the other clouds.
    pub(crate) failures: Vec<Failure>,
}

/// The options that select clouds.
#[derive(Debug, Args)]
pub(crate) struct CloudChoice {
    /// Query this cloud of clouds.yaml; can be repeated [default: `OS_CLOUD`, or the `OS_*` variables]
    #[arg(long, value_name = "NAME", help_heading = "Clouds")]
    os_cloud: Vec<String>,

    /// Query this region, or `all` configured regions [default: `OS_REGION_NAME`, or the first region]
    #[arg(long, value_name = "REGION", help_heading = "Clouds")]
    os_region_name: Vec<String>,

    /// Run live probes (key-manager, backup, s3, vm, security-group); whatever they create is deleted afterwards
    #[arg(long, value_name = "PROBE", value_delimiter = ',', help_heading = "Clouds")]
    pub(crate) probe: Vec<Probe>,

    /// Proceed even if the user is an admin or manager, who can see more than ordinary users
    #[arg(long, help_heading = "Clouds")]
    pub(crate) as_admin: bool,
}

impl CloudChoice {
    /// Whether a cloud is selected, by an option or by the variables of the OpenStack clients.
    pub(crate) fn is_made(&self) -> bool {
        let by_option = !self.os_cloud.is_empty()
            || !self.os_region_name.is_empty()
            || !self.probe.is_empty()
            || self.as_admin;
        by_option || Environment::from_process().names_a_cloud()
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

    /// Collects the inventories of all reachable clouds. If they are saved, this happens before they are evaluated.
    pub(crate) fn inventories(&self, at: Timestamp, save: Option<&Path>) -> Result<Collected, Failure> {
        let clouds = self.clouds()?;
        // Fail early if an inventory cannot be saved.
        let paths = save.map(|place| paths(place, &clouds)).transpose()?;
        let documents = collecting::collect_all(&clouds, self, at)?;
        let mut inventories = Vec::with_capacity(documents.len());
        let mut failures = Vec::new();
        for (index, (cloud, document)) in clouds.iter().zip(documents).enumerate() {
            let document = match document {
                Ok(document) => document,
                Err(failure) => {
                    failures.push(failure);
                    continue;
                }
            };
            let origin = match paths.as_ref().and_then(|paths| paths.get(index)) {
                None => Origin::cloud(cloud),
                Some(path) => {
                    let mut output = Output::open_private(Some(path))?;
                    document.write(&mut output)?;
                    output.finish()?;
                    Origin::File(path.display().to_string())
                }
            };
            match document.into_json().parse::<Inventory>() {
                Ok(inventory) => inventories.push((cloud.title(), origin, inventory)),
                Err(error) => failures.push(Failure::new(format!(
                    "the data of `{}` are not an inventory: {error}",
                    cloud.title()
                ))),
            }
        }
        Ok(Collected { inventories, failures })
    }
}

/// The file to save to, or one file in the directory for each of several clouds.
fn paths(place: &Path, clouds: &[CloudConfig]) -> Result<Vec<PathBuf>, Failure> {
    if clouds.len() == 1 && !place.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let titles: Vec<String> = clouds.iter().map(CloudConfig::title).collect();
    let files: Vec<String> = titles.iter().map(|title| file_name(title)).collect();
    for (index, file) in files.iter().enumerate() {
        if let Some(before) = files[..index].iter().position(|known| known == file) {
            return Err(Failure::new(format!(
                "`{}` and `{}` would both be saved as {file}",
                titles[before], titles[index]
            ))
            .hint("name each cloud and region once, or save them in separate runs"));
        }
    }
    std::fs::create_dir_all(place).map_err(|error| Failure::unwritable(place, &error))?;
    Ok(files.into_iter().map(|file| place.join(file)).collect())
}
