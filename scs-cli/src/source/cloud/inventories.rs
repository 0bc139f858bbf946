//! The inventories of live clouds, saved on request.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use scs_openstack::CloudConfig;
use scs_registry::Inventory;

use super::choice::CloudChoice;
use super::collecting::collect_all;
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

/// Collects the inventories of all reachable clouds. If they are saved, this happens before they are evaluated.
pub(crate) fn inventories(
    choice: &CloudChoice,
    at: Timestamp,
    save: Option<&Path>,
) -> Result<Collected, Failure> {
    let clouds = choice.clouds()?;
    // Fail early if an inventory cannot be saved.
    let paths = save.map(|place| paths(place, &clouds)).transpose()?;
    let documents = collect_all(&clouds, choice, at)?;
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
            Err(error) => failures
                .push(Failure::new(format!("the data of `{}` are not an inventory: {error}", cloud.title()))),
        }
    }
    Ok(Collected { inventories, failures })
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
