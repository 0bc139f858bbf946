//! Live clouds: selection, collecting and repairs.

mod choice;
mod collecting;
mod inventories;
mod live;
mod progress;
mod repairing;
mod stop;

pub(crate) use choice::CloudChoice;
pub(crate) use collecting::{collect_all, interrupted, runtime, unopened};
pub(crate) use inventories::{Collected, inventories};
pub(crate) use live::{Kind, LiveCloud};
pub(crate) use repairing::{LiveRepair, Wanted};
pub(crate) use stop::stopped;
