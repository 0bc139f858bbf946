//! The parameters of the common grammar for a version of the syntax or an interpretation of it.
//!
//! [`Dialect::text`] is a version as defined by its text; [`Dialect::official`] is the official parser's interpretation of that
//! version. Individual points can be changed with the `with_…` methods, for tools that need to be laxer than the text and
//! stricter than the official suite.

use scs_standards::Profile;

use crate::cpu_arch::{CpuVendor, newest_generation};
use crate::gpu::NvidiaGeneration;
use crate::hypervisor::Hypervisor;
use crate::syntax::Syntax;

/// The accepted number formats (C-013).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Numbers {
    /// Only as printed: no leading zeros, no `4.0`.
    Canonical,
    /// Also with leading zeros, `4.`, `.5`, `4.50` and `x10`.
    Lenient,
}

/// The accepted order of the parts of a GPU (C-007).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GpuNesting {
    /// v3: units only after a generation, `h` and VRAM only after units, at most `hh` for units and `h` for VRAM.
    Nested,
    /// v1 and v2: units with or without a generation, `h` only after units, no VRAM.
    UnitsOnly,
    /// The official parser: every part is optional, up to `hh` each.
    Flat,
}

/// The accepted GPU generations (C-012).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GpuGenerations {
    /// The nVidia letters listed in the text, and every number that matches the text's formulas for AMD and Intel.
    Formula,
    /// The closed table of the official parser.
    Table,
}

/// A version of the syntax in one interpretation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The version, which determines the separators and the meaning of GPU generations.
    pub(crate) syntax: Syntax,
    /// The version whose tables of hypervisors apply.
    pub(crate) hypervisors: Syntax,
    /// The version whose tables of CPU generations and nVidia letters apply.
    pub(crate) tables: Syntax,
    pub(crate) numbers: Numbers,
    pub(crate) sizeless_multidisk: bool,
    pub(crate) gpu_nesting: GpuNesting,
    pub(crate) gpu_generations: GpuGenerations,
    pub(crate) risc_v_generation_zero: bool,
}

impl Dialect {
    /// A version as defined by its text.
    #[must_use]
    pub const fn text(syntax: Syntax) -> Self {
        Self {
            syntax,
            hypervisors: syntax,
            tables: syntax,
            numbers: Numbers::Canonical,
            // C-004: v1 and v2 list `3x` and `3xs` as examples; in v3 the number precedes a size.
            sizeless_multidisk: !matches!(syntax, Syntax::V3),
            gpu_nesting: match syntax {
                Syntax::V3 => GpuNesting::Nested,
                _ => GpuNesting::UnitsOnly,
            },
            gpu_generations: GpuGenerations::Formula,
            // C-011: the text defines no values for RISC-V.
            risc_v_generation_zero: false,
        }
    }

    /// A version as accepted by the official parser: one table for all versions, GPU parts in any nesting.
    #[must_use]
    pub const fn official(syntax: Syntax) -> Self {
        Self {
            syntax,
            // Only the official parser of v1 does not know `chy`.
            hypervisors: match syntax {
                Syntax::V1 => Syntax::V1,
                _ => Syntax::V3,
            },
            tables: Syntax::V3,
            numbers: Numbers::Lenient,
            sizeless_multidisk: true,
            gpu_nesting: GpuNesting::Flat,
            gpu_generations: GpuGenerations::Table,
            risc_v_generation_zero: true,
        }
    }

    /// A version as interpreted by a profile.
    #[must_use]
    pub const fn of(syntax: Syntax, profile: Profile) -> Self {
        match profile {
            Profile::Text => Self::text(syntax),
            Profile::Official => Self::official(syntax),
        }
    }

    /// Changes the accepted number formats (C-013).
    #[must_use]
    pub const fn with_numbers(self, numbers: Numbers) -> Self {
        Self { numbers, ..self }
    }

    /// Accepts or rejects numbers of disks without a size, such as `3xs` (C-004).
    #[must_use]
    pub const fn with_sizeless_multidisk(self, allowed: bool) -> Self {
        Self { sizeless_multidisk: allowed, ..self }
    }

    /// Changes the accepted nesting of GPU parts (C-007).
    #[must_use]
    pub const fn with_gpu_nesting(self, gpu_nesting: GpuNesting) -> Self {
        Self { gpu_nesting, ..self }
    }

    /// Changes the accepted GPU generations (C-012).
    #[must_use]
    pub const fn with_gpu_generations(self, gpu_generations: GpuGenerations) -> Self {
        Self { gpu_generations, ..self }
    }

    /// The version.
    #[must_use]
    pub const fn syntax(self) -> Syntax {
        self.syntax
    }

    /// The separator between CPU, memory and disk, and between the numbers of a GPU.
    #[inline]
    pub(crate) const fn core_separator(self) -> u8 {
        if matches!(self.syntax, Syntax::V1) { b':' } else { b'-' }
    }

    /// The separator before each extension.
    #[inline]
    pub(crate) const fn extension_separator(self) -> u8 {
        if matches!(self.syntax, Syntax::V1) { b'-' } else { b'_' }
    }

    pub(crate) const fn lists_hypervisor(self, hypervisor: Hypervisor) -> bool {
        hypervisor.since() as u8 <= self.hypervisors as u8
    }

    pub(crate) const fn lists_nvidia(self, generation: NvidiaGeneration) -> bool {
        generation.since() as u8 <= self.tables as u8
    }

    /// The highest CPU generation accepted for a vendor, `None` if none is.
    #[inline]
    pub(crate) const fn newest_cpu_generation(self, vendor: CpuVendor) -> Option<u8> {
        match vendor {
            CpuVendor::RiscV if self.risc_v_generation_zero => Some(0),
            vendor => NEWEST[self.tables as usize][vendor as usize],
        }
    }
}

/// The highest generation by version and vendor, computed from the table of generations.
const NEWEST: [[Option<u8>; CpuVendor::ALL.len()]; Syntax::ALL.len()] = {
    let mut newest = [[None; CpuVendor::ALL.len()]; Syntax::ALL.len()];
    let mut syntax = 0;
    while syntax < Syntax::ALL.len() {
        let mut vendor = 0;
        while vendor < CpuVendor::ALL.len() {
            newest[syntax][vendor] = newest_generation(CpuVendor::ALL[vendor], Syntax::ALL[syntax]);
            vendor += 1;
        }
        syntax += 1;
    }
    newest
};
