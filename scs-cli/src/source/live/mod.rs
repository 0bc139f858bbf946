//! What live clouds and clusters share: waiting, signals, progress, and saving what was collected.

mod asking;
mod choice;
mod probes;
mod progress;
mod running;
mod saving;
mod stop;

pub(crate) use asking::{agreed, say};
pub(crate) use choice::Live;
pub(crate) use probes::{ClusterProbing, Probe};
pub(crate) use running::{Running, run, runtime};
pub(crate) use saving::{Collected, Saving};
pub(crate) use stop::stopped;
