//! Live clouds: selection, collecting and repairs.

mod choice;
mod collecting;
mod inventories;
mod live;
mod repairing;

pub(crate) use choice::{CloudChoice, one_cloud, one_region};
pub(crate) use collecting::{collect_all, interrupted, unopened};
pub(crate) use inventories::inventories;
pub(crate) use live::{Kind, LiveCloud};
pub(crate) use repairing::{LiveRepair, Wanted};
