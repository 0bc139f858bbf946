//! The typed name.

use std::num::NonZeroU32;

use thiserror::Error;

use crate::cpu::{Cpu, CpuType};
use crate::cpu_arch::CpuArch;
use crate::disk::{Disk, DiskType};
use crate::gpu::Gpu;
use crate::hypervisor::Hypervisor;
use crate::ram::{Ram, RamSize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlavorName {
    pub(crate) cpu: Cpu,
    pub(crate) ram: Ram,
    pub(crate) disk: Option<Disk>,
    pub(crate) hypervisor: Option<Hypervisor>,
    pub(crate) hardware_virtualization: bool,
    pub(crate) cpu_arch: Option<CpuArch>,
    pub(crate) gpu: Option<Gpu>,
    pub(crate) infiniband: bool,
}

impl FlavorName {
    #[inline]
    pub(crate) const fn plain(cpu: Cpu, ram: Ram, disk: Option<Disk>) -> Self {
        Self {
            cpu,
            ram,
            disk,
            hypervisor: None,
            hardware_virtualization: false,
            cpu_arch: None,
            gpu: None,
            infiniband: false,
        }
    }
}
