//! GPU requirements of a workload.

use crate::cards::Card;
use crate::gpu::{Gpu, GpuAccess, GpuGeneration, GpuVendor};
use crate::lack::{NeedPart, Report, SILENT};

/// The required GPU; initially any.
///
/// Units and VRAM are lower bounds; vendor and generation must match exactly. A virtual GPU cannot replace a
/// pass-through one, but the reverse is possible.
///
/// ```
/// use scs_flavor_naming::{Card, FlavorName, GpuNeed, GpuVendor, Need};
///
/// let names = ["SCS-8V-32_GNa-14-6", "SCS-16V-64_GNa-108h-80h", "SCS-8T-64_GA3-304-192h"]
///     .iter()
///     .map(|name| name.parse())
///     .collect::<Result<Vec<FlavorName>, _>>()?;
/// let found = |need: Need| need.smallest(&names).iter().map(ToString::to_string).collect::<Vec<_>>();
///
/// let memory = GpuNeed::any().vendor(GpuVendor::Nvidia).vram_gib(40);
/// assert_eq!(found(Need::new().gpu(memory)), ["SCS-16V-64_GNa-108h-80h"]);
/// // Equivalent to a quarter of an A30.
/// let card = Card::find("A30 1/4")[0];
/// assert_eq!(found(Need::new().gpu(card)), ["SCS-8V-32_GNa-14-6"]);
/// # Ok::<(), scs_flavor_naming::ParseNameError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "a need does nothing by itself"]
pub struct GpuNeed {
    access: Option<GpuAccess>,
    vendor: Option<GpuVendor>,
    generation: Option<GpuGeneration>,
    units: Option<u32>,
    frequency: u8,
    vram_gib: Option<u32>,
    bandwidth: u8,
}

impl GpuNeed {
    /// Any GPU.
    pub fn any() -> Self {
        Self::default()
    }

    /// Requires pass-through, or at least a virtual GPU.
    pub const fn access(self, access: GpuAccess) -> Self {
        Self { access: Some(access), ..self }
    }

    /// Requires this vendor.
    pub const fn vendor(self, vendor: GpuVendor) -> Self {
        Self { vendor: Some(vendor), ..self }
    }

    /// Requires this generation.
    pub const fn generation(self, generation: GpuGeneration) -> Self {
        Self { generation: Some(generation), vendor: Some(generation.vendor()), ..self }
    }

    /// Requires at least this many SMs, CUs or EUs. Units of different vendors are not comparable, so also require a vendor.
    pub const fn units(self, units: u32) -> Self {
        Self { units: Some(units), ..self }
    }

    /// Requires at least this many GiB of video memory.
    pub const fn vram_gib(self, vram_gib: u32) -> Self {
        Self { vram_gib: Some(vram_gib), ..self }
    }

    pub(crate) fn check(&self, offered: Option<Gpu>, lack: &mut Report<'_>) {
        let Some(gpu) = offered else {
            return lack(NeedPart::Gpu, format_args!("a GPU"), format_args!("has none"));
        };
        if self.access.is_some_and(|access| gpu.access() < access) {
            lack(NeedPart::Gpu, format_args!("pass-through"), format_args!("has a virtual one"));
        }
        if let Some(needed) = self.vendor.filter(|needed| gpu.vendor() != *needed) {
            lack(
                NeedPart::Gpu,
                format_args!("{}", needed.words()),
                format_args!("has {}", gpu.vendor().words()),
            );
            // Generations and units of another vendor are irrelevant.
            return;
        }
        if let Some(needed) = self.generation.filter(|needed| gpu.generation() != Some(*needed)) {
            match gpu.generation() {
                Some(other) => {
                    lack(
                        NeedPart::Gpu,
                        format_args!("{}", needed.name()),
                        format_args!("has {}", other.name()),
                    );
                }
                None => lack(NeedPart::Gpu, format_args!("{}", needed.name()), SILENT),
            }
        }
        self.check_figures(gpu, lack);
    }

    fn check_figures(&self, gpu: Gpu, lack: &mut Report<'_>) {
        if let Some(needed) = self.units {
            match gpu.units() {
                Some(units) if units.get() >= needed => {}
                Some(units) => {
                    lack(NeedPart::GpuUnits, format_args!("at least {needed}"), format_args!("has {units}"));
                }
                None => lack(NeedPart::GpuUnits, format_args!("at least {needed}"), SILENT),
            }
        }
        if gpu.frequency() < self.frequency {
            lack(NeedPart::GpuUnits, format_args!("units of high frequency (h)"), SILENT);
        }
        if let Some(needed) = self.vram_gib {
            match gpu.vram_gib() {
                Some(gib) if gib.get() >= needed => {}
                Some(gib) => {
                    lack(
                        NeedPart::GpuVram,
                        format_args!("at least {needed} GiB"),
                        format_args!("has {gib} GiB"),
                    );
                }
                None => lack(NeedPart::GpuVram, format_args!("at least {needed} GiB"), SILENT),
            }
        }
        if gpu.bandwidth() < self.bandwidth {
            lack(NeedPart::GpuVram, format_args!("high bandwidth (h)"), SILENT);
        }
    }
}

/// Requires an equivalent or better GPU.
impl From<Gpu> for GpuNeed {
    fn from(gpu: Gpu) -> Self {
        Self {
            access: Some(gpu.access()),
            vendor: Some(gpu.vendor()),
            generation: gpu.generation(),
            units: gpu.units().map(std::num::NonZeroU32::get),
            frequency: gpu.frequency(),
            vram_gib: gpu.vram_gib().map(std::num::NonZeroU32::get),
            bandwidth: gpu.bandwidth(),
        }
    }
}

/// Requires an equivalent or better GPU.
impl From<Card> for GpuNeed {
    fn from(card: Card) -> Self {
        card.gpu().into()
    }
}
