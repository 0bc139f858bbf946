//! The inventories of live clouds.

use std::path::Path;

use jiff::Timestamp;
use scs_openstack::CloudConfig;

use super::choice::CloudChoice;
use super::collecting::collect_all;
use crate::app::failure::Failure;
use crate::source::live::{Collected, Saving};
use crate::source::origin::Origin;

/// Collects the inventories of all reachable clouds. If they are saved, this happens before they are evaluated.
pub(crate) fn inventories(
    choice: &CloudChoice,
    at: Timestamp,
    save: Option<&Path>,
) -> Result<Collected, Failure> {
    let clouds = choice.clouds()?;
    let titles: Vec<String> = clouds.iter().map(CloudConfig::title).collect();
    let saving = Saving::new(save, &titles)?;
    let documents = collect_all(&clouds, choice, at)?;
    let named = clouds.iter().zip(documents);
    saving.save(named.map(|(cloud, document)| (cloud.title(), Origin::cloud(cloud), document)))
}
